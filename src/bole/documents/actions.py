"""Keeping files, making PDFs, pictures and spreadsheets.

Who may upload or print what is decided and recorded by the rooms that ask; this one knows no domain word.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction

from bole.documents import derived, images, inspection, intake, likeness, pdf, qr, sheets, storage
from bole.documents.models import PrintBand, StoredFile
from bole.documents.storage import unhurried
from bole.documents.streams import Bundle, SheetStream
from bole.documents.terms import (
    EVIDENCE,
    ROW_LIMIT,
    UPLOAD_LIMIT,
    Column,
    ImportReport,
    Inspected,
    MediaType,
    RowImport,
    RowsTaken,
    Sheet,
    SheetRow,
    Taken,
)
from bole.kernel import clock
from bole.kernel.actors import Actor

__all__ = [
    "Bundle",
    "Making",
    "SheetStream",
    "captcha_image",
    "discard",
    "keep_made",
    "qr_address",
    "qr_svg",
    "render_pdf",
    "report_taken",
    "store",
    "sweep",
    "take_all",
    "take_rows",
    "take_some",
    "take_whole",
    "unhurried",
    "write_sheet",
    "write_workbook",
]

_DAY = 86_400


def store(
    data: bytes | BinaryIO, *, name: str, purpose: str, by: Actor, accept: Collection[MediaType] = EVIDENCE
) -> StoredFile:
    """Inspect an uploaded file and keep it encrypted; raises Invalid at "file" with what to do.

    The content is written before the row: a transaction undone leaves an unreadable file that `sweep` removes,
    never a row without content.
    """
    received = data if isinstance(data, bytes) else data.read(UPLOAD_LIMIT + 1)
    found = inspection.inspect(received, accept=accept)
    key = storage.new_key()
    storage.current().put(key, found.content)
    with transaction.atomic():
        file = _kept(received, found, name=name, purpose=purpose, key=key, by=by)
        PrintBand.objects.bulk_create(PrintBand(file=file, band=band) for band in likeness.bands(found.fingerprint))
    return file


def _kept(received: bytes, found: Inspected, *, name: str, purpose: str, key: str, by: Actor) -> StoredFile:
    return StoredFile.objects.create(
        name=inspection.clean_name(name),
        purpose=purpose,
        media_type=found.media_type.value,
        size=len(found.content),
        sha256=hashlib.sha256(received).hexdigest(),
        stored_sha256=hashlib.sha256(found.content).hexdigest(),
        pages=found.pages,
        width=found.width,
        height=found.height,
        flaws=[[flaw.value, page] for flaw, page in found.flaws],
        fingerprint=found.fingerprint,
        key=key,
        stored_by=by.account,
        created_at=clock.now(),
    )


def keep_made(content: bytes, *, media_type: MediaType, name: str, purpose: str, by: Actor) -> StoredFile:
    """Keep a file that was made here, or a workbook that was read, encrypted as any other. The pages of a paper are not
    counted."""
    key = storage.new_key()
    storage.current().put(key, content)
    digest = hashlib.sha256(content).hexdigest()
    return _made(key, len(content), digest, media_type=media_type, name=name, purpose=purpose, by=by)


def _made(key: str, size: int, digest: str, *, media_type: MediaType, name: str, purpose: str, by: Actor) -> StoredFile:
    return StoredFile.objects.create(
        name=inspection.clean_name(name + media_type.suffix), purpose=purpose, media_type=media_type.value,
        size=size, sha256=digest, stored_sha256=digest, key=key, stored_by=by.account, created_at=clock.now(),
    )  # fmt: skip


class Making:
    """A file that is made piece by piece and kept encrypted as it grows: a sink for `Bundle` and `SheetStream`.

    Who begins one keeps or abandons it; what a process leaves behind that ended in between is swept away.
    """

    def __init__(self) -> None:
        self._key = storage.new_key()
        self._growing = storage.current().grow(self._key)
        self._taken = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> None:
        """Further bytes."""
        self._growing.write(data)
        self._taken.update(data)
        self._size += len(data)

    def keep(self, *, media_type: MediaType, name: str, purpose: str, by: Actor) -> StoredFile:
        """That was all: keep it."""
        self._growing.keep()
        digest = self._taken.hexdigest()
        return _made(self._key, self._size, digest, media_type=media_type, name=name, purpose=purpose, by=by)

    def abandon(self) -> None:
        """Throw away what was written; without effect once it is kept."""
        self._growing.abandon()


def discard(file: StoredFile) -> None:
    """Forget a file; its content goes once the transaction has committed."""
    key = file.key
    file.delete()
    transaction.on_commit(lambda: storage.current().delete(key))
    transaction.on_commit(lambda: derived.forget(key))


def sweep(*, older_than: float = _DAY) -> int:
    """Remove contents that belong to no row, left by transactions undone; returns how many."""
    place = storage.current()
    place.forget_drafts(older_than=older_than)
    keys = list(place.keys(older_than=older_than))
    removed = 0
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        known = set(StoredFile.objects.filter(key__in=some).values_list("key", flat=True))
        for key in (key for key in some if key not in known):
            place.delete(key)
            removed += 1
    derived.sweep()
    return removed


def render_pdf(
    template: Path,
    data: Mapping[str, Any],
    *,
    files: Mapping[str, bytes] | None = None,
    stamp: datetime,
    strict: bool = False,
    remember: bool = False,
) -> bytes:
    """A PDF from a template under the catalogue; same input, same bytes.

    With `remember` the last few are kept in the memory of the process, for papers whose pages are looked at in turn.
    `files` are pictures by name (JPEG, PNG, or SVG made here). A character in no font is printed as its code in a
    frame. With `strict` (checks of templates) it raises PrintFailed rather than give up PDF/A or ignore a warning.
    """
    if remember:
        return pdf.remembered(template, data, files or {}, stamp)
    return pdf.render(template, data, files or {}, stamp, strict=strict)


def qr_svg(text: str) -> str:
    """A QR code as SVG."""
    return qr.svg(text)


def qr_address(text: str) -> str:
    """A QR code as an address for an image on a page."""
    return qr.address(text)


def captcha_image(text: str) -> bytes:
    """The text as a distorted PNG for people to read."""
    return images.captcha(text)


def write_workbook(sheets_: Iterable[Sheet]) -> bytes:
    """An xlsx of text cells: header frozen, drop-downs from a hidden sheet, nothing ever a formula or a link."""
    return sheets.write(tuple(sheets_))


def write_sheet(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], *, name: str = "数据", room_for: int = 0
) -> bytes:
    """An xlsx of one sheet."""
    return write_workbook([Sheet(name, columns, rows, room_for)])


def take_rows(
    rows: Iterable[SheetRow], *, columns: Sequence[Column], take: Callable[[Mapping[str, str]], Taken]
) -> ImportReport:
    """Hand the rows of a workbook to `take`, one by one, inside the caller's transaction.

    A row for which it raises a BoleError, or that somebody else entered in the same instant, comes back in a workbook
    of the same columns with the reason; the others stay.
    """
    return intake.report(intake.take_some(rows, columns, take), columns)


def take_some(
    rows: Iterable[SheetRow], *, columns: Sequence[Column], take: Callable[[Mapping[str, str]], Taken]
) -> RowsTaken:
    """The same for some rows of an import that goes on: those not taken come back as they are."""
    return intake.take_some(rows, columns, take)


def take_all(work: RowImport, data: bytes) -> ImportReport:
    """A whole workbook at once, in one transaction. Raises Invalid for one that cannot be read."""
    return take_whole(work, sheets.read(data, work.needed, [column.name for column in work.columns], None, ROW_LIMIT))


def take_whole(work: RowImport, rows: Sequence[SheetRow]) -> ImportReport:
    """The same for the rows of a workbook that was read already (`queries.rows_for`)."""
    with transaction.atomic():
        taken = work.take(rows)
        work.note(taken)
    return intake.report(taken, work.columns)


def report_taken(work: RowImport, taken: RowsTaken) -> ImportReport:
    """What an import that went slice by slice did in all: its line in the ledger, inside the caller's transaction, and
    the workbook of the rows not taken."""
    work.note(taken)
    return intake.report(taken, work.columns)
