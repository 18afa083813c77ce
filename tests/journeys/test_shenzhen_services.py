"""Every declaration of 深圳, walked to each of its ends: passed, failed, terminated, withdrawn, cancelled.

The unit cannot recommend before its publicity of five working days is over (TR-30).
"""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string

from bole.bindings import actions as bindings
from bole.bindings.queries import copy_marks
from bole.cases import queries as case_queries
from bole.cases.models import Attachment, Case
from bole.cases.terms import Status
from bole.definitions import queries as definitions
from bole.definitions.terms import Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Invalid, Refused
from bole.organizations import queries as organizations
from bole.people import queries as people
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Outcome, UnitPublicity
from bole.review.terms import Faulty, PublicityResult, Result
from bole.web.templatetags.bole import moment
from bole.web.templatetags.results import sent_papers
from tests.factories import cases as made
from tests.factories.browsers import as_person, text_of
from tests.journeys.declaring_shenzhen import (
    ADVICE,
    MIDDLE,
    SENIOR,
    SITE,
    Shenzhen,
    Stand,
    fill,
    hand_in,
    publish,
    ready_case,
    recommend,
)
from tests.journeys.declaring_shenzhen import stand as stand
from tests.journeys.test_jilin_services import tried
from tests.web.staff.seats import words_of

SERVICES = ["title-elsewhere", "title-first", "title-innovation", "title-ordinary"]
pytestmark = pytest.mark.django_db


def titles_won(case: Case) -> list[dict[str, Any]]:
    """What the case entered in the archive, each verified."""
    found = [each for each in people.archive(case.person_id, "title") if each.key == f"case/{case.number}"]
    assert {each.verified for each in found} <= {True}
    assert {each.source_case for each in found} <= {case.number}
    return [dict(each.data) for each in found]


def onward(ground: Shenzhen, case: Case) -> Case:
    """The desk passes the case; the unit makes it public first, and recommends."""
    desk = ground.keeper(case)
    case = made.approve(case, desk, "材料齐全")
    if case.step != "unit":
        return case
    return recommend(publish(case, desk), desk)


@pytest.mark.parametrize("code", SERVICES)
def test_walked_by_every_desk_to_every_end(stand: Stand, code: str):
    ground, service = stand(code)
    case = hand_in(ground, ready_case(ground, service))
    walked = []
    while case.status == Status.IN_REVIEW:
        walked.append(case.step)
        desk = ground.keeper(case)
        with tried():
            assert made.terminate(case, desk).status == Status.TERMINATED
        with tried():
            back = made.send_back(case, desk, "basic", opinion="请补正")
            assert (back.status, back.open_sections) == (Status.RETURNED, ["basic"])
            assert hand_in(ground, back).status == Status.IN_REVIEW
        case = onward(ground, case)

    due = ["unit", "city"] if service.results is None else ["unit", "department"]
    assert walked == [*due, *(["approval"] if code == "title-innovation" else [])]
    assert (case.status, case.seat_unit_id) == (Status.COMPLETED, None)
    entries = [
        entry for each in service.sections if each.record for entry in people.archive(case.person_id, each.record)
    ]
    assert entries
    assert {entry.verified for entry in entries} == {True}
    # The title won: codes of the national table, names as the authority words them, and who says so since when.
    name, level, major = ("工程师", "05-3", MIDDLE[1]) if code == "title-first" else ("高级工程师", "05-2", SENIOR[1])
    won = {"series": "05", "level": level, "title": {"工程师": "0503", "高级工程师": "0502"}[name], "name": name,
           "major": major, "issuer": organizations.site(SITE).authority}  # fmt: skip
    if service.results is None:
        (title,) = titles_won(case)
        day = f"{clock.today():%Y-%m}"
        assert title == {**won, "obtained": day, "way": {"title-elsewhere": "8", "title-first": "3"}[code]}
        return
    assert titles_won(case) == []
    keeper = ground.keepers[ground.units["water"].pk][0]  # the daily work department that the answers name
    outcome = Outcome.objects.get(case=case)
    assert outcome.state == Result.PENDING
    for state in ("failed", "passed"):
        with tried():
            typed = {"state": Result(state).word, "document": "深人社职〔2026〕1号", "decided_on": "2026-03-01"}
            review.enter_outcome(number=case.number, seen=outcome.revision, typed=typed, by=keeper)
            chosen = Outcome.objects.get(case=case)
            (row,) = review.publish_outcomes(chosen=[(case.number, chosen.revision)], by=keeper)
            assert row.ok, row.say
            assert queries.published_outcome(case).state == state
            more = {"obtained": "2026-03", "way": "1", "document": "深人社职〔2026〕1号"}
            more["committee"] = "深圳市水文水资源专业评审委员会"
            assert titles_won(case) == ([won | more] if state == "passed" else [])


