"""「用人单位注册入口」: the checked registration, or the way to the service that registers units (SZ-01, HA-07)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bole.accounts import actions as accounts
from bole.accounts.terms import Purpose
from bole.definitions import queries as definitions
from bole.kernel.actors import Way
from bole.kernel.errors import Absent, BoleError, Fault, Invalid, Refused, TooMany
from bole.organizations.terms import UnitsCome
from bole.people import actions as people
from bole.web.answers import status_of
from bole.web.doors import public
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

_UNIT = ("organization_code", "insurance_number", "name", "number", "computer_number", "email", "user_name")
_REST = ("telephone", "phone", "code")
# Where the page shows a fault that the action names otherwise.
_PLACES = {"kind": "number", "login": "number", "alias": "user_name"}


@require_http_methods(["GET", "HEAD", "POST"])
@public
def entry(request: PageRequest) -> HttpResponse:
    """The form of 「单位用户注册」 where units are checked; elsewhere how units come to be on this site."""
    if UnitsCome.CHECKED not in request.here.units:
        return render(request, "web/registration/units.html", {"ways": _ways(request), "services": _services(request)})
    if request.method != "POST":
        return _show(request, Typed({}))
    form = Typed.posted(request.POST, "password", "again")
    try:
        if form["do"] == "send":
            accounts.send_code(purpose=Purpose.REGISTER.value, phone=form["phone"], by=request.actor)
            return _show(request, form, sent=True)
        return _register(request, form)
    except Invalid as wrong:
        faults = [Fault(_PLACES.get(each.at, each.at), each.say) for each in wrong.faults]
        return _show(request, form.with_faults(faults), status=422)
    except (TooMany, Refused) as refused:
        note_refusal(request, refused)
        return _show(request, form, reason=refused, status=status_of(refused))


def _register(request: PageRequest, form: Typed) -> HttpResponse:
    password = request.POST.get("password", "")
    if not _known(request) and password != request.POST.get("again", ""):
        raise Invalid.at("again", "两次输入的密码不一致，请重新输入")
    done = people.found_unit(
        site=request.here.code,
        **{name: form[name] for name in (*_UNIT, *_REST)},
        password=password,
        by=request.actor,
    )
    return render(request, "web/registration/unit_done.html", {"done": done})


def _known(request: PageRequest) -> bool:
    return request.actor.way is Way.PERSON and request.actor.person is not None


def _show(
    request: PageRequest, form: Typed, *, sent: bool = False, reason: BoleError | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "sent": sent,
        "own": _known(request),
        "reason": reason.sentence if reason else "",
    }
    return render(request, "web/registration/unit.html", context, status=status)


def _ways(request: PageRequest) -> list[str]:
    return [way.value for way in request.here.units]


def _services(request: PageRequest) -> list[tuple[str, str]]:
    """The services that register a unit on this site, as (code, name)."""
    return [
        (each.service, each.name)
        for each in definitions.catalogue_of(request.here.code)
        if each.service.startswith("unit-registration-")
    ]


@require_safe
@public
def service(request: PageRequest, service: str) -> HttpResponse:
    """What a registration that is approved needs, and the way in: an account of one's own first (HA-07)."""
    found = next((each for each in definitions.catalogue_of(request.here.code) if each.service == service), None)
    if found is None or not service.startswith("unit-registration-"):
        raise Absent("没有这个注册入口，请从首页重新进入。")
    if _known(request):
        return redirect("start", request.here.code, service)
    return render(request, "web/registration/service.html", {"service": found})
