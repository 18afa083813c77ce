"""The unit's home: counters, lists by state, filters, export."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bole.audit import actions as audit
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import EDITABLE, Status
from bole.definitions.terms import Opener
from bole.kernel.actors import Actor
from bole.organizations.terms import Role
from bole.review import queries as review
from bole.review.models import OpeningRequest
from bole.review.terms import AuditWord
from bole.standards import queries as standards
from bole.web.doors import for_units
from bole.web.pages import cases as caselist
from bole.web.pages import exports, lists
from bole.web.pages.unit.place import UnitPlace, desks_for, unit_place
from bole.web.requests import PageRequest

_MOST_OPENINGS = 20
FILTERS = ("who",)
SORTS = (
    lists.Sort("changed", "最近变动", ("-changed_at", "id")),
    lists.Sort("sent", "提交时间", ("-sent", "id")),
    lists.Sort("name", "姓名", ("spelt", "id")),
)


@dataclass(frozen=True)
class Tab:
    """One list of the unit, with the name of its counter."""

    code: str
    name: str
    count: int = 0


TABS = (
    Tab("confirming", "待单位确认"),
    Tab("unsent", "未上报"),
    Tab("reviewing", "待审核"),
    Tab("failed", "审核不通过"),
    Tab("passed", "审核通过"),
)


def _narrowing(tab: str, unit: object) -> Q:
    match tab:
        case "unsent":
            return Q(status=Status.DRAFT, opener=Opener.UNIT)
        case "confirming":
            return Q(status=Status.IN_REVIEW, seat_unit_id=unit)
        case "reviewing":
            return Q(status=Status.IN_REVIEW) & ~Q(seat_unit_id=unit)
        case "failed":
            return Q(status__in=(Status.RETURNED, Status.TERMINATED))
        case _:
            return Q(status=Status.COMPLETED)


def _collected(by: Actor) -> QuerySet[Case]:
    """What the unit collects for its people, without its own affairs."""
    return cases.cases_of(by).filter(person__isnull=False, filed_by=Role.COLLECTION_ADMINISTRATOR)


def _rows(mine: QuerySet[Case], place: UnitPlace, asked: lists.Asked) -> QuerySet[Case]:
    rows = mine.filter(_narrowing(asked.tab, place.unit.pk))
    narrowing = place.columns.narrowing
    rows = caselist.narrow(rows, asked.filters, narrowing)
    if asked.sort in narrowing:
        rows = rows.annotate(placed=caselist.placed(narrowing[asked.sort]))
    return rows.annotate(sent=Coalesce("submitted_at", F("changed_at")), spelt=Coalesce("person__pinyin", Value("")))


def _asked(request: PageRequest, place: UnitPlace) -> lists.Asked:
    tabs = [tab.code for tab in TABS]
    names = caselist.filters_of(place.services, FILTERS)
    return lists.read_asked(request, request.actor, tabs=tabs, sorts=_sorts(place), names=names)


def _sorts(place: UnitPlace) -> tuple[lists.Sort, ...]:
    return (*SORTS, *place.columns.sorts())


def _sort(place: UnitPlace, asked: lists.Asked) -> lists.Sort:
    return next(sort for sort in _sorts(place) if sort.code == asked.sort)


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: PageRequest) -> HttpResponse:
    """「宁夏高层次人才信息采集表」: the counters and the lists by state; a posted filter leads to its address."""
    place, by = unit_place(request), request.actor
    asked = _asked(request, place)
    if request.method == "POST":
        names = caselist.filters_of(place.services, FILTERS)
        typed = lists.Asked(asked.tab, asked.sort, lists.posted_filters(request, names))
        return redirect(reverse("unit-collection", args=[request.here.code]) + typed.address(by))
    if place.unit.described_at is None:
        return redirect("unit-profile", request.here.code)
    sort, shown = _sort(place, asked), place.columns
    mine = _collected(by)
    page = lists.key_page(_rows(mine, place, asked), asked, sort, by)
    rows = [_row(case, asked.tab) for case in page.rows]
    if asked.tab == "failed":
        rows = _with_reasons(page.rows, asked.tab)
    return render(
        request,
        "web/unit/home.html",
        {
            "here": "unit-collection",
            "place": place,
            "page": page,
            "rows": rows,
            "tab": next(tab for tab in TABS if tab.code == asked.tab),
            "desks": desks_for(place.services, request.here.code, place.unit.region),
            "region_name": standards.region(place.unit.region).full_name,
            "lead": shown.lead,
            "narrowing": shown.offered(asked.filters),
            "openings": _openings(request),
            "typed": asked.filters,
            "tags": [
                (words, asked.address(by, without=name))
                for name, words in caselist.told_filters(asked.filters, shown.narrowing)
            ],
            "sorts": [(each, asked.address(by, sort=each.code), each.code == asked.sort) for each in _sorts(place)],
            "export": asked.address(by),
            **tally(by, place, asked, mine),
        },
    )


def _openings(request: PageRequest) -> list[tuple[str, OpeningRequest, str]]:
    """Who asks for more to be opened of what the unit returned, and where it is answered; some, the longest first."""
    asked = review.openings_for(request.actor, request.capacity, review.BUSINESS)[:_MOST_OPENINGS]
    return [
        (review.name_of(each.case), each, reverse("review-case", args=[each.case.site, each.case.number]))
        for each in asked
    ]


def tally(
    by: Actor, place: UnitPlace, asked: lists.Asked | None = None, mine: QuerySet[Case] | None = None
) -> dict[str, Any]:
    """「N人待审核」「N人审核不通过」「N人审核通过」 and the tabs, each a link to its list."""
    counts = review.unit_counts(place.unit.pk, _collected(by) if mine is None else mine)
    plain = lists.Asked("", "")
    return {
        "counts": counts,
        "tabs": [
            (Tab(tab.code, tab.name, counts[tab.code]), (asked or plain).address(by, tab=tab.code)) for tab in TABS
        ],
        "tally": [
            (counts[code], f"人{name}", colour, plain.address(by, tab=code))
            for code, name, colour in (
                ("reviewing", "待审核", ""), ("failed", "审核不通过", "zhu"), ("passed", "审核通过", "yu")
            )
        ],
    }  # fmt: skip


def _row(case: Case, tab: str, reason: str = "") -> caselist.CaseRow:
    fill = case.opener == Opener.UNIT and case.status in EDITABLE
    act = "填报" if tab == "unsent" else "核对" if tab == "confirming" else "修改" if fill else "查看"
    url = reverse("case" if fill else "review-case", args=[case.site, case.number])
    return caselist.case_row(case, url=url, act=act, reason=reason)


def _with_reasons(rows: list[Case], tab: str) -> list[caselist.CaseRow]:
    """Why each was returned, beside its state; one query."""
    reasons = review.latest_opinions(case.id for case in rows)
    return [_row(case, tab, reasons.get(case.id, "")) for case in rows]


@for_units
@require_POST
def export(request: PageRequest) -> HttpResponse:
    """「导出」: the list as it is filtered, identity numbers masked, written into the ledger."""
    place, by = unit_place(request), request.actor
    asked = _asked(request, place)
    rows = list(_rows(_collected(by), place, asked).order_by(*_sort(place, asked).keys)[: lists.EXPORT_MOST])
    name = next(tab.name for tab in TABS if tab.code == asked.tab)
    audit.record(AuditWord.EXPORTED, by=by, kind="list", id=f"unit/{asked.tab}", unit=place.unit.pk,
                 detail={"rows": len(rows), "filters": sorted(asked.filters)})  # fmt: skip
    columns = caselist.columns_of(place.services)
    header = ["受理编号", "姓名", "证件号码", *columns.values(), "填报", "状态", "提交时间"]
    return exports.workbook(f"{place.name}-{name}", header, [_cells(case, columns) for case in rows])


def _cells(case: Case, columns: Iterable[str]) -> list[str]:
    row = caselist.case_row(case)
    facts = [caselist.fact(case, column) for column in columns]
    return [row.number, row.name, row.masked, *facts, row.opener, row.state, exports.moment(row.submitted_at)]
