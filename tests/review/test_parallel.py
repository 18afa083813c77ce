"""Two at once, on a database with row locks: double click and two people for every verb of the engine.

Each race has a twin with the lock taken away that must go wrong; so we know that the race is really run.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from itertools import cycle
from threading import Barrier, BrokenBarrierError, Thread
from unittest.mock import patch

import pytest
from django.db import connection

from bole.accounts.models import Account
from bole.cases import actions as case_actions
from bole.cases.models import Case
from bole.definitions.terms import Verdict
from bole.kernel.errors import BoleError
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review.models import Movement, Task
from bole.review.terms import Faulty
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS, as_unit, give_role, make_account
from tests.factories.people import World, as_self, make_world

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    return make_world()


def writing_together(gate: Barrier) -> Callable[..., object]:
    """Around every statement of one side: its first write waits until the other side is about to write as well."""
    waiting = True

    def execute(send: Callable[..., object], statement: str, *rest: object) -> object:
        nonlocal waiting
        if waiting and statement.startswith(("INSERT", "UPDATE", "DELETE")):
            waiting = False
            with suppress(BrokenBarrierError):  # the other side was refused, or waits for a row of this one
                gate.wait()
        return send(statement, *rest)

    return execute


@contextmanager
def slow_reading(unlocked: bool) -> Iterator[Barrier]:
    """Both sides read the case before either writes. Locked, the second waits for the first; unlocked, both go on."""
    gate = Barrier(2, timeout=15)
    locked = case_actions.standing.locked

    def reading(case_id: object) -> Case:
        if unlocked:
            case = Case.objects.select_related("person", "unit").get(pk=case_id)
            with suppress(BrokenBarrierError):  # the other side was refused before it read
                gate.wait()
            return case
        return locked(case_id)

    with patch.object(case_actions, "locked", reading):
        yield gate


def race(*acts: Callable[[], object], unlocked: bool = False) -> list[object]:
    """Run the acts at once, each in a thread with its own connection; what each returned or raised."""
    start, writing = Barrier(len(acts)), Barrier(len(acts), timeout=5)
    outcomes: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            with connection.execute_wrapper(writing_together(writing)) if unlocked else nullcontext():
                outcomes[place] = act()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    with slow_reading(unlocked):
        threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return outcomes


def refusals(outcomes: list[object]) -> int:
    return sum(isinstance(outcome, BoleError) for outcome in outcomes)


def at_unit(world: World, *, clerks: int = 1) -> tuple[Case, Callable[[Verdict], Callable[[], object]]]:
    """A case at the unit's desk, and decisions on it by so many clerks in turn.

    Acts of one clerk wait for each other by the clerk's own role as well, so twins without the lock need two.
    """
    case = made.submitted_case(world.lin, as_self(world.lin))
    second = make_account("周二", SPARE_NUMBERS[2])
    give_role(world.ground.school, Role.COLLECTION_ADMINISTRATOR, second)
    at_desk = cycle([as_unit(account, world.ground.school) for account in (world.cast.zhou, second)[:clerks]])

    def act(verdict: Verdict) -> Callable[[], object]:
        faulty, clerk = (Faulty("work"),) if verdict is Verdict.SEND_BACK else (), next(at_desk)
        return lambda: review.decide(
            case=Case.objects.get(pk=case.pk), step="unit", seen=case.revision, verdict=verdict, opinion="请核对",
            faulty=faulty, by=clerk,
        )  # fmt: skip

    return case, act


def sound(case: Case, moves: int) -> None:
    """Exactly so many movements, in unbroken order; at most one open task."""
    assert list(Movement.objects.filter(case=case).values_list("revision", flat=True)) == list(range(1, moves + 1))
    assert Task.objects.filter(case=case, closed_at__isnull=True).count() <= 1


def test_double_click_on_a_decision_decides_once(world: World):
    case, act = at_unit(world)

    outcomes = race(act(Verdict.APPROVE), act(Verdict.APPROVE))

    assert refusals(outcomes) == 1
    sound(case, 2)


def test_double_click_without_the_lock_collides(world: World):
    _, act = at_unit(world, clerks=2)

    outcomes = race(act(Verdict.APPROVE), act(Verdict.APPROVE), unlocked=True)

    assert refusals(outcomes) == 0
    assert any(isinstance(outcome, Exception) for outcome in outcomes)


def test_two_desks_deciding_differently_leave_one_decision(world: World):
    case, act = at_unit(world)

    outcomes = race(act(Verdict.APPROVE), act(Verdict.SEND_BACK))

    assert refusals(outcomes) == 1
    sound(case, 2)


def test_two_decisions_without_the_lock_collide(world: World):
    _, act = at_unit(world, clerks=2)

    outcomes = race(act(Verdict.APPROVE), act(Verdict.SEND_BACK), unlocked=True)

    assert refusals(outcomes) == 0


def test_withdrawal_against_decision_leaves_one(world: World):
    case, act = at_unit(world)
    me = as_self(world.lin)

    outcomes = race(
        act(Verdict.APPROVE),
        lambda: review.withdraw_case(case=Case.objects.get(pk=case.pk), seen=case.revision, by=me),
    )

    assert refusals(outcomes) == 1
    sound(case, 2)


def test_withdrawal_against_decision_without_the_lock_collides(world: World):
    case, act = at_unit(world)
    me = as_self(world.lin)

    outcomes = race(
        act(Verdict.APPROVE),
        lambda: review.withdraw_case(case=Case.objects.get(pk=case.pk), seen=case.revision, by=me),
        unlocked=True,
    )

    assert refusals(outcomes) == 0


def test_double_withdrawal_withdraws_once(world: World):
    case, _ = at_unit(world)
    me = as_self(world.lin)

    def act() -> object:
        return review.withdraw_case(case=Case.objects.get(pk=case.pk), seen=case.revision, by=me)

    assert refusals(race(act, act)) == 1
    sound(case, 2)


def test_double_withdrawal_without_the_lock_collides(world: World):
    case, _ = at_unit(world)
    me = as_self(world.lin)

    def act() -> object:
        return review.withdraw_case(case=Case.objects.get(pk=case.pk), seen=case.revision, by=me)

    assert refusals(race(act, act, unlocked=True)) == 0


def submitting(world: World) -> tuple[Case, Callable[[], object]]:
    me = as_self(world.lin)
    case = made.complete_case(world.lin, me)
    return case, lambda: review.submit_case(case=Case.objects.get(pk=case.pk), seen=case.revision, by=me)


def test_double_submission_submits_once(world: World):
    case, act = submitting(world)

    outcomes = race(act, act)

    assert refusals(outcomes) == 1
    sound(case, 1)


def test_double_submission_without_the_lock_collides(world: World):
    _, act = submitting(world)

    outcomes = race(act, act, unlocked=True)

    assert refusals(outcomes) == 0
    assert any(isinstance(outcome, Exception) for outcome in outcomes)


def test_submission_against_cancelling_leaves_one(world: World):
    case, act = submitting(world)
    me = as_self(world.lin)

    outcomes = race(act, lambda: review.cancel_case(case=Case.objects.get(pk=case.pk), seen=case.revision, by=me))

    assert refusals(outcomes) == 1
    sound(case, 1)


def test_submission_against_cancelling_without_the_lock_collides(world: World):
    case, act = submitting(world)
    me = as_self(world.lin)

    outcomes = race(
        act,
        lambda: review.cancel_case(case=Case.objects.get(pk=case.pk), seen=case.revision, by=me),
        unlocked=True,
    )

    assert refusals(outcomes) == 0


def test_double_cancelling_without_the_lock_collides(world: World):
    case, _ = submitting(world)
    me = as_self(world.lin)

    def act() -> object:
        return review.cancel_case(case=Case.objects.get(pk=case.pk), seen=case.revision, by=me)

    assert refusals(race(act, act, unlocked=True)) == 0


def test_double_cancelling_cancels_once(world: World):
    case, _ = submitting(world)
    me = as_self(world.lin)

    def act() -> object:
        return review.cancel_case(case=Case.objects.get(pk=case.pk), seen=case.revision, by=me)

    assert refusals(race(act, act)) == 1
    sound(case, 1)


def test_begin_against_withdrawal_never_withdraws_what_was_begun(world: World):
    case, _ = at_unit(world)
    me, clerk = as_self(world.lin), as_unit(world.cast.zhou, world.ground.school)

    outcomes = race(
        lambda: review.begin(case=Case.objects.get(pk=case.pk), by=clerk),
        lambda: review.withdraw_case(case=Case.objects.get(pk=case.pk), seen=case.revision, by=me),
    )

    begun = isinstance(outcomes[0], Task)
    withdrawn = isinstance(outcomes[1], Movement)
    assert begun != withdrawn


def test_begin_against_withdrawal_without_the_lock_collides(world: World):
    case, _ = at_unit(world)
    me, clerk = as_self(world.lin), as_unit(world.cast.zhou, world.ground.school)

    outcomes = race(
        lambda: review.begin(case=Case.objects.get(pk=case.pk), by=clerk),
        lambda: review.withdraw_case(case=Case.objects.get(pk=case.pk), seen=case.revision, by=me),
        unlocked=True,
    )

    assert refusals(outcomes) == 0


def test_two_begin_at_once_keep_the_first(world: World):
    case, _ = at_unit(world)
    clerk = as_unit(world.cast.zhou, world.ground.school)

    def act() -> object:
        return review.begin(case=Case.objects.get(pk=case.pk), by=clerk)

    outcomes = race(act, act)

    assert {outcome.begun_at for outcome in outcomes if isinstance(outcome, Task)} == {
        Task.objects.get(case=case, closed_at__isnull=True).begun_at
    }


def test_two_begin_at_once_without_the_lock_both_believe_they_were_first(world: World):
    case, _ = at_unit(world)
    second = Account.objects.get(name="周二")

    def act(account: Account) -> Callable[[], object]:
        clerk = as_unit(account, world.ground.school)
        return lambda: review.begin(case=Case.objects.get(pk=case.pk), by=clerk)

    outcomes = race(act(world.cast.zhou), act(second), unlocked=True)

    assert len({outcome.begun_at for outcome in outcomes if isinstance(outcome, Task)}) == 2


def test_two_windows_saving_one_section_keep_both_texts(world: World):
    me = as_self(world.lin)
    case = made.open_case(world.lin, me)

    def save(text: str) -> Callable[[], object]:
        return lambda: case_actions.save_section(
            case=Case.objects.get(pk=case.pk), section="supplement", typed={"text": text}, seen=0, by=me
        )

    outcomes = race(save("甲"), save("乙"))

    assert refusals(outcomes) == 1
