"""What is kept of an upload, and what is refused with which sentence (AC-07, AC-08, AC-24)."""

import hashlib
import io
import os
import random
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bole.documents import actions, inspection, papers, queries
from bole.documents.models import StoredFile
from bole.documents.terms import IMAGES, UPLOAD_LIMIT, MediaType
from bole.kernel.errors import Invalid
from tests.documents import samples
from tests.documents.conftest import OPERATOR

ACCEPTED = "请上传PDF、JPG、PNG、HEIC格式的文件。"


def store(data: bytes, name: str = "证书.jpg", **more) -> StoredFile:
    return actions.store(data, name=name, purpose="evidence", by=OPERATOR, **more)


def refusal(data: bytes, *, kept_before: int = 0, **more) -> str:
    with pytest.raises(Invalid) as caught:
        store(data, **more)
    assert [fault.at for fault in caught.value.faults] == ["file"]
    assert StoredFile.objects.count() == kept_before
    return caught.value.sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "kind", "size"),
    [
        (samples.image("JPEG"), MediaType.JPEG, (60, 40)),
        (samples.image("JPEG", mode="CMYK"), MediaType.JPEG, (60, 40)),
        (samples.image("JPEG", mode="L"), MediaType.JPEG, (60, 40)),
        (samples.image("PNG"), MediaType.PNG, (60, 40)),
        (samples.image("PNG", mode="RGBA"), MediaType.PNG, (60, 40)),
        (samples.image("PNG", mode="I;16"), MediaType.PNG, (60, 40)),
        (samples.image("PNG", mode="P"), MediaType.PNG, (60, 40)),
        (samples.pdf(3), MediaType.PDF, (None, None)),
    ],
    ids=["jpeg", "cmyk", "grey", "png", "png-alpha", "png-16", "png-palette", "pdf"],
)
def test_accepted_formats_are_kept_and_previewed(kept, data, kind, size):
    file = StoredFile.objects.get(pk=store(data, "任意名称.exe").pk)
    assert (file.media_type, file.width, file.height) == (kind, *size)
    assert file.pages == queries.pages(file) == (3 if kind is MediaType.PDF else 1)
    content = queries.content(file)
    assert hashlib.sha256(data).hexdigest() == file.sha256
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (file.stored_sha256, file.size)
    preview = Image.open(io.BytesIO(queries.preview(file, file.pages, 50)))
    assert (preview.format, preview.width) == ("JPEG", 50)
    with pytest.raises(IndexError):
        queries.preview(file, file.pages + 1)


@pytest.mark.django_db
def test_photograph_is_turned_upright_and_says_nothing_of_its_place(kept):
    data = samples.photograph()
    assert data.count(samples.GPS) == 2
    file = store(data)
    content = queries.content(file)
    assert samples.GPS not in content
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (file.width, file.height) == (40, 80)
        assert not image.getexif()
        red, _, blue = image.convert("RGB").getpixel((20, 10))
        assert blue > 200 > 60 > red


@pytest.mark.django_db
def test_heic_of_a_phone_is_kept_as_jpeg(kept):
    data = (Path(__file__).parent / "photograph.heic").read_bytes()
    assert data.count(samples.GPS) == 1
    file = store(data, "IMG_0001.HEIC")
    content = queries.content(file)
    assert (file.media_type, file.width, file.height) == (MediaType.JPEG, 96, 64)
    assert samples.GPS not in content
    with Image.open(io.BytesIO(content)) as image:
        red, _, blue = image.getpixel((24, 32))
        assert blue > 200 > 60 > red
    assert refusal(data[:400], kept_before=1).startswith("图片不完整或已损坏")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "called"),
    [
        (b"MZ\x90\x00" + bytes(500), "程序"),
        (b"\x7fELF" + bytes(500), "程序"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "SVG图形"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG图形"),
        (b"<!DOCTYPE html><html><script>1</script>", "网页"),
        (samples.archive(a=b"b"), "压缩包"),
        (samples.archive(**{"word/document.xml": b"x"}), "Word文档"),
        (samples.archive(**{"xl/workbook.xml": b"x"}), "Excel表格"),
        (samples.archive(**{"OFD.xml": b"x"}), "OFD文件"),
        (b"Rar!\x1a\x07\x00" + bytes(100), "压缩包"),
        (samples.image("GIF"), "其他格式的图片"),
        (samples.image("TIFF"), "其他格式的图片"),
        (samples.image("WEBP"), "其他格式的图片"),
        (b"<script>alert(1)</script>" + samples.pdf(), "网页"),
    ],
)
def test_other_kinds_are_refused_by_name_whatever_they_are_called(kept, data, called):
    assert refusal(data, name="照片.jpg") == f"您选择的文件是{called}，这里不能使用。{ACCEPTED}"


