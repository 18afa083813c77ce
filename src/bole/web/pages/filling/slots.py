"""One line of 「附件管理」 as a page draws it, on the page of evidence and under the records of a section."""

from dataclasses import dataclass

from bole.cases.models import Attachment
from bole.cases.terms import EvidenceSlot
from bole.web.pages.filling.casework import CasePage
from bole.web.pages.spots import at_lines, line_key

_HEADS = 3  # small pictures beside a caption
LIGHT = 60  # files of a page up to which it shows them all at once


@dataclass(frozen=True)
class Place:
    """A line with its addresses. `error` and `reason` come back from a post that could not be taken."""

    slot: EvidenceSlot
    anchor: str
    number: int
    open: bool
    address: str
    attach_url: str
    explain_url: str
    gap_url: str
    order_url: str
    error: str = ""
    reason: str = ""
    lazy: bool = False  # its files are fetched when the line is opened
    marked: bool = False  # a return marked files of it

    @property
    def heads(self) -> tuple[Attachment, ...]:
        """The first files, shown small beside the caption."""
        return tuple(self.slot.attachments[:_HEADS])

    @property
    def full(self) -> bool:
        """Whether it holds as many files as it may."""
        return len(self.slot.attachments) >= self.slot.most

    @property
    def key(self) -> str:
        """The line as one word, under which marks on its files are found."""
        return line_key(self.slot.section, self.slot.record, self.slot.category)

    @property
    def settled(self) -> bool:
        """Whether nothing is wanted of the person here, so that it can be folded."""
        return bool(self.slot.answered or not self.open) and not (self.error or self.marked)


def anchor_of(section: str, record: str, category: str = "") -> str:
    """The id of a line in its page."""
    return f"slot-{section}-{record}" + (f"-{category}" if category else "")


def spot_word(record: str, category: str) -> str:
    """A record (or none) and a category (or none) as one word of an address."""
    return (record or "-") + (f":{category}" if category else "")


def spot_of(word: str) -> tuple[str, str]:
    """The record and category that a word of `spot_word` names."""
    record, _, category = word.partition(":")
    return "" if record == "-" else record, category


def places(page: CasePage, section: str = "", *, wrong: str = "", error: str = "", reason: str = "") -> list[Place]:
    """The lines of the whole case, or of one section; `wrong` is the anchor of the line that `error` belongs to."""
    found = []
    spotted = at_lines(page.spots)
    many = sum(len(each.attachments) for each in page.form.slots if section in ("", each.section)) > LIGHT
    for number, slot in enumerate((each for each in page.form.slots if section in ("", each.section)), 1):
        anchor = anchor_of(slot.section, slot.record, slot.category)
        marked = line_key(slot.section, slot.record, slot.category) in spotted
        spot = (slot.section, spot_word(slot.record, slot.category))
        found.append(
            Place(
                slot=slot,
                anchor=anchor,
                number=number,
                open=page.files_open(slot.section, slot.record),
                address=page.url("evidence-place", *spot),
                attach_url=page.url("attach", *spot),
                explain_url=page.url("explain", *spot),
                gap_url=page.url("gap", *spot),
                order_url=page.url("attachment-order"),
                error=error if anchor == wrong else "",
                reason=reason if anchor == wrong else "",
                lazy=many and slot.answered and anchor != wrong and not marked,
                marked=marked,
            )
        )
    return found
