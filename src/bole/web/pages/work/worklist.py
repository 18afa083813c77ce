"""「业务审核」: what waits at the actor's seats and what was decided there."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bole.audit import actions as audit
from bole.definitions import queries as definitions
from bole.definitions.faces.columns import Lead
from bole.definitions.terms import Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused
from bole.organizations.terms import Role
from bole.review import queries as review
from bole.review.models import Task
from bole.review.terms import AuditWord
from bole.standards import queries as standards
from bole.standards.terms import CalendarUnknown
from bole.web.doors import for_units
from bole.web.pages import cases as caselist
from bole.web.pages import exports, lists
from bole.web.requests import PageRequest

FILTERS = ("name", "number", "unit", "category", "gap", "due")
TABS = {"waiting": "待审核", "done": "已办"}
SORTS = {
    "waiting": (
        lists.Sort("due", "办理时限", ("due", "opened_at", "id")),
        lists.Sort("sent", "提交时间", ("case__submitted_at", "id")),
        lists.Sort("name", "姓名", ("spelt", "id")),
    ),
    "done": (
        lists.Sort("decided", "办理时间", ("-closed_at", "id")),
        lists.Sort("sent", "提交时间", ("case__submitted_at", "id")),
        lists.Sort("name", "姓名", ("spelt", "id")),
    ),
}


def _seated(request: PageRequest) -> None:
    roles = request.capacity.roles if request.capacity else ()
    if not {Role.REVIEWER, Role.COLLECTION_ADMINISTRATOR} & set(roles):
        raise Refused("您在当前单位没有「审核员」权限，不能办理这项业务。需要办理的，请联系上级人社部门授权。")


def _asked(request: PageRequest) -> lists.Asked:
    tab = "done" if request.GET.get("tab") == "done" else "waiting"
    return lists.read_asked(request, request.actor, tabs=(tab,), sorts=SORTS[tab], names=FILTERS)


def _sort(asked: lists.Asked) -> lists.Sort:
    return next(sort for sort in SORTS[asked.tab] if sort.code == asked.sort)


def _rows(request: PageRequest, asked: lists.Asked, lead: Lead) -> QuerySet[Task]:
    by, held = request.actor, request.capacity  # the door has asked for it at this very request
    rows = review.inbox(by, held) if asked.tab == "waiting" else review.done_tasks(by, held)
    rows = caselist.narrow(rows, asked.filters, lead, "case__")
    if "due" in asked.filters:
        rows = rows.filter(due_on__lte=soon())
    return rows.annotate(spelt=Coalesce("case__person__pinyin", Value("")))


def soon() -> date:
    """The day up to which a deadline counts as near."""
    try:
        return standards.working_days_after(clock.today(), caselist.PRESSING)
    except CalendarUnknown:
        return clock.today()


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def work(request: PageRequest) -> HttpResponse:
    """The list. Who only keeps a unit's collection works on the unit's own page."""
    _seated(request)
    by, asked = request.actor, _asked(request)
    if request.capacity is None or Role.REVIEWER not in request.capacity.roles:
        return redirect("unit-collection", request.here.code)
    if request.method == "POST":
        typed = lists.Asked(asked.tab, asked.sort, lists.posted_filters(request, FILTERS))
        return redirect(reverse("review", args=[request.here.code]) + typed.address(by))
    today = clock.today()
    counts = review.inbox_counts(by, today, request.capacity)
    total = None if asked.filters else counts[asked.tab]
    services = definitions.catalogue_of(request.here.code)
    lead = caselist.lead_of(services)
    page = lists.key_page(_rows(request, asked, lead), asked, _sort(asked), by, total=total)
    return render(
        request,
        "web/work/list.html",
        {
            "here": "review",
            "page": page,
            "rows": [_row(task, today) for task in page.rows],
            "tab": asked.tab,
            "tab_name": TABS[asked.tab],
            "typed": asked.filters,
            "tags": [
                (words, asked.address(by, without=name)) for name, words in caselist.told_filters(asked.filters, lead)
            ],
            "lead": lead,
            "several": len(services) > 1,
            "sorts": {
                sort.code: {
                    "name": sort.name,
                    "address": asked.address(by, sort=sort.code),
                    "on": sort.code == asked.sort,
                }
                for sort in SORTS[asked.tab]
            },
            "export": asked.address(by),
            **_counted(by, asked, counts),
        },
    )


def _counted(by: Actor, asked: lists.Asked, counts: Mapping[str, int]) -> dict[str, Any]:
    said = {name: lists.told(count) for name, count in counts.items()}
    plain = lists.Asked("", "")
    near = lists.Asked("waiting", "due", {"due": "soon"})
    return {
        "tabs": [
            (code, name, said[code], lists.Asked(code, "", asked.filters).address(by)) for code, name in TABS.items()
        ],
        "tally": [
            (said["waiting"], "件待审核", "", plain.address(by, tab="waiting")),
            (said["pressing"], "件今天到期或超期", "zhu" if counts["pressing"] else "", near.address(by)),
            (said["today"], "件今日办结", "", plain.address(by, tab="done")),
            (said["done"], "件总办结", "", plain.address(by, tab="done")),
        ],
    }


def _row(task: Task, today: date) -> dict[str, Any]:
    """A task as the list shows it: its case, its age and what is left of its time, or how it was decided."""
    opened = clock.china(task.opened_at).date()
    case = task.case
    row = caselist.case_row(
        case,
        url=reverse("review-case", args=[case.site, case.number]),
        act="审核" if task.closed_at is None else "查看",
        waiting=caselist.days_between(opened, today),
        deadline=caselist.deadline(task.due_on, today) if task.closed_at is None else None,
    )
    return {
        "case": row,
        "begun_by": task.begun_name,
        "closed_at": task.closed_at,
        "verdict": Verdict(task.verdict).word if task.verdict else "",
    }


@for_units
@require_POST
def export(request: PageRequest) -> HttpResponse:
    """「导出」: the list as it is filtered, identity numbers masked, written into the ledger."""
    _seated(request)
    by, asked = request.actor, _asked(request)
    services = definitions.catalogue_of(request.here.code)
    lead, columns = caselist.lead_of(services), caselist.columns_of(services)
    rows = list(_rows(request, asked, lead).order_by(*_sort(asked).keys)[: lists.EXPORT_MOST])
    audit.record(AuditWord.EXPORTED, by=by, kind="list", id=f"work/{asked.tab}", unit=by.unit,
                 detail={"rows": len(rows), "filters": sorted(asked.filters)})  # fmt: skip
    header = [
        "受理编号", "姓名", "证件号码", "所在单位", *columns.values(), "附件", "提交时间", "办理时限", "办理结果",
    ]  # fmt: skip
    return exports.workbook(f"业务审核-{TABS[asked.tab]}", header, [_cells(task, columns) for task in rows])


def _cells(task: Task, columns: Iterable[str]) -> list[str]:
    row = caselist.case_row(task.case)
    return [
        row.number,
        row.name,
        row.masked,
        row.unit,
        *(caselist.fact(task.case, column) for column in columns),
        "有说明代替材料" if row.has_gaps else "齐全",
        exports.moment(row.submitted_at),
        task.due_on.isoformat() if task.due_on else "",
        Verdict(task.verdict).word if task.verdict else "",
    ]
