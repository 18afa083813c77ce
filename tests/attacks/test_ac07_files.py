"""AC-07, AC-08, AC-24, G13: hostile files do nothing, and what opens them takes nobody else along."""

import io
import json
import os
import struct
import zlib
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bole.cases import queries as cases
from bole.documents import actions as documents
from bole.documents import queries as reading
from bole.documents import sandbox
from bole.documents.models import StoredFile
from bole.kernel.errors import Absent, Invalid
from bole.organizations.terms import Role
from bole.portal import queries as portal
from tests.attacks.conftest import Stage
from tests.factories import cases as made
from tests.factories.browsers import at_unit, text_of
from tests.factories.organizations import SETUP, SITE, give_role


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def forms(*, page: int = 1) -> bytes:
    """Ten thousand million lines by drawings of drawings, on one of two pages; two kilobytes."""
    pdf = pikepdf.new()
    for _ in range(2):
        pdf.add_blank_page()
    inner = pikepdf.Stream(
        pdf, b"0 0 m 1 1 l S", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9]
    )
    for _ in range(10):
        outer = pikepdf.Stream(
            pdf, b"/F Do " * 10, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9]
        )
        outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=pdf.make_indirect(inner)))
        inner = outer
    leaf = pdf.pages[page - 1]
    leaf.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=pdf.make_indirect(inner)))
    leaf.Contents = pikepdf.Stream(pdf, b"/F Do")
    return saved(pdf)


def blanks(size: int) -> bytes:
    """A page whose content unfolds to so many megabytes, packed twice."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b" " * 1048576) for _ in range(size)) + packer.flush()
    page.Contents = pikepdf.Stream(pdf, b"")
    page.Contents.write(zlib.compress(once, 9), filter=pikepdf.Array([pikepdf.Name.FlateDecode] * 2))
    return saved(pdf)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def giant() -> bytes:
    """A picture of 3,600 megapixels in 58 bytes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def active() -> bytes:
    """A paper with a script, a launch, an attached program and a form that sends itself away."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.Root.OpenAction = script
    pdf.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=["x", script]), EmbeddedFiles=pikepdf.Dictionary(Names=["a.exe", script])
    )
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch)
    page.Annots = pikepdf.Array([pdf.make_indirect(note)])
    page.AA = pikepdf.Dictionary(O=script)
    return saved(pdf)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A share of time short enough to test."""
    monkeypatch.setattr(sandbox, "PATIENCE", 1.0)


def keep(data: bytes, name: str = "证书.pdf") -> StoredFile:
    return documents.store(data, name=name, purpose="evidence", by=SETUP)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("bomb", [forms(), blanks(2000)], ids=["time", "memory"])
def test_a_paper_that_takes_too_much_is_refused_and_the_next_is_taken(db: None, bomb: bytes):
    with pytest.raises(Invalid, match="过于复杂"):
        keep(bomb)
    sandbox.PATIENCE = 20.0
    assert keep(made.picture(), "证书.jpg").pages == 1


def test_a_page_that_takes_too_much_is_absent_and_the_others_are_shown(db: None, monkeypatch: pytest.MonkeyPatch):
    file = keep(forms(page=2))
    monkeypatch.setattr(sandbox, "PATIENCE", 1.0)
    with pytest.raises(Absent, match="无法预览"):
        reading.preview(file, page=2)
    monkeypatch.setattr(sandbox, "PATIENCE", 20.0)
    assert reading.preview(file, page=1)[:2] == b"\xff\xd8"


def test_files_are_opened_without_keys_and_secrets(db: None):
    """The process that opens them knows neither the place of the key file nor the database."""
    keep(made.picture(), "证书.jpg")
    process = next(child._process for child in sandbox._pool._all if child._process is not None)
    if not Path(f"/proc/{process.pid}/environ").exists():
        pytest.skip("needs /proc")
    known = Path(f"/proc/{process.pid}/environ").read_bytes().decode()
    assert "BOLE" not in known
    assert "DJANGO" not in known
    assert not any(
        "sqlite" in os.readlink(f"/proc/{process.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{process.pid}/fd")
    )


