"""Two at once on a result: published while it is changed, corrected or ended twice. Each with its unlocked twin."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from unittest.mock import patch

import pytest

from bole.cases import queries as cases
from bole.definitions.terms import Service
from bole.kernel.actors import Actor
from bole.kernel.errors import BoleError, Refused
from bole.organizations.terms import Role
from bole.review import actions
from bole.review.actions import results
from bole.review.models import Outcome, OutcomeChange
from tests.factories.grading import completed, desks, grading_in_force
from tests.factories.organizations import SPARE_NUMBERS, as_unit, give_role, make_account
from tests.factories.people import World, make_world
from tests.review.test_parallel import race, refusals

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PASSED = {"state": "passed", "awarded": "C", "document": "8号", "decided_on": "2026-04-18"}
FAILED = {"state": "failed", "document": "9号", "decided_on": "2026-04-18"}
Act = Callable[[], object]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    with grading_in_force(ends=", ends: {revoked: 资格撤销}") as service:
        yield service


@pytest.fixture
def keepers(world: World) -> tuple[Actor, Actor]:
    """Two who keep the results: acts of one would wait for each other by the role as well."""
    second = make_account("吴二", SPARE_NUMBERS[2])
    give_role(world.ground.province, Role.REVIEWER, second)
    return desks(world)[2], as_unit(second, world.ground.province)


@pytest.fixture
def entered(world: World, service: Service, keepers: tuple[Actor, Actor]) -> Outcome:
    case = completed(world, service, world.lin)
    return actions.enter_outcome(number=case.number, seen=0, typed=PASSED, by=keepers[0])


def publishing(outcome: Outcome, by: Actor) -> Act:
    """Publish at the revision seen; what the row tells raised, as the other verbs do."""

    def act() -> object:
        (row,) = actions.publish_outcomes(chosen=[(outcome.case.number, outcome.revision)], by=by)
        if not row.ok:
            raise RuntimeError(row.say) if "系统出了问题" in row.say else Refused(row.say)
        return row

    return act


def entering(outcome: Outcome, by: Actor) -> Act:
    return lambda: actions.enter_outcome(number=outcome.case.number, seen=outcome.revision, typed=FAILED, by=by)


def correcting(outcome: Outcome, by: Actor, document: str) -> Act:
    typed = FAILED | {"document": document}
    return lambda: actions.correct_outcome(
        number=outcome.case.number, seen=outcome.revision, typed=typed, reason="笔误", by=by
    )


def ending(outcome: Outcome, by: Actor) -> Act:
    return lambda: actions.end_outcome(
        number=outcome.case.number, seen=outcome.revision, end="revoked", reason="业绩造假", by=by
    )


@contextmanager
def unlocked() -> Iterator[None]:
    """Both read the result before either writes."""
    gate = Barrier(2, timeout=15)

    def reading(number: str, seen: int | None, by: Actor) -> tuple[Outcome, Service]:
        outcome = Outcome.objects.select_related("case__person", "case__unit").get(case__number=number)
        with suppress(BrokenBarrierError):
            gate.wait()
        if seen is not None:
            results._compare(outcome, seen)
        return outcome, cases.service_of(outcome.case)

    with patch.object(results, "_locked", reading):
        yield


def written(outcome: Outcome) -> list[int]:
    outcome.refresh_from_db()
    assert OutcomeChange.objects.filter(outcome=outcome).last().state == outcome.state
    return list(OutcomeChange.objects.filter(outcome=outcome).values_list("revision", flat=True))


def test_what_is_published_is_what_was_seen(entered: Outcome, keepers: tuple[Actor, Actor]):
    first, second = keepers
    outcomes = race(publishing(entered, first), entering(entered, second))

    assert refusals(outcomes) == 1
    assert written(entered) == [1, 2]
    assert (entered.published_at is not None) is (entered.state == "passed")


def test_published_and_changed_without_the_lock_they_collide(entered: Outcome, keepers: tuple[Actor, Actor]):
    first, second = keepers
    with unlocked():
        outcomes = race(publishing(entered, first), entering(entered, second))

    assert refusals(outcomes) == 0
    assert any(isinstance(outcome, Exception) for outcome in outcomes)


def test_a_correction_meets_either_the_draft_or_the_published_result(entered: Outcome, keepers: tuple[Actor, Actor]):
    first, second = keepers
    outcomes = race(publishing(entered, first), correcting(entered, second, "9号"))

    assert [isinstance(outcome, BoleError) for outcome in outcomes] == [False, True]
    assert written(entered) == [1, 2]
    assert (entered.state, entered.published_at is not None) == ("passed", True)


def test_two_corrections_of_one_result_are_made_once(entered: Outcome, keepers: tuple[Actor, Actor]):
    first, second = keepers
    publishing(entered, first)()
    entered.refresh_from_db()
    outcomes = race(correcting(entered, first, "9号"), correcting(entered, second, "10号"))

    assert refusals(outcomes) == 1
    assert written(entered) == [1, 2, 3]


def test_two_corrections_without_the_lock_collide(entered: Outcome, keepers: tuple[Actor, Actor]):
    first, second = keepers
    publishing(entered, first)()
    entered.refresh_from_db()
    with unlocked():
        outcomes = race(correcting(entered, first, "9号"), correcting(entered, second, "10号"))

    assert refusals(outcomes) == 0
    assert any(isinstance(outcome, Exception) for outcome in outcomes)


def test_an_end_and_a_correction_meet_one_after_the_other(entered: Outcome, keepers: tuple[Actor, Actor]):
    first, second = keepers
    publishing(entered, first)()
    entered.refresh_from_db()
    outcomes = race(ending(entered, first), correcting(entered, second, "10号"))

    assert refusals(outcomes) == 1
    assert written(entered) == [1, 2, 3]
    assert (entered.ended_at is not None) is (entered.state == "revoked")


def test_an_end_and_a_correction_without_the_lock_collide(entered: Outcome, keepers: tuple[Actor, Actor]):
    first, second = keepers
    publishing(entered, first)()
    entered.refresh_from_db()
    with unlocked():
        outcomes = race(ending(entered, first), correcting(entered, second, "10号"))

    assert refusals(outcomes) == 0
    assert any(isinstance(outcome, Exception) for outcome in outcomes)
