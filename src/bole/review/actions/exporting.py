"""Exports in the background, lists and bundles: asked for, written in slices, stopped, fetched, cleared away.

Imports are asked for and taken in `taking`; they are stopped, told, fetched and cleared away here, as exports are.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bole.audit import actions as audit
from bole.documents import actions as documents
from bole.documents.models import StoredFile
from bole.documents.terms import MediaType, RowsTaken
from bole.kernel import clock
from bole.kernel.actors import Actor, Way, system
from bole.kernel.errors import Absent, Invalid, Refused, TooMany
from bole.notices import actions as notices
from bole.organizations import queries as organizations
from bole.review.models import Export
from bole.review.terms import AuditWord, ExportState

MOST_EXPORTED = 100_000  # rows of one export
MOST_AT_A_TIME = 3  # exports and imports of one account that have not ended
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
    refuse_more(by)
    row: Export = Export.objects.create(
        account=by.who, site=by.site, unit_id=by.place, way=by.way.value, list=list, name=name[:200], total=total,
        asked={"who": by.name, **asked}, state=ExportState.WAITING.value, asked_at=clock.now(),
    )  # fmt: skip
    return row


def refuse_more(by: Actor) -> None:
    """Raises TooMany for an account that has as many exports and imports on their way as it may."""
    if Export.objects.filter(account=by.who, state__in=_GOING).count() >= MOST_AT_A_TIME:
        raise TooMany(f"您已有{MOST_AT_A_TIME}份导出或导入正在进行。请等其中一份完成，或在「导入导出」里停止不需要的。")


@transaction.atomic
def stop_export(*, export: UUID, by: Actor) -> Export:
    """Stop one of the actor's own exports, whose file is thrown away, or imports, whose rows taken so far stay. Twice
    is once. Raises Absent, Refused."""
    row = _own(export, by)
    if row.state == ExportState.STOPPED.value:
        return row
    if row.state not in _GOING:
        raise Refused("已经结束，不能停止。")
    taken = taken_so_far(row)
    end(row, ExportState.STOPPED, say=_broken_off(row, taken) if row.is_import else "")
    detail = taken.counts if row.is_import else {}
    audit.record(AuditWord.EXPORT_STOPPED, by=by, kind="export", id=str(row.pk), unit=row.unit_id, detail=detail)
    return row


def taken_so_far(row: Export) -> RowsTaken:
    """What became of the rows of an import that were done already; nothing of an export."""
    done = RowsTaken()
    for each in row.slices.all() if row.is_import else ():
        failures = tuple(tuple(cells) for cells in each.failures)
        done += RowsTaken(each.created, each.updated, each.unchanged, failures)
    return done


def told_of(taken: RowsTaken) -> str:
    """The figures of an import as a sentence."""
    return (
        f"新增 {taken.created} 行，更新 {taken.updated} 行，没有变化 {taken.unchanged} 行，"
        f"没有导入 {len(taken.failures)} 行。"
    )


def _broken_off(row: Export, taken: RowsTaken, barred: bool = False) -> str:
    """What is said of an import that ended before its last row; `barred` to who may not import any more."""
    way_out = "由有权限的人用同一文件再导入一次即可" if barred else "用同一文件再导入一次即可"
    if not row.done:
        return f"一行也没有导入，{way_out}。"
    left = row.total - row.done
    return f"{told_of(taken)}还有 {left} 行没有处理，{way_out}，已导入的行不会重复。"


def end(row: Export, state: ExportState, *, say: str = "") -> None:
    """Write that it is over, inside the caller's transaction. The workbook of an import is forgotten with it."""
    source, row.source = row.source, None
    row.state, row.say, row.ended_at = state.value, say[:200], clock.now()
    row.save(update_fields=["state", "say", "done", "file", "source", "ended_at"])
    if row.is_import:
        row.slices.all().delete()
    if source is not None:
        documents.discard(source)


@transaction.atomic
def fetch_export(*, export: UUID, by: Actor) -> StoredFile:
    """The file of one of the actor's own exports, for the account, unit and way that asked. Raises Absent, Refused."""
    row = _own(export, by)
    if row.file is None:
        raise Refused("还没有完成，或没有文件可以下载，或文件已经过期删除。需要时请重新导出。")
    row.fetched_at = row.fetched_at or clock.now()
    row.save(update_fields=["fetched_at"])
    audit.record(AuditWord.EXPORT_FETCHED, by=by, kind="export", id=str(row.pk), unit=row.unit_id)
    return row.file


