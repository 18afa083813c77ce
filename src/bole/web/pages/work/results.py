"""「评审结果」: the list for who enters and publishes results, and, once published, for units; its workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bole.cases import queries as cases
from bole.definitions import queries as definitions
from bole.definitions.terms import Service
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused
from bole.kernel.privacy import mask_number
from bole.organizations.terms import Capacity
from bole.review import queries as review
from bole.review.models import Outcome
from bole.review.terms import Result
from bole.web.doors import for_units
from bole.web.pages import cases as caselist
from bole.web.pages import exports, lists
from bole.web.requests import PageRequest
from bole.web.states import ENDED

KEY, TITLE = "results", "评审结果"
FILTERS = ("name", "number", "unit", "applied", "state", "awarded", "year", "stage")
SORTS = (
    lists.Sort("sent", "申报日期", ("-case__submitted_at", "id")),
    lists.Sort("name", "姓名", ("spelt", "id")),
)


@dataclass(frozen=True)
class Place:
    """The list as one visitor asks for it: of which service, whether as its keeper, with which filters."""

    by: Actor
    held: Capacity
    services: tuple[Service, ...]
    service: Service
    asked: lists.Asked

    @cached_property
    def keeps(self) -> bool:
        """Whether the visitor enters and publishes these results."""
        return review.keeps_results(self.service, self.held)

    @property
    def name(self) -> str:
        """What the result is called: 评定."""
        return self.service.results.name if self.service.results is not None else ""

    @property
    def sort(self) -> lists.Sort:
        """The order asked for."""
        return next(sort for sort in SORTS if sort.code == self.asked.sort)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """What the list shows of a case beside the grade applied for, which has a column of its own."""
        applied = self.service.results.applied if self.service.results is not None else None
        return tuple(column for column in definitions.listed_columns(self.service) if column != applied)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The words of the manual, with what this service calls its result."""
        return {
            "applied": f"申请{self.name}级别",
            "state": f"{self.name}状态",
            "awarded": f"评审后{self.name}级别",
            "decided_on": f"{self.name}日期",
        }

    @cached_property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What the filters offer."""
        return {
            "applied": [(entry.code, entry.name) for entry in review.applied_grades(self.service)],
            "awarded": [(entry.code, entry.name) for entry in review.grades(self.service)],
            "state": [(each.value, review.state_word(self.service, each)) for each in review.states_of(self.service)],
        }


def place_of(request: PageRequest) -> Place:
    """Raises Refused for who neither keeps nor may look at the results of any service."""
    held = request.capacity
    services = review.result_services(request.here.code, held)
    if held is None or not services:
        raise Refused("您在当前单位没有可以查看的评审结果。需要查看的，请联系本单位管理员或上级人社部门授权。")
    asked = lists.read_asked(
        request, request.actor, tabs=tuple(each.service for each in services), sorts=SORTS, names=FILTERS
    )
    service = next(each for each in services if each.service == asked.tab)
    return Place(request.actor, held, services, service, asked)


def rows_of(place: Place) -> QuerySet[Outcome]:
    """The results that every filter fits."""
    asked = place.asked.filters
    rows = caselist.narrow(review.outcomes(place.by, place.held, place.service), asked, {}, "case__")
    if "applied" in asked:
        rows = rows.filter(applied=asked["applied"])
    if "state" in asked:
        rows = rows.filter(Q(("shown", asked["state"])))
    if "awarded" in asked:
        rows = rows.filter(Q(("graded", asked["awarded"])))
    if asked.get("year", "").isdecimal():
        rows = rows.filter(year=int(asked["year"]) % 10_000)
    if place.keeps and asked.get("stage") == "entered":
        rows = rows.filter(review.to_publish(place.held.unit))
    return rows.annotate(spelt=Coalesce("case__person__pinyin", Value("")))


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: PageRequest) -> HttpResponse:
    """The list; a posted filter leads to its address."""
    place = place_of(request)
    by, asked = place.by, place.asked
    if request.method == "POST":
        typed = lists.Asked(asked.tab, asked.sort, lists.posted_filters(request, FILTERS))
        return redirect(reverse(KEY, args=[request.here.code]) + typed.address(by))
    whole = review.outcomes(by, place.held, place.service)
    counts = review.outcome_counts(whole, place.held.unit)
    rows = rows_of(place)
    page = lists.key_page(rows, asked, place.sort, by, total=None if asked.filters else counts["all"])
    known = _visible(page.rows, by)
    return render(
        request,
        "web/work/results.html",
        {
            "here": KEY,
            "place": place,
            "page": page,
            "rows": [_row(place, row, known) for row in page.rows],
            "typed": asked.filters,
            "years": review.outcome_years(whole),
            "tags": [(words, asked.address(by, without=name)) for name, words in _told(place)],
            "tabs": [(each.service, each.name, lists.Asked(each.service, "").address(by)) for each in place.services],
            "tally": _tally(place, counts),
            "waiting": counts["entered"],
            "sorts": {
                sort.code: {
                    "name": sort.name,
                    "address": asked.address(by, sort=sort.code),
                    "on": sort.code == asked.sort,
                    "falls": sort.keys[0].startswith("-"),
                }
                for sort in SORTS
            },
            "home": reverse(KEY, args=[request.here.code]),
            "export": reverse("results-export", args=[request.here.code]) + asked.address(by),
        },
    )


def _visible(rows: list[Outcome], by: Actor) -> frozenset[Any]:
    """The cases of these that the visitor may open."""
    ids = [row.case_id for row in rows]
    return frozenset(review.visible_cases(by).filter(pk__in=ids).values_list("pk", flat=True)) if ids else frozenset()


def _row(place: Place, row: Outcome, known: frozenset[Any]) -> dict[str, Any]:
    case, service = row.case, place.service
    site = place.held.site
    keeps = place.keeps and row.keeper_id == place.held.unit
    waits = keeps and row.published_at is None and row.state != Result.PENDING.value
    state = Result(getattr(row, "shown"))  # noqa: B009  # annotated
    return {
        "number": case.number,
        "name": review.name_of(case),
        "masked": mask_number(case.person.identity_number) if case.person is not None else "",
        "unit": case.unit.name,
        "applied": review.applied_name(service, row.applied),
        "facts": "、".join(text for column in place.columns if (text := caselist.fact(case, column))),
        "submitted_at": case.submitted_at,
        "state": review.state_word(service if state.end is None else cases.service_of(case), state),
        "kind": ENDED if state.end is not None else "",
        "awarded": review.grade_name(service, getattr(row, "graded")),  # noqa: B009  # annotated
        "note": _note(row) if keeps else "",
        "chosen": f"{case.number}:{row.revision}" if waits else "",
        "url": reverse("review-case", args=[site, case.number]) if row.case_id in known else "",
        "entry": reverse("result", args=[site, case.number]) if keeps else "",
        "act": "更正" if row.published_at is not None else "录入" if row.state == Result.PENDING.value else "修改",
    }


def _note(row: Outcome) -> str:
    if row.ended_at is not None:
        return f"{clock.china(row.ended_at):%Y-%m-%d} 失效"
    if row.published_at is not None:
        return f"{clock.china(row.published_at):%Y-%m-%d} 公布"
    return "" if row.state == Result.PENDING.value else "待公布"


def _told(place: Place) -> list[tuple[str, str]]:
    """Active conditions as (filter, words)."""
    asked = place.asked.filters
    own = {"applied", "state", "awarded", "year", "stage"}
    told = caselist.told_filters({name: text for name, text in asked.items() if name not in own}, {})
    told = [(name, words.replace(caselist.FILTER_NAMES["unit"], "推荐单位", 1)) for name, words in told]
    for name, options in place.choices.items():
        if name in asked:
            told.append((name, f"{place.labels[name]}为「{dict(options).get(asked[name], asked[name])}」"))
    if "year" in asked:
        told.append(("year", f"{asked['year']} 年申报"))
    if place.keeps and asked.get("stage") == "entered":
        told.append(("stage", "已录入，待公布"))
    return told


def _tally(place: Place, counts: Mapping[str, int]) -> list[tuple[int, str, str, str]]:
    by, code = place.by, place.service.service

    def address(**filters: str) -> str:
        return lists.Asked(code, "", filters).address(by)

    found = [
        (counts["all"], "件办结", "", address()),
        *((counts[code], f"件{word}", "", address(state=code)) for code, word in place.choices["state"]),
    ]
    if place.keeps:
        found.append((counts["entered"], "件待公布", "zhu" if counts["entered"] else "", address(stage="entered")))
    return found


@for_units
@require_POST
def export(request: PageRequest) -> HttpResponse:
    """「导出」: the list as it is filtered, identity numbers masked, written into the ledger."""
    place = place_of(request)
    kept = {"sort": place.asked.sort, "filters": dict(place.asked.filters)}
    name = f"{TITLE}-{place.service.name}"
    return exports.answer(request, table_of(place), list=KEY, name=name, asked=kept, tab=place.service.service)


def table_again(by: Actor, held: Capacity | None, asked: Mapping[str, Any]) -> exports.Table:
    """The table that somebody asked for before, for who may still see it. Raises Refused."""
    sort = next((sort for sort in SORTS if sort.code == asked.get("sort")), SORTS[0])
    known = lists.Asked(str(asked.get("tab", "")), sort.code, dict(asked.get("filters", {})))
    services = review.result_services(by.site, held)
    service = next((each for each in services if each.service == known.tab), None)
    if held is None or service is None:
        raise Refused("您在这个单位已不能查看这项评审结果，导出没有完成。")
    return table_of(Place(by, held, services, service, known))


def table_of(place: Place) -> exports.Table:
    """The list as it is filtered, as a workbook."""
    applied = place.service.results.applied if place.service.results is not None else None
    columns = {code: name for code, name in caselist.columns_of([place.service]).items() if code != applied}
    labels = place.labels
    header = [
        "受理编号", "姓名", "证件号码", "推荐单位", labels["applied"], *columns.values(), "申报日期",
        labels["state"], labels["awarded"], "文号", labels["decided_on"],
    ]  # fmt: skip
    rows = rows_of(place)

    def read(ids: Sequence[UUID]) -> list[list[str]]:
        found = {row.pk: row for row in rows.filter(pk__in=ids)}
        return [_cells(place, found[id], columns) for id in ids if id in found]

    return exports.Table(header, rows.order_by(*place.sort.keys), read)


def _cells(place: Place, row: Outcome, columns: Mapping[str, str]) -> list[str]:
    public = (place.keeps and row.keeper_id == place.held.unit) or row.published_at is not None
    told = _row(place, row, frozenset())
    return [
        told["number"],
        told["name"],
        told["masked"],
        told["unit"],
        told["applied"],
        *(caselist.fact(row.case, column) for column in columns),
        exports.moment(row.case.submitted_at)[:10],
        told["state"],
        told["awarded"],
        row.document if public else "",
        row.decided_on.isoformat() if public and row.decided_on else "",
    ]
