"""The guarded door by which `review` moves a case, and the locks that every verb takes first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bole.audit import actions as audit
from bole.cases.models import Attachment, Case, SubmittedAnswer
from bole.cases.terms import CLOSED, AuditWord, FilledForm, Status
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent
from bole.kernel.prepared import Prepared
from bole.organizations.models import Unit


def locked(case_id: UUID) -> Case:
    """The case row, locked until the transaction ends. Every verb on a case begins here.

    Raises Absent when the row has gone.
    """
    case = next(iter(_LOCKED(case=case_id)), None)
    if case is None:
        raise Absent
    return case


def _locked(*, case: UUID) -> QuerySet[Case]:
    return Case.objects.select_for_update(of=("self",)).select_related("person", "unit__parent").filter(id=case)


_LOCKED = Prepared(_locked)


def set_standing(
    *,
    case: Case,
    status: Status,
    step: str,
    seat_unit: UUID | None,
    open_sections: Sequence[str] | None,
    faults: Any,
    revision: int,
    round_: int,
) -> None:
    """Write the standing that followed from the movements. Called by `review` under the case lock, by nobody else."""
    at = clock.now()
    case.status, case.step, case.seat_unit_id = status, step, seat_unit
    case.open_sections = list(open_sections) if open_sections is not None else None
    case.faults = faults
    case.revision, case.changed_at = revision, at
    written = ["status", "step", "seat_unit", "open_sections", "faults", "revision", "changed_at"]
    if round_ > case.round:
        case.round, case.submitted_at = round_, at
        written += ["round", "submitted_at", "facts", "stood", "has_gaps", "region"]
    if status in CLOSED:
        case.closed_at, case.open_key = at, None
        written += ["closed_at", "open_key"]
    case.save(update_fields=written)


def keep_submission(*, case: Case, form: FilledForm, facts: dict[str, Any]) -> None:
    """Keep what is submitted in the coming round: every section of the form that differs from the last round kept.

    Sets the case's facts (plain columns for lists), what stood before, the gap mark and the region; `set_standing`
    writes them.
    """
    earlier = SubmittedAnswer.objects.filter(case=case).order_by("round").values_list("section", "version")
    kept = dict(earlier) if case.round else {}
    SubmittedAnswer.objects.bulk_create(
        [
            SubmittedAnswer(case=case, round=case.round + 1, section=code, typed=section.typed, version=section.version)
            for code, section in form.sections.items()
            if section.version and kept.get(code) != section.version
        ]
    )
    case.stood = dict(form.context.stood) or None
    case.facts, case.has_gaps, case.region = facts, form.has_gaps, case.unit.region


def rehome(*, case: Case, unit: Unit) -> None:
    """Give an open case another unit, or the region that its unit has now, with everything typed kept (JL-11).

    Called by `review` under the case lock as part of a rerouting, by nobody else.
    """
    case.unit = unit
    if case.round:
        case.region = unit.region
    case.save(update_fields=["unit", "region"])


def look(*, case: Case, by: Actor, word: AuditWord = AuditWord.VIEWED, attachment: Attachment | None = None) -> None:
    """Record that somebody other than the person concerned looked at the full record (ALL-09)."""
    if by.person is not None and by.person == case.person_id and by.unit is None:
        return
    detail = {"attachment": str(attachment.id)} if attachment is not None else {}
    audit.record(word, by=by, kind="case", id=case.number, person=case.person_id, detail=detail)
