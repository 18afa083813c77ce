"""The log-in box, logging in by password or by a code sent to the phone, logging out (NX-02, GZ-08)."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bole.accounts import actions as accounts
from bole.accounts.models import Account
from bole.accounts.terms import Purpose
from bole.kernel.errors import Fault, Invalid, Refused, TooMany
from bole.web import federation, sessions
from bole.web.doors import public
from bole.web.pages.account import entering
from bole.web.pages.captcha import fresh
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

_PURPOSE = "log-in"
_WORDS = {"login": "请填写证件号码", "password": "请填写密码", "captcha": "请填写验证码"}


def login_box(request: PageRequest, form: Typed | None = None, reason: str = "") -> dict[str, Any]:
    """What the template web/portal/login_box.html needs: a form and a new captcha."""
    shown = form or Typed({"next": entering.local_address(request.GET.get("next", ""))})
    return {
        "login_form": shown,
        "captcha": fresh(_PURPOSE),
        "captcha_fault": shown.fault_of("captcha"),
        "reason": reason,
    }


@require_http_methods(["GET", "POST"])
@public
def login(request: PageRequest) -> HttpResponse:
    """「会员登录」. The answer to a wrong password is the same for known and unknown numbers (AC-09)."""
    if request.method == "GET":
        if request.account is not None:
            wanted = entering.local_address(request.GET.get("next", ""))
            return HttpResponseRedirect(wanted or reverse("landing", args=[request.here.code]))
        return render(request, "web/account/login.html", login_box(request))
    form = Typed.posted(request.POST, "password", "captcha")
    try:
        _demand_filled(request, _WORDS)
        accounts.check_captcha(token=form["captcha_key"], answer=request.POST.get("captcha", ""), purpose=_PURPOSE)
        account = accounts.log_in(
            login=form["login"],
            password=request.POST.get("password", ""),
            device=request.COOKIES.get(sessions.device_cookie()),
            address=request.actor.address,
        )
        return _enter(request, account, form)
    except Invalid as error:
        return _again(request, form.with_faults(error), 422)
    except TooMany as error:
        return _again(request, form, 429, error.sentence)
    except Refused as error:
        return _again(request, form, 403, error.sentence)


def _demand_filled(request: PageRequest, words: dict[str, str]) -> None:
    faults = [Fault(at, say) for at, say in words.items() if not request.POST.get(at, "").strip()]
    if faults:
        raise Invalid(*faults)


def _again(request: PageRequest, form: Typed, status: int, reason: str = "") -> HttpResponse:
    return render(request, "web/account/login.html", login_box(request, form, reason), status=status)


def _enter(request: PageRequest, account: Account, form: Typed, *, weak: bool = False) -> HttpResponse:
    """Open the session of the chosen way. Raises Refused with why this way is closed and what to do."""
    found = entering.open_to(account, form["way"], request.here.code)
    wanted, stay = entering.local_address(form["next"]), form["way"] != "unit" and form["remember"] == "1"
    return entering.begin(request, account, found, wanted=wanted, stay=stay, weak=weak)


@require_http_methods(["GET", "POST"])
@public
def login_by_code(request: PageRequest) -> HttpResponse:
    """「短信验证码登录」 (GZ-08): log-in name and captcha, then the code sent to the phone on file.

    What it says does not depend on whether there is such an account (AC-09).
    """
    if request.method == "GET":
        typed = {"way": request.GET.get("way", ""), "next": entering.local_address(request.GET.get("next", ""))}
        return _show_code(request, 1, Typed(typed))
    form = Typed.posted(request.POST, "code", "captcha")
    step = 2 if form["step"] == "2" else 1
    try:
        if step == 1:
            _demand_filled(request, {"login": _WORDS["login"], "captcha": _WORDS["captcha"]})
            accounts.check_captcha(token=form["captcha_key"], answer=request.POST.get("captcha", ""), purpose=_PURPOSE)
            accounts.send_account_code(purpose=Purpose.LOG_IN.value, login=form["login"], by=request.actor)
            return _show_code(request, 2, form)
        account = accounts.log_in_by_code(
            login=form["login"],
            code=request.POST.get("code", ""),
            device=request.COOKIES.get(sessions.device_cookie()),
            address=request.actor.address,
        )
        return _enter(request, account, form, weak=True)
    except Invalid as error:
        return _show_code(request, step, form.with_faults(error), status=422)
    except TooMany as error:
        return _show_code(request, step, form, reason=error.sentence, status=429)
    except Refused as error:
        return _show_code(request, step, form, reason=error.sentence, status=403)


def _show_code(request: PageRequest, step: int, form: Typed, *, reason: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"step": step, "form": form, "reason": reason}
    if step == 1:
        context |= {"captcha": fresh(_PURPOSE), "captcha_fault": form.fault_of("captcha")}
    return render(request, "web/account/login_by_code.html", context, status=status)


@require_POST
@public
def logout(request: PageRequest) -> HttpResponse:
    """「退出登录」: one log-out ends everything, the log-in at an identity provider included."""
    name, address = federation.leaving(request, request.here)
    response: HttpResponse = HttpResponseRedirect(reverse("home", args=[request.here.code]))
    if address:
        response = federation.send_away(request, name, address, f"正在退出「{name}」")
    sessions.log_out(request, response, request.actor)
    response["Clear-Site-Data"] = '"cache", "storage"'  # nothing of it stays on a shared computer (AC-12)
    return response
