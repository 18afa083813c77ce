"""「业务审核」: what waits, what is done, found and exported; and paging by key."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from bole.audit import queries as ledger
from bole.cases.models import Case
from bole.kernel import clock
from bole.review.models import Task
from bole.web.pages import lists
from bole.web.pages.cases import deadline
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS
from tests.factories.people import as_self, register
from tests.web.staff.seats import Staff, page_of, words_of

WORK = "/ningxia/work/"
LIST_QUERIES = 7


def at_county(staff: Staff, *people: tuple[str, str]) -> list[Case]:
    """Cases of Lin and of these, confirmed by their unit."""
    persons = [staff.world.lin, *(register(name, number=n, unit=staff.world.ground.school) for name, n in people)]
    return [made.approve(made.submitted_case(person, as_self(person)), staff.zhou) for person in persons]


def test_waiting_cases_show_whose_they_are_and_how_long_is_left(staff: Staff):
    at_county(staff)

    words = words_of(staff.county.get(WORK))
    assert "1件待审核" in words
    assert "待审核1已退回0今日办结0总办结0" in words
    assert "林致远6401**********0050" in words
    assert "专业技术人才" in words
    assert "剩 10 天" in words


def test_empty_list_says_so(staff: Staff):
    assert "没有待审核的申报" in words_of(staff.county.get(WORK))


def test_decided_cases_move_to_done(staff: Staff):
    case = at_county(staff)[0]
    made.send_back(case, staff.chen, "work")

    assert "没有待审核的申报" in words_of(staff.county.get(WORK))
    done = words_of(staff.county.get(WORK, {"tab": "done"}))
    assert "林致远" in done
    assert "退回修改" in done


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("name", "lzy", True),
        ("name", "马", False),
        ("number", "640104199001010050", True),
        ("number", "6401041990010100", False),
        ("unit", "第一中学", True),
        ("unit", "人民医院", False),
        ("category", "3", True),
        ("category", "4", False),
        ("gap", "yes", False),
        ("gap", "no", True),
        ("due", "soon", False),
    ],
)
def test_each_filter_narrows(staff: Staff, name: str, text: str, found: bool):
    at_county(staff)
    address = staff.county.post(WORK, {name: text}).headers["Location"]

    page = staff.county.get(address)
    assert ("林致远6401" in words_of(page)) is found
    assert "去掉条件" in page_of(page)


def test_number_stays_out_of_the_address_and_masked_on_the_page(staff: Staff):
    at_county(staff)
    address = staff.county.post(WORK, {"number": "640104199001010050"}).headers["Location"]

    assert "640104199001010050" not in address
    assert "证件号码为 6401**********0050" in words_of(staff.county.get(address))


def test_soonest_deadline_comes_first_and_names_sort_by_pinyin(staff: Staff):
    cases = at_county(staff, ("艾学礼", SPARE_NUMBERS[1]))
    Task.objects.filter(case=cases[1], closed_at=None).update(due_on=clock.today() - timedelta(days=400))

    page = words_of(staff.county.get(WORK))
    assert page.index("艾学礼") < page.index("林致远")
    assert "超期" in page
    assert "1件今天到期或超期" in page
    Task.objects.filter(case=cases[1], closed_at=None).update(due_on=None)
    page = words_of(staff.county.get(WORK))
    assert page.index("林致远") < page.index("艾学礼")
    page = words_of(staff.county.get(WORK, {"sort": "name"}))
    assert page.index("艾学礼") < page.index("林致远")


def test_list_costs_the_same_with_one_and_with_three_rows(staff: Staff):
    at_county(staff)
    browser = staff.county
    browser.get(WORK)
    with CaptureQueriesContext(connection) as one:
        browser.get(WORK)
    for name, number in zip(("马学礼", "王建国"), SPARE_NUMBERS[1:3], strict=True):
        person = register(name, number=number, unit=staff.world.ground.school)
        made.approve(made.submitted_case(person, as_self(person)), staff.zhou)
    with CaptureQueriesContext(connection) as three:
        page = browser.get(WORK)

    assert "待审核 3 件" in words_of(page)
    assert (len(one), len(three)) == (LIST_QUERIES, LIST_QUERIES)


def test_export_is_masked_and_written_down(staff: Staff):
    case = at_county(staff)[0]
    file = staff.county.post(WORK + "export/")

    rows = CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert rows[1][:4] == [case.number, "林致远", "6401**********0050", "兴庆区第一中学"]
    assert ledger.about("list", "work/waiting").get().action == "review.list.exported"


def test_unit_clerks_are_led_to_their_own_page_and_operators_kept_out(staff: Staff):
    assert staff.clerk.get(WORK).headers["Location"] == "/ningxia/unit/"
    assert staff.operator.get(WORK).status_code == 403
    assert staff.operator.post(WORK + "export/").status_code == 403


def test_paging_by_key_walks_there_and_back_without_losing_or_repeating_a_row(staff: Staff):
    people = [(f"王{sign}", number) for sign, number in zip("甲乙丙", SPARE_NUMBERS[1:], strict=True)]
    at_county(staff, *people)
    sort = lists.Sort("name", "姓名", ("-case__person__name", "id"))
    rows = Task.objects.filter(closed_at=None).select_related("case__person")
    expected = list(rows.order_by("-case__person__name").values_list("case__person__name", flat=True))

    def turn(address: str) -> lists.KeyPage[Task]:
        word = dict(part.split("=") for part in address.lstrip("?").split("&")).get("at", "") if address else ""
        asked = lists.Asked("waiting", "name", {}, lists.disclose(word, staff.chen, "place"))
        return lists.key_page(rows.annotate(unused=F("id")), asked, sort, staff.chen, size=2)

    first = turn("")
    second = turn(first.after)
    back = turn(second.before)

    names = [task.case.person.name for task in [*first.rows, *second.rows] if task.case.person]
    assert names == expected
    assert (first.before, second.after) == ("", "")
    assert [task.pk for task in back.rows] == [task.pk for task in first.rows]
    assert first.total == 4


def test_deadlines_are_counted_in_working_days():
    friday = clock.now().date().replace(year=2026, month=4, day=17)
    monday = friday + timedelta(days=3)

    assert deadline(None, friday) is None
    assert [
        (found.word, found.pressing, found.over)
        for found in (deadline(monday, friday), deadline(friday, friday), deadline(friday, monday))
        if found
    ] == [("剩 1 天", True, False), ("今天到期", True, False), ("超期 1 天", True, True)]
