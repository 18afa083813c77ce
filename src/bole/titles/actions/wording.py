"""Committees in words: the same text in forms, workbooks, the ledger, and in what an import changes.

Lists are separated by 、 or ；. Days are written 2026-03-01, a time 2026-03-01至2026-06-30, a department that has days
甲局（2026-01-01至2026-12-31）. The scope names majors by code, titles by those of major, level and title: 0501/2/0502.
Units are named in full or by credit code; a form, where they are picked, sends their keys.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from bole.kernel import clock
from bole.kernel.errors import Fault, Invalid
from bole.organizations.models import Unit
from bole.standards import queries as standards
from bole.titles.models import TitleCommittee, TitleEntry
from bole.titles.terms import COMMITTEE_COLUMNS, CommitteeDraft, CommitteeLevel, Kind, Review, Span, Window

T = TypeVar("T")

_APART = re.compile(r"[、；;，,\n]+")
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DATED = re.compile(r"(?P<name>.+?)[（(](?P<since>[\d-]*)至(?P<until>[\d-]*)[）)]")


def whole(rows: QuerySet[TitleCommittee]) -> QuerySet[TitleCommittee]:
    """Committees with everything that `told` reads. Six queries, however many."""
    rows = rows.select_related("series", "founder")
    return rows.prefetch_related("scope__parent__parent", "units", "windows", "departments__unit")


def told(row: TitleCommittee) -> dict[str, str]:
    """A committee as text, by the keys of COMMITTEE_COLUMNS."""
    windows = sorted(row.windows.all(), key=lambda window: window.year)
    works = sorted(row.departments.all(), key=lambda work: work.unit.name)
    return {
        "code": row.code,
        "name": row.name,
        "level": CommitteeLevel(row.level).label,
        "judges_lower": "是" if row.judges_lower else "否",
        "series": row.series.code,
        "scope": "、".join(sorted(path_of(entry) for entry in row.scope.all())),
        "review": Review(row.review).label,
        "founder": row.founder.name,
        "departments": "、".join(spelt(each.unit.name, each.since, each.until) for each in works),
        "filing_number": row.filing_number,
        "filed_on": day_told(row.filed_on),
        "filed_until": day_told(row.filed_until),
        "windows": "、".join(f"{day_told(each.opens)}至{day_told(each.closes)}" for each in windows),
        "regions": "、".join(row.regions),
        "units": "、".join(sorted(unit.name for unit in row.units.all())),
        "since": day_told(row.since),
        "until": day_told(row.until),
    }


def day_told(value: date | None) -> str:
    """A day as text; nothing where it is open."""
    return value.isoformat() if value else ""


def spelt(name: str, since: date | None, until: date | None) -> str:
    """A department with its days, where it has any."""
    return f"{name}（{day_told(since)}至{day_told(until)}）" if since or until else name


def path_of(entry: TitleEntry) -> str:
    """The codes of a line below its series."""
    codes, at = [], entry
    while at.parent is not None:
        codes.append(at.code)
        at = at.parent
    return "/".join(reversed(codes))


def read_committee(site: str, values: Mapping[str, str]) -> CommitteeDraft:
    """The draft that the text says. Raises Invalid with every fault at its key of COMMITTEE_COLUMNS."""
    return _Reader(site, values).draft()


def read_day(text: str, label: str, key: str, faults: list[Fault]) -> date | None:
    """A day, or none for a blank; what is no day becomes a fault at the key."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        faults.append(Fault(key, f"{label}应写成 2026-04-18 的样子，现在是「{text.strip()[:20]}」"))
        return None


