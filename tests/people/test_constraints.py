"""Each constraint of the database, violated once past the actions."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bole.kernel import clock
from bole.people.models import ArchiveRecord, Person, Tie
from tests.factories.organizations import SITE
from tests.factories.people import World


def person(world: World, **changes: object) -> None:
    values = {
        "identity_kind": "resident",
        "identity_number": "x",
        "identity_index": "free",
        "name": "甲",
        "site": SITE,
        "created_at": clock.now(),
    }
    Person.objects.create(**{**values, **changes})


def tie(world: World, **changes: object) -> None:
    today = clock.today()
    values = {"person": world.lin, "unit": world.ground.hospital, "basis": "case", "since_on": today, "until_on": today}
    Tie.objects.create(**{**values, **changes})


def record(world: World, **changes: object) -> None:
    now = clock.now()
    values = {"person": world.lin, "kind": "work", "key": "a", "data": {}, "source": "测试", "entered_at": now}
    ArchiveRecord.objects.create(**{**values, **changes})


CASES: dict[str, tuple[Callable[..., None], Callable[[World], dict[str, object]]]] = {
    "one person per identity": (person, lambda world: {"identity_index": world.lin.identity_index}),
    "identity without look-up key": (person, lambda world: {"identity_index": ""}),
    "one person per account": (person, lambda world: {"identity_index": "b", "account": world.lin.account}),
    "one open tie": (tie, lambda world: {"until_on": None}),
    "a tie ends after it began": (tie, lambda world: {"until_on": clock.today() - timedelta(days=1)}),
    "one current record": (record, lambda world: {}),
    "verified by nobody": (record, lambda world: {"key": "b", "verified_at": clock.now()}),
    "verified at no time": (record, lambda world: {"key": "b", "verified_by_unit": world.ground.xingqing.pk}),
    "ended before it began": (record, lambda world: {"key": "b", "ended_at": clock.now() - timedelta(days=1)}),
}


@pytest.mark.parametrize("case", CASES)
def test_violations(world: World, case: str):
    make, flaw = CASES[case]
    make(world)  # the same row without the flaw goes in
    with pytest.raises(IntegrityError), transaction.atomic():
        make(world, **flaw(world))


def test_the_same_number_on_another_kind_of_document_is_another_person(world: World):
    person(world, identity_kind="passport", identity_index=world.lin.identity_index)
    assert Person.objects.filter(identity_index=world.lin.identity_index).count() == 2
