"""From the log-in to a capacity: 「选择身份」, the second factor where one is asked, and 「切换身份」 later (AC-12).

Between the log-in and the capacity the visitor is undecided: no page but these is open.
"""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods

from bole.accounts import actions as accounts
from bole.accounts.models import Account
from bole.accounts.terms import AccountKind
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Refused
from bole.organizations import queries as organizations
from bole.web import areas, capacities, sessions
from bole.web.capacities import Choice
from bole.web.doors import without_unit
from bole.web.requests import PageRequest

_NO_PERSON = "这个账号没有个人档案，不能以「个人」方式登录。请选择「单位」方式登录。"
_ELSEWHERE = "您的单位权限不在这个办事大厅。请回到首页，选择单位所在地区的办事大厅登录。"
_LOST = "您在这个单位没有权限，可能刚刚被解除。请重新选择。"


def local_address(wanted: str) -> str:
    """Where to go after a log-in: an address of this very server, or nothing (no open redirect)."""
    local = wanted.startswith("/") and wanted.isprintable()
    safe = local and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe and len(wanted) <= 500 else ""


def open_to(account: Account, way: str, site: str) -> list[Choice]:
    """What fits the way chosen in the log-in box. Raises Refused with why nothing does and what to do (NX-02)."""
    found = capacities.choices(account, site)
    if way == "unit":
        if account.kind == AccountKind.PERSON.value:
            organizations.may_enter_unit_way(account.pk, login=account.login, name=account.name).demand()
        fitting = [each for each in found if each.way is not Way.PERSON]
        if not fitting:
            raise Refused(_ELSEWHERE)
        return fitting
    fitting = [each for each in found if each.way is Way.PERSON]
    if not fitting:
        raise Refused(_NO_PERSON)
    return fitting


def begin(
    request: PageRequest, account: Account, found: list[Choice], *, wanted: str, stay: bool, weak: bool
) -> HttpResponse:
    """Open the session after a log-in by name, and go on.

    `stay` is 「两周内免登录」; `weak` when only a code sent to the phone was given, which is enough for persons and
    never for staff (GZ-08).
    """
    sessions.open_session(request, account, way=Way.UNIT, person=None, unit=None)
    request.session.update({"stay": stay, "weak": weak})
    return go_on(request, account, found, wanted=wanted)


def go_on(request: PageRequest, account: Account, found: list[Choice], *, wanted: str = "") -> HttpResponse:
    """Into the only capacity that fits, or to the choice; `wanted` is the page that was asked for before."""
    request.session["next"] = wanted
    if len(found) == 1:
        return take(request, account, found[0])
    return HttpResponseRedirect(reverse("choose-unit", args=[request.here.code]))


def take(request: PageRequest, account: Account, choice: Choice) -> HttpResponse:
    """Act in this capacity; where a second factor is asked and was not given in this session, to that page first."""
    site, session = request.here.code, request.session
    staff = choice.way is not Way.PERSON
    if staff and not session["assured"]:  # 「两周内免登录」 leads to the personal way alone
        back = urlencode({"next": reverse("choose-unit", args=[site])})
        return HttpResponseRedirect(f"{reverse('assure', args=[site])}?{back}")
    demanded = capacities.demands_factor(choice.way, account.pk) or (staff and session.get("weak"))
    if demanded and not session.get("factor"):
        session["wanted"] = choice.key
        return HttpResponseRedirect(reverse("second-factor", args=[site]))
    wanted, stay = str(session.pop("next", "")), session.pop("stay", None)
    sessions.enter(request, way=choice.way, person=choice.person, unit=choice.unit)
    accounts.note_capacity(
        by=Actor(
            way=choice.way,
            account=account.pk,
            name=account.name,
            person=choice.person,
            unit=choice.unit,
            site=site,
            address=request.actor.address,
        )
    )
    response = HttpResponseRedirect(wanted or areas.landing(choice.way, choice.capacity, site))
    if stay is not None:
        sessions.know_device(request, response, account, stay=stay and not staff)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@without_unit
def choose(request: PageRequest) -> HttpResponse:
    """「选择身份」 after the log-in, 「切换身份」 at any time: oneself, and each way of acting for each unit."""
    assert request.account is not None  # noqa: S101  # the door lets nobody else in
    found = capacities.choices(request.account, request.here.code)
    if request.method == "POST":
        wanted = request.POST.get("capacity", "")
        chosen = next((each for each in found if each.key == wanted), None)
        if chosen is None:
            raise Refused(_LOST)
        if not sessions.is_undecided(request.actor):
            request.session.pop("next", None)
        return take(request, request.account, chosen)
    context: dict[str, Any] = {
        "choices": found,
        "present": f"{request.actor.way.value}/{request.actor.unit or ''}",
        "undecided": sessions.is_undecided(request.actor),
    }
    return render(request, "web/account/choose_unit.html", context)
