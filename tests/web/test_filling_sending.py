"""From the overview to the receiver and back: preview, handing in, progress, taking back, ending, print."""

import re

import pytest

from bole.cases import actions
from bole.cases.models import Case
from bole.cases.terms import Confirmation, Status
from tests.factories import cases as made
from tests.factories.browsers import text_of
from tests.web.filling import Desk, make_desk, squeezed, words_of


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


@pytest.fixture
def complete(desk: Desk) -> Desk:
    """Ready to be handed in."""
    made.fill(desk.case, desk.lin)
    made.prove(desk.case, desk.lin)
    desk.fresh()
    return desk


def hand_in(desk: Desk, **more):
    return desk.own.post(desk.at("submit"), {"seen": str(desk.case.revision)}, **more)


def test_preview_lists_what_is_missing_with_links_and_does_not_offer_to_hand_in(desk: Desk):
    page = desk.own.get(desk.at("preview"))
    text = words_of(page)
    assert re.search(r"还缺 \d+ 处，补全后才能上报", text)
    assert f'href="{desk.section("contact")}?check#f-name"' in text_of(page)
    assert f'href="{desk.section("work")}"' in text_of(page)
    assert "确认无误上报" not in text
    answer = hand_in(desk)
    assert answer.status_code == 422
    assert "补全后才能上报" in words_of(answer)
    assert desk.fresh().status == Status.DRAFT


def test_missing_paper_is_linked_to_its_line(complete: Desk):
    desk = complete
    key = desk.add("第二项")
    page = desk.own.get(desk.at("preview"))
    assert f'href="{desk.at("evidence")}#slot-honors-{key}"' in text_of(page)
    assert "还缺1处，补全后才能上报" in squeezed(page)


def test_preview_is_the_formal_sheet_with_the_receiver_and_the_way(complete: Desk):
    desk = complete
    text = squeezed(desk.own.get(desk.at("preview")))
    assert "高层次人才信息采集表受理编号" in text
    for heading in ("一、基本信息", "二、工作经历", "十、承担的主要科研项目", "十六、补充信息"):
        assert heading in text
    assert "640104199001010050" in text  # the person reads the own number in full
    assert "以上内容已核对，承诺真实有效。上报后送兴庆区第一中学（单位确认），对方开始审核前可以撤回。" in text
    way = [
        "兴庆区第一中学",
        "银川市兴庆区人力资源和社会保障局",
        "银川市人力资源和社会保障局",
        "宁夏回族自治区人力资源和社会保障厅",
    ]
    places = [text.index(name, text.index("办理流程")) for name in way]
    assert places == sorted(places)
    assert text.count("确认无误上报") == 1


def test_handing_in_is_confirmed_on_screen(complete: Desk):
    desk = complete
    page = hand_in(desk, follow=True)
    text = squeezed(page)
    assert page.redirect_chain == [(desk.at("submitted"), 302)]
    assert "上报成功高层次人才采集受理编号" + desk.case.number in text
    assert "现在在哪兴庆区第一中学" in text
    assert "接下来1" not in text  # numbers of the way are drawn, not written
    assert "发现填错了？对方开始审核前可以撤回。" in text
    assert "已完成：未上报" in text


def test_second_press_finds_it_done_and_later_ones_are_refused_politely(complete: Desk):
    desk = complete
    seen = str(desk.case.revision)
    for _ in range(2):
        answer = desk.own.post(desk.at("submit"), {"seen": seen})
        assert answer.headers["Location"] == desk.at("submitted")
    assert desk.fresh().round == 1
    page = desk.own.post(desk.at("submit"), {"seen": str(desk.case.revision)}, follow=True)
    assert "这份申报已经上报，不用再次上报。" in words_of(page)
    assert "审核进度" in words_of(page)
    assert "确认无误上报" not in words_of(desk.own.get(desk.at("preview")))
    for code in ("basic", "honors"):
        assert "这个栏目现在不能修改。" in words_of(desk.own.get(desk.section(code)))


