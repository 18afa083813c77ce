"""Long workbooks of units and operators: asked for on the page, taken by the worker, followed on a page of its own."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from psycopg.errors import LockNotAvailable

from bole.audit import queries as ledger
from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.intake import REASON
from bole.documents.models import StoredFile
from bole.documents.terms import Column
from bole.kernel import clock
from bole.notices.models import Message
from bole.organizations import actions as organizations
from bole.organizations.models import Appointment, Unit, UnitAccount
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review.actions import exporting
from bole.review.models import Export, ImportSlice
from bole.review.terms import ExportState
from bole.web import tasks
from bole.web.pages.staff import importing
from tests.factories.administration import Managers, make_managers
from tests.factories.browsers import at_unit
from tests.factories.organizations import SETUP, give_role, resident_number
from tests.web.staff.seats import words_of

pytestmark = pytest.mark.both_databases

UNITS = "/ningxia/organizations/import/"
PAGE = "/ningxia/work/exports/"
HEADER = ("单位名称", "所属行政区划", "主要工作职责", "管理员姓名", "身份证号", "电话号码")
NAMES = ("甲小学", "乙小学", "丙小学", "丁小学", "戊小学")
ELSEWHERE = "640202"  # on nobody's ground here


@pytest.fixture
def managers(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Managers]:
    """Workbooks of more than one row are long, two rows are a slice, one slice is a turn."""
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    monkeypatch.setattr(tasks, "ROWS", 2)
    monkeypatch.setattr(tasks, "WHILE", 0)
    yield make_managers()
    tasks.put_all_down()


def book(*rows: list[str], header: tuple[str, ...] = HEADER, name: str = "学校.xlsx") -> BytesIO:
    file = BytesIO(documents.write_sheet([Column(each) for each in header], rows))
    file.name = name
    return file


def row(name: str, serial: int, region: str = "") -> list[str]:
    return [name, region, "义务教育", f"管理{serial}", resident_number(serial), f"137000000{serial}"]


def schools(*wrong: str) -> BytesIO:
    return book(*(row(name, 20 + at, ELSEWHERE if name in wrong else "") for at, name in enumerate(NAMES)))


def asked(browser: Client, file: BytesIO, address: str = UNITS) -> Export:
    answer = browser.post(address, {"file": file})
    assert answer.headers.get("Location") == PAGE, words_of(answer)
    return Export.objects.latest("asked_at")


def there() -> list[str]:
    return sorted(Unit.objects.filter(name__in=NAMES).values_list("name", flat=True), key=NAMES.index)


def turns(count: int) -> None:
    for _ in range(count):
        tasks.take_imports()


def failures(browser: Client, export: Export) -> dict[str, str]:
    file = browser.post(f"{PAGE}{export.pk}/file/")
    assert file.status_code == 200
    rows = sheets.read_rows(file.getvalue(), header=["单位名称", REASON])
    return {each.values["单位名称"]: each.values[REASON] for each in rows}


def test_a_long_workbook_is_taken_slice_by_slice_and_what_was_not_comes_back(managers: Managers):
    browser = managers.county
    export = asked(browser, schools("乙小学", "戊小学"))
    assert there() == []
    page = words_of(browser.get(PAGE))
    assert "正在后台导入。可以离开这一页" in page
    assert "导入单位：学校.xlsx" in page
    assert "等待导入" in page
    turns(1)
    page = words_of(browser.get(PAGE))
    assert there() == ["甲小学"]
    assert "正在导入" in page
    assert "2 / 5 行" in page
    turns(2)

    page = words_of(browser.get(PAGE))
    assert there() == ["甲小学", "丙小学", "丁小学"]
    assert "导入完成" in page
    assert "新增 3 行，更新 0 行，没有变化 0 行，没有导入 2 行。" in page
    told = failures(browser, export)
    assert list(told) == ["乙小学", "戊小学"]
    assert all("所属地区应在上级单位所属地区范围内" in said for said in told.values())
    assert "导入完成" in words_of(browser.get("/ningxia/messages/"))
    unit = managers.ground.xingqing
    done = ledger.about("unit", str(unit.pk)).get(action="organizations.subordinates.imported")
    assert done.detail == {"created": 3, "updated": 0, "unchanged": 0, "failed": 2}
    assert {each.action for each in ledger.about("export", str(export.pk))} == {
        "review.import.asked", "review.export.fetched",
    }  # fmt: skip


def test_nothing_of_the_workbook_is_kept_once_it_is_taken(managers: Managers):
    export = asked(managers.county, schools())
    assert StoredFile.objects.filter(purpose="import").count() == 1
    turns(3)

    export.refresh_from_db()
    assert (export.state, export.source, export.file) == (ExportState.READY, None, None)
    assert "全部行都已处理，没有需要下载的文件" in words_of(managers.county.get(PAGE))
    assert managers.county.post(f"{PAGE}{export.pk}/file/").status_code == 403
    assert not StoredFile.objects.filter(purpose__in=["import", "export"]).exists()
    assert not ImportSlice.objects.exists()


def test_the_name_of_the_file_stands_on_the_page_alone(managers: Managers):
    """It may be that of a person; messages hold no identity number, and the column is not sealed."""
    number, file = resident_number(40), schools()
    file.name = f"张三 {number}.xlsx"
    export = asked(managers.county, file)
    turns(3)

    export.refresh_from_db()
    assert export.name == "导入单位"
    told = Message.objects.filter(account=managers.keeper, kind="export")
    assert [(each.title, number in each.body) for each in told] == [("「导入单位」导入完成", False)]
    assert f"导入单位：张三 {number}.xlsx" in words_of(managers.county.get(PAGE))


def test_a_short_workbook_is_taken_at_once(managers: Managers):
    page = words_of(managers.county.post(UNITS, {"file": book(row("甲小学", 20))}))
    assert "新增 1 行" in page
    assert there() == ["甲小学"]
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (lambda: book(["甲"], ["乙"], header=("学校",)), "表格缺少"),
        (lambda: BytesIO(b"nonsense"), "请上传Excel文件"),
    ],
)
def test_what_is_wrong_with_the_whole_workbook_is_told_at_once(
    managers: Managers, file: Callable[[], BytesIO], told: str
):
    upload = file()
    upload.name = "学校.xlsx"
    answer = managers.county.post(UNITS, {"file": upload})
    assert answer.status_code == 422
    assert told in words_of(answer)
    assert not Export.objects.exists()


def test_stopped_between_two_slices_what_was_taken_stays_and_the_rest_comes_next_time(managers: Managers):
    browser = managers.county
    export = asked(browser, schools("甲小学"))
    turns(1)
    answer = words_of(browser.post(f"{PAGE}{export.pk}/stop/", follow=True))
    assert "已停止「导入单位」。新增 1 行，更新 0 行，没有变化 0 行，没有导入 1 行。还有 3 行没有处理" in answer
    turns(2)

    export.refresh_from_db()
    assert (export.state, export.source, there()) == (ExportState.STOPPED, None, ["乙小学"])
    assert not StoredFile.objects.filter(purpose="import").exists()
    stopped = ledger.about("export", str(export.pk)).get(action="review.export.stopped")
    assert stopped.detail == {"created": 1, "updated": 0, "unchanged": 0, "failed": 1}
    again = asked(browser, schools())
    turns(3)
    again.refresh_from_db()
    assert there() == list(NAMES)
    assert again.say.startswith("新增 4 行，更新 0 行，没有变化 1 行，没有导入 0 行。")


def test_stopped_before_the_first_row_nothing_is_taken(managers: Managers):
    export = asked(managers.county, schools())
    assert "一行也没有导入，用同一文件再导入一次即可" in words_of(
        managers.county.post(f"{PAGE}{export.pk}/stop/", follow=True)
    )
    turns(1)
    assert there() == []


def test_after_a_process_that_ended_another_goes_on_and_takes_no_row_twice(managers: Managers):
    export = asked(managers.county, schools("乙小学"))
    turns(1)
    tasks.put_all_down()  # the process ended
    turns(1)
    assert there() == ["甲小学"], "nobody touches it while its worker may be alive"
    Export.objects.update(touched_at=clock.now() - 2 * exporting.SILENT)
    turns(3)

    export.refresh_from_db()
    assert (export.state, export.done) == (ExportState.READY, 5)
    assert export.say.startswith("新增 4 行，更新 0 行，没有变化 0 行，没有导入 1 行。")
    assert UnitAccount.objects.count() == len(there()) == 4
    assert list(failures(managers.county, export)) == ["乙小学"]


def test_killed_amid_a_slice_the_slice_is_undone_and_taken_again(managers: Managers):
    export = asked(managers.county, schools())
    turns(1)
    with patch.object(ImportSlice.objects, "create", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        turns(1)  # its rows are in, its count is not
    tasks.put_all_down()
    export.refresh_from_db()
    assert (export.done, there()) == (2, ["甲小学", "乙小学"])
    Export.objects.update(touched_at=clock.now() - 2 * exporting.SILENT)
    turns(2)

    export.refresh_from_db()
    assert export.say.startswith("新增 5 行，更新 0 行，没有变化 0 行，没有导入 0 行。")
    assert UnitAccount.objects.count() == 5


def test_of_two_that_hold_the_same_import_one_takes_each_row(managers: Managers):
    """The first was silent only, and wakes."""
    export = asked(managers.county, schools())
    turns(1)
    sleeper = tasks._taking.pop()
    Export.objects.update(touched_at=clock.now() - 2 * exporting.SILENT)
    turns(1)

    assert not sleeper.go_on(0)
    assert there() == list(NAMES[:4])
    turns(1)
    export.refresh_from_db()
    assert export.say.startswith("新增 5 行")


def test_who_loses_the_right_amid_it_takes_no_further_row(managers: Managers):
    export = asked(managers.county, schools())
    turns(1)
    Appointment.objects.filter(account=managers.keeper).update(ended_at=clock.now())
    turns(1)

    export.refresh_from_db()
    assert (export.state, export.source, there()) == (ExportState.FAILED, None, ["甲小学", "乙小学"])
    assert "还有 3 行没有处理，由有权限的人用同一文件再导入一次即可" in export.say
    failed = ledger.about("export", str(export.pk)).get(action="review.import.failed")
    assert failed.detail == {"created": 2, "updated": 0, "unchanged": 0, "failed": 0}


def test_with_the_last_role_what_is_on_its_way_and_what_could_be_fetched_is_gone(managers: Managers):
    done = asked(managers.county, schools("甲小学"))
    turns(3)
    waiting = asked(managers.county, schools())
    role = Appointment.objects.get(account=managers.keeper, unit=managers.ground.xingqing)
    with TestCase.captureOnCommitCallbacks(execute=True):
        organizations.end_appointment(appointment=role.pk, reason="调离", by=SETUP)

    for export in (done, waiting):
        export.refresh_from_db()
        assert (export.source, export.file) == (None, None)
        assert ledger.about("export", str(export.pk)).filter(action="review.export.cancelled").count() == 1
    assert (done.state, waiting.state) == (ExportState.READY, ExportState.FAILED)
    assert waiting.say.endswith("一行也没有导入，由有权限的人用同一文件再导入一次即可。")
    assert not StoredFile.objects.filter(purpose__in=["import", "export"]).exists()
    assert review.cancel_exports(account=managers.keeper.pk, unit=managers.ground.xingqing.pk) == 0


def test_with_another_role_in_the_same_way_nothing_is_cancelled(managers: Managers):
    export = asked(managers.county, schools())
    assert review.cancel_exports(account=managers.keeper.pk, unit=managers.ground.xingqing.pk) == 0
    turns(3)
    export.refresh_from_db()
    assert export.state == ExportState.READY


def test_trouble_is_told_with_what_was_taken(managers: Managers):
    export = asked(managers.county, schools())
    turns(1)
    with patch.object(review, "take_slice", side_effect=ZeroDivisionError), pytest.raises(ZeroDivisionError):
        turns(1)
    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert export.say.startswith("系统出了问题，导入没有完成。新增 2 行")


def test_a_slice_that_gave_way_to_others_is_taken_at_the_next_turn(managers: Managers):
    export = asked(managers.county, schools())
    turns(1)
    gave_way = OperationalError("canceling statement due to lock timeout")
    gave_way.__cause__ = LockNotAvailable()
    with patch.object(ImportSlice.objects, "create", side_effect=gave_way):
        turns(1)
    export.refresh_from_db()
    assert (export.state, export.done, there()) == (ExportState.RUNNING, 2, ["甲小学", "乙小学"])
    turns(2)
    export.refresh_from_db()
    assert export.say.startswith("新增 5 行，更新 0 行，没有变化 0 行，没有导入 0 行。")


def test_only_so_many_at_a_time(managers: Managers):
    for _ in range(exporting.MOST_AT_A_TIME):
        asked(managers.county, schools())
    answer = managers.county.post(UNITS, {"file": schools()})
    assert answer.status_code == 429
    assert "在「导入导出」里停止不需要的" in words_of(answer)


def test_an_import_is_its_owners_alone(managers: Managers):
    export = asked(managers.county, schools("甲小学"))
    turns(3)
    for browser in (managers.school, managers.operator):
        assert browser.post(f"{PAGE}{export.pk}/file/").status_code == 404
        assert browser.post(f"{PAGE}{export.pk}/stop/").status_code == 404
        assert "学校.xlsx" not in words_of(browser.get(PAGE))


def test_what_an_administrator_imports_is_not_opened_by_entering_as_an_operator(managers: Managers):
    """Of operators no second factor may be asked."""
    done = asked(managers.county, schools("甲小学"))
    turns(3)
    going = asked(managers.county, schools())
    give_role(managers.ground.xingqing, Role.REVIEWER, managers.keeper)
    browser = at_unit(managers.keeper, managers.ground.xingqing)
    assert browser.post(f"{PAGE}{done.pk}/file/").status_code == 404
    assert browser.post(f"{PAGE}{going.pk}/stop/").status_code == 404
    assert "学校.xlsx" not in words_of(browser.get(PAGE))
    assert list(failures(managers.county, done)) == ["甲小学"]


def test_one_that_nobody_takes_up_is_given_up_and_forgotten(managers: Managers):
    export = asked(managers.county, schools())
    assert review.clear_exports() == 0
    Export.objects.update(asked_at=clock.now() - timedelta(days=exporting.KEPT_DAYS, hours=1))
    review.clear_exports()

    export.refresh_from_db()
    assert (export.state, export.source) == (ExportState.FAILED, None)
    assert "一行也没有导入" in export.say
    assert not StoredFile.objects.filter(purpose="import").exists()


def test_a_long_import_lets_no_export_wait_and_the_other_way_round(managers: Managers):
    asked(managers.county, schools())
    assert review.take_export() is None
    assert review.take_export(imports=True) is not None


def test_operators_too(managers: Managers):
    rows = [[f"经办{serial}", resident_number(serial), "审核员"] for serial in (30, 31, 32)]
    export = asked(managers.school, book(*rows, header=("姓名", "证件号码", "角色")), "/ningxia/staff/import/")
    turns(2)

    export.refresh_from_db()
    assert export.name == "导入经办"
    assert (export.state, export.done) == (ExportState.READY, 3)
    offered = Appointment.objects.waiting().filter(unit=managers.ground.school, role=Role.REVIEWER.value)
    assert offered.count() == 3


def test_the_list_asks_as_much_for_many_as_for_one(managers: Managers):
    browser = managers.county
    asked(browser, schools("甲小学"))
    turns(3)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        browser.get(PAGE)
    for _ in range(2):
        asked(browser, schools("甲小学"))
        turns(3)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as many:
        assert words_of(browser.get(PAGE)).count("导入完成") >= 3
    assert len(many) == len(one)
