"""Two at once, on PostgreSQL: one offer, one forest."""

import threading
from collections.abc import Callable
from random import Random

import pytest
from django.db import connection

from bole.kernel.errors import BoleError
from bole.organizations import actions
from bole.organizations.models import SEGMENT, Appointment, Unit
from bole.organizations.terms import Role
from tests.factories.organizations import NUMBERS, SETUP, as_unit, make_cast, make_ground, make_unit

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run each act in a thread of its own, all from one starting shot; what each gave or raised."""
    gate = threading.Barrier(len(acts))
    given: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            given[place] = act()
        except BoleError as refused:
            given[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_two_operators_offer_the_same_role_at_once():
    ground = make_ground()
    ma = as_unit(make_cast(ground).ma, ground.xingqing)

    def offer() -> object:
        return actions.appoint(
            unit=ground.school.pk,
            role=Role.COLLECTION_ADMINISTRATOR,
            number=NUMBERS["林致远"],
            name="林致远",
            by=ma,
        ).id

    given = at_once(offer, offer, offer)
    assert len(set(given)) == 1
    assert Appointment.objects.waiting().count() == 1


def test_moves_that_would_tie_a_knot_leave_a_tree():
    north, south = make_unit("北局", "640100"), make_unit("南局", "640100")
    given = at_once(
        lambda: actions.move_unit(unit=north.pk, parent=south.pk, by=SETUP),
        lambda: actions.move_unit(unit=south.pk, parent=north.pk, by=SETUP),
    )
    assert sum(isinstance(each, BoleError) for each in given) == 1
    assert_forest()


def test_births_and_moves_at_once_keep_every_path_right():
    units = [make_unit(f"单位{number}", "640100") for number in range(8)]
    chance = Random(20181030)

    def shuffle(seed: int) -> Callable[[], object]:
        def act() -> object:
            own = Random(seed)
            for _ in range(12):
                unit, parent = own.sample(units, 2)
                try:
                    if own.random() < 0.3:
                        make_unit(f"新{own.random()}", "640100", Unit.objects.get(pk=parent.pk))
                    else:
                        actions.move_unit(unit=unit.pk, parent=own.choice([parent.pk, None]), by=SETUP)
                except BoleError:
                    continue
            return None

        return act

    at_once(*(shuffle(chance.randrange(10**6)) for _ in range(4)))
    assert Unit.objects.exclude(parent=None).exists()
    assert_forest()


def assert_forest() -> None:
    """Every path is the parent's path and one segment more: no knots, no stale subtrees."""
    for unit in Unit.objects.select_related("parent"):
        above = unit.parent.path if unit.parent else ""
        assert unit.path[:-SEGMENT] == above
