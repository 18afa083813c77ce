"""「组织机构管理」 in Chromium: branches open in place by mouse and by keyboard; axe finds nothing."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_pages import checked
from tests.factories.administration import Managers, make_managers

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def managers(page: Page, live_server: LiveServer) -> Managers:
    """The county's administrator is logged in."""
    made = make_managers()
    key = made.county.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    return made


def test_branches_open_and_close_in_place(page: Page, live_server: LiveServer, managers: Managers):
    page.goto(f"{live_server.url}/ningxia/organizations/")
    school = page.get_by_role("link", name=managers.ground.school.name)
    sign = page.get_by_role("button", name=f"展开或收起 {managers.ground.education.name}")

    expect(school).to_have_count(0)
    sign.click()
    expect(school).to_be_visible()
    expect(sign).to_have_attribute("aria-expanded", "true")
    sign.press(" ")
    expect(school).to_be_hidden()
    sign.press("Enter")
    expect(school).to_be_visible()
    school.click()
    expect(page.get_by_role("heading", name=managers.ground.school.name)).to_be_visible()


def test_pages_of_account_management_are_open_to_everybody(page: Page, live_server: LiveServer, managers: Managers):
    addresses = (
        f"organizations/{managers.ground.school.pk}/",
        f"organizations/{managers.ground.xingqing.pk}/new/",
        f"organizations/{managers.ground.school.pk}/close/",
        "organizations/below/",
        "organizations/import/",
        "staff/",
        "staff/new/",
        "staff/clean/",
        "staff/administrators/",
        "roles/",
        "roles/new/",
        "departments/",
        "superior/",
        "desk/",
    )

    assert [fault for each in addresses for fault in checked(page, f"{live_server.url}/ningxia/{each}")] == []
