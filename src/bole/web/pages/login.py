"""The log-in box, logging in by the two ways, choosing a unit, giving the password again, logging out (NX-02)."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from bole.accounts import actions as accounts
from bole.accounts.models import Account
from bole.kernel.actors import Way
from bole.kernel.errors import Fault, Invalid, Refused, TooMany
from bole.organizations import queries as organizations
from bole.organizations.terms import Capacity
from bole.people import queries as people
from bole.web import areas, sessions
from bole.web.doors import for_units, public, without_unit
from bole.web.pages.captcha import fresh
from bole.web.requests import PageRequest, posted_id
from bole.web.shapes import Typed

_PURPOSE = "log-in"


def login_box(request: PageRequest, form: Typed | None = None, reason: str = "") -> dict[str, Any]:
    """What the template web/portal/login_box.html needs: a form and a new captcha."""
    shown = form or Typed({"next": next_address(request, request.GET.get("next", ""))})
    return {
        "login_form": shown,
        "captcha": fresh(_PURPOSE),
        "captcha_fault": shown.fault_of("captcha"),
        "reason": reason,
    }


def next_address(request: PageRequest, wanted: str) -> str:
    """Where to go after a log-in: an address of this very server, or nothing (no open redirect)."""
    local = wanted.startswith("/") and wanted.isprintable()
    safe = local and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe and len(wanted) <= 500 else ""


@require_http_methods(["GET", "POST"])
@public
def login(request: PageRequest) -> HttpResponse:
    """「会员登录」. The answer to a wrong password is the same for known and unknown numbers (AC-09)."""
    if request.method == "GET":
        if request.account is not None:
            wanted = next_address(request, request.GET.get("next", ""))
            return HttpResponseRedirect(wanted or reverse("landing", args=[request.here.code]))
        return render(request, "web/account/login.html", login_box(request))
    form = Typed.posted(request.POST, "password", "captcha")
    try:
        _demand_filled(request, form)
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


def _demand_filled(request: PageRequest, form: Typed) -> None:
    words = {"login": "请填写证件号码", "password": "请填写密码", "captcha": "请填写验证码"}
    faults = [Fault(at, say) for at, say in words.items() if not request.POST.get(at, "").strip()]
    if faults:
        raise Invalid(*faults)


def _again(request: PageRequest, form: Typed, status: int, reason: str = "") -> HttpResponse:
    return render(request, "web/account/login.html", login_box(request, form, reason), status=status)


def _enter(request: PageRequest, account: Account, form: Typed) -> HttpResponse:
    """Open the session of the chosen way. Raises Refused with why this way is closed and what to do."""
    site = request.here.code
    if form["way"] == "unit":
        organizations.may_enter_unit_way(account.pk, login=account.login, name=account.name).demand()
        found = _capacities(account, site)
        if not found:
            raise Refused("您的单位权限不在这个办事大厅。请回到首页，选择单位所在地区的办事大厅登录。")
        capacity = found[0] if len(found) == 1 else None
        sessions.open_session(request, account, way=Way.UNIT, person=None, unit=capacity.unit if capacity else None)
        home = areas.landing(Way.UNIT, capacity, site) if capacity else reverse("choose-unit", args=[site])
        stay = False
    else:
        person = people.person_of(account.pk)
        if person is None:
            raise Refused("这个账号没有个人档案，不能以「个人」方式登录。请选择「单位」方式登录。")
        sessions.open_session(request, account, way=Way.PERSON, person=person.pk, unit=None)
        home, stay = areas.landing(Way.PERSON, None, site), form["remember"] == "1"
    response = HttpResponseRedirect(next_address(request, form["next"]) or home)
    sessions.know_device(request, response, account, stay=stay)
    return response


def _capacities(account: Account, site: str) -> list[Capacity]:
    return [each for each in organizations.capacities(account.pk) if each.site == site]


@require_http_methods(["GET", "POST"])
@for_units
@without_unit
def choose_unit(request: PageRequest) -> HttpResponse:
    """One account may act for several units; which one is chosen here and shown on every page."""
    assert request.account is not None  # noqa: S101  # the door lets nobody else in
    found = _capacities(request.account, request.here.code)
    if request.method == "POST":
        wanted = posted_id(request, "unit")
        chosen = next((each for each in found if each.unit == wanted), None)
        if chosen is None:
            raise Refused("您在这个单位没有权限，可能刚刚被解除。请重新选择。")
        sessions.choose_unit(request, chosen.unit)
        return HttpResponseRedirect(areas.landing(Way.UNIT, chosen, request.here.code))
    return render(request, "web/account/choose_unit.html", {"capacities": found})


@require_http_methods(["GET", "POST"])
def assure(request: PageRequest) -> HttpResponse:
    """The password once more, for a session that a remembered device resumed."""
    form, status = Typed({"next": next_address(request, request.GET.get("next", ""))}), 200
    if request.method == "POST":
        form = Typed.posted(request.POST, "password")
        try:
            accounts.confirm_password(password=request.POST.get("password", ""), by=request.actor)
            sessions.assure(request)
            wanted = next_address(request, form["next"])
            return HttpResponseRedirect(wanted or reverse("landing", args=[request.here.code]))
        except Invalid as error:
            form, status = form.with_faults(error), 422
    return render(request, "web/account/assure.html", {"form": form}, status=status)


@require_POST
@public
def logout(request: PageRequest) -> HttpResponse:
    """「退出登录」: one log-out ends everything."""
    response = HttpResponseRedirect(reverse("home", args=[request.here.code]))
    sessions.log_out(request, response, request.actor)
    return response
