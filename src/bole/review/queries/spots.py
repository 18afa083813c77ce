"""The marks that a return put on pages of files, as they stand now: they belong to the file that was marked."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import EvidenceSlot, FilledForm, Status
from bole.definitions.terms import APPLICANT
from bole.review.models import Movement
from bole.review.terms import Faulty, MoveKind, Spot

REPLACED, DELETED, LOOSE = "已替换", "已删除", "已移出"


def returned_with(case: Case) -> Movement | None:
    """The return to the applicant (or the ending) that the case went through last; no query before there was one.

    It stays the last one when the case has been handed in again and other desks have passed it.
    """
    if case.round <= 1 and case.status in (Status.DRAFT, Status.IN_REVIEW, Status.COMPLETED):
        return None
    back = Q(kind=MoveKind.SENT_BACK, to=APPLICANT) | Q(kind=MoveKind.TERMINATED)
    return Movement.objects.filter(back, case=case).order_by("-revision").first()


def spots_of(case: Case, returned: Movement | None, form: FilledForm) -> tuple[Spot, ...]:
    """The marks on files of a return, in its order. One query, and only where a marked file is no longer in force.

    `form` says what is in force: for others than its owner what was handed in last.
    """
    faults = [Faulty.read(fault) for fault in returned.faulty if fault.get("file")] if returned is not None else []
    if not faults or returned is None:
        return ()
    held = {str(row.pk): (slot, row) for slot in form.slots for row in (*slot.attachments, *slot.explanations)}
    loose = {str(row.pk): row for row in form.loose}
    gone = cases.attachments_among(case, [fault.file for fault in faults if fault.file not in {**held, **loose}])
    found: list[Spot] = []
    for fault in faults:
        number = 1 + sum(each.fault.file == fault.file for each in found)
        if fault.file in held:
            found.append(Spot(fault, held[fault.file][1], number))
        elif fault.file in loose:
            found.append(Spot(fault, loose[fault.file], number, LOOSE))
        elif fault.file in gone:
            row = gone[fault.file]
            place = (row.section, row.record, row.category)
            since = any(file.added_at > returned.moved_at for file in _files(form.slots, place))
            found.append(Spot(fault, row, number, REPLACED if since else DELETED))
    return tuple(found)


def _files(slots: Sequence[EvidenceSlot], place: tuple[str, str, str]) -> list[Any]:
    line = next((slot for slot in slots if (slot.section, slot.record, slot.category) == place), None)
    return [*line.attachments, *line.explanations] if line is not None else []
