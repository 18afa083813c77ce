"""「导入导出」: what is being written and taken in the background, how far it is, stopped and downloaded."""

from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from bole.kernel.actors import Way
from bole.kernel.errors import Absent
from bole.review import actions as review
from bole.review import queries
from bole.review.actions.exporting import KEPT_DAYS
from bole.review.models import Export
from bole.review.terms import ExportState
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages import exports
from bole.web.requests import PageRequest
from bole.web.tasks import IMPORTS, LISTS, actor_of

SHOWN = 50
GOING = frozenset({ExportState.WAITING, ExportState.RUNNING})


@for_units
@require_safe
def page(request: PageRequest) -> HttpResponse:
    """The visitor's own exports and imports for this unit, the newest first; the page asks again while one is on its
    way."""
    rows = [_row(each) for each in queries.exports_of(request.actor)[:SHOWN]]
    context = {
        "here": "review" if request.actor.way is Way.UNIT else "",
        "operator": request.actor.way is Way.UNIT,
        "rows": rows,
        "going": any(row["going"] for row in rows),
        "days": KEPT_DAYS,
    }
    return render(request, "web/work/exports.html", context)


def _row(row: Export) -> dict[str, object]:
    state = ExportState(row.state)
    word = state.import_word if row.is_import else state.word
    file = row.asked.get("file", "") if row.is_import else ""
    return {
        "export": row,
        "name": f"{row.name}：{file}" if file else row.name,
        "state": word,
        "going": state in GOING,
        "ready": row.file is not None,
        "failed": state is ExportState.FAILED,
        "count": "行" if row.is_import else "件",
    }


@for_units
@require_POST
def stop(request: PageRequest, export: UUID) -> HttpResponse:
    """「停止」: what is written so far is thrown away, the rows taken so far stay."""
    row = review.stop_export(export=export, by=request.actor)
    say(request, f"已停止「{row.name}」。{row.say}" if row.is_import else f"已停止导出「{row.name}」。")
    return redirect("work-exports", request.here.code)


@for_units
@require_POST
def fetch(request: PageRequest, export: UUID) -> StreamingHttpResponse:
    """「下载」, written into the ledger; for who may still see the list that it was made of, or import such rows
    (AC-14)."""
    row, held = queries.export_of(export, request.actor), request.capacity
    if held is None:
        raise Absent
    if row.is_import:
        IMPORTS[row.list](actor_of(row))
    else:
        LISTS[row.list](request.actor, held, row.asked)
    return exports.kept(review.fetch_export(export=export, by=request.actor))
