"""「人员调转」: 人员调出, 人员调入 and 「调转记录」 (HA-13).

The case, its review and its effect are those of any service.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bole.bindings import actions as bindings
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import EDITABLE
from bole.definitions import queries as definitions
from bole.kernel.errors import Fault, Invalid, Refused
from bole.kernel.privacy import mask_number
from bole.organizations import queries as organizations
from bole.organizations.terms import UnitKind
from bole.people import queries
from bole.people.models import Tie
from bole.review import queries as review
from bole.review.models import Task
from bole.web.answers import status_of
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages import lists
from bole.web.pages.cases import case_row
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest, posted_id
from bole.web.shapes import Typed

HERE = "transfers"
TABS = {"in": "人员调入", "out": "人员调出", "records": "调转记录"}
MOST_FOUND = 20
_CHANGED = lists.Sort("changed", "最近变动", ("-changed_at", "id"))
_WAITS = lists.Sort("waits", "提交时间", ("opened_at", "id"))
_MOVED = lists.Sort("moved", "调转日期", ("-since_on", "id"))


@dataclass(frozen=True)
class Row:
    """One transfer: on its way, waiting here, or done."""

    name: str
    masked: str
    other: str
    at: datetime | None
    day: Any
    state: str
    url: str
    act: str


def _demand(request: PageRequest) -> None:
    """Raises Refused for who may not, and where the site has no transfers."""
    queries.may_invite(request.actor, request.actor.unit).demand()
    if not any(each.service == bindings.TRANSFER for each in definitions.catalogue_of(request.here.code)):
        raise Refused(
            "本办事大厅没有「人员调转」。人员变动的，请先由原单位在「申报人员」中删除，再由新单位新增或由本人绑定。"
        )


@require_safe
@for_units
def transfers(request: PageRequest) -> HttpResponse:
    """What waits to be confirmed here, what was sent out, and what was done."""
    _demand(request)
    by = request.actor
    sorts = {"in": _WAITS, "out": _CHANGED, "records": _MOVED}
    asked = lists.read_asked(request, by, tabs=list(TABS), sorts=tuple(sorts.values()), names=())
    sort = sorts[asked.tab]
    coming = review.inbox(by).filter(service=bindings.TRANSFER)
    page: lists.KeyPage[Task] | lists.KeyPage[Case] | lists.KeyPage[Tie]
    if asked.tab == "in":
        page = lists.key_page(coming, asked, sort, by)
        rows = [_coming(task) for task in page.rows]
    elif asked.tab == "out":
        sent = cases.cases_of(by).filter(service=bindings.TRANSFER, unit_id=by.place)
        page = lists.key_page(sent, asked, sort, by)
        rows = [_sent(case) for case in page.rows]
    else:
        page = lists.key_page(queries.moves(by.place), asked, sort, by)
        rows = [_moved(tie, by.place) for tie in page.rows]
    context = {
        "here": HERE,
        "tab": asked.tab,
        "tab_name": TABS[asked.tab],
        "tabs": [(code, name, f"?tab={code}") for code, name in TABS.items()],
        "coming": coming.count(),
        "page": page,
        "rows": rows,
    }
    return render(request, "web/people/transfers.html", context)


def _coming(task: Task) -> Row:
    case = task.case
    row = case_row(case)
    url = reverse("review-case", args=[case.site, case.number])
    return Row(row.name, row.masked, case.unit.name, task.opened_at, None, row.state, url, "确认调转")


def _sent(case: Case) -> Row:
    draft = case.status in EDITABLE
    row = case_row(case)
    url = reverse("case" if draft else "review-case", args=[case.site, case.number])
    return Row(row.name, row.masked, row.lead, case.submitted_at, None, row.state, url, "修改" if draft else "查看")


def _moved(tie: Tie, own: UUID) -> Row:
    into = tie.unit_id == own
    other = tie.came_from if into else tie.unit
    number = mask_number(tie.person.identity_number)
    state = "调入" if into else "调出"
    return Row(tie.person.name, number, other.name if other else "", None, tie.since_on, state, "", "")


@require_http_methods(["GET", "HEAD", "POST"])
@for_units
def new(request: PageRequest) -> HttpResponse:
    """Choose the person, then the target unit, see what becomes of open cases, and send it out."""
    _demand(request)
    typed = Typed.posted(request.POST)
    if request.method != "POST" or typed["do"] in ("who", "where"):
        return _show(request, typed)
    person, to = posted_id(request, "person"), posted_id(request, "to")
    tie = queries.people_of(request.actor.place).filter(person_id=person).first() if person else None
    faults = [Fault("who", "请点「查找」，选择调出人员")] if tie is None else []
    faults += [Fault("where", "请点「查找」，选择调入单位")] if to is None else []
    if tie is None or to is None:
        return _show(request, typed.with_faults(faults), status=422)
    if typed["do"] != "send":
        return _show(request, typed, plan=(tie, to))
    try:
        bindings.send_transfer(person=tie.person_id, to=to, reason=typed["reason"], by=request.actor)
    except Invalid as wrong:
        places = {"target.unit": "where", "target.reason": "reason"}
        told = [Fault(places.get(each.at, ""), each.say) for each in wrong.faults]
        return _show(request, typed.with_faults(told), status=422)
    except Refused as refused:
        note_refusal(request, refused)
        return _show(request, typed, reason=refused.sentence, status=status_of(refused))
    say(request, f"已发出{tie.person.name}的调转，待调入单位确认。确认前仍是本单位人员。")
    return redirect(f"{reverse(HERE, args=[request.here.code])}?tab=out")


def _show(
    request: PageRequest,
    typed: Typed,
    *,
    plan: tuple[Tie, UUID] | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    by, site = request.actor, request.here.code
    digits = sum(char.isdigit() for char in typed["who"])
    who = {"number": typed["who"]} if digits > 8 else {"text": typed["who"]}
    people = queries.people_of(by.place, **who).order_by("person__pinyin", "pk")[:MOST_FOUND] if typed["who"] else []
    units = [
        each
        for each in organizations.find_units(typed["where"], site=site, kinds=tuple(UnitKind), limit=MOST_FOUND)
        if each.id != by.place
    ]
    context: dict[str, Any] = {
        "here": HERE,
        "form": typed,
        "people": [(str(tie.person_id), tie.person.name, mask_number(tie.person.identity_number)) for tie in people],
        "units": units,
        "reason": reason,
        "plan": None,
    }
    if plan is not None:
        tie, to = plan
        names = organizations.unit_names([to])
        context["plan"] = {
            "person": tie.person.name,
            "to": names.get(to, ""),
            "lines": review.reroute_plan(person=tie.person_id, to=to),
            "kept": [(name, typed[name]) for name in ("person", "to", "who", "where", "reason")],
        }
    return render(request, "web/people/transfer.html", context, status=status)
