"""The second factor before a capacity, and the proof again before a grave act (C7).

An authenticator app, a passkey or a recovery code where one is set up; else a code to the registered phone. Passkeys
are the one thing here that needs the browser's script; every other way works without.
"""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bole.accounts import actions as accounts
from bole.accounts import queries as accounts_queries
from bole.accounts.terms import FactorKind
from bole.kernel.actors import STAFF, Actor
from bole.kernel.errors import BoleError, Invalid, Refused, TooMany
from bole.web import capacities, sessions
from bole.web.doors import without_unit
from bole.web.flash import say
from bole.web.pages.account import entering
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

_ENROL = "请到右上角「账号与安全」设置身份验证器或通行密钥，以后登录不再等短信，也更安全。"


def relying_party(request: PageRequest) -> tuple[str, str]:
    """The server and the origin that a passkey is bound to: those that the browser spoke to."""
    host = request.get_host()
    return urlsplit(f"//{host}").hostname or host, f"{request.scheme}://{host}"


def means(actor: Actor) -> dict[str, Any]:
    """How the visitor may prove who they are, for the page that asks."""
    found = accounts_queries.factors(actor.who)
    kinds = {each.kind for each in found}
    return {
        "totp": FactorKind.TOTP in kinds,
        "passkey": FactorKind.PASSKEY in kinds,
        "recovery": bool(found) and accounts_queries.recovery_codes_left(actor.who) > 0,
        "enrolled": bool(found),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@without_unit
def second_factor(request: PageRequest) -> HttpResponse:
    """「第二验证」: between the log-in and a capacity that asks for it."""
    account = request.account
    assert account is not None  # noqa: S101  # the door lets nobody else in
    site, wanted = request.here.code, request.session.get("wanted", "")
    choice = next((each for each in capacities.choices(account, site) if each.key == wanted), None)
    if choice is None:
        return HttpResponseRedirect(reverse("choose-unit", args=[site]))
    # Who came in by a code to the phone alone gives the password, or the second factor that was set up (GZ-08).
    offered = means(request.actor)
    by_password = bool(request.session.get("weak")) and not offered["enrolled"]
    form, status, reason, sent = Typed(), 200, "", False
    if request.method == "POST":
        form = Typed.posted(request.POST, "code", "password", "answer")
        try:
            if request.POST.get("do") == "send" and not by_password:
                accounts.send_factor_code(by=request.actor)
                sent = True
            else:
                _prove(request, by_password=by_password)
                if not offered["enrolled"] and choice.way in STAFF:
                    say(request, _ENROL)
                return entering.take(request, account, choice)
        except Invalid as error:
            form, status = form.with_faults(error), 422
        except (TooMany, Refused) as error:
            reason, status = error.sentence, _status(error)
    context = {
        **_forms(request, form),
        "reason": reason,
        "choice": choice,
        "sent": sent or form["sent"] == "1",
        "phone": account.phone or "",
        "offer_password": by_password,
        "offer_code": not by_password and not offered["enrolled"],
        **offered,
        **_passkey_options(request, offered),
    }
    return render(request, "web/account/second_factor.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def assure(request: PageRequest) -> HttpResponse:
    """The password, or a second factor, once more: for a remembered session, and before a grave act."""
    back = entering.local_address(request.GET.get("next", ""))
    form, status, reason = Typed({"next": back}), 200, ""
    if request.method == "POST":
        form = Typed.posted(request.POST, "password", "code", "answer")
        try:
            _prove(request, by_password=True, only=not request.actor.assured)
            wanted = entering.local_address(form["next"])
            return HttpResponseRedirect(wanted or reverse("landing", args=[request.here.code]))
        except Invalid as error:
            form, status = form.with_faults(error), 422
        except TooMany as error:
            reason, status = error.sentence, 429
    resumed = not request.actor.assured
    offered = {} if resumed else means(request.actor)  # a remembered device and a factor are no password
    context = {**_forms(request, form), "reason": reason, "resumed": resumed, **offered}
    context |= _passkey_options(request, offered)
    return render(request, "web/account/assure.html", context, status=status)


def _forms(request: PageRequest, form: Typed) -> dict[str, Typed]:
    """The form that was sent with its faults; recovery codes have one of their own, with ids of their own."""
    bare, spare = Typed(form.values), Typed(form.values, prefix="r")
    if request.POST.get("do") == "recovery":
        return {"form": bare, "spare": spare.with_faults(form.faults)}
    return {"form": form, "spare": spare}


def _passkey_options(request: PageRequest, offered: dict[str, Any]) -> dict[str, str]:
    if not offered.get("passkey"):
        return {}
    return {"options": accounts.begin_passkey_proof(rp_id=relying_party(request)[0], by=request.actor)}


def _prove(request: PageRequest, *, by_password: bool, only: bool = False) -> None:
    """Check the one thing that was given; `by_password`: the password counts, `only`: it alone. May raise Invalid."""
    do, code, by = request.POST.get("do", ""), request.POST.get("code", ""), request.actor
    if only or (by_password and do not in ("passkey", "recovery", "totp")):
        password = request.POST.get("password", "")
        if not password:
            raise Invalid.at("password", "请填写密码")
        accounts.confirm_password(password=password, by=by)
        sessions.assure(request, factor=bool(request.session.get("weak")))
        return
    if do == "passkey":
        rp_id, origin = relying_party(request)
        accounts.check_passkey(answer=request.POST.get("answer", ""), rp_id=rp_id, origin=origin, by=by)
    elif do == "recovery":
        accounts.check_recovery_code(code=code, by=by)
    elif do == "totp":
        accounts.check_totp(code=code, by=by)
    else:
        accounts.check_factor_code(code=code, by=by)
    sessions.assure(request, factor=True)


def _status(error: BoleError) -> int:
    return 429 if isinstance(error, TooMany) else 403
