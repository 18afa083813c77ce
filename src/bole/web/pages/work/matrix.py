"""「业务审核」: services against what waits, what is done; every number opens exactly that many rows (JL-05)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bole.kernel import clock
from bole.organizations.terms import Role
from bole.review import queries as review
from bole.review.queries import Counts, MatrixRow
from bole.web.doors import for_units
from bole.web.pages import lists
from bole.web.pages.work.desks import BUSINESS, held_for, soon
from bole.web.requests import PageRequest

ALL_YEARS = "all"
# Tab of the list, the manual's word in the table, its word on top, colour there and in the table.
COLUMNS = (
    ("waiting", "待审核", "审核", "stat--todo", "n--todo"),
    ("cleared", "待送审", "送审", "stat--send", "n--send"),
    ("returned", "已退回", "已退回", "", ""),
    ("today", "今日办结", "今日办结", "", ""),
    ("done", "总办结", "全部办结", "", ""),
)


@for_units
@require_safe
def matrix(request: PageRequest) -> HttpResponse:
    """The matrix of one year of declaration, or of all. Who only keeps a unit's collection goes to its page."""
    by, held = request.actor, request.capacity
    if held is not None and not BUSINESS.opened_by & set(held.roles) and Role.COLLECTION_ADMINISTRATOR in held.roles:
        return redirect("unit-collection", request.here.code)
    held, today = held_for(held, BUSINESS), clock.today()
    year = _year(request, today.year)
    found = review.matrix(by, held, year, today)
    near = review.inbox_counts(by, soon(), held, counters=("pressing",))["pressing"]
    home = reverse(BUSINESS.key, args=[request.here.code])

    def link(tab: str, service: str = "") -> str:
        filters = {"service": service} if service else {}
        return home + lists.Asked(tab, "", filters | ({"year": str(year)} if year else {})).address(by)

    return render(
        request,
        "web/work/matrix.html",
        {
            "here": BUSINESS.key,
            "year": str(year) if year else ALL_YEARS,
            "years": _years(found.years, today.year, year),
            "elsewhere": _elsewhere(found.years, year),
            "near": near,
            "near_address": home + lists.Asked("waiting", "due", {"due": "soon"}).address(by),
            "every": (found.total.every, link("all")),
            "totals": [(word, getattr(found.total, code), colour, link(code)) for code, _, word, colour, _ in COLUMNS],
            "rows": _rows(found.rows, link),
            "columns": [name for _, name, _, _, _ in COLUMNS],
        },
    )


def _rows(rows: Sequence[MatrixRow], link: Callable[[str, str], str]) -> list[dict[str, Any]]:
    """The rows with their cells as (name, count, colour, address); `span` on the first one of each category."""
    many = Counter(row.category for row in rows)
    return [
        {
            "name": row.name,
            "category": row.category,
            "span": many.pop(row.category, 0),
            "cells": [
                (name, getattr(row.counts, code), colour, link(code, row.service))
                for code, name, _, _, colour in COLUMNS
            ],
        }
        for row in rows
    ]


def _year(request: PageRequest, present: int) -> int:
    """The year asked for; 0 for all of them."""
    text = request.GET.get("year", "")
    if text == ALL_YEARS:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else present


def _years(found: Mapping[int, Counts], present: int, asked: int) -> list[str]:
    """What can be chosen: this year, and every other one that there is something of."""
    return [str(year) for year in sorted({present, *found, asked} - {0}, reverse=True)]


def _elsewhere(found: Mapping[int, Counts], asked: int) -> int:
    """How many wait that were declared in other years: nothing is forgotten at the turn of the year."""
    return sum(counts.waiting + counts.cleared for year, counts in found.items() if asked and year != asked)
