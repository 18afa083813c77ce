"""Work lists: choice across pages, batches in portions and taken back, claims, kept filters, 「业务查询」."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bole.cases.models import Case
from bole.definitions.terms import Service
from bole.kernel import clock
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review.models import Movement, SavedFilter, Task
from bole.web.pages import lists
from bole.web.pages.work import batch, choosing
from tests.factories import cases as made
from tests.factories.browsers import at_unit
from tests.factories.grading import applicants, at_county, desks, grading_in_force
from tests.factories.organizations import SPARE_NUMBERS, give_role, make_account
from tests.factories.people import World, as_self, make_world
from tests.web.staff.seats import page_of, words_of

pytestmark = pytest.mark.both_databases

WORK = "/ningxia/work/"
BATCH = WORK + "batch/"
CHOOSE = WORK + "choose/?tab=waiting"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    with grading_in_force() as service:
        yield service


@pytest.fixture
def cases(world: World, service: Service) -> list[Case]:
    return [at_county(world, service, each) for each in applicants(world)]


@pytest.fixture
def county(world: World) -> Client:
    return at_unit(world.cast.chen, world.ground.xingqing)


def word(case: Case) -> str:
    return f"{case.number}:{case.revision}"


def from_page(*cases: Case, **more: Any) -> dict[str, Any]:
    """What the list's form sends with these ticked of all that it shows."""
    return {"list": "review", "from": "review/waiting", "case": [word(case) for case in cases], **more}


