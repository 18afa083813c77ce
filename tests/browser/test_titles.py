"""The cascade of titles while one chooses, and the pages on which an authority keeps its catalogue."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bole.organizations.terms import Role
from tests.browser.filling import enter
from tests.browser.test_pages import checked
from tests.factories import cases as made
from tests.factories.browsers import at_unit
from tests.factories.organizations import give_role
from tests.factories.people import as_self, make_world
from tests.factories.titles import in_force, make_titles

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]


def test_choosing_a_title_fills_in_what_is_single_and_empties_what_no_longer_fits(
    page: Page, live_server: LiveServer, tmp_path: Path
):
    world = make_world()
    titles = make_titles(world.ground)
    with in_force(tmp_path) as service:
        case = made.open_case(world.lin, as_self(world.lin), service)
        enter(page, live_server.url, world.lin)
        page.goto(f"{live_server.url}/ningxia/cases/{case.number}/sections/plan/")
        page.get_by_label("申报理由").fill("业绩突出")
        page.get_by_label("申报系列").select_option(label="工程技术人员")
        page.get_by_label("申报专业").select_option(label="建筑工程")
        expect(page.get_by_label("专技资格名称")).to_have_value(str(titles.builder.pk))
        expect(page.get_by_label("评委会")).to_have_value(str(titles.online.pk))
        expect(page.get_by_label("日常工作部门")).to_have_value(str(world.ground.education.pk))
        expect(page.locator('[data-beside="committee"]')).to_contain_text("网上评审，申报时间")
        told = page.evaluate(
            """async () => {
                const { valueOf } = await import("/static/bole/js/values.js");
                return valueOf(document.querySelector("#f-series").form, "committee.review").code;
            }"""
        )
        assert told == "online"
        page.get_by_label("申报系列").select_option(label="公共法律服务专业人员")
        expect(page.locator('[data-beside="major"]')).to_contain_text("还没有可以选择的申报专业")
        expect(page.get_by_label("评委会")).to_have_value("")
        expect(page.get_by_label("日常工作部门")).to_have_value("")
        expect(page.get_by_label("申报理由")).to_have_value("业绩突出")


def test_the_keepers_pages_are_open_to_everybody(page: Page, live_server: LiveServer):
    world = make_world()
    titles = make_titles(world.ground)
    give_role(world.ground.province, Role.TITLE_KEEPER, world.cast.wu)
    cookie = at_unit(world.cast.wu, world.ground.province).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    places = ("", "?tab=committees", "new/?kind=level", f"committees/{titles.paper.pk}/",
              f"{titles.water.pk}/retire/", "import/")  # fmt: skip
    root = f"{live_server.url}/ningxia/titles/"
    assert [fault for place in places for fault in checked(page, root + place)] == []
