"""GB/T 2260 regions with their history, from python-stdnum's table and the catalogue's corrections (region.yaml)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from bole.kernel import clock
from bole.standards.queries import sources
from bole.standards.terms import Region

# Rows that group others ("districts under the city", "counties under the city") and are no places.
_PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政单位", "自治区直辖县级行政单位"}
_PROVINCE = re.compile(r'^(\d\d) province="')
_COUNTY = re.compile(r'^  (\d{4}) county="(.*)"$')
_PERIOD = re.compile(r"^\[(\d*)-(\d*)\](.*)$")


@dataclass(frozen=True, slots=True)
class Period:
    """A code's name during some years. The source knows years only: a change counts for the whole year."""

    code: str
    name: str
    since: date | None
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether the name was in use on the day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class _Book:
    periods: Mapping[str, tuple[Period, ...]]
    ever: frozenset[str]


def region(code: str, on: date | None = None) -> Region:
    """The region a code stood for on a day (today), else the nearest one it ever stood for.

    A code was sometimes used again, so give the year of birth or of issue with an old one. Raises KeyError when the
    code was never in use.
    """
    day = on or clock.today()
    found = _period(code, day)
    if found is None:
        raise KeyError(f"region: {code}")
    # A place that is history is described as of its own last day.
    day = day if found.covers(day) else (found.until or found.since or day)
    above = parent_of(code, day)
    over = region(above, day).full_name if above else ""
    return Region(code, found.name, over + found.name, level_of(code), above, found.until)


def regions_under(code: str | None, on: date | None = None) -> tuple[Region, ...]:
    """The regions directly below one (below None: the provinces) on a day (today), in the order of their codes.

    Counties without a city hang on their province; 东莞, 中山, 儋州 and 嘉峪关 have nothing below them.
    """
    day = on or clock.today()
    start = _prefix(code)
    return tuple(
        region(each, day)
        for each, rows in _book().periods.items()
        if each.startswith(start) and parent_of(each, day) == code and any(row.covers(day) for row in rows)
    )


def known(code: str) -> bool:
    """Whether GB/T 2260 ever had the code, grouping rows included."""
    return code in _book().ever


def periods() -> Iterator[Period]:
    """Every place's periods in the order of codes, then of time."""
    for rows in _book().periods.values():
        yield from rows


def level_of(code: str) -> str:
    """province, city or county, by the zeros at the end."""
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def parent_of(code: str, day: date) -> str | None:
    """The code of the region directly above on that day."""
    level = level_of(code)
    if level == "province":
        return None
    city = code[:4] + "00"
    if level == "county" and any(period.covers(day) for period in _book().periods.get(city, ())):
        return city
    return code[:2] + "0000"


def _prefix(code: str | None) -> str:
    if code is None:
        return ""
    return {"province": code[:2], "city": code[:4], "county": code}[level_of(code)]


def _period(code: str, day: date) -> Period | None:
    rows = _book().periods.get(code, ())
    in_force = [row for row in rows if row.covers(day)]
    if in_force:
        return in_force[-1]
    past = [row for row in rows if row.until and row.until < day]
    return past[-1] if past else (rows[0] if rows else None)


def _book() -> _Book:
    return _bound(sources.catalogue())


@cache
def _bound(catalogue: Path) -> _Book:
    data = sources.read_yaml(catalogue / "codes" / "region.yaml")
    dropped = set(data.get("drop", ()))
    found: dict[str, list[Period]] = defaultdict(list)
    ever = set()
    added = (Period(code, name, _first(since), _last(until)) for code, name, since, until in data.get("add", ()))
    for period in (*_shipped(), *added):
        ever.add(period.code)
        if period.code not in dropped and period.name not in _PLACEHOLDERS:
            found[period.code].append(period)
    rows = {code: tuple(sorted(found[code], key=lambda p: p.since or date.min)) for code in sorted(found)}
    return _Book(rows, frozenset(ever))


def _shipped() -> Iterator[Period]:
    province = ""
    for line in files("stdnum.cn").joinpath("loc.dat").read_text("utf-8").splitlines():
        if match := _PROVINCE.match(line):
            province = match[1]
        elif match := _COUNTY.match(line):
            for part in match[2].split(","):
                years = _PERIOD.match(part)
                since, until, name = years.groups() if years else ("", "", part)
                if not (since and until and since > until):  # one row upstream ends before it begins
                    yield Period(province + match[1], name, _first(since), _last(until))


def _first(year: str) -> date | None:
    return date(int(year), 1, 1) if year else None


def _last(year: str) -> date | None:
    return date(int(year), 12, 31) if year else None
