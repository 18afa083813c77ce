"""Faults that an earlier return could have told: 一次告知 (JL-06)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import Typed
from bole.definitions.terms import APPLICANT, SectionKind, Service
from bole.kernel.actors import Actor
from bole.review.models import Movement
from bole.review.terms import Faulty, MoveKind


@dataclass(frozen=True)
class _Told:
    """A return to the applicant: of which round, when that had been handed in, and the places it marked."""

    round: int
    handed_in: datetime
    places: frozenset[str]


@dataclass(frozen=True)
class _Stood:
    """What a hand-in held: the sections as typed, and the files by record. `marked` are the files that carry marks,
    by their attachments."""

    typed: Mapping[str, Typed]
    files: Mapping[tuple[str, str], frozenset[UUID]]
    gathering: frozenset[str]
    marked: Mapping[str, UUID]

    def at(self, fault: Faulty) -> tuple[bool, Any]:
        """Whether the place was there, and what it held; evidence counts with its record."""
        if _of_file(fault):
            file = self.marked.get(fault.file)
            return file in self.files.get((fault.section, fault.record), ()), file
        if fault.section in self.gathering:
            held = {key: found for key, found in self.files.items() if fault.record in ("", key[1])}
            return True, held
        typed = self.typed.get(fault.section)
        if fault.record:
            records = typed if isinstance(typed, list) else []
            typed = next((record for record in records if record.get("id") == fault.record), None)
            if typed is None:
                return False, None
        if fault.field:
            return True, typed.get(fault.field) if isinstance(typed, dict) else None
        files = {
            key: found for key, found in self.files.items() if key[0] == fault.section and fault.record in ("", key[1])
        }
        return True, (typed or None, files)


def late_faults(case: Case, faulty: Iterable[Faulty], unit: UUID, service: Service | None = None) -> tuple[Faulty, ...]:
    """The faults that the unit could have told when it returned the case before: marked already then, or unchanged
    since. A file counts as itself: what replaced it is new. None in a first round. Three queries then, and two for each
    earlier return of the unit."""
    faults = tuple(faulty)
    told, handed_in = _told(case, unit)
    if not told or not faults or handed_in is None:
        return ()
    service = service or cases.service_of(case)
    sections = {fault.section for fault in faults}
    marked = cases.stored_files(case, [fault.file for fault in faults if fault.file])
    now = _stood(case, case.round, handed_in, sections, service, marked)
    before = [(each.places, _stood(case, each.round, each.handed_in, sections, service, marked)) for each in told]
    return tuple(fault for fault in faults if any(_could(fault, places, stood, now) for places, stood in before))


def returned_before(numbers: Sequence[str], by: Actor) -> frozenset[str]:
    """Which of these cases the actor's unit has returned to the applicant before: to return the whole form once more
    needs a reason, unless nothing of it is as it was. One query."""
    back = Movement.objects.filter(kind=MoveKind.SENT_BACK, to=APPLICANT, unit_id=by.place)
    found = back.filter(case__site=by.site, case__number__in=list(numbers)).order_by()
    return frozenset(found.values_list("case__number", flat=True).distinct())


def _could(fault: Faulty, places: frozenset[str], stood: _Stood, now: _Stood) -> bool:
    if fault.place in places and not _of_file(fault):
        return True
    there, held = stood.at(fault)
    return there and held == now.at(fault)[1]


def _of_file(fault: Faulty) -> bool:
    """Whether it is the file itself that is wrong."""
    return bool(fault.file) and not fault.field


def _told(case: Case, unit: UUID) -> tuple[list[_Told], datetime | None]:
    """The earlier returns of the unit to the applicant, and when the present round was handed in."""
    found: list[_Told] = []
    round_, handed_in = 0, None
    for row in Movement.objects.filter(case=case).order_by("revision"):
        if row.kind == MoveKind.SUBMITTED:
            round_, handed_in = round_ + 1, row.moved_at
        elif (row.kind, row.to, row.unit_id) == (MoveKind.SENT_BACK, APPLICANT, unit) and handed_in is not None:
            found.append(_Told(round_, handed_in, frozenset(Faulty.read(fault).place for fault in row.faulty)))
    return [each for each in found if each.round < case.round], handed_in


def _stood(
    case: Case, round_: int, handed_in: datetime, sections: set[str], service: Service, marked: Mapping[str, UUID]
) -> _Stood:
    gathering = frozenset(each.section for each in service.sections if each.kind is SectionKind.EVIDENCE)
    return _Stood(cases.stood_in(case, round_, sections), cases.files_in(case, round_, handed_in), gathering, marked)