@pytest.mark.django_db
def test_unknown_and_empty_files_are_refused(kept):
    assert refusal(b"hello world") == f"无法识别这个文件的格式。{ACCEPTED}"
    assert refusal(b"") == "文件是空的。请检查后重新选择。"


@pytest.mark.django_db
def test_files_of_two_kinds_are_refused(kept):
    double = "文件里夹带了其他内容（{}），不能接收。请用看图或办公软件重新导出后上传。"
    page = b"<html><script>alert(1)</script></html>"
    assert refusal(samples.image("PNG") + page) == double.format("网页代码")
    assert refusal(samples.image("JPEG", comment=b"<script >alert(1)</script>")) == double.format("网页代码")
    assert refusal(samples.image("JPEG") + samples.archive(a=b"b")) == double.format("压缩包")
    assert refusal(samples.image("PNG") + b"more") == double.format("图片以外的数据")


@pytest.mark.django_db
def test_size_limits(kept):
    large = samples.image("JPEG") + bytes(UPLOAD_LIMIT)
    assert refusal(large) == "文件大小超过20MB的上限。请压缩或拆分后再上传。"
    with pytest.raises(Invalid, match="20MB"):
        store(io.BytesIO(large))
    say = "图片超过6,000万像素的上限。请缩小尺寸后再上传。"
    assert refusal(samples.giant_png(10_000, 8_000)) == say
    assert refusal(samples.giant_png(60_000, 60_000)) == say


@pytest.mark.django_db
def test_damaged_files_are_refused_with_what_to_do(kept):
    assert refusal(samples.image("JPEG", (300, 300))[:900]).startswith("图片不完整或已损坏")
    assert refusal(b"%PDF-1.7\nnothing").startswith("PDF文件不完整或已损坏")
    assert refusal(samples.pdf(201)) == "PDF文件有201页，超过200页的上限。请拆分后分别上传。"


@pytest.mark.django_db
def test_a_photograph_may_not_be_a_pdf(kept):
    say = "您选择的文件是PDF文件，这里不能使用。请上传JPG、PNG、HEIC格式的图片。"
    assert refusal(samples.pdf(), accept=IMAGES) == say
    assert store(samples.image("PNG"), accept=IMAGES).media_type == MediaType.PNG


@pytest.mark.django_db
def test_pdf_that_asks_for_a_password_is_refused(kept):
    locked = samples.pdf(encryption=pikepdf.Encryption(owner="o", user="u"))
    assert (
        refusal(locked)
        == "PDF文件设有打开密码，审核人员无法查看。请用打开密码打开文件，另存或打印成一份没有密码的PDF后再上传。"
    )
    restricted = samples.pdf(encryption=pikepdf.Encryption(owner="o", user=""))
    assert queries.preview(store(restricted), 1, 60)[:2] == b"\xff\xd8"


@pytest.mark.django_db
def test_active_content_leaves_the_pdf(kept):
    data = samples.active_pdf()
    file = store(data, "证明.pdf")
    content = queries.content(file)
    assert file.sha256 != file.stored_sha256
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert "/AA" not in pdf.Root
        assert not pdf.attachments
        links = [link.get("/A") for link in pdf.pages[0].Annots]
        assert links[0] is None
        assert str(links[1].URI) == "https://example.cn/"
        text = b"".join(thing.unparse() for thing in pdf.objects)
        streams = b"".join(thing.read_bytes() for thing in pdf.objects if isinstance(thing, pikepdf.Stream))
    for evil in (b"JavaScript", b"evil", b"Launch", b"cmd.exe"):
        assert evil in data
        assert evil not in text + streams
    assert papers.inspect(content).content == content


