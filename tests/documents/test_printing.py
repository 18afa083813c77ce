"""PDFs: what is given is what is printed, rare characters included; standards kept; templates confined."""

import datetime as dt
import io
import os
import re

import pikepdf
import pypdfium2
import pytest

from bole.documents import actions, pdf, qr
from bole.documents.glyphs import Coverage
from bole.documents.terms import PrintFailed
from tests.documents import samples

STAMP = dt.datetime(2026, 11, 21, 8, 30, tzinfo=dt.UTC)
FORM = """#import "@bole/sheet:1.0.0": *
#show: sheet.with(title: "高层次人才信息采集表", number: data.number, watermark: data.at("watermark", default: none))
#part("基本信息")
#pairs(data.basic, photo: "photo")
#part("工作经历")
#records(("起始年月", "工作单位"), data.work)
#part("个人总结")
#prose("主要业绩及贡献", data.long)
#prose("备注", data.long, beside: true)
#part("审核意见")
#opinion("单位意见", text: data.opinion, unit: "第一中学", name: "顾言书", day: "2018年10月9日")
#if has("qr") { qr("qr", caption: "扫码核验") }
#photo("none")
"""


@pytest.fixture
def form(catalogue):
    path = catalogue / "nx" / "print" / "form.typ"
    path.write_text(FORM, encoding="utf-8")
    return path


def given(**more):
    data = {
        "number": "CJ2018000123",
        "basic": [["姓名", "林思远"], ["性别", "男"]],
        "work": [],
        "long": "",
        "opinion": "",
    }
    return data | more


def printed(content: bytes) -> str:
    """All text of the PDF without blanks and line ends."""
    document = pypdfium2.PdfDocument(content)
    try:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return re.sub(r"[\s\ufffe\x02]+", "", text)


def render(template, data, **more) -> bytes:
    return actions.render_pdf(template, data, stamp=STAMP, strict=True, **more)


NAMES = ["林思远", "买买提·吐尔逊", "𠮷野", "㐂", "䶮", "龦", "𫞩𬶍𬺈", "𬺵", "Müller", "〇①②", "﨑"]


def test_what_is_given_is_what_is_printed(form):
    work = [["2001-09", f"单位{name}"] for name in NAMES] + [
        ["2002-01", None],
        ["2003-01", "甲\n乙"],
        ["", ["丙", "丁"]],
    ]
    long = "".join(f"第{n}项成果。" for n in range(900))
    content = render(form, given(work=work, long=long, opinion="同意推荐。", basic=[["姓名", n] for n in NAMES]))
    text = printed(content)
    for name in NAMES:
        assert text.count(name) >= 2, name
    running = re.sub(r"第\d+页共\d+页|高层次人才信息采集表编号：CJ2018000123|主要业绩及贡献", "", text)
    assert [n for n in range(900) if running.count(f"第{n}项成果。") != 2] == []
    assert "甲乙" in text
    assert "丙、丁" in text
    assert "编号：CJ2018000123" in text
    pages = len(pypdfium2.PdfDocument(content))
    assert pages > 3
    assert all(f"第{n}页共{pages}页" in text for n in range(1, pages + 1))
    assert all(
        mark in text for mark in ("一、基本信息", "四、审核意见", "负责人（签字）：顾言书（盖章）", "2018年10月9日")
    )


def test_long_tables_repeat_their_header(form):
    content = render(form, given(work=[["2001-09", f"单位{n}"] for n in range(120)]))
    text = printed(content)
    assert [f"单位{n}" in text for n in range(120)] == [True] * 120
    assert text.count("序号起始年月工作单位") > 2


def test_an_opinion_keeps_its_signature_on_its_page(form):
    for rows in range(18, 34):
        content = render(form, given(opinion="同意推荐。", work=[["2001-09", "单位"]] * rows))
        document = pypdfium2.PdfDocument(content)
        pages = [page.get_textpage().get_text_range() for page in document]
        assert [("同意推荐。" in page) for page in pages] == [("负责人（签字）" in page) for page in pages]


def test_a_long_word_is_broken_not_cut(form):
    address = "https://example.cn/" + "abcdefghij" * 20
    content = render(form, given(basic=[["网址", address], ["乙", "x"]]))
    assert address in printed(content)
    document = pypdfium2.PdfDocument(content)
    page = document[0].get_textpage()
    rights = [page.get_charbox(n)[2] for n in range(page.count_chars())]
    assert max(rights) < 595 - 55


def test_a_character_in_no_font_is_printed_as_its_code(form, caplog):
    text = printed(render(form, given(basic=[["姓名", "甲😀乙\ue000丙ۇ丁"], ["备注", "a\x01b\u202ec\x7fd"]])))
    assert "甲U+1F600乙U+E000丙U+06C7丁" in text
    assert "abcd" in text
    assert caplog.records == []