def test_case_that_moved_meanwhile_is_not_handed_in_again(complete: Desk):
    desk = complete
    hand_in(desk)
    made.send_back(desk.case, desk.clerk, "honors")
    answer = desk.own.post(desk.at("submit"), {"seen": "0"})
    assert answer.status_code == 409
    assert "已由兴庆区第一中学周敏" in words_of(answer)
    assert desk.fresh().status == Status.RETURNED


def test_only_the_person_hands_in_an_own_case(complete: Desk):
    desk = complete
    for client in (desk.other, desk.unit, desk.stranger):
        assert client.post(desk.at("submit"), {"seen": "0"}).status_code == 404
    assert desk.fresh().status == Status.DRAFT


def test_progress_tells_who_has_it_and_what_was_said(complete: Desk):
    desk = complete
    hand_in(desk)
    text = squeezed(desk.own.get(desk.at()))
    assert "审核进度单位确认待单位确认兴庆区第一中学" in text
    assert "上报，送「单位确认」林致远" in text
    made.send_back(desk.case, desk.clerk, "honors", "attachments", opinion="证书照片不清楚")
    text = squeezed(desk.own.get(desk.at()))
    assert "退回修改兴庆区第一中学" in text
    assert "证书照片不清楚" in text
    for code, address in (("荣誉奖项", desk.section("honors")), ("附件管理", desk.at("evidence"))):
        assert f'<a href="{address}">{code}</a>' in text_of(desk.own.get(desk.at()))
    hand_in(desk.fresh() and desk)
    text = squeezed(desk.own.get(desk.at()))
    assert "退回修改，退回申报人" in text
    assert "荣誉奖项、附件管理" in text


def test_end_of_the_case_is_told(complete: Desk):
    desk = complete
    hand_in(desk)
    made.approve(desk.case, desk.clerk)
    county = made.Actor(way=desk.clerk.way, account=desk.world.cast.chen.pk, name="陈国栋", site="ningxia",
                        unit=desk.world.ground.xingqing.pk)  # fmt: skip
    made.terminate(desk.case, county, "不符合采集条件")
    text = squeezed(desk.own.get(desk.at()))
    assert "资格不符，终止审核" in text
    assert "不符合采集条件" in text
    assert "这份申报已经终止。对结果有疑问，请联系银川市兴庆区人力资源和社会保障局。" in text
    assert "重新申报" in text


def test_taking_back_is_asked_first_and_done_until_the_unit_begins(complete: Desk):
    desk = complete
    hand_in(desk)
    assert "撤回后可以修改再上报，已填内容和附件都保留。" in words_of(desk.own.get(desk.at("withdraw")))
    page = desk.own.post(desk.at("withdraw"), {"seen": str(desk.fresh().revision)}, follow=True)
    assert "已撤回。修改后请再次上报。" in words_of(page)
    assert desk.fresh().status == Status.DRAFT
    again = desk.own.post(desk.at("withdraw"), {"seen": "1"})
    assert again.headers["Location"] == desk.at()

    hand_in(desk)
    made.approve(desk.case, desk.clerk)
    answer = desk.own.post(desk.at("withdraw"), {"seen": str(desk.fresh().revision)})
    assert answer.status_code == 403
    assert "单位已开始审核，不能撤回。需要修改请联系所在单位，由审核人退回。" in words_of(answer)
    assert f'href="{desk.at("withdraw")}"' not in text_of(desk.own.get(desk.at()))
    assert desk.unit.get(desk.at("withdraw")).status_code == 403


