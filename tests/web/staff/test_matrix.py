"""「业务审核」: the matrix by its labels, and each of its numbers against the list that it opens (JL-05)."""

import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions.terms import Service, Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import BoleError
from bole.organizations import queries as organizations
from bole.people.models import Person
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Task
from bole.review.queries import Counts
from tests.factories import cases as made
from tests.factories.browsers import at_unit
from tests.factories.grading import applicants, at_county, desks, grading_in_force
from tests.factories.people import World, as_self, make_world
from tests.web.staff.seats import page_of, words_of

pytestmark = pytest.mark.both_databases

MATRIX = "/ningxia/work/matrix/"
MATRIX_QUERIES = 3
PAGE_QUERIES = 8
LINK = re.compile(r'<a (?:class="stat[^"]*" )?href="(/ningxia/work/\?[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    with grading_in_force(dispatching=True) as service:
        yield service


@pytest.fixture
def county(world: World) -> Client:
    return at_unit(world.cast.chen, world.ground.xingqing)


def cells(page: str) -> list[str]:
    """What the first row of the table says, from left to right."""
    row = page.split("<tbody>")[1].split("</tr>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).split()


def check_links(browser: Client, year: str = "") -> None:
    """Open every number of the page and count the rows."""
    page = page_of(browser.get(MATRIX, {"year": year} if year else {}))
    links = LINK.findall(page)
    assert len(links) >= 6
    for address, inner in links:
        number = int(re.findall(r"[\d,]+", re.sub(r"<[^>]+>", "", inner))[-1].replace(",", ""))
        rows = page_of(browser.get(unescape(address))).count("<tr data-row")
        assert rows == number, f"{address} shows {rows} rows, the matrix says {number}"


def test_labels_are_those_of_the_manual(world: World, service: Service, county: Client):
    first, second, _ = (at_county(world, service, each) for each in applicants(world))
    made.approve(first, desks(world)[1])
    made.send_back(second, desks(world)[1], "claim")

    page = county.get(MATRIX)
    assert re.search("事项类别 ?事项名称 ?待审核 ?待送审 ?已退回 ?今日办结 ?总办结", words_of(page))
    assert re.search(r"全部 ?3 审核 ?1 送审 \(请及时送审\) ?1 已退回 ?1 今日办结 ?1 全部办结 ?1", words_of(page))
    assert cells(page_of(page)) == ["业务申报", "人才分级评定", *["1", "条"] * 5]


def test_every_number_opens_exactly_that_many_rows(world: World, service: Service, county: Client):
    """Also while a batch is held back, after 送审 and after something was taken back; in each year by itself."""
    region = at_unit(world.cast.wu, world.ground.province)
    chance, people, seen = Random(5), applicants(world), set[str]()
    made.send_back(at_county(world, service, people[2]), desks(world)[1], "claim")
    check_links(county, "all")
    seen |= met(world)
    for turn in range(40):
        act_at_random(world, service, chance, people)
        if turn % 10 == 9:
            check_links(county, "all")
            check_links(region, "all")
            seen |= met(world)
    check_links(county)
    assert seen == set(Counts.__slots__)


def met(world: World) -> set[str]:
    """The columns in which the county has something at the end."""
    by = desks(world)[1]
    counts = queries.matrix(by, None, 0, clock.today()).total
    return {name for name in Counts.__slots__ if getattr(counts, name)}


def act_at_random(world: World, service: Service, chance: Random, people: tuple[Person, ...]) -> None:
    """Somebody's case goes a step on, back, or nowhere."""
    person, (school, county, region) = chance.choice(people), desks(world)
    case = Case.objects.filter(person=person).order_by("-opened_at").first()
    if case is None or case.status in (Status.COMPLETED, Status.TERMINATED):
        case = made.submitted_case(person, as_self(person), service)
        if chance.random() < 0.5:  # declared in another year
            Task.objects.filter(case=case).update(year=clock.today().year - 1)
        return
    if case.status == Status.RETURNED and chance.random() < 0.8:
        return  # it may lie there for a while
    if chance.random() < 0.3:  # some minutes go by
        Task.objects.filter(held_until__isnull=False).update(held_until=clock.now())
    with suppress(BoleError):  # refused: nothing happened, and the numbers must say so
        go_on(case, person, chance, {"unit": school, "county": county, "region": region})


def go_on(case: Case, person: Person, chance: Random, at: dict[str, Actor]) -> None:
    if case.status == Status.RETURNED:
        made.fill(case, as_self(person), only=("claim",))
        case = made.fresh(case)
        review.submit_case(case=case, seen=case.revision, by=as_self(person))
        return
    by, word = at[case.step], chance.random()
    cleared = Task.objects.filter(case=case, closed_at=None, cleared_at__isnull=False).exists()
    chosen = [(case.number, case.revision)]
    if cleared and word < 0.6:
        review.add_paper(cases=chosen, name="推荐报告/申报函", data=made.picture(), file_name="报告.jpg", by=by)
        review.dispatch_many(cases=chosen, by=by)
    elif cleared and word < 0.8:
        review.recall_many(cases=chosen, by=by)
    elif word < 0.55:
        made.approve(case, by)
    elif word < 0.75:
        review.decide_many(cases=chosen, verdict=Verdict.APPROVE, opinion="", by=by)
    elif word < 0.9 or case.step == "unit":
        made.send_back(case, by, "claim")
    else:
        made.terminate(case, by)


def test_other_years_are_told_and_shown(world: World, service: Service, county: Client):
    case = at_county(world, service, world.lin)
    Task.objects.filter(case=case).update(year=clock.today().year - 1)

    assert "其他年度还有 1 件没有办完" in words_of(county.get(MATRIX))
    assert "其他年度" not in words_of(county.get(MATRIX, {"year": "all"}))
    assert cells(page_of(county.get(MATRIX, {"year": clock.today().year - 1})))[2:4] == ["1", "条"]


def test_pressing_work_is_pointed_out_with_its_list(world: World, service: Service, county: Client):
    case = at_county(world, service, world.lin)
    assert "先办这些" not in words_of(county.get(MATRIX))
    Task.objects.filter(case=case, closed_at=None).update(due_on=clock.today())

    page = page_of(county.get(MATRIX))
    assert "1 件将在 2 个工作日内到期或已超期" in words_of(county.get(MATRIX))
    address = unescape(re.findall(r'href="([^"]+)">先办这些', page)[0])
    assert page_of(county.get(address)).count("<tr data-row") == 1


def test_it_costs_the_same_with_one_and_with_three_rows(world: World, service: Service, county: Client):
    lin, *others = applicants(world)
    at_county(world, service, lin)
    by, held = desks(world)[1], organizations.capacities(world.cast.chen.pk)[0]
    county.get(MATRIX)

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            queries.matrix(by, held, 0, clock.today())
        with CaptureQueriesContext(connection) as shown:
            county.get(MATRIX)
        return len(asked), len(shown)

    one = cost()
    for each in others:
        made.send_back(at_county(world, service, each), by, "claim")

    assert (one, cost()) == ((MATRIX_QUERIES, PAGE_QUERIES), (MATRIX_QUERIES, PAGE_QUERIES))


def test_who_does_not_review_has_no_matrix(world: World, service: Service):
    assert at_unit(world.cast.ma, world.ground.xingqing).get(MATRIX).status_code == 403
    clerk = at_unit(world.cast.zhou, world.ground.school)
    assert clerk.get(MATRIX).headers["Location"] == "/ningxia/unit/"


def test_the_menu_opens_it(world: World, service: Service, county: Client):
    assert f'<a class="side__a" href="{MATRIX}" aria-current="page">' in page_of(county.get(MATRIX))
    assert f'<a class="side__a" href="{MATRIX}" aria-current="page">' in page_of(county.get("/ningxia/work/"))
