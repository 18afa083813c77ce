"""「上级主管部门」: what the unit hangs under, 「去绑定」, and 「解除绑定」 with what becomes of open cases (JL-02)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bole.bindings import actions as bindings
from bole.definitions import queries as definitions
from bole.kernel.actors import Way
from bole.kernel.errors import Invalid, Refused
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Act
from bole.organizations.terms import UnitKind as Kind
from bole.standards import queries as standards
from bole.web.areas import filed_in
from bole.web.doors import for_administrators
from bole.web.flash import say
from bole.web.pages.staff.forms import Outcome, at, attempt, proved, to
from bole.web.pages.staff.organizations import own_unit
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

HERE = "desk"
BINDING, CHANGING = "superior-binding", "unit-change"


def service_address(request: PageRequest, service: str) -> str:
    """Where the unit opens a service of account affairs; blank where the site does not offer it to this visitor."""
    found = next((each for each in definitions.catalogue_of(request.here.code) if each.service == service), None)
    if found is None or not filed_in(request.capacity, found):
        return ""
    return reverse("unit-start", args=[request.here.code, service])


def desk_facts(request: PageRequest, unit: Unit) -> dict[str, Any]:
    """What the desk of an administrator says about the unit itself."""
    if request.actor.way is not Way.ADMINISTRATOR:
        return {}
    return {
        "keeps_unit": True,
        "region_name": standards.region(unit.region).full_name,
        "superior": unit.parent,
        "highest": is_highest(request, unit),
        "bind_address": at(request, "superior"),
        "change_address": service_address(request, CHANGING),
        "swap_address": service_address(request, BINDING) if unit.parent_id else "",
        "swap_name": binding_name(request),
    }


def is_highest(request: PageRequest, unit: Unit) -> bool:
    """Whether nobody can be above the unit: the authority of the site's whole ground."""
    return unit.kind == Kind.AUTHORITY.value and unit.region == request.here.region


def binding_name(request: PageRequest) -> str:
    """What the site calls the change of superior: 更换上级部门, 主管部门更改."""
    names = (each.name for each in definitions.catalogue_of(request.here.code) if each.service == BINDING)
    return next(names, "")


def _unit(request: PageRequest) -> Unit:
    unit = own_unit(request.actor)
    organizations.may_act(request.actor, Act.ASK_ATTACHMENT, unit).demand()
    return unit


@for_administrators
@require_safe
def index(request: PageRequest) -> HttpResponse:
    """The present superior, and the query by credit code that leads to the binding service."""
    unit = _unit(request)
    code = request.GET.get("code", "").strip()[:30]
    typed, found, status = Typed({"code": code}, prefix="s"), None, 200
    if code or "ask" in request.GET:
        outcome = attempt(request, typed, lambda: _look_up(request, code))
        typed, found, status = outcome.typed, outcome.result, outcome.status
    binding = service_address(request, BINDING)
    context = {
        "here": HERE,
        "typed": typed,
        "asked": bool(code) and status == 200,
        "superior": unit.parent,
        "superior_region": standards.region(unit.parent.region).full_name if unit.parent else "",
        "may_unbind": unit.parent is not None,
        "change_address": binding,
        "change_name": binding_name(request),
        "highest": is_highest(request, unit),
        "found": found,
        **_standing(unit, found, binding),
    }
    return render(request, "web/staff/superior.html", context, status=status)


def _look_up(request: PageRequest, code: str) -> Unit | None:
    """Raises Invalid at "code"."""
    if not code:
        raise Invalid.at("code", "请填写社会统一信用代码")
    try:
        found = organizations.unit_by_code(code)
    except Invalid as wrong:
        raise Invalid.at("code", wrong.faults[0].say) from None
    return found if found is not None and found.site == request.here.code and found.closed_on is None else None


def _standing(unit: Unit, found: Unit | None, binding: str) -> dict[str, str]:
    """How the found unit stands to this one, and what follows."""
    if found is None:
        return {}
    told = {"found_region": standards.region(found.region).full_name, "found_state": "未绑定"}
    if found.pk == unit.parent_id:
        return {**told, "found_state": "已绑定"}
    if found.pk == unit.pk:
        return {**told, "found_note": "这是本单位，不能绑定自己"}
    if found.path.startswith(unit.path):
        return {**told, "found_note": "这是本单位的下级单位，不能作为上级"}
    if not binding:
        return {**told, "found_note": "本办事大厅由上级单位新增下级单位，请联系上级单位的管理员"}
    return {**told, "bind_address": binding}


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def unbind(request: PageRequest) -> HttpResponse:
    """「解除绑定」: needs no approval; shows what hangs on the tie and where open cases go, then does exactly that."""
    unit = _unit(request)
    if unit.parent is None:
        raise Refused("本单位没有绑定上级单位，不需要解除。")
    outcome: Outcome[Unit] = Outcome(Typed())
    if request.method == "POST":
        seen = request.POST.get("seen", "")[:100]
        outcome = attempt(
            request, Typed(), lambda: bindings.unbind_superior(unit=unit.pk, seen_plan=seen, by=request.actor)
        )
        if outcome.result is not None:
            say(request, f"已解除与{unit.parent.name}的绑定，并已通知对方。")
            return to(request, "superior")
    lines, word = bindings.plan_of_unbinding(unit=unit.pk, by=request.actor)
    context = {
        "here": HERE,
        "superior": unit.parent,
        "below": organizations.units_below(unit).open().exclude(pk=unit.pk).count(),
        "lines": lines,
        "seen": word,
        "typed": outcome.typed,
        "refusal": outcome.refusal,
    }
    return render(request, "web/staff/unbind.html", context, status=outcome.status)