def _own(export: UUID, by: Actor) -> Export:
    mine = Export.objects.select_for_update(of=("self",)).select_related("file")
    row = mine.filter(pk=export, account=by.who, unit_id=by.place, way=by.way.value).first()
    if row is None:
        raise Absent
    return row


@transaction.atomic
def take_export(*, imports: bool = False) -> Export | None:
    """The next export to write: the longest waiting, or one whose writer fell silent, which begins anew. With
    `imports` the next import, which goes on after the rows that are done."""
    silent = Q(state=ExportState.RUNNING.value) & Q(touched_at__lt=clock.now() - SILENT)
    waiting = Export.objects.filter(Q(state=ExportState.WAITING.value) | silent, is_import=imports)
    row = waiting.select_for_update(skip_locked=True).order_by("asked_at", "id").first()
    if row is None:
        return None
    row.state, row.done, row.touched_at = ExportState.RUNNING.value, row.done if imports else 0, clock.now()
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
    row = running(export)
    if row is None:
        made.abandon()
        return False
    row.file = made.keep(media_type=media_type, name=row.name, purpose="export", by=by)
    row.done = done
    end(row, ExportState.READY)
    tell(row, f"「{row.name}」导出完成", f"共 {done} 件，{KEPT_DAYS} 天内可以下载。")
    return True


@transaction.atomic
def fail_export(*, export: Export, say: str, barred: bool = False) -> None:
    """Give it up with the reason, and tell who asked; `barred`: who may not go on with it any more."""
    row = running(export)
    if row is not None:
        _fail(row, say, barred)


def _fail(row: Export, say: str, barred: bool = False) -> None:
    title = f"「{row.name}」没有导出"
    if row.is_import:
        taken = taken_so_far(row)
        say, title = say + _broken_off(row, taken, barred), f"「{row.name}」没有完成"
        audit.record(
            AuditWord.IMPORT_FAILED, by=system("review"), kind="export", id=str(row.pk), unit=row.unit_id,
            detail=taken.counts,
        )  # fmt: skip
    end(row, ExportState.FAILED, say=say)
    tell(row, title, say)


@transaction.atomic
def cancel_exports(*, account: UUID, unit: UUID) -> int:
    """Give up what the account has on its way for the unit in a way in which it does not act there any more, and forget
    the files that it could have fetched (AC-14); how many. Once more, there is nothing left.

    Tidying only: each slice and each download asks for the right itself.
    """
    held = {each.way.value for each in organizations.capacities(account) if each.unit == unit}
    mine = Export.objects.filter(Q(state__in=_GOING) | Q(file__isnull=False), account=account, unit_id=unit)
    rows = list(mine.exclude(way__in={*held, Way.UNIT_ACCOUNT.value}).select_for_update(of=("self",)).order_by("id"))
    for row in rows:
        if row.state in _GOING:
            _fail(row, "您在这个单位已没有权限，没有完成。", barred=True)
        elif row.file is not None:
            file, row.file = row.file, None
            row.save(update_fields=["file"])
            documents.discard(file)
        audit.record(
            AuditWord.EXPORT_CANCELLED, by=system("review"), kind="export", id=str(row.pk), unit=unit,
            detail={"account": str(account)},
        )  # fmt: skip
    return len(rows)


def running(export: Export) -> Export | None:
    """It, held until the transaction ends; None when it was stopped meanwhile."""
    rows = Export.objects.select_for_update().filter(pk=export.pk, state=ExportState.RUNNING.value)
    return rows.first()


def tell(row: Export, title: str, body: str) -> None:
    """Tell who asked."""
    link = f"/{row.site}/work/exports/"
    notices.tell(
        row.account, kind="export", key=f"export/{row.pk}/{row.state}", title=title, body=body, link=link,
        channels=("inbox",),
    )  # fmt: skip


@transaction.atomic
def clear_exports() -> int:
    """Remove what ended some days ago, with its files; how many. An import that nobody took up for as long is given
    up: what was uploaded holds identity numbers."""
    left = Export.objects.filter(is_import=True, state__in=_GOING, asked_at__lt=clock.now() - timedelta(days=KEPT_DAYS))
    for row in left.select_for_update(skip_locked=True).order_by("asked_at")[:200]:
        _fail(row, f"{KEPT_DAYS} 天内没有导入完。")
    over = Export.objects.filter(ended_at__lt=clock.now() - timedelta(days=KEPT_DAYS)).select_related("file")
    rows = list(over.order_by("ended_at")[:200])
    Export.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        if row.file is not None:
            documents.discard(row.file)
    return len(rows)
