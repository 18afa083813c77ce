"""The 吉林 manual of the unit's hall, chapter 3.5 to 3.7, followed step by step by its labels: 审核, 送审, 评审结果."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer
from python_calamine import CalamineWorkbook

from bole.accounts.models import Account
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.organizations import queries as organizations
from bole.review import actions as review
from bole.review.models import DispatchPaper, Outcome, Task
from bole.review.terms import Result
from tests.browser.test_manual import Visitor
from tests.browser.test_staff import enter
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit
from tests.journeys.declaring import SITE, Ladder, make_ladder, ready_case
from tests.windows import let_the_server_finish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SERVICE = "人才分类定级评定"
PAPER = "推荐报告/申报函"
MARKED = "主要业绩和贡献"
FILE = {"name": "推荐报告.jpg", "mimeType": "image/jpeg", "buffer": made.picture()}


@pytest.fixture
def visitors(chromium: Browser, live_server: LiveServer) -> Iterator[list[Visitor]]:
    """The unit's reviewer, the applicant, who keeps the results; their windows are closed before the database goes."""
    everybody = [Visitor(chromium, live_server.url) for _ in range(3)]
    for each in everybody:
        each.page.on("pageerror", lambda error, whose=each: whose.violations.append(str(error)))
    yield everybody
    for each in everybody:
        each.page.context.close()
    let_the_server_finish()


def test_the_manual_can_be_followed_from_review_to_the_export_of_results(
    visitors: list[Visitor], live_server: LiveServer
):
    service = made.published(SITE, "talent-grading")
    ladder = make_ladder()
    case = ready_case(ladder, service, "works")
    review.submit_case(case=case, seen=case.revision, by=ladder.me("works"))
    unit, person, keeper = visitors
    name = case.person.name if case.person else ""

    enter(unit.page, live_server, desk(ladder, "works"), f"/{SITE}/messages/")
    send_back(unit, case.number, name)
    assert (made.fresh(case).status, made.fresh(case).open_sections) == (Status.RETURNED, ["summary"])
    enter(person.page, live_server, as_person(ladder.persons["works"]), f"/{SITE}/cases/{case.number}/")
    mend(person)
    assert (made.fresh(case).step, made.fresh(case).round) == ("unit", 2)
    pass_on(unit, case.number, name)
    papers(unit, name)
    send_on(unit, case)
    complete(ladder, case)

    enter(keeper.page, live_server, desk(ladder, "province"), f"/{SITE}/work/results/")
    award(keeper, case, name)
    rows = look_at_results(unit, name)
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (len(rows), told["受理编号"], told["评定状态"]) == (2, case.number, "通过")
    assert [fault for visitor in visitors for fault in visitor.violations] == []


def desk(ladder: Ladder, key: str) -> Client:
    """The browser session of the reviewer there."""
    by: Actor = ladder.keepers[ladder.units[key].pk]
    return at_unit(Account.objects.get(pk=by.account), organizations.unit(ladder.units[key].pk))


def open_number(unit: Visitor, column: str, many: int) -> None:
    """【业务审核】, the number of the matter under this column: as many rows as the number says."""
    page, back = unit.page, unit.page.get_by_role("link", name="返回清单")
    if back.count():  # the page of a case has no menu
        back.first.click()
    page.get_by_role("link", name="业务审核").first.click()
    expect(page.get_by_role("navigation", name="所在位置")).to_have_count(0)
    page.get_by_role("link", name=f"{SERVICE}，{column} {many} 条").click()
    expect(page.locator("tr[data-row]")).to_have_count(many)


