"""The catalogue of titles as fields choose from it (`type: governed`, `lookup:` in YAML; SZ-06)."""

import time
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bole.definitions.terms import UNIT_ATTRIBUTE, Choice, Context, Governed
from bole.kernel.errors import Absent
from bole.organizations import queries as organizations
from bole.standards import queries as standards
from bole.titles import queries as titles
from bole.titles.terms import Applicant, Committee, Entry, Kind, Snapshot, day_text

_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class _Here:
    """The catalogue of the context's site and for whom something is chosen; asked once for a context."""

    snapshot: Snapshot
    applicant: Applicant


def _here(context: Context) -> _Here:
    held = context.memo.get("titles")
    if held is None:
        snapshot = titles.snapshot(context.site)
        region, unit = context.fact("unit.region"), context.fact("unit.id")
        applicant = titles.applicant(
            context.today,
            region=str(region or ""),
            unit=_key(str(unit or "")),
            served=any(each.units for each in snapshot.committees.values()),
        )
        held = context.memo["titles"] = _Here(snapshot, applicant)
    return held


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


class Entries:
    """The lines of one rung of the tree: series, majors, levels, titles."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.attributes = frozenset({"code", "level"} if kind in (Kind.LEVEL, Kind.TITLE) else {"code"})

    def offered(self, parent: str | None, context: Context) -> tuple[Choice, ...]:
        """The lines below that stand on the day."""
        here, above = _here(context), _key(parent)
        if self.kind.above is not None and above is None:
            return ()
        return tuple(_line(entry) for entry in titles.entries(here.snapshot, self.kind, above, here.applicant))

    def known(self, value: str) -> Choice | None:
        """The line, retired or not."""
        entry = self._entry(value)
        return _line(entry) if entry is not None else None

    def below(self, value: str, parent: str | None) -> bool:
        """Whether it hangs under the parent's line."""
        entry = self._entry(value)
        return entry is not None and entry.parent == _key(parent)

    def fault(self, value: str, parent: str | None, context: Context) -> str:
        """Strange to this site, or outside its days."""
        here = _here(context)
        entry = here.snapshot.entries.get(UUID(value))
        if entry is None:
            return f"没有找到这个{self.kind.label}，请重新选择"
        return titles.entry_fault(entry, here.applicant)

    def listed(self, site: str) -> tuple[Choice, ...]:
        """Every line of the rung."""
        return tuple(_line(entry) for entry in titles.snapshot(site).entries.values() if entry.kind is self.kind)

    def vacant(self, parent: str | None, context: Context) -> str:
        """That the authority has entered nothing there."""
        return f"目录里还没有可以选择的{self.kind.label}，请重新选择上一级，或联系{_office(context)}"

    def _entry(self, value: str) -> Entry | None:
        key = _key(value)
        snapshot = titles.holding(key) if key is not None else None
        entry = snapshot.entries.get(key) if snapshot is not None and key is not None else None
        return entry if entry is not None and entry.kind is self.kind else None


class Committees:
    """The committees that judge a title and take declarations from the unit today (D36)."""

    attributes = frozenset({"code", "level", "review"})

    def offered(self, parent: str | None, context: Context) -> tuple[Choice, ...]:
        """Those whose filing, window and scope fit."""
        here, title = _here(context), _key(parent)
        if title is None:
            return ()
        found = titles.committees(here.snapshot, title, here.applicant)
        return tuple(_committee(each, context.today) for each in found)

    def known(self, value: str) -> Choice | None:
        """The committee, its filing valid or not."""
        found = committee_of(value)
        return _committee(found) if found is not None else None

    def below(self, value: str, parent: str | None) -> bool:
        """Whether it judges the title."""
        found, title = committee_of(value), _key(parent)
        snapshot = titles.holding(title) if title is not None else None
        return (
            found is not None and title is not None and snapshot is not None and titles.serves(snapshot, found, title)
        )

    def fault(self, value: str, parent: str | None, context: Context) -> str:
        """Filing, window or scope stand against it, with the day and what to do."""
        here = _here(context)
        found = here.snapshot.committees.get(UUID(value))
        return titles.committee_fault(found, here.applicant) if found is not None else "没有找到这个评委会，请重新选择"

    def listed(self, site: str) -> tuple[Choice, ...]:
        """Every committee."""
        return tuple(_committee(each) for each in titles.snapshot(site).committees.values())

    def vacant(self, parent: str | None, context: Context) -> str:
        """Why each committee that judges the title takes no declaration now."""
        here, title = _here(context), _key(parent)
        committees = here.snapshot.committees.values() if title is not None else ()
        judging = [each for each in committees if title and titles.serves(here.snapshot, each, title)]
        says = [titles.committee_fault(each, here.applicant).partition("，请选择其他评委会")[0] for each in judging]
        if not says:
            return f"现在没有评委会评审这个资格，请选择其他资格，或联系{_office(context)}"
        told = "；".join(says[:_MOST_TOLD])
        return f"现在没有评委会受理这个资格的申报：{told}。请在受理时间内申报，或联系{_office(context)}"


