"""Changes of superior: on the day asked for, with the open cases that follow, and 「解除绑定」 by the plan seen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import TestCase

from bole.audit import queries as ledger
from bole.bindings import actions as bindings
from bole.bindings import tasks
from bole.bindings.models import PostponedAttachment
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.kernel import clock
from bole.kernel.errors import Moved, Refused
from bole.notices import queries as inbox
from bole.organizations import actions as organizations
from bole.review import actions as review
from bole.review.models import EffectRun
from tests.factories import cases as made
from tests.factories.organizations import SETUP
from tests.journeys.offices import Affair, Offices, ask, asker, fill, make_offices, own_answers
from tests.journeys.test_affairs import handed_in, pass_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices() -> Offices:
    return make_offices("henan")


@pytest.fixture
def free() -> Offices:
    """Where a unit may leave its superior by its own act."""
    return make_offices("jilin")


def asked_for(offices: Offices, days: int) -> Affair:
    """A change of superior to the county from a day on, handed in."""
    affair = ask(offices, "superior-binding")
    day = (clock.today() + timedelta(days=days)).isoformat()
    own = {**own_answers(offices, affair.service), ("target", "effective_on"): day}
    fill(affair.case, own, affair.by)
    affair.case = made.fresh(affair.case)
    return affair


def superior(offices: Offices) -> object:
    return offices.at("first").parent_id


@pytest.mark.parametrize("days", [-3, 0])
def test_a_day_that_has_come_takes_effect_at_once(offices: Offices, days: int):
    pass_all(asked_for(offices, days))
    assert superior(offices) == offices.units["county"].pk
    assert not PostponedAttachment.objects.exists()


def test_a_later_day_is_waited_for_and_then_carried_out_once(offices: Offices):
    case = pass_all(asked_for(offices, 10))
    assert case.status == Status.COMPLETED
    assert superior(offices) == offices.units["department"].pk
    assert tasks.carry_out_due() == 0

    with clock.travel(clock.now() + timedelta(days=10)):
        assert tasks.carry_out_due() == 1
        assert tasks.carry_out_due() == 0

    assert superior(offices) == offices.units["county"].pk
    row = PostponedAttachment.objects.get()
    assert (row.case, row.outcome, row.done_at is not None) == (case.number, "", True)


def test_a_later_decision_takes_the_place_of_one_that_waits(offices: Offices):
    pass_all(asked_for(offices, 10))
    second = pass_all(asked_for(offices, 20))

    with clock.travel(clock.now() + timedelta(days=15)):
        assert tasks.carry_out_due() == 0
    with clock.travel(clock.now() + timedelta(days=20)):
        assert tasks.carry_out_due() == 1
    replaced, done = PostponedAttachment.objects.order_by("due_on")
    assert (replaced.outcome, done.case) == ("已由后来的申请代替", second.number)


def test_what_would_tie_a_knot_by_then_is_given_up_and_told(offices: Offices):
    pass_all(asked_for(offices, 10))
    organizations.attach_unit(unit=offices.units["department"].pk, parent=None, by=SETUP)
    organizations.close_unit(unit=offices.units["second"].pk, reason="撤并", by=SETUP)
    row = PostponedAttachment.objects.get()
    row.superior = offices.units["second"]
    row.save()

    with clock.travel(clock.now() + timedelta(days=10)), TestCase.captureOnCommitCallbacks(execute=True):
        assert tasks.carry_out_due() == 0

    row.refresh_from_db()
    assert "停用" in row.outcome
    told = [message.title for message in inbox.inbox(offices.administrator("first").who)]
    assert "更换上级部门没有生效" in told
    assert superior(offices) == offices.units["department"].pk


def test_open_cases_at_the_former_superior_follow_and_the_plan_is_on_record(offices: Offices):
    change = ask(offices, "unit-change")
    case = handed_in(change)
    assert case.seat_unit_id == offices.units["department"].pk

    pass_all(asked_for(offices, 0))

    assert made.fresh(case).seat_unit_id == offices.units["county"].pk
    row = ledger.about("unit", str(offices.units["first"].pk)).get(action="bindings.plan.carried_out")
    assert (row.detail["cases"], row.detail["turned"], len(row.detail["plan"])) == (1, 1, 32)
    pass_all(change)
    assert offices.at("first").name == made.queries.form_of(case).sections["change"].typed["name"]


def test_a_decision_whose_effect_fails_is_taken_back_with_its_sentence(offices: Offices):
    service, by = made.definitions.service("henan", "superior-binding"), offices.administrator("loose")
    case = bindings.open_case(service=service, person=None, unit=offices.at("loose"), by=by)
    own = {**own_answers(offices, service), ("target", "unit"): str(offices.units["first"].pk)}
    fill(case, own, by)
    review.submit_case(case=made.fresh(case), seen=0, by=by)
    case = made.fresh(case)
    organizations.attach_unit(unit=offices.units["first"].pk, parent=offices.units["loose"].pk, by=SETUP)

    with pytest.raises(Refused, match="下级单位，不能作为上级单位"):
        made.approve(case, offices.keeper(case.seat_unit_id))

    now = made.fresh(case)
    assert (now.revision, now.status, offices.at("loose").parent_id) == (case.revision, Status.IN_REVIEW, None)
    assert not EffectRun.objects.filter(case=case, effect="organizations.attach").exists()


def test_unbinding_shows_the_plan_changes_nothing_then_does_exactly_that(free: Offices):
    waiting = handed_in(ask(free, "unit-change"))
    by, unit = free.administrator("first"), free.units["first"].pk

    lines, word = bindings.plan_of_unbinding(unit=unit, by=by)
    assert [line.number for line in lines] == [waiting.number]
    assert superior(free) == free.units["department"].pk

    bindings.unbind_superior(unit=unit, seen_plan=word, by=by)
    assert superior(free) is None
    assert made.fresh(waiting).seat_unit_id == free.units["department"].pk  # it is finished where it lies


def test_unbinding_by_a_plan_that_is_no_longer_so_is_refused(free: Offices):
    by, unit = free.administrator("first"), free.units["first"].pk
    _, word = bindings.plan_of_unbinding(unit=unit, by=by)
    handed_in(ask(free, "unit-change"))

    with pytest.raises(Moved, match="未办结的申报有变化"):
        bindings.unbind_superior(unit=unit, seen_plan=word, by=by)
    assert superior(free) == free.units["department"].pk


def test_unbinding_is_for_the_administrator_of_a_bound_unit_proved_afresh(free: Offices):
    by, unit = free.administrator("first"), free.units["first"].pk
    with pytest.raises(Refused, match="重新验证身份"):
        bindings.unbind_superior(unit=unit, seen_plan="", by=replace(by, fresh=False))
    for stranger in (free.administrator("second"), free.keeper(unit)):
        with pytest.raises(Refused):
            bindings.plan_of_unbinding(unit=unit, by=stranger)
        with pytest.raises(Refused):
            bindings.unbind_superior(unit=unit, seen_plan="", by=stranger)
    loose = free.units["loose"].pk
    with pytest.raises(Refused, match="没有绑定上级单位"):
        bindings.unbind_superior(unit=loose, seen_plan="", by=free.administrator("loose"))


def test_where_both_superiors_decide_nobody_leaves_first(offices: Offices):
    by, unit = offices.administrator("first"), offices.units["first"].pk
    with pytest.raises(Refused, match="原上级和新上级审核"):
        bindings.plan_of_unbinding(unit=unit, by=by)
    with pytest.raises(Refused, match="原上级和新上级审核"):
        bindings.unbind_superior(unit=unit, seen_plan="", by=by)
    assert superior(offices) == offices.units["department"].pk


def test_the_highest_authority_asks_nobody(offices: Offices):
    service = made.definitions.service("henan", "unit-change")
    top = next(iter(offices.units))
    with pytest.raises(Refused, match="最高一级人社部门"):
        bindings.open_case(service=service, person=None, unit=offices.at(top), by=offices.administrator(top))
    assert not Case.objects.exists()
    assert asker(offices, service)[1] == offices.at("first")