def send_back(unit: Visitor, number: str, name: str) -> None:
    """3.5.1 审核路径; 3.5.2.1 审核, .2 审核退回, .3 常用意见选择, .4 常用意见维护, .6 审核进度查询."""
    page = unit.page
    page.get_by_role("link", name="业务审核").first.click()
    for head in ("事项类别", "事项名称", "待审核", "待送审", "已退回", "今日办结", "总办结"):
        expect(page.get_by_role("columnheader", name=head, exact=True)).to_be_visible()
    unit.check()
    open_number(unit, "待审核", 1)
    unit.check()
    page.get_by_role("link", name=f"审核 {name}").click()
    page.get_by_text("常用意见", exact=True).click()
    page.get_by_role("link", name="维护常用意见").click()
    page.get_by_label("新增常用意见").fill("请核实{问题模块}。")
    page.get_by_role("button", name="新增").click()
    page.get_by_label("常用意见 1", exact=True).fill("{姓名}：请核实{问题模块}。")
    page.get_by_role("button", name=re.compile("保存.*常用意见 1")).click()
    unit.check()

    unit.go(f"/{SITE}/work/{number}/")
    wrong = page.locator("section.rsec").filter(has=page.get_by_role("heading", name=MARKED, exact=True))
    wrong.get_by_role("group", name="此模块信息是否有误").get_by_role("radio", name="是", exact=True).check(force=True)
    expect(page.get_by_role("radio", name="退回修改")).to_be_checked()
    expect(page.get_by_role("group", name="问题模块").get_by_label(MARKED)).to_be_checked()
    expect(page.get_by_text("退回目标")).to_be_visible()
    page.get_by_text("常用意见", exact=True).click()
    page.get_by_role("button", name="请核实", exact=False).first.click()
    expect(page.get_by_label("审核意见", exact=True)).to_have_value(f"{name}：请核实{MARKED}。")
    page.get_by_role("tab", name="审核进度").click()
    expect(page.get_by_role("tabpanel", name="审核进度")).to_contain_text("单位审核")
    page.get_by_role("tab", name="审核", exact=True).click()
    unit.check()
    page.get_by_role("button", name="退回修改", exact=True).click()
    expect(page.get_by_text(f"已退回{name}修改 1 个模块。")).to_be_visible()
    open_number(unit, "已退回", 1)


def mend(person: Visitor) -> None:
    """「申报者只能修改审核退回时勾选的问题模块」, and hands in again."""
    page = person.page
    person.check()
    page.get_by_role("main").get_by_role("link", name="申报级别").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("申报级别")
    expect(page.get_by_role("button", name="保存", exact=True)).to_have_count(0)
    page.get_by_role("navigation", name="栏目").get_by_role("link", name=MARKED).first.click()
    page.get_by_role("textbox", name=MARKED).fill("主持省级重点项目两项，成果已经转化。")
    person.check()
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("link", name="上报").first.click()
    page.get_by_role("button", name="确认无误上报").click()
    expect(page.get_by_role("heading", name="上报成功")).to_be_visible()


def pass_on(unit: Visitor, number: str, name: str) -> None:
    """3.5.2.5 保存审核结果."""
    page = unit.page
    open_number(unit, "待审核", 1)
    page.get_by_role("link", name=f"审核 {name}").click()
    expect(page.get_by_text("与上次相比有修改")).to_have_count(1)
    page.get_by_role("radio", name="审核通过").check(force=True)
    page.get_by_label("审核意见", exact=True).fill("同意推荐")
    page.get_by_role("button", name="审核通过", exact=True).click()
    expect(page.get_by_text("已审核通过，待送审，请及时送审")).to_be_visible()


def papers(unit: Visitor, name: str) -> None:
    """3.6.1 送审路径, 3.6.2.1 上传送审附件, 3.6.2.2 删除送审附件; 「推荐报告/申报函附件是必填项」."""
    page = unit.page
    open_number(unit, "待送审", 1)
    unit.check()
    choose(unit, name)
    page.get_by_role("button", name="批量送审").click()
    expect(page.get_by_text(f"缺：{PAPER}")).to_be_visible()
    upload(unit, name, checked=True)
    choose(unit, name)
    page.get_by_role("button", name="删除", exact=True).click()
    page.get_by_role("button", name="确认删除").click()
    expect(page.get_by_text("已删除").first).to_be_visible()
    assert not DispatchPaper.objects.filter(removed_at=None).exists()
    upload(unit, name, checked=False)


