"""Working days in mainland China: the State Council's yearly arrangement, as shipped or as entered for a new year."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar  # type: ignore[import-untyped]  # ships no types

from bole.standards.queries import sources
from bole.standards.terms import CalendarUnknown

_ONE = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Whether offices work on that day. Raises CalendarUnknown for a year without an official arrangement."""
    worked, place = _worked(sources.catalogue(), day.year), _place(day)
    return worked[place] > worked[place - 1]


def working_days_after(day: date, count: int) -> date:
    """The count-th working day after a day, which itself is not counted (民法典第二百零一条); zero gives the day.

    Raises CalendarUnknown when counting runs into a year without an official arrangement.
    """
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    while count:
        day += _ONE
        count -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    total, day = 0, start
    while day < end:  # one turn for each year that has days between
        year = (day + _ONE).year
        worked, last = _worked(sources.catalogue(), year), min(end, date(year, 12, 31))
        total += worked[_place(last)] - (worked[_place(day)] if day.year == year else 0)
        day = last
    return total


def calendar_known_until() -> date:
    """The last day of the last year whose arrangement is known, for the administrator's reminder."""
    years = set(_entered(sources.catalogue())) | {day.year for day in chinese_calendar.constants.holidays}
    return date(max(years), 12, 31)


def _place(day: date) -> int:
    """The day's number in its year, from 1."""
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


@cache
def _worked(catalogue: Path, year: int) -> tuple[int, ...]:
    """How many working days there were up to the end of each day of a year; lists of cases count between days."""
    entered, total, worked = _entered(catalogue).get(year), 0, [0]
    day = date(year, 1, 1)
    while day.year == year:
        total += _shipped(day) if entered is None else entered.get(day, day.weekday() < 5)
        worked.append(total)
        day += _ONE
    return tuple(worked)


def _shipped(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        raise CalendarUnknown(day.year) from None


@cache
def _entered(catalogue: Path) -> Mapping[int, Mapping[date, bool]]:
    """Years entered in catalogue/calendar/<year>.yaml: `off` and `work` list days or spans (2027-02-05..2027-02-11)."""
    found: dict[int, dict[date, bool]] = {}
    for path in sorted((catalogue / "calendar").glob("[0-9]*.yaml")):
        data = sources.read_yaml(path)
        days = {day: False for text in data.get("off", []) for day in _span(text, path)}
        days |= {day: True for text in data.get("work", []) for day in _span(text, path)}
        year = int(path.stem)
        if not days or {day.year for day in days} != {year}:
            raise ValueError(f"{path.name}: 日期应全部在{year}年，且不能为空")
        found[year] = days
    return found


def _span(text: str, path: Path) -> Iterator[date]:
    first, _, last = text.partition("..")
    try:
        day, end = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    except ValueError:
        raise ValueError(f"{path.name}: 不是日期或日期段：{text}") from None
    while day <= end:
        yield day
        day += _ONE
