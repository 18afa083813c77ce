"""The personal platform: what is going on, declarations, archive, who looked, messages and the bell."""

import re
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bole.cases import actions
from bole.documents import queries as documents
from bole.kernel import clock
from bole.notices import actions as notices
from bole.notices.models import Message
from bole.people import actions as people
from bole.people.terms import Offered
from bole.review import actions as review
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit, text_of
from tests.factories.organizations import SETUP
from tests.factories.people import as_self, register
from tests.web.filling import Desk, make_desk, squeezed, words_of

ME, CASES = "/ningxia/me/", "/ningxia/my/cases/"


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


def tell(desk: Desk, title: str = "有新进展", link: str = "") -> None:
    assert desk.world.lin.account_id is not None
    notices.tell(desk.world.lin.account_id, title=title, body="请查收。", link=link)


def test_one_thing_to_go_on_with_comes_first(desk: Desk):
    page = desk.own.get(ME)
    text = squeezed(page)
    assert "林致远，您好兴庆区第一中学" in text
    assert "接着办高层次人才采集未上报" in text
    assert re.search(r"17个栏目已完成0个", text), text[300:600]
    assert re.search(r"还缺\d+处：基本信息、工作经历、学习经历、家庭成员、委托联系人等?", text)
    assert f'href="{desk.at()}">继续申报' in text_of(page)
    assert "高层次人才采集常年受理" in text.replace("宁夏高层次人才信息采集表", "")


def test_returned_case_comes_before_everything_with_its_reason(desk: Desk):
    made.fill(desk.case, desk.lin)
    made.prove(desk.case, desk.lin)
    assert "已填写完整，可以上报" in words_of(desk.own.get(ME))
    review.submit_case(case=desk.fresh(), seen=desk.case.revision, by=desk.lin)
    text = squeezed(desk.own.get(ME))
    assert "接着办高层次人才采集待单位确认" in text
    assert "现在在兴庆区第一中学。" in text
    assert f'href="{desk.at("withdraw")}"' in text_of(desk.own.get(ME))
    made.send_back(desk.case, desk.clerk, "honors", opinion="缺少证书编号")
    text = squeezed(desk.own.get(ME))
    assert "接着办高层次人才采集退回修改" in text
    assert "本人修改缺少证书编号" in text
    assert "去修改" in text


def test_whoever_declared_nothing_is_led_to_the_services(desk: Desk):
    text = squeezed(desk.other.get(ME))
    assert "接着办" not in text
    assert "服务目录" in text
    assert 'href="/ningxia/services/talent-collection/"' in text_of(desk.other.get(ME))
    assert "没有正在办理的申报" in words_of(desk.other.get(CASES))


def test_person_without_a_unit_is_told_what_to_do_first(desk: Desk):
    lone = as_person(register("钱独行", "640104199001010018"))
    assert "还没有所在单位，补全基本资料后可以申报" in squeezed(lone.get(ME))
    page = lone.get("/ningxia/services/talent-collection/", follow=True)
    assert page.redirect_chain == [("/ningxia/my/profile/", 302)]
    assert "填报「高层次人才采集」前，请先补全民族和所在单位。" in words_of(page)


def test_lists_keep_what_runs_apart_from_what_is_done(desk: Desk):
    review.cancel_case(case=desk.case, seen=0, by=desk.lin)
    running = made.open_case(desk.world.lin, desk.lin)
    page = text_of(desk.own.get(CASES))
    first, second = page.split("已申报的信息", 1)
    assert running.number in first
    assert desk.case.number not in first
    assert desk.case.number in second
    assert "已撤销" in second


def test_unit_filled_case_asks_to_be_checked(db: None):
    desk = make_desk(by_unit=True)
    text = squeezed(desk.own.get(CASES))
    assert "兴庆区第一中学代为填报" in text
    assert "核对确认" in text


@pytest.mark.parametrize("cases", [1, 3])
def test_pages_ask_as_often_for_one_case_as_for_three(desk: Desk, cases: int):
    for _ in range(cases - 1):
        review.cancel_case(case=desk.fresh(), seen=desk.case.revision, by=desk.lin)
        desk.case = made.open_case(desk.world.lin, desk.lin)
    desk.own.get(ME)
    for address, most in ((ME, 16), (CASES, 4)):
        with CaptureQueriesContext(connection) as asked:
            assert desk.own.get(address).status_code == 200
        assert len(asked) == most, [query["sql"][:90] for query in asked.captured_queries]


def test_archive_is_summed_up_and_read_by_kind(desk: Desk):
    record = {"start": "2012-09", "employer": "兴庆区第一中学", "duty": "教师"}
    people.give_back(
        person=desk.world.lin.pk, kind="work", records=[Offered("k", record)], source="2025年职称评审", by=SETUP
    )
    text = squeezed(desk.own.get(ME))
    assert "完整度1/16类" in text
    assert "工作经历1条本人填写" in text
    assert "学习经历未补充" in text
    page = desk.own.get("/ningxia/my/archive/")
    assert "2012-09 兴庆区第一中学 教师 2025年职称评审 未核验" in words_of(page)
    assert 'id="a-work"' in text_of(page)
    assert "档案还是空的" in words_of(desk.other.get("/ningxia/my/archive/"))