def test_every_han_character_of_gb_18030_is_in_the_fonts():
    folder = pdf._HERE / "fonts"
    coverage = Coverage(folder.glob("*.ttf"))
    blocks = [(0x3400, 0x4DB5), (0x4E00, 0x9FFF), (0x20000, 0x2A6D6), (0x2A700, 0x2B734), (0x2B740, 0x2B81D)]
    blocks += [(0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0), (0x2F00, 0x2FD5)]
    missing = [hex(code) for low, high in blocks for code in range(low, high + 1) if chr(code) not in coverage]
    assert missing == []
    assert [c for c in "😀\ue000ۇ\U00030000" if c in coverage] == []
    assert sum(path.stat().st_size for path in folder.iterdir()) < 70_000_000


def test_standards_are_kept_and_fonts_embedded(form):
    files = {"photo": samples.image("JPEG"), "qr": qr.svg("https://example.cn/v/1").encode()}
    content = render(form, given(watermark="样表"), files=files)
    with pikepdf.open(io.BytesIO(content)) as document:
        with document.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("2", "A", "1")
            assert meta["dc:title"] == "高层次人才信息采集表"
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("zh")
        kinds = [thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary)]
        fonts = [thing for thing in kinds if thing.get("/Type") == "/FontDescriptor"]
        assert fonts
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
        pictures = [t for t in document.objects if isinstance(t, pikepdf.Stream) and t.get("/Subtype") == "/Image"]
        assert {(int(p.Width), int(p.Height)) for p in pictures} == {(60, 40)}
    assert content == render(form, given(watermark="样表"), files=files)
    assert content != render(form, given(watermark="样表", number="2"), files=files)


def test_user_text_is_never_markup(form):
    evil = '#read("/etc/passwd") $x$ *bold* @preview/x \\ "); #panic() \n= heading'
    text = printed(render(form, given(basic=[["姓名", evil], ["乙", "x"]], long=evil)))
    assert text.count(re.sub(r"\s+", "", evil)) == 3


@pytest.mark.parametrize(
    "body", ['#read("/etc/passwd")', '#read("../../../../../../etc/passwd")', "#no-such-function()", "#("]
)
def test_wrong_templates_fail_for_their_author(catalogue, body):
    path = catalogue / "nx" / "print" / "bad.typ"
    path.write_text(body)
    with pytest.raises(PrintFailed, match=r"bad\.typ"):
        actions.render_pdf(path, {}, stamp=STAMP)


def test_templates_lie_in_the_catalogue_and_use_no_network(catalogue, tmp_path):
    outside = tmp_path / "outside.typ"
    outside.write_text("x")
    link = catalogue / "link.typ"
    link.symlink_to(outside)
    for path in (outside, link, catalogue / ".." / "outside.typ"):
        with pytest.raises(ValueError, match="configured folder"):
            actions.render_pdf(path, {}, stamp=STAMP)
    far = catalogue / "far.typ"
    far.write_text('#import "@preview/cetz:0.3.0"')
    with pytest.raises(PrintFailed, match="network"):
        actions.render_pdf(far, {}, stamp=STAMP)


def test_a_template_that_cannot_keep_the_standard_still_prints(catalogue, caplog):
    path = catalogue / "plain.typ"
    path.write_text('#set text(font: "Noto Serif SC")\n= 标题\n=== 跳级')
    with pytest.raises(PrintFailed, match="PDF/UA-1"):
        actions.render_pdf(path, {}, stamp=STAMP, strict=True)
    assert "跳级" in printed(actions.render_pdf(path, {}, stamp=STAMP))
    assert "PDF made without PDF/A" in caplog.text


def test_an_unknown_font_is_an_error_for_the_author(catalogue):
    path = catalogue / "font.typ"
    path.write_text('#set document(title: "x")\n#set text(font: ("Noto Serif SC", "SimSun"))\n甲')
    with pytest.raises(PrintFailed, match="unknown font family: simsun"):
        actions.render_pdf(path, {}, stamp=STAMP, strict=True)


def test_more_fonts_can_be_configured(catalogue, tmp_path, form):
    extra = tmp_path / "fonts"
    extra.mkdir()
    os.link(pdf._HERE / "fonts" / "BoleRareHanA-Regular.ttf", extra / "a.ttf")
    pdf.configure(catalogue, [extra])
    assert "林思远" in printed(render(form, given()))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process")
def test_a_child_forked_after_a_pdf_is_told_and_does_not_hang(form):
    render(form, given())
    child = os.fork()
    if child == 0:
        try:
            render(form, given())
            os._exit(1)
        except RuntimeError as error:
            os._exit(0 if "spawn" in str(error) else 2)
        except BaseException:
            os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert "林思远" in printed(render(form, given()))


def test_qr_code_is_a_scalable_picture():
    made = actions.qr_svg("https://example.cn/v/林")
    assert made.startswith("<svg")
    assert "viewBox" in made
    assert made != actions.qr_svg("https://example.cn/v/林2")


def test_only_known_pictures_are_printed():
    with pytest.raises(ValueError, match="JPEG, PNG or SVG"):
        pdf.picture(b"GIF89a")