def choose(unit: Visitor, name: str) -> None:
    """勾选需要送审的人员."""
    open_number(unit, "待送审", 1)
    unit.page.get_by_role("checkbox", name=f"选择 {name}").check(force=True)


def upload(unit: Visitor, name: str, *, checked: bool) -> None:
    """「多选已审核完毕的数据，点击“上传送审附件”」; `checked`, the page is looked at by axe."""
    page = unit.page
    choose(unit, name)
    page.get_by_role("button", name="上传送审附件").click()
    page.get_by_label("附件名称").select_option(label=PAPER)
    page.get_by_label("文件", exact=False).first.set_input_files(FILE)
    if checked:
        unit.check()
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_text("已上传 1 件")).to_be_visible()


def send_on(unit: Visitor, case: Case) -> None:
    """3.6.2.3 批量送审."""
    page = unit.page
    choose(unit, case.person.name if case.person else "")
    page.get_by_role("button", name="批量送审").click()
    expect(page.get_by_role("heading", name="可以送审 1 件")).to_be_visible()
    unit.check()
    page.get_by_role("button", name="确认送审").click()
    expect(page.get_by_text("已送审 1 件")).to_be_visible()
    unit.check()
    assert made.fresh(case).step == "city"


def complete(ladder: Ladder, case: Case) -> None:
    """The desks that follow pass and send on, once the time to take it back is over."""
    Task.objects.filter(held_until__isnull=False).update(held_until=clock.now())
    case = made.fresh(case)
    city = ladder.keeper(case)
    made.approve(case, city, "同意推荐")
    review.add_paper(cases=[case.number], name=PAPER, data=made.picture(), file_name="推荐报告.jpg", by=city)
    review.dispatch(case=case, seen=made.fresh(case).revision, by=city)
    made.approve(case, ladder.keeper(made.fresh(case)), "同意")
    assert made.fresh(case).status == Status.COMPLETED


def award(keeper: Visitor, case: Case, name: str) -> None:
    """3.7 「业务处室在系统中公布申报人的评审结果」."""
    page = keeper.page
    page.get_by_role("navigation", name="按事项").get_by_role("link", name=SERVICE).click()
    expect(page.locator("table")).to_contain_text("未认定")
    keeper.check()
    page.get_by_role("link", name="录入").first.click()
    page.get_by_label("评定状态").select_option(label=Result.PASSED.word)
    page.get_by_label("评定级别").select_option(index=4)
    page.get_by_label("文号").fill("吉人社评〔2026〕8号")
    page.get_by_label("评定日期").fill("2026-04-18")
    keeper.check()
    page.get_by_role("main").locator("form[aria-label] button[type=submit]").click()
    page.get_by_role("button", name="公布全部待公布的结果").click()
    expect(page.get_by_role("heading", name="1 件可以公布")).to_be_visible()
    keeper.check()
    page.get_by_role("button", name="确认公布 1 件").click()
    page.wait_for_load_state()
    assert Outcome.objects.get(case=case).published_at is not None


def look_at_results(unit: Visitor, name: str) -> list[list[object]]:
    """3.7.1 评审结果查询, 3.7.2 评审结果导出. Returns the rows of the workbook."""
    page = unit.page
    open_number(unit, "总办结", 2)  # every decision of the unit: returned once, passed once
    unit.check()
    page.get_by_role("main").get_by_role("link", name="评审结果").click()
    for label in ("姓名", "证件号码", "推荐单位", "申请评定级别", "评定状态", "评审后评定级别"):
        expect(page.get_by_role("search").get_by_label(label, exact=True)).to_be_visible()
    page.get_by_role("search").get_by_label("评定状态").select_option(label="未通过")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("rowheader", name=name)).to_have_count(0)
    page.get_by_role("search").get_by_label("评定状态").select_option(label="通过")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("rowheader", name=name)).to_have_count(1)
    unit.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 1 件").click()
    book = CalamineWorkbook.from_filelike(BytesIO(download.value.path().read_bytes()))
    return book.get_sheet_by_index(0).to_python()
