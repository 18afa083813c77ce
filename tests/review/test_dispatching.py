"""送审: cleared, with its papers, one by one and many at once; by nobody who has a part in the case."""

import pytest

from bole.accounts.models import Account
from bole.audit import queries as ledger
from bole.cases.terms import Status
from bole.definitions.terms import Verdict
from bole.kernel.errors import Invalid, Moved, Refused
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.models import DispatchPaper, Task
from bole.review.terms import MOST_AT_ONCE, Faulty, MoveKind
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS, as_unit, give_role
from tests.factories.people import register
from tests.review.steps import PAPER, Play


def test_approval_waits_for_sending_on_in_a_list_of_its_own(play: Play):
    case = play.cleared(paper=False)

    assert (case.status, case.step, case.seat_unit_id) == (Status.IN_REVIEW, "county", play.county.unit)
    assert queries.replay(case).cleared
    assert [task.case for task in queries.cleared_tasks(play.county)] == [case]
    assert list(queries.inbox(play.county)) == []
    assert Task.objects.get(case=case, closed_at=None).cleared_by == play.county.account


def test_sent_on_without_its_paper_is_refused_and_with_it_goes_to_the_next_desk(play: Play):
    case = play.cleared(paper=False)
    with pytest.raises(Invalid, match=f"还缺送审附件「{PAPER}」") as wrong:
        review.dispatch(case=case, seen=case.revision, by=play.county)
    assert wrong.value.faults[0].at == "papers"
    assert made.fresh(case).revision == case.revision

    play.add_paper(case)
    row = review.dispatch(case=case, seen=case.revision, by=play.colleague)

    assert (row.kind, row.step, row.to) == (MoveKind.DISPATCHED, "county", "region")
    assert [task.case for task in queries.inbox(play.region)] == [case]
    closed = Task.objects.get(case=case, step="county")
    assert (closed.verdict, closed.returned) == ("approve", False)
    actions = list(ledger.about("case", case.number).values_list("action", flat=True))
    assert actions.count("review.paper.added") == actions.count("review.case.dispatched") == 1
    with pytest.raises(Moved):
        review.dispatch(case=case, seen=case.revision, by=play.county)


def test_one_file_stands_for_many_and_is_replaced_or_removed_before_sending(play: Play):
    first = play.cleared(paper=False)
    second = play.cleared(register("钱未", number=SPARE_NUMBERS[0], unit=play.world.ground.school), paper=False)
    assert play.add_paper(first, second) == [True, True]
    assert play.add_paper(first) == [True]
    assert len({paper.file_id for paper in DispatchPaper.objects.filter(removed_at=None)}) == 2
    task = Task.objects.get(case=first, closed_at=None)
    assert DispatchPaper.objects.filter(task=task).count() == 2
    assert [paper.name for paper in queries.papers_of(task)] == [PAPER]

    (row,) = review.remove_papers(cases=[first.number], name=PAPER, by=play.county)
    assert row.ok
    assert not queries.papers_of(task).exists()


def test_papers_are_added_only_where_the_case_waits_for_them(play: Play):
    case = play.at_county()

    (row,) = review.add_paper(cases=[case.number], name=PAPER, data=made.picture(), file_name="a.jpg", by=play.county)

    assert (row.ok, row.say) == (False, "这份申报还没有审核通过，不在「待送审」。请先审核。")
    with pytest.raises(Invalid, match="请选择或填写附件名称"):
        review.add_paper(cases=[case.number], name=" ", data=made.picture(), file_name="a.jpg", by=play.county)


def test_many_are_sent_row_by_row_and_repeating_it_sends_nothing_twice(play: Play):
    case = play.cleared()

    chosen = [case.number, "TJ2026-0101-99999"]
    done = review.dispatch_many(cases=chosen, by=play.county)
    again = review.dispatch_many(cases=chosen, by=play.county)

    assert [row.ok for row in done] == [True, False]
    assert (again[0].ok, again[0].say) == (True, "已经送审，没有重复办理。")
    assert made.fresh(case).revision == case.revision + 1
    with pytest.raises(Invalid, match="一次最多送审200件"):
        review.dispatch_many(cases=[str(number) for number in range(MOST_AT_ONCE + 1)], by=play.county)


def test_preview_tells_desk_papers_and_what_is_missing(play: Play):
    case = play.cleared(paper=False)

    (line,) = queries.dispatch_preview([case.number], play.county)
    assert (line.ok, line.missing, line.step, line.name) == (False, (PAPER,), "县级审核", "林致远")
    play.add_paper(case)
    line, gone = queries.dispatch_preview([case.number, "TJ0"], play.county)

    assert (line.ok, line.papers, line.next_desk) == (True, (PAPER,), play.world.ground.province.name)
    assert (gone.ok, gone.number) == (False, "TJ0")


def test_cleared_can_still_be_returned_but_not_approved_again(play: Play):
    case = play.cleared()
    with pytest.raises(Refused, match="已经审核通过，不需要再次审核"):
        made.approve(case, play.county)

    play.send_back(case, play.county, Faulty("basic"))

    task = Task.objects.get(case=case, step="county")
    assert (made.fresh(case).status, task.verdict, task.returned, task.cleared_at) == (
        Status.RETURNED, "send_back", True, None,
    )  # fmt: skip


def test_nobody_sends_on_their_own_case_or_sits_at_two_desks_of_it(play: Play):
    """ALL-12 holds for 送审 as for approvals."""
    case = play.cleared()
    ground, lin = play.world.ground, play.world.cast.lin
    give_role(ground.xingqing, Role.REVIEWER, lin)
    own = as_unit(lin, ground.xingqing)

    with pytest.raises(Refused, match="不能审核自己的申报"):
        review.dispatch(case=case, seen=case.revision, by=own)
    assert review.dispatch_many(cases=[case.number], by=own)[0].ok is False
    assert not queries.dispatch_preview([case.number], own)[0].ok
    with pytest.raises(Refused, match="在其他单位的办理环节"):
        review.dispatch(case=case, seen=case.revision, by=play.region)

    review.dispatch(case=case, seen=case.revision, by=play.colleague)
    case = made.fresh(case)
    for actor in (play.county, play.colleague):  # who cleared it, and who sent it on
        account = Account.objects.get(pk=actor.account)
        give_role(ground.province, Role.REVIEWER, account)
        there = as_unit(account, ground.province)
        with pytest.raises(Refused, match="前面的环节由您办理"):
            review.decide(case=case, step="region", seen=case.revision, verdict=Verdict.APPROVE, opinion="", by=there)
    assert made.approve(case, play.region).status == Status.COMPLETED
