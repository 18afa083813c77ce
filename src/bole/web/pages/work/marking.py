"""The sections of the review page with what the reviewer marked in them, ready to be drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bole.cases.terms import place_text
from bole.definitions.terms import Shown
from bole.people.terms import Entry
from bole.review.terms import Faulty
from bole.web.pages.spots import box_text
from bole.web.pages.work.judging import NO, PART, YES, Judged, spot_fault
from bole.web.pages.work.reading import ReadRecord, ReadSection

WHOLE = "整条记录"


@dataclass(frozen=True, slots=True)
class Mark:
    """One place that can be marked: ticked or not, with what to change. `spot` is set of a mark on a page of a file."""

    place: str
    name: str
    on: bool
    say: str
    spot: Faulty | None = None

    @property
    def box(self) -> str:
        """The spot on the page for the page script, empty for the whole page."""
        return box_text(self.spot.box) if self.spot is not None and self.spot.box is not None else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value with its mark; fixed values have none, the applicant could not change them."""

    shown: Shown
    mark: Mark | None
    entry: Entry | None = None  # of the archive, which it and what stands with it equals

    @property
    def on(self) -> bool:
        """Whether it is marked."""
        return self.mark is not None and self.mark.on


@dataclass(frozen=True, slots=True)
class MarkedRecord:
    """One record with its cells, those of the table and the others, and its marks: itself first."""

    read: ReadRecord
    cells: tuple[Cell, ...]
    more: tuple[Cell, ...]
    marks: tuple[Mark, ...]

    @property
    def place(self) -> str:
        """Itself as a place, to which marks on its files belong."""
        return self.marks[0].place

    @property
    def whole(self) -> Mark:
        """The mark of the record itself."""
        return self.marks[0]

    @property
    def on(self) -> bool:
        """Whether anything in it is marked."""
        return any(mark.on for mark in self.marks)

    @property
    def material(self) -> str:
        """What proves it, for 「{材料}」."""
        return "、".join(slot.caption for slot in self.read.slots) or self.read.caption


@dataclass(frozen=True, slots=True)
class MarkedSection:
    """A section with its answer, the words for it and the marks inside."""

    read: ReadSection
    mark: str
    say: str
    pairs: tuple[Cell, ...]
    records: tuple[MarkedRecord, ...]
    spots: tuple[Mark, ...] = ()

    @property
    def faulty(self) -> bool:
        """Whether anything in it is marked."""
        return self.mark in (YES, PART)

    @property
    def right(self) -> bool:
        """Whether it was looked at and nothing is wrong."""
        return self.mark == NO

    @property
    def part(self) -> bool:
        """Whether only single records or fields are marked."""
        return self.mark == PART

    @property
    def inner(self) -> int:
        """How many records and fields are marked."""
        return sum(mark.on for mark in self._all())

    @property
    def partial(self) -> bool:
        """Whether there is anything to be marked by itself."""
        return bool(self.read.slots) or any(True for _ in self._all())

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Those of a section of one record."""
        return (*(cell.mark for cell in self.pairs if cell.mark is not None), *self.spots)

    @property
    def materials(self) -> tuple[str, ...]:
        """What proves the marked records, or the whole section where it is marked as a whole."""
        whole = self.mark == YES
        found = [record.material for record in self.records if record.on or whole]
        return (*found, *(slot.caption for slot in self.read.slots if whole and not self.records))

    def _all(self) -> Iterable[Mark]:
        yield from self.marks
        for record in self.records:
            yield from record.marks


def marked(sections: Sequence[ReadSection], judged: Judged) -> list[MarkedSection]:
    """Every section with its marks."""
    ticked = frozenset(judged.places)
    spots = _spots(sections, judged)

    def mark(place: str, name: str) -> Mark:
        return Mark(place, name, place in ticked, judged.says.get(place, ""))

    def cell(section: ReadSection, shown: Shown, record: str = "") -> Cell:
        if shown.field in section.fixed:
            return Cell(shown, None)
        entry = section.drawn.get(shown.field)
        return Cell(shown, mark(place_text(section.code, record, shown.field), shown.label), entry)

    def one(section: ReadSection, record: ReadRecord) -> MarkedRecord:
        cells = tuple(cell(section, shown, record.id) for shown in record.cells)
        more = tuple(cell(section, shown, record.id) for shown in record.more)
        inside = [each.mark for each in (*cells, *more) if each.mark is not None]
        inside += spots.pop((section.code, record.id), [])
        return MarkedRecord(record, cells, more, (mark(place_text(section.code, record.id), WHOLE), *inside))

    return [
        MarkedSection(
            read=section,
            mark=judged.mark(section.code),
            say=judged.says.get(section.code, ""),
            pairs=tuple(cell(section, shown) for shown in section.pairs),
            records=tuple(one(section, record) for record in section.records),
            spots=tuple(spots.pop((section.code, ""), [])),
        )
        for section in sections
    ]


def _spots(sections: Sequence[ReadSection], judged: Judged) -> dict[tuple[str, str], list[Mark]]:
    """The marks on pages of files, by section and record; the name says which file, and what of it is wrong."""
    names = {
        str(file.pk): file.file.name
        for section in sections
        for slot in (*section.slots, *(slot for record in section.records for slot in record.slots))
        for file in (*slot.attachments, *slot.explanations)
    }
    labels = {
        place_text(section.code, record, shown.field): shown.label
        for section in sections
        for record, cells in (("", section.pairs), *((one.id, (*one.cells, *one.more)) for one in section.records))
        for shown in cells
    }
    found: dict[tuple[str, str], list[Mark]] = {}
    for text in judged.spots:
        fault = spot_fault(text, "")
        wrong = labels.get(place_text(fault.section, fault.record, fault.field)) if fault.field else None
        words = [wrong, f"附件「{names.get(fault.file, '')}」第 {fault.page} 页", "圈出处" if fault.box else None]
        name = "　".join(word for word in words if word)
        found.setdefault((fault.section, fault.record), []).append(
            Mark(text, name, True, judged.says.get(text, ""), fault)
        )
    return found


def told(sections: Sequence[MarkedSection]) -> list[tuple[str, str]]:
    """Every marked place in words with what to change, for a draft that is shown and not filled in."""
    found = []
    for section in sections:
        if section.mark == YES:
            found.append((section.read.name, section.say))
        found += [(f"{section.read.name}　{mark.name}", mark.say) for mark in section.marks if mark.on]
        for record in section.records:
            for mark in record.marks:
                if mark.on:
                    found.append((f"{section.read.name}　{record.read.caption}　{mark.name}", mark.say))
    return found
