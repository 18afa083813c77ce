"""Exports in the background, lists and bundles: asked for, written in slices, stopped, fetched, cleared away."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bole.audit import actions as audit
from bole.documents import actions as documents
from bole.documents.models import StoredFile
from bole.documents.terms import MediaType
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Refused, TooMany
from bole.notices import actions as notices
from bole.review.models import Export
from bole.review.terms import AuditWord, ExportState

MOST_EXPORTED = 100_000  # rows of one export
MOST_AT_A_TIME = 3  # exports of one account that are not written yet
KEPT_DAYS = 7
SILENT = timedelta(minutes=1)  # after which a writer counts as gone
_GOING = (ExportState.WAITING.value, ExportState.RUNNING.value)


@transaction.atomic
def ask_export(*, list: str, name: str, asked: Mapping[str, Any], total: int, by: Actor) -> Export:
    """Have a list written for the actor alone. Raises Invalid at "export" for none or too many rows, TooMany."""
    if not total:
        raise Invalid.at("export", "没有可以导出的内容。请换一个条件再导出。")
    if total > MOST_EXPORTED:
        raise Invalid.at("export", f"一次最多导出{MOST_EXPORTED:,}件，现在超过了。请加上条件，分几次导出。")
    if Export.objects.filter(account=by.who, state__in=_GOING).count() >= MOST_AT_A_TIME:
        raise TooMany(f"您已有{MOST_AT_A_TIME}份导出正在生成。请等其中一份完成，或在「导出文件」里停止不需要的。")
    row: Export = Export.objects.create(
        account=by.who, site=by.site, unit_id=by.place, way=by.way.value, list=list, name=name[:200], total=total,
        asked={"who": by.name, **asked}, state=ExportState.WAITING.value, asked_at=clock.now(),
    )  # fmt: skip
    return row


@transaction.atomic
def stop_export(*, export: UUID, by: Actor) -> Export:
    """Stop one of the actor's own exports; what is written is thrown away. Twice is once. Raises Absent, Refused."""
    row = _own(export, by)
    if row.state == ExportState.STOPPED.value:
        return row
    if row.state not in _GOING:
        raise Refused("这份导出已经结束，不能停止。")
    row.state, row.ended_at = ExportState.STOPPED.value, clock.now()
    row.save(update_fields=["state", "ended_at"])
    audit.record(AuditWord.EXPORT_STOPPED, by=by, kind="export", id=str(row.pk), unit=row.unit_id)
    return row


@transaction.atomic
def fetch_export(*, export: UUID, by: Actor) -> StoredFile:
    """The file of one of the actor's own exports, for the account and unit that asked. Raises Absent, Refused."""
    row = _own(export, by)
    if row.file is None:
        raise Refused("这份导出还没有完成，或文件已经过期删除。请重新导出。")
    row.fetched_at = row.fetched_at or clock.now()
    row.save(update_fields=["fetched_at"])
    audit.record(AuditWord.EXPORT_FETCHED, by=by, kind="export", id=str(row.pk), unit=row.unit_id)
    return row.file


def _own(export: UUID, by: Actor) -> Export:
    mine = Export.objects.select_for_update(of=("self",)).select_related("file")
    row = mine.filter(pk=export, account=by.who, unit_id=by.place).first()
    if row is None:
        raise Absent
    return row


@transaction.atomic
def take_export() -> Export | None:
    """The next export to write: the longest waiting, or one whose writer fell silent, which begins anew."""
    silent = Q(state=ExportState.RUNNING.value) & Q(touched_at__lt=clock.now() - SILENT)
    waiting = Export.objects.filter(Q(state=ExportState.WAITING.value) | silent)
    row = waiting.select_for_update(skip_locked=True).order_by("asked_at", "id").first()
    if row is None:
        return None
    row.state, row.done, row.touched_at = ExportState.RUNNING.value, 0, clock.now()
    row.save(update_fields=["state", "done", "touched_at"])
    return row


def note_progress(*, export: Export, done: int) -> bool:
    """Say how far it is; False when it was stopped meanwhile."""
    going = Export.objects.filter(pk=export.pk, state=ExportState.RUNNING.value)
    return bool(going.update(done=done, touched_at=clock.now()))


@transaction.atomic
def finish_export(
    *, export: Export, made: documents.Making, done: int, by: Actor, media_type: MediaType = MediaType.WORKBOOK
) -> bool:
    """Keep the workbook or bundle and tell who asked; False when it was stopped meanwhile: it is thrown away."""
    row = _running(export)
    if row is None:
        made.abandon()
        return False
    row.file = made.keep(media_type=media_type, name=row.name, purpose="export", by=by)
    row.state, row.done, row.ended_at = ExportState.READY.value, done, clock.now()
    row.save(update_fields=["file", "state", "done", "ended_at"])
    _tell(row, f"「{row.name}」导出完成", f"共 {done} 件，{KEPT_DAYS} 天内可以下载。")
    return True


@transaction.atomic
def fail_export(*, export: Export, say: str) -> None:
    """Give it up with the reason, and tell who asked."""
    row = _running(export)
    if row is not None:
        row.state, row.say, row.ended_at = ExportState.FAILED.value, say[:200], clock.now()
        row.save(update_fields=["state", "say", "ended_at"])
        _tell(row, f"「{row.name}」没有导出", say)


def _running(export: Export) -> Export | None:
    running = Export.objects.select_for_update().filter(pk=export.pk, state=ExportState.RUNNING.value)
    return running.first()


def _tell(row: Export, title: str, body: str) -> None:
    link = f"/{row.site}/work/exports/"
    notices.tell(
        row.account, kind="export", key=f"export/{row.pk}/{row.state}", title=title, body=body, link=link,
        channels=("inbox",),
    )  # fmt: skip


@transaction.atomic
def clear_exports() -> int:
    """Remove what ended some days ago, with its files; how many."""
    over = Export.objects.filter(ended_at__lt=clock.now() - timedelta(days=KEPT_DAYS)).select_related("file")
    rows = list(over.order_by("ended_at")[:200])
    Export.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        if row.file is not None:
            documents.discard(row.file)
    return len(rows)
