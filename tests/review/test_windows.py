"""申报时间: nothing is handed in before or after, with the dates; drafts go on, and what was returned comes back.

The dates are those that the authority gives now, whatever version a draft was started with."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine

from bole.cases import actions as cases
from bole.cases.terms import Status
from bole.definitions.terms import Service, Window
from bole.kernel import clock
from bole.kernel.errors import Refused
from bole.people.models import Person
from bole.review import queries
from bole.review.terms import Faulty
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS
from tests.factories.people import World, as_self, register
from tests.review.steps import SERVICE, Play, make_play, recommending

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


@contextmanager
def renewed(directory: Path, since: date | None = None, **window: date) -> Iterator[Service]:
    """A second version of the service, in force at once or since a day, which differs in its window."""
    text = SERVICE[SERVICE.index("version:") : SERVICE.index("declaration:")]
    said = ", ".join(f"{name}: {day}" for name, day in window.items())
    new = text.replace('"1"', '"2"').replace(YEARS, f"window: {{{said}}}")
    with recommending(directory, text, new + (f"in_force: {since}\n" if since else "")) as service:
        assert service.version == ("1" if since else "2")
        yield service


def test_an_extended_window_reaches_drafts_of_the_version_before(closing: Play, tmp_path: Path):
    case, me, today = closing.filled(), as_self(closing.world.lin), clock.today()
    last = today + timedelta(days=10)
    with on(today + timedelta(days=5)):
        assert not queries.may_submit(me, case)
    with renewed(tmp_path / "later", **{"from": today + timedelta(days=4), "to": last}):
        for day, why in ((today + timedelta(days=3), "还没有开始"), (last + timedelta(days=1), "已经截止")):
            with on(day), pytest.raises(Refused, match=f"至{last.year}年{last.month}月{last.day}日，{why}"):
                closing.hand_in(case)
        with on(last):
            case = closing.hand_in(case)
    assert (case.status, case.service_version) == (Status.IN_REVIEW, "1")


def test_a_shortened_window_reaches_them_too(closing: Play, tmp_path: Path):
    case, today = closing.filled(), clock.today()
    with renewed(tmp_path / "later", **{"from": today - timedelta(days=1), "to": today - timedelta(days=1)}):
        with pytest.raises(Refused, match="已经截止，现在不能上报"):
            closing.hand_in(case)
        with on(today - timedelta(days=1)):
            assert closing.hand_in(case).status == Status.IN_REVIEW


def test_a_version_whose_day_has_not_come_changes_nothing_yet(closing: Play, tmp_path: Path):
    case, today = closing.filled(), clock.today()
    ended, tomorrow = today - timedelta(days=9), today + timedelta(days=1)
    with renewed(tmp_path / "later", tomorrow, **{"from": ended, "to": ended}):
        with on(tomorrow), pytest.raises(Refused, match="已经截止"):
            closing.hand_in(case)
        assert closing.hand_in(case).status == Status.IN_REVIEW


def test_a_quota_given_later_counts_for_them(closing: Play, tmp_path: Path):
    first, second = closing.filled(), closing.filled(colleague_of(closing))
    new = YEARS.replace("}", ", per_unit: 1}")
    text = SERVICE[SERVICE.index("version:") : SERVICE.index("declaration:")]
    with recommending(tmp_path / "later", text, text.replace('"1"', '"2"').replace(YEARS, new)):
        closing.hand_in(first)
        with pytest.raises(Refused, match="每个单位限报1件"):
            closing.hand_in(second)


def colleague_of(play: Play) -> Person:
    return register("钱未", number=SPARE_NUMBERS[0], unit=play.world.ground.school)
