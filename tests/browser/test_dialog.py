"""One record in its dialog: fields that follow others, faults, drafts, two windows, an ended log-in, no script."""

import re
from dataclasses import dataclass

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from bole.cases import actions, queries
from bole.cases.models import Case, Draft
from bole.kernel.actors import Actor
from tests.browser.filling import dialog, enter, typed, unscripted
from tests.factories import cases as made
from tests.factories.organizations import NUMBERS, PASSWORD
from tests.factories.people import World, as_self, make_world

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]


@dataclass
class Desk:
    """Lin's window, the case in it, and the address of the server."""

    page: Page
    case: Case
    world: World
    lin: Actor
    site: str

    def open(self, section: str, page: Page | None = None) -> Page:
        window = page or self.page
        window.goto(f"{self.site}/ningxia/cases/{self.case.number}/sections/{section}/")
        return window


@pytest.fixture
def desk(page: Page, live_server: LiveServer) -> Desk:
    world = make_world()
    made.published()
    lin = as_self(world.lin)
    case = made.open_case(world.lin, lin)
    enter(page, live_server.url, world.lin)
    page.set_default_timeout(20_000)
    return Desk(page, case, world, lin, live_server.url)


def add(page: Page) -> None:
    page.get_by_role("link", name="新增").click()
    expect(dialog(page)).to_be_visible()


def save(page: Page) -> None:
    dialog(page).get_by_role("button", name="保存", exact=True).click()


def test_remark_is_asked_for_once_other_is_chosen_and_the_row_appears(desk: Desk):
    page = desk.open("talent_projects")
    add(page)
    expect(page.get_by_label("人才工程名称")).to_be_focused()
    expect(page.get_by_label("人才工程备注")).to_be_hidden()
    page.get_by_label("人才工程名称").select_option(label="其他")
    page.get_by_label("人才工程备注").fill("银川市学科带头人")
    expect(dialog(page)).to_contain_text("还可输入 22 字")
    page.get_by_label("专业或技术领域").select_option(index=1)
    page.get_by_role("group", name="级别").get_by_label("市级").check()
    page.get_by_label("入选年度").fill("2019")
    save(page)
    expect(page.get_by_role("row", name="银川市学科带头人")).to_be_visible()
    expect(page.get_by_text("已保存这条记录。请在下方上传它的证明材料。")).to_be_visible()
    expect(page.get_by_text("有一条没有保存的内容")).to_have_count(0)


def test_title_follows_level_and_level_follows_series(desk: Desk):
    page = desk.open("titles")
    add(page)
    title = page.get_by_label("专业技术职称")
    expect(title.locator("option")).to_have_count(1)
    page.get_by_label("专技系列").select_option(label="中小学教师")
    page.get_by_label("等级").select_option(label="副高级")
    expect(title.locator("option", has_text="高级教师").first).to_be_attached()
    title.select_option(label="高级教师")
    page.get_by_label("专技系列").select_option(label="高等学校教师")
    expect(title).to_have_value("")


def test_every_fault_is_listed_first_and_leads_to_its_field(desk: Desk):
    page = desk.open("honors")
    add(page)
    page.get_by_label("颁奖单位").fill("银川市人民政府")
    save(page)
    summary = dialog(page).get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("有 5 处需要修改")
    expect(page.get_by_label("颁奖单位")).to_have_value("银川市人民政府")
    summary.get_by_role("link", name="请填写获奖时间").click()
    expect(page.get_by_label("获奖时间")).to_be_focused()
    expect(page.get_by_label("获奖时间")).to_have_attribute("aria-invalid", "true")
    assert typed(desk.case, "honors") == []


@pytest.mark.parametrize("way", ["Escape", "关闭"])
def test_closing_keeps_a_draft_and_says_so(desk: Desk, way: str):
    page = desk.open("honors")
    add(page)
    page.get_by_label("荣誉(奖项)名称").fill("优秀教师")
    if way == "Escape":
        page.keyboard.press("Escape")
    else:
        dialog(page).get_by_role("button", name="关闭", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="没有保存的内容已留作草稿")).to_be_visible()
    expect(page.get_by_text("有一条没有保存的内容")).to_be_visible()
    expect(page.get_by_role("link", name="新增")).to_be_focused()
    add(page)
    expect(page.get_by_label("荣誉(奖项)名称")).to_have_value("优秀教师")
    expect(dialog(page)).to_contain_text("这是上次没有保存的内容。")
    dialog(page).get_by_role("button", name="放弃这次填写").click()
    expect(page.get_by_text("有一条没有保存的内容")).to_have_count(0)
    assert Draft.objects.count() == 0


def test_nothing_typed_leaves_no_draft(desk: Desk):
    page = desk.open("honors")
    add(page)
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_role("link", name="新增")).to_be_focused()
    assert Draft.objects.count() == 0


