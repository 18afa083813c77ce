"""The lists of the catalogue: one for each rung of the tree, one of committees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bole.kernel.clock import today
from bole.organizations.terms import MODULE_NAMES, Module
from bole.titles import queries
from bole.titles.models import TitleCommittee, TitleEntry
from bole.titles.terms import CommitteeLevel, Kind, Review, Span
from bole.web.doors import for_operators
from bole.web.pages.staff.forms import Slice, at
from bole.web.requests import PageRequest, page_number

HERE = "titles"
TITLE = MODULE_NAMES[Module.TITLES]
COMMITTEES = "committees"
PAGE = 50


@dataclass(frozen=True)
class Row:
    """A line of a list. `below` leads to what hangs under it."""

    code: str
    name: str
    above: str
    days: str
    state: str
    edit_address: str
    below_address: str = ""
    retire_address: str = ""
    more: Sequence[tuple[str, str]] = ()


@for_operators
@require_safe
def index(request: PageRequest) -> HttpResponse:
    """One rung of the tree, or the committees; narrowed by a search and by what it hangs under."""
    site = request.here.code
    queries.may_keep(request.actor, site).demand()
    tab, text = request.GET.get("tab", Kind.SERIES.value), request.GET.get("q", "").strip()[:60]
    above = _above(site, request.GET.get("below", ""))
    kind = Kind(tab) if tab in set(Kind) else None
    below = above.pk if above is not None else None
    rows: Sequence[Row]
    if kind is not None:
        page = _slice(queries.find_entries(site, kind, text=text, below=below), page_number(request))
        rows = [_row(request, row, kind) for row in page.rows]
    else:
        tab = COMMITTEES
        page = _slice(queries.find_committees(site, text=text, series=below), page_number(request))
        rows = [_committee(request, row) for row in page.rows]
    context: dict[str, Any] = {
        "here": HERE,
        "title": TITLE,
        "tabs": _tabs(request, tab),
        "tab": tab,
        "name": kind.label if kind is not None else "评委会",
        "above": above,
        "text": text,
        "page": page,
        "rows": rows,
        "heads": [name for name, _ in rows[0].more] if rows else [],
        "new_address": _new(request, kind, above),
        "new_name": f"添加{kind.label if kind is not None else '评委会'}",
    }
    return render(request, "web/titles/list.html", context)


def _above(site: str, key: str) -> TitleEntry | None:
    try:
        return queries.entry(site, UUID(key)) if key else None
    except ValueError:
        return None


def _slice(rows: QuerySet[Any], number: int) -> Slice[Any]:
    total = rows.order_by().count()
    number = min(number, max(1, -(-total // PAGE)))
    return Slice(list(rows[(number - 1) * PAGE : number * PAGE]), number, total, PAGE)


def _tabs(request: PageRequest, tab: str) -> list[tuple[str, str, bool]]:
    """Every list with its address and whether it is the present one."""
    known = [*((kind.value, kind.label) for kind in Kind), (COMMITTEES, "评委会")]
    return [(at(request, "titles", tab=key), name, key == tab) for key, name in known]


def _new(request: PageRequest, kind: Kind | None, above: TitleEntry | None) -> str:
    """Where one is added: right under the line that the list is narrowed to, else the form asks under which."""
    if kind is None:
        return at(request, "committee-new")
    fits = above is not None and kind.above is not None and above.kind == kind.above.value
    return at(request, "title-new", kind=kind.value, below=str(above.pk) if above is not None and fits else "")


def state_of(span: Span, filed_until: date | None = None) -> str:
    """The word for the days of a line."""
    day = today()
    if span.until is not None and span.until < day:
        return "已停用"
    if span.since is not None and span.since > day:
        return "未到起始日期"
    return "备案已到期" if filed_until is not None and filed_until < day else "正常"


def days_told(span: Span) -> str:
    """From when to when, as a cell shows it."""
    if span.since is None and span.until is None:
        return "长期"
    return f"{span.since or ''} 至 {span.until or ''}".strip()


def _row(request: PageRequest, row: TitleEntry, kind: Kind) -> Row:
    span, names, at_ = Span(row.since, row.until), [], row.parent
    while at_ is not None:
        names.append(at_.name)
        at_ = at_.parent
    state = state_of(span)
    return Row(
        row.code,
        row.name,
        " › ".join(reversed(names)),
        days_told(span),
        state,
        at(request, "title", row.pk),
        at(request, "titles", tab=kind.below.value, below=str(row.pk)) if kind.below is not None else "",
        at(request, "title-retire", row.pk) if state != "已停用" else "",
    )


def _committee(request: PageRequest, row: TitleCommittee) -> Row:
    span, year = Span(row.since, row.until), today().year
    state = state_of(span, row.filed_until)
    window = next((each for each in row.windows.all() if each.year == year), None)
    more = (
        ("级别", CommitteeLevel(row.level).label),
        ("评审方式", Review(row.review).label),
        ("备案有效期至", row.filed_until.isoformat()),
        (f"{year}年申报时间", f"{window.opens} 至 {window.closes}" if window else "未公布"),
    )
    return Row(
        row.code,
        row.name,
        f"{row.series.name}　组建单位：{row.founder.name}",
        days_told(span),
        state,
        at(request, "committee", row.pk),
        retire_address=at(request, "committee-retire", row.pk) if state != "已停用" else "",
        more=more,
    )
