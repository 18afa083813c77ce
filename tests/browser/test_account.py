"""One's own account in Chromium: a passkey of a virtual authenticator, capacities in two tabs; axe finds nothing."""

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bole.accounts import queries
from bole.organizations.terms import Role
from tests.factories import cases as made
from tests.factories.organizations import NUMBERS, PASSWORD, give_role
from tests.factories.people import World, make_world

pytestmark = [
    pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("easy_captcha"),
]  # fmt: skip
SHOTS = os.environ.get("BOLE_SHOTS", "")


@pytest.fixture
def world(transactional_db: None, easy_captcha: None) -> World:
    world = make_world()
    made.published()
    give_role(world.ground.school, Role.COLLECTION_ADMINISTRATOR, world.cast.lin)
    return world


def log_in(page: Page, server: LiveServer, name: str = "林致远", way: str = "个人") -> None:
    page.goto(f"{server.url}/ningxia/login/")
    page.get_by_role("radio", name=way).check()
    page.get_by_label("证件号码").fill(NUMBERS[name])
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("验证码", exact=True).fill("0000")
    page.get_by_role("button", name="登录", exact=True).click()


def sound(page: Page, name: str) -> None:
    """No violation, and nothing wider than a telephone."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]
        assert [f"{each['id']} {each['nodes'][0]['html'][:160]}" for each in found] == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_passkey_is_made_and_opens_the_account(page: Page, live_server: LiveServer, world: World):
    authenticator = page.context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    authenticator.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    log_in(page, live_server)
    page.wait_for_url("**/ningxia/me/")
    page.goto(f"{live_server.url}/ningxia/account/")
    sound(page, "security")
    page.get_by_role("link", name="添加通行密钥").click()
    sound(page, "passkey")
    page.get_by_label("名称").fill("办公室电脑")
    page.get_by_role("button", name="添加通行密钥").click()
    page.wait_for_url("**/account/recovery/")
    page.get_by_role("button", name="生成恢复码").click()
    expect(page.locator("main li")).to_have_count(10)
    sound(page, "recovery")
    page.get_by_role("link", name="我已保存").click()
    expect(page.get_by_text("办公室电脑", exact=True)).to_be_visible()

    page.context.clear_cookies()
    log_in(page, live_server)
    page.wait_for_url("**/login/factor/")
    sound(page, "factor")
    page.get_by_role("button", name="用通行密钥验证").click()
    page.wait_for_url("**/ningxia/me/")
    assert queries.factors(world.cast.lin.pk)[0].used_at is not None


def test_a_refused_passkey_leaves_the_page_usable(page: Page, live_server: LiveServer, world: World):
    authenticator = page.context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")  # and no authenticator there
    log_in(page, live_server)
    page.wait_for_url("**/ningxia/me/")
    page.goto(f"{live_server.url}/ningxia/account/passkey/")
    page.evaluate(
        "() => { navigator.credentials.create = async () => { throw new DOMException('', 'NotAllowedError') } }"
    )
    page.get_by_role("button", name="添加通行密钥").click()
    expect(page.locator("[data-passkey-said]")).to_have_text("没有完成验证：取消了，或者等待太久。可以再试一次。")
    assert queries.factors(world.cast.lin.pk) == []


def test_two_tabs_two_capacities(page: Page, live_server: LiveServer, world: World):
    """The first tab still shows the person's form when the second has become the operator."""
    log_in(page, live_server)
    page.wait_for_url("**/ningxia/me/")
    page.goto(f"{live_server.url}/ningxia/my/profile/")
    other = page.context.new_page()
    other.goto(f"{live_server.url}/ningxia/login/unit/")
    sound(other, "switch")
    other.locator("label", has_text="兴庆区第一中学").click()
    other.get_by_role("button", name="切换").click()
    other.wait_for_url("**/ningxia/unit/**")

    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("这次提交没有办理，什么也没有改变")
    other.close()


def test_every_form_carries_the_capacity(page: Page, live_server: LiveServer, world: World):
    log_in(page, live_server)
    page.wait_for_url("**/ningxia/me/")
    seen = 0
    for path in (
        "me",
        "my/profile",
        "my/cases",
        "messages",
        "account",
        "account/phone",
        "account/authenticator",
        "password",
    ):
        page.goto(f"{live_server.url}/ningxia/{path}/")
        mark = page.locator('meta[name="acting"]').get_attribute("content")
        forms = page.locator('form[method="post"]')
        for number in range(forms.count()):
            assert forms.nth(number).locator('input[name="acting"]').get_attribute("value") == mark, path
            seen += 1
    assert seen > 10
    assert re.fullmatch(r"[0-9a-f]{16}", mark or "")


@pytest.mark.parametrize("path", ["login", "login/code", "forgot", "activate", "forgot/?slip=1"])
def test_pages_before_the_log_in_are_sound(page: Page, live_server: LiveServer, world: World, path: str):
    page.goto(f"{live_server.url}/ningxia/{path}{'' if '?' in path else '/'}")
    sound(page, re.sub(r"\W", "-", path))
