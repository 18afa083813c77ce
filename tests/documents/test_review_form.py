"""专业技术资格评审(申报)表: pages as expected, every answer is on it, long ones run over and nothing is cut."""

import os
import re
from collections.abc import Iterator

import pypdfium2
import pytest
from PIL import ImageChops, ImageStat

from bole.definitions import lookups, queries
from tests.documents import review_form as form
from tests.documents.test_printing import printed

pytestmark = pytest.mark.one_database
# Of 255 greys: how far a page may be off in the mean, and how much of it by more than a third. Fonts and engine are
# pinned, so only another drawing library may differ at the edges of strokes.
MEAN, FAR, SHARE = 1.5, 85, 0.004


@pytest.fixture(scope="module", autouse=True)
def _titles() -> Iterator[None]:
    queries.catalogue()  # checked against the catalogue that is bound
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookups, "governed", lambda name: form.Lines())
        yield


@pytest.fixture(scope="module")
def content() -> bytes:
    """The final form with one record in every section."""
    made = form.paper(form.given(form.answers()))
    if "BOLE_DRAW" in os.environ:
        form.draw_expected(made)
    return made


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def stands_in(text: str, answer: str) -> bool:
    """Whether the answer stands there; PDFium reads the number of a row between two lines of a cell beside it."""
    whole = squeezed(answer)
    return whole in text or re.search(r"\d{0,2}".join(map(re.escape, whole)), text) is not None


def running(content: bytes) -> str:
    """The text without what stands on every page, so that a cell that runs over reads on."""
    text = printed(content)
    head = "专业技术资格评审\\(申报\\)表编号：ZCPT2026-1121-00007"
    marks = rf"未审核ZCPT2026-1121-00007|第\d+页共\d+页|校验码7K2M-9QHX-4B8T|深圳市测试医院(?=第\d)|{head}"
    return re.sub(marks, "", text)


def test_every_page_looks_as_expected(content: bytes):
    found, wanted = form.drawn(content), form.expected()
    assert [page.size for page in found] == [page.size for page in wanted]
    for number, (page, other) in enumerate(zip(found, wanted, strict=True), start=1):
        apart = ImageChops.difference(page, other)
        far = sum(apart.histogram()[FAR:]) / (page.width * page.height)
        assert (ImageStat.Stat(apart).mean[0] < MEAN, far < SHARE) == (True, True), f"page {number}"


def test_every_answer_is_on_the_paper(content: bytes):
    text = running(content)
    sections = form.shown(form.answers())
    assert len(sections) == 24  # 选择资格名称 and the 23 sections of the manual
    cells = [cell for each in sections for cell in (*each.pairs, *(cell for row in each.rows for cell in row.cells))]
    answered = [cell for cell in cells if not cell.blank]
    assert len(answered) > 120
    assert [(cell.at, cell.text) for cell in answered if not stands_in(text, cell.text)] == []
    assert [each.heading for each in sections if f"、{squeezed(each.heading)}" not in text] == []


def test_kinds_of_nothing_are_words(content: bytes):
    text = running(content)
    assert "社保卡号(电脑号)不适用（在广州参保）" in text
    assert "现专业技术资格名称无" in text
    assert "工作负面情况说明无" in text
    assert "获现资格以来发明专利情况无" in text  # declared
    assert "国内外进修情况未填写" in text  # optional, left empty: nobody said that there is nothing
    assert "—" not in text


@pytest.mark.parametrize("name", form.RARE)
def test_rare_characters_survive(content: bytes, name: str):
    text = printed(content)
    assert name in text
    assert "〔" not in text


def test_cover_opinions_and_check_code_stand_where_they_belong(content: bytes):
    document = pypdfium2.PdfDocument(content)
    pages = [squeezed(page.get_textpage().get_text_range()) for page in document]
    document.close()
    front, last = pages[0], pages[-1]
    assert "编号：ZCPT2026-1121-00007专业技术资格评审(申报)表普通申报" in front
    for line in (
        "姓名欧阳䶮·𫞩",
        "工作单位深圳市测试医院",
        "专技资格名称",
        "评委会目录05",
        "日常工作部门目录06",
        "核准日期2026年11月21日",
    ):
        assert line in front, line
    assert "第1页" not in front
    assert [f"第{n}页共{len(pages)}页" in page for n, page in enumerate(pages[1:], start=2)] == [True] * (
        len(pages) - 1
    )
    whole = running(content)
    assert re.search("单位推荐意见审核通过。同意推荐。深圳市测试医院负责人（签字）：周敏（公章）2026年11月20日", whole)
    assert re.search(
        "日常工作部门意见受理。材料齐全。深圳市卫生健康委员会负责人（签字）：吴敏（公章）2026年11月21日", whole
    )
    for blank in ("评委会意见", "审批机关意见"):
        assert re.search(f"{blank}负责人（签字）：（公章）年月日", whole), blank
    assert "校验码7K2M-9QHX-4B8T内容摘要0123-4567-89AB-CDEF" in last


def test_long_texts_and_tables_run_over_the_pages_uncut():
    typed = form.answers(rows=2)
    row = typed["work"][0]
    typed["work"] = [{**row, "id": f"w{n}", "employer": f"第{n:02d}家单位"} for n in range(50)]
    long = "".join(f"第{n}项成果。" + ("\n" if n % 40 == 0 else "") for n in range(700))
    typed["evaluation"]["text"] = long
    typed["before"][0]["result"] = long[:600]
    content = form.paper(form.given(typed, watermark="未审核", code="", approved_on=""))
    text = running(content)
    assert [n for n in range(50) if f"第{n:02d}家单位" not in text] == []
    runs = re.sub(r"申报者自我评价", "", text)
    assert [n for n in range(700) if f"第{n}项成果。" not in runs] == []
    assert long[:600].replace("\n", "") in runs  # one cell higher than what is left of the page
    assert text.count("序号起始年月结束年月工作单位") >= 2
    assert text.count("申报者自我评价") >= 3  # heading, head, and the head again on each page
    document = pypdfium2.PdfDocument(content)
    for page in document:
        assert "未审核\r\nZCPT2026-1121-00007" in page.get_textpage().get_text_range()  # the watermark with the number
        layer, (wide, _) = page.get_textpage(), page.get_size()
        boxes = [layer.get_charbox(n) for n in range(layer.count_chars())]
        assert all(40 < left <= right < wide - 40 and bottom > 20 for left, bottom, right, _ in boxes if right > left)
    document.close()
