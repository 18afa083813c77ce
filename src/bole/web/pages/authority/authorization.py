"""「采集授权」: query, 「开通网上采集功能」, 「设置采集管理员」 (NX-18).

The appointing side learns nothing about who is registered: the person is shown as typed, masked, whatever the number.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.kernel.errors import Absent, BoleError, Fault, Invalid, Refused, TooMany
from bole.kernel.privacy import mask_name, mask_number
from bole.organizations import actions as organizations
from bole.organizations import queries
from bole.organizations.models import Unit
from bole.organizations.terms import Role, person_name
from bole.standards import queries as standards
from bole.web.answers import status_of
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages.unit.opening import identity_kinds
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest, posted_id
from bole.web.shapes import Typed

FIELDS = {
    "insurance_number": "单位医保编号",
    "organization_code": "组织机构代码",
    "credit_code": "社会统一信用代码",
}


def _address(site: str, values: dict[str, str], unit: UUID | None = None) -> str:
    """The query with its result in the address: codes of units are no secret, and a reload asks again."""
    terms = {name: text for name, text in values.items() if text} | ({"unit": str(unit)} if unit else {})
    return reverse("authorization", args=[site]) + (f"?{urlencode(terms)}" if terms else "")


@for_units
@require_safe
def authorization(request: PageRequest) -> HttpResponse:
    """The query form, and what it found."""
    queries.may_authorize(request.actor).demand()
    values = {name: request.GET.get(name, "").strip()[:30] for name in FIELDS}
    typed, status = Typed(values), 200
    found: tuple[Unit, ...] = ()
    asked = any(values.values()) or "ask" in request.GET
    if asked:
        try:
            found = queries.find_units_for_authorization(**values, by=request.actor)
        except Invalid as wrong:
            typed, status = typed.with_faults(wrong), 422
    chosen = request.GET.get("unit", "")
    context: dict[str, Any] = {
        "here": "authorization",
        "typed": typed,
        "asked": asked and status == 200,
        "asked_values": list(values.items()),
        "found": found,
        "rows": [(unit, standards.region(unit.region).full_name) for unit in found],
        "chosen": str(found[0].pk) if len(found) == 1 else chosen,
    }
    return render(request, "web/authority/authorization.html", context, status=status)


def _chosen(request: PageRequest) -> UUID:
    """The unit ticked in the result. Raises Refused when none is."""
    id = posted_id(request, "unit")
    if id is None:
        raise Refused("请先在查询结果中选择单位。")
    return id


@for_units
@require_POST
def enable(request: PageRequest) -> HttpResponse:
    """「开通网上采集功能」; a second time changes nothing."""
    queries.may_authorize(request.actor).demand()
    unit = queries.unit_visible_to(request.actor, _chosen(request))
    before = unit.collection_enabled_at
    organizations.enable_collection(unit=unit.pk, by=request.actor)
    done = f"开通成功。{unit.name}可以进行网上采集，请接着设置采集管理员。"
    say(request, f"{unit.name}此前已经开通网上采集功能。" if before else done)
    if "back" in request.POST:
        return redirect("appointment", request.here.code, unit.pk)
    return redirect(_address(request.here.code, _asked(request), unit.pk))


def _asked(request: PageRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip()[:30] for name in FIELDS}


@for_units
@require_POST
def choose(request: PageRequest) -> HttpResponse:
    """「设置采集管理员」: from the ticked row to the unit's own page."""
    return redirect("appointment", request.here.code, _chosen(request))


@dataclass(frozen=True)
class Candidate:
    """Whom the operator means: what was typed, masked. Says nothing about being registered."""

    name: str
    number: str


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def appointment(request: PageRequest, unit: UUID) -> HttpResponse:
    """「查询」 shows the person as typed; 「设置单位采集管理员」 offers the role to that person."""
    queries.may_authorize(request.actor).demand()
    row = queries.unit_visible_to(request.actor, unit)
    if request.method != "POST":
        return _form(request, row, Typed({"kind": "resident"}))
    typed = Typed.posted(request.POST)
    try:
        candidate = _candidate(typed)
        if "appoint" not in request.POST:
            return _form(request, row, typed, candidate=candidate)
        offer = organizations.appoint(
            unit=row.pk, role=Role.COLLECTION_ADMINISTRATOR, number=typed["number"], name=typed["name"],
            kind=typed["kind"], by=request.actor,
        )  # fmt: skip
    except Invalid as wrong:
        return _form(request, row, typed.with_faults(wrong), status=422)
    except (Refused, TooMany) as refused:
        note_refusal(request, refused)
        return _form(request, row, typed, refusal=refused)
    say(request, f"设置成功。{offer.sentence}")
    return redirect("appointment", request.here.code, row.pk)


def _candidate(typed: Typed) -> Candidate:
    """Raises Invalid at "number" or "name", every fault at once."""
    faults: list[Fault] = []
    number, name = "", person_name(typed["name"])
    try:
        number = standards.identity(typed["kind"], typed["number"]).number
    except Invalid as wrong:
        faults += wrong.faults
    except (KeyError, ValueError):
        faults.append(Fault("kind", "请选择证件类型"))
    if not name:
        faults.append(Fault("name", "请填写与证件一致的姓名"))
    if faults:
        raise Invalid(*faults)
    return Candidate(mask_name(name), mask_number(number))


def _form(
    request: PageRequest,
    unit: Unit,
    typed: Typed,
    *,
    candidate: Candidate | None = None,
    refusal: BoleError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "here": "authorization",
        "unit": unit,
        "may": queries.may_appoint(request.actor, unit, Role.COLLECTION_ADMINISTRATOR),
        "typed": typed,
        "kinds": identity_kinds(),
        "candidate": candidate,
        "standings": [
            standing for standing in queries.standings(unit.pk) if standing.role is Role.COLLECTION_ADMINISTRATOR
        ],
        "refusal": refusal.sentence if refusal else "",
    }
    return render(request, "web/authority/appointment.html", context, status=status_of(refusal) if refusal else status)


@for_units
@require_POST
def end(request: PageRequest, unit: UUID, appointment: UUID) -> HttpResponse:
    """「解除」 a role, or withdraw an offer, with the reason."""
    queries.may_authorize(request.actor).demand()
    row = queries.unit_visible_to(request.actor, unit)
    if not any(standing.id == appointment for standing in queries.standings(row.pk)):
        raise Absent
    try:
        organizations.end_appointment(appointment=appointment, reason=request.POST.get("reason", ""), by=request.actor)
    except Invalid as wrong:
        return _form(request, row, Typed({"kind": "resident"}), refusal=wrong)
    say(request, "授权已解除，立即生效。")
    return redirect("appointment", request.here.code, row.pk)
