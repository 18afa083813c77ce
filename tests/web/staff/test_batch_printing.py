"""「批量打印」: papers of chosen cases made one by one in the background: told, stopped, fetched as one bundle."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from bole.audit import queries as ledger
from bole.cases.models import Case
from bole.documents import actions as documents
from bole.documents.terms import PrintFailed
from bole.kernel import clock
from bole.review.models import Export
from bole.review.terms import ExportState
from bole.web import tasks
from bole.web.pages.work import printing
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS
from tests.factories.people import as_self, register
from tests.web.staff.seats import Staff, page_of, words_of

PRINT, PAGE = "/ningxia/work/print/", "/ningxia/work/exports/"


@pytest.fixture
def desk(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Staff, list[Case]]]:
    """Three cases wait at the county; a paper is made of its number alone, one at each turn of the worker."""
    persons = [staff.world.lin] + [
        register(f"王{n}", number=number, unit=staff.world.ground.school)
        for n, number in zip("甲乙", SPARE_NUMBERS[1:3], strict=True)
    ]
    found = [made.approve(made.submitted_case(person, as_self(person)), staff.zhou) for person in persons]
    monkeypatch.setattr(tasks, "WHILE", 0)
    monkeypatch.setattr(documents, "render_pdf", _paper)
    yield staff, found
    tasks.put_all_down()


def _paper(template: object, data: dict[str, Any], **more: Any) -> bytes:
    return f"%PDF {data['number']} {data['watermark']}".encode()


def asked(browser: Client, chosen: list[Case]) -> Export:
    typed = {"from": "review/waiting", "shown": "", "case": [f"{case.number}:{case.revision}" for case in chosen]}
    assert browser.post(PRINT, typed).headers["Location"] == PAGE
    return Export.objects.latest("asked_at")


def test_chosen_papers_come_as_one_bundle_with_a_list(desk: tuple[Staff, list[Case]], monkeypatch: pytest.MonkeyPatch):
    staff, cases = desk
    browser = staff.county
    page = words_of(browser.get("/ningxia/work/?tab=waiting"))
    assert "批量打印" in page
    assert "批量审核" in page
    export = asked(browser, cases)
    assert "正在生成 3 件申报的打印件" in words_of(browser.get(PAGE))
    tasks.write_exports()
    assert "1 / 3 件" in words_of(browser.get(PAGE))

    def torn(*given: Any, **more: Any) -> bytes:
        raise PrintFailed("template")

    with monkeypatch.context() as patch:
        patch.setattr(documents, "render_pdf", torn)
        tasks.write_exports()
    tasks.write_exports()

    answer = browser.post(f"{PAGE}{export.pk}/file/")
    assert answer.headers["Content-Type"] == "application/zip"
    assert ".zip" in answer.headers["Content-Disposition"]
    bundle = zipfile.ZipFile(BytesIO(answer.getvalue()))
    first, torn_one, last = cases
    names = [f"{case.number}-{case.person.name}.pdf" for case in (first, last) if case.person]
    assert bundle.namelist() == [*names, "清单.xlsx"]
    assert bundle.read(names[0]).decode() == f"%PDF {first.number} 未审核"
    rows = CalamineWorkbook.from_filelike(BytesIO(bundle.read("清单.xlsx"))).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [case.number for case in cases]
    assert rows[2][3:] == ["", "打印模板有误，没有生成。请联系系统管理员。"]
    assert [ledger.about("case", case.number).filter(action="cases.case.printed").count() for case in cases] == [
        1,
        1,
        1,
    ]
    assert ledger.about("list", "papers").get().detail["rows"] == 3
    assert torn_one.person is not None


def test_a_bundle_is_stopped_and_thrown_away(desk: tuple[Staff, list[Case]]):
    (_, cases), browser = desk, desk[0].county
    export = asked(browser, cases)
    tasks.write_exports()
    assert "已停止导出" in words_of(browser.post(f"{PAGE}{export.pk}/stop/", follow=True))
    for _ in range(3):
        tasks.write_exports()
    export.refresh_from_db()
    assert (export.state, export.file) == (ExportState.STOPPED, None)


def test_who_loses_the_desk_gets_no_papers(desk: tuple[Staff, list[Case]]):
    (staff, cases), browser = desk, desk[0].county
    export = asked(browser, cases)
    tasks.write_exports()
    staff.world.ground.xingqing.appointments.filter(account=staff.world.cast.chen).update(ended_at=clock.now())
    tasks.write_exports()
    export.refresh_from_db()
    assert (export.state, export.file) == (ExportState.FAILED, None)


def test_only_what_is_seen_is_printed_and_not_too_much(desk: tuple[Staff, list[Case]], monkeypatch: pytest.MonkeyPatch):
    staff, cases = desk
    assert staff.county.post(PRINT, {"from": "review/waiting"}).status_code == 422
    chosen = {"case": [f"{case.number}:{case.revision}" for case in cases]}
    assert staff.hospital.post(PRINT, chosen).status_code == 403  # keeps no desk
    monkeypatch.setattr(printing, "MOST", 2)
    answer = staff.county.post(PRINT, chosen)
    assert answer.status_code == 422
    assert "一次最多打印2份，现在选了3份，请分几次打印。" in words_of(answer)
    assert not Export.objects.exists()


def test_what_was_decided_is_chosen_for_printing_alone(desk: tuple[Staff, list[Case]]):
    staff, cases = desk
    made.approve(cases[0], staff.chen)
    page = page_of(staff.county.get("/ningxia/work/?tab=done"))
    assert "勾选的一起打印" in page
    assert 'type="submit">批量审核' not in page