def test_active_content_is_gone_from_what_is_kept(db: None):
    kept = reading.content(keep(active()))
    for word in (b"JavaScript", b"Launch", b"EmbeddedFiles", b"OpenAction", b"/AA", b"cmd.exe"):
        assert word not in kept


DISGUISED = {
    "script.pdf": b"<html><script>alert(1)</script></html>",
    "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "program.jpg": b"MZ\x90\x00" + b"\0" * 200,
    "archive.pdf": b"PK\x03\x04" + b"\0" * 200,
    "two.png": None,
    "comment.jpg": None,
    "giant.png": giant(),
    "cut.jpg": b"\xff\xd8\xff\xe0" + b"\0" * 20,
    "empty.pdf": b"",
    "pdf.pdf": b"%PDF-1.7\n%%EOF",
}


def test_disguised_files_are_refused_at_their_place_and_nothing_stays(stage: Stage):
    case = made.complete_case(stage.world.lin, stage.lin)
    slot = cases.form_of(case).slots[0]
    address = f"/{SITE}/cases/{case.number}/evidence/{slot.section}/{slot.record or '-'}/add/"
    before = (StoredFile.objects.count(), sorted(Path(settings.BOLE_FILES).rglob("*")))
    browser, found = stage.browser("lin"), {}
    for name, data in DISGUISED.items():
        answer = browser.post(address, {"file": SimpleUploadedFile(name, data or two_in_one(name))})
        found[name] = (answer.status_code, "请" in text_of(answer).partition("<main")[2])
    assert found == dict.fromkeys(DISGUISED, (422, True))
    assert (StoredFile.objects.count(), sorted(Path(settings.BOLE_FILES).rglob("*"))) == before


def two_in_one(name: str) -> bytes:
    """A picture with a page behind it."""
    picture = io.BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG" if name.endswith("png") else "JPEG")
    return picture.getvalue() + b"<html><script>alert(1)</script>"


def test_what_a_picture_carried_beside_its_pixels_stays_behind(db: None):
    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "金丝雀 38.48N 106.23E"
    Image.new("RGB", (9, 9)).save(picture, "JPEG", exif=exif, comment=b"canary")
    kept = reading.content(keep(picture.getvalue(), "a.jpg"))
    assert b"canary" not in kept
    assert "金丝雀".encode() not in kept
    assert b"Exif" not in kept


def test_too_large_a_file_is_refused_before_it_is_read(stage: Stage):
    case = made.complete_case(stage.world.lin, stage.lin)
    slot = cases.form_of(case).slots[0]
    address = f"/{SITE}/cases/{case.number}/evidence/{slot.section}/{slot.record or '-'}/add/"
    large = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n" + b"\0" * (20 * 1024 * 1024 + 1))
    answer = stage.browser("lin").post(address, {"file": large}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "20 MB" in json.loads(answer.content)["error"]


def test_a_file_for_everybody_ends_in_what_it_is(stage: Stage):
    """A paper put up as page.html would run where it is opened."""
    give_role(stage.world.ground.province, Role.EDITOR, stage.city)
    editor = at_unit(stage.city, stage.world.ground.province)
    for name in ("手册.html", "手册.pdf.exe", "手册", "a.h\r\nX: y"):
        editor.post(f"/{SITE}/portal/downloads/", {"title": "手册", "file": SimpleUploadedFile(name, made_paper())})
    found = portal.downloads(SITE)
    assert len(found) == 4
    for row in found:
        answer = editor.get(f"/{SITE}/downloads/{row.pk}/")
        assert answer.headers["Content-Disposition"].lower().endswith(".pdf")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def made_paper() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    return saved(pdf)
