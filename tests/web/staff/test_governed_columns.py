"""Columns chosen from a kept catalogue narrow and order a work list by the catalogue's own lines."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from bole.cases import actions as cases
from bole.cases.models import Case
from bole.kernel.actors import Actor
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.titles import actions as titles_actions
from bole.titles.terms import Kind
from tests.factories import cases as made
from tests.factories.organizations import SETUP, SITE, SPARE_NUMBERS, as_unit, give_role, make_account
from tests.factories.people import as_self, register
from tests.factories.titles import Titles, in_force, make_titles, plan
from tests.web.staff.seats import Staff, at_unit, page_of, words_of

LIST = "/ningxia/work/"


@pytest.fixture
def desk(staff: Staff, tmp_path: Path) -> Iterator[tuple[Client, Titles, list[Case]]]:
    """The department's desk with a declaration for the committee of buildings and one for that of water."""
    world, titles = staff.world, make_titles(staff.world.ground)
    ground, made_cases = world.ground, []
    account = make_account("部门审核", SPARE_NUMBERS[2])
    give_role(ground.education, Role.REVIEWER, account)
    other = register("王甲", number=SPARE_NUMBERS[1], unit=ground.school)
    building = {
        **plan(titles, ground), "major": str(titles.building.pk), "level": str(titles.builders.pk),
        "title": str(titles.builder.pk), "committee": str(titles.online.pk),
    }  # fmt: skip
    with in_force(tmp_path) as service:
        for person, chosen in ((other, building), (world.lin, plan(titles, ground))):
            me: Actor = as_self(person)
            case = made.open_case(person, me, service)
            cases.save_section(case=case, section="plan", typed=chosen, seen=0, by=me)
            cases.save_section(case=case, section="paper", typed={"name": "大坝"}, seen=0, by=me)
            case = made.fresh(case)
            review.submit_case(case=case, seen=case.revision, by=me)
            made_cases.append(made.approve(made.fresh(case), as_unit(world.cast.zhou, ground.school)))
        yield at_unit(account, ground.education), titles, made_cases


def options(page: str, name: str) -> list[str]:
    found = re.search(rf'<select[^>]* name="{re.escape(name)}">(.*?)</select>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]+)"', found[1]) if found else []


def order(page: str) -> list[str]:
    return re.findall(r'<th scope="row">([^<]+)<', page)


def narrowed(browser: Client, **typed: str) -> str:
    answer = browser.post(f"{LIST}?tab=waiting", typed)
    return page_of(browser.get(answer.headers["Location"]))


def test_the_filters_offer_the_lines_of_the_catalogue(desk: tuple[Client, Titles, list[Case]]):
    browser, titles, _ = desk
    page = page_of(browser.get(LIST))
    assert options(page, "plan.committee") == [titles.online.name, titles.paper.name]
    assert options(page, "plan.series") == [titles.series.name, titles.law.name]
    assert options(page, "category") == ["高级工程师"]
    assert sorted(order(page)) == ["林致远", "王甲"]

    only = narrowed(browser, **{"plan.committee": titles.paper.name})
    assert order(only) == ["林致远"]
    assert f"评委会为「{titles.paper.name}」" in words_of_text(only)
    assert f'value="{titles.paper.name}" selected' in only
    assert order(narrowed(browser, **{"plan.series": titles.law.name})) == []
    assert len(order(narrowed(browser, category="高级工程师"))) == 2
    assert len(order(narrowed(browser, **{"plan.major": "水利水电"}))) == 2  # no column of the list: no filter


def words_of_text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_a_line_that_ended_still_narrows_and_a_new_one_is_offered_at_once(desk: tuple[Client, Titles, list[Case]]):
    browser, titles, _ = desk
    titles_actions.keep_entry(site=SITE, kind=Kind.SERIES, code="30", name="新系列", by=SETUP)
    titles_actions.retire_committee(
        site=SITE, id=titles.paper.pk, until=titles.paper.filed_on, seen=titles.paper.revision, by=SETUP
    )
    page = page_of(browser.get(LIST))
    assert "新系列" in options(page, "plan.series")
    assert titles.paper.name in options(page, "plan.committee")
    assert order(narrowed(browser, **{"plan.committee": titles.paper.name})) == ["林致远"]


def test_the_list_is_put_in_the_catalogues_order(desk: tuple[Client, Titles, list[Case]]):
    browser, _, found = desk
    page = page_of(browser.get(LIST))
    assert [unescape(name) for name in re.findall(r'<a class="sortbtn" href="[^"]*sort=plan\.\w+">([^<]+)', page)] == [
        "评委会", "申报系列",
    ]  # fmt: skip
    by_committee = page_of(browser.get(f"{LIST}?sort=plan.committee"))
    assert 'aria-sort="ascending"' in by_committee
    assert order(by_committee) == ["王甲", "林致远"]  # B1 before W1
    Case.objects.filter(pk=found[0].pk).update(facts={})  # tells nothing: last
    assert order(page_of(browser.get(f"{LIST}?sort=plan.committee"))) == ["林致远", "王甲"]
    assert words_of(browser.get(f"{LIST}?sort=plan.nothing"))  # unknown: the usual order
    assert browser.post(f"{LIST}export/?sort=plan.committee&tab=waiting").status_code == 200
