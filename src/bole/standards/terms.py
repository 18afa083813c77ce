"""What the room speaks of: code tables, identity numbers, credit codes, regions."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from bole.kernel import clock
from bole.kernel.errors import BoleError


class IdentityKind(StrEnum):
    """Kinds of identity document; the values are also the codes of the table `identity-kind`."""

    RESIDENT = "resident"
    HKMO_PERMIT = "hkmo-permit"
    TAIWAN_PERMIT = "taiwan-permit"
    HMT_RESIDENCE = "hmt-residence"
    FOREIGN_PERMANENT = "foreign-permanent"
    PASSPORT = "passport"
    OFFICER = "officer"

    @property
    def label(self) -> str:
        """The Chinese name of the document."""
        return _IDENTITY_LABELS[self]


_IDENTITY_LABELS = {
    IdentityKind.RESIDENT: "居民身份证",
    IdentityKind.HKMO_PERMIT: "港澳居民来往内地通行证",
    IdentityKind.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    IdentityKind.HMT_RESIDENCE: "港澳台居民居住证",
    IdentityKind.FOREIGN_PERMANENT: "外国人永久居留身份证",
    IdentityKind.PASSPORT: "护照",
    IdentityKind.OFFICER: "军官证",
}


class CalendarUnknown(BoleError):
    """The year's holiday arrangement is not known, so working days in it cannot be counted."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"{year}年的节假日安排还没有录入，无法计算工作日。请联系系统管理员录入国务院办公厅公布的放假通知。"
        )
        self.year = year


@dataclass(frozen=True, slots=True)
class Identity:
    """What an identity number says.

    `kind` is the kind the number belongs to, which may differ from the kind that was claimed (then a warning says so).
    `region` is the six-digit code of first registration, None where the document carries none.
    """

    kind: IdentityKind
    number: str
    birth_on: date | None = None
    sex: str | None = None
    region: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def sex_code(self) -> str | None:
        """The sex as a code of the table `sex`."""
        return {"男": "1", "女": "2"}.get(self.sex or "")


