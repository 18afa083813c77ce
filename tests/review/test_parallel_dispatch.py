"""送审 against a return, and twice at once, on a database with row locks; each with a twin that has none."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier
from typing import Any
from unittest.mock import patch

import pytest

from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.definitions.terms import Verdict
from bole.kernel.actors import Actor
from bole.organizations import actions as organizations
from bole.people import actions as people
from bole.review import actions as review
from bole.review.models import Task
from bole.review.terms import Faulty
from tests.factories.organizations import SPARE_NUMBERS
from tests.factories.people import as_self, make_world, register
from tests.review.steps import Play, make_play, recommending
from tests.review.test_parallel import race, refusals, sound

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def play(transactional_db: None, tmp_path: Path) -> Iterator[Play]:
    with recommending(tmp_path / "catalogue") as service:
        yield make_play(make_world(), service)


def handing(case: Case) -> Callable[[], object]:
    assert case.person is not None
    me = as_self(case.person)
    return lambda: review.submit_case(case=Case.objects.get(pk=case.pk), seen=case.revision, by=me)


def handing_in(play: Play) -> list[Callable[[], object]]:
    """Two persons of one unit, each with a complete case, where one may be handed in."""
    other = register("钱未", number=SPARE_NUMBERS[0], unit=play.world.ground.school)
    return [handing(play.filled()), handing(play.filled(other))]


def sending(case: Case, by: Actor) -> Callable[[], object]:
    return lambda: review.dispatch(case=Case.objects.get(pk=case.pk), seen=case.revision, by=by)


def returning(case: Case, by: Actor) -> Callable[[], object]:
    return lambda: review.decide(
        case=Case.objects.get(pk=case.pk), step="county", seen=case.revision, verdict=Verdict.SEND_BACK,
        opinion="请修改", faulty=(Faulty("basic"),), by=by,
    )  # fmt: skip


def test_sending_on_against_returning_leaves_one(play: Play):
    case = play.cleared()

    outcomes = race(sending(case, play.county), returning(case, play.colleague))

    assert refusals(outcomes) == 1
    sound(case, 4)


def test_sending_on_against_returning_without_the_lock_collides(play: Play):
    case = play.cleared()

    outcomes = race(sending(case, play.county), returning(case, play.colleague), unlocked=True)

    assert refusals(outcomes) == 0
    assert any(isinstance(outcome, Exception) for outcome in outcomes)


def test_sent_on_twice_at_once_it_goes_once(play: Play):
    case = play.cleared()

    outcomes = race(sending(case, play.county), sending(case, play.colleague))

    assert refusals(outcomes) == 1
    sound(case, 4)
    assert Task.objects.filter(case=case, step="region").count() == 1


def test_sent_on_twice_without_the_lock_collides(play: Play):
    case = play.cleared()

    outcomes = race(sending(case, play.county), sending(case, play.colleague), unlocked=True)

    assert refusals(outcomes) == 0
    assert any(isinstance(outcome, Exception) for outcome in outcomes)


@pytest.fixture
def limited(transactional_db: None, tmp_path: Path) -> Iterator[Play]:
    window = "to: 2199-12-31"
    with recommending(tmp_path / "catalogue", window, f"{window}, per_unit: 1") as service:
        yield make_play(make_world(), service)


def test_the_last_place_of_a_unit_is_taken_once(limited: Play):
    assert refusals(race(*handing_in(limited))) == 1
    assert Task.objects.count() == 1


def test_the_last_place_without_the_unit_held_is_taken_twice(limited: Play):
    acts, both = handing_in(limited), Barrier(2, timeout=15)
    counted = case_queries.handed_in_within

    def slowly(*given: Any, **named: Any) -> Any:
        numbers = list(counted(*given, **named).values_list("pk", flat=True))
        both.wait()
        return Case.objects.filter(pk__in=numbers)

    with patch.object(organizations, "lock_unit"), patch.object(case_queries, "handed_in_within", slowly):
        assert refusals(race(*acts)) == 0
    assert Task.objects.count() == 2


@pytest.fixture
def yearly(transactional_db: None, tmp_path: Path) -> Iterator[list[Callable[[], object]]]:
    """One person hands in two complete cases, of which one counts in a year."""
    with recommending(tmp_path / "catalogue", "{open_per_subject: 1}", "{per_year: 1}") as service:
        play = make_play(make_world(), service)
        pair = [play.filled(), play.filled()]
        yield [handing(case) for case in pair]


def test_a_persons_year_is_taken_once(yearly: list[Callable[[], object]]):
    assert refusals(race(*yearly)) == 1
    assert Task.objects.count() == 1


def test_a_persons_year_without_the_person_held_is_taken_twice(yearly: list[Callable[[], object]]):
    both, asked = Barrier(2, timeout=15), case_queries.may_declare_this_year

    def slowly(*given: Any, **named: Any) -> Any:
        answer = asked(*given, **named)
        both.wait()
        return answer

    with patch.object(people, "locked_person"), patch.object(case_queries, "may_declare_this_year", slowly):
        assert refusals(race(*yearly)) == 0
    assert Task.objects.count() == 2
