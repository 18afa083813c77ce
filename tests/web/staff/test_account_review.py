"""「审核账户」: the work list of administrators and registrars, by kind, old against new, single and in batches."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bole.cases.models import Case
from bole.cases.terms import Status
from bole.review.models import Movement, Task
from tests.factories import cases as made
from tests.factories.browsers import as_administrator, at_unit
from tests.factories.people import make_world
from tests.factories.services import in_force
from tests.review.affairs import Affairs, applicants, make_affairs
from tests.web.staff.seats import page_of, words_of
from tests.web.test_matrix import named_addresses

LIST = "/ningxia/account-review/"
BATCH = "/ningxia/work/batch/"
LIST_QUERIES = 8


@pytest.fixture
def affairs(db: None, tmp_path: Path) -> Iterator[Affairs]:
    world = make_world()
    with in_force(tmp_path / "catalogue", one_up=("role: registrar,", "role: registrar, overseen: true,")) as services:
        yield make_affairs(world, services)


def chosen(*cases: Case) -> list[str]:
    return [f"{case.number}:{case.revision}" for case in cases]


def decision(case: Case, verdict: str, **more: object) -> dict[str, object]:
    return {"seen": case.revision, "step": case.step, "verdict": verdict, "opinion": "", **more}


def test_administrator_and_registrar_see_what_waits_by_kind(affairs: Affairs):
    one, _ = [affairs.join(person) for person in applicants()[:2]]
    for browser in (as_administrator(affairs.head, affairs.school), at_unit(affairs.registrar, affairs.school)):
        page = browser.get(LIST)
        words = words_of(page)
        assert "审核账户" in words
        assert "待审核2已审核0" in words
        for kind in ("全部 2", "绑定推荐单位 2", "审核机构信息修改", "人员调转"):
            assert kind in words
        assert "申请人甲" in words
        assert f"/ningxia/work/{one.number}/" in page_of(page)


def test_a_kind_narrows_the_list_and_stays_while_searching(affairs: Affairs):
    affairs.join(applicants()[0])
    browser = as_administrator(affairs.head, affairs.school)

    found = browser.get(browser.post(LIST, {"desk": "绑定推荐单位"}).headers["Location"])
    other = browser.get(browser.post(LIST, {"desk": "审核机构信息修改", "name": "申请"}).headers["Location"])

    assert "申请人甲" in words_of(found)
    assert "申请人甲" not in words_of(other)
    assert 'name="desk" value="审核机构信息修改"' in page_of(other)


def test_one_case_is_decided_by_the_administrator(affairs: Affairs):
    case = affairs.join(applicants()[0])
    browser = as_administrator(affairs.head, affairs.school)
    page = browser.get(f"/ningxia/work/{case.number}/")
    assert "请审核" in words_of(page)
    assert f'href="{LIST}"' in page_of(page)

    done = browser.post(f"/ningxia/work/{case.number}/", decision(case, "approve"), follow=True)

    assert "申请人甲的申报审核通过，已办结" in words_of(done)
    assert made.fresh(case).status == Status.COMPLETED
    decided = words_of(browser.get(LIST, {"tab": "done"}))
    assert "已审核 1 件" in decided
    assert "批量审核" not in decided


def test_change_of_a_unit_shows_old_against_new(affairs: Affairs):
    case = affairs.change("解放东街2号")
    page = page_of(at_unit(affairs.above, affairs.world.ground.education).get(f"/ningxia/work/{case.number}/"))

    assert "原值：" in page
    assert "解放东街2号" in page
    assert "兴庆区第一中学" in page


def test_what_waits_below_has_a_tab_of_its_own(affairs: Affairs):
    case = affairs.change()
    browser = at_unit(affairs.county, affairs.world.ground.xingqing)
    own = words_of(browser.get(LIST))
    assert "待审核0下级单位待审1已审核0" in own
    assert "没有待审核的申报" in own

    below = browser.get(LIST, {"tab": "below"})
    assert "兴庆区教育局" in words_of(below)
    assert case.number in page_of(below)
    assert "您以上级部门身份代为审核" in words_of(browser.get(f"/ningxia/work/{case.number}/"))

    browser.post(f"/ningxia/work/{case.number}/", decision(case, "approve"))
    assert Movement.objects.get(case=case, step="superior").unit == affairs.world.ground.xingqing
    assert "已审核 1 件" in words_of(browser.get(LIST, {"tab": "done"}))


def test_units_that_are_no_authority_have_no_such_tab(affairs: Affairs):
    browser = as_administrator(affairs.head, affairs.school)

    assert "下级单位待审" not in words_of(browser.get(LIST))
    assert "没有待审核的申报" in words_of(browser.get(LIST, {"tab": "below"}))


def test_list_costs_the_same_with_one_and_with_three_rows(affairs: Affairs):
    one, two, three = applicants()
    affairs.join(one)
    browser = as_administrator(affairs.head, affairs.school)
    browser.get(LIST)
    with CaptureQueriesContext(connection) as first:
        browser.get(LIST)
    for person in (two, three):
        affairs.join(person)
    with CaptureQueriesContext(connection) as second:
        page = browser.get(LIST)

    assert "待审核 3 件" in words_of(page)
    assert (len(first), len(second)) == (LIST_QUERIES, LIST_QUERIES)


def test_export_holds_what_was_decided(affairs: Affairs):
    case = made.approve(affairs.join(applicants()[0]), affairs.administrator)
    file = as_administrator(affairs.head, affairs.school).post(LIST + "export/?tab=done")

    rows = CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert rows[1][:2] == [case.number, "申请人甲"]
    assert "审核通过" in rows[1]


def test_others_do_not_come_in(affairs: Affairs):
    cast, ground = affairs.world.cast, affairs.world.ground
    for browser in (at_unit(cast.chen, ground.xingqing), at_unit(cast.zhou, ground.school)):
        assert browser.get(LIST).status_code == 403
        assert browser.post(LIST + "export/").status_code == 403


def test_batch_is_looked_over_decided_and_told_row_by_row(affairs: Affairs):
    one, two, three = [affairs.join(person) for person in applicants()]
    browser = as_administrator(affairs.head, affairs.school)
    assert f'value="{one.number}:{one.revision}"' in page_of(browser.get(LIST))

    preview = browser.post(BATCH, {"case": chosen(one, two, three), "list": "account-review"})
    assert "核对下面 3 件" in words_of(preview)
    assert {made.fresh(case).status for case in (one, two, three)} == {"in_review"}

    made.send_back(two, affairs.at_school, "asking")
    done = browser.post(
        BATCH,
        {"case": chosen(one, two, three), "list": "account-review", "verdict": "approve", "confirm": "1"},
    )

    words = words_of(done)
    assert "审核通过：已办理 2 件，没有办理 1 件" in words
    assert "失败的" in words
    assert words.index("申请人乙") < words.index("申请人甲")
    assert "已由兴庆区第一中学校账户审核" in words
    assert f"/ningxia/work/{two.number}/" in page_of(done)
    assert [made.fresh(case).status for case in (one, two, three)] == ["completed", "returned", "completed"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "请选择审核结果"),
        ({"verdict": "send_back", "opinion": " "}, "请写明审核意见"),
        ({"verdict": "send_back", "opinion": "长" * 501}, "最多500个字符"),
        ({"verdict": "forged"}, "请选择审核结果"),
    ],
)
def test_faulty_batch_keeps_what_was_typed(affairs: Affairs, typed: dict[str, str], words: str):
    case = affairs.join(applicants()[0])
    browser = as_administrator(affairs.head, affairs.school)

    page = browser.post(BATCH, {"case": chosen(case), "confirm": "1", **typed})

    assert page.status_code == 422
    assert words in words_of(page)
    assert typed.get("opinion", "").strip() in page_of(page)
    assert made.fresh(case).revision == case.revision


def test_batch_without_a_choice_with_forged_and_with_foreign_ones(affairs: Affairs):
    foreign = affairs.change()
    browser = as_administrator(affairs.head, affairs.school)

    assert "请先在清单里勾选" in words_of(browser.post(BATCH, {}))
    assert browser.post(BATCH, {"case": ["x", ":", "CJ1:99999999999", "CJ1:二"]}).status_code == 422
    page = browser.post(BATCH, {"case": [*chosen(foreign), "BD2026-0101-99999:1"]})
    assert words_of(page).count("已不在您的办理范围") == 2
    assert "解放东街" not in words_of(page)
    done = browser.post(BATCH, {"case": chosen(foreign), "verdict": "approve", "confirm": "1"})
    assert "没有办理 1 件" in words_of(done)
    assert made.fresh(foreign).step == "superior"


def test_more_than_two_hundred_are_refused_and_none_decided(affairs: Affairs):
    case = affairs.join(applicants()[0])
    words = [*chosen(case), *(f"BD2026-0101-{n:05d}:1" for n in range(200))]

    page = as_administrator(affairs.head, affairs.school).post(
        BATCH, {"case": words, "verdict": "approve", "confirm": "1"}
    )

    assert page.status_code == 422
    assert "一次最多办理200件" in words_of(page)
    assert made.fresh(case).status == Status.IN_REVIEW


def test_clerks_without_a_desk_decide_no_batch(affairs: Affairs):
    assert at_unit(affairs.world.cast.zhou, affairs.school).post(BATCH, {}).status_code == 403


def test_no_address_deletes_what_was_decided(affairs: Affairs):
    """HA-12: 「已审核」 from which nothing can be deleted. Whatever is sent to whichever address, it stays."""
    case = made.approve(affairs.join(applicants()[0]), affairs.administrator)
    kept = Movement.objects.filter(case=case).count(), Task.objects.filter(case=case).count()
    browser = as_administrator(affairs.head, affairs.school)
    known = {"site": "ningxia", "number": case.number, "section": "asking"}
    addresses = [
        reverse(name, kwargs={part: known[part] for part in parts})
        for name, parts in named_addresses().items()
        if name.startswith(("review", "account-review")) and set(parts) <= set(known)
    ]
    assert len(addresses) > 6
    for address in addresses:
        for send in (browser.delete, browser.post):
            send(address, {"delete": "1", "remove": str(case.pk)})

    assert (Movement.objects.filter(case=case).count(), Task.objects.filter(case=case).count()) == kept
