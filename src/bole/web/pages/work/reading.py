"""The submitted form as a reviewer reads it: sections with their evidence, marks and changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bole.bindings import queries as bindings
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import EDITABLE, EvidenceSlot, FilledForm
from bole.definitions import queries as definitions
from bole.definitions.terms import Section, SectionKind, Service, Shown, ShownSection
from bole.kernel.actors import Actor
from bole.people.terms import Entry
from bole.review import queries as review
from bole.web.pages.naming import told_place
from bole.web.pages.spots import PlacedSpot, placed


@dataclass(frozen=True)
class ReadRecord:
    """One record with what proves it and where it is known from."""

    id: str
    caption: str
    cells: tuple[Shown, ...]
    more: tuple[Shown, ...]
    slots: tuple[EvidenceSlot, ...]
    entry: Entry | None
    change: str = ""  # "新增" or "有修改" since the desk last decided


@dataclass(frozen=True)
class ReadSection:
    """One section of the review page."""

    code: str
    name: str
    heading: str
    count: int | None
    none: bool
    pairs: tuple[Shown, ...] = ()
    heads: tuple[str, ...] = ()
    records: tuple[ReadRecord, ...] = ()
    slots: tuple[EvidenceSlot, ...] = ()
    verified: int = 0
    known: int = 0
    lacking: int = 0
    masked: bool = False
    changed: bool = False
    removed: int = 0
    faults: tuple[str, ...] = ()
    spots: tuple[PlacedSpot, ...] = ()
    evidence: bool = False
    fixed: frozenset[str] = frozenset()
    drawn: Mapping[str, Entry] = field(default_factory=dict)  # by the first field of each part that draws from there

    @property
    def id(self) -> str:
        """The anchor of the section."""
        return f"s-{self.code}"

    @property
    def proved(self) -> bool:
        """Whether its records need papers."""
        return any(record.slots for record in self.records)

    @property
    def width(self) -> int:
        """How many columns its table has."""
        return len(self.heads) + self.proved


@dataclass(frozen=True)
class Reading:
    """What the whole page reads."""

    case: Case
    service: Service
    form: FilledForm
    changed: frozenset[str]
    decided: int = 0
    spots: tuple[PlacedSpot, ...] = ()
    sections: list[ReadSection] = field(default_factory=list)


def read_case(case: Case, service: Service, by: Actor, *, shown: frozenset[str] = frozenset()) -> Reading:
    """The case for a reader; sensitive values masked except in the sections of `shown`."""
    form = cases.form_of(case, service, submitted=case.status in EDITABLE)
    marks, parts = _marks(case, service, form)
    decided = review.round_decided_by(case, by.unit) if by.unit is not None else 0
    changed = cases.sections_changed_since(case, decided) if decided else frozenset()
    stood = cases.stood_in(case, decided, changed) if changed else {}
    spots = placed(service, review.spots_of(case, review.returned_with(case), form))
    read = Reading(case, service, form, changed, decided, spots)
    captions: dict[tuple[str, str], str] = {}
    for section in service.sections:
        if section.kind is SectionKind.EVIDENCE:
            read.sections.append(_evidence(section, form))
            continue
        typed = form.sections[section.section].typed
        face = definitions.reading(service, section.section, typed, form.context, mask=section.section not in shown)
        captions |= {(section.section, row.id): row.caption for row in face.rows}
        since = stood.get(section.section) if section.section in changed else None
        one = _section(section, face, form, marks, section.section in changed, since)
        read.sections.append(one)
    said = _told(service, [fault for fault in case.faults or [] if not fault.get("file")], captions)
    read.sections[:] = [
        replace(
            one,
            faults=tuple(said.get(one.code, ())),
            spots=tuple(spot for spot in spots if spot.section == one.code),
            drawn=_drawn(service.by_code[one.code], parts),
        )
        for one in read.sections
    ]
    return read


def _told(
    service: Service, faults: Iterable[Mapping[str, str]], captions: Mapping[tuple[str, str], str]
) -> dict[str, list[str]]:
    """What the last return said of each section, with the place where it was a record or a field."""
    said: dict[str, list[str]] = {}
    for fault in faults:
        place = told_place(service, fault, captions, section=False)
        words = fault.get("say") or "需要修改"
        said.setdefault(fault["section"], []).append(f"{place}：{words}" if place else words)
    return said


def _drawn(section: Section, parts: Mapping[tuple[str, str], Entry]) -> dict[str, Entry]:
    """What the archive knows of drawn parts, by the first field that each draws."""
    return {
        next(iter(part.drawn.fields)): parts[section.section, part.name]
        for part in section.parts
        if part.drawn is not None and (section.section, part.name) in parts
    }


_Marks = Mapping[tuple[str, str], Entry]


def _marks(case: Case, service: Service, form: FilledForm) -> tuple[_Marks, _Marks]:
    """What the archive knows of the records, and of parts; what it only knows from this very case says nothing."""
    if case.person_id is None:
        return {}, {}
    known = bindings.archive_origins(service, case.person_id, form)
    records = {at: entry for at, entry in known.records.items() if entry.verified or entry.source_case != case.number}
    return records, known.parts


def _evidence(section: Section, form: FilledForm) -> ReadSection:
    """「附件管理」: every line with its files, or the reason and explanation that stand in for them."""
    return ReadSection(
        code=section.section,
        name=section.name,
        heading=section.heading,
        count=len(form.slots),
        none=not form.slots,
        slots=form.slots,
        lacking=sum(1 for slot in form.slots if slot.gap_reason is not None),
        evidence=True,
    )


def _section(
    section: Section,
    face: ShownSection,
    form: FilledForm,
    marks: Mapping[tuple[str, str], Entry],
    changed: bool,
    stood: Any,
) -> ReadSection:
    slots = [slot for slot in form.slots if slot.section == section.section]
    own = {record: entry for (code, record), entry in marks.items() if code == section.section}
    typed: Any = form.sections[section.section].typed
    changes = _changes(typed, stood) if changed else {}
    present = {row.id for row in face.rows}
    records = tuple(
        ReadRecord(
            id=row.id,
            caption=row.caption,
            cells=tuple(cell for cell in row.cells if cell.listed),
            more=tuple(cell for cell in row.cells if not cell.listed and not cell.blank),
            slots=tuple(slot for slot in slots if slot.record == row.id),
            entry=own.get(row.id),
            change=changes.get(row.id, ""),
        )
        for row in face.rows
    )
    cells = [*face.pairs, *(cell for row in face.rows for cell in row.cells)]
    return ReadSection(
        code=section.section,
        name=section.name,
        heading=section.heading,
        count=len(records) if section.many is not None else None,
        none=_is_none(section, typed, records, face.pairs),
        pairs=face.pairs,
        heads=face.heads,
        records=records,
        slots=tuple(slots) if section.many is None else (),
        verified=sum(1 for entry in own.values() if entry.verified),
        known=len(own),
        lacking=sum(1 for slot in slots if slot.gap_reason is not None),
        masked=any(cell.masked for cell in cells),
        changed=changed,
        removed=sum(1 for row in stood if row.get("id") not in present) if isinstance(stood, list) else 0,
        fixed=frozenset(one.field for one in section.fields if one.fixed),
    )


def _changes(typed: Any, stood: Any) -> dict[str, str]:
    """Which records are new or others than they were when the desk last decided."""
    before = {row.get("id"): row for row in stood} if isinstance(stood, list) else {}
    rows = typed if isinstance(typed, list) else []
    return {row["id"]: "有修改" if row["id"] in before else "新增" for row in rows if before.get(row["id"]) != row}


def _is_none(section: Section, typed: Any, records: tuple[ReadRecord, ...], pairs: tuple[Shown, ...]) -> bool:
    """Declared 「无此项」, or left out."""
    if isinstance(typed, dict) and typed.get("nothing") == "none":
        return True
    return not records if section.many is not None else all(cell.blank for cell in pairs)
