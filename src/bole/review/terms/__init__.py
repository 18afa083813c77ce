"""Words of the review room. Pure: the engine and its tests need nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from bole.accounts.terms import Limit
from bole.cases.terms import Status
from bole.definitions.terms import APPLICANT, Moment, ResultEnd, Service, Verdict
from bole.kernel.actors import Actor
from bole.review.terms.marks import LEAST_BOX as LEAST_BOX
from bole.review.terms.marks import Box as Box
from bole.review.terms.marks import Faulty as Faulty
from bole.review.terms.marks import Spot as Spot
from bole.review.terms.marks import box_of as box_of
from bole.review.terms.marks import turned as turned

END = "end"
NEVER = date(9999, 12, 31)  # where steps without a time limit stand among deadlines
MOST_AT_ONCE = 200  # cases that one batch decides
MOST_COUNTED = 5_000  # a counter that has come this far says "5000+": nobody waits for more to be counted


CLAIM_DAYS = 1  # working days for which a claim holds beyond the day on which it was made
UNDO_MINUTES = 10  # so long what a batch sent on is held back from the next desk, and can be taken back
UNSEEN = datetime(9999, 12, 31, tzinfo=UTC)  # held back for ever: what was taken back before the desk saw it


class MoveKind(StrEnum):
    """What can happen to a case."""

    SUBMITTED = "submitted"
    PASSED = "passed"
    SENT_BACK = "sent_back"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    REROUTED = "rerouted"
    CLEARED = "cleared"
    DISPATCHED = "dispatched"
    RECALLED = "recalled"
    OPENED = "opened"


class Result(StrEnum):
    """「评定状态」: what came of a completed case outside the platform.

    The last two are ends of a published 通过; a service says what it calls them, see `awarding.state_word`.
    """

    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"
    OBJECTED = "objected"
    REVOKED = "revoked"

    @property
    def word(self) -> str:
        """As lists and filters show it."""
        end = self.end
        return end.word if end is not None else {"pending": "未认定", "passed": "通过", "failed": "未通过"}[self.value]

    @property
    def end(self) -> ResultEnd | None:
        """Which end of a published 通过 it is; None for what is entered."""
        return ResultEnd(self.value) if self.value in list(ResultEnd) else None


ENTERED = (Result.PENDING, Result.PASSED, Result.FAILED)  # what a result is entered as; an end is an act of its own


class PublicityResult(StrEnum):
    """What came of a unit's own publicity (TR-30)."""

    CLEAR = "clear"
    ANSWERED = "answered"
    UPHELD = "upheld"

    @property
    def word(self) -> str:
        """As the unit chooses it and the next desks read it."""
        return {"clear": "无异议", "answered": "有异议，经核实不影响推荐", "upheld": "有异议，经核实不予推荐"}[
            self.value
        ]


class ExportState(StrEnum):
    """How far an export or import in the background is."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def word(self) -> str:
        """As the page of exports shows it."""
        return {"waiting": "等待生成", "running": "正在生成", "ready": "可以下载", "stopped": "已停止",
                "failed": "没有完成"}[self.value]  # fmt: skip

    @property
    def import_word(self) -> str:
        """The same of an import."""
        return {"waiting": "等待导入", "running": "正在导入", "ready": "导入完成"}.get(self.value, self.word)


class PaperState(StrEnum):
    """What the public check says of a paper that was given out."""

    GENUINE = "genuine"
    OUTDATED = "outdated"
    VOID = "void"
    WITHDRAWN = "withdrawn"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """What a check code opens to everybody. `name` is masked; `newer_at` is when a newer paper was given out; `ended`
    is what has become of the result that the paper rests on, of a withdrawn one, and `ended_on` the day of it.

    Of a paper whose record cannot be read any more only the code is known.
    """

    code: str
    state: PaperState
    title: str = ""
    name: str = ""
    number: str = ""
    unit: str = ""
    approved_on: str = ""
    issued_at: datetime | None = None
    digest: str = ""
    newer_at: datetime | None = None
    ended: str = ""
    ended_on: date | None = None


class FileMatch(StrEnum):
    """What a file that somebody holds is to a paper that was given out, compared by SHA-256."""

    SAME = "same"
    EARLIER = "earlier issue"
    LATER = "later issue"
    UNLIKE = "unlike"
    UNKEPT = "unkept"


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What the public check says of a held file. `paper` is what the code opens, None where the file alone was given
    and is no file given out here; `issued_at` is when the file was given out, if it was."""

    match: FileMatch
    paper: PaperCheck | None = None
    issued_at: datetime | None = None


# Each look may be somebody guessing; an office that checks a stack of papers stays below it.
PAPER_CHECKS = Limit(
    scope="paper-check",
    most=120,
    within=timedelta(minutes=10),
    sentence="从这个网络查验的次数太多，请{wait}后再试。",
)


