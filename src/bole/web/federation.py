"""What a session remembers of a log-in by an identity provider: who is on the way, who is new, how to leave again."""

import base64
import json
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from bole.accounts.actions import federation
from bole.accounts.actions.federation import Assertion, Departure, Provider
from bole.kernel import sealing
from bole.kernel.clock import now
from bole.kernel.errors import Absent, Refused
from bole.organizations.terms import Site

_AWAY = "federation-away"
_NEW = "federation-new"
_HERE = "federation"
_LONGEST = 600  # seconds for the way there and back
_NEW_LONGEST = 1200  # seconds for filling in the registration
_MOST = 3  # windows in which somebody may be on the way at once
_PLACE = "web.federation.new"
_LATE = "这次登录已过期，或已在别的窗口完成。请回到登录页重新选择。"


def remember_departure(
    request: HttpRequest, provider: Provider, departure: Departure, *, wanted: str, binds: bool = False
) -> None:
    """Keep what must be known again when the browser comes back. `binds`: the account is to be bound, not entered."""
    session = request.session
    kept = {state: each for state, each in session.get(_AWAY, {}).items() if each["until"] > _moment()}
    kept[departure.state] = {
        "provider": provider.code,
        "nonce": departure.nonce,
        "verifier": departure.verifier,
        "back": departure.back,
        "next": wanted,
        "binds": session.get("account", "") if binds else "",
        "until": _moment() + _LONGEST,
    }
    session[_AWAY] = dict(list(kept.items())[-_MOST:])


def take_departure(request: HttpRequest, provider: Provider, state: str) -> tuple[Departure, str, str]:
    """The departure, the page wanted, the account to be bound (blank for a log-in); each is taken once.

    Raises Refused when this browser is not, or no longer, on its way to this provider.
    """
    kept = dict(request.session.get(_AWAY, {}))
    found = kept.pop(state, None)
    if found is None:
        raise Refused(_LATE)
    request.session[_AWAY] = kept
    if found["provider"] != provider.code or found["until"] < _moment():
        raise Refused(_LATE)
    departure = Departure("", state, found["nonce"], found["verifier"], found["back"])
    return departure, found["next"], found["binds"]


def remember_newcomer(request: HttpRequest, assertion: Assertion, wanted: str) -> None:
    """Keep, sealed, whom the provider named while they register; under a new key."""
    said = json.dumps({**asdict(assertion), "next": wanted, "until": _moment() + _NEW_LONGEST})
    request.session[_NEW] = base64.b64encode(sealing.seal(said.encode(), _PLACE)).decode()
    request.session.cycle_key()


def newcomer(request: HttpRequest) -> tuple[Assertion, str]:
    """Whom the provider named, and the page wanted. Raises Refused when it was too long ago."""
    kept = request.session.get(_NEW)
    said: dict[str, Any] = json.loads(sealing.unseal(base64.b64decode(kept), _PLACE)) if kept else {"until": 0}
    if said.pop("until") < _moment():
        request.session.pop(_NEW, None)
        raise Refused(_LATE)
    wanted = str(said.pop("next"))
    return Assertion(**said), wanted


def mark_session(request: HttpRequest, assertion: Assertion) -> None:
    """The session just opened came by a provider: what it vouches for, and how to leave it again.

    Fresh, as grave acts ask for it, only as of the moment when the provider itself asked the person.
    """
    session = request.session
    session["proved_at"] = min(int(session.get("proved_at", 0)), assertion.authenticated_at or 0)
    session["factor"] = assertion.factor
    session[_HERE] = {
        "provider": assertion.provider,
        "hint": assertion.hint,
        "end_session": assertion.end_session,
    }


def leaving(request: HttpRequest, site: Site) -> tuple[str, str]:
    """The provider's name and where its log-in is ended; blank when there is nothing to end. Ask before the session
    is closed."""
    kept = request.session.get(_HERE)
    if not kept:
        return "", ""
    try:
        provider = federation.provider(kept["provider"], site.code)
    except Absent:  # taken out of the configuration meanwhile
        return "", ""
    back = request.build_absolute_uri(reverse("federation-left", args=[site.code]))
    address = federation.leaving_address(
        provider=provider, end_session=kept["end_session"], hint=kept["hint"], back=back
    )
    return provider.name, address


def send_away(request: HttpRequest, name: str, address: str, title: str) -> HttpResponse:
    """To another host, by a page that goes on by itself: what a form leads to must stay here (form-action 'self')."""
    response = render(request, "web/account/federation_away.html", {"name": name, "address": address, "title": title})
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _moment() -> int:
    return int(now().timestamp())
