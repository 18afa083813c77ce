"""Imports in the background: a workbook is kept sealed, its rows are taken in slices, those not taken come back.

Each slice is one transaction with the rows that it takes and the count of rows done, so that whoever goes on after a
process that ended takes none twice and leaves none out.
"""

from collections.abc import Callable

from django.db import transaction

from bole.audit import actions as audit
from bole.documents import actions as documents
from bole.documents.terms import ImportReport, MediaType, RowsTaken
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.review.actions.exporting import KEPT_DAYS, end, refuse_more, running, taken_so_far, tell, told_of
from bole.review.models import Export, ImportSlice
from bole.review.terms import AuditWord, ExportState

_ROWS_NOT_TAKEN = "没有导入的行"


@transaction.atomic
def ask_import(*, list: str, title: str, file: str, data: bytes, total: int, by: Actor) -> Export:
    """Have a workbook of `total` rows taken by and for the actor; `file` is the name it was uploaded under, which may
    name people: it is kept sealed, for the page of the actor alone.

    Whether the actor may, and whether the workbook can be read, was asked by the caller. Raises TooMany.
    """
    refuse_more(by)
    stem = file.removesuffix(MediaType.WORKBOOK.suffix)
    source = documents.keep_made(data, media_type=MediaType.WORKBOOK, name=stem, purpose="import", by=by)
    row: Export = Export.objects.create(
        account=by.who, site=by.site, unit_id=by.place, way=by.way.value, list=list,
        name=title, total=total, asked={"who": by.name, "file": source.name}, state=ExportState.WAITING.value,
        asked_at=clock.now(), is_import=True, source=source,
    )  # fmt: skip
    audit.record(AuditWord.IMPORT_ASKED, by=by, kind="export", id=str(row.pk), unit=row.unit_id, detail={"rows": total})
    return row


@transaction.atomic
def take_slice(*, export: Export, start: int, rows: int, take: Callable[[], RowsTaken]) -> bool:
    """Take some rows, those after the first `start`, and say how far it is; False when the import was stopped, or
    somebody else has taken these rows meanwhile. What `take` raises undoes the slice."""
    row = running(export)
    if row is None or row.done != start:
        return False
    taken = take()
    ImportSlice.objects.create(
        export=row, start=start, created=taken.created, updated=taken.updated, unchanged=taken.unchanged,
        failures=[[*cells] for cells in taken.failures],
    )  # fmt: skip
    row.done, row.touched_at = start + rows, clock.now()
    row.save(update_fields=["done", "touched_at"])
    return True


@transaction.atomic
def finish_import(*, export: Export, report: Callable[[RowsTaken], ImportReport], by: Actor) -> bool:
    """Keep the rows not taken, if any, and tell who asked; False when it was stopped meanwhile. `report` leaves the
    line in the ledger and makes the workbook of those rows."""
    row = running(export)
    if row is None:
        return False
    taken = taken_so_far(row)
    made = report(taken)
    say = told_of(taken)
    if made.failures is not None:
        row.file = documents.keep_made(
            made.failures, media_type=MediaType.WORKBOOK, name=_ROWS_NOT_TAKEN, purpose="export", by=by
        )
        say += f"没有导入的行 {KEPT_DAYS} 天内可以下载，每行写有原因，改好后再导入即可。"
    else:
        say += "全部行都已处理，没有需要下载的文件。"
    end(row, ExportState.READY, say=say)
    tell(row, f"「{row.name}」导入完成", say)
    return True
