"""A returned case opens what was marked and nothing else, until the desk that returned it opens more (JL-06)."""

from typing import Any

import pytest

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Refused
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Movement
from bole.review.terms import Faulty, MoveKind
from tests.factories import cases as made
from tests.factories.people import as_self
from tests.review.steps import Play, works

CLOSED = "审核人只退回了有问题的内容"


@pytest.fixture
def me(play: Play) -> Actor:
    return as_self(play.world.lin)


def returned(play: Play, *faults: Faulty) -> Case:
    case = play.submitted()
    play.send_back(case, play.unit, *faults)
    return made.fresh(case)


def save(case: Case, section: str, record: str, typed: dict[str, Any], me: Actor) -> None:
    version = case.answers.get(section=section).version
    if record:
        cases.save_record(case=case, section=section, record=record, typed=typed, seen=version, by=me)
    else:
        cases.save_section(case=case, section=section, typed=typed, seen=version, by=me)


def test_a_marked_field_opens_alone(play: Play, me: Actor):
    case = returned(play, Faulty("basic", "不是这个职称", field="title"))
    assert case.open_sections == ["basic.title"]

    save(case, "basic", "", {"title": "正高级教师", "post": "主任"}, me)
    with pytest.raises(Refused, match=f"{CLOSED}，「基本情况」的「职务」不能修改"):
        save(case, "basic", "", {"title": "正高级教师", "post": "校长"}, me)
    save(case, "basic", "", {"title": "特级教师", "post": "主任"}, me)  # still open after the first change

    open_ = case_queries.open_places(case, case_queries.form_of(case))
    assert (open_.section("basic"), open_.whole("basic"), open_.section("works")) == (True, False, False)
    assert open_.field("basic", "", "title")
    assert not open_.field("basic", "", "post")
    assert open_.kept("basic", "", {"title": "甲", "post": "乙"}, {"title": "丙"}) == {"title": "丙", "post": "乙"}


def test_a_marked_record_opens_with_its_evidence_and_no_other(play: Play, me: Actor):
    case = play.submitted()
    first, second = works(case)
    play.send_back(case, play.unit, Faulty("works", "与证明不符", record=first))
    case = made.fresh(case)

    save(case, "works", first, {"name": "教材（第二版）"}, me)
    cases.attach(case=case, section="works", record=first, data=made.picture(9), name="新.jpg", by=me)
    with pytest.raises(Refused, match=f"{CLOSED}，「业绩」的「名称」不能修改"):
        save(case, "works", second, {"name": "别的课题"}, me)
    with pytest.raises(Refused, match="这一项的附件不能修改"):
        cases.attach(case=case, section="works", record=second, data=made.picture(8), name="新.jpg", by=me)
    with pytest.raises(Refused, match="的这条记录不能增加或删除"):
        save_new(case, me)
    with pytest.raises(Refused, match="的这条记录不能增加或删除"):
        cases.remove_record(case=case, section="works", record=second, seen=version(case), by=me)
    with pytest.raises(Refused, match="这个模块不能修改"):
        save(case, "basic", "", {"title": "甲", "post": "乙"}, me)
    assert play.hand_in(case).status == Status.IN_REVIEW


def save_new(case: Case, me: Actor) -> None:
    cases.save_record(case=case, section="works", record="", typed={"name": "新"}, seen=version(case), by=me)


def version(case: Case) -> int:
    return case.answers.get(section="works").version


def test_a_marked_field_of_a_record_leaves_its_evidence_closed(play: Play, me: Actor):
    case = play.submitted()
    first, _ = works(case)
    play.send_back(case, play.unit, Faulty("works", "写全称", record=first, field="name"))
    case = made.fresh(case)

    save(case, "works", first, {"name": "教材全称"}, me)
    with pytest.raises(Refused, match="「业绩」的「地点」不能修改"):
        save(case, "works", first, {"name": "教材全称", "place": "银川"}, me)
    with pytest.raises(Refused, match="这一项的附件不能修改"):
        cases.attach(case=case, section="works", record=first, data=made.picture(7), name="新.jpg", by=me)


def test_a_marked_section_opens_whole_and_what_it_then_lacks_too(play: Play, me: Actor):
    case = returned(play, Faulty("works"))

    cases.save_record(case=case, section="works", record="", typed={"name": "专著"}, seen=version(case), by=me)
    made.prove(case, me)

    assert len(works(case)) == 3
    assert play.hand_in(case).round == 2


def test_more_is_opened_by_the_desk_that_returned_it(play: Play, me: Actor):
    case = returned(play, Faulty("basic"))
    review.ask_opening(case=case, sections=["works"], reason="漏报一项", by=me)
    with pytest.raises(Refused, match="已经有一份申请等待答复"):
        review.ask_opening(case=case, sections=["works"], reason="再问", by=me)
    assert [row.case for row in queries.openings_for(play.unit)] == [case]
    with pytest.raises(Refused, match="由退回申报的单位答复"):
        review.answer_opening(case=case, granted=True, say="", by=play.county)

    review.answer_opening(case=case, granted=True, say="可以", by=play.unit)

    case = made.fresh(case)
    assert case.open_sections == ["basic", "works"]
    row = Movement.objects.filter(case=case).last()
    assert row is not None
    assert (row.kind, queries.replay(case).status) == (MoveKind.OPENED, Status.RETURNED)
    save_new(case, me)
    asked = queries.opening_of(case)
    assert asked is not None
    assert asked.granted
    with pytest.raises(Absent, match="没有等待答复的申请"):
        review.answer_opening(case=case, granted=True, say="", by=play.unit)


def test_a_request_says_why_and_a_refusal_too(play: Play, me: Actor):
    case = returned(play, Faulty("basic"))
    for sections, reason, at in (
        ((), "要改", "sections"),
        (("basic",), "要改", "sections"),
        (("works",), " ", "reason"),
    ):
        with pytest.raises(Invalid) as wrong:
            review.ask_opening(case=case, sections=sections, reason=reason, by=me)
        assert wrong.value.faults[0].at == at
    review.ask_opening(case=case, sections=["works"], reason="漏报一项", by=me)
    with pytest.raises(Invalid, match="请写明原因"):
        review.answer_opening(case=case, granted=False, say="", by=play.unit)

    review.answer_opening(case=case, granted=False, say="材料已过截止时间", by=play.unit)

    assert made.fresh(case).open_sections == ["basic"]
    with pytest.raises(Refused, match="这个模块不能修改"):
        save_new(case, me)


def test_handed_in_again_nothing_waits_any_more(play: Play, me: Actor):
    case = returned(play, Faulty("basic"))
    review.ask_opening(case=case, sections=["works"], reason="漏报一项", by=me)

    case = play.hand_in(case)

    assert queries.waiting_opening(case) is None
    with pytest.raises(Refused, match="没有退回修改"):
        review.ask_opening(case=case, sections=["works"], reason="漏报一项", by=me)


def test_what_is_mended_goes_where_the_reviewer_said(play: Play):
    case = play.at_county()
    play.send_back(case, play.county, Faulty("basic"), resume=True)

    case = play.hand_in(case)

    assert (case.step, case.round) == ("county", 2)
