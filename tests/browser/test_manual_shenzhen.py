"""The 深圳 manual, chapters 2.2 to 3.5, followed step by step by its labels: from the type of business to the unit.

Afterwards the unit reviews and makes public what it will recommend (TR-30).
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from bole.accounts.models import Account
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.review.models import UnitPublicity
from tests.browser.test_manual import Visitor
from tests.browser.test_staff import enter
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit
from tests.journeys.declaring_shenzhen import SENIOR, SITE, Shenzhen, fill, make_shenzhen
from tests.windows import let_the_server_finish

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]
STEPS = ("选择申报资格", "填写申报信息", "上传申报材料", "提交单位审核")


@pytest.fixture
def visitors(chromium: Browser, live_server: LiveServer) -> Iterator[list[Visitor]]:
    """The applicant and the unit's reviewer; their windows are closed before the database goes."""
    everybody = [Visitor(chromium, live_server.url) for _ in range(2)]
    yield everybody
    for each in everybody:
        each.page.context.close()
    let_the_server_finish()


def test_the_manual_can_be_followed_to_the_units_publicity(visitors: list[Visitor], live_server: LiveServer):
    made.published(SITE, "title-ordinary")
    ground = make_shenzhen()
    person, unit = visitors
    assert ground.person is not None
    enter(person.page, live_server, as_person(ground.person), f"/{SITE}/me/")
    begin(person)
    case = Case.objects.get(site=SITE)
    choose_title(person, ground)
    fill_basic(person)
    fill(ground, case)
    made.prove(case, ground.me)
    hand_in(person, case)
    account = Account.objects.get(pk=ground.keepers[ground.units["works"].pk][0].account)
    enter(unit.page, live_server, at_unit(account, ground.units["works"]), f"/{SITE}/work/{case.number}/")
    publish(unit, case)
    assert [fault for visitor in visitors for fault in visitor.violations] == []


def begin(person: Visitor) -> None:
    """2.2 选择业务类型; 3.1 资格评审个人申报首页: 普通申报, 创新型人才申报."""
    page = person.page
    page.get_by_role("region", name="选择业务类型").get_by_role("link", name="资格评审").click()
    expect(page.get_by_role("heading", name="资格评审个人申报首页")).to_be_visible()
    expect(page.get_by_role("link", name="创新型人才申报").first).to_be_visible()
    for heading in ("申报中的信息", "已申报的信息"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    person.check()
    page.get_by_role("main").get_by_role("link", name="普通申报").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("普通申报")
    page.get_by_role("button", name="开始填报").click()
    steps = page.get_by_role("navigation", name="申报步骤")
    for step in STEPS:
        expect(steps).to_contain_text(step)
    expect(steps).not_to_contain_text("已完成")
    person.check()


def choose_title(person: Visitor, ground: Shenzhen) -> None:
    """3.2 选择申报资格: from top to bottom; what is single comes by itself; 「下一步：填写申报信息」."""
    page = person.page
    page.get_by_role("navigation", name="申报步骤").get_by_role("link", name="选择申报资格").click()
    page.get_by_label("正常申报").check(force=True)
    page.get_by_label("申报系列").select_option(label="工程技术人员")
    page.get_by_label("申报专业").select_option(label=SENIOR[1])
    chosen = ground.titles[SENIOR]
    expect(page.get_by_label("评委会")).to_have_value(chosen["committee"])
    expect(page.get_by_label("日常工作部门")).to_have_value(chosen["department"])
    person.check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("基本申报信息")


def fill_basic(person: Visitor) -> None:
    """3.3 填写申报信息: the groups of the basic section; leaving by the strip keeps what was typed (D21)."""
    page = person.page
    for part in ("个人基本信息", "工作信息", "现资格信息", "申报资格信息", "联系方式"):
        expect(page.get_by_text(part, exact=True).first).to_be_visible()
    expect(page.get_by_text(SENIOR[3], exact=True).first).to_be_visible()
    page.get_by_label("出生地").fill("广东省梅州市")
    person.check()
    strip = page.get_by_role("navigation", name="栏目导航")
    strip.get_by_role("link", name="选择资格名称", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("选择资格名称")
    page.get_by_role("navigation", name="栏目导航").get_by_role("link", name=re.compile("下一项")).click()
    expect(page.get_by_label("出生地")).to_have_value("广东省梅州市")


def hand_in(person: Visitor, case: Case) -> None:
    """3.5 提交单位审核, with number and time; 3.1 撤回, and once more."""
    page = person.page
    for _ in range(2):
        person.go(f"/{SITE}/cases/{case.number}/")
        page.get_by_role("navigation", name="申报步骤").get_by_role("link", name="提交单位审核").click()
        page.get_by_role("button", name="提交单位审核").click()
        expect(page.get_by_text(case.number).first).to_be_visible()
        expect(page.get_by_text("提交时间").first).to_be_visible()
        if made.fresh(case).round == 1:
            page.get_by_role("link", name="撤回").click()
            page.get_by_role("button", name="撤回").click()
            expect(page.get_by_text("已撤回")).to_be_visible()
    assert made.fresh(case).status == Status.IN_REVIEW


def publish(unit: Visitor, case: Case) -> None:
    """The unit passes it, records five working days of publicity, and cannot recommend before they are over."""
    page, name = unit.page, case.person.name if case.person else ""
    page.get_by_role("radio", name="审核通过").check(force=True)
    page.get_by_label("审核意见", exact=True).fill("材料齐全")
    page.get_by_role("button", name="审核通过", exact=True).click()
    expect(page.get_by_text("已审核通过，待送审")).to_be_visible()
    unit.go(f"/{SITE}/work/?tab=cleared")
    page.get_by_role("checkbox", name=f"选择 {name}").check(force=True)
    page.get_by_role("button", name="单位公示").click()
    page.get_by_label("公示地点").fill("单位公告栏")
    unit.check()
    page.get_by_role("button", name="登记公示", exact=True).click()
    expect(page.get_by_text("已登记 1 件")).to_be_visible()
    row = UnitPublicity.objects.get(task__case=case)
    unit.go(f"/{SITE}/work/?tab=cleared")
    page.get_by_role("checkbox", name=f"选择 {name}").check(force=True)
    page.get_by_role("button", name="批量送审").click()
    expect(page.get_by_text(f"单位内部公示到{row.ends:%Y-%m-%d}为止")).to_be_visible()
