"""The 宁夏 manual, followed step by step by its labels: operator, unit, person, unit, county, city, region."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from bole.organizations.terms import Role
from tests.browser import manual
from tests.factories.cases import published
from tests.factories.organizations import NUMBERS, PASSWORD, SCHOOL_CODE, give_role, make_account, make_ground

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("easy_captcha"),
]

WANG = ("王娜", "640104199001010069")
LIN = ("林致远", NUMBERS["林致远"])


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, chromium: Browser, site: str) -> None:
        self.page: Page = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
        self.page.set_default_timeout(20_000)
        self.site = site
        self.violations: list[str] = []

    def go(self, address: str) -> None:
        self.page.goto(self.site + address)

    def log_in(self, number: str, way: str) -> None:
        """第一步 选择登录类型; 第二步 录入用户名、密码、验证码; 第三步 登录."""
        self.go("/ningxia/")
        self.page.get_by_label(way, exact=True).check(force=True)
        self.page.get_by_label("证件号码").fill(number)
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        self.page.get_by_label("验证码", exact=True).fill("0000")
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_load_state()

    def log_out(self) -> None:
        self.menu()
        self.page.get_by_role("button", name="退出登录").click()
        self.page.wait_for_load_state()

    def menu(self) -> None:
        """点击右上角用户下拉框."""
        self.page.locator("header details.menu summary, .topbar details.menu summary").first.click()

    def register(self, name: str, number: str, phone: str) -> None:
        page = self.page
        self.go("/ningxia/")
        page.get_by_role("link", name="立即注册").first.click()
        page.get_by_label("姓名").fill(name)
        page.get_by_label("证件号码").fill(number)
        page.get_by_label("已阅读").check()
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("手机号码").fill(phone)
        page.get_by_role("button", name="获取验证码").click()
        page.get_by_label("短信验证码").fill("000000")
        page.get_by_role("button", name="下一步").click()
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=again]").fill(PASSWORD)
        page.get_by_role("button", name="注册", exact=True).click()
        expect(page.get_by_text("注册信息已提交")).to_be_visible()

    def keep_picture(self, width: int) -> None:
        """With BOLE_SCREENSHOTS=DIR every page of the walk is kept as a picture, to be compared with the prototype."""
        folder = os.environ.get("BOLE_SCREENSHOTS")
        if folder:
            name = self.page.url.removeprefix(self.site).strip("/").replace("/", "-") or "root"
            self.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)

    def check(self) -> None:
        """axe finds nothing on this page at either width."""
        for width in (1440, 390):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.wait_for_timeout(150)
            self.keep_picture(width)
            for each in Axe().run(self.page).response["violations"]:
                self.violations.append(f"{self.page.url} {width} {each['id']} {each['nodes'][0]['html'][:160]}")
            if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self.violations.append(f"{self.page.url} {width} scrolls sideways")
        self.page.set_viewport_size({"width": 1440, "height": 900})


def test_the_manual_can_be_followed_from_authorization_to_the_last_approval(chromium: Browser, live_server: LiveServer):
    ground = make_ground()
    published()
    for unit, name, number, role in (
        (ground.xingqing, "马经办", NUMBERS["马经办"], Role.AUTHORIZER),
        (ground.xingqing, "陈国栋", NUMBERS["陈国栋"], Role.REVIEWER),
        (ground.yinchuan, "何经办", NUMBERS["何经办"], Role.REVIEWER),
        (ground.province, "吴海燕", NUMBERS["吴海燕"], Role.REVIEWER),
    ):
        give_role(unit, role, make_account(name, number))
    everybody = [Visitor(chromium, live_server.url) for _ in range(6)]
    operator, wang, lin, county, city, region = everybody
    wang.register(*WANG, "13895100002")
    lin.register(*LIN, "13895100001")

    authorize(operator)
    accept_and_describe(wang)
    number = declare(lin)
    confirm(wang, number)
    for reviewer, who in ((county, "陈国栋"), (city, "何经办"), (region, "吴海燕")):
        reviewer.log_in(NUMBERS[who], "单位")
        approve(reviewer, number)

    lin.go(f"/ningxia/cases/{number}/")
    expect(lin.page.get_by_role("list", name="审核情况")).to_contain_text("已完成：审核通过")
    lin.check()
    with lin.page.expect_popup() as popup:
        lin.page.get_by_role("link", name="打印预览").click()
    assert popup.value.url.endswith("/print/")
    assert [fault for visitor in everybody for fault in visitor.violations] == []


def authorize(operator: Visitor) -> None:
    """3.3 经办用户: 采集授权, 开通网上采集功能, 设置采集管理员."""
    page = operator.page
    operator.log_in(NUMBERS["马经办"], "单位")
    expect(page.get_by_role("heading", name="采集授权")).to_be_visible()
    operator.check()
    page.get_by_label("社会统一信用代码").fill(SCHOOL_CODE)
    page.get_by_role("button", name="查询").click()
    page.get_by_role("radio", name="兴庆区第一中学").check(force=True)
    page.get_by_role("button", name="开通网上采集功能").click()
    expect(page.locator("body")).to_contain_text("已开通")
    operator.check()
    page.get_by_role("radio", name="兴庆区第一中学").check(force=True)
    page.get_by_role("button", name="设置采集管理员").click()
    page.get_by_label("证件号码").fill(WANG[1])
    page.get_by_label("姓名").fill(WANG[0])
    operator.check()
    page.get_by_role("button", name="查询").click()
    page.get_by_role("button", name="设置单位采集管理员").click()
    expect(page.locator("body")).to_contain_text("待本人接受")


def accept_and_describe(wang: Visitor) -> None:
    """The appointee accepts; 3.2.3 单位信息维护."""
    page = wang.page
    wang.log_in(WANG[1], "单位")
    expect(page.locator("body")).to_contain_text("个人")  # told why and what to do: accept first
    wang.log_in(WANG[1], "个人")
    wang.check()
    page.get_by_role("button", name="接受").click()
    wang.log_out()
    wang.log_in(WANG[1], "单位")
    expect(page.get_by_role("heading", name="单位信息").first).to_be_visible()
    wang.check()
    manual.enter(
        page,
        [
            ("单位地址", "text", "银川市兴庆区解放街 1 号"),
            ("负责人", "text", "李校长"),
            ("负责人手机号", "text", "13895100003"),
            ("单位类型", "pick", ""),
            ("隶属关系", "pick", ""),
            ("经济类型", "pick", ""),
            ("所属行业", "search", "教育"),
            ("行政主管", "search", "兴庆区教育局"),
            ("行业主管", "search", "兴庆区教育局"),
        ],
    )
    page.get_by_role("button", name="保存").click()
    expect(page.locator("body")).to_contain_text("0人待审核")
    wang.check()


def declare(lin: Visitor) -> str:
    """3.1.3 信息录入: the 17 tabs, 上报, 确认无误上报. Returns the number of the case."""
    page = lin.page
    lin.log_in(LIN[1], "个人")
    lin.check()
    lin.menu()
    page.get_by_role("link", name="高层次人才采集").first.click()
    page.get_by_label("民族").select_option(label="汉族")
    page.get_by_label("所在单位").fill("兴庆区第一中学")
    lin.check()
    page.get_by_role("button", name="保存").click()
    lin.menu()
    page.get_by_role("link", name="高层次人才采集").first.click()
    expect(page.get_by_role("heading", name="信息采集表", level=1)).to_be_visible()
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    lin.check()

    page.get_by_role("main").get_by_role("link", name="基本信息").first.click()
    lin.check()
    manual.enter(page, manual.BASIC)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("工作经历")
    for name, entries in manual.RECORDS.items():
        tab(page, name)
        page.get_by_role("link", name="新增").click()
        dialog = page.get_by_role("dialog")
        manual.enter(dialog, entries)
        if name in ("工作经历", "专技资格"):
            lin.check()
        dialog.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_role("link", name="修改")).to_have_count(1)
    lin.check()
    tab(page, "委托联系人")
    manual.enter(page, manual.CONTACT)
    page.get_by_role("button", name="保存", exact=True).click()
    tab(page, "补充信息")
    page.get_by_role("textbox", name="补充信息").fill("长期从事高中数学教学。")
    page.get_by_role("button", name="保存", exact=True).click()
    attach(lin)

    page.get_by_role("link", name="上报").first.click()
    expect(page.get_by_role("button", name="确认无误上报")).to_be_visible()
    lin.check()
    page.get_by_role("button", name="确认无误上报").click()
    expect(page.get_by_role("heading", name="上报成功")).to_be_visible()
    lin.check()
    return number


def tab(page: Page, name: str) -> None:
    """点击【…】; the page before has buttons of the same names, so its going is waited for."""
    with page.expect_navigation():
        page.get_by_role("navigation", name="栏目").get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def attach(lin: Visitor) -> None:
    """【附件管理】: a file for each line."""
    page = lin.page
    tab(page, "附件管理")
    for caption in manual.EVIDENCE:
        expect(page.get_by_role("heading", name=caption)).to_be_visible()
    lin.check()
    slots = page.locator("input[type=file][data-upload]")
    for place in range(1, slots.count()):  # the first is the optional portrait
        slots.nth(place).set_input_files(manual.certificate(place * 20))
        expect(page.locator("li.thumb")).to_have_count(place)
    page.reload()
    expect(page.locator("body")).to_contain_text("需要的附件都已上传")


def confirm(wang: Visitor, number: str) -> None:
    """3.2.5 单位审核: 待单位确认, 确认无误上报, 打印预览."""
    page = wang.page
    wang.go("/ningxia/unit/")
    page.get_by_role("link", name="待单位确认").first.click()
    wang.check()
    page.get_by_role("link", name="核对").first.click()
    expect(page.get_by_role("heading", name="工作经历").first).to_be_visible()
    wang.check()
    page.get_by_role("button", name="确认无误上报").click()
    page.wait_for_load_state()
    wang.go(f"/ningxia/work/{number}/")
    expect(page.get_by_role("link", name="打印预览").first).to_be_visible()


def approve(reviewer: Visitor, number: str) -> None:
    """县市区三级审核备案."""
    page = reviewer.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    reviewer.check()
    reviewer.go(f"/ningxia/work/{number}/")
    reviewer.check()
    page.get_by_label("审核通过").first.check(force=True)
    with page.expect_navigation():  # the panel keeps its draft before it is sent
        page.get_by_role("button", name="审核通过").or_(page.get_by_role("button", name="保存")).first.click()
    reviewer.go("/ningxia/work/?tab=done")