class _Reader:
    """One committee being read."""

    def __init__(self, site: str, values: Mapping[str, str]) -> None:
        self.site, self.values = site, {key: values.get(key, "").strip() for key in COMMITTEE_COLUMNS}
        self.faults: list[Fault] = []

    def draft(self) -> CommitteeDraft:
        series = self._series()
        level = self._one("level", {each.label: each for each in CommitteeLevel})
        review = self._one("review", {each.label: each for each in Review})
        lower = self._one("judges_lower", {"": False, "否": False, "是": True})
        founders = self._units("founder")
        filed_on, filed_until = self._day("filed_on", needed=True), self._day("filed_until", needed=True)
        found = {
            "scope": self._scope(series),
            "regions": self._regions(),
            "units": self._units("units"),
            "departments": self._departments(),
            "windows": self._windows(),
            "span": Span(self._day("since"), self._day("until")),
        }
        if len(founders) != 1 and not any(fault.at == "founder" for fault in self.faults):
            self.faults.append(Fault("founder", "请填写一个组建单位"))
        if self.faults or series is None or level is None or review is None or not filed_on or not filed_until:
            raise Invalid(*self.faults)
        return CommitteeDraft(
            code=self.values["code"],
            name=self.values["name"],
            level=level,
            judges_lower=bool(lower),
            series=series.pk,
            review=review,
            founder=founders[0],
            filing_number=self.values["filing_number"],
            filed_on=filed_on,
            filed_until=filed_until,
            **found,  # type: ignore[arg-type]  # each is what its own reader gives
        )

    def _label(self, key: str) -> str:
        return COMMITTEE_COLUMNS[key]

    def _parts(self, key: str) -> list[str]:
        return [part.strip() for part in _APART.split(self.values[key]) if part.strip()]

    def _one(self, key: str, known: Mapping[str, T]) -> T | None:
        text = self.values[key]
        if text not in known:
            words = "、".join(word for word in known if word)
            self.faults.append(Fault(key, f"{self._label(key)}应为{words}之一"))
            return None
        return known[text]

    def _day(self, key: str, *, needed: bool = False) -> date | None:
        if needed and not self.values[key]:
            self.faults.append(Fault(key, f"请填写{self._label(key)}"))
        return read_day(self.values[key], self._label(key), key, self.faults)

    def _series(self) -> TitleEntry | None:
        code = self.values["series"]
        found = TitleEntry.objects.filter(site=self.site, kind=Kind.SERIES.value, code=code).first() if code else None
        if found is None:
            say = f"目录里没有代码为「{code}」的申报系列，请先在资格目录中添加" if code else "请填写系列代码"
            self.faults.append(Fault("series", say))
        return found

    def _scope(self, series: TitleEntry | None) -> tuple[UUID, ...]:
        if series is None:
            return ()
        found = []
        for path in self._parts("scope"):
            at: TitleEntry | None = series
            for code in path.split("/"):
                at = TitleEntry.objects.filter(parent=at, code=code.strip()).first() if at else None
            if at is None:
                say = f"「{series.name}」下没有「{path}」，请填写专业代码，或 专业代码/级别代码/资格代码"
                self.faults.append(Fault("scope", say))
            else:
                found.append(at.pk)
        return tuple(found)

    def _regions(self) -> tuple[str, ...]:
        table = {entry.code for entry in standards.table("region").entries_on(clock.today())}
        for code in self._parts("regions"):
            if code not in table:
                self.faults.append(Fault("regions", f"没有「{code}」这个行政区划代码，请填写六位代码"))
        return tuple(self._parts("regions"))

    def _units(self, key: str) -> tuple[UUID, ...]:
        return tuple(unit for part in self._parts(key) if (unit := self._unit(part, key)) is not None)

    def _unit(self, text: str, key: str) -> UUID | None:
        rows = Unit.objects.filter(site=self.site)
        if _KEY.fullmatch(text):
            rows = rows.filter(pk=UUID(text))
            return self._one_of(list(rows), text, key)
        found = list(rows.filter(credit_code=text.upper())[:2]) or list(rows.open().filter(name=text)[:2])
        return self._one_of(found or list(rows.filter(name=text)[:2]), text, key)

    def _one_of(self, found: Sequence[Unit], text: str, key: str) -> UUID | None:
        if len(found) == 1:
            return found[0].pk
        reason = "有多个同名单位，请改填统一社会信用代码" if found else "没有找到这个单位，请填写全称或统一社会信用代码"
        self.faults.append(Fault(key, f"{self._label(key)}「{text[:40]}」：{reason}"))
        return None

    def _departments(self) -> tuple[tuple[UUID, Span], ...]:
        found = []
        for part in self._parts("departments"):
            dated = _DATED.fullmatch(part)
            name = dated["name"].strip() if dated else part
            days = [
                read_day(dated[each] if dated else "", "日常工作部门的日期", "departments", self.faults)
                for each in ("since", "until")
            ]
            unit = self._unit(name, "departments")
            if unit is not None:
                found.append((unit, Span(days[0], days[1])))
        return tuple(found)

    def _windows(self) -> tuple[Window, ...]:
        found = []
        for part in self._parts("windows"):
            opens, _, closes = part.partition("至")
            days = [read_day(each, "申报时间", "windows", self.faults) for each in (opens, closes)]
            if days[0] is not None and days[1] is not None:
                found.append(Window(days[0].year, days[0], days[1]))
            elif not any(fault.at == "windows" for fault in self.faults):
                self.faults.append(
                    Fault("windows", f"申报时间应写成 2026-03-01至2026-06-30 的样子，现在是「{part[:30]}」")
                )
        return tuple(found)