def test_the_unit_recommends_only_after_five_working_days_and_a_result(stand: Stand):
    ground, service = stand("title-ordinary")
    case = hand_in(ground, ready_case(ground, service))
    desk, today = ground.keeper(case), clock.today()
    chosen, ends = [case.number], queries.last_day(5, today)

    def announce(**other):
        days = {"place": "单位公告栏", "starts": today, "ends": ends, **other}
        return review.announce_publicity(cases=chosen, by=desk, **days)[0].say

    assert "还没有审核通过" in announce()
    case = made.approve(case, desk, "材料齐全")
    with pytest.raises(Invalid, match="还没有登记单位内部公示，请先公示不少于5个工作日，再推荐上报"):
        review.dispatch(case=case, seen=case.revision, opinion=ADVICE, by=desk)
    with pytest.raises(Invalid, match="请填写公示地点"):
        announce(place=" ")
    assert "不能早于本单位审核通过的日期" in announce(starts=today - timedelta(days=1))
    assert f"至少到{ends:%Y-%m-%d}" in announce(ends=ends - timedelta(days=1))
    assert "已登记公示" in announce()
    assert "还不能" not in queries.dispatch_preview(chosen, desk)[0].say
    assert f"到{ends:%Y-%m-%d}为止" in queries.dispatch_preview(chosen, desk)[0].say
    assert "期满后再登记" in review.close_publicity(cases=chosen, result=PublicityResult.CLEAR, by=desk)[0].say
    with pytest.raises(Invalid, match="期满后登记公示结果"):
        review.dispatch(case=case, seen=case.revision, opinion=ADVICE, by=desk)
    with clock.travel(clock.now() + (ends - today) + timedelta(days=1)):
        with pytest.raises(Invalid, match="请先登记公示结果"):
            review.dispatch(case=case, seen=case.revision, opinion=ADVICE, by=desk)
        with pytest.raises(Invalid, match="请写明异议"):
            review.close_publicity(cases=chosen, result=PublicityResult.UPHELD, by=desk)
        with tried():
            review.close_publicity(cases=chosen, result=PublicityResult.UPHELD, say="业绩不实", by=desk)
            (unsaid,) = review.close_publicity(cases=chosen, result=PublicityResult.CLEAR, by=desk)
            assert (unsaid.ok, "已登记为「有异议" in unsaid.say) == (False, True)
            with pytest.raises(Invalid, match="不能推荐上报"):
                review.dispatch(case=case, seen=case.revision, opinion=ADVICE, by=desk)
            assert made.terminate(case, desk, "公示期间反映业绩不实，经核实属实").status == Status.TERMINATED
        review.close_publicity(cases=chosen, result=PublicityResult.ANSWERED, say="经核实无误", by=desk)
        assert "公示结果已经登记" in announce()
        with pytest.raises(Invalid, match="请填写推荐意见"):
            review.dispatch(case=case, seen=case.revision, by=desk)
        row = review.dispatch(case=case, seen=case.revision, opinion=ADVICE, by=desk)
    assert (row.to, row.opinion) == ("department", ADVICE)
    assert UnitPublicity.objects.get(task__case=case).word == "有异议，经核实不影响推荐"
    assert queries.history(made.fresh(case), service)[0].opinion == ADVICE
    # At the unit's desk of their own case the person reads that it was public, and not who objected or what.
    own = Actor(Way.UNIT, ground.me.account, ground.me.name, ground.me.person, desk.unit, SITE)
    for by, told in ((desk, True), (ground.keeper(made.fresh(case)), True), (own, False)):
        page = render_to_string(
            "web/work/sent_papers.html", sent_papers({"request": SimpleNamespace(actor=by)}, made.fresh(case))
        )
        assert ("有异议，经核实不影响推荐" in page, "经核实无误" in page) == (True, told)
        assert f"{moment(UnitPublicity.objects.get(task__case=case).announced_at)} 登记" in page  # dated back, it shows