@dataclass(frozen=True, slots=True)
class CreditCode:
    """What a unified social credit code says (GB 32100-2015).

    `category` is the pair of registering body and kind, such as "91"; `temporary` marks the 20 characters of a unit
    without a code of its own (the superior's code and a two-digit serial).
    """

    code: str
    category: str
    region: str
    organization_code: str
    warnings: tuple[str, ...] = ()
    category_name: str = ""
    registered_with: str = ""
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """A place of GB/T 2260. `level` is province, city or county; `ended_on` is set when the code is history."""

    code: str
    name: str
    full_name: str
    level: str
    parent: str | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One row of a code table. Both days are inclusive. `pinyin` and `initials` hold every reading, spaces between.

    `attrs` may hold `formal` (the standard's full name where the shown name is the customary one), `alias` and
    columns of the table's own. A row that is not `selectable` groups others and is no answer by itself.
    """

    code: str
    name: str
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    attrs: Mapping[str, str] = field(default_factory=dict, hash=False)
    initials: str = ""
    pinyin: str = ""
    selectable: bool = True

    def valid_on(self, day: date) -> bool:
        """Whether the row is in force on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def search_key(text: str) -> str:
    """A text as searches compare it: compatibility forms folded, no spaces or middle dots, lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if not char.isspace() and char not in "·•・‧")


_MOST_KEPT = 2000  # places and days of one table


class CodeTable:
    """A code table with its whole history. A code may stand in several rows when their days differ."""

    def __init__(
        self,
        code: str,
        name: str,
        entries: Iterable[CodeEntry],
        *,
        source: str = "",
        standard: bool = False,
        levels: tuple[str, ...] = (),
    ) -> None:
        self.code = code
        self.name = name
        self.entries = tuple(entries)
        self.source = source
        self.standard = standard
        self.levels = levels
        self._days: dict[tuple[object, date], tuple[CodeEntry, ...]] = {}
        self._rows: dict[str, list[CodeEntry]] = defaultdict(list)
        self._below: dict[str | None, list[CodeEntry]] = defaultdict(list)
        for entry in self.entries:
            self._rows[entry.code].append(entry)
            self._below[entry.parent].append(entry)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def entry(self, code: str, on: date | None = None) -> CodeEntry:
        """The row of a code in force on the day (today), else its latest row: old records still show a name.

        Raises KeyError when the table never had the code.
        """
        rows = self._rows.get(code)
        if not rows:
            raise KeyError(f"{self.code}: {code}")
        day = on or clock.today()
        return next((row for row in reversed(rows) if row.valid_on(day)), rows[-1])

    def entries_on(self, day: date) -> tuple[CodeEntry, ...]:
        """The rows in force on a day, in the table's order, one for each code."""
        return self._kept((), self.entries, day)

    def children(self, parent: str | None, on: date | None = None) -> tuple[CodeEntry, ...]:
        """The rows directly below a code (below nothing: the top level), in force on the day (today)."""
        return self._kept(parent, self._below.get(parent, ()), on or clock.today())

    def line(self, code: str, on: date | None = None) -> tuple[CodeEntry, ...]:
        """The row of a code and all above it, from the top down. Raises KeyError like `entry`."""
        entry = self.entry(code, on)
        return (*(self.line(entry.parent, on) if entry.parent else ()), entry)

    def named(self, name: str, on: date | None = None, under: str | None = None) -> tuple[CodeEntry, ...]:
        """The selectable rows whose name, formal name or alias is exactly this; for sheets filled in by hand.

        `under` keeps to the rows directly below a code, "" to the top level, as for `search`.
        """
        key, day = search_key(name), on or clock.today()
        return tuple(
            entry
            for entry, words, _, _ in self._index
            if key in words and entry.valid_on(day) and under in (None, entry.parent or "")
        )

    def search(
        self, text: str, on: date | None = None, limit: int = 50, under: str | None = None
    ) -> tuple[CodeEntry, ...]:
        """The selectable rows that fit a name, code, pinyin or initials; best first, then in the table's order."""
        key, day = search_key(text), on or clock.today()
        found: list[tuple[int, int, CodeEntry]] = []
        seen: set[str] = set()
        for place, (entry, words, initials, pinyin) in enumerate(self._index):
            if under is not None and under != (entry.parent or ""):
                continue
            rank = _rank(key, entry.code, words, initials, pinyin)
            if rank is not None and entry.code not in seen and entry.valid_on(day):
                seen.add(entry.code)
                found.append((rank, place, entry))
        found.sort(key=lambda item: item[:2])
        return tuple(entry for _, _, entry in found[:limit])

    @cached_property
    def _index(self) -> tuple[tuple[CodeEntry, tuple[str, ...], str, str], ...]:
        return tuple(
            (entry, _words(entry), f" {entry.initials}", f" {entry.pinyin}")
            for entry in self.entries
            if entry.selectable
        )

    def _kept(self, place: object, rows: Iterable[CodeEntry], day: date) -> tuple[CodeEntry, ...]:
        """The rows of a place in force on a day, worked out once: a form asks for the same ones for every record."""
        found = self._days.get((place, day))
        if found is None:
            if len(self._days) >= _MOST_KEPT:
                self._days.clear()
            found = self._days[place, day] = self._in_force(rows, day)
        return found

    def _in_force(self, rows: Iterable[CodeEntry], day: date) -> tuple[CodeEntry, ...]:
        # In the year of a change two rows of one code can be in force; the later one wins.
        return tuple({row.code: row for row in rows if row.valid_on(day)}.values())


def _words(entry: CodeEntry) -> tuple[str, ...]:
    spare = [entry.attrs.get("formal", ""), *entry.attrs.get("alias", "").split("、")]
    return tuple(search_key(word) for word in (entry.name, *spare) if word)


def _rank(key: str, code: str, words: tuple[str, ...], initials: str, pinyin: str) -> int | None:
    code = code.casefold()
    tests = (
        key == code or key in words,
        code.startswith(key) or any(word.startswith(key) for word in words),
        any(key in word for word in words),
        f" {key}" in initials,
        f" {key}" in pinyin,
        key in initials or key in pinyin,
    )
    return next((rank for rank, fits in enumerate(tests) if fits), None)
