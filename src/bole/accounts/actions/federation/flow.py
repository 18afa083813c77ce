"""The authorization code flow with PKCE: out to the provider, and back with who somebody is."""

import base64
import hashlib
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from bole.accounts.actions.federation import discovery, tokens
from bole.accounts.actions.federation.discovery import Metadata, Mistrusted
from bole.accounts.actions.federation.outbound import Unreachable
from bole.accounts.actions.federation.providers import Provider
from bole.accounts.terms import clean_phone
from bole.audit import actions as audit
from bole.kernel.actors import Actor
from bole.kernel.errors import BoleError, Invalid, Refused
from bole.standards import queries as standards
from bole.standards.terms import IdentityKind

_log = logging.getLogger("bole.accounts")


class ProviderDown(BoleError):
    """The provider does not answer, or not in a way that can be used."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody on the way to a provider. The address is for the browser; the rest stays in the session."""

    address: str
    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    back: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """Who somebody is, by the word of a provider: `issuer` and `subject` together, and nothing else, name the person.

    `number`, `name` and `phone` are blank unless the provider tells them all in usable form. `factor`: the provider
    vouches for a log-in that counts as second factor; `authenticated_at`: when it asked the person, in seconds, if it
    says so. `hint` is the identity token for the log-out, kept only when
    nothing in it tells who the person is, since it stands in an address.
    """

    provider: str
    provider_name: str
    issuer: str
    subject: str = field(repr=False)
    number: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    factor: bool = False
    authenticated_at: int | None = None
    hint: str = field(default="", repr=False)
    end_session: str = ""


def depart(*, provider: Provider, back: str, by: Actor) -> Departure:
    """Where to send the browser; `back` is the address to which the provider sends it again.

    Raises ProviderDown; RuntimeError inside a transaction.
    """
    metadata = _metadata(provider, by)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": " ".join(provider.scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if provider.acr_values:
        asked["acr_values"] = " ".join(provider.acr_values)
    if provider.max_age is not None:
        asked["max_age"] = str(provider.max_age)
    joint = "&" if "?" in metadata.authorization else "?"
    return Departure(metadata.authorization + joint + urlencode(asked), state, nonce, verifier, back)


def arrive(*, provider: Provider, departure: Departure, answer: Mapping[str, str], by: Actor) -> Assertion:
    """Who came back. `answer` are the parameters with which the provider sent the browser.

    Raises Refused when the person gave up or the answer is not to be believed, ProviderDown; RuntimeError inside a
    transaction.
    """
    metadata = _metadata(provider, by)
    try:
        _demand_own(provider, metadata, departure, answer)
        if answer.get("error"):
            raise Refused(_gave_up(provider, answer["error"]))
        code = answer.get("code", "")
        if not code:
            raise Mistrusted("no-code")
        got = tokens.exchange(provider, metadata, code=code, verifier=departure.verifier, back=departure.back)
        claims = tokens.read_identity(provider, got, nonce=departure.nonce)
        told = {**_further(provider, metadata, got, claims), **claims}
    except Mistrusted as wrong:
        _note(provider, wrong.why, by)
        raise Refused(_distrust(provider, wrong)) from None
    except Unreachable as wrong:
        raise _down(provider, wrong.why, by) from None
    hint = "" if provider.claims.personal & claims.keys() else got.identity
    number, name, phone = _personal(provider, told)
    return Assertion(
        provider=provider.code,
        provider_name=provider.name,
        issuer=provider.issuer,
        subject=claims["sub"],
        number=number,
        name=name,
        phone=phone,
        factor=claims.get("acr") in provider.factor_acr,
        authenticated_at=_seconds(claims.get("auth_time")),
        hint=hint,
        end_session=metadata.end_session,
    )


def leaving_address(*, provider: Provider, end_session: str, hint: str, back: str) -> str:
    """Where to send the browser so that the log-in at the provider ends too (RP-initiated log-out); blank for nowhere.

    Without the hint the provider asks the person to confirm.
    """
    if not end_session:
        return ""
    asked = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    if hint:
        asked["id_token_hint"] = hint
    return end_session + ("&" if "?" in end_session else "?") + urlencode(asked)


def _metadata(provider: Provider, by: Actor) -> Metadata:
    try:
        return discovery.metadata(provider)
    except (Unreachable, Mistrusted) as wrong:
        raise _down(provider, wrong.why, by) from None


def _demand_own(provider: Provider, metadata: Metadata, departure: Departure, answer: Mapping[str, str]) -> None:
    """The answer belongs to this departure and comes from the provider that was asked (RFC 9207)."""
    if not compare_digest(answer.get("state", "").encode(), departure.state.encode()):
        raise Mistrusted("state")
    named = answer.get("iss")
    if named != provider.issuer and (named is not None or metadata.names_itself):
        raise Mistrusted("iss-parameter")


def _further(
    provider: Provider, metadata: Metadata, got: tokens.Tokens, claims: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Asked for only when something wanted is not in the identity token."""
    wanted = {*provider.claims.personal, provider.claims.verified} - {""}
    if not metadata.userinfo or wanted <= claims.keys():
        return {}
    return tokens.read_userinfo(provider, metadata, got, subject=claims["sub"])


def _personal(provider: Provider, told: Mapping[str, Any]) -> tuple[str, str, str]:
    """Number, name and phone in stored form; all blank when number or name is missing, wrong or not verified."""
    names = provider.claims
    number, name, phone = (_text(told, claim) for claim in (names.number, names.name, names.phone))
    if not (number and name) or (names.verified and told.get(names.verified) is not True):
        return "", "", ""
    try:
        number = standards.identity(IdentityKind.RESIDENT.value, number).number
    except Invalid:
        return "", "", ""
    try:
        phone = clean_phone(phone) if phone else ""
    except Invalid:
        phone = ""
    return number, " ".join(name.split()), phone


def _text(told: Mapping[str, Any], claim: str) -> str:
    value = told.get(claim) if claim else ""
    return value.strip()[:100] if isinstance(value, str) else ""


def _seconds(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _gave_up(provider: Provider, error: str) -> str:
    if error == "access_denied":
        return f"您取消了「{provider.name}」登录。可以重新选择，或用密码登录。"
    return f"「{provider.name}」没有完成登录。请重新选择，或用密码登录。"


def _distrust(provider: Provider, wrong: Mistrusted) -> str:
    if isinstance(wrong, tokens.Spent):
        return f"这次「{provider.name}」登录已过期或已经用过。请重新选择「{provider.name}」登录。"
    if wrong.why in ("acr", "auth_time"):
        return f"「{provider.name}」这次的登录方式不够安全，或登录时间太久。请在那里重新登录后再来。"
    return f"「{provider.name}」返回的登录结果没有通过检查，没有让您登录。请重新选择；仍不行时请用密码登录。"


def _down(provider: Provider, why: str, by: Actor) -> ProviderDown:
    _note(provider, why, by)
    return ProviderDown(f"暂时连接不上「{provider.name}」。请稍后再试，或用密码登录。")


def _note(provider: Provider, why: str, by: Actor) -> None:
    """For the people who look after the platform: which provider and which check, nothing of the person."""
    _log.warning("identity provider %s: %s", provider.code, why)
    audit.record_refusal(
        "accounts.identity.asserted", by=by, kind="identity-provider", id=provider.code, detail={"why": why}
    )
