"""From the code to who somebody is: the token request, the checks of the identity token, the further claims."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from joserfc import jws, jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import GuestProtocol, KeySet

from bole.accounts.actions.federation import discovery, outbound
from bole.accounts.actions.federation.discovery import Metadata, Mistrusted
from bole.accounts.actions.federation.providers import Provider
from bole.kernel.clock import now

_LEEWAY = 60  # seconds by which the two clocks may differ
_OLDEST = 600  # an identity token is read right after it was made
_MOST_SUBJECT = 255
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a code was exchanged for."""

    identity: str = field(repr=False)
    access: str = field(repr=False)


class Spent(Mistrusted):
    """The provider did not take the code: used before, too old, or not from this browser."""


def exchange(provider: Provider, metadata: Metadata, *, code: str, verifier: str, back: str) -> Tokens:
    """Trade the code in. Raises Spent, Mistrusted, Unreachable."""
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
    headers = {"Content-Type": _FORM}
    if provider.client_authentication == "client_secret_post":
        sent |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    else:
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    reply = outbound.fetch(
        provider, metadata.token, method="POST", headers=headers, body=urlencode(sent).encode("ascii")
    )
    if reply.status in (400, 401):
        wrong = discovery.read_object(reply.body).get("error")
        raise Spent("code") if wrong == "invalid_grant" else Mistrusted("token-request")
    said = discovery.read_json(reply)
    identity, access = said.get("id_token"), said.get("access_token")
    if not isinstance(identity, str) or not isinstance(access, str) or str(said.get("token_type")).lower() != "bearer":
        raise Mistrusted("token-answer")
    return Tokens(identity, access)


def read_identity(provider: Provider, tokens: Tokens, *, nonce: str) -> Mapping[str, Any]:
    """The claims of the identity token, each check of OpenID Connect Core 3.1.3.7 passed. Raises Mistrusted."""

    def of_provider(token: GuestProtocol) -> KeySet:
        kid = token.headers().get("kid")
        return discovery.keys(provider, kid if isinstance(kid, str) else None)

    # Headers that we do not know are ignored (RFC 7515), unless they call themselves critical.
    registry = jws.JWSRegistry(algorithms=provider.algorithms, strict_check_header=False)
    try:
        token = jwt.decode(tokens.identity, of_provider, registry=registry)
    except (JoseError, ValueError, TypeError, KeyError):
        raise Mistrusted("signature") from None
    _demand(provider, token.claims, nonce)
    _demand_same_access(token, tokens.access)
    return token.claims


def _demand(provider: Provider, claims: Mapping[str, Any], nonce: str) -> None:
    moment = int(now().timestamp())
    rules = jwt.JWTClaimsRegistry(
        now=moment,
        leeway=_LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        sub={"essential": True},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        rules.validate(dict(claims))
    except ClaimError as wrong:
        raise Mistrusted(wrong.claim) from None
    if claims["aud"] not in (provider.client_id, [provider.client_id]):  # nobody beside us is trusted
        raise Mistrusted("aud")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise Mistrusted("azp")
    if claims["nonce"] != nonce or len(claims["sub"]) > _MOST_SUBJECT:
        raise Mistrusted("nonce" if claims["nonce"] != nonce else "sub")
    if moment - claims["iat"] > _OLDEST + _LEEWAY:
        raise Mistrusted("iat")
    if provider.max_age is not None and not _recent(claims.get("auth_time"), moment, provider.max_age):
        raise Mistrusted("auth_time")
    if provider.acr_values and claims.get("acr") not in provider.acr_values:
        raise Mistrusted("acr")


def _recent(value: object, moment: int, most: int) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and -_LEEWAY <= moment - value <= most + _LEEWAY  # type: ignore[operator]  # a number by then


def _demand_same_access(token: jwt.Token, access: str) -> None:
    """Where the identity token names the access token that came with it, it must be that one."""
    told = token.claims.get("at_hash")
    if told is None:
        return
    kind = "sha" + str(token.header["alg"])[-3:] if str(token.header["alg"])[-3:].isdigit() else "sha512"
    half = hashlib.new(kind, access.encode()).digest()
    half = half[: len(half) // 2]
    if not hmac.compare_digest(base64.urlsafe_b64encode(half).rstrip(b"=").decode(), str(told)):
        raise Mistrusted("at_hash")


def read_userinfo(provider: Provider, metadata: Metadata, tokens: Tokens, *, subject: str) -> Mapping[str, Any]:
    """What the provider says beyond the identity token, of the same person. Raises Mistrusted, Unreachable."""
    headers = {"Authorization": f"Bearer {tokens.access}"}
    said = discovery.read_json(outbound.fetch(provider, metadata.userinfo, headers=headers))
    if said.get("sub") != subject:
        raise Mistrusted("userinfo")
    return said
