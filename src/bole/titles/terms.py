"""What the room speaks of: the catalogue of titles as a tree, committees with their filings and windows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from uuid import UUID


class Kind(StrEnum):
    """A rung of the catalogue, from the series (系列) down to the title (资格名称)."""

    SERIES = "series"
    MAJOR = "major"
    LEVEL = "level"
    TITLE = "title"

    @property
    def label(self) -> str:
        """As it is shown."""
        return {"series": "申报系列", "major": "申报专业", "level": "申报级别", "title": "专技资格名称"}[self.value]

    @property
    def above(self) -> "Kind | None":
        """The rung that an entry of this kind hangs under."""
        return {Kind.MAJOR: Kind.SERIES, Kind.LEVEL: Kind.MAJOR, Kind.TITLE: Kind.LEVEL}.get(self)

    @property
    def below(self) -> "Kind | None":
        """The rung below."""
        return next((kind for kind in Kind if kind.above is self), None)


class Review(StrEnum):
    """How a committee reads the files."""

    ONLINE = "online"
    PAPER = "paper"

    @property
    def label(self) -> str:
        """As it is shown."""
        return {"online": "网上评审", "paper": "纸质评审"}[self.value]


class CommitteeLevel(StrEnum):
    """The three levels of committees (人社部令第40号第七条, TR-11)."""

    SENIOR = "senior"
    INTERMEDIATE = "intermediate"
    JUNIOR = "junior"

    @property
    def label(self) -> str:
        """As it is shown."""
        return {"senior": "高级", "intermediate": "中级", "junior": "初级"}[self.value]


# The codes of the table `title-level` that a committee judges by itself, and those it may judge beside them: a senior
# committee may also judge lower levels of its series (第七条).
JUDGES: dict[CommitteeLevel, frozenset[str]] = {
    CommitteeLevel.SENIOR: frozenset({"1", "2"}),
    CommitteeLevel.INTERMEDIATE: frozenset({"3"}),
    CommitteeLevel.JUNIOR: frozenset({"4", "5"}),
}
BELOW: dict[CommitteeLevel, frozenset[str]] = {
    CommitteeLevel.SENIOR: frozenset({"3", "4", "5"}),
    CommitteeLevel.INTERMEDIATE: frozenset({"4", "5"}),
    CommitteeLevel.JUNIOR: frozenset(),
}

FILING_YEARS = 3  # a filing is valid for at most three years (第八条, TR-13)


def day_text(day: date) -> str:
    """A day as sentences say it."""
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both inclusive; either may be open."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day lies within."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the tree. `level` is a code of the table `title-level`, of levels and titles only."""

    id: UUID
    kind: Kind
    code: str
    name: str
    parent: UUID | None
    level: str
    span: Span