def test_pressing_save_twice_makes_one_record(desk: Desk):
    page = desk.open("part_time")
    add(page)
    for label, text in (
        ("兼职机构", "数学学会"),
        ("职务", "理事"),
        ("任职时间", "2017-05"),
        ("主要工作职责", "学术"),
        ("聘期", "5年"),
    ):
        dialog(page).get_by_label(label, exact=False).first.fill(text)
    dialog(page).get_by_label("备注", exact=False).first.fill("连任")
    dialog(page).get_by_role("button", name="保存", exact=True).dblclick()
    expect(page.get_by_role("row", name="数学学会")).to_have_count(1)
    assert [record["organization"] for record in typed(desk.case, "part_time")] == ["数学学会"]


def honor(desk: Desk, title: str, key: str = "", seen: int = 0) -> str:
    record = made.sample_record(queries.service_of(desk.case).by_code["honors"])
    _, key = actions.save_record(
        case=desk.case, section="honors", record=key, typed={**record, "title": title}, seen=seen, by=desk.lin
    )
    return key


def test_record_changed_in_another_window_shows_both_texts(desk: Desk):
    key = honor(desk, "优秀教师")
    page = desk.open("honors")
    page.get_by_role("link", name=re.compile("修改.*优秀教师")).click()
    expect(dialog(page)).to_be_visible()  # it has the text of before
    honor(desk, "先进工作者", key, seen=1)
    page.get_by_label("荣誉(奖项)名称").fill("劳动模范")
    save(page)
    expect(dialog(page)).to_contain_text("从别处保存过。两份内容都保留着")
    expect(dialog(page).get_by_role("row", name="荣誉(奖项)名称")).to_contain_text("先进工作者")
    expect(page.get_by_label("荣誉(奖项)名称")).to_have_value("劳动模范")
    assert typed(desk.case, "honors")[0]["title"] == "先进工作者"
    save(page)
    expect(page.get_by_role("row", name="劳动模范")).to_be_visible()


def test_record_deleted_in_another_window_can_be_saved_as_a_new_one(desk: Desk):
    key = honor(desk, "优秀教师")
    page = desk.open("honors")
    page.get_by_role("link", name=re.compile("修改.*优秀教师")).click()
    expect(dialog(page)).to_be_visible()  # it has the record of before
    actions.remove_record(case=desk.case, section="honors", record=key, seen=1, by=desk.lin)
    page.get_by_label("荣誉(奖项)名称").fill("劳动模范")
    save(page)
    expect(dialog(page)).to_contain_text("这条记录已在别处删除。点「保存」，把下面的内容作为新记录保存。")
    save(page)
    expect(page.get_by_role("row", name="劳动模范")).to_be_visible()
    assert Draft.objects.count() == 0


def test_log_in_that_ran_out_costs_no_text(desk: Desk, easy_captcha: None):
    page = desk.open("honors")
    add(page)
    Session.objects.all().delete()
    page.get_by_label("荣誉(奖项)名称").fill("优秀教师")
    expect(dialog(page)).to_contain_text("登录已过期，内容已暂存本机。")
    dialog(page).get_by_role("link", name="重新登录").click()
    page.get_by_label("证件号码").fill(NUMBERS["林致远"])
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("验证码", exact=True).fill("0000")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_label("荣誉(奖项)名称")).to_have_value("优秀教师")
    expect(page.locator("[data-savestate]").first).to_have_text(re.compile("已自动保存"))
    assert Draft.objects.get().typed["title"] == "优秀教师"


def test_discipline_is_found_by_name_and_by_pinyin(desk: Desk):
    page = desk.open("basic")
    box = page.get_by_label("从事学科分类")
    for words in ("数学", "shuxue", "sx"):
        box.fill(words)
        expect(page.get_by_role("option", name="数学").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).not_to_have_value("sx")
    expect(page.locator("[data-savestate]").first).to_have_text(re.compile("已自动保存"))
    found = queries.form_of(made.fresh(desk.case)).sections["basic"]
    assert "discipline" in found.values


def test_reset_puts_text_and_counter_back(desk: Desk):
    page = desk.open("contact")
    name = page.get_by_label("委托人所在单位")
    counter = page.locator("#f-employer-c")
    before = counter.inner_text()
    name.fill("兴庆区第一中学")
    expect(counter).not_to_have_text(before)
    page.get_by_role("button", name="重置").click()
    expect(name).to_have_value("")
    expect(counter).to_have_text(before)


def test_without_a_script_a_choice_is_followed_after_a_press(desk: Desk, chromium: Browser):
    page = desk.open("titles", unscripted(chromium, desk.site, desk.world.lin))
    page.get_by_role("link", name="新增").click()
    for label, name in (("专技系列", "中小学教师"), ("等级", "副高级")):
        page.get_by_label(label).select_option(label=name)
        page.get_by_role("button", name="选择后刷新").click()
    page.get_by_label("专业技术职称").select_option(label="高级教师")
    for label, text in (("证书编号", "NX-1"), ("取得资格时间", "2019-12"), ("发证机构", "人社厅")):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("row", name="高级教师")).to_be_visible()
    desk.open("talent_projects", page)
    page.get_by_role("link", name="新增").click()
    page.get_by_label("人才工程名称").select_option(label="其他")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_label("人才工程备注")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("请填写人才工程备注")
    page.context.close()