def hidden(page: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no {name} on the page"
    return found[1]


def test_a_choice_holds_across_pages_and_can_be_taken_back(
    cases: list[Case], county: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lists, "PAGE_SIZE", 1)
    monkeypatch.setattr(lists.key_page, "__kwdefaults__", {"size": 1, "total": None})
    known = {case.number: case for case in cases}
    page = page_of(county.get(WORK))
    first = known[hidden(page, "shown")]
    after = re.findall(r'name="go" value="([^"]+)"', page)[-1]

    turned = county.post(CHOOSE, from_page(first, shown=first.number, go=unescape(after)))
    page = page_of(county.get(turned.headers["Location"]))
    second = known[hidden(page, "shown")]
    assert second != first
    assert 'data-elsewhere="1"' in page
    county.post(CHOOSE, from_page(second, shown=second.number))
    page = page_of(county.post(BATCH, from_page(second, shown=second.number)))
    assert "已选 2 件" in page
    county.post(CHOOSE, from_page(shown=first.number))  # the tick is gone
    assert "已选 1 件" in page_of(county.post(BATCH, from_page(second, shown=second.number)))
    county.post(CHOOSE, {**from_page(second, shown=second.number), "do": "none"})
    assert "请先在清单里勾选" in words_of(county.post(BATCH, from_page()))


def test_all_of_a_filter_are_chosen_at_once_and_kept_out_of_other_lists(cases: list[Case], county: Client):
    narrowed = county.post(WORK, {"name": "艾学礼"}).headers["Location"]
    county.post(narrowed.replace("/work/", "/work/choose/"), {"do": "all"})
    page = page_of(county.get(WORK))
    assert page.count("checked>") == 1 + page.count('role="switch" data-shortcuts checked')
    county.post(CHOOSE, {"do": "all", "shown": ""})

    assert "已选 3 件" in page_of(county.post(BATCH, from_page(*cases)))
    assert 'data-elsewhere="0"' in page_of(county.get(WORK + "?tab=below")) or "没有待审核" in words_of(
        county.get(WORK + "?tab=below")
    )


def test_more_than_the_most_are_not_chosen_and_that_is_said(
    cases: list[Case], county: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(choosing, "MOST_CHOSEN", 2)
    page = words_of(county.post(CHOOSE, {"do": "all"}, follow=True))
    assert "一次最多选择2件" in page
    assert "已选 2 件" in page_of(county.post(BATCH, from_page()))


def test_a_large_batch_goes_in_portions_that_can_stop_between(
    cases: list[Case], county: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(batch, "MOST_AT_ONCE", 2)
    county.post(CHOOSE, {"do": "all"})
    preview = page_of(county.post(BATCH, from_page()))
    assert "另有 1 件同样办理" in preview
    listed = re.findall(r'name="case" value="([^"]+)"', preview)
    posted = {"confirm": "1", "verdict": "approve", "list": "review", "case": listed, "rest": hidden(preview, "rest")}
    page = page_of(county.post(BATCH, posted))

    assert '还有 <b class="num">1</b> 件没有办理' in page
    assert Task.objects.filter(step="county", verdict="approve").count() == 2
    page = page_of(county.post(BATCH + "next/", {"run": hidden(page, "run")}))
    assert Task.objects.filter(step="county", verdict="approve").count() == 3
    assert '已办理 <b class="num">3</b> 件' in page


def test_a_batch_is_seen_by_the_next_desk_only_when_it_can_be_taken_back_no_more(
    cases: list[Case], county: Client, world: World
):
    region = at_unit(world.cast.wu, world.ground.province)
    page = page_of(
        county.post(BATCH, {"confirm": "1", "verdict": "approve", "case": [word(case) for case in cases[:2]]})
    )
    assert "撤销这次办理" in page
    assert "没有待审核的申报" in words_of(region.get(WORK))

    page = page_of(county.post(BATCH + "next/", {"run": hidden(page, "run"), "undo": "1"}))
    assert '已撤销办理 <b class="num">2</b> 件' in page
    assert "撤销这次办理" not in page
    assert "待审核 3 件" in words_of(county.get(WORK))


def test_a_batch_asks_for_one_reason_where_cases_were_returned_before(
    cases: list[Case], county: Client, world: World, service: Service
):
    back = {"confirm": "1", "verdict": "send_back", "opinion": "请修改"}
    again = cases[0]
    assert "再次退回的原因" not in page_of(county.post(BATCH, from_page(again)))
    county.post(BATCH, {**back, "case": [word(again)]})
    again = made.fresh(again)
    assert again.person is not None
    review.submit_case(case=again, seen=again.revision, by=as_self(again.person))
    again = made.approve(made.fresh(again), desks(world)[0])
    chosen = [word(again), word(cases[1])]

    page = words_of(county.post(BATCH, from_page(again, cases[1])))
    assert "其中 1 件本单位以前退回过" in page
    refused = county.post(BATCH, {**back, "case": chosen})
    assert refused.status_code == 422
    assert "其中1件本单位以前退回过，问题应当当时一次告知" in words_of(refused)
    assert "请修改" in page_of(refused)
    done = words_of(county.post(BATCH, {**back, "case": chosen, "late_reason": "上次漏看"}))
    assert "退回修改：已办理 2 件" in done
    assert [row.late_reason for row in Movement.objects.filter(case=again, late__gt=0)] == ["上次漏看"]


def test_a_batch_of_somebody_else_is_not_gone_on_with(cases: list[Case], county: Client, world: World):
    page = page_of(county.post(BATCH, {"confirm": "1", "verdict": "approve", "case": [word(cases[0])]}))
    region = at_unit(world.cast.wu, world.ground.province)

    answer = region.post(BATCH + "next/", {"run": hidden(page, "run"), "undo": "1"})
    assert answer.status_code == 403
    assert "已经失效" in words_of(answer)


def test_claimed_handed_over_and_filtered(cases: list[Case], county: Client, world: World):
    case = cases[0]
    deng = make_account("邓审核", SPARE_NUMBERS[2])
    give_role(world.ground.xingqing, Role.REVIEWER, deng)
    colleague = at_unit(deng, world.ground.xingqing)
    county.post(f"{WORK}{case.number}/claim/", {"back": WORK})
    assert "我已领取" in words_of(county.get(WORK))
    assert "陈国栋已领取" in words_of(colleague.get(WORK))
    assert "待审核 1 件" in words_of(county.get(county.post(WORK, {"claim": "mine"}).headers["Location"]))
    free = county.post(WORK, {"claim": "free"}).headers["Location"]
    assert "待审核 2 件" in words_of(county.get(free))
    until = Task.objects.get(case=case, closed_at=None).claimed_until
    assert f"我已领取，至 {until}" in words_of(county.get(WORK))
    assert f"您已领取，由您办理；到 {until} 没有办理的自动释放" in words_of(county.get(f"{WORK}{case.number}/"))
    with time_machine.travel(clock.now() + timedelta(days=12)):
        later = at_unit(world.cast.chen, world.ground.xingqing)
        assert "已领取" not in words_of(later.get(WORK))
        assert "待审核 3 件" in words_of(later.get(free))

    assert colleague.post(f"{WORK}{case.number}/claim/").status_code == 403
    form = f"{WORK}{case.number}/hand-over/"
    assert county.post(form, {}).status_code == 422
    assert "邓审核" in words_of(county.get(form))
    assert county.post(form, {"to": str(deng.pk), "back": WORK}).headers["Location"] == WORK
    assert "我已领取" in words_of(colleague.get(WORK))
    assert colleague.post(f"{WORK}{case.number}/claim/", {"back": "https://evil.example/"}).headers["Location"] == WORK


def test_filters_are_kept_by_name_for_their_owner_alone(cases: list[Case], county: Client, world: World):
    narrowed = county.post(WORK, {"name": "艾学礼", "year": ""}).headers["Location"]
    keep = narrowed.replace("/work/", "/work/filters/")
    assert "请给这个筛选起一个名称" in words_of(county.post(keep, {"name": " "}, follow=True))
    county.post(keep, {"name": "老艾"})
    county.post(keep, {"name": "老艾"})

    page = page_of(county.get(WORK))
    address = unescape(re.findall(r'<a href="([^"]+)">老艾</a>', page)[0])
    assert "待审核 1 件" in words_of(county.get(WORK + address))
    assert "老艾" not in words_of(at_unit(world.cast.wu, world.ground.province).get(WORK))
    kept = SavedFilter.objects.get()
    at_unit(world.cast.wu, world.ground.province).post(WORK + "filters/", {"remove": str(kept.pk)})
    assert SavedFilter.objects.exists()
    county.post(WORK + "filters/", {"remove": str(kept.pk)})
    assert not SavedFilter.objects.exists()


def test_a_list_of_one_service_says_so_and_shows_the_limit(cases: list[Case], county: Client):
    page = words_of(county.get(WORK, {"service": "grading", "year": "1999"}))
    assert "事项为「人才分级评定」" in page or "1999 年度" in page
    assert "没有符合条件的申报" in page


def test_search_finds_whatever_the_unit_may_see_and_nothing_else(cases: list[Case], county: Client, world: World):
    search = WORK + "search/"
    made.send_back(cases[0], desks(world)[1], "claim")
    assert "请填写查询条件" in words_of(county.get(search))
    for typed, found in (
        ({"case": cases[0].number}, 1), ({"state": "in_review"}, 2), ({"state": "returned"}, 1),
        ({"service": "grading"}, 3), ({"name": "没有这个人"}, 0), ({"number": "640104199001010050"}, 1),
    ):  # fmt: skip
        page = words_of(county.get(county.post(search, typed).headers["Location"]))
        assert f"查到 {found} 件" in page, typed
    foreign = at_unit(world.cast.wu, world.ground.province)
    assert "查到 0 件" in words_of(foreign.get(foreign.post(search, {"service": "grading"}).headers["Location"]))
    assert county.post(search + "export/").status_code == 422


def test_search_costs_the_same_with_one_and_with_three_rows(world: World, service: Service, county: Client):
    lin, *others = applicants(world)
    at_county(world, service, lin)
    address = county.post(WORK + "search/", {"service": "grading"}).headers["Location"]
    county.get(address)
    with CaptureQueriesContext(connection) as one:
        county.get(address)
    for each in others:
        at_county(world, service, each)
    with CaptureQueriesContext(connection) as three:
        assert "查到 3 件" in words_of(county.get(address))

    assert (len(one), len(three)) == (7, 7)
