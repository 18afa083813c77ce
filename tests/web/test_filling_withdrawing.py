"""「撤回」 says before it is done until when the case could be handed in again, and what is lost when it could not."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from bole.cases.models import Case
from bole.cases.terms import Status
from bole.kernel import clock
from bole.review.terms import Faulty
from tests.factories import cases as made
from tests.factories.browsers import as_person
from tests.factories.people import make_world
from tests.review.steps import Play, make_play, recommending
from tests.review.test_windows import YEARS
from tests.web.filling import words_of

TODAY = clock.today()


def on(day: date) -> AbstractContextManager[object]:
    return time_machine.travel(datetime.combine(day, time(12), tzinfo=clock.CHINA), tick=False)


def told(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@pytest.fixture
def play(db: None, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Play]:
    """Declarations are taken up to the day after tomorrow."""
    window = getattr(
        request, "param", f"from: {TODAY - timedelta(days=9)}, to: {TODAY + timedelta(days=2)}, per_unit: 3"
    )
    with recommending(tmp_path / "catalogue", YEARS, f"window: {{{window}}}") as service:
        yield make_play(make_world(), service)


def lin(play: Play) -> Client:
    return as_person(play.world.lin)


def at(case: Case) -> str:
    return f"/ningxia/cases/{case.number}/withdraw/"


def test_while_the_window_is_open_the_last_day_and_the_quota_are_told(play: Play):
    case, closes = play.submitted(), TODAY + timedelta(days=2)
    words = words_of(lin(play).get(at(case)))
    assert f"申报时间到 {told(closes)} 截止，撤回后请在这一天之前（含当天）改好再上报，过期不能上报。" in words
    assert "每个单位限报 3 件。撤回后空出的名额，可能由本单位其他人先用。" in words
    with on(closes):
        browser = lin(play)
        assert "今天截止，撤回后请在今天之内改好再上报" in words_of(browser.get(at(case)))
        browser.post(at(case), {"seen": case.revision})
        assert made.fresh(case).status == Status.DRAFT
        assert play.hand_in(case).status == Status.IN_REVIEW


def test_after_the_last_day_it_is_taken_back_only_by_who_says_to_know_it(play: Play):
    case = play.submitted()
    with on(TODAY + timedelta(days=3)):
        browser = lin(play)
        words = words_of(browser.get(at(case)))
        assert "撤回后不能再上报" in words
        assert "已经截止。撤回后这份申报会留在草稿里，不能再上报；不撤回的，照常审核。" in words
        bare = browser.post(at(case), {"seen": case.revision})
        assert bare.status_code == 422
        assert "请先看清上面的说明；确实要撤回的，请勾选这一项。" in words_of(bare)
        assert made.fresh(case).status == Status.IN_REVIEW

        browser.post(at(case), {"seen": case.revision, "sure": "1"})
        assert made.fresh(case).status == Status.DRAFT


@pytest.mark.parametrize("play", ['from: "03-01", to: "04-30"'], indirect=True)
def test_of_a_window_of_every_year_the_next_first_day_is_told(play: Play):
    with on(date(TODAY.year + 1, 4, 30)):
        case = play.submitted()
        assert "今天截止" in words_of(lin(play).get(at(case)))
    with on(date(TODAY.year + 1, 5, 1)):
        assert f"撤回后要等到 {TODAY.year + 2}年3月1日 才能再上报" in words_of(lin(play).get(at(case)))


def test_what_was_returned_before_comes_back_and_warns_of_nothing(play: Play):
    case = play.submitted()
    play.send_back(case, play.unit, Faulty("basic"))
    case = play.hand_in(case)
    with on(TODAY + timedelta(days=30)):
        browser = lin(play)
        words = words_of(browser.get(at(case)))
        assert "截止" not in words
        assert "限报" not in words
        browser.post(at(case), {"seen": case.revision})
        assert made.fresh(case).status == Status.RETURNED
        assert play.hand_in(case).status == Status.IN_REVIEW


@pytest.mark.parametrize("play", ["from: null, to: null"], indirect=True)
def test_without_a_window_nothing_is_said(play: Play):
    case = play.submitted()
    words = words_of(lin(play).get(at(case)))
    assert "撤回后可以修改再上报，已填内容和附件都保留。" in words
    assert "截止" not in words