def test_preapproval_where_an_examination_is_waived_and_nowhere_else(stand: Stand):
    ground, service = stand("title-ordinary")
    case = made.open_case(ground.person, ground.me, service)
    fill(ground, case, only=("plan", "language_exam", "computer_exam"))

    def desks() -> list[str]:
        steps = queries.route_preview(made.fresh(case), service)
        return [each.step for each in steps if not each.skipped]

    assert desks() == ["unit", "department"]
    for section in ("language_exam", "computer_exam"):
        with tried():
            fill(ground, case, {(section, "way"): "2"}, only=(section,))
            assert desks() == ["unit", "department", "approval"]


def test_withdrawn_before_the_unit_begins_cancelled_and_one_at_a_time(stand: Stand):
    ground, service = stand("title-ordinary")
    case = ready_case(ground, service)
    with pytest.raises(Refused, match="正在办理，不能重复申报"):
        made.open_case(ground.person, ground.me, service)
    with tried():
        review.cancel_case(case=case, seen=case.revision, by=ground.me)
        assert made.fresh(case).status == Status.CANCELLED
    case = hand_in(ground, case)
    review.withdraw_case(case=case, seen=case.revision, by=ground.me)
    assert made.fresh(case).status == Status.DRAFT
    case = hand_in(ground, made.fresh(case))
    review.begin(case=case, by=ground.keeper(case))
    with pytest.raises(Refused, match="单位已开始审核，不能撤回"):
        review.withdraw_case(case=case, seen=made.fresh(case).revision, by=ground.me)