def test_ending_wants_the_number_and_leaves_the_way_open(desk: Desk):
    page = desk.own.post(desk.at("cancel"), {"seen": "0", "number": "CJ"})
    assert page.status_code == 422
    assert "输入的受理编号不一致，没有撤销。" in words_of(page)
    page = desk.own.post(desk.at("cancel"), {"seen": "0", "number": desk.case.number.lower()}, follow=True)
    assert "已撤销这份申报。需要时可以重新申报。" in words_of(page)
    assert desk.fresh().status == Status.CANCELLED
    assert "这份申报已经结束。" in words_of(desk.own.post(desk.at("cancel"), {"number": desk.case.number}, follow=True))
    answer = desk.own.get("/ningxia/services/talent-collection/")
    fresh = Case.objects.get(status=Status.DRAFT)
    assert answer.headers["Location"] == f"/ningxia/cases/{fresh.number}/"


def test_menu_leads_to_the_open_case_and_opens_one_where_there_is_none(desk: Desk):
    start = "/ningxia/services/talent-collection/"
    for _ in range(2):
        assert desk.own.get(start).headers["Location"] == desk.at()
    assert Case.objects.count() == 1
    desk.other.get(start)
    assert Case.objects.filter(person=desk.world.sun).count() == 1
    assert desk.unit.get(start).status_code == 403
    assert "「立即申报」" in words_of(desk.unit.get(start))
    assert "高层次人才采集" in words_of(desk.own.get("/ningxia/me/"))


def test_print_is_a_pdf_for_those_who_see_the_case(complete: Desk):
    desk = complete
    answer = desk.own.get(desk.at("print"))
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == f'inline; filename="{desk.case.number}.pdf"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert desk.other.get(desk.at("print")).status_code == 404
    assert desk.at("print") in text_of(desk.own.get(desk.at("preview")))


@pytest.fixture
def by_unit(db: None) -> Desk:
    """Filled in by the school for Lin, complete."""
    desk = make_desk(by_unit=True)
    made.fill(desk.case, desk.clerk)
    made.prove(desk.case, desk.clerk)
    desk.fresh()
    return desk


def test_person_checks_what_the_unit_filled_in(by_unit: Desk):
    desk = by_unit
    overview = squeezed(desk.own.get(desk.at()))
    assert "兴庆区第一中学代您填报。请逐项核对，有误可以直接修改；核对无误后确认，再由单位上报。" in overview
    assert "核对确认" in overview
    preview = words_of(desk.own.get(desk.at("preview")))
    assert "640104199001010050" in preview
    assert "确认无误上报" not in preview
    assert "本人确认" in preview
    refused = hand_in(desk)
    assert refused.status_code == 403
    assert "这份申报由单位代为填报，请确认后由单位上报。" in words_of(refused)
    assert "可以撤销这份申报" in overview


def test_confirmation_of_the_person_is_void_after_a_correction(by_unit: Desk):
    desk = by_unit
    page = desk.own.post(desk.at("attest"), follow=True)
    assert "您已确认。单位上报后，可以在这里查看审核进度。" in words_of(page)
    assert "已确认" in words_of(desk.own.get(desk.at("preview")))
    desk.own.post(
        desk.section("contact", "autosave"), {"seen": "1", "name": "改名"}, headers={"Accept": "application/json"}
    )
    assert "待本人确认" in words_of(desk.own.get(desk.at("preview")))
    refused = desk.unit.post(desk.at("submit"), {"seen": str(desk.fresh().revision)})
    assert refused.status_code in (403, 422)
    assert desk.fresh().status == Status.DRAFT


def test_unit_hands_in_what_the_person_confirmed(by_unit: Desk):
    desk = by_unit
    actions.attest(case=desk.case, way=Confirmation.LOG_IN, by=desk.lin)
    answer = desk.unit.post(desk.at("submit"), {"seen": str(desk.case.revision)})
    assert answer.headers["Location"] == desk.at("submitted")
    assert desk.fresh().step == "county"
    assert "返回单位平台" in words_of(desk.unit.get(desk.at("submitted")))
    assert "待审核" in words_of(desk.own.get(desk.at()))
