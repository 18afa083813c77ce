"""「忘记密码」, lifting a lock by a code to the registered phone, and 「修改密码」."""

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
STEPS = ("核对账号", "验证手机并设置新密码", "完成")


@require_http_methods(["GET", "POST"])
@public
def forgot(request: PageRequest) -> HttpResponse:
    """Number and captcha, then code and new password. What it says does not depend on whether there is an account."""
    if request.method == "GET":
        return _show(request, 1, Typed())
    form = Typed.posted(request.POST, "password", "again", "captcha")
    step = 2 if form["step"] == "2" else 1
    try:
        if step == 1:
            return _send(request, form)
        return _reset(request, form)
    except Invalid as error:
        return _show(request, step, form.with_faults(error), status=422)
    except TooMany as error:
        return _show(request, step, form, reason=error.sentence, status=429)


def _send(request: PageRequest, form: Typed) -> HttpResponse:
    if not form["login"].strip():
        raise Invalid.at("login", "请填写证件号码")
    accounts.check_captcha(token=form["captcha_key"], answer=request.POST.get("captcha", ""), purpose=_CAPTCHA)
    purpose = Purpose.UNLOCK if form["do"] == "unlock" else Purpose.RESET
    accounts.send_account_code(purpose=purpose.value, login=form["login"], by=request.actor)
    return _show(request, 2, form)


def _reset(request: PageRequest, form: Typed) -> HttpResponse:
    if form["do"] == "unlock":
        name = sessions.device_name(request)
        token = accounts.unlock(login=form["login"], code=form["code"], name=name, address=request.actor.address)
        response = _done(request, "已解除登录限制，请用原来的密码登录。")
        sessions.put_device(response, token)
        return response
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        raise Invalid.at("again", "两次输入的密码不一致，请重新输入")
    accounts.reset_password(login=form["login"], code=form["code"], password=password, by=request.actor)
    return _done(request, "新密码已生效，请用新密码登录。原来登录的设备都已退出。")


def _done(request: PageRequest, sentence: str) -> HttpResponse:
    return render(request, "web/account/forgot_done.html", {"stages": stages(STEPS, len(STEPS)), "sentence": sentence})


def _show(request: PageRequest, step: int, form: Typed, *, reason: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "stages": stages(STEPS, step - 1),
        "step": step,
        "form": form,
        "reason": reason,
        "unlocking": form["do"] == "unlock",
    }
    if step == 1:
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
            actor = request.actor
            sessions.open_session(request, account, way=actor.way, person=actor.person, unit=actor.unit)
            say(request, "密码已修改，其他设备都已退出登录。")
            return HttpResponseRedirect(reverse("landing", args=[request.here.code]))
        except Invalid as error:
            form, status = form.with_faults(error), 422
        except TooMany as error:
            reason, status = error.sentence, 429
    shell = "web/shells/workbench.html" if request.capacity else "web/shells/personal.html"
    return render(request, "web/account/password.html", {"form": form, "reason": reason, "shell": shell}, status=status)
