"""「激活账户」: the invited person opens an account by the code of the invitation, or answers it logged in (SZ-03)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from bole.accounts import actions as accounts
from bole.accounts.terms import Purpose
from bole.kernel.errors import BoleError, Fault, Invalid, Moved, Refused, TooMany
from bole.kernel.privacy import mask_phone
from bole.people import actions as people
from bole.people.models import Invitation
from bole.web.answers import status_of
from bole.web.doors import assured, for_persons, public
from bole.web.flash import say
from bole.web.pages.register import KINDS
from bole.web.requests import PageRequest
from bole.web.shapes import Typed, stages

STEPS = ("核对邀请", "设置密码", "完成")
_PLACES = {"name": "name", "alias": "user_name", "login": "number"}


@require_http_methods(["GET", "HEAD", "POST"])
@public
def take(request: PageRequest) -> HttpResponse:
    """Code, number and name; then the phone's code and the password. The same for registered and unknown numbers."""
    if request.method != "POST":
        return _show(request, 1, Typed({"kind": "resident"}))
    form = Typed.posted(request.POST, "password", "again")
    step, act = 2 if form["step"] == "2" else 1, form["do"]
    if act == "back":
        return _show(request, 1, form)
    try:
        if step == 2 and act != "send":
            return _finish(request, form)
        found = _open(request, form)
        if act == "send":
            accounts.send_code(purpose=Purpose.REGISTER.value, phone=found.phone, by=request.actor)
        return _show(request, 2, form, found, sent=act == "send")
    except Invalid as wrong:
        faults = [Fault(_PLACES.get(each.at, each.at), each.say) for each in wrong.faults]
        back = 1 if any(each.at in ("invitation", "number", "kind", "name") for each in faults) else step
        return _again(request, back, form.with_faults(faults), None, 422)
    except (TooMany, Refused, Moved) as refused:
        return _again(request, step, form, refused, status_of(refused))


def _open(request: PageRequest, form: Typed) -> Invitation:
    return people.open_invitation(
        site=request.here.code,
        code=form["invitation"],
        kind=form["kind"],
        number=form["number"],
        name=form["name"],
        by=request.actor,
    )


def _finish(request: PageRequest, form: Typed) -> HttpResponse:
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        raise Invalid.at("again", "两次输入的密码不一致，请重新输入")
    done = people.take_invitation(
        site=request.here.code,
        code=form["invitation"],
        kind=form["kind"],
        number=form["number"],
        name=form["name"],
        phone_code=form["phone_code"],
        password=password,
        user_name=form["user_name"],
        by=request.actor,
    )
    context = {"stages": stages(STEPS, len(STEPS)), "done": done}
    return render(request, "web/registration/invitation_done.html", context)


def _again(request: PageRequest, step: int, form: Typed, refused: BoleError | None, status: int) -> HttpResponse:
    """The form once more; the phone shown in the second step comes with the page, which is not asked for again."""
    return _show(request, step, form, reason=refused, status=status)


def _show(
    request: PageRequest,
    step: int,
    form: Typed,
    found: Invitation | None = None,
    *,
    sent: bool = False,
    reason: BoleError | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = dict(form.values)
    if found is not None:
        shown |= {"user_name": shown.get("user_name") or found.alias, "phone_shown": mask_phone(found.phone)}
        shown["unit_shown"] = found.unit.name
    context: dict[str, Any] = {
        "stages": stages(STEPS, step - 1),
        "step": step,
        "form": Typed(shown, form.faults),
        "kinds": KINDS,
        "sent": sent,
        "reason": reason.sentence if reason else "",
        "carried": [(name, shown.get(name, "")) for name in ("kind", "number", "name", "invitation")],
    }
    return render(request, "web/registration/invitation.html", context, status=status)


@require_POST
@for_persons
@assured
def answer(request: PageRequest, invitation: UUID) -> HttpResponse:
    """「接受」 or 「谢绝」 on 首页."""
    if request.POST.get("do") == "accept":
        tie = people.accept_invitation(invitation=invitation, by=request.actor)
        say(request, f"已接受邀请，您现在是{tie.unit.name}的申报人员。")
    else:
        people.decline_invitation(invitation=invitation, by=request.actor)
        say(request, "已谢绝这项邀请。")
    return redirect("me", request.here.code)
