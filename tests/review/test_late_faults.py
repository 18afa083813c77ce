"""一次告知: what an earlier return could have told needs a reason, and is counted (JL-06)."""

import pytest

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.definitions.terms import Verdict
from bole.kernel.errors import Invalid
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Movement
from bole.review.terms import Faulty
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS
from tests.factories.people import as_self, register
from tests.review.steps import Play, works

TITLE, POST = Faulty("basic", field="title"), Faulty("basic", field="post")


def mended(play: Play, *marks: Faulty, by_county: bool = False) -> Case:
    """Returned with these marks and the title, which is changed, and handed in again."""
    case = play.at_county() if by_county else play.submitted()
    play.send_back(case, play.county if by_county else play.unit, TITLE, *marks)
    case = made.fresh(case)
    seen = case.answers.get(section="basic").version
    typed = {"title": "正高级教师", "post": "主任"}
    cases.save_section(case=case, section="basic", typed=typed, seen=seen, by=as_self(play.world.lin))
    return play.hand_in(case)


def test_old_faults_need_a_reason_that_is_kept_and_counted(play: Play):
    case = mended(play)
    with pytest.raises(Invalid, match="「基本情况」有2处问题本单位上次退回时就在") as wrong:
        play.send_back(case, play.unit, TITLE, POST)
    assert wrong.value.faults[0].at == "late_reason"
    assert made.fresh(case).revision == case.revision

    row = play.send_back(case, play.unit, TITLE, POST, reason="上次漏看")

    row.refresh_from_db()
    assert (row.late, row.late_reason) == (2, "上次漏看")


def test_what_is_new_or_changed_since_needs_none(play: Play):
    case = play.submitted()
    play.send_back(case, play.unit, Faulty("works"))
    case, me = made.fresh(case), as_self(play.world.lin)
    first, _ = works(case)
    seen = case.answers.get(section="works").version
    cases.save_record(case=case, section="works", record=first, typed={"name": "教材二"}, seen=seen, by=me)
    cases.save_record(case=case, section="works", record="", typed={"name": "专著"}, seen=seen + 1, by=me)
    made.prove(case, me)
    case = play.hand_in(case)
    first, second, new = works(case)

    marks = [Faulty("works", record=first), Faulty("works", record=new), Faulty("works", record=second)]
    late = queries.late_faults(case, marks, play.world.ground.school.pk)

    assert late == (Faulty("works", record=second),)


def test_other_evidence_is_a_change_of_its_record(play: Play):
    case = play.submitted()
    first, second = works(case)
    play.send_back(case, play.unit, TITLE, Faulty("works", record=first))
    case, me = made.fresh(case), as_self(play.world.lin)
    slot = case_queries.slot_of(case, play.service, "works", first)
    assert slot is not None
    cases.replace_attachment(case=case, attachment=slot.attachments[0].id, data=made.picture(3), name="清晰.jpg", by=me)
    case = play.hand_in(case)

    late = queries.late_faults(case, [Faulty("papers", record=first), Faulty("papers", record=second)], case.unit_id)

    assert late == (Faulty("papers", record=second),)


def test_another_units_return_binds_nobody_else(play: Play):
    case = mended(play, by_county=True)

    row = play.send_back(case, play.unit, POST)

    assert row.late == 0


def test_a_batch_says_that_the_row_needs_its_reason(play: Play):
    case = mended(play)

    (row,) = review.decide_many(
        cases=[(case.number, case.revision)], verdict=Verdict.SEND_BACK, opinion="再改", by=play.unit
    )

    assert (row.ok, "请写明原因" in row.say) == (False, True)


def test_one_reason_serves_the_rows_of_a_batch_that_need_it(play: Play):
    case = mended(play)
    other = play.submitted(register("钱未", number=SPARE_NUMBERS[0], unit=play.world.ground.school))
    chosen = [(case.number, case.revision), (other.number, other.revision)]
    assert queries.returned_before([number for number, _ in chosen], play.unit) == {case.number}
    assert queries.returned_before([case.number], play.county) == frozenset()
    with pytest.raises(Invalid, match="原因最多500个字符"):
        review.decide_many(
            cases=chosen, verdict=Verdict.SEND_BACK, opinion="再改", late_reason="长" * 501, by=play.unit
        )

    rows = review.decide_many(
        cases=chosen, verdict=Verdict.SEND_BACK, opinion="再改", late_reason="上次漏看", by=play.unit
    )

    assert [row.ok for row in rows] == [True, True]
    returns = Movement.objects.filter(kind="sent_back").order_by("revision")
    kept = {row.case_id: (row.late > 0, row.late_reason) for row in returns}
    assert kept == {case.pk: (True, "上次漏看"), other.pk: (False, None)}