def test_applied_again_with_marks_for_objected_stale_and_verified_since(stand: Stand):
    """「重新申报」 takes content and files along; what a desk marked, what ran out and what was verified is told."""
    ground, service = stand("title-ordinary")
    case = ready_case(ground, service)
    soon = (clock.today() + timedelta(days=3)).isoformat()
    more = {("language_exam", "way"): "1", ("language_exam", "expires"): soon}
    fill(ground, case, more, only=("language_exam",))
    made.prove(case, ground.me)
    case = hand_in(ground, case)
    desk = ground.keeper(case)
    review.decide(
        case=case, step=case.step, seen=case.revision, verdict=Verdict.TERMINATE, opinion="业绩不足",
        faulty=(Faulty("honors", "获奖证书看不清"),), by=desk,
    )  # fmt: skip
    elsewhere = ready_case(ground, definitions.service(SITE, "title-elsewhere"))
    elsewhere = hand_in(ground, elsewhere)
    while elsewhere.status == Status.IN_REVIEW:
        elsewhere = onward(ground, elsewhere)

    browser = as_person(ground.person)
    home = text_of(browser.get(f"/{SITE}/my/business/1/"))
    assert "资格评审个人申报首页" in home
    again = f"/{SITE}/services/title-ordinary/?again={case.number}"
    assert again in home
    with clock.travel(clock.now() + timedelta(days=10)):
        new = bindings.open_case(
            service=service, person=ground.person, unit=ground.units["works"], former=made.fresh(case), by=ground.me
        )
        page = words_of(as_person(ground.person).get(f"/{SITE}/cases/{new.number}/"))
        form = case_queries.form_of(new, service)
        marks = {(mark.kind.word, mark.section) for mark in copy_marks(new, service, form)}
    before, after = case_queries.typed_answers(case), case_queries.typed_answers(new)
    # The title confirmed meanwhile is the present one now.
    assert {name: after["basic"].pop(name) for name in ("held", "held_since", "held_way", "held_issuer")} == {
        "held": "高级工程师", "held_since": f"{clock.today():%Y-%m}", "held_way": "8",
        "held_issuer": organizations.site(SITE).authority,
    }  # fmt: skip
    for name in ("held", "held_since", "held_way", "held_issuer"):
        del before["basic"][name]
    assert {code: typed for code, typed in after.items() if code not in ("education", "work", "training")} == {
        code: typed for code, typed in before.items() if code not in ("education", "work", "training")
    }
    files = Attachment.objects.filter(case=case).count()
    assert Attachment.objects.filter(case=new).count() == files > 10
    assert {("上次被指出", "honors"), ("现在不再适用", "language_exam"), ("后来已核验", "education")} <= marks
    for words in ("上次被指出", "获奖证书看不清", "成绩已过有效期", "后来已核验"):
        assert words in page
    # What was put right is no more stale; what nobody put right stays marked.
    fill(ground, new, only=("language_exam",))
    kinds = {mark.kind.value for mark in copy_marks(new, service, case_queries.form_of(made.fresh(new), service))}
    assert kinds == {"objected", "checked"}
    with pytest.raises(Refused, match="只能从本人已经办结的申报"):
        bindings.open_case(service=service, person=ground.person, unit=ground.units["works"], former=new, by=ground.me)


def test_once_a_year_whichever_of_the_two_kinds(stand: Stand):
    ground, service = stand("title-ordinary")
    other = definitions.service(SITE, "title-innovation")
    case = ready_case(ground, service)
    second = made.open_case(ground.person, ground.me, other)
    fill(ground, second)
    made.prove(second, ground.me)
    case = hand_in(ground, case)
    with pytest.raises(Refused, match=f"受理编号{case.number}），同一年度只能申报一次"):
        hand_in(ground, second)
    review.withdraw_case(case=case, seen=case.revision, by=ground.me)
    assert hand_in(ground, second).status == Status.IN_REVIEW
    with pytest.raises(Refused, match="同一年度只能申报一次"):
        hand_in(ground, case)


def test_the_form_tells_who_recommended_it_and_who_accepted_it(stand: Stand):
    ground, service = stand("title-ordinary")
    [output], case = service.outputs, hand_in(ground, ready_case(ground, service))
    assert not queries.is_final(case, service, output)
    while case.status == Status.IN_REVIEW:
        case = onward(ground, case)

    assert queries.is_final(case, service, output)
    form = case_queries.form_of(case, service, submitted=True)
    shown = queries.paper_shown(case, service, form, output, final=True)
    unit, department = shown["opinions"]
    assert (unit["step"], unit["unit"], unit["verdict"]) == ("unit", ground.units["works"].name, "审核通过")
    assert unit["opinion"] == f"材料齐全\n{ADVICE}"
    assert "公示，结果：" in unit["publicity"]
    assert (department["unit"], department["verdict"]) == (ground.units["water"].name, "受理")
    assert "" not in (unit["who"], unit["on"], department["who"], department["on"])
    assert [pair["label"] for pair in shown["cover"]] == [
        "申报系列", "申报专业", "申报级别", "专技资格名称", "评委会", "日常工作部门",
    ]  # fmt: skip
    assert shown["cover"][-1]["text"] == ground.units["water"].name
