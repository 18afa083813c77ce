"""Reading files and spreadsheets."""

from collections.abc import Sequence

from bole.documents import sandbox, sheets, storage
from bole.documents.models import StoredFile
from bole.documents.terms import ROW_LIMIT, MediaType, SheetRow


def content(file: StoredFile) -> bytes:
    """What is kept of the file. Raises FileNotFoundError, or kernel.sealing.Unsealable when it was tampered with."""
    return storage.current().get(file.key)


def pages(file: StoredFile) -> int:
    """Number of pages; an image has one."""
    return file.pages


def preview(file: StoredFile, page: int = 1, width: int = 900) -> bytes:
    """A page (from 1) as a JPEG at most so wide; raises IndexError for a page that is not there.

    Reviewers look at this picture, never at the file itself (AC-07).
    """
    width = max(40, min(width, 2400))
    if not 1 <= page <= file.pages:
        raise IndexError(page)
    return sandbox.draw(content(file), paper=file.media_type == MediaType.PDF, page=page, width=width)


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
