"""「忘记密码」, 「账号激活」 and lifting a lock, all by a code to the phone on file or a slip; and 「修改密码」.

Whoever is unsure may take either entry: which of them applied is told once the code was right (JL-01), and what the
pages say before does not depend on whether there is an account (AC-09).
"""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bole.accounts import actions as accounts
from bole.accounts.terms import Purpose
from bole.kernel.errors import Invalid, TooMany
from bole.web import sessions
from bole.web.doors import public
from bole.web.flash import say
from bole.web.pages.captcha import fresh
from bole.web.requests import PageRequest
from bole.web.shapes import Typed, stages

_CAPTCHA = "reset"
_TITLES = {Purpose.RESET: "忘记密码", Purpose.ACTIVATE: "账号激活"}
_STEPS = ("核对账号", "验证身份并设置密码", "完成")
_SECRET = ("password", "again", "captcha")


@require_http_methods(["GET", "POST"])
@public
def forgot(request: PageRequest) -> HttpResponse:
    """「忘记密码」: number and captcha, then code and new password."""
    return _course(request, Purpose.RESET)


@require_http_methods(["GET", "POST"])
@public
def activate(request: PageRequest) -> HttpResponse:
    """「账号激活」: the same for an account that was made in advance and has no password yet."""
    return _course(request, Purpose.ACTIVATE)


def _course(request: PageRequest, purpose: Purpose) -> HttpResponse:
    if request.method == "GET":
        return _show(request, purpose, "slip" if "slip" in request.GET else "1", Typed())
    form = Typed.posted(request.POST, *_SECRET)
    step = form["step"] if form["step"] in ("2", "slip") else "1"
    try:
        if step == "1":
            return _send(request, purpose, form)
        if form["do"] == "phone":
            accounts.send_code(purpose=Purpose.PHONE.value, phone=form["phone"], by=request.actor)
            return _show(request, purpose, "slip", form, sent=True)
        return _unlock(request, form) if form["do"] == "unlock" else _recover(request, purpose, form)
    except Invalid as error:
        return _show(request, purpose, step, form.with_faults(error), status=422)
    except TooMany as error:
        return _show(request, purpose, step, form, reason=error.sentence, status=429)


def _send(request: PageRequest, purpose: Purpose, form: Typed) -> HttpResponse:
    if not form["login"].strip():
        raise Invalid.at("login", "请填写证件号码")
    accounts.check_captcha(token=form["captcha_key"], answer=request.POST.get("captcha", ""), purpose=_CAPTCHA)
    wanted = Purpose.UNLOCK if form["do"] == "unlock" else purpose
    accounts.send_account_code(purpose=wanted.value, login=form["login"], by=request.actor)
    return _show(request, purpose, "2", form)


def _unlock(request: PageRequest, form: Typed) -> HttpResponse:
    name = sessions.device_name(request)
    token = accounts.unlock(login=form["login"], code=form["code"], name=name, address=request.actor.address)
    response = _done(request, Purpose.RESET, "已解除登录限制，请用原来的密码登录。")
    sessions.put_device(response, token)
    return response


def _recover(request: PageRequest, purpose: Purpose, form: Typed) -> HttpResponse:
    password = request.POST.get("password", "")
    if not form["login"].strip():
        raise Invalid.at("login", "请填写证件号码")
    if password != request.POST.get("again", ""):
        raise Invalid.at("again", "两次输入的密码不一致，请重新输入")
    done = accounts.recover(
        purpose=purpose.value,
        login=form["login"],
        code=form["code"],
        password=password,
        phone=form["phone"],
        phone_code=form["phone_code"],
        by=request.actor,
    )
    if done.activated:
        return _done(request, Purpose.ACTIVATE, "账号已激活，请用刚设置的密码登录。")
    return _done(request, Purpose.RESET, "新密码已生效，请用新密码登录。原来登录的设备都已退出。")


def _done(request: PageRequest, purpose: Purpose, sentence: str) -> HttpResponse:
    context = {"stages": stages(_STEPS, len(_STEPS)), "sentence": sentence, "title": _TITLES[purpose]}
    return render(request, "web/account/forgot_done.html", context)


def _show(
    request: PageRequest,
    purpose: Purpose,
    step: str,
    form: Typed,
    *,
    reason: str = "",
    sent: bool = False,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _TITLES[purpose],
        "stages": stages(_STEPS, 0 if step == "1" else 1),
        "step": step,
        "form": form,
        "reason": reason,
        "sent": sent,
        "activating": purpose is Purpose.ACTIVATE,
        "unlocking": form["do"] == "unlock",
    }
    if step == "1":
        context |= {"captcha": fresh(_CAPTCHA), "captcha_fault": form.fault_of("captcha")}
    return render(request, "web/account/forgot.html", context, status=status)


@require_http_methods(["GET", "POST"])
def change(request: PageRequest) -> HttpResponse:
    """「修改密码」. Every other session and remembered device ends with the old password."""
    form, status, reason = Typed(), 200, ""
    if request.method == "POST":
        new = request.POST.get("password", "")
        try:
            if new != request.POST.get("again", ""):
                raise Invalid.at("again", "两次输入的密码不一致，请重新输入")
            account = accounts.set_password(old=request.POST.get("old", ""), new=new, by=request.actor)
            sessions.renew(request, account)
            say(request, "密码已修改，其他设备都已退出登录。")
            return HttpResponseRedirect(reverse("landing", args=[request.here.code]))
        except Invalid as error:
            form, status = form.with_faults(error), 422
        except TooMany as error:
            reason, status = error.sentence, 429
    shell = "web/shells/workbench.html" if request.capacity else "web/shells/personal.html"
    return render(request, "web/account/password.html", {"form": form, "reason": reason, "shell": shell}, status=status)
