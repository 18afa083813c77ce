"""通行密钥 (WebAuthn): registering one and proving with one. The challenge is good once, for one account and purpose.

Which server and origin the browser must have spoken to (`rp_id`, `origin`) is said by the pages, from the request.
"""

import json
from hmac import compare_digest
from typing import Any
from uuid import UUID

import webauthn
from django.db import IntegrityError, transaction
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bole.accounts.actions import limiter
from bole.accounts.actions.factors import demand_room, finish, note_change
from bole.accounts.models import Account, Challenge, Factor
from bole.accounts.terms import CAPTCHA_LIFETIME, FACTOR, FACTOR_NAMES, FactorKind
from bole.kernel import sealing
from bole.kernel.actors import Actor
from bole.kernel.clock import now
from bole.kernel.errors import Invalid
from bole.kernel.ids import new_id

_NOT_MADE = "通行密钥没有添加成功。请重新点「添加通行密钥」，按浏览器的提示操作。"


def begin_passkey(*, rp_id: str, rp_name: str, by: Actor) -> str:
    """What the browser needs to make a passkey, as JSON. Raises Refused when not fresh or when there are too many."""
    by.demand_fresh()
    account = Account.objects.get(pk=by.who)
    demand_room(account)
    options = webauthn.generate_registration_options(
        rp_id=rp_id,
        rp_name=rp_name,
        user_id=account.pk.bytes,
        user_name=account.name,
        user_display_name=account.name,
        challenge=_challenge("register", by),
        exclude_credentials=_descriptors(by.who),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return options_to_json(options)


def finish_passkey(*, answer: str, name: str, rp_id: str, origin: str, by: Actor) -> Factor:
    """Take what the browser made; the passkey is a second factor from now on, and its owner is told.

    Raises Invalid at "passkey" for another origin, server or challenge and for whatever is no passkey; Refused when
    not fresh; RuntimeError inside a transaction.
    """
    by.demand_fresh()
    challenge = _spent(answer, "register", by)
    if challenge is None:
        raise Invalid.at("passkey", _NOT_MADE)
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=rp_id, expected_origin=origin
        )
    except (WebAuthnException, ValueError):
        raise Invalid.at("passkey", _NOT_MADE) from None
    try:
        with transaction.atomic():
            account = Account.objects.select_for_update().get(pk=by.who)
            demand_room(account)
            row = Factor.objects.create(
                account=account,
                kind=FactorKind.PASSKEY.value,
                name=name.strip()[:60] or FACTOR_NAMES[FactorKind.PASSKEY],
                secret=bytes_to_base64url(made.credential_public_key),
                credential=bytes_to_base64url(made.credential_id),
                uses=made.sign_count,
                made_at=now(),
                confirmed_at=now(),
            )
            note_change(row, "added", by)
    except IntegrityError:
        raise Invalid.at("passkey", "这个通行密钥已经添加过了。") from None
    return row


def begin_passkey_proof(*, rp_id: str, by: Actor) -> str:
    """What the browser needs to prove with one of the actor's passkeys, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=rp_id, challenge=_challenge("prove", by), allow_credentials=_descriptors(by.who)
    )
    return options_to_json(options)


def check_passkey(*, answer: str, rp_id: str, origin: str, by: Actor) -> None:
    """The proof with one of the actor's passkeys. A counter that does not grow is the sign of a copy, and refused.

    Raises Invalid at "code", TooMany after three wrong ones; RuntimeError inside a transaction.
    """
    attempt = limiter.reserve(FACTOR, str(by.who))
    challenge = _spent(answer, "prove", by)
    with transaction.atomic(durable=True):
        row = _factor_of(answer, by.who)
        right = challenge is not None and row is not None and _proves(row, answer, challenge, rp_id, origin)
    finish(attempt, right, FactorKind.PASSKEY.value, by)


def _proves(row: Factor, answer: str, challenge: bytes, rp_id: str, origin: str) -> bool:
    try:
        proved = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=base64url_to_bytes(row.secret),
            credential_current_sign_count=row.uses,
        )
    except (WebAuthnException, ValueError):
        return False
    row.uses, row.used_at = proved.new_sign_count, now()
    row.save(update_fields=["uses", "used_at"])
    return True


def _factor_of(answer: str, account: UUID) -> Factor | None:
    credential = _parsed(answer).get("id")
    if not isinstance(credential, str):
        return None
    rows = Factor.objects.select_for_update().filter(account_id=account, kind=FactorKind.PASSKEY.value)
    return rows.filter(credential=credential).first()


def _descriptors(account: UUID) -> list[PublicKeyCredentialDescriptor]:
    rows = Factor.objects.filter(account_id=account, kind=FactorKind.PASSKEY.value).order_by("made_at")
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential or "")) for row in rows]


def _challenge(purpose: str, by: Actor) -> bytes:
    """A new challenge; the row that remembers it hides it, and goes with the first answer."""
    key = new_id()
    value = sealing.mac(f"{key}|{purpose}|{by.who}".encode(), "accounts.passkey")
    Challenge.objects.create(id=key, answer_mac=value.hex(), expires_at=now() + CAPTCHA_LIFETIME)
    return key.bytes + value


def _spent(answer: str, purpose: str, by: Actor) -> bytes | None:
    """The challenge that the answer is to, if it was given for this and to this account, and never answered before."""
    response = _parsed(answer).get("response")
    try:
        said = response.get("clientDataJSON", "") if isinstance(response, dict) else ""
        challenge = bytes(parse_client_data_json(base64url_to_bytes(said)).challenge)
        key = UUID(bytes=challenge[:16])
    except (WebAuthnException, ValueError, TypeError, AttributeError):
        return None
    value = sealing.mac(f"{key}|{purpose}|{by.who}".encode(), "accounts.passkey")
    with transaction.atomic(durable=True):
        taken = Challenge.objects.filter(pk=key, answer_mac=value.hex(), expires_at__gt=now()).delete()[0] == 1
    return challenge if taken and compare_digest(challenge[16:], value) else None


def _parsed(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
