"""Marks on pages of files as pages draw them: over the picture, and in words at the file."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from bole.cases.models import Attachment
from bole.cases.terms import place_text
from bole.definitions.terms import Service
from bole.review.terms import Box, Spot, turned


@dataclass(frozen=True, slots=True)
class PlacedSpot:
    """A mark of a return at its file: what is wrong, what became of the file, and the field where one was named."""

    spot: Spot
    wrong: str

    @property
    def row(self) -> Attachment:
        """The file that was marked, in force or not."""
        row: Attachment = self.spot.row
        return row

    @property
    def section(self) -> str:
        """The section that the mark belongs to."""
        return self.spot.fault.section

    @property
    def page(self) -> int:
        """The page, from 1."""
        return self.spot.fault.page

    @property
    def say(self) -> str:
        """What is wrong, in the reviewer's words."""
        return self.spot.fault.say or "需要修改"

    @property
    def gone(self) -> str:
        """What became of the file since; empty while it is in force."""
        return self.spot.gone

    @property
    def caption(self) -> str:
        """The file by its name, and what became of it."""
        return f"{self.row.file.name}（{self.gone}）" if self.gone else str(self.row.file.name)

    @property
    def box(self) -> str:
        """The spot for the page script, empty for the whole page."""
        return box_text(self.spot.fault.box) if self.spot.fault.box is not None else ""

    @property
    def place(self) -> tuple[str, str]:
        """Section and record of its line of evidence."""
        return self.spot.fault.section, self.spot.fault.record


@dataclass(frozen=True, slots=True)
class Drawn:
    """One mark on the picture of a page, in hundredths of it as it is shown; without a frame it is the whole page."""

    number: int
    say: str
    left: str = ""
    top: str = ""
    width: str = ""
    height: str = ""
    before: bool = False


def placed(service: Service, spots: Iterable[Spot]) -> tuple[PlacedSpot, ...]:
    """The marks of a return with the names of their fields."""
    return tuple(PlacedSpot(spot, _wrong(service, spot)) for spot in spots)


def _wrong(service: Service, spot: Spot) -> str:
    section = service.by_code.get(spot.fault.section)
    field = section.by_code.get(spot.fault.field) if section is not None else None
    return field.name if field is not None else ""


def at_files(spots: Iterable[PlacedSpot]) -> dict[UUID, list[PlacedSpot]]:
    """The marks by their attachment."""
    found: dict[UUID, list[PlacedSpot]] = {}
    for each in spots:
        found.setdefault(each.row.pk, []).append(each)
    return found


def at_lines(spots: Iterable[PlacedSpot]) -> dict[str, list[PlacedSpot]]:
    """The marks by their line of evidence: section, record and category."""
    found: dict[str, list[PlacedSpot]] = {}
    for each in spots:
        found.setdefault(line_key(*each.place, each.row.category), []).append(each)
    return found


def line_key(section: str, record: str, category: str) -> str:
    """A line of evidence as one word."""
    return f"{place_text(section, record)}:{category}"


def drawn(number: int, say: str, box: Box | None, turn: int, *, before: bool = False) -> Drawn:
    """A mark over the picture of a page that is shown turned by so many degrees."""
    if box is None:
        return Drawn(number, say, before=before)
    left, top, width, height = (f"{100 * each:.2f}%" for each in turned(box, turn))
    return Drawn(number, say, left, top, width, height, before)


def box_text(box: Box) -> str:
    """A spot as the page script reads it."""
    return ",".join(f"{each:g}" for each in box)
