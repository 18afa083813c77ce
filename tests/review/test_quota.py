"""每单位限额: so many cases of one unit within the window, counted at the hand-in (ALL-05)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bole.cases.terms import Status
from bole.kernel.errors import Refused
from bole.people.models import Person
from bole.review import actions as review
from bole.review.terms import Faulty
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS
from tests.factories.people import World, as_self, register
from tests.review.steps import Play, make_play, recommending

FULL = "本次申报每个单位限报1件，「兴庆区第一中学」已经上报1件"


@pytest.fixture
def play(world: World, tmp_path: Path) -> Iterator[Play]:
    with recommending(tmp_path / "catalogue", "to: 2199-12-31}", "to: 2199-12-31, per_unit: 1}") as service:
        yield make_play(world, service)


@pytest.fixture
def other(play: Play) -> Person:
    return register("钱未", number=SPARE_NUMBERS[0], unit=play.world.ground.school)


def test_one_too_many_is_refused_with_the_numbers_and_keeps_its_answers(play: Play, other: Person):
    play.submitted()
    case = play.filled(other)

    with pytest.raises(Refused, match=FULL):
        play.hand_in(case)

    assert made.fresh(case).status == Status.DRAFT
    assert play.submitted(play.world.sun).status == Status.IN_REVIEW  # of another unit


def test_what_was_returned_keeps_its_place_and_what_was_taken_back_frees_it(play: Play, other: Person):
    case = play.submitted()
    play.send_back(case, play.unit, Faulty("basic"))
    late = play.filled(other)
    with pytest.raises(Refused, match=FULL):
        play.hand_in(late)
    case = play.hand_in(case)
    assert case.round == 2
    made.approve(case, play.unit)

    third = register("周末", number=SPARE_NUMBERS[1], unit=play.world.ground.hospital)
    mine = play.submitted(third)
    review.withdraw_case(case=mine, seen=mine.revision, by=as_self(third))
    assert play.submitted(play.world.sun).status == Status.IN_REVIEW
    with pytest.raises(Refused, match="每个单位限报1件"):
        play.hand_in(mine)
