"""Logging in with an identity provider (电子社保卡, 统一身份认证), registering with what it said, binding, leaving."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from bole.accounts import actions as accounts
from bole.accounts.actions import federation
from bole.accounts.actions.federation import Assertion, Provider, ProviderDown
from bole.accounts.models import Account
from bole.accounts.terms import LOG_IN_ADDRESS, Purpose
from bole.kernel.actors import Way
from bole.kernel.errors import BoleError, Fault, Invalid, Refused, TooMany
from bole.organizations.terms import PersonsCome
from bole.people import actions as people
from bole.standards.terms import IdentityKind
from bole.web import capacities, flash, sessions
from bole.web import federation as kept
from bole.web.doors import public, stepped_up
from bole.web.pages.account import entering
from bole.web.pages.login import login_box
from bole.web.requests import PageRequest, posted_id
from bole.web.shapes import Typed

_ANSWER = ("state", "code", "iss", "error")
_NOTHING_HERE = "您的账号在这个办事大厅没有可用的身份。请从首页选择您所在地区的办事大厅。"


@require_POST
@public
def start(request: PageRequest, provider: str) -> HttpResponse:
    """To the provider, to log in there."""
    chosen = federation.provider(provider, request.here.code)
    try:
        return _depart(request, chosen, wanted=entering.local_address(request.POST.get("next", "")))
    except BoleError as error:
        return _to_login(request, error)


@require_POST
@stepped_up
def bind(request: PageRequest, provider: str) -> HttpResponse:
    """「绑定」 on 「账号与安全」: to the provider, to show who one is there."""
    chosen = federation.provider(provider, request.here.code)
    wanted = entering.local_address(request.POST.get("next", ""))
    try:
        return _depart(request, chosen, wanted=wanted, binds=True)
    except BoleError as error:
        flash.say(request, error.sentence)
        return HttpResponseRedirect(wanted or reverse("landing", args=[request.here.code]))


def _depart(request: PageRequest, provider: Provider, *, wanted: str, binds: bool = False) -> HttpResponse:
    if request.actor.address:
        accounts.reserve(LOG_IN_ADDRESS, request.actor.address)
    back = request.build_absolute_uri(reverse("federation-return", args=[request.here.code, provider.code]))
    departure = federation.depart(provider=provider, back=back, by=request.actor)
    kept.remember_departure(request, provider, departure, wanted=wanted, binds=binds)
    return kept.send_away(request, provider.name, departure.address, f"正在前往「{provider.name}」")


@require_GET
@public
def arrive(request: PageRequest, provider: str) -> HttpResponse:
    """Back from the provider: into the account, to the registration, or told what to do."""
    chosen = federation.provider(provider, request.here.code)
    try:
        departure, wanted, binds = kept.take_departure(request, chosen, request.GET.get("state", ""))
        answer = {name: request.GET[name] for name in _ANSWER if name in request.GET}
        if any(len(request.GET.getlist(name)) > 1 for name in answer):
            raise Refused(f"「{chosen.name}」的回复有误，没有让您登录。请重新选择。")
        assertion = federation.arrive(provider=chosen, departure=departure, answer=answer, by=request.actor)
        if binds:
            return _bound(request, assertion, binds, wanted)
        account = federation.log_in_by_identity(
            assertion=assertion,
            device=request.COOKIES.get(sessions.device_cookie()),
            address=request.actor.address,
        )
        if account is None:
            return _unknown(request, assertion, wanted)
        return _enter(request, account, assertion, wanted)
    except BoleError as error:
        return _to_login(request, error)


def _enter(request: PageRequest, account: Account, assertion: Assertion, wanted: str) -> HttpResponse:
    """Open the session; the capacity is chosen as after a password."""
    found = capacities.choices(account, request.here.code)
    if not found:
        raise Refused(_NOTHING_HERE)
    sessions.open_session(request, account, way=Way.UNIT, person=None, unit=None)
    # Without an assurance that counts as second factor this is one factor: enough for persons, never for staff.
    request.session.update({"stay": False, "weak": not assertion.factor})
    kept.mark_session(request, assertion)
    return entering.go_on(request, account, found, wanted=wanted)


def _unknown(request: PageRequest, assertion: Assertion, wanted: str) -> HttpResponse:
    """Nobody has this identity yet: to the registration where persons register themselves, else told the way."""
    context = {"name": assertion.provider_name, "policy": request.here.persons.value}
    if not assertion.number:
        return render(request, "web/account/federation_unbound.html", context)
    if request.here.persons is not PersonsCome.THEMSELVES:
        return render(request, "web/account/federation_unknown.html", context)
    kept.remember_newcomer(request, assertion, wanted)
    return HttpResponseRedirect(reverse("federation-register", args=[request.here.code]))


def _bound(request: PageRequest, assertion: Assertion, account: str, wanted: str) -> HttpResponse:
    if str(request.actor.account or "") != account:
        raise Refused("您的登录已过期，没有绑定。请重新登录后再绑定。")
    address = wanted or reverse("landing", args=[request.here.code])
    try:
        federation.bind_identity(assertion=assertion, by=request.actor)
        flash.say(request, f"已绑定「{assertion.provider_name}」，以后可以用它登录。")
    except Refused as error:
        flash.say(request, error.sentence)
    return HttpResponseRedirect(address)


def _to_login(request: PageRequest, error: BoleError) -> HttpResponse:
    """The log-in page with the reason, so that another way in is at hand; a bound account sees it where it was."""
    if request.account is not None:
        flash.say(request, error.sentence)
        return HttpResponseRedirect(reverse("landing", args=[request.here.code]))
    status = 503 if isinstance(error, ProviderDown) else 429 if isinstance(error, TooMany) else 403
    response = render(request, "web/account/login.html", login_box(request, None, error.sentence), status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@public
def register(request: PageRequest) -> HttpResponse:
    """Registration with number and name as the provider told them; phone and password are one's own."""
    try:
        assertion, wanted = kept.newcomer(request)
    except Refused as error:
        return _to_login(request, error)
    if request.method != "POST":
        return _form(request, assertion, Typed({"phone": assertion.phone}))
    form = Typed.posted(request.POST, "password", "again")
    try:
        if form["do"] == "send":
            accounts.send_code(purpose=Purpose.REGISTER.value, phone=form["phone"], by=request.actor)
            return _form(request, assertion, form, sent=True)
        return _registered(request, assertion, wanted, form)
    except Invalid as error:
        return _form(request, assertion, form.with_faults(error), status=422)
    except TooMany as error:
        return _form(request, assertion, form, reason=error.sentence, status=429)


