"""A role that ends, and a desk that changes, while somebody decides: on a database with row locks, each with a twin
that has the lock taken away and must go wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from unittest.mock import patch

import pytest

from bole.cases.models import Case
from bole.definitions.terms import Verdict
from bole.kernel.actors import Actor
from bole.kernel.errors import BoleError, Refused
from bole.organizations import actions as organizations
from bole.organizations import standing
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import rules
from bole.review.models import Movement, Task
from tests.factories import cases as made
from tests.factories.organizations import SETUP, SPARE_NUMBERS, as_unit, give_role, make_account
from tests.factories.people import World, as_self, make_world
from tests.review.test_parallel import race, refusals, sound

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PATIENCE = 2.0  # seconds that a decision waits for an end that must not get by


@pytest.fixture
def world() -> World:
    return make_world()


def deciding(case: Case, by: Actor) -> Callable[[], object]:
    return lambda: review.decide(
        case=Case.objects.get(pk=case.pk), step="unit", seen=case.revision, verdict=Verdict.APPROVE, opinion="", by=by
    )


@contextmanager
def slow_deciding(asked: Event, ended: Event) -> Iterator[None]:
    """Between the answer that somebody may decide and the decision there is time for the role to end."""
    whole = rules.sitting

    def slowly(*given: object) -> object:
        answer = whole(*given)  # type: ignore[arg-type]  # the action's own arguments
        asked.set()
        ended.wait(PATIENCE)
        return answer

    with patch.object(rules, "sitting", slowly):
        yield


def revoking(world: World, *, steady: bool) -> tuple[Case, list[object], Appointment]:
    """The school's clerk decides while the role is taken away; what came of both, and the role as it is then."""
    case = made.submitted_case(world.lin, as_self(world.lin))
    role = Appointment.objects.get(account=world.cast.zhou)
    asked, ended = Event(), Event()

    def end() -> object:
        asked.wait(10)
        done = organizations.end_appointment(appointment=role.pk, reason="离职", by=SETUP)
        ended.set()
        return done

    held = standing.inside_act if steady else lambda: False
    with slow_deciding(asked, ended), patch.object(standing, "inside_act", held):
        outcomes = race(deciding(case, as_unit(world.cast.zhou, world.ground.school)), end)
    role.refresh_from_db()
    return case, outcomes, role


def test_role_ends_before_the_decision_or_after_it_never_amid(world: World):
    case, outcomes, role = revoking(world, steady=True)

    assert refusals(outcomes) == 0
    assert role.ended_at is not None
    assert Movement.objects.get(case=case, step="unit").moved_at < role.ended_at
    with pytest.raises(Refused):
        made.approve(case, as_unit(world.cast.zhou, world.ground.school))


def test_role_ended_without_the_lock_still_decides(world: World):
    case, _, role = revoking(world, steady=False)

    assert role.ended_at is not None
    assert Movement.objects.get(case=case, step="unit").moved_at > role.ended_at


def turning(world: World) -> tuple[Case, Callable[[], object], Callable[[], object]]:
    """A case at the school whose person goes to the hospital: the school decides while the platform re-routes."""
    case = made.submitted_case(world.lin, as_self(world.lin))
    second = make_account("周二", SPARE_NUMBERS[2])
    give_role(world.ground.school, Role.COLLECTION_ADMINISTRATOR, second)
    Unit.objects.filter(pk=world.ground.school.pk).update(region="640106")
    jinfeng = make_account("金凤审核", SPARE_NUMBERS[0])
    give_role(world.ground.jinfeng, Role.REVIEWER, jinfeng)
    clerk = as_unit(second, world.ground.school)

    def turn() -> object:
        return review.reroute(case=Case.objects.get(pk=case.pk), seen=case.revision, by=clerk)

    return case, deciding(case, as_unit(world.cast.zhou, world.ground.school)), turn


def test_rerouting_against_decision_leaves_one(world: World):
    case, decide, turn = turning(world)

    outcomes = race(decide, turn)

    assert refusals(outcomes) == 1
    sound(case, 2)
    assert Task.objects.filter(case=case, closed_at=None).count() == 1


def test_rerouting_against_decision_without_the_lock_collides(world: World):
    _, decide, turn = turning(world)

    outcomes = race(decide, turn, unlocked=True)

    assert not any(isinstance(outcome, BoleError) for outcome in outcomes)
    assert any(isinstance(outcome, Exception) for outcome in outcomes)


def test_two_press_confirm_and_the_case_turns_once(world: World):
    case, _, turn = turning(world)

    outcomes = race(turn, turn)

    assert refusals(outcomes) == 1
    sound(case, 2)
