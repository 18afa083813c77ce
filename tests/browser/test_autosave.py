"""Nothing typed is lost: not by leaving, not without a network, not when the log-in has run out (ui.md §1.3)."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bole.cases import queries as cases
from bole.cases.models import Case
from tests.factories import cases as made
from tests.factories.organizations import NUMBERS, PASSWORD
from tests.factories.people import as_self, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECTION = "contact"


@pytest.fixture
def case(easy_captcha: None) -> Case:
    """Lin's own case, opened and empty."""
    world = make_world()
    made.published()
    return made.open_case(world.lin, as_self(world.lin))


def log_in(page: Page) -> None:
    page.get_by_label("证件号码").fill(NUMBERS["林致远"])
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("验证码", exact=True).fill("0000")
    page.get_by_role("button", name="登录", exact=True).click()


@pytest.fixture
def form(page: Page, live_server: LiveServer, case: Case) -> Page:
    """The page of the section, with Lin logged in."""
    page.goto(f"{live_server.url}/ningxia/cases/{case.number}/sections/{SECTION}/")
    log_in(page)
    expect(page.locator("form[data-autosave]")).to_be_visible()
    return page


def stored(case: Case) -> dict[str, object]:
    """What the server has of the section, as typed."""
    case.refresh_from_db()
    typed = cases.form_of(case).sections[SECTION].typed
    return dict(typed) if isinstance(typed, dict) else {}


def state(page: Page):
    return page.locator("[data-savestate]").first


def test_what_is_typed_is_saved_by_itself(form: Page, case: Case):
    form.locator("[name=name]").fill("钱思远")
    expect(state(form)).to_have_text(re.compile(r"已自动保存 \d\d:\d\d"))
    assert stored(case)["name"] == "钱思远"


def test_leaving_by_a_link_saves_first(form: Page, case: Case):
    form.locator("[name=name]").fill("钱思远")
    form.get_by_label("返回").first.click()
    form.wait_for_url(lambda address: "/sections/" not in address)
    form.wait_for_load_state("networkidle")
    assert stored(case)["name"] == "钱思远"


def test_without_a_network_it_stays_here_and_goes_when_the_network_is_back(form: Page, case: Case):
    form.context.set_offline(True)
    form.locator("[name=name]").fill("钱思远")
    expect(state(form)).to_have_text("网络已断开，内容暂存本机")
    expect(form.locator("#offline-bar")).to_be_visible()
    assert stored(case).get("name", "") == ""
    form.context.set_offline(False)
    expect(state(form)).to_have_text(re.compile(r"已自动保存"))
    assert stored(case)["name"] == "钱思远"
    assert form.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('bole.draft'))") == []


def test_after_the_log_in_has_run_out_it_is_restored_and_saved(form: Page, case: Case):
    Session.objects.all().delete()
    form.context.clear_cookies(name="device")
    form.locator("[name=name]").fill("钱思远")
    expect(state(form)).to_contain_text("登录已过期，内容已暂存本机。")
    form.get_by_role("link", name="重新登录").first.click()
    log_in(form)
    expect(form.locator("[name=name]")).to_have_value("钱思远")
    expect(state(form)).to_have_text(re.compile(r"已自动保存"))
    assert stored(case)["name"] == "钱思远"


def test_what_another_account_left_on_the_device_is_removed(form: Page):
    form.evaluate("""() => {
        const foreign = { owner: 'somebody', at: Date.now(), seen: '0', body: 'name=x' };
        localStorage.setItem('bole.draft:x', JSON.stringify(foreign));
    }""")
    form.reload()
    expect(form.locator("form[data-autosave]")).to_be_visible()
    assert form.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('bole.draft'))") == []


def test_two_windows_do_not_overwrite_each_other(form: Page, case: Case):
    other = form.context.new_page()
    other.goto(form.url)
    expect(other.locator("form[data-autosave]")).to_be_visible()
    form.locator("[name=name]").fill("钱思远")
    expect(state(form)).to_have_text(re.compile(r"已自动保存"))
    other.locator("[name=name]").fill("孙仲谋")
    other.get_by_role("link", name="对照两份内容").first.click()
    expect(other.get_by_text("钱思远").first).to_be_visible()
    expect(other.get_by_text("孙仲谋").first).to_be_visible()
    assert stored(case)["name"] == "钱思远"


def arrived(form: Page, case: Case, name: str) -> None:
    """Wait until what a leaving page sent behind itself is stored: the next page may be asked for sooner."""
    for _ in range(100):
        if stored(case).get("name") == name:
            return
        form.wait_for_timeout(100)


def test_the_address_bar_and_closing_the_window_save_what_was_typed_last(form: Page, case: Case):
    address = form.url
    form.locator("[name=name]").fill("钱思远")
    form.goto("about:blank")
    arrived(form, case, "钱思远")
    form.goto(address)
    expect(form.locator("[name=name]")).to_have_value("钱思远")
    expect(state(form)).to_have_attribute("data-state", "saved")
    assert stored(case)["name"] == "钱思远"

    other = form.context.new_page()
    other.goto(address)
    other.locator("[name=name]").fill("孙仲谋")
    other.close()
    arrived(form, case, "孙仲谋")
    form.goto(address)
    expect(form.locator("[name=name]")).to_have_value("孙仲谋")


def test_saving_over_a_newer_text_shows_both_and_either_can_be_taken(form: Page, case: Case):
    other = form.context.new_page()
    other.goto(form.url)
    form.locator("[name=name]").fill("钱思远")
    expect(state(form)).to_have_text(re.compile(r"已自动保存"))
    other.locator("[name=name]").fill("孙仲谋")
    expect(state(other)).to_contain_text("两份内容都保留着")
    other.get_by_role("button", name="保存", exact=True).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("委托联系人：对照两份内容")
    row = other.get_by_role("row", name="姓名")
    expect(row).to_contain_text("钱思远")
    expect(row).to_contain_text("孙仲谋")
    other.get_by_role("link", name="用已保存的内容").click()
    expect(other.locator("[name=name]")).to_have_value("钱思远")
    assert other.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('bole.draft'))") == []
    assert stored(case)["name"] == "钱思远"


def test_going_back_after_handing_in_shows_where_it_is(form: Page, case: Case):
    lin = as_self(case.person)
    made.fill(case, lin)
    made.prove(case, lin)
    form.goto(form.url.replace(f"sections/{SECTION}/", "preview/"))
    form.get_by_role("button", name="确认无误上报").click()
    expect(form.get_by_role("heading", name="上报成功")).to_be_visible()
    form.go_back()
    expect(form.get_by_role("button", name="确认无误上报")).to_have_count(0)
    expect(form.get_by_role("list", name="审核情况")).to_contain_text("待单位确认")
    assert made.fresh(case).round == 1
