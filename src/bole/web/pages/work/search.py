"""「业务查询」: any case that the unit may see, wherever it lies, found by what is known of it (JL-12)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions import queries as definitions
from bole.definitions.terms import Service
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid, Refused
from bole.organizations.terms import Capacity, Role
from bole.review import queries as review
from bole.web.doors import for_operators
from bole.web.pages import cases as caselist
from bole.web.pages import exports, lists
from bole.web.pages.work.desks import year_of
from bole.web.requests import PageRequest

LIST = "search"
SORT = lists.Sort("changed", "最近变动", ("-changed_at", "id"))
FILTERS = ("name", "number", "case", "unit", "state", "service", "year")
STATES = (
    (Status.IN_REVIEW, "待审核"),
    (Status.RETURNED, "退回修改"),
    (Status.COMPLETED, "审核通过"),
    (Status.TERMINATED, "资格不符，终止审核"),
    (Status.CANCELLED, "已撤销"),
)


def held_for(held: Capacity | None) -> Capacity:
    """What is held, if it reviews. Raises Refused."""
    if held is None or not {Role.REVIEWER, Role.REGISTRAR} & set(held.roles):
        raise Refused("您在当前单位没有审核权限，不能查询业务。需要办理的，请联系上级人社部门授权。")
    return held


@for_operators
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: PageRequest) -> HttpResponse:
    """The form, and, once something is asked, what was found; a posted filter leads to its address."""
    by, held = request.actor, held_for(request.capacity)
    home = reverse("work-search", args=[request.here.code])
    if request.method == "POST":
        typed = lists.Asked("", "", lists.posted_filters(request, FILTERS))
        return redirect(home + typed.address(by))
    asked = lists.read_asked(request, by, tabs=("",), sorts=(SORT,), names=FILTERS)
    services = definitions.catalogue_of(held.site)
    page = lists.key_page(_rows(by, asked.filters), asked, SORT, by) if asked.filters else None
    found = page.rows if page is not None else []
    rows = [
        caselist.case_row(case, url=reverse("review-case", args=[case.site, case.number]), act="查看") for case in found
    ]
    context = {
        "here": "work-search",
        "page": page,
        "rows": rows,
        "typed": asked.filters,
        "tags": [(words, asked.address(by, without=name)) for name, words in _told(asked.filters, services)],
        "services": [(each.service, each.name) for each in services],
        "states": [(state.value, name) for state, name in STATES],
        "home": home,
        "export": reverse("work-search-export", args=[request.here.code]) + asked.address(by),
    }
    return render(request, "web/work/search.html", context)


@for_operators
@require_POST
def export(request: PageRequest) -> HttpResponse:
    """「导出」 of what was found."""
    by, held = request.actor, held_for(request.capacity)
    asked = lists.read_asked(request, by, tabs=("",), sorts=(SORT,), names=FILTERS)
    if not asked.filters:
        raise Invalid.at("export", "请先填写查询条件，再导出查到的申报。")
    kept = {"filters": dict(asked.filters)}
    return exports.answer(request, table_again(by, held, kept), list=LIST, name="业务查询", asked=kept)


def table_again(by: Actor, held: Capacity | None, asked: Mapping[str, Any]) -> exports.Table:
    """What was asked for as a workbook, for who may still see it: identity numbers masked. Raises Refused."""
    held_for(held)
    rows = _rows(by, asked.get("filters", {}))
    full = Case.objects.select_related("person", "unit")

    def read(ids: Sequence[UUID]) -> list[list[str]]:
        found = {case.pk: caselist.case_row(case) for case in full.filter(pk__in=ids)}
        there = [found[id] for id in ids if id in found]
        return [
            [row.number, row.name, row.masked, row.service, row.unit, exports.moment(row.submitted_at), row.state]
            for row in there
        ]

    header = ["受理编号", "姓名", "证件号码", "事项", "所在单位", "提交时间", "状态"]
    return exports.Table(header, rows.order_by(*SORT.keys), read)


def _rows(by: Actor, filters: Mapping[str, str]) -> QuerySet[Case]:
    """Handed-in cases alone: what is still being written is nobody's but the writer's."""
    rows = review.visible_cases(by).filter(site=by.site, round__gt=0)
    for name, text in filters.items():
        match name:
            case "case":
                rows = rows.filter(number__iexact=text)
            case "state":
                rows = rows.filter(status=text)
            case "service":
                rows = rows.filter(service=text)
            case "year" if year_of(filters):
                rows = rows.filter(submitted_at__year=year_of(filters))
    return caselist.narrow(rows, filters, {})


def _told(filters: Mapping[str, str], services: Sequence[Service]) -> list[tuple[str, str]]:
    state = next((name for state, name in STATES if state.value == filters.get("state")), "")
    own = {
        "case": f"受理编号为 {filters.get('case', '')}",
        "state": f"状态为「{state}」" if state else "",
        "service": next((each.name for each in services if each.service == filters.get("service")), ""),
        "year": f"{filters.get('year', '')} 年提交",
    }
    there = {name: own[name] for name in filters if own.get(name)}
    rest = {name: text for name, text in filters.items() if name not in own}
    return [*there.items(), *caselist.told_filters(rest, {})]
