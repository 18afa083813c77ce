"""Words of the review room. Pure: the engine and its tests need nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from bole.cases.terms import Status
from bole.definitions.terms import APPLICANT, Service, Verdict
from bole.kernel.actors import Actor

END = "end"
NEVER = date(9999, 12, 31)  # where steps without a time limit stand among deadlines
MOST_COUNTED = 5_000  # a counter that has come this far says "5000+": nobody waits for more to be counted


class MoveKind(StrEnum):
    """What can happen to a case."""

    SUBMITTED = "submitted"
    PASSED = "passed"
    SENT_BACK = "sent_back"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class AuditWord(StrEnum):
    """Audit actions of this room."""

    SUBMITTED = "review.case.submitted"
    DECIDED = "review.case.decided"
    WITHDRAWN = "review.case.withdrawn"
    CANCELLED = "review.case.cancelled"
    BEGUN = "review.task.begun"
    EXPORTED = "review.list.exported"
    PHRASE_KEPT = "review.phrase.kept"
    PHRASE_REMOVED = "review.phrase.removed"


@dataclass(frozen=True, slots=True)
class Faulty:
    """One place marked by a reviewer: a whole section, or a record or field in it, with what is wrong."""

    section: str
    say: str = ""
    record: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that happened, as the engine sees it. `to` is a step, APPLICANT or END."""

    kind: MoveKind
    step: str = ""
    to: str = ""
    faulty: tuple[Faulty, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands; computed from its moves, cached on the case.

    `open_sections` is None when everything may be changed. `faults` are those of the last return.
    """

    status: Status = Status.DRAFT
    step: str = ""
    open_sections: tuple[str, ...] | None = None
    faults: tuple[Faulty, ...] = ()
    round: int = 0
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What a seat wants to do with a case at a step."""

    step: str
    verdict: Verdict
    faulty: tuple[Faulty, ...] = ()
    target: str = APPLICANT


@dataclass(frozen=True, slots=True)
class PreviewStep:
    """One desk of the route as shown before sending (ALL-15)."""

    step: str
    name: str
    unit: str
    due_days: int | None
    skipped: bool
    vacant: str = ""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of 「审核进度」."""

    at: datetime
    who: str
    unit: str
    what: str
    step: str
    opinion: str
    faulty: tuple[tuple[str, str], ...]
    kind: MoveKind
    took_days: int | None = None


@dataclass(frozen=True, slots=True)
class EffectContext:
    """What an effect is given: the case's number, whose it is, its answers as typed and cleaned, and who decided."""

    case: UUID
    number: str
    person: UUID | None
    unit: UUID
    service: Service
    typed: Mapping[str, Any]
    values: Mapping[str, Any]
    by: Actor


Effect = Callable[[EffectContext], None]
