"""领取、接手、转交: one reviewer of a desk takes a case upon them; the others are told by whom."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.test import TestCase

from bole.audit import queries as ledger
from bole.kernel import clock
from bole.kernel.errors import Invalid, Refused
from bole.notices.models import Message
from bole.organizations import actions as organizations
from bole.organizations.models import Appointment
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Task
from bole.review.terms import CLAIM_DAYS
from bole.standards import queries as standards
from tests.factories import cases as made
from tests.factories.organizations import SETUP, SPARE_NUMBERS, give_role
from tests.factories.people import register
from tests.review.steps import Play


def test_what_is_claimed_only_the_claimer_decides(play: Play):
    case = play.at_county()
    assert review.claim(case=case, by=play.county).claimed_by == play.county.account
    review.claim(case=case, by=play.county)

    with pytest.raises(Refused, match=f"已由{play.county.name}领取"):
        made.approve(case, play.colleague)
    with pytest.raises(Refused, match="请点「接手」"):
        review.claim(case=case, by=play.colleague)
    review.claim(case=case, take=True, by=play.colleague)

    with pytest.raises(Refused, match=f"已由{play.colleague.name}领取"):
        made.approve(case, play.county)
    assert made.approve(case, play.colleague).step == "county"
    entries = ledger.about("case", case.number).filter(action="review.task.claimed")
    assert entries.count() == 2


def test_cleared_and_claimed_is_sent_on_by_the_claimer(play: Play):
    case = play.cleared()
    review.claim(case=case, by=play.colleague)

    with pytest.raises(Refused, match="领取"):
        review.dispatch(case=case, seen=case.revision, by=play.county)
    review.dispatch(case=case, seen=case.revision, by=play.colleague)

    assert Task.objects.get(case=case, closed_at=None).claimed_by is None


def test_handed_over_a_colleague_is_told_and_decides(play: Play):
    case = play.at_county()
    assert play.colleague.account is not None

    with TestCase.captureOnCommitCallbacks(execute=True):
        review.hand_over(case=case, to=play.colleague.account, by=play.county)

    assert (
        Message.objects.filter(account_id=play.colleague.account, title="有一份「专家推荐」转交给您办理").count() == 1
    )
    with pytest.raises(Refused, match="领取"):
        review.hand_over(case=case, to=play.colleague.account, by=play.county)
    assert made.approve(case, play.colleague).step == "county"


def test_nobody_hands_over_to_who_could_not_decide(play: Play):
    case = play.at_county()
    lin = play.world.cast.lin
    with pytest.raises(Invalid, match="有同样审核权限"):
        review.hand_over(case=case, to=lin.pk, by=play.county)
    give_role(play.world.ground.xingqing, Role.REVIEWER, lin)

    with pytest.raises(Invalid, match="不能转交给林致远") as wrong:
        review.hand_over(case=case, to=lin.pk, by=play.county)

    assert wrong.value.faults[0].at == "to"


def test_a_claim_lapses_after_the_next_working_day(play: Play):
    case = play.at_county()
    task = review.claim(case=case, by=play.county)
    assert task.claimed_until == standards.working_days_after(clock.today(), CLAIM_DAYS)
    lasts = datetime.combine(task.claimed_until, time(23, 59), tzinfo=clock.CHINA)
    with time_machine.travel(lasts, tick=False), pytest.raises(Refused, match="保留到"):
        made.approve(case, play.colleague)

    with time_machine.travel(lasts + timedelta(minutes=1), tick=False):
        assert Task.objects.get(pk=task.pk).claimant is None
        review.claim(case=case, by=play.colleague)
        assert made.approve(case, play.colleague).step == "county"


def test_a_claim_ends_with_the_role_of_its_holder(play: Play):
    case, other = (
        play.at_county(),
        play.at_county(register("钱未", number=SPARE_NUMBERS[0], unit=play.world.ground.school)),
    )
    review.claim(case=case, by=play.county)
    cleared = made.approve(other, play.county)
    play.add_paper(cleared)
    review.claim(case=made.fresh(cleared), by=play.county)
    row = Appointment.objects.get(unit=play.world.ground.xingqing, account=play.county.account, role="reviewer")
    Appointment.objects.filter(pk=row.pk).update(until_on=clock.today() - timedelta(days=1))

    (line,) = queries.dispatch_preview([cleared.number], play.colleague)
    assert line.ok, line.say
    review.dispatch(case=made.fresh(cleared), seen=cleared.revision, by=play.colleague)
    assert made.approve(case, play.colleague).step == "county"


def test_what_a_leaver_claimed_is_let_go_and_written_down(play: Play):
    case = play.at_county()
    review.claim(case=case, by=play.county)
    chen, xingqing = play.county.account, play.world.ground.xingqing
    row = Appointment.objects.get(unit=xingqing, account=chen, role="reviewer")
    assert chen is not None
    assert review.release_claims(account=chen, unit=xingqing.pk) == 0, "who still sits there keeps it"

    with TestCase.captureOnCommitCallbacks(execute=True):
        organizations.end_appointment(appointment=row.pk, reason="离岗", by=SETUP)

    task = Task.objects.get(case=case, closed_at=None)
    assert (task.claimed_by, task.claimed_name, task.claimed_until) == (None, "", None)
    assert ledger.about("case", case.number).filter(action="review.task.released").count() == 1


def test_a_role_that_ended_by_its_date_lets_go_once_what_hung_on_it(play: Play):
    case, chen, xingqing = play.at_county(), play.county.account, play.world.ground.xingqing
    assert chen is not None
    review.claim(case=case, by=play.county)
    review.keep_draft(case=case, step=case.step, seen=case.revision, typed={"opinion": "写到一半"}, by=play.county)
    review.keep_draft(case=case, step=case.step, seen=case.revision, typed={"opinion": "同意"}, by=play.colleague)
    row = Appointment.objects.get(unit=xingqing, account=chen, role="reviewer")
    Appointment.objects.filter(pk=row.pk).update(until_on=clock.today())

    with TestCase.captureOnCommitCallbacks(execute=True):
        assert organizations.lapse_due() == 0, "the last day belongs to it"
    with (
        time_machine.travel(clock.now() + timedelta(days=1)),
        TestCase.captureOnCommitCallbacks(execute=True),
    ):
        assert [organizations.lapse_due(), organizations.lapse_due()] == [1, 0]

    task = Task.objects.get(case=case, closed_at=None)
    assert (task.claimed_by, task.claimed_name, task.claimed_until) == (None, "", None)
    assert queries.draft_of(case, play.county) is None
    assert queries.draft_of(case, play.colleague) is not None
    told = [entry.action for entry in ledger.about("case", case.number)]
    assert (told.count("review.task.released"), told.count("review.draft.dropped")) == (1, 1)
    assert ledger.about("appointment", str(row.pk)).filter(action="organizations.appointment.lapsed").count() == 1
    assert Message.objects.filter(account_id=chen, title__startswith="已解除").count() == 1
    row.refresh_from_db()
    assert (row.ended_at, row.lapsed_at is not None) == (None, True)  # lists go on showing it with its date


def test_who_sits_there_by_another_role_keeps_claims_and_drafts(play: Play):
    case, xingqing = play.at_county(), play.world.ground.xingqing
    chen = Appointment.objects.get(unit=xingqing, account=play.county.account, role="reviewer").account
    assert chen is not None
    review.claim(case=case, by=play.county)
    review.keep_draft(case=case, step=case.step, seen=case.revision, typed={"opinion": "写到一半"}, by=play.county)
    other = give_role(xingqing, Role.EXPERT, chen)
    Appointment.objects.filter(pk=other.pk).update(until_on=clock.today() - timedelta(days=1))

    with TestCase.captureOnCommitCallbacks(execute=True):
        assert organizations.lapse_due() == 1

    assert Task.objects.get(case=case, closed_at=None).claimed_by == chen.pk
    assert queries.draft_of(case, play.county) is not None


def test_nobody_claims_at_a_desk_of_others(play: Play):
    case = play.at_county()

    with pytest.raises(Refused, match="在其他单位的办理环节"):
        review.claim(case=case, by=play.region)
    assert Task.objects.get(case=case, closed_at=None).claimed_by is None
    assert queries.may_claim(play.county, case, play.service.route.step("county"))
