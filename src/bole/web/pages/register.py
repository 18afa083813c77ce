"""「立即注册」 in steps: 核对身份 → 验证手机 → 设置密码 → 完成 (NX-03).

Nothing is kept between the steps but in the form itself: what an unfinished registration typed is nowhere stored.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from bole.accounts import actions as accounts
from bole.accounts.terms import Purpose
from bole.kernel.errors import BoleError, Fault, Invalid, TooMany
from bole.people import actions as people
from bole.standards import queries as standards
from bole.standards.terms import IdentityKind
from bole.web.doors import public
from bole.web.requests import PageRequest
from bole.web.shapes import Typed, stages

STEPS = ("核对身份", "验证手机", "设置密码", "完成")
KINDS = [(kind.value, kind.label) for kind in IdentityKind]
_CARRIED = {1: (), 2: ("kind", "number", "name"), 3: ("kind", "number", "name", "phone", "code")}
# Which step a fault of the action belongs to.
_STEP_OF = {"kind": 1, "number": 1, "name": 1, "agreed": 1, "phone": 2, "code": 2}


@require_http_methods(["GET", "POST"])
@public
def register(request: PageRequest) -> HttpResponse:
    """One address for all steps; each posts everything typed so far."""
    if request.method == "GET":
        return _show(request, 1, Typed({"kind": IdentityKind.RESIDENT.value}))
    form = Typed.posted(request.POST, "password", "again")
    step, act = {"2": 2, "3": 3}.get(form["step"], 1), form["do"]
    if act == "back":
        return _show(request, max(step - 1, 1), form)
    try:
        if step == 1:
            _check_identity(form)
            return _show(request, 2, form)
        if act == "send":
            accounts.send_code(purpose=Purpose.REGISTER.value, phone=form["phone"], by=request.actor)
            return _show(request, 2, form, sent=True)
        if step == 2:
            _check_phone(form)
            return _show(request, 3, form)
        return _finish(request, form)
    except Invalid as error:
        back = min((_STEP_OF.get(fault.at, step) for fault in error.faults), default=step)
        return _show(request, back, form.with_faults(error), status=422)
    except TooMany as error:
        return _show(request, step, form, reason=error, status=429)


def _check_identity(form: Typed) -> None:
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


def _check_phone(form: Typed) -> None:
    if not form["phone"].strip():
        raise Invalid.at("phone", "请填写手机号码，点「获取验证码」")
    if not (form["code"].isascii() and form["code"].isdigit() and len(form["code"]) == 6):
        raise Invalid.at("code", "请填写短信中的 6 位数字")


def _finish(request: PageRequest, form: Typed) -> HttpResponse:
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        raise Invalid.at("again", "两次输入的密码不一致，请重新输入")
    done = people.register_person(
        site=request.here.code,
        kind=form["kind"],
        number=form["number"],
        name=form["name"],
        phone=form["phone"],
        code=form["code"],
        password=password,
        by=request.actor,
    )
    context = {"stages": stages(STEPS, len(STEPS)), "sentence": done.sentence}
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
    context: dict[str, Any] = {
        "stages": stages(STEPS, step - 1),
        "step": step,
        "form": form,
        "kinds": KINDS,
        "sent": sent,
        "reason": reason.sentence if reason else "",
        "carried": [(name, form[name]) for name in (*_CARRIED[step], *(("agreed",) if step > 1 else ()))],
    }
    return render(request, "web/account/register.html", context, status=status)


@require_safe
@public
def unit(request: PageRequest) -> HttpResponse:
    """How a unit gets its rights: not here, and whom to ask (NX-02)."""
    return render(request, "web/account/register_unit.html")
