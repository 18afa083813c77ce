"""Words of the cases room."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bole.definitions.terms import Cleaned, Context, SectionState
from bole.kernel.errors import Fault, Moved

# What was typed into one section: a mapping of fields, or a list of records, or a declared 「无此项」.
Typed = dict[str, Any] | list[dict[str, Any]]


class Status(StrEnum):
    """Where a case stands, from the applicant's side; the step within the review is kept beside it."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"


OPEN = (Status.DRAFT, Status.IN_REVIEW, Status.RETURNED)
EDITABLE = (Status.DRAFT, Status.RETURNED)
CLOSED = (Status.COMPLETED, Status.TERMINATED, Status.CANCELLED)


class Purpose(StrEnum):
    """What an attachment is for."""

    EVIDENCE = "evidence"
    EXPLANATION = "explanation"
    ATTESTATION = "attestation"


class Confirmation(StrEnum):
    """How the person stood by what the unit filled in: log-in, one-time code, or signed paper uploaded."""

    LOG_IN = "log_in"
    CODE = "code"
    PAPER = "paper"


class AuditWord(StrEnum):
    """Audit actions of this room."""

    OPENED = "cases.case.opened"
    SAVED = "cases.section.saved"
    ATTACHED = "cases.attachment.added"
    DETACHED = "cases.attachment.removed"
    REORDERED = "cases.attachment.reordered"
    GAP_DECLARED = "cases.gap.declared"
    GAP_WITHDRAWN = "cases.gap.withdrawn"
    ATTESTED = "cases.case.attested"
    VIEWED = "cases.case.viewed"
    UNMASKED = "cases.case.unmasked"
    ATTACHMENT_VIEWED = "cases.attachment.viewed"
    PRINTED = "cases.case.printed"


class SectionMoved(Moved):
    """The section was saved elsewhere since it was opened; both texts are kept to choose from."""

    def __init__(self, sentence: str, *, section: str, version: int, theirs: Typed, mine: Typed) -> None:
        super().__init__(sentence)
        self.section = section
        self.version = version
        self.theirs = theirs
        self.mine = mine


@dataclass(frozen=True, slots=True)
class SectionForm:
    """One section of a filled form: what was typed, what it means, what is wrong with it."""

    code: str
    name: str
    typed: Typed
    values: Any
    faults: tuple[Fault, ...]
    state: SectionState
    version: int


@dataclass(frozen=True, slots=True)
class EvidenceSlot:
    """One line of 「附件管理」: the record to be proved, its caption, what was uploaded or declared instead."""

    key: str
    section: str
    record: str
    caption: str
    required: bool
    attachments: tuple[Any, ...]
    explanations: tuple[Any, ...]
    gap_reason: str | None
    least: int = 1
    most: int = 20
    replaceable: bool = True

    @property
    def proved(self) -> bool:
        """As many files as the definition asks for."""
        return len(self.attachments) >= max(self.least, 1)

    @property
    def answered(self) -> bool:
        """Proved, or missing with a declared reason and an uploaded explanation."""
        return self.proved or (self.gap_reason is not None and bool(self.explanations))


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to be done before submitting: in which section, where exactly, and what."""

    section: str
    name: str
    at: str
    say: str


@dataclass(frozen=True)
class FilledForm:
    """A case's whole form, cleaned against its pinned definition."""

    sections: Mapping[str, SectionForm]
    slots: tuple[EvidenceSlot, ...]
    missing: tuple[Missing, ...]
    cleaned: Mapping[str, Cleaned]
    context: Context

    @property
    def values(self) -> dict[str, Any]:
        """Cleaned values by section."""
        return {code: section.values for code, section in self.sections.items()}

    @property
    def typed(self) -> dict[str, Typed]:
        """What was typed, by section."""
        return {code: section.typed for code, section in self.sections.items() if section.typed}

    @property
    def lacking(self) -> frozenset[str]:
        """The sections that stand against handing it in."""
        return frozenset(item.section for item in self.missing)

    @property
    def has_gaps(self) -> bool:
        """Whether a line of evidence is answered by a reason instead of papers. Reasons of lines gone do not count."""
        return any(slot.gap_reason is not None for slot in self.slots)
