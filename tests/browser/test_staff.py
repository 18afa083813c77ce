"""Staff pages in Chromium: marks, shortcuts, unmasking and searching keep what was typed; no violation found by axe."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bole.review.models import Task
from bole.web.pages import lists
from bole.web.pages.work import batch
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit
from tests.factories.grading import applicants, at_county, grading_in_force
from tests.factories.people import as_self, make_world
from tests.web.staff.conftest import live_staff as live_staff
from tests.web.staff.seats import Staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER = "640104199001010050"


def enter(page: Page, server: LiveServer, browser: Client, address: str) -> None:
    """Open the address with the session of a logged-in test client."""
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": browser.cookies[name].value, "url": server.url}])
    page.goto(server.url + address)


def violations(page: Page) -> list[str]:
    return [f"{found['id']} {found['nodes'][0]['html'][:120]}" for found in Axe().run(page).response["violations"]]


def test_review_page_keeps_everything_typed(page: Page, live_server: LiveServer, live_staff: Staff):
    case = made.approve(made.submitted_case(live_staff.world.lin, as_self(live_staff.world.lin)), live_staff.zhou)
    page.set_viewport_size({"width": 1440, "height": 900})
    enter(page, live_server, live_staff.county, "/ningxia/work/")
    assert violations(page) == []
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/work/{case.number}/")
    assert violations(page) == []

    work = page.locator("#s-work")
    work.get_by_role("radio", name="是").check()
    expect(page.locator("#m-s-work")).to_be_checked()
    expect(page.get_by_label("退回修改")).to_be_checked()
    expect(page.get_by_role("button", name="退回修改并看下一件")).to_be_visible()
    page.fill("#w-work", "起止年月与证明不一致")
    page.get_by_label("审核意见", exact=True).fill("请核对")

    page.get_by_role("button", name="查看完整证件号").click()
    expect(page.locator("#s-basic")).to_contain_text(NUMBER)
    page.locator("#phrases summary").click()
    page.get_by_role("button", name="把当前意见存为常用意见").click()
    expect(page.locator("[data-phrase]")).to_have_text("请核对")
    assert page.input_value("#w-work") == "起止年月与证明不一致"

    page.locator(".proof__p").first.click()
    expect(page.get_by_role("dialog", name="查看附件")).to_be_visible()
    expect(page.locator("[data-view-place]")).to_have_text("第 1 页，共 1 页")
    assert violations(page) == []
    marked = mark_a_spot(page)
    assert violations(page) == []
    page.keyboard.press("Escape")

    page.get_by_role("button", name="退回修改", exact=True).click()
    expect(page.get_by_text("已退回林致远修改 2 个模块。")).to_be_visible()
    case = made.fresh(case)
    assert case.open_sections == ["work", marked.partition("@")[0] + ".@files"]

    enter(page, live_server, as_person(live_staff.world.lin), f"/ningxia/cases/{case.number}/evidence/")
    page.locator(".note--bad a[data-view]").click()
    expect(page.locator("[data-view-told]")).to_have_text("1公章看不清")
    expect(page.locator("[data-view-spots] rect")).to_have_count(1)
    expect(page.locator("[data-spot-begin]")).to_have_count(0)
    assert violations(page) == []


def mark_a_spot(page: Page) -> str:
    """On the page that the viewer shows, turned: by hand, after Escape has left it once. The word of the mark."""
    form, sheet = page.locator("[data-spot-form]"), page.locator("[data-view-page]")
    page.get_by_role("button", name="标出有误", exact=True).click()
    expect(form).to_contain_text("第 1 页，整页。")
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    page.keyboard.press("r")  # a quarter to the right: what lies at the upper left was at the lower left
    page.keyboard.press("m")
    at = sheet.bounding_box()
    assert at is not None
    page.mouse.move(at["x"] + at["width"] * 0.1, at["y"] + at["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(at["x"] + at["width"] * 0.3, at["y"] + at["height"] * 0.6)
    page.mouse.up()
    expect(form).to_contain_text("第 1 页，圈出的位置。")
    page.keyboard.press("Enter")
    expect(form.get_by_role("alert")).to_contain_text("请写明要改什么")
    page.keyboard.type("公章看不清")
    page.keyboard.press("Enter")
    expect(form).to_be_hidden()
    expect(page.locator("[data-view-told]")).to_have_text("1公章看不清")
    mark = page.locator("[data-spot]")
    expect(mark).to_be_checked()
    left, top, width, height = (float(each) for each in (mark.get_attribute("data-box") or "").split(","))
    assert (left, top) == (pytest.approx(0.2, abs=0.02), pytest.approx(0.7, abs=0.02))
    assert (width, height) == (pytest.approx(0.4, abs=0.02), pytest.approx(0.2, abs=0.02))
    return mark.get_attribute("value") or ""


def test_superior_is_found_while_typing_and_the_route_follows_the_region(
    page: Page, live_server: LiveServer, live_staff: Staff
):
    enter(page, live_server, live_staff.clerk, "/ningxia/unit/profile/")
    assert violations(page) == []

    page.get_by_label("行政主管").fill("yinchuan")
    page.get_by_role("option", name="银川市人力资源和社会保障局").first.click()
    page.get_by_label("所属地区").select_option("640202")
    expect(page.locator("#desks")).to_contain_text("石嘴山市大武口区人力资源和社会保障局")
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("单位信息已保存。")).to_be_visible()
    expect(page.locator(".kv")).to_contain_text("银川市人力资源和社会保障局")
    assert violations(page) == []


def test_unit_confirms_with_one_press(page: Page, live_server: LiveServer, live_staff: Staff):
    case = made.submitted_case(live_staff.world.lin, as_self(live_staff.world.lin))
    page.set_viewport_size({"width": 390, "height": 800})
    enter(page, live_server, live_staff.clerk, "/ningxia/unit/")
    page.get_by_role("link", name="核对 林致远").click()
    assert violations(page) == []

    page.get_by_role("button", name="确认无误上报").dblclick()

    expect(page.get_by_text("林致远的申报已上报，送「县（区）人社部门审核」。").first).to_be_visible()
    assert made.fresh(case).step == "county"


def test_the_list_is_worked_with_keys_and_a_large_batch_goes_on_by_itself(
    page: Page, live_server: LiveServer, transactional_db: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lists.key_page, "__kwdefaults__", {"size": 2, "total": None})
    monkeypatch.setattr(batch, "MOST_AT_ONCE", 1)
    page.set_viewport_size({"width": 1440, "height": 900})
    with grading_in_force() as service:
        world = make_world()
        for person in applicants(world):
            at_county(world, service, person)
        enter(page, live_server, at_unit(world.cast.chen, world.ground.xingqing), "/ningxia/work/")
        keys, rows, chosen = page.keyboard, page.locator("tr[data-row]"), page.locator("#batch [data-n]")

        keys.press("?")
        expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
        keys.press("Escape")
        expect(page.get_by_role("dialog", name="快捷键")).to_be_hidden()
        keys.press("/")
        expect(page.locator("[data-find]")).to_be_focused()
        keys.type("jx")
        expect(page.locator("[data-find]")).to_have_value("jx")  # in a field they are letters
        page.locator("[data-find]").fill("")
        page.locator("h1").click()

        for key, place in (("j", 0), ("j", 1), ("k", 0)):
            keys.press(key)
            expect(rows.nth(place)).to_have_class(re.compile("is-cursor"))
        keys.press("x")
        expect(rows.first.get_by_role("checkbox")).to_be_checked()
        expect(chosen).to_have_text("1")
        keys.press("n")
        expect(rows).to_have_count(1)
        keys.press("a")
        expect(chosen).to_have_text("2")
        keys.press("p")
        expect(rows).to_have_count(2)
        expect(rows.first.get_by_role("checkbox")).to_be_checked()
        keys.press("b")

        expect(page.get_by_role("heading", name="已选 2 件")).to_be_visible()
        page.get_by_label("审核通过").check()
        page.get_by_role("button", name="确认办理").click()
        expect(page.get_by_text("还有 1 件没有办理")).to_be_visible()
        expect(page.locator(".pagehead__d")).to_contain_text("已办理 2 件")  # the rest went by itself
        assert Task.objects.filter(step="county", verdict="approve").count() == 2