@dataclass(frozen=True, slots=True)
class Major:
    """A major as an authority names it; `branch` is the branch of the national table whose titles it has."""

    code: str
    name: str
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the tree written down by codes: `path` goes from its series to itself."""

    kind: Kind
    path: tuple[str, ...]
    name: str
    level: str = ""
    span: Span = Span()


@dataclass(frozen=True, slots=True)
class Window:
    """When a committee takes declarations in one year; both days inclusive."""

    year: int
    opens: date
    closes: date

    @property
    def told(self) -> str:
        """The days as sentences say them."""
        return f"{day_text(self.opens)}至{day_text(self.closes)}"


@dataclass(frozen=True, slots=True)
class Committee:
    """A committee (评委会) with what it serves.

    `scope` holds majors or titles of its series, nothing for the whole series. `regions` are codes of GB/T 2260 whose
    ground it serves, `units` units with all below them; with neither it serves the whole site. `departments` are the
    units that do its daily work (日常工作部门), with the days since and until when.
    """

    id: UUID
    code: str
    name: str
    level: CommitteeLevel
    judges_lower: bool
    series: UUID
    review: Review
    founder: UUID
    founder_name: str
    filing_number: str
    filed: Span
    span: Span
    scope: frozenset[UUID] = frozenset()
    regions: tuple[str, ...] = ()
    units: frozenset[UUID] = frozenset()
    departments: tuple[tuple[UUID, Span], ...] = ()
    windows: Mapping[int, Window] = field(default_factory=dict)

    def judges(self, level: str) -> bool:
        """Whether it judges titles of this level, a code of the table `title-level`."""
        return level in JUDGES[self.level] or (self.judges_lower and level in BELOW[self.level])


@dataclass(frozen=True, slots=True)
class Applicant:
    """For whom choices are made: the unit with those above it, its region, the day."""

    day: date
    region: str = ""
    units: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Snapshot:
    """The catalogue of a site as it stood at one edition, retired entries included, in the order it is shown."""

    site: str
    edition: UUID | None
    entries: Mapping[UUID, Entry]
    committees: Mapping[UUID, Committee]

    @cached_property
    def children(self) -> Mapping[UUID | None, tuple[Entry, ...]]:
        """The entries below each entry."""
        found: dict[UUID | None, list[Entry]] = {}
        for entry in self.entries.values():
            found.setdefault(entry.parent, []).append(entry)
        return {parent: tuple(below) for parent, below in found.items()}

    def line(self, entry: UUID) -> Iterator[Entry]:
        """An entry and all above it, from the bottom up."""
        at: UUID | None = entry
        while at is not None and at in self.entries:
            yield self.entries[at]
            at = self.entries[at].parent


@dataclass(frozen=True, slots=True)
class CommitteeDraft:
    """A committee as somebody writes it down. `departments` are units with the days since and until when."""

    code: str
    name: str
    level: CommitteeLevel
    series: UUID
    founder: UUID
    review: Review
    filing_number: str
    filed_on: date
    filed_until: date
    departments: tuple[tuple[UUID, Span], ...]
    windows: tuple[Window, ...] = ()
    scope: tuple[UUID, ...] = ()
    regions: tuple[str, ...] = ()
    units: tuple[UUID, ...] = ()
    judges_lower: bool = False
    span: Span = Span()


# The fields of a committee by what forms and workbooks call them, in the order in which they stand there.
COMMITTEE_COLUMNS: dict[str, str] = {
    "code": "评委会代码",
    "name": "评委会名称",
    "level": "评委会级别",
    "judges_lower": "兼评下级",
    "series": "系列代码",
    "scope": "评审范围",
    "review": "评审方式",
    "founder": "组建单位",
    "departments": "日常工作部门",
    "filing_number": "备案文号",
    "filed_on": "备案日期",
    "filed_until": "备案有效期至",
    "windows": "申报时间",
    "regions": "适用地区",
    "units": "适用单位",
    "since": "启用日期",
    "until": "停用日期",
}

# The columns of the tree in a workbook: a row says something of the lowest line that it names.
ENTRY_COLUMNS: tuple[str, ...] = (
    "系列代码", "申报系列", "专业代码", "申报专业", "级别代码", "申报级别", "资格代码", "专技资格名称",
    "启用日期", "停用日期",
)  # fmt: skip
ENTRY_SHEET, COMMITTEE_SHEET = "专技资格", "评委会"


@dataclass(frozen=True, slots=True)
class ImportLine:
    """What an import makes of one row: added, changed or unchanged, each change as (column, old, new); or a fault."""

    sheet: str
    number: int
    name: str
    verb: str
    changes: tuple[tuple[str, str, str], ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do or did, row by row, on the edition that it began with."""

    edition: UUID
    lines: tuple[ImportLine, ...]

    def count(self, verb: str) -> int:
        """How many rows come to this."""
        return sum(line.verb == verb for line in self.lines)

    @property
    def faulty(self) -> bool:
        """Whether a row stands against it; then nothing is taken."""
        return any(line.fault for line in self.lines)


ADDED, ALTERED, SAME, FAULTY = "新增", "修改", "不变", "有误"


class AuditWord(StrEnum):
    """What the ledger calls the acts of this room."""

    ADDED = "titles.entry.added"
    CHANGED = "titles.entry.changed"
    RETIRED = "titles.entry.retired"
    IMPORTED = "titles.catalogue.imported"
    EXPORTED = "titles.catalogue.exported"
