"""A unit is searched while somebody types, chosen, kept, read by its name; without script chosen from a list."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from bole.cases import actions, queries
from bole.cases.models import Case
from bole.organizations.terms import Role
from tests.factories import cases as made
from tests.factories import services
from tests.factories.browsers import at_unit
from tests.factories.organizations import as_unit, give_role
from tests.factories.people import make_world

pytestmark = [pytest.mark.both_databases, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def case(transactional_db: None, tmp_path: Path) -> Iterator[Case]:
    """Chen, registrar of the school, sends Lin on."""
    with services.in_force(tmp_path) as published:
        world = make_world()
        school, chen = world.ground.school, world.cast.chen
        give_role(school, Role.REGISTRAR, chen)
        by = as_unit(chen, school)
        made_case = actions.open_case(service=published["sending"], person=world.lin, unit=school, prefill={}, by=by)
        made_case.browser = at_unit(chen, school)  # type: ignore[attr-defined]  # carried to the tests
        yield made_case


def enter(page: Page, site: str, case: Case) -> str:
    """The window logged in, and the address of the section."""
    cookie = case.browser.cookies[settings.SESSION_COOKIE_NAME].value  # type: ignore[attr-defined]  # a client with cookies
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    return f"{site}/ningxia/cases/{case.number}/sections/target/"


def kept(case: Case) -> object:
    return queries.typed_answers(made.fresh(case)).get("target")


def test_a_unit_is_found_while_typing(page: Page, live_server: LiveServer, case: Case):
    page.goto(enter(page, live_server.url, case))
    box = page.get_by_role("combobox", name="调入单位")
    box.press_sequentially("xqqrmyy")
    page.get_by_role("option", name="兴庆区人民医院").click()
    expect(box).to_have_value("兴庆区人民医院")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存")).to_be_visible()
    hospital = str(queries.form_of(made.fresh(case)).values["target"]["unit"])
    assert kept(case) == {"unit": hospital}

    page.goto(enter(page, live_server.url, case))
    expect(box).to_have_value("兴庆区人民医院")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存")).to_be_visible()
    assert kept(case) == {"unit": hospital}


def test_new_words_give_up_what_was_offered(page: Page, live_server: LiveServer, case: Case):
    page.goto(enter(page, live_server.url, case))
    box = page.get_by_role("combobox", name="调入单位")
    box.fill("兴庆区")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("radio", name="兴庆区人民医院").check()
    box.press_sequentially("人民医院")
    expect(page.get_by_role("radio", name="兴庆区人民医院")).not_to_be_checked()


def test_without_script_it_is_chosen_from_a_list(chromium: Browser, live_server: LiveServer, case: Case):
    page = chromium.new_context(locale="zh-CN", java_script_enabled=False).new_page()
    page.goto(enter(page, live_server.url, case))
    page.get_by_label("调入单位").fill("兴庆区")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("radio", name="兴庆区人民医院").check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("「调入单位」已保存。")).to_be_visible()
    page.context.close()
