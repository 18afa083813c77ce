"""One line of 「附件管理」 as a page draws it, on the page of evidence and under the records of a section."""

from dataclasses import dataclass

from bole.cases.terms import EvidenceSlot
from bole.web.pages.filling.casework import CasePage


@dataclass(frozen=True)
class Place:
    """A line with its addresses. `error` and `reason` come back from a post that could not be taken."""

    slot: EvidenceSlot
    anchor: str
    number: int
    open: bool
    attach_url: str
    explain_url: str
    gap_url: str
    order_url: str
    error: str = ""
    reason: str = ""

    @property
    def full(self) -> bool:
        """Whether it holds as many files as it may."""
        return len(self.slot.attachments) >= self.slot.most

    @property
    def settled(self) -> bool:
        """Whether nothing is wanted of the person here, so that it can be folded."""
        return bool(self.slot.answered or not self.open) and not self.error


def anchor_of(section: str, record: str) -> str:
    """The id of a line in its page."""
    return f"slot-{section}-{record}"


def places(page: CasePage, section: str = "", *, wrong: str = "", error: str = "", reason: str = "") -> list[Place]:
    """The lines of the whole case, or of one section; `wrong` is the anchor of the line that `error` belongs to."""
    found = []
    for number, slot in enumerate((each for each in page.form.slots if section in ("", each.section)), 1):
        anchor, record = anchor_of(slot.section, slot.record), slot.record or "-"
        found.append(
            Place(
                slot=slot,
                anchor=anchor,
                number=number,
                open=page.files_open(slot.section),
                attach_url=page.url("attach", slot.section, record),
                explain_url=page.url("explain", slot.section, record),
                gap_url=page.url("gap", slot.section, record),
                order_url=page.url("attachment-order"),
                error=error if anchor == wrong else "",
                reason=reason if anchor == wrong else "",
            )
        )
    return found
