"""Lists as workbooks."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import quote

from django.http import HttpResponse

from bole.documents import actions as documents
from bole.documents.terms import Column, Sheet
from bole.kernel import clock

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> HttpResponse:
    """A download of the rows; formulas in what people typed are text (AC-06)."""
    return _download(name, documents.write_sheet([Column(head, 20) for head in header], rows, name=name[:31]))


def workbooks(name: str, sheets: Iterable[tuple[str, Sequence[str], Sequence[Sequence[str]]]]) -> HttpResponse:
    """A download of several lists, a sheet each, as (name, header, rows)."""
    pages = [Sheet(title[:31], [Column(head, 20) for head in header], rows) for title, header, rows in sheets]
    return _download(name, documents.write_workbook(pages))


def _download(name: str, body: bytes) -> HttpResponse:
    answer = HttpResponse(body, content_type=_XLSX)
    file = f"{name}-{clock.today():%Y%m%d}.xlsx"
    answer["Content-Disposition"] = f"attachment; filename=\"list.xlsx\"; filename*=UTF-8''{quote(file)}"
    answer["Cache-Control"] = "private, no-store"
    return answer


def moment(value: datetime | None) -> str:
    """An instant as a cell shows it."""
    return f"{clock.china(value):%Y-%m-%d %H:%M}" if value else ""
