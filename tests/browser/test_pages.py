"""Public pages in Chromium: no violation found by axe, no sideways scrolling, keyboard and preferences."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bole.organizations.terms import Role
from tests.factories.organizations import NUMBERS, PASSWORD, give_role, make_account, make_ground
from tests.factories.portal import complain, publish

pytestmark = [
    pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("easy_captcha"),
]  # fmt: skip
PUBLIC = (
    "/", "/ningxia/", "/ningxia/announcements/", "/ningxia/complaints/", "/ningxia/complaints/complaint/",
    "/ningxia/complaints/answer/", "/ningxia/verify/", "/ningxia/downloads/", "/ningxia/login/", "/ningxia/register/",
    "/ningxia/forgot/", "/ningxia/register/unit/", "/ningxia/privacy/", "/ningxia/nowhere/", "/offline/",
)  # fmt: skip
STAFF = ("portal/", "portal/new/", "portal/downloads/", "portal/complaints/", "password/", "desk/")


def checked(page: Page, address: str) -> list[str]:
    """What axe finds, and whether the page scrolls sideways at phone width."""
    found = []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        page.wait_for_load_state("networkidle")
        results = Axe().run(page).response
        found += [f"{address} {width}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in results["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{address} {width}: scrolls sideways")
    return found


def test_public_pages_are_open_to_everybody(page: Page, live_server: LiveServer):
    publish("关于开展高层次人才信息采集工作的通知")
    assert [fault for address in PUBLIC for fault in checked(page, live_server.url + address)] == []


def test_the_editors_pages_are_open_to_everybody(page: Page, live_server: LiveServer):
    ground, wu = make_ground(), make_account("吴海燕")
    give_role(ground.province, Role.EDITOR, wu)
    publish()
    complain()
    page.goto(f"{live_server.url}/ningxia/")
    page.get_by_role("radio", name="单位").check()
    page.get_by_label("证件号码").fill(NUMBERS["吴海燕"])
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("验证码", exact=True).fill("0000")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/portal/")
    assert [fault for address in STAFF for fault in checked(page, f"{live_server.url}/ningxia/{address}")] == []


def test_large_type_stays_and_reflows(page: Page, live_server: LiveServer):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{live_server.url}/ningxia/")
    page.get_by_role("button", name="大字").click()
    page.goto(f"{live_server.url}/ningxia/announcements/")
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    assert page.evaluate("document.documentElement.scrollWidth > innerWidth") is False


def test_another_captcha_comes_at_a_press(page: Page, live_server: LiveServer):
    page.goto(f"{live_server.url}/ningxia/")
    before = page.locator("#captcha-key").input_value()
    page.locator("button.captcha").click()
    expect(page.locator("#captcha-key")).not_to_have_value(before)
    expect(page.locator("#f-captcha")).to_be_focused()


def test_the_faults_of_a_form_get_the_focus(page: Page, live_server: LiveServer):
    page.goto(f"{live_server.url}/ningxia/complaints/complaint/")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".errsum")).to_be_focused()
    page.get_by_role("link", name="请填写情况说明").click()
    expect(page.locator("#f-text")).to_be_focused()


def test_the_counter_counts_characters(page: Page, live_server: LiveServer):
    page.goto(f"{live_server.url}/ningxia/complaints/complaint/")
    page.locator("#f-text").fill("𠮷" * 3)
    expect(page.locator("#f-text-c")).to_have_text("还可输入 997 字")


def test_the_first_stop_of_the_keyboard_leads_to_the_content(page: Page, live_server: LiveServer):
    page.goto(f"{live_server.url}/ningxia/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_focused()
