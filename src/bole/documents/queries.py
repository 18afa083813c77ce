"""Reading files and spreadsheets."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from django.db.models import Q

from bole.documents import derived, likeness, papers, sandbox, sheets, storage
from bole.documents.models import PrintBand, StoredFile
from bole.documents.terms import ROW_LIMIT, THUMBNAIL, TURNED, Flaw, MediaType, RowImport, SheetRow


def content(file: StoredFile) -> bytes:
    """What is kept of the file. Raises FileNotFoundError, or kernel.sealing.Unsealable when it was tampered with."""
    return storage.current().get(file.key)


def pieces(file: StoredFile) -> Iterator[bytes]:
    """What is kept of the file, piece by piece, for one too large to be held. Raises as `content`, at once for a file
    that cannot be opened; one that was tampered with further on ends with the error."""
    found = storage.current().pieces(file.key)
    return chain([next(found)], found)


def pages(file: StoredFile) -> int:
    """Number of pages; an image has one."""
    return file.pages


def flaws(file: StoredFile, turn: int = 0) -> Iterator[tuple[Flaw, int]]:
    """What the check of scans found on which pages (from 1), as they are seen turned clockwise by so many degrees: what
    lay upside down stands upright when turned by 180."""
    seen_as = {turned: flaw for flaw, turned in TURNED.items()}
    for found, page in file.flaws:
        flaw = Flaw(found)
        if flaw not in TURNED:
            yield flaw, page
        elif seen := seen_as.get((TURNED[flaw] + turn) % 360):
            yield seen, page


def likenesses(mine: Sequence[StoredFile], others: Sequence[StoredFile]) -> Iterator[tuple[int, int, bool]]:
    """Which of mine are the very same file as which others (True), or have a first page that looks alike (False): saved
    anew, scaled, or another page of one form. By their places in the two lists; no query."""
    return likeness.pairs(mine, others)


def perhaps_same(files: Iterable[StoredFile]) -> Q:
    """The narrowing of stored files to those received with the content of one of these. Served by an index."""
    return Q(sha256__in={file.sha256 for file in files})


def perhaps_alike(files: Iterable[StoredFile]) -> Q:
    """The narrowing of stored files to those that may look like one of these; `likenesses` decides. Served by an
    index."""
    bands = {band for file in files for band in likeness.bands(file.fingerprint)}
    return Q(pk__in=PrintBand.objects.filter(band__in=bands).values("file"))


def thumbnail(file: StoredFile, page: int = 1, turn: int = 0) -> bytes:
    """A page (from 1) as a small JPEG, turned clockwise, drawn once and kept; raises IndexError for a page that is not
    there."""
    if not 1 <= page <= file.pages:
        raise IndexError(page)
    name = f"{page}-{THUMBNAIL}-{turn}"
    return derived.kept(file.key, name, lambda: preview(file, page, THUMBNAIL, turn))


def preview(file: StoredFile, page: int = 1, width: int = 900, turn: int = 0) -> bytes:
    """A page (from 1) as a JPEG at most so wide, turned clockwise; raises IndexError for a page that is not there.

    Reviewers look at this picture, never at the file itself (AC-07).
    """
    width = max(40, min(width, 2400))
    if not 1 <= page <= file.pages:
        raise IndexError(page)
    return sandbox.draw(content(file), paper=file.media_type == MediaType.PDF, page=page, width=width, turn=turn)


def paper_pages(paper: bytes) -> int:
    """How many pages a PDF made here has."""
    return papers.page_count(paper)


def paper_page(paper: bytes, page: int, width: int) -> bytes:
    """A page (from 1) of a PDF made here as a JPEG; raises IndexError for one that is not there.

    Not for files that somebody uploaded: these are opened in a confined process only (`preview`).
    """
    return papers.page_image(paper, page, width)


def read_rows(
    data: bytes,
    *,
    header: Sequence[str],
    optional: Sequence[str] = (),
    sheet: str | None = None,
    max_rows: int = ROW_LIMIT,
) -> list[SheetRow]:
    """The filled rows of an xlsx by column name; raises Invalid at "file".

    The header is looked for in the first rows and may stand in any order, with blanks and 「*」 in its names.
    """
    return sheets.read(data, header, optional, sheet, max_rows)


def rows_for(work: RowImport, data: bytes) -> list[SheetRow]:
    """The filled rows of a workbook that an import is to take; raises Invalid at "file"."""
    return read_rows(data, header=work.needed, optional=[column.name for column in work.columns])