@pytest.mark.django_db
def test_harmless_pdf_is_kept_byte_for_byte_so_that_its_signature_stays_valid(kept):
    data = samples.pdf(2)
    assert queries.content(store(data)) == data
    rewritten = queries.content(store(data + b"<html>tail"))
    assert b"tail" not in rewritten
    assert papers.page_count(rewritten) == 2


@pytest.mark.django_db
@pytest.mark.filterwarnings("default")
def test_a_thousand_damaged_uploads_are_stored_or_refused_and_nothing_else(kept):
    dice = random.Random(20181009)
    whole = [
        samples.image("JPEG"), samples.image("PNG"), samples.photograph(), samples.pdf(), samples.active_pdf(),
        samples.image("PNG", mode="P"),
    ]  # fmt: skip
    outcomes = {"stored": 0, "file": 0}
    for turn in range(1000):
        data = bytearray(whole[turn % len(whole)])
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(data))
            match dice.randrange(4):
                case 0:
                    data[at] = dice.randrange(256)
                case 1:
                    del data[at : at + dice.randrange(1, 40)]
                case 2:
                    data[at:at] = dice.randbytes(dice.randrange(1, 40))
                case _:
                    data[at : at + 4] = b"\xff\xff\xff\xff"
            data = data or bytearray(b"\0")
        try:
            inspection.inspect(bytes(data))
        except Invalid as refused:
            outcomes[refused.faults[0].at] += 1
        else:
            outcomes["stored"] += 1
    assert min(outcomes.values()) > 100


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-1.4\n", b"\0\0\0\x18ftypheic", b"PK\x03\x04"]),
    st.binary(max_size=300),
)
def test_arbitrary_bytes_are_refused(head, rest):
    with pytest.raises(Invalid):
        inspection.inspect(head + rest)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("学位证书.pdf", "学位证书.pdf"),
        ("../../settings.py", "settings.py"),
        ("C:\\用户\\照片.jpg", "照片.jpg"),
        ("\\\\server\\share\\a.pdf", "a.pdf"),
        ("证书\x00.pdf\r\nX-Evil: 1", "证书.pdfX-Evil_ 1"),
        ("cod\u202efdp.exe", "codfdp.exe"),
        ("买买提·吐尔逊𠮷.pdf", "买买提·吐尔逊𠮷.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ('a"; filename="b.html', "a_; filename=_b.html"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        ("..", "未命名"),
        ("", "未命名"),
    ],
)
def test_names_are_for_display_only(typed, shown):
    assert inspection.clean_name(typed) == shown


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_no_name_is_long_or_leads_elsewhere(typed):
    shown = inspection.clean_name(typed)
    assert 1 <= len(shown) <= 120
    assert not set(shown) & set('/\\\0\r\n"<>')
    assert shown not in {".", ".."}


def test_captcha_is_a_small_picture_and_never_the_same_twice():
    first, second = actions.captcha_image("4829"), actions.captcha_image("4829")
    assert first != second
    with Image.open(io.BytesIO(first)) as image:
        assert (image.format, image.size) == ("PNG", (160, 56))


_UNDER_A_LARGE_SERVER = """
from bole.documents import parsing, sandbox
from tests.documents import samples

ballast = bytearray(parsing.GROWN + 50 * 1024 * 1024)
ballast[:: 4096] = b"1" * len(ballast[:: 4096])
child = sandbox._pool._all[-1]
for _ in range(2):
    sandbox.inspect(samples.image("JPEG"), paper=False)
    print(child._process.pid, child._process.poll())
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs the kernel's page about a process")
def test_under_a_large_server_one_child_opens_one_file_after_the_other():
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    answer = subprocess.run(
        [sys.executable, "-c", _UNDER_A_LARGE_SERVER], env=environment, capture_output=True, text=True, check=True
    )
    first, second = answer.stdout.splitlines()
    assert first == second
    assert first.endswith("None")