class AuditWord(StrEnum):
    """Audit actions of this room."""

    SUBMITTED = "review.case.submitted"
    DECIDED = "review.case.decided"
    WITHDRAWN = "review.case.withdrawn"
    CANCELLED = "review.case.cancelled"
    REROUTED = "review.case.rerouted"
    DISPATCHED = "review.case.dispatched"
    RECALLED = "review.case.recalled"
    OPENING_ASKED = "review.opening.asked"
    OPENING_ANSWERED = "review.opening.answered"
    CLAIMED = "review.task.claimed"
    HANDED_OVER = "review.task.handed_over"
    CLAIM_RELEASED = "review.task.released"
    PAPER_ADDED = "review.paper.added"
    PAPER_REMOVED = "review.paper.removed"
    PUBLICITY_ANNOUNCED = "review.publicity.announced"
    PUBLICITY_CLOSED = "review.publicity.closed"
    OUTCOME_ENTERED = "review.outcome.entered"
    OUTCOME_PUBLISHED = "review.outcome.published"
    OUTCOME_CORRECTED = "review.outcome.corrected"
    OUTCOME_ENDED = "review.outcome.ended"
    OUTCOMES_IMPORTED = "review.outcomes.imported"
    EXPORT_FETCHED = "review.export.fetched"
    EXPORT_STOPPED = "review.export.stopped"
    EXPORT_CANCELLED = "review.export.cancelled"
    IMPORT_ASKED = "review.import.asked"
    IMPORT_FAILED = "review.import.failed"
    FILTER_KEPT = "review.filter.kept"
    FILTER_REMOVED = "review.filter.removed"
    BEGUN = "review.task.begun"
    DRAFT_DROPPED = "review.draft.dropped"
    EXPORTED = "review.list.exported"
    PHRASE_KEPT = "review.phrase.kept"
    PHRASE_REMOVED = "review.phrase.removed"


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that happened, as the engine sees it. `to` is a step, APPLICANT or END."""

    kind: MoveKind
    step: str = ""
    to: str = ""
    faulty: tuple[Faulty, ...] = ()
    skipped: tuple[str, ...] = ()
    resume: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands; computed from its moves, cached on the case.

    `open_sections` is None when everything may be changed, else the open places (`cases.terms.place_of`). `faults`
    are those of the last return. `cleared` says that the step has passed it and 送审 is still to come. `resume` is
    the step that the next hand-in goes to, where the reviewer who returned it said so; empty for the first one.
    """

    status: Status = Status.DRAFT
    step: str = ""
    open_sections: tuple[str, ...] | None = None
    faults: tuple[Faulty, ...] = ()
    round: int = 0
    revision: int = 0
    cleared: bool = False
    resume: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a seat wants to do with a case at a step.

    `resume`: what the applicant hands in again comes straight back to this step, not to the first one.
    """

    step: str
    verdict: Verdict
    faulty: tuple[Faulty, ...] = ()
    target: str = APPLICANT
    resume: bool = False


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
class Withdrawal:
    """What taking a case back would cost: nothing, where it says nothing.

    `closes` is the last day of the declaration time, `over` the sentence that says why nothing is handed in today, then
    `reopens` the next day on which something is, None for never. `per_unit` is the quota in which the place is given
    up. `stale` is what was chosen and could not be chosen any more.
    """

    closes: date | None = None
    today: bool = False
    over: str = ""
    reopens: date | None = None
    per_unit: int | None = None
    stale: tuple[str, ...] = ()

    @property
    def final(self) -> bool:
        """Whether it could not be handed in again as it is: to be known before, and said."""
        return bool(self.over or self.stale)


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one case of a batch: done, or the sentence that says why not."""

    number: str
    ok: bool
    say: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class DispatchLine:
    """One case in the preview of 「批量送审」: where it would go, its papers, those that are missing, and why not."""

    number: str
    name: str
    step: str
    next_desk: str
    papers: tuple[str, ...]
    missing: tuple[str, ...]
    say: str
    ok: bool


@dataclass(frozen=True, slots=True)
class RerouteLine:
    """One open case in the plan of 「调整办理部门」: its desk now, the desk it would go to, and what happens.

    `seen` is the revision that the plan was made from; `step` is the name of the step, empty in the applicant's hands.
    """

    case: UUID
    number: str
    name: str
    service: str
    step: str
    before: str
    after: str
    say: str
    movable: bool
    seen: int


@dataclass(frozen=True, slots=True)
class OutcomeEntry:
    """A result as it was typed and taken: `awarded` is a code of the service's table, empty where none is given."""

    state: Result
    awarded: str = ""
    document: str = ""
    decided_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class EffectContext:
    """What an effect is given: the case's number, whose it is, its answers as typed and cleaned, and who decided.

    `on_behalf` is the platform acting under the decider's account and name, for what only the platform may do:
    the decision is the permission. `opened_by` is the account that opened the case. `result` is what the result says
    by now, at the moment of one.
    """

    case: UUID
    number: str
    person: UUID | None
    unit: UUID
    service: Service
    typed: Mapping[str, Any]
    values: Mapping[str, Any]
    opened_by: UUID
    on_behalf: Actor
    by: Actor
    moment: Moment
    result: OutcomeEntry | None = None


Effect = Callable[[EffectContext], None]


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One row of a workbook of results before it is taken over: what it says, and what would become of it.

    `seen` is the revision of the result that the row was compared with; `changes` is False for what stands already.
    """

    row: int
    number: str
    name: str
    typed: Mapping[str, str]
    say: str
    ok: bool
    changes: bool = False
    seen: int = 0
