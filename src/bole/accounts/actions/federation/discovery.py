"""What a provider says of itself, and its keys: asked for, checked, kept for a while."""

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bole.accounts.actions.federation import outbound
from bole.accounts.actions.federation.providers import Provider

_METADATA_KEPT = 3600.0
_KEYS_KEPT = 600.0  # a key that the provider withdrew is trusted no longer than this
_SUFFIX = "/.well-known/openid-configuration"


class Mistrusted(Exception):
    """What came back must not be believed. `why` is a word for log and ledger."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Metadata:
    """The addresses of a provider, each checked to lie on its hosts."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    end_session: str
    names_itself: bool


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    metadata: Metadata | None = None
    metadata_until: float = 0.0
    keys: KeySet | None = None
    keys_until: float = 0.0


_kept: dict[str, _Kept] = {}


def forget() -> None:
    """Ask everything again; for tests and a new configuration."""
    _kept.clear()


def metadata(provider: Provider) -> Metadata:
    """What the provider says of itself. Raises Unreachable, Mistrusted; RuntimeError inside a transaction."""
    kept = _kept.setdefault(provider.issuer, _Kept())
    with kept.lock:
        if kept.metadata is None or time.monotonic() > kept.metadata_until:
            said = read_json(outbound.fetch(provider, provider.issuer.rstrip("/") + _SUFFIX))
            kept.metadata = _checked(provider, said)
            kept.metadata_until = time.monotonic() + _METADATA_KEPT
        return kept.metadata


def keys(provider: Provider, kid: str | None) -> KeySet:
    """The provider's keys. A key that is not among those kept is new: they are asked for again.

    Raises Unreachable, Mistrusted; RuntimeError inside a transaction.
    """
    address = metadata(provider).keys
    kept = _kept.setdefault(provider.issuer, _Kept())
    with kept.lock:
        found = kept.keys
        unknown = found is not None and kid is not None and all(key.kid != kid for key in found)
        if found is None or unknown or time.monotonic() > kept.keys_until:
            found = kept.keys = _imported(read_json(outbound.fetch(provider, address)))
            kept.keys_until = time.monotonic() + _KEYS_KEPT
        return found


def read_json(reply: outbound.Reply) -> dict[str, Any]:
    """The object of a good answer. Raises Unreachable."""
    if reply.status != 200:
        raise outbound.Unreachable(f"status-{reply.status}")
    return read_object(reply.body)


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises Unreachable."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise outbound.Unreachable("no-json") from None
    if not isinstance(said, dict):
        raise outbound.Unreachable("no-json")
    return said


def _checked(provider: Provider, said: dict[str, Any]) -> Metadata:
    if said.get("issuer") != provider.issuer:  # to the letter: no slash more or less (mix-up)
        raise Mistrusted("issuer")
    if "code" not in _listed(said, "response_types_supported"):
        raise Mistrusted("no-code-flow")
    methods = _listed(said, "code_challenge_methods_supported")
    if methods and "S256" not in methods:
        raise Mistrusted("no-pkce")
    return Metadata(
        authorization=_address(provider, said, "authorization_endpoint"),
        token=_address(provider, said, "token_endpoint"),
        keys=_address(provider, said, "jwks_uri"),
        userinfo=_address(provider, said, "userinfo_endpoint", needed=False),
        end_session=_address(provider, said, "end_session_endpoint", needed=False),
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _listed(said: dict[str, Any], name: str) -> list[Any]:
    value = said.get(name)
    return value if isinstance(value, list) else []


def _address(provider: Provider, said: dict[str, Any], name: str, *, needed: bool = True) -> str:
    value = said.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or outbound.origin_of(value) not in provider.origins:
        raise Mistrusted(name)
    return value


def _imported(said: dict[str, Any]) -> KeySet:
    listed = [each for each in _listed(said, "keys") if isinstance(each, dict) and each.get("use", "sig") == "sig"]
    # A shared secret is no public key: whoever reads it could sign (algorithm confusion).
    usable = [each for each in listed if each.get("kty") in ("RSA", "EC", "OKP") and "d" not in each]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, TypeError, KeyError):
        raise Mistrusted("keys") from None
