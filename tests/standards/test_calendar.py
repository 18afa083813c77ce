"""Working days: official arrangements, entered years, and refusal where none is known."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.standards import queries
from bole.standards.queries import sources
from bole.standards.terms import CalendarUnknown


@pytest.fixture
def catalogue(tmp_path: Path):
    before = sources.catalogue()
    (tmp_path / "calendar").mkdir()
    queries.configure(tmp_path)
    yield tmp_path
    queries.configure(before)


def enter(catalogue: Path, text: str, year: int = 2027) -> None:
    (catalogue / "calendar" / f"{year}.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 28), 5, date(2026, 10, 10)),  # a working Saturday
        (date(2026, 2, 12), 5, date(2026, 2, 26)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
    ],
)
def test_working_days_after(start: date, count: int, end: date) -> None:
    assert queries.working_days_after(start, count) == end


@pytest.mark.parametrize("day", ["2026-01-01", "2026-02-23", "2026-05-05", "2026-10-07", "2026-11-21"])
def test_days_off(day: str) -> None:
    assert queries.is_working_day(date.fromisoformat(day)) is False


@pytest.mark.parametrize(
    "day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10", "2026-11-20"]
)
def test_working_days_and_made_up_weekends(day: str) -> None:
    assert queries.is_working_day(date.fromisoformat(day)) is True


def test_a_year_without_arrangement_is_refused_with_what_to_do() -> None:
    with pytest.raises(CalendarUnknown) as caught:
        queries.is_working_day(date(2099, 1, 4))
    assert caught.value.year == 2099
    assert caught.value.sentence == (
        "2099年的节假日安排还没有录入，无法计算工作日。请联系系统管理员录入国务院办公厅公布的放假通知。"
    )


def test_counting_refuses_to_run_into_such_a_year(catalogue: Path) -> None:
    assert queries.working_days_after(date(2026, 12, 30), 1) == date(2026, 12, 31)
    with pytest.raises(CalendarUnknown):
        queries.working_days_after(date(2026, 12, 30), 2)
    assert queries.calendar_known_until() == date(2026, 12, 31)


def test_an_entered_year_is_counted(catalogue: Path) -> None:
    enter(catalogue, "source: 通知\noff: [2027-01-01, 2027-02-05..2027-02-11]\nwork: [2027-02-14]\n")
    assert queries.calendar_known_until() == date(2027, 12, 31)
    assert queries.working_days_after(date(2026, 12, 30), 2) == date(2027, 1, 4)
    assert queries.working_days_after(date(2027, 2, 4), 2) == date(2027, 2, 14)
    assert queries.is_working_day(date(2027, 2, 14)) is True


@pytest.mark.parametrize("text", ["off: [2026-01-01]", "off: [soon]", "off: []", "- 1"])
def test_a_faulty_year_is_refused(catalogue: Path, text: str) -> None:
    enter(catalogue, text)
    with pytest.raises(ValueError, match=r"2027\.yaml"):
        queries.is_working_day(date(2027, 1, 4))


def test_counts_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        queries.working_days_after(date(2026, 1, 5), -1)


@given(st.dates(date(2015, 1, 1), date(2026, 6, 30)), st.integers(0, 40))
def test_counting_there_and_back_agree(start: date, count: int) -> None:
    end = queries.working_days_after(start, count)
    assert queries.working_days_between(start, end) == count
    assert queries.working_days_between(end, start) == -count
    assert count == 0 or queries.is_working_day(end)
