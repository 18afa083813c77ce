"""What a reviewer marks: places of a form, and spots on the pages of its files. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bole.cases.terms import FILES, place_text

# A spot on a page as it was uploaded, before anybody turned it: left edge, upper edge, width and height, each as a
# fraction of the page.
Box = tuple[float, float, float, float]
LEAST_BOX = 0.002  # of the page: what is smaller was a slip of the hand


def box_of(numbers: Sequence[float]) -> Box | None:
    """The spot that four fractions name, cut to the page; None where they are not four or name none."""
    if len(numbers) != 4 or not all(0 <= each <= 1 for each in numbers):
        return None
    left, top, width, height = (round(each, 4) for each in numbers)
    width, height = min(width, round(1 - left, 4)), min(height, round(1 - top, 4))
    return (left, top, width, height) if min(width, height) >= LEAST_BOX else None


def turned(box: Box, degrees: int) -> Box:
    """The spot on the page turned clockwise by 0, 90, 180 or 270 degrees."""
    left, top, width, height = box
    match degrees % 360:
        case 90:
            return (1 - top - height, left, height, width)
        case 180:
            return (1 - left - width, 1 - top - height, width, height)
        case 270:
            return (top, 1 - left - width, height, width)
        case _:
            return box


@dataclass(frozen=True, slots=True)
class Faulty:
    """One place marked by a reviewer: a whole section, or a record or field in it, with what is wrong.

    Where it was marked on a file, `file` is the attachment, `page` the page from 1 and `box` the spot on it, None for
    the whole page. Without a field it is the file that is wrong, and the evidence of the record opens; with one it is
    the field, and the file shows why.
    """

    section: str
    say: str = ""
    record: str = ""
    field: str = ""
    file: str = ""
    page: int = 0
    box: Box | None = None

    @property
    def place(self) -> str:
        """The place as one word, as a return opens it."""
        return place_text(self.section, self.record, self.field or (FILES if self.file else ""))

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Faulty":
        """As it was written down."""
        box = kept.get("box")
        return cls(**{**kept, "box": tuple(box)} if box else kept)

    @property
    def kept(self) -> dict[str, Any]:
        """To be written down; of the file only where there is one."""
        told: dict[str, Any] = {"section": self.section, "say": self.say, "record": self.record, "field": self.field}
        if self.file:
            told |= {"file": self.file, "page": self.page}
        return {**told, "box": list(self.box)} if self.box else told


@dataclass(frozen=True, slots=True)
class Spot:
    """A mark that a return put on a page of a file, and what became of the file since.

    `row` is the attachment with its file, which is kept though it was replaced; `number` counts the marks of one file
    from 1; `gone` says what happened to it, empty while it is in force.
    """

    fault: Faulty
    row: Any
    number: int
    gone: str = ""
