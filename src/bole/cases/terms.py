"""Words of the cases room."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bole.definitions.terms import Cleaned, Context, SectionState, Unasked
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
    LOOSENED = "cases.attachment.loosened"
    PLACED = "cases.attachment.placed"
    TURNED = "cases.attachment.turned"
    ANSWERED = "cases.attachment.answered"
    REORDERED = "cases.attachment.reordered"
    GAP_DECLARED = "cases.gap.declared"
    GAP_WITHDRAWN = "cases.gap.withdrawn"
    ATTESTED = "cases.case.attested"
    VIEWED = "cases.case.viewed"
    UNMASKED = "cases.case.unmasked"
    ATTACHMENT_VIEWED = "cases.attachment.viewed"
    PRINTED = "cases.case.printed"
    ISSUED = "cases.paper.issued"


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
    """One line of 「附件管理」: the record to be proved, its caption, what was uploaded or declared instead.

    `heading` is the category where the definition names it; `reason` says why it is demanded, or why not.
    """

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
    category: str = ""
    heading: str = ""
    reason: str = ""
    portrait: bool = False

    @property
    def proved(self) -> bool:
        """As many files as the definition asks for."""
        return len(self.attachments) >= max(self.least, 1)

    @property
    def answered(self) -> bool:
        """Proved, or missing with a declared reason and an uploaded explanation."""
        return self.proved or (self.gap_reason is not None and bool(self.explanations))


@dataclass(frozen=True, slots=True)
class Twin:
    """Another file that is the same as an attachment (`exact`), or whose first page looks alike.

    `other` is the other attachment with its file and case; `here` says that it is of the same case.
    """

    attachment: Any
    other: Any
    exact: bool
    here: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to be done before submitting: in which section, where exactly, and what."""

    section: str
    name: str
    at: str
    say: str


# A place of a form: section, record and field. Without a field the whole record, without both the whole section.
Place = tuple[str, str, str]
FILES = "@files"  # in the stead of a field: the evidence of the record and nothing that is typed
_PLACE = re.compile(r"([a-z0-9_]+)(?:\[([a-z0-9]+)\])?(?:\.(@?[a-z0-9_]+))?")


def place_text(section: str, record: str = "", field: str = "") -> str:
    """A place as one word: "work", "work[a1b2]", "work[a1b2].title", "contact.phone", "work[a1b2].@files"."""
    return section + (f"[{record}]" if record else "") + (f".{field}" if field else "")


def place_of(text: str) -> Place:
    """The place that a word of `place_text` names; a word that names none is a section of its own."""
    found = _PLACE.fullmatch(text)
    return (found[1], found[2] or "", found[3] or "") if found else (text, "", "")


@dataclass(frozen=True, slots=True)
class OpenPlaces:
    """Which places of a case may be changed now (JL-06): everything, or what a return left open.

    A section or record that stands in `places` is open with all that is in it, its evidence too. `files` are
    records (or single sections) whose evidence alone is open; `all_files` says that all evidence is.
    """

    everything: bool = False
    places: frozenset[Place] = frozenset()
    files: frozenset[tuple[str, str]] = frozenset()
    all_files: bool = False

    def whole(self, section: str) -> bool:
        """Whether all of the section is open: records may come, go and change their order."""
        return self.everything or (section, "", "") in self.places

    def section(self, section: str) -> bool:
        """Whether anything in the section is open, be it only one field."""
        return self.everything or any(place[0] == section for place in self.places)

    def record(self, section: str, record: str) -> bool:
        """Whether all of the record is open; of a single section (record ""), whether all of the section is."""
        return self.whole(section) or (section, record, "") in self.places

    def touches(self, section: str, record: str) -> bool:
        """Whether anything in the record is open, be it only one field."""
        return self.whole(section) or any(place[:2] == (section, record) for place in self.places)

    def field(self, section: str, record: str, field: str) -> bool:
        """Whether the field may be changed."""
        return self.record(section, record) or (section, record, field) in self.places

    def evidence(self, section: str, record: str) -> bool:
        """Whether the files of the record may be changed."""
        return self.all_files or self.record(section, record) or (section, record) in self.files

    def any_evidence(self, section: str) -> bool:
        """Whether files of the section may be changed, be it those of one record."""
        return self.all_files or self.section(section) or any(each == section for each, _ in self.files)

    def kept(self, section: str, record: str, before: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed into a record, with every closed field as it stood: pages post what they show as controls."""
        names = dict.fromkeys((*before, *typed))
        chosen = {name: typed if self.field(section, record, name) else before for name in names}
        return {name: source[name] for name, source in chosen.items() if name in source}


@dataclass(frozen=True)
class FilledForm:
    """A case's whole form, cleaned against its pinned definition.

    `unasked` are the categories of evidence for which nothing is asked now, `loose` the files whose place is gone.
    """

    sections: Mapping[str, SectionForm]
    slots: tuple[EvidenceSlot, ...]
    missing: tuple[Missing, ...]
    cleaned: Mapping[str, Cleaned]
    context: Context
    unasked: tuple[Unasked, ...] = ()
    loose: tuple[Any, ...] = ()

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
