"""Where a log-in leads: the personal platform and the unit platform."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bole.organizations import actions as organizing
from bole.organizations import queries as organizations
from bole.organizations.terms import ROLE_NAMES
from bole.people import queries as people
from bole.web import areas
from bole.web.doors import assured, for_persons, for_units
from bole.web.flash import say
from bole.web.pages import personal
from bole.web.pages.staff import superior
from bole.web.requests import PageRequest


@require_safe
def landing(request: PageRequest) -> HttpResponse:
    """Straight to where the visitor's work is (NX-02, NX-12)."""
    return HttpResponseRedirect(areas.landing(request.actor.way, request.capacity, request.here.code))


@require_safe
@for_persons
def me(request: PageRequest) -> HttpResponse:
    """「个人平台」: the one thing to go on with, what is declared, the archive, the services, the messages."""
    unit = people.current_unit(request.actor.person) if request.actor.person else None
    assert request.account is not None  # noqa: S101  # the door lets nobody else in
    offers = [
        (each, each.title)
        for each in organizations.invitations_for(login=request.account.login, name=request.account.name)
    ]
    context: dict[str, Any] = {"here": "me", "unit": unit, "offers": offers, **personal.home(request)}
    return render(request, "web/account/me.html", context)


@require_POST
@for_persons
@assured
def answer_offer(request: PageRequest, id: UUID) -> HttpResponse:
    """Accept or decline what an authority wants to appoint the person to; the role lives from the acceptance on."""
    if request.POST.get("do") == "accept":
        organizing.accept_appointment(appointment=id, by=request.actor)
        say(request, "已接受授权。下次登录选择「单位」方式，即可办理单位业务。")
    else:
        organizing.decline_appointment(appointment=id, by=request.actor)
        say(request, "已谢绝这项授权。")
    return HttpResponseRedirect(reverse("me", args=[request.here.code]))


@require_safe
@for_units
def desk(request: PageRequest) -> HttpResponse:
    """「工作台」: what the roles in this unit open."""
    assert request.capacity is not None  # noqa: S101  # the door lets nobody in by the unit way without one
    unit = organizations.unit(request.capacity.unit)
    context = {
        "here": "desk",
        "roles": [ROLE_NAMES[role] for role in request.capacity.roles],
        "unit": unit,
        **superior.desk_facts(request, unit),
    }
    return render(request, "web/account/desk.html", context)
