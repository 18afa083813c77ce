"""The undo window of a batch: held back from the next desk, told to nobody, taken back without a trace in counts."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import TestCase

from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions.terms import Verdict
from bole.kernel import clock
from bole.kernel.errors import Absent, Refused
from bole.notices.models import Message
from bole.review import actions as review
from bole.review import queries
from bole.review.models import DeskTally, Task
from bole.review.tasks import tell_released
from bole.review.terms import UNDO_MINUTES, Faulty, MoveKind
from tests.factories import cases as made
from tests.factories.people import as_self
from tests.review.steps import Play

WINDOW = timedelta(minutes=UNDO_MINUTES)


@pytest.fixture
def watch() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=False) as coordinates:
        yield coordinates


def passed_in_a_batch(play: Play) -> Case:
    case = play.submitted()
    with TestCase.captureOnCommitCallbacks(execute=True):
        (row,) = review.decide_many(
            cases=[(case.number, case.revision)], verdict=Verdict.APPROVE, opinion="", by=play.unit
        )
    assert row.ok
    assert "10分钟内可以收回" in row.say
    return made.fresh(case)


def test_what_a_batch_passed_reaches_the_next_desk_after_the_window(play: Play, watch):
    case = passed_in_a_batch(play)
    told = Message.objects.count()

    assert list(queries.inbox(play.county)) == []
    with pytest.raises(Absent):
        queries.case_visible(case.number, play.county)
    with pytest.raises(Refused, match="之后送达"):
        made.approve(case, play.county)
    assert tell_released() == 0

    watch.shift(WINDOW)

    assert [task.case for task in queries.inbox(play.county)] == [case]
    assert tell_released() == 1
    assert tell_released() == 0
    titles = set(Message.objects.order_by("created_at")[told:].values_list("title", flat=True))
    assert titles == {"「专家推荐」已通过「单位确认」", "有一份「专家推荐」等待办理"}
    assert made.approve(case, play.county).step == "county"


def test_taken_back_it_lies_where_it_lay_and_the_next_desk_never_saw_it(play: Play, watch):
    case = passed_in_a_batch(play)
    before = Task.objects.get(case=case, step="unit")
    told = Message.objects.count()

    (row,) = review.recall_many(cases=[case.number], by=play.unit)

    assert (row.ok, row.say) == (True, "已收回，重新由「单位确认」办理。")
    case = made.fresh(case)
    task = Task.objects.get(case=case, closed_at=None)
    assert (case.step, case.status, case.seat_unit_id) == ("unit", Status.IN_REVIEW, play.unit.unit)
    assert (task.pk, task.opened_at, task.verdict) == (before.pk, before.opened_at, "")
    assert sum(DeskTally.objects.values_list("passed", flat=True)) == 0
    assert queries.replay(case).step == "unit"
    watch.shift(WINDOW * 2)
    assert tell_released() == 0
    with pytest.raises(Absent):
        queries.case_visible(case.number, play.county)
    assert Message.objects.count() == told


def test_after_the_window_and_by_others_it_is_refused(play: Play, watch):
    case = passed_in_a_batch(play)
    with pytest.raises(Refused, match="只有刚才办理这份申报的单位可以收回"):
        review.recall(case=case, seen=case.revision, by=play.region)

    watch.shift(WINDOW)

    with pytest.raises(Refused, match="下一个环节已经收到"):
        review.recall(case=case, seen=case.revision, by=play.unit)


def test_a_single_decision_holds_nothing_back(play: Play):
    case = play.at_county()

    assert Task.objects.get(case=case, closed_at=None).held_until is None
    with pytest.raises(Refused, match="下一个环节已经收到"):
        review.recall(case=case, seen=case.revision, by=play.unit)


def test_sending_on_is_taken_back_first_and_then_the_approval(play: Play):
    case = play.cleared()
    review.dispatch_many(cases=[case.number], by=play.county)
    case = made.fresh(case)
    assert (case.step, list(queries.inbox(play.region))) == ("region", [])

    review.recall(case=case, seen=case.revision, by=play.county)
    case = made.fresh(case)
    task = Task.objects.get(case=case, closed_at=None)
    assert (case.step, queries.replay(case).cleared, task.papers.count()) == ("county", True, 1)

    row = review.recall(case=case, seen=case.revision, by=play.colleague)
    assert (row.kind, row.to) == (MoveKind.RECALLED, "county")
    assert [each.case for each in queries.inbox(play.county)] == [case]


def test_what_completed_a_case_stays(play: Play):
    case = play.cleared()
    review.dispatch(case=case, seen=case.revision, by=play.county)
    case = made.approve(made.fresh(case), play.region)

    (row,) = review.recall_many(cases=[case.number], by=play.region)

    assert (row.ok, row.say) == (False, "已经办结，不能收回。")


def test_returned_tasks_follow_the_case_into_and_out_of_the_applicants_hands(play: Play):
    case = play.at_county()
    play.send_back(case, play.county, Faulty("basic"))
    assert [task.case for task in queries.returned_tasks(play.county)] == [case]
    case = play.hand_in(case)
    assert list(queries.returned_tasks(play.county)) == []

    review.withdraw_case(case=case, seen=case.revision, by=as_self(play.world.lin))

    assert [task.case for task in queries.returned_tasks(play.county)] == [case]
    tally = DeskTally.objects.get(unit=play.county.unit)
    assert (tally.sent_back, tally.year) == (1, clock.today().year)