def test_archive_is_taken_along_as_a_workbook(desk: Desk):
    assert desk.own.get("/ningxia/my/archive/export/").status_code == 404
    record = {"start": "2012-09", "employer": "=1+1", "duty": "教师"}
    people.give_back(
        person=desk.world.lin.pk, kind="work", records=[Offered("k", record)], source="2025年职称评审", by=SETUP
    )
    answer = desk.own.get("/ningxia/my/archive/export/")
    assert "我的档案" in unquote(answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "private, no-store"
    (row,) = documents.read_rows(answer.content, header=["起始年月", "工作单位", "职务", "来源"], sheet="工作经历")
    assert row.values == {"起始年月": "2012-09", "工作单位": "=1+1", "职务": "教师", "来源": "2025年职称评审"}


def test_who_looked_is_told(desk: Desk):
    assert "还没有人看过" in words_of(desk.own.get("/ningxia/my/looks/"))
    actions.look(case=desk.case, by=desk.clerk)
    assert "近30天1次" in squeezed(desk.own.get(ME))
    assert "周敏兴庆区第一中学查看" in squeezed(desk.own.get("/ningxia/my/looks/"))
    assert "周敏" not in words_of(desk.other.get("/ningxia/my/looks/"))


def bell(client: Client, address: str) -> str:
    found = re.search(r'class="tool__n">(\d+\+?)<', text_of(client.get(address)))
    return found[1] if found else ""


def test_bell_counts_what_is_not_read(desk: Desk):
    assert bell(desk.own, CASES) == ""
    for number in range(2):
        tell(desk, f"第{number}条")
    assert bell(desk.own, CASES) == "2"
    assert "消息 2 条未读" in words_of(desk.own.get(ME))
    assert bell(desk.other, CASES) == ""
    page = desk.own.post("/ningxia/messages/", follow=True)
    assert "全部消息已标为已读。" in words_of(page)
    assert bell(desk.own, CASES) == ""


def test_bell_counts_no_further_than_it_has_room_for(desk: Desk):
    account, sent = desk.world.lin.account_id, clock.now()
    for many, word in ((99, "99"), (1, "99+"), (5, "99+")):
        Message.objects.bulk_create(
            Message(account_id=account, title="通知", key=f"{many}-{place}-{word}", created_at=sent)
            for place in range(many)
        )
        assert bell(desk.own, CASES) == word


def test_message_leads_to_its_place_once_read(desk: Desk):
    tell(desk, link=desk.at())
    message = Message.objects.get()
    assert "未读： 有新进展" in words_of(desk.own.get("/ningxia/messages/"))
    answer = desk.own.post(f"/ningxia/messages/{message.pk}/")
    assert answer.headers["Location"] == desk.at()
    assert bell(desk.own, CASES) == ""
    assert desk.other.post(f"/ningxia/messages/{message.pk}/").status_code == 404


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example/ningxia/", "/jilin/me/", ""])
def test_message_never_leads_away_from_the_site(desk: Desk, link: str):
    tell(desk, link=link)
    answer = desk.own.post(f"/ningxia/messages/{Message.objects.get().pk}/")
    assert answer.headers["Location"] == "/ningxia/messages/"


def test_older_messages_are_one_press_away(desk: Desk):
    for number in range(51):
        tell(desk, f"消息第{number}号")
    page = desk.own.get("/ningxia/messages/")
    assert "消息第50号" in words_of(page)
    assert "消息第0号" not in words_of(page)
    older = re.search(r'href="(\?before=[^"]+)"', text_of(page))
    assert older is not None
    assert "消息第0号" in words_of(desk.own.get("/ningxia/messages/" + older[1]))
    assert desk.own.get("/ningxia/messages/?before=gestern").status_code == 200


def test_messages_stand_in_the_shell_of_the_way(desk: Desk):
    unit = at_unit(desk.world.cast.zhou, desk.world.ground.school)
    assert "工作台" in words_of(unit.get("/ningxia/messages/"))
    assert "个人平台" in words_of(desk.own.get("/ningxia/messages/"))
    assert desk.lin == as_self(desk.world.lin)


@pytest.mark.parametrize("place", ["me/", "my/cases/", "my/services/", "my/archive/", "my/looks/"])
def test_personal_pages_are_for_persons(desk: Desk, place: str):
    answer = desk.unit.get(f"/ningxia/{place}")
    assert answer.status_code == 403
    assert "这一页只对「个人」身份开放。" in words_of(answer)
    assert Client().get(f"/ningxia/{place}").headers["Location"].startswith("/ningxia/login/")
