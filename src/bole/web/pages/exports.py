"""Lists as workbooks: at once while they are short, in the background beyond that (ALL-08)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from bole.audit import actions as audit
from bole.documents import actions as documents
from bole.documents import queries as reading
from bole.documents.actions import SheetStream
from bole.documents.models import StoredFile
from bole.documents.terms import Column, MediaType, Sheet
from bole.kernel import clock
from bole.review import actions as review
from bole.review.terms import AuditWord
from bole.web.flash import say
from bole.web.requests import PageRequest

Download = TypeVar("Download", bound=HttpResponseBase)
AT_ONCE = 1000  # rows that a download waits for; longer lists are written in the background


@dataclass(frozen=True)
class Table:
    """A list to export: its heads, its rows in order, and how some of them, by their keys, become cells."""

    header: Sequence[str]
    rows: QuerySet[Any]
    read: Callable[[Sequence[UUID]], Sequence[Sequence[str]]]
    slice: int = 500  # rows between two looks at the clock, for who writes it in the background

    def count(self) -> int:
        """How many rows, no further than one past the most that are exported."""
        return self.rows.order_by()[: review.MOST_EXPORTED + 1].count()

    def keys(self) -> list[UUID]:
        """The rows' keys in order: what was there when it was asked, whoever comes and goes meanwhile."""
        return list(self.rows.values_list("pk", flat=True)[: review.MOST_EXPORTED])

    def stream(self, name: str, into: documents.Making) -> SheetStream:
        """What the rows are written to."""
        return SheetStream(into, [Column(head, 20) for head in self.header], name=name)

    def closing(self) -> Sequence[Sequence[str]]:
        """What comes after the last row."""
        return ()


def answer(
    request: PageRequest, table: Table, *, list: str, name: str, asked: Mapping[str, Any], tab: str = ""
) -> HttpResponse:
    """「导出」: the workbook, or, for a long list, the way to where it is being written. Both leave their line.

    `list` names it in bole.web.tasks, which asks for the table again from `asked`. Raises Invalid, TooMany.
    """
    total = table.count()
    if total > AT_ONCE:
        review.ask_export(list=list, name=name, asked={**asked, "tab": tab}, total=total, by=request.actor)
    audit.record(
        AuditWord.EXPORTED, by=request.actor, kind="list", id=f"{list}/{tab}" if tab else list,
        unit=request.actor.unit, detail={"rows": total, "filters": sorted(asked.get("filters", ()))},
    )  # fmt: skip
    if total > AT_ONCE:
        say(request, f"正在导出 {total} 件，完成后在这里和消息里都能下载。")
        return redirect("work-exports", request.here.code)
    return workbook(name, table.header, table.read(table.keys()))


def workbook(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> HttpResponse:
    """A download of the rows; formulas in what people typed are text (AC-06)."""
    return file(name, documents.write_sheet([Column(head, 20) for head in header], rows, name=name[:31]))


def workbooks(name: str, sheets: Iterable[tuple[str, Sequence[str], Sequence[Sequence[str]]]]) -> HttpResponse:
    """A download of several lists, a sheet each, as (name, header, rows)."""
    pages = [Sheet(title[:31], [Column(head, 20) for head in header], rows) for title, header, rows in sheets]
    return file(name, documents.write_workbook(pages))


def file(name: str, body: bytes, media_type: MediaType = MediaType.WORKBOOK) -> HttpResponse:
    """A download of a workbook or bundle that is ready, under its name and the day."""
    return _named(HttpResponse(body), name, media_type)


def kept(file: StoredFile) -> StreamingHttpResponse:
    """A download of a workbook or bundle that was kept, sent piece by piece: no more than one is in memory."""
    media_type = MediaType(file.media_type)
    answer = StreamingHttpResponse(reading.pieces(file), headers={"Content-Length": str(file.size)})
    return _named(answer, str(file.name).removesuffix(media_type.suffix), media_type)


def _named(answer: Download, name: str, media_type: MediaType) -> Download:
    answer["Content-Type"] = media_type.value
    file = f"{name}-{clock.today():%Y%m%d}{media_type.suffix}"
    plain = f"list{media_type.suffix}"
    answer["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file)}"
    answer["Cache-Control"] = "private, no-store"
    return answer


def moment(value: datetime | None) -> str:
    """An instant as a cell shows it."""
    return f"{clock.china(value):%Y-%m-%d %H:%M}" if value else ""
