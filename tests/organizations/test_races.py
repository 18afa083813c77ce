"""Two at once, on PostgreSQL: ties, administrators, roles, codes. Each race has a twin with the lock taken away.

The twin must go wrong, or be caught by the last guard in the database; so we know that the race is really run.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction

from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, BoleError, Moved, Refused
from bole.organizations import actions, queries, standing
from bole.organizations.actions import appointing, attaching, offering, subordinates, tree
from bole.organizations.models import Department, Unit
from bole.organizations.terms import Role, UnitKind
from tests.factories.organizations import (
    SETUP,
    Ground,
    as_person,
    as_unit,
    make_account,
    make_administrator,
    make_ground,
    make_unit,
    resident_number,
)
from tests.organizations.test_parallel import assert_forest

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run each act in a thread of its own, all from one starting shot; what each gave or raised."""
    gate = Barrier(len(acts))
    given: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            given[place] = act()
        except Exception as error:
            given[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


@contextmanager
def without_locks(*parties: tuple[object, str], both: tuple[object, str]) -> Iterator[None]:
    """The named locks read without holding, and both sides have read what `both` reads before either goes on."""
    gate, read = Barrier(2, timeout=3), getattr(*both)

    def reading(key: UUID | str) -> Unit | None:
        return Unit.objects.filter(pk=key).first() if isinstance(key, UUID) else None

    def both_reading(*given: object) -> object:
        found = read(*given)
        with suppress(BrokenBarrierError):
            gate.wait()
        return found

    patches = [patch.object(module, name, reading) for module, name in parties] + [patch.object(*both, both_reading)]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def knot() -> list[object]:
    """Two departments, each attached to the other at once."""
    north, south = (make_unit(name, "640100", kind=UnitKind.DEPARTMENT) for name in ("北局", "南局"))
    return at_once(
        lambda: actions.attach_unit(unit=north.pk, parent=south.pk, by=SETUP),
        lambda: actions.attach_unit(unit=south.pk, parent=north.pk, by=SETUP),
    )


def test_ties_that_would_make_a_loop_leave_a_forest():
    given = knot()
    assert sum(isinstance(each, Refused) for each in given) == 1
    assert_forest()


def test_without_the_lock_the_loop_is_not_seen():
    with without_locks((attaching, "hold_tree"), (tree, "hold_tree"), both=(tree, "_check_superior")):
        given = knot()
    assert not any(isinstance(each, BoleError) for each in given)  # nobody is told: a knot, or a deadlock
    if not any(isinstance(each, OperationalError) for each in given):
        with pytest.raises(AssertionError):
            assert_forest()


def two_offers(ground: Ground) -> tuple[list[Callable[[], object]], Unit]:
    """Two persons asked to administer a school that has no administrator."""
    above = make_administrator(ground.xingqing, "区管理", 2)
    acts: list[Callable[[], object]] = []
    for serial, name in ((7, "钱继任"), (8, "孙备选")):
        account = make_account(name, resident_number(serial))
        offer = actions.appoint_in_emergency(
            unit=ground.school.pk, number=resident_number(serial), name=name, reason="空缺", by=above
        )
        acts.append(
            lambda offer=offer, account=account: actions.accept_appointment(appointment=offer.id, by=as_person(account))
        )
    return acts, ground.school


def test_two_accept_the_administration_at_once():
    acts, school = two_offers(make_ground())
    given = at_once(*acts)
    assert sum(isinstance(each, Refused | Absent) for each in given) == 1
    assert len(queries.holders(school.pk, Role.ADMINISTRATOR)) == 1


def test_without_the_lock_the_database_refuses_the_second_administrator():
    acts, school = two_offers(make_ground())
    with without_locks((offering, "locked_unit"), both=(appointing, "_incumbent")):
        given = at_once(*acts)
    assert sum(isinstance(each, Moved | OperationalError) for each in given) == 1  # its key, or a deadlock
    assert len(queries.holders(school.pk, Role.ADMINISTRATOR)) == 1


def test_one_person_accepts_two_administrations_at_once():
    ground = make_ground()
    account = make_account("钱继任", resident_number(7))
    above = make_administrator(ground.xingqing, "区管理", 2)
    offers = [
        actions.appoint_in_emergency(unit=unit.pk, number=resident_number(7), name="钱继任", reason="空缺", by=above)
        for unit in (ground.school, ground.hospital)
    ]
    given = at_once(
        *(
            lambda offer=offer: actions.accept_appointment(appointment=offer.id, by=as_person(account))
            for offer in offers
        )
    )
    assert sum(isinstance(each, Refused) for each in given) == 1
    assert [capacity.name for capacity in queries.capacities(account.pk)] in (["兴庆区第一中学"], ["兴庆区人民医院"])


def test_a_grant_and_the_end_of_whoever_grants():
    """Removed from above while granting: the grant is there before the removal, or refused."""
    ground = make_ground()
    above = make_administrator(ground.xingqing, "区管理", 2)
    for turn in range(5):
        head = make_administrator(ground.school, "赵管理", 10 + turn)
        number = resident_number(50 + turn)
        counted: list[int] = []

        def remove(counted: list[int] = counted) -> None:
            with transaction.atomic():
                actions.remove_administrator(unit=ground.school.pk, reason="失职", by=above)
                counted.append(len(queries.standings(ground.school.pk)))

        given = at_once(
            remove,
            lambda head=head, number=number: actions.offer_role(
                unit=ground.school.pk, role=Role.REVIEWER, number=number, name="李经办", by=head
            ),
        )
        assert given[0] is None
        assert len(queries.standings(ground.school.pk)) == counted[0]


ATTEMPTS = 250  # for each of four ways to lose a role: G16 asks for 1,000
ROUNDS = 5


def attempt(by: Actor, unit: Unit, pause: float = 0) -> bool:
    """One act of an operator that rests on the role: it leaves a row behind."""
    with transaction.atomic():
        if not queries.sits(by, unit.pk, Role.REVIEWER):
            return False
        time.sleep(pause)
        Department.objects.create(unit=unit, name=str(time.monotonic_ns()), made_at=clock.now())
    return True


def revoking(ground: Ground, way: str, serial: int) -> tuple[Actor, Callable[[], object]]:
    """An operator of the hospital, and the act that takes the role away."""
    account = make_account("李经办", resident_number(serial))
    keep = {"unit": ground.province.pk, "name": f"审核{serial}", "by": SETUP}
    role = actions.keep_role(**keep, functions=[Role.REVIEWER])
    offer = actions.offer_role(
        unit=ground.hospital.pk, business_role=role.pk, number=resident_number(serial), name="李经办", by=SETUP
    )
    actions.accept_appointment(appointment=offer.id, by=as_person(account))
    ways: dict[str, Callable[[], object]] = {
        "ended": lambda: actions.end_appointment(appointment=offer.id, reason="调岗", by=SETUP),
        "cleared": lambda: actions.end_all(account=account.pk, unit=ground.hospital.pk, reason="离职", by=SETUP),
        "disabled": lambda: actions.disable_role(role=role.pk, by=SETUP),
        "narrowed": lambda: actions.keep_role(**keep, role=role.pk, functions=[Role.EXPERT]),
    }
    return as_unit(account, ground.hospital), ways[way]


def race_revoke(ground: Ground, way: str, serial: int, attempts: int, pause: float = 0) -> tuple[int, int]:
    """How many acts there were when the role was gone, and how many there are in the end."""
    by, revoke = revoking(ground, way, serial)
    rows = Department.objects.filter(unit=ground.hospital)
    counted: list[int] = []

    def take_away() -> None:
        time.sleep(0.02)
        with transaction.atomic():
            revoke()
            counted.append(rows.count())

    def keep_trying() -> int:
        return sum(attempt(by, ground.hospital, pause) for _ in range(attempts // 2))

    given = at_once(take_away, keep_trying, keep_trying)
    assert not [each for each in given if isinstance(each, Exception)]
    assert not attempt(by, ground.hospital)
    return counted[0], rows.count()


@pytest.mark.parametrize("way", ["ended", "cleared", "disabled", "narrowed"])
def test_no_act_comes_after_the_role_was_taken_away(way: str):
    ground = make_ground()
    for turn in range(ROUNDS):
        then, finally_there = race_revoke(ground, way, 60 + turn, ATTEMPTS // ROUNDS)
        assert then == finally_there


@pytest.mark.parametrize("way", ["ended", "disabled"])
def test_without_the_hold_an_act_slips_through(way: str):
    ground = make_ground()
    with patch.object(standing, "inside_act", lambda: False):
        then, finally_there = race_revoke(ground, way, 70, 2, pause=0.3)
    assert finally_there > then


def without_codes(ground: Ground, units: int) -> list[object]:
    """Units without a code created at once under one superior, each by another administrator of it.

    Acts of one administrator wait for each other by his own role as well.
    """
    above = [make_administrator(ground.xingqing, f"{number}号管理", number) for number in range(1, units + 1)]
    return at_once(
        *(
            lambda name=name, number=number, by=by: actions.create_subordinate(
                parent=ground.xingqing.pk,
                kind=UnitKind.UNIT,
                name=name,
                duties="服务",
                administrator_name="冯馆员",
                administrator_number=resident_number(number),
                administrator_phone=f"137000000{number}",
                by=by,
            )
            for (name, number), by in zip((("甲所", 20), ("乙所", 21), ("丙所", 22), ("丁所", 23)), above, strict=False)
        )
    )


def test_provisional_codes_are_distinct():
    given = without_codes(make_ground(), 4)
    assert not [each for each in given if isinstance(each, BoleError)]
    assert len({unit.provisional_code for unit in given if isinstance(unit, Unit)}) == 4
    assert_forest()


def test_without_the_locks_two_units_want_one_code():
    ground = make_ground()
    locks = (subordinates, "hold_tree"), (tree, "hold_tree"), (subordinates, "locked_unit")
    with without_locks(*locks, both=(subordinates, "next_provisional_code")):
        given = without_codes(ground, 2)
    assert [each for each in given if isinstance(each, Exception)]


def test_a_birth_under_a_unit_that_is_being_closed():
    ground = make_ground()
    above = make_administrator(ground.xingqing, "区管理", 2)
    given = at_once(
        lambda: actions.close_unit(unit=ground.hospital.pk, reason="撤销", by=above),
        lambda: actions.create_subordinate(
            parent=ground.hospital.pk,
            kind=UnitKind.UNIT,
            name="分院",
            duties="医疗",
            administrator_name="冯馆员",
            administrator_number=resident_number(20),
            administrator_phone="13700000020",
            by=above,
        ),
    )
    assert sum(isinstance(each, BoleError) for each in given) == 1
    hospital = queries.unit(ground.hospital.pk)
    assert (hospital.closed_on is None) == Unit.objects.open().filter(parent=hospital).exists()
