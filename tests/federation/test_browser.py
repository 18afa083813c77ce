"""The way to the provider and back as a browser goes it: content policy, cookies and scripts of both take part."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bole.accounts.models import ExternalIdentity
from tests.factories.people import World, make_world
from tests.federation import provider as real
from tests.federation.conftest import PEOPLE
from tests.federation.provider import RealProvider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def near(live_server, trust) -> Iterator[RealProvider]:
    """A provider that knows the address of the live server."""
    here = f"{live_server.url}/ningxia"
    found, end = real.start(PEOPLE, [f"{here}/login/with/shebao/return/"], [f"{here}/logout/done/"])
    trust(found)
    yield found
    end()


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def at_provider(window: Page, who: str) -> None:
    """Log in and consent there."""
    window.get_by_placeholder("Enter any login").fill(who)
    window.get_by_placeholder("and password").fill("x")
    window.get_by_role("button", name="Sign-in").click()
    window.get_by_role("button", name="Continue").click()


def test_there_and_back_and_out_again(live_server, near: RealProvider, world: World, page: Page):
    page.goto(f"{live_server.url}/ningxia/login/?next=/ningxia/account/")
    page.get_by_role("button", name="电子社保卡").click()
    at_provider(page, "lin")

    expect(page.get_by_role("heading", name="账号与安全")).to_be_visible()
    expect(page.get_by_text("最后使用").first).to_be_visible()
    assert ExternalIdentity.objects.get().account_id == world.lin.account_id

    page.goto(f"{live_server.url}/ningxia/")
    page.get_by_role("button", name="退出登录").first.click()
    page.get_by_role("button", name="Yes, sign me out").click()
    expect(page.get_by_role("heading", name="已退出登录")).to_be_visible()


@pytest.mark.one_database
@pytest.mark.parametrize("width", [390, 1440])
def test_pages_fit_and_are_accessible(live_server, near: RealProvider, world: World, page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/ningxia/login/")
    _sound(page)
    page.get_by_role("button", name="电子社保卡").click()
    at_provider(page, "new")
    expect(page.get_by_role("heading", name="注册个人账号")).to_be_visible()
    _sound(page)
    page.goto(f"{live_server.url}/ningxia/logout/done/")
    _sound(page)


def _sound(window: Page) -> None:
    assert window.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = Axe().run(window)
    assert found.violations_count == 0, found.generate_report()
