"""Overview, sections, saving by itself, two windows: what the pages say and refuse."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bole.audit import queries as ledger
from bole.cases import actions, queries
from tests.factories import cases as made
from tests.factories.browsers import text_of
from tests.web.filling import JSON, Desk, make_desk, squeezed, words_of

CONTACT = {"name": "钱思远", "sex": "1", "relation": "10", "phone": "13895100009"}
OVERVIEW_QUERIES, LIST_QUERIES = 7, 8


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


def test_overview_lists_the_seventeen_tabs_with_what_each_lacks(desk: Desk):
    desk.add()
    page = desk.own.get(desk.at())
    text = squeezed(page)
    tabs = re.findall(r'class="tasks__n">([^<]+)<', text_of(page))
    assert tabs == [
        "基本信息", "工作经历", "学习经历", "访学/进修", "家庭成员", "委托联系人", "人才工程", "专技资格", "技能鉴定",
        "科研项目", "论文专著", "鉴定成果", "授权专利", "荣誉奖项", "兼职情况", "补充信息", "附件管理",
    ]  # fmt: skip
    assert "17个栏目已完成1个" in text
    assert "荣誉奖项✓1条，1项缺附件" in text
    assert "基本信息：请选择政治面貌" in text
    assert "未上报" in text


def test_tab_carries_its_mark_once_it_holds_valid_data(desk: Desk):
    assert "委托联系人，未填报" in squeezed(desk.own.get(desk.section("honors")))
    made.fill(desk.case, desk.lin, only=("contact",))
    page = desk.own.get(desk.section("honors"))
    assert "委托联系人✓，已填报" in squeezed(page)
    assert "第14栏，共17栏" in squeezed(page)


def test_basic_section_locks_what_comes_from_the_account(desk: Desk):
    page = text_of(desk.own.get(desk.section("basic")))
    for name in ("identity_kind", "identity_number", "name", "sex", "birth_on", "ethnic_group", "employer"):
        assert f' name="{name}"' not in page
    assert "6401**********0050" in page
    assert "640104199001010050" not in page
    desk.own.post(desk.section("basic"), {"seen": "0", "name": "别人", "english_name": "Lin Zhiyuan"})
    assert desk.typed("basic") == {"english_name": "Lin Zhiyuan", "specialty_fields": []}


def test_saved_section_leads_to_the_next_one(desk: Desk):
    answer = desk.own.post(desk.section("contact"), {"seen": "0", **made.sample_record(_section(desk, "contact"))})
    assert answer.headers["Location"] == desk.section("talent_projects")
    assert "「委托联系人」已保存。" in words_of(desk.own.get(answer.headers["Location"]))


def _section(desk: Desk, code: str):
    return queries.service_of(desk.case).by_code[code]


def test_faults_are_on_top_and_at_their_fields_and_the_text_is_kept(desk: Desk):
    page = desk.own.post(desk.section("contact"), {"seen": "0", "name": "钱思远", "phone": "138001380"})
    assert page.status_code == 422
    text = text_of(page)
    assert 'href="#f-phone">联系电话应为 11 位手机号码' in text
    assert 'id="f-phone-e"' in text
    assert 'value="138001380"' in text
    assert 'value="钱思远"' in text
    assert desk.typed("contact") == {"name": "钱思远", "phone": "138001380"}


def test_link_of_a_missing_answer_leads_to_its_field_with_the_fault(desk: Desk):
    made.fill(desk.case, desk.lin, only=("basic", "work", "education", "family"))
    page = text_of(desk.own.get(desk.at()))
    assert f'href="{desk.section("contact")}?check#f-phone"' in page
    assert 'id="f-phone-e"' in text_of(desk.own.get(desk.section("contact") + "?check"))
    assert 'id="f-phone-e"' not in text_of(desk.own.get(desk.section("contact")))


def test_section_saves_itself(desk: Desk):
    answer = desk.own.post(desk.section("contact", "autosave"), {"seen": "0", "name": "钱"}, headers=JSON)
    assert (answer.status_code, answer.json()["version"], answer.json()["state"]) == (200, 1, "incomplete")
    assert re.fullmatch(r"\d\d:\d\d", answer.json()["at"])
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_second_window_is_told_and_shown_both_texts(desk: Desk):
    save = desk.section("contact", "autosave")
    desk.own.post(save, {"seen": "0", "name": "甲"}, headers=JSON)
    answer = desk.own.post(save, {"seen": "0", "name": "乙"}, headers=JSON)
    assert answer.status_code == 409
    assert answer.json()["conflict"] == desk.section("contact", "conflict")
    assert re.search(r"这个栏目您在\d+月\d+日 \d\d:\d\d 从别处保存过。两份内容都保留着", answer.json()["error"])

    page = desk.own.post(desk.section("contact", "conflict"), {"seen": "0", "name": "乙"})
    assert page.status_code == 409
    row = re.search(r'<tr><th scope="row">姓名</th>(.*?)</tr>', text_of(page), re.DOTALL)
    assert row is not None
    assert "甲" in row[1]
    assert "乙" in row[1]
    assert desk.typed("contact") == {"name": "甲"}
    desk.own.post(desk.section("contact"), {"seen": "1", "name": "乙"})
    assert desk.typed("contact") == {"name": "乙"}


def test_log_in_that_ran_out_is_told_to_the_script(desk: Desk):
    Session.objects.all().delete()
    answer = desk.own.post(desk.section("contact", "autosave"), {"seen": "0", "name": "甲"}, headers=JSON)
    assert answer.status_code == 401
    assert answer.json()["login"].startswith("/ningxia/login/")


def test_none_is_declared_and_taken_back_and_never_over_records(desk: Desk):
    place = desk.section("visits", "none")
    page = desk.own.post(place, {"seen": "0", "none": "1"}, follow=True)
    assert "「访学/进修」已声明无此项。" in words_of(page)
    assert desk.typed("visits") == {"nothing": "none"}
    page = desk.own.post(place, {"seen": "0", "none": "0"}, follow=True)
    assert "「访学/进修」刚从别处改过，请核对后再声明。" in words_of(page)
    desk.own.post(place, {"seen": "1", "none": "0"})
    assert desk.typed("visits") == []
    desk.add()
    answer = desk.own.post(desk.section("honors", "none"), {"seen": "1", "none": "1"})
    assert answer.status_code == 422
    assert "「荣誉奖项」已有记录，不能声明无此项。请先删除记录。" in words_of(answer)


@pytest.mark.parametrize(
    "parts", ["sections/nothing", "sections/attachments", "sections/basic/records/new", "sections/contact/records/abc"]
)
def test_forged_places_are_not_found(desk: Desk, parts: str):
    assert desk.own.get(desk.at(parts)).status_code == 404
    assert desk.own.post(desk.at(parts), {"seen": "0"}).status_code == 404


def test_foreign_case_looks_like_one_that_is_not_there(desk: Desk):
    said = set()
    for client in (desk.other, desk.unit, desk.stranger):
        for address in (desk.at(), desk.at().replace("-0", "-9", 1), desk.section("basic"), desk.at("preview")):
            answer = client.get(address)
            assert answer.status_code == 404
            said.add(re.search(r"<h1>(.*?)</h1>.*?<p>(.*?)</p>", text_of(answer), re.DOTALL)[2])  # type: ignore[index]  # the page has a heading
    assert len(said) == 1
    answer = desk.other.post(desk.section("contact", "autosave"), {"seen": "0", "name": "甲"}, headers=JSON)
    assert answer.status_code == 404
    assert desk.typed("contact") == {}


def test_expired_form_says_what_to_do(desk: Desk):
    desk.own.handler.enforce_csrf_checks = True
    answer = desk.own.post(desk.section("contact"), {"seen": "0", "name": "甲"})
    assert answer.status_code == 403
    assert "这一页打开太久，已经过期。请返回上一页，刷新后再提交，填写的内容不会丢失。" in words_of(answer)


@pytest.fixture
def returned(desk: Desk) -> Desk:
    """Handed in, and returned with 荣誉奖项 marked."""
    made.fill(desk.case, desk.lin)
    made.prove(desk.case, desk.lin)
    made.review.submit_case(case=desk.fresh(), seen=desk.case.revision, by=desk.lin)
    desk.case = made.send_back(desk.case, desk.clerk, "honors", opinion="获奖时间与证书不一致")
    return desk


def test_returned_case_opens_the_marked_section_only(returned: Desk):
    desk = returned
    text = squeezed(desk.own.get(desk.at()))
    assert "退回修改兴庆区第一中学" in text
    assert "获奖时间与证书不一致" in text
    assert text.count("不可修改") == 15  # neither the marked one nor 附件管理, where its papers lie
    assert f'href="{desk.section("honors")}"' in text_of(desk.own.get(desk.at()))
    assert "新增" in words_of(desk.own.get(desk.section("honors")))

    closed = desk.own.get(desk.section("contact"))
    assert "审核人只退回了有问题的模块，这个栏目不能修改。" in words_of(closed)
    assert "<form" not in re.search(r"<main.*</main>", text_of(closed), re.DOTALL)[0]  # type: ignore[index]  # the page has a main part
    for place in (desk.section("contact"), desk.section("contact", "autosave")):
        answer = desk.own.post(place, {"seen": "1", "name": "甲"}, headers=JSON)
        assert answer.status_code == 403
        assert answer.json()["error"].startswith("审核人只退回了有问题的模块，这个模块不能修改。")


def test_unit_reads_what_was_handed_in_and_not_what_is_being_changed(returned: Desk):
    desk = returned
    desk.add("正在改的奖项")
    for place in (desk.section("honors"), desk.at("preview"), desk.at()):
        page = desk.unit.get(place)
        assert page.status_code == 200
        assert "正在改的奖项" not in text_of(page)
    assert "正在改的奖项" in text_of(desk.own.get(desk.section("honors")))


def test_looks_of_the_unit_are_on_record(returned: Desk):
    desk = returned
    before = ledger.about("case", desk.case.number).filter(action="cases.case.viewed").count()
    desk.unit.get(desk.at())
    desk.own.get(desk.at())
    assert ledger.about("case", desk.case.number).filter(action="cases.case.viewed").count() == before + 1


def test_archive_marks_show_where_an_answer_comes_from(returned: Desk):
    """What the archive knows from this very case says nothing; what another one gave it does."""
    desk = returned
    assert "来自我的档案" not in words_of(desk.own.get(desk.section("work")))
    made.review.cancel_case(case=desk.fresh(), seen=desk.case.revision, by=desk.lin)
    desk.case = made.open_case(desk.world.lin, desk.lin)
    page = desk.own.get(desk.section("work"))
    assert "来自我的档案 高层次人才采集（本人填报）" in words_of(page).replace("\u3000", " ")
    key = desk.typed("work")[0]["id"]  # type: ignore[index]  # a list of records
    record = {**made.sample_record(_section(desk, "work")), "duty": "校长"}
    actions.save_record(case=desk.case, section="work", record=key, typed=record, seen=1, by=desk.lin)
    assert "来自我的档案" not in words_of(desk.own.get(desk.section("work")))


@pytest.mark.parametrize("records", [1, 3])
def test_pages_ask_as_often_for_one_record_as_for_three(desk: Desk, records: int):
    for number in range(records):
        desk.add(f"第{number}项")
    desk.own.get(desk.at())
    for address, most in ((desk.at(), OVERVIEW_QUERIES), (desk.section("honors"), LIST_QUERIES)):
        with CaptureQueriesContext(connection) as asked:
            assert desk.own.get(address).status_code == 200
        assert len(asked) == most, [query["sql"][:90] for query in asked.captured_queries]
