"""申报时间: nothing is handed in before or after, with the dates; drafts go on, and what was returned comes back."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine

from bole.cases import actions as cases
from bole.cases.terms import Status
from bole.definitions.terms import Window
from bole.kernel import clock
from bole.kernel.errors import Refused
from bole.review import queries
from bole.review.terms import Faulty
from tests.factories import cases as made
from tests.factories.people import World, as_self
from tests.review.steps import Play, make_play, recommending

YEARS = "window: {from: 2020-01-01, to: 2199-12-31}"


def on(day: date) -> AbstractContextManager[object]:
    return time_machine.travel(datetime.combine(day, time(12), tzinfo=clock.CHINA), tick=False)


@pytest.fixture
def closing(world: World, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Play]:
    """The service takes declarations yesterday, today and tomorrow."""
    day, more = clock.today(), getattr(request, "param", "")
    window = f"window: {{from: {day - timedelta(days=1)}, to: {day + timedelta(days=1)}{more}}}"
    with recommending(tmp_path / "catalogue", YEARS, window) as service:
        yield make_play(world, service)


def test_outside_the_window_drafts_are_filled_and_not_handed_in(closing: Play):
    case, me, today = closing.filled(), as_self(closing.world.lin), clock.today()
    opens, closes = today - timedelta(days=1), today + timedelta(days=1)
    told = f"申报时间是{opens.year}年{opens.month}月{opens.day}日至{closes.year}年{closes.month}月{closes.day}日"
    for day, why in ((today - timedelta(days=2), "还没有开始"), (today + timedelta(days=2), "已经截止")):
        with on(day):
            typed, seen = {"title": f"教师 {day}", "post": "主任"}, case.answers.get(section="basic").version
            cases.save_section(case=case, section="basic", typed=typed, seen=seen, by=me)
            with pytest.raises(Refused, match=f"{told}，{why}，现在不能上报"):
                closing.hand_in(case)
            assert why in queries.may_submit(me, made.fresh(case)).reason
    for day in (opens, closes):
        with on(day):
            assert queries.may_submit(me, made.fresh(case))
    assert closing.hand_in(case).status == Status.IN_REVIEW


def test_what_was_returned_comes_back_after_the_end(closing: Play):
    case = closing.submitted()
    closing.send_back(case, closing.unit, Faulty("basic"))
    with on(clock.today() + timedelta(days=30)):
        assert closing.hand_in(case).round == 2


@pytest.mark.parametrize("closing", [", again: false"], indirect=True)
def test_unless_the_service_says_that_it_does_not(closing: Play):
    case = closing.submitted()
    closing.send_back(case, closing.unit, Faulty("basic"))
    with on(clock.today() + timedelta(days=30)), pytest.raises(Refused, match="已经截止，现在不能上报"):
        closing.hand_in(case)


def test_a_window_of_every_year():
    window = Window.model_validate({"from": "03-01", "to": "04-30"})
    assert window.span(date(2027, 1, 5)) == (date(2027, 3, 1), date(2027, 4, 30))
    assert window.against(date(2027, 1, 5)) == "申报时间是2027年3月1日至2027年4月30日，还没有开始"
    assert window.against(date(2027, 5, 1)) == "申报时间是2027年3月1日至2027年4月30日，已经截止"
    assert [window.open_on(day) for day in (date(2026, 3, 1), date(2031, 4, 30))] == [True, True]
    assert Window().against(date(2027, 1, 1)) == ""
