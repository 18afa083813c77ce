"""Words of the documents room: media types, uploaded files as inspected, rows and columns of spreadsheets."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class MediaType(StrEnum):
    """What is kept. HEIC photographs are accepted too and kept as JPEG; workbooks and bundles are only made here."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    BUNDLE = "application/zip"

    @property
    def suffix(self) -> str:
        """The ending a downloaded file of this type gets."""
        return {"PDF": ".pdf", "JPEG": ".jpg", "PNG": ".png", "WORKBOOK": ".xlsx", "BUNDLE": ".zip"}[self.name]


IMAGES = frozenset({MediaType.JPEG, MediaType.PNG})
EVIDENCE = IMAGES | {MediaType.PDF}

UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes of one uploaded file
PIXEL_LIMIT = 60_000_000  # a 50-megapixel phone passes, a 600 dpi A4 scan too (AC-08)
THUMBNAIL = 300  # pixels across
PAGE_LIMIT = 200  # pages of one PDF
NAME_LIMIT = 120  # characters of an uploaded file's name (AC-24)

SHEET_LIMIT = 10 * 1024 * 1024  # bytes of one spreadsheet (AC-06)
ROW_LIMIT = 20_000
COLUMN_LIMIT = 200


class Flaw(StrEnum):
    """What the check of a scan may find. It warns and never refuses: whoever uploads knows better."""

    BLANK = "blank"
    BLURRED = "blurred"
    TINY = "tiny"
    HEAD_RIGHT = "head-right"
    UPSIDE_DOWN = "upside-down"
    HEAD_LEFT = "head-left"


TURNED = {Flaw.HEAD_RIGHT: 90, Flaw.UPSIDE_DOWN: 180, Flaw.HEAD_LEFT: 270}  # degrees clockwise that a page lies turned

# The check looks at a page in grey, SCAN_WIDTH pixels across, without its outermost EDGE; characters of 10.5 pt on A4
# are then 17 pixels wide. tests/documents/test_scans.py renders pages and graded damage and holds these to their rates.
SCAN_WIDTH = 1000
SCAN_EDGE = 0.04  # of width and height on each side: shadows and black rims of scanners
CHECKED_PAGES = 12  # of one PDF, from the first
CHECKED_SECONDS = 4.0  # for all of them; honest pages need half at most
TINY_SIDE = 800  # pixels; a page whose longer side has fewer cannot be read when printed
BLANK_DEPTH = 20  # levels of 256 by which ink is darker than the paper around it, at half the width
BLANK_INK = 0.0006  # of a page: fifteen characters; a page number alone is less
BLURRED_STEEPNESS = 0.40  # steepest step to the next pixel, over the steepest to the fourth: 1 for a knife's edge
BLURRED_NOISE = 1.2  # edges that rise no further above the noise than this are no edges

PRINT_SIDE = 16  # a fingerprint has a bit for each of 16 × 16 steps from one field of the page to the next
PRINT_STEP = 6  # levels by which a field must be darker than the next
PRINT_LEAST = 16  # bits; with fewer a page is too empty to be known again
PRINT_NEAR = 8  # bits in which pictures of one page may differ: saved anew, scaled, lighter or darker


class PrintFailed(Exception):
    """The print template itself is wrong; nothing the person at the screen can mend."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that passed inspection: what will be kept, not what was sent.

    `flaws` are what the check of scans found, with their pages (from 1). `fingerprint` is how the first page looks, as
    64 hexadecimal digits; "" for one too empty to be known again.
    """

    content: bytes
    media_type: MediaType
    pages: int
    width: int | None
    height: int | None
    flaws: tuple[tuple[Flaw, int], ...] = ()
    fingerprint: str = ""


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
class RowsTaken:
    """What became of some rows of an import: the counts, and the rows not taken, each with its reason at the end."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failures: tuple[tuple[str, ...], ...] = ()

    def __add__(self, other: "RowsTaken") -> "RowsTaken":
        return RowsTaken(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.failures + other.failures,
        )

    @property
    def counts(self) -> dict[str, int]:
        """The figures, for the ledger."""
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "failed": len(self.failures),
        }


@dataclass(frozen=True)
class RowImport:
    """An import that goes row by row, at once or slice by slice.

    `needed` are the columns that a workbook must have; `take` takes some rows in a transaction of its own; `note`
    leaves the line in the ledger once all are done.
    """

    columns: Sequence[Column]
    needed: Sequence[str]
    take: Callable[[Sequence[SheetRow]], RowsTaken]
    note: Callable[[RowsTaken], None]


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
