"""Words of the documents room: media types, uploaded files as inspected, rows and columns of spreadsheets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class MediaType(StrEnum):
    """What is kept. HEIC photographs are accepted too and kept as JPEG."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"

    @property
    def suffix(self) -> str:
        """The ending a downloaded file of this type gets."""
        return {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}[self.value]


IMAGES = frozenset({MediaType.JPEG, MediaType.PNG})
EVIDENCE = frozenset(MediaType)

UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes of one uploaded file
PIXEL_LIMIT = 60_000_000  # a 50-megapixel phone passes, a 600 dpi A4 scan too (AC-08)
PAGE_LIMIT = 200  # pages of one PDF
NAME_LIMIT = 120  # characters of an uploaded file's name (AC-24)

SHEET_LIMIT = 10 * 1024 * 1024  # bytes of one spreadsheet (AC-06)
ROW_LIMIT = 20_000
COLUMN_LIMIT = 200


class PrintFailed(Exception):
    """The print template itself is wrong; nothing the person at the screen can mend."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that passed inspection: what will be kept, not what was sent."""

    content: bytes
    media_type: MediaType
    pages: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One filled row of a spreadsheet, by header. `number` is the row number that Excel shows.

    `problems` are sentences about cells whose typed value is already damaged; their value is "".
    """

    number: int
    values: dict[str, str]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column to write. `choices` becomes a drop-down, `note` a hint beside the selected cell."""

    name: str
    width: int = 16
    choices: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write: header row, then rows of text.

    `room_for` is how many rows get drop-downs and text format beyond those written (an empty import template).
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[str]] = ()
    room_for: int = 0


class Taken(StrEnum):
    """What became of one row of an import."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; `failures` is a workbook of the rows not taken, each with its reason."""

    created: int
    updated: int
    unchanged: int
    failed: int
    failures: bytes | None

    @property
    def counts(self) -> dict[str, int]:
        """The figures, for the ledger."""
        return {"created": self.created, "updated": self.updated, "unchanged": self.unchanged, "failed": self.failed}
