"""What waits at a desk: its order, its counters and where they stop."""

from datetime import date, timedelta
from importlib import import_module

import pytest

from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.organizations import queries as organizations
from bole.review import queries
from bole.review.models import Task
from bole.web.pages import lists
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS, as_unit
from tests.factories.people import World, as_self, register


@pytest.fixture
def clerk(world: World) -> Actor:
    """The school's clerk, at whose desk three cases wait."""
    people = [world.lin, *(register(f"王{n}", number=number, unit=world.ground.school) for n, number in
                           zip("甲乙", SPARE_NUMBERS[:2], strict=True))]  # fmt: skip
    for person in people:
        made.submitted_case(person, as_self(person))
    return as_unit(world.cast.zhou, world.ground.school)


def test_soonest_deadline_first_and_those_without_one_last(clerk: Actor):
    first, second, third = Task.objects.order_by("id")
    for task, due in ((first, None), (second, date(2026, 5, 6)), (third, date(2026, 5, 5))):
        Task.objects.filter(id=task.id).update(due_on=due)

    assert list(queries.inbox(clerk)) == [third, second, first]
    assert queries.neighbours(third, clerk)[3] == second


def test_counters_count_waiting_pressing_and_decided(clerk: Actor):
    today = clock.today()
    Task.objects.update(due_on=today + timedelta(days=1))
    late = queries.inbox(clerk)[0]
    Task.objects.filter(id=late.id).update(due_on=today)
    assert queries.inbox_counts(clerk, today) == {"waiting": 3, "pressing": 1, "today": 0, "done": 0}

    made.approve(late.case, clerk)
    assert queries.inbox_counts(clerk, today) == {"waiting": 2, "pressing": 0, "today": 1, "done": 1}
    assert queries.inbox_counts(clerk, today + timedelta(days=1))["today"] == 0


def test_counting_stops_one_past_the_most(clerk: Actor, monkeypatch):
    monkeypatch.setattr(import_module("bole.review.queries.inbox"), "MOST_COUNTED", 1)

    assert queries.inbox_counts(clerk, clock.today())["waiting"] == 2


@pytest.mark.parametrize(
    ("count", "word"), [(0, "0"), (1234, "1,234"), (lists.COUNTED, "5,000"), (lists.COUNTED + 1, "5,000+")]
)
def test_a_stopped_counter_says_so(count: int, word: str):
    assert lists.told(count, grouped=True) == word


def test_what_somebody_holds_elsewhere_opens_no_desk_here(world: World, clerk: Actor):
    other = organizations.capacities(world.cast.sun.pk)[0]

    assert list(queries.inbox(clerk, other)) == []