class Departments:
    """The units that do a committee's daily work. The value is the unit's key, so that a desk can be seated there."""

    attributes = frozenset({UNIT_ATTRIBUTE})

    def offered(self, parent: str | None, context: Context) -> tuple[Choice, ...]:
        """Those that do it on the day."""
        here, committee = _here(context), _key(parent)
        found = here.snapshot.committees.get(committee) if committee else None
        if found is None:
            return ()
        units = titles.departments(found, here.applicant)
        names = organizations.unit_names(units)
        return tuple(_unit(unit, names[unit]) for unit in units if unit in names)

    def known(self, value: str) -> Choice | None:
        """The unit, open or closed."""
        key = _key(value)
        name = _names.get(key) if key is not None else None
        return _unit(key, name) if key is not None and name is not None else None

    def below(self, value: str, parent: str | None) -> bool:
        """Whether it does or did the committee's daily work."""
        found, key = committee_of(parent), _key(value)
        return found is not None and any(unit == key for unit, _ in found.departments)

    def fault(self, value: str, parent: str | None, context: Context) -> str:
        """Not on the day, or a unit that was closed."""
        here, committee, key = _here(context), _key(parent), UUID(value)
        found = here.snapshot.committees.get(committee) if committee else None
        unit = organizations.unit(key)
        if unit.closed_on is not None:
            return f"日常工作部门「{unit.name}」已于{day_text(unit.closed_on)}停用，请重新选择日常工作部门"
        if found is None:
            return "请重新选择评委会"
        return titles.department_fault(found, key, unit.name, here.applicant)

    def listed(self, site: str) -> tuple[Choice, ...]:
        """Every unit that does or did the daily work of a committee."""
        works = (each.departments for each in titles.snapshot(site).committees.values())
        names = organizations.unit_names({unit for work in works for unit, _ in work})
        return tuple(_unit(unit, name) for unit, name in sorted(names.items(), key=lambda pair: pair[1]))

    def vacant(self, parent: str | None, context: Context) -> str:
        """That nobody does it."""
        return f"这个评委会还没有设置日常工作部门，请选择其他评委会，或联系{_office(context)}"


class _Names:
    """Names of units, asked for again and again while one form is read; one may be a second old, as those of lines."""

    def __init__(self) -> None:
        self._held: dict[UUID, tuple[str, float]] = {}

    def get(self, key: UUID) -> str | None:
        """The name of a unit, open or closed."""
        now, (name, asked) = time.monotonic(), self._held.get(key, ("", -titles.NAMES_HELD))
        if now - asked < titles.NAMES_HELD:
            return name
        try:
            name = str(organizations.unit(key).name)
        except Absent:
            return None
        if len(self._held) >= _MOST_HELD:
            self._held.clear()
        self._held[key] = (name, now)
        return name


_MOST_HELD = 500
_names = _Names()


def committee_of(value: str | None) -> Committee | None:
    """The committee of a key, of whatever site and day."""
    key = _key(value)
    snapshot = titles.holding(key) if key is not None else None
    return snapshot.committees.get(key) if snapshot is not None and key is not None else None


def _office(context: Context) -> str:
    return f"「{organizations.site(context.site).authority}」"


def _line(entry: Entry) -> Choice:
    attributes = {"code": (entry.code, entry.code)}
    if entry.level:
        attributes["level"] = (entry.level, standards.table("title-level").entry(entry.level).name)
    code = entry.level if entry.kind is Kind.LEVEL else entry.code
    return Choice(str(entry.id), entry.name, code, attributes=attributes)


def _committee(committee: Committee, today: date | None = None) -> Choice:
    window = None
    if today is not None:
        window = next((each for each in committee.windows.values() if each.opens <= today <= each.closes), None)
    told = [committee.review.label, f"申报时间{window.told}" if window else ""]
    attributes = {
        "code": (committee.code, committee.code),
        "level": (committee.level.value, committee.level.label),
        "review": (committee.review.value, committee.review.label),
    }
    note = "，".join(part for part in told if part)
    return Choice(str(committee.id), committee.name, committee.code, note, attributes)


def _unit(unit: UUID, name: str) -> Choice:
    return Choice(str(unit), name, attributes={UNIT_ATTRIBUTE: (str(unit), name)})


CATALOGUES: dict[str, Governed] = {
    "title-series": Entries(Kind.SERIES),
    "title-major": Entries(Kind.MAJOR),
    "title-level": Entries(Kind.LEVEL),
    "title-name": Entries(Kind.TITLE),
    "title-committee": Committees(),
    "title-department": Departments(),
}
