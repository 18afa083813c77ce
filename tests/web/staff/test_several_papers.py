"""A service with two papers: each is offered by its name, singly and in the bundle of 「批量打印」."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from bole.cases.models import Case
from bole.documents import actions as documents
from bole.documents import queries as drawing
from bole.review.models import Export
from bole.web import tasks
from tests.factories.browsers import as_person
from tests.review.steps import Play, make_play, recommending
from tests.web.staff.seats import Staff, at_unit, page_of, words_of

OUTPUTS = (
    "outputs:\n  - {print: sheet, name: 推荐表, after: county}\n"
    "  - {print: letter, name: 推荐函, after: completed}\nevidence:\n"
)
PRINT, PAGE = "/ningxia/work/print/", "/ningxia/work/exports/"


@pytest.fixture
def two(staff: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Play, Case]]:
    """A case at the county's desk; a paper is made of its title and its watermark alone."""
    monkeypatch.setattr(documents, "render_pdf", _paper)
    monkeypatch.setattr(drawing, "paper_pages", lambda paper: 2)
    folder = tmp_path / "catalogue"
    (folder / "shared/print").mkdir(parents=True)
    for name in ("sheet", "letter"):
        (folder / f"shared/print/{name}.typ").write_text("", encoding="utf-8")
    with recommending(folder, "evidence:\n", OUTPUTS) as service:
        play = make_play(staff.world, service)
        yield play, play.at_county()
    tasks.put_all_down()


def _paper(template: object, data: dict[str, Any], **more: Any) -> bytes:
    return f"%PDF {data['title']} {data['watermark']}".encode()


def test_each_paper_is_offered_by_its_name(two: tuple[Play, Case]):
    play, case = two
    browser, at = as_person(play.world.lin), f"/ningxia/cases/{case.number}/print/"
    standing = page_of(browser.get(f"/ningxia/cases/{case.number}/"))
    for code, name in (("sheet", "推荐表"), ("letter", "推荐函")):
        assert f'href="{at}pages/?paper={code}"' in standing
        assert f"预览{name}" in standing
        answer = browser.get(f"{at}?paper={code}")
        assert answer.content.decode() == f"%PDF {name} 未审核"
        assert f'{case.number}-{code}.pdf"' in answer.headers["Content-Disposition"]
        pages = page_of(browser.get(f"{at}pages/?paper={code}"))
        assert f"<h1>预览{name}</h1>" in pages
        assert f'src="{at}pages/2/?paper={code}"' in pages
        assert f'href="{at}pages/1/?wide&paper={code}"' in pages
    chooser = page_of(browser.get(at))  # from where no name is given
    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", chooser) == ["推荐表", "推荐函"]
    assert f'href="{at}?paper=letter"' in chooser
    assert {browser.get(f"{at}{rest}?paper=nothing").status_code for rest in ("", "pages/", "pages/1/")} == {404}


def test_the_bundle_holds_the_paper_of_the_name_or_all(two: tuple[Play, Case]):
    play, case = two
    browser = at_unit(play.world.cast.chen, play.world.ground.xingqing)
    page = page_of(browser.get("/ningxia/work/?tab=waiting"))
    assert re.findall(r"<option>([^<]+)</option>", page.partition('name="paper"')[2].partition("</select>")[0]) == [
        "推荐表", "推荐函",
    ]  # fmt: skip
    assert case.person is not None
    stem = f"{case.number}-{case.person.name}"
    both = [f"{stem}-推荐表.pdf", f"{stem}-推荐函.pdf"]
    for paper, names, said in (
        ("", both, ["已生成", "已生成"]),
        ("推荐函", both[1:], ["已生成"]),
        ("聘书", [], ["这项业务没有「聘书」"]),
    ):
        typed = {"from": "review/waiting", "paper": paper, "case": f"{case.number}:{case.revision}"}
        assert browser.post(PRINT, typed).headers["Location"] == PAGE
        export = Export.objects.latest("asked_at")
        tasks.write_exports()
        bundle = zipfile.ZipFile(BytesIO(browser.post(f"{PAGE}{export.pk}/file/").getvalue()))
        assert bundle.namelist() == [*names, "清单.xlsx"]
        rows = CalamineWorkbook.from_filelike(BytesIO(bundle.read("清单.xlsx"))).get_sheet_by_index(0).to_python()
        assert [(row[3], row[4]) for row in rows[1:]] == list(zip(names or [""], said, strict=True))
    assert f"批量打印{paper}" in words_of(browser.get(PAGE))
