"""Exports: short lists at once, long ones in the background: stopped, lost with the role, fetched, cleared away."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from bole.audit import queries as ledger
from bole.documents.models import StoredFile
from bole.kernel import clock
from bole.review import actions as review
from bole.review.actions import exporting
from bole.review.models import Export
from bole.review.terms import ExportState
from bole.web import tasks
from bole.web.pages import exports
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS
from tests.factories.people import as_self, register
from tests.web.staff.seats import Staff, words_of

pytestmark = pytest.mark.both_databases

EXPORT = "/ningxia/work/export/?tab=waiting"
PAGE = "/ningxia/work/exports/"


@pytest.fixture
def busy(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> Iterator[Staff]:
    """Three cases wait at the county, lists of more than one row are written in the background, row by row."""
    more = [register(f"王{n}", number=number, unit=staff.world.ground.school) for n, number in
            zip("甲乙", SPARE_NUMBERS[1:3], strict=True)]  # fmt: skip
    for person in (staff.world.lin, *more):
        made.approve(made.submitted_case(person, as_self(person)), staff.zhou)
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    monkeypatch.setattr(tasks, "SLICE", 1)
    monkeypatch.setattr(tasks, "WHILE", 0)
    yield staff
    tasks.put_all_down()


def asked(browser: Client) -> Export:
    """The export that this browser asks for."""
    assert browser.post(EXPORT).headers["Location"] == PAGE
    return Export.objects.latest("asked_at")


def fetch(browser: Client, export: Export) -> list[list[object]]:
    file = browser.post(f"{PAGE}{export.pk}/file/")
    assert file.status_code == 200
    return CalamineWorkbook.from_filelike(BytesIO(file.getvalue())).get_sheet_by_index(0).to_python()


def test_a_long_list_is_written_slice_by_slice_told_and_fetched(busy: Staff):
    browser = busy.county
    export = asked(browser)
    assert "等待生成" in words_of(browser.get(PAGE))
    tasks.write_exports()
    page = words_of(browser.get(PAGE))
    assert "正在生成" in page
    assert "1 / 3 件" in page
    for _ in range(2):
        tasks.write_exports()

    assert "可以下载" in words_of(browser.get(PAGE))
    assert "导出完成" in words_of(browser.get("/ningxia/messages/"))
    rows = fetch(browser, export)
    assert rows[0][:3] == ["受理编号", "姓名", "证件号码"]
    assert sorted(str(row[1]) for row in rows[1:]) == ["林致远", "王乙", "王甲"]
    assert {str(row[2])[4:14] for row in rows[1:]} == {"**********"}
    assert ledger.about("list", "work/waiting").get().action == "review.list.exported"
    assert ledger.about("export", str(export.pk)).get().action == "review.export.fetched"


def test_what_comes_and_goes_meanwhile_changes_nothing_but_what_is_gone(busy: Staff):
    browser = busy.county
    export = asked(browser)
    tasks.write_exports()
    late = register("艾学礼", number=SPARE_NUMBERS[3], unit=busy.world.ground.school)
    made.approve(made.submitted_case(late, as_self(late)), busy.zhou)
    for _ in range(3):
        tasks.write_exports()

    assert [str(row[1]) for row in fetch(browser, export)[1:]].count("艾学礼") == 0


def test_a_stopped_one_is_thrown_away(busy: Staff):
    browser = busy.county
    export = asked(browser)
    tasks.write_exports()
    assert "已停止导出" in words_of(browser.post(f"{PAGE}{export.pk}/stop/", follow=True))
    tasks.write_exports()
    tasks.write_exports()

    export.refresh_from_db()
    assert (export.state, export.file) == (ExportState.STOPPED, None)
    assert not StoredFile.objects.filter(purpose="export").exists()
    assert browser.post(f"{PAGE}{export.pk}/file/").status_code == 403
    assert browser.post(f"{PAGE}{export.pk}/stop/").status_code == 302  # twice is once
    assert ledger.about("export", str(export.pk)).filter(action="review.export.stopped").count() == 1


def test_who_loses_the_role_meanwhile_gets_nothing(busy: Staff):
    export = asked(busy.county)
    tasks.write_exports()
    busy.world.ground.xingqing.appointments.filter(account=busy.world.cast.chen).update(ended_at=clock.now())
    tasks.write_exports()

    export.refresh_from_db()
    assert (export.state, export.file) == (ExportState.FAILED, None)
    assert "没有权限" in export.say


def test_a_writer_that_fell_silent_is_replaced_and_begins_anew(busy: Staff):
    export = asked(busy.county)
    tasks.write_exports()
    tasks.put_all_down()  # the process ended
    tasks.write_exports()
    export.refresh_from_db()
    assert export.done == 1  # nobody touches it while its writer may be alive
    Export.objects.update(touched_at=clock.now() - 2 * exporting.SILENT)
    for _ in range(3):
        tasks.write_exports()

    export.refresh_from_db()
    assert (export.state, export.done) == (ExportState.READY, 3)


def test_a_failure_is_told_and_stops_no_other(busy: Staff, monkeypatch: pytest.MonkeyPatch):
    broken, good = asked(busy.county), asked(busy.county)
    Export.objects.filter(pk=broken.pk).update(list="nothing-of-the-kind")
    with pytest.raises(KeyError):
        tasks.write_exports()
    for _ in range(3):
        tasks.write_exports()

    broken.refresh_from_db()
    good.refresh_from_db()
    assert (broken.state, good.state) == (ExportState.FAILED, ExportState.READY)
    assert "系统出了问题" in broken.say


def test_exports_are_bounded_in_rows_and_number(busy: Staff, monkeypatch: pytest.MonkeyPatch):
    browser = busy.county
    for _ in range(exporting.MOST_AT_A_TIME):
        asked(browser)
    assert browser.post(EXPORT).status_code == 429
    Export.objects.all().delete()
    monkeypatch.setattr(exporting, "MOST_EXPORTED", 2)

    page = browser.post(EXPORT)
    assert page.status_code == 422
    assert "一次最多导出2件" in words_of(page)
    assert not Export.objects.exists()


def test_an_export_is_its_owners_alone(busy: Staff):
    export = asked(busy.county)
    for _ in range(3):
        tasks.write_exports()
    assert busy.hospital.post(f"{PAGE}{export.pk}/file/").status_code == 404
    assert busy.hospital.post(f"{PAGE}{export.pk}/stop/").status_code == 404
    assert "没有导入和导出" in words_of(busy.hospital.get(PAGE))


def test_files_go_after_some_days(busy: Staff):
    export = asked(busy.county)
    for _ in range(3):
        tasks.write_exports()
    assert review.clear_exports() == 0
    Export.objects.update(ended_at=clock.now() - timedelta(days=exporting.KEPT_DAYS, hours=1))

    assert review.clear_exports() == 1
    assert not Export.objects.filter(pk=export.pk).exists()
    assert not StoredFile.objects.filter(purpose="export").exists()