def _registered(request: PageRequest, assertion: Assertion, wanted: str, form: Typed) -> HttpResponse:
    password = request.POST.get("password", "")
    faults = []
    if not (form["code"].isascii() and form["code"].isdigit() and len(form["code"]) == 6):
        faults.append(Fault("code", "请填写短信中的 6 位数字"))
    if password != request.POST.get("again", ""):
        faults.append(Fault("again", "两次输入的密码不一致，请重新输入"))
    if form["agreed"] != "1":
        faults.append(Fault("agreed", "请阅读个人信息保护说明，并勾选「已阅读」"))
    if faults:
        raise Invalid(*faults)
    done = people.register_person(
        site=request.here.code,
        kind=IdentityKind.RESIDENT.value,
        number=assertion.number,
        name=assertion.name,
        phone=form["phone"],
        code=form["code"],
        password=password,
        by=request.actor,
    )
    account = federation.log_in_by_identity(assertion=assertion, device=None, address=request.actor.address)
    if account is not None:
        return _enter(request, account, assertion, wanted)
    return render(request, "web/account/federation_registered.html", {"sentence": done.sentence})


def _form(
    request: PageRequest,
    assertion: Assertion,
    form: Typed,
    *,
    sent: bool = False,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"assertion": assertion, "form": form, "sent": sent, "reason": reason}
    response = render(request, "web/account/federation_register.html", context, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def unbind(request: PageRequest) -> HttpResponse:
    """「解除绑定」: asks first, then takes the link away."""
    site = request.here.code
    wanted = entering.local_address(request.POST.get("next", "") or request.GET.get("next", ""))
    listed = federation.linked_identities(account=request.actor.who, site=site)
    bound = [each for each in listed if each.id is not None]
    if request.method == "POST":
        identity = posted_id(request, "identity")
        chosen = next((each for each in bound if each.id == identity), None)
        if chosen is not None and chosen.id is not None:
            federation.unbind_identity(identity=chosen.id, by=request.actor)
            flash.say(request, f"已解除「{chosen.name}」的绑定。")
        return HttpResponseRedirect(wanted or reverse("landing", args=[site]))
    asked = next((each for each in bound if str(each.id) == request.GET.get("identity", "")), None)
    if asked is None:
        raise Refused("没有找到这个绑定，它可能已经解除。请回到「账号与安全」查看。")
    return render(request, "web/account/federation_unbind.html", {"identity": asked, "next": wanted})


@require_safe
@public
def left(request: PageRequest) -> HttpResponse:
    """Where the provider sends who has logged out there too."""
    return render(request, "web/account/federation_left.html", {"still": request.account is not None})
