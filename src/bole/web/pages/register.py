"""「立即注册」 in steps, by the habits of the site: 核对身份 → 验证手机 → (个人信息) → 设置密码 → 完成 (NX-03, HA-02).

Nothing is kept between the steps but in the form itself: what an unfinished registration typed is nowhere stored.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bole.accounts import actions as accounts
from bole.accounts.terms import Purpose, clean_email
from bole.bindings import actions as bindings
from bole.kernel import clock
from bole.kernel.errors import BoleError, Fault, Invalid, Refused, TooMany
from bole.organizations import queries as organizations
from bole.organizations.terms import PersonsCome, UnitChoice, UnitKind, UnitsCome
from bole.people import actions as people
from bole.people.terms import INVITED_SENTENCE
from bole.standards import queries as standards
from bole.standards.terms import IdentityKind
from bole.web.answers import status_of
from bole.web.doors import public
from bole.web.pages.unit.profile import regions_of
from bole.web.requests import PageRequest, posted_id
from bole.web.shapes import Typed, stages

STEPS = ("核对身份", "验证手机", "设置密码", "完成")
APPROVED_STEPS = ("核对身份", "验证手机", "个人信息", "设置密码", "完成")
KINDS = [(kind.value, kind.label) for kind in IdentityKind]
UNITS_SHOWN = 50
LONGEST_EMAIL = 60
_FIELDS = {
    "核对身份": ("kind", "number", "name", "agreed"),
    "验证手机": ("phone", "code", "email"),
    "个人信息": (
        "unit_region",
        "employer",
        "unit",
        "department",
        "ethnic_group",
        "native_place",
        "school",
        "major",
    ),
    "设置密码": ("password", "again"),
}
_DETAILS = ("native_place", "school", "major")


@require_http_methods(["GET", "HEAD", "POST"])
@public
def register(request: PageRequest) -> HttpResponse:
    """One address for all steps; each posts everything typed so far."""
    founder = _founds(request)
    if request.here.persons is PersonsCome.INVITED and not founder:
        return render(request, "web/registration/invited.html", {"sentence": INVITED_SENTENCE})
    steps = _steps(request)
    if request.method != "POST":
        return _show(request, 1, Typed({"kind": IdentityKind.RESIDENT.value}))
    form = Typed.posted(request.POST, "password", "again")
    step = int(form["step"]) if form["step"] in map(str, range(1, len(steps))) else 1
    act, name = form["do"], steps[step - 1]
    if act == "back":
        return _show(request, max(step - 1, 1), form)
    try:
        if act == "send":
            accounts.send_code(purpose=Purpose.REGISTER.value, phone=form["phone"], by=request.actor)
            return _show(request, step, form, sent=True)
        if act == "look":
            return _show(request, step, form)
        if name == "设置密码":
            return _finish(request, form)
        _CHECKS[name](request, form)
        return _show(request, step + 1, form)
    except Invalid as error:
        back = min((_step_of(fault.at, steps, step) for fault in error.faults), default=step)
        return _show(request, back, form.with_faults(error), status=422)
    except (TooMany, Refused) as error:
        return _show(request, step, form, reason=error, status=status_of(error))


def _founds(request: PageRequest) -> bool:
    """Somebody who registers a unit next, and so belongs to none yet (HA-07)."""
    return UnitsCome.APPROVED in request.here.units and "1" in (request.GET.get("founder"), request.POST.get("founder"))


def _approved(request: PageRequest) -> bool:
    return request.here.persons is PersonsCome.APPROVED and not _founds(request)


def _steps(request: PageRequest) -> tuple[str, ...]:
    return APPROVED_STEPS if _approved(request) else STEPS


def _step_of(at: str, steps: tuple[str, ...], present: int) -> int:
    """Which step a fault belongs to."""
    return next((place for place, name in enumerate(steps, 1) if at in _FIELDS.get(name, ())), present)


def _check_identity(request: PageRequest, form: Typed) -> None:
    faults: list[Fault] = []
    try:
        standards.identity(form["kind"] or IdentityKind.RESIDENT.value, form["number"])
    except Invalid as error:
        faults += error.faults
    if not form["name"].strip():
        faults.append(Fault("name", "请填写姓名，与证件上一致"))
    if form["agreed"] != "1":
        faults.append(Fault("agreed", "请阅读个人信息保护说明，并勾选「已阅读」"))
    if faults:
        raise Invalid(*faults)


def _check_phone(request: PageRequest, form: Typed) -> None:
    faults = []
    if not form["phone"].strip():
        faults.append(Fault("phone", "请填写手机号码，点「获取验证码」"))
    elif not (form["code"].isascii() and form["code"].isdigit() and len(form["code"]) == 6):
        faults.append(Fault("code", "请填写短信中的 6 位数字"))
    if _approved(request):
        try:
            clean_email(form["email"])
        except Invalid as error:
            faults += error.faults
        if len(form["email"].strip()) > LONGEST_EMAIL:
            faults.append(Fault("email", f"电子邮箱最多 {LONGEST_EMAIL} 个字符"))
    if faults:
        raise Invalid(*faults)


def _check_place(request: PageRequest, form: Typed) -> None:
    faults = [
        Fault(at, say)
        for at, say in (
            ("unit_region", "请选择用人单位所属区域"),
            ("ethnic_group", "请选择民族"),
        )
        if not form[at]
    ]
    if _unit(form) is None:
        faults.append(Fault("employer", "请点「查找」，从搜索结果中选定所在单位"))
    if faults:
        raise Invalid(*faults)


_CHECKS = {"核对身份": _check_identity, "验证手机": _check_phone, "个人信息": _check_place}


def _unit(form: Typed) -> UUID | None:
    try:
        return UUID(form["unit"])
    except ValueError:
        return None


def _finish(request: PageRequest, form: Typed) -> HttpResponse:
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        raise Invalid.at("again", "两次输入的密码不一致，请重新输入")
    if _approved(request):
        done = bindings.register_for_approval(
            site=request.here.code,
            kind=form["kind"],
            number=form["number"],
            name=form["name"],
            phone=form["phone"],
            code=form["code"],
            password=password,
            ethnic_group=form["ethnic_group"],
            unit=_unit(form),
            department=posted_id(request, "department"),
            email=form["email"],
            details={name: form[name] for name in _DETAILS},
            by=request.actor,
        )
    else:
        done = people.register_person(
            site=request.here.code,
            kind=form["kind"],
            number=form["number"],
            name=form["name"],
            phone=form["phone"],
            code=form["code"],
            password=password,
            founder=_founds(request),
            by=request.actor,
        )
    steps = _steps(request)
    context = {"stages": stages(steps, len(steps)), "done": done, "founder": _founds(request)}
    return render(request, "web/account/registered.html", context)


def _show(
    request: PageRequest,
    step: int,
    form: Typed,
    *,
    sent: bool = False,
    reason: BoleError | None = None,
    status: int = 200,
) -> HttpResponse:
    steps = _steps(request)
    own = _FIELDS[steps[step - 1]]
    carried = [name for other in steps[: len(steps) - 2] for name in _FIELDS[other] if name not in own]
    context: dict[str, Any] = {
        "stages": stages(steps, step - 1),
        "step": step,
        "step_name": steps[step - 1],
        "approved": _approved(request),
        "founder": _founds(request),
        "form": form,
        "kinds": KINDS,
        "sent": sent,
        "reason": reason.sentence if reason else "",
        "carried": [(name, form[name]) for name in carried if form[name]],
        **(_place(request, form) if steps[step - 1] == "个人信息" else {}),
    }
    return render(request, "web/account/register.html", context, status=status)


def _place(request: PageRequest, form: Typed) -> dict[str, Any]:
    """Pick lists: region → unit → department, and what follows from the number (HA-02)."""
    site, chosen = request.here.code, _unit(form)
    found: tuple[UnitChoice, ...] = ()
    if form["unit_region"]:
        found = organizations.find_units(
            form["employer"], site=site, kinds=tuple(UnitKind), region=form["unit_region"], limit=UNITS_SHOWN
        )
    known = {str(choice.id) for choice in found}
    identity = standards.identity(form["kind"], form["number"])
    departments = organizations.departments_of(chosen, disabled=False) if chosen else ()
    return {
        "regions": regions_of(request.here.region, ""),
        "region_fault": form.fault_of("unit_region"),
        "found": found,
        "looked": bool(form["unit_region"]),
        "elsewhere": str(chosen) if chosen and str(chosen) not in known else "",
        "employer_fault": form.fault_of("employer") or form.fault_of("unit"),
        "departments": [(str(each.id), each.name) for each in departments],
        "groups": [(row.code, row.name) for row in standards.table("ethnic-group").entries_on(clock.today())],
        "places": [(row.code, row.name) for row in standards.table("region").children(None)],
        "sex": {"1": "男", "2": "女"}.get(identity.sex_code or "", ""),
        "birth_on": identity.birth_on,
    }
