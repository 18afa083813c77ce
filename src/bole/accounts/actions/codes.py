"""One-time codes: six digits to a phone, ten minutes, five tries, once. Slips: ten signs, a day, once."""

import secrets
from hmac import compare_digest

from django.db import transaction

from bole.accounts import queries
from bole.accounts.actions import limiter
from bole.accounts.actions.fixed import fixed
from bole.accounts.events import CodeIssued, CodeWithheld
from bole.accounts.models import Account, OneTimeCode
from bole.accounts.terms import (
    CLEAR_SIGNS,
    CODE_ADDRESS,
    CODE_LIFETIME,
    CODE_PAUSE,
    CODE_TARGET,
    CODE_TRIES,
    SLIP_LIFETIME,
    SLIP_TRIES,
    WRONG_CODE,
    Purpose,
    clean_phone,
)
from bole.audit import actions as audit
from bole.kernel import sealing
from bole.kernel.actors import Actor
from bole.kernel.clock import now
from bole.kernel.errors import Invalid
from bole.kernel.events import announce
from bole.kernel.ids import new_id


def send_code(*, purpose: str, phone: str, by: Actor, about: str = "") -> None:
    """Send a code to a phone that somebody typed. An earlier code for the same purpose ends.

    `about` names what exactly the code agrees to; it opens nothing else (AC-29).
    Raises Invalid at "phone", TooMany when codes are asked for too often; RuntimeError inside a transaction.
    """
    plain = clean_phone(phone)
    _issue(Purpose(purpose), queries.phone_index(plain), plain, by, about)


def send_account_code(*, purpose: str, login: str, by: Actor) -> None:
    """Send a code to the phone registered with an account, for somebody who cannot log in.

    Says and does the same whether or not there is such an account; the code of a stranger goes nowhere (AC-09).
    Raises TooMany; RuntimeError inside a transaction.
    """
    found = queries.account_named(login)
    _issue(Purpose(purpose), queries.login_index(login), found.phone if found else None, by)


def send_to_account(purpose: Purpose, account: Account, by: Actor) -> None:
    """Send a code to the registered phone of an account whose owner is logged in. Raises TooMany."""
    _issue(purpose, account.login_index, account.phone, by)


def check_code(*, purpose: str, phone: str, code: str, about: str = "") -> None:
    """Use up the code sent to this phone for this very thing. Raises Invalid at "code".

    Each call counts as a try and stays counted, so it refuses (RuntimeError) to run inside a transaction that could
    take that back: check the code last, then open the transaction.
    """
    spend(Purpose(purpose), queries.phone_index(clean_phone(phone)), code, about)


def _issue(purpose: Purpose, target: str, phone: str | None, by: Actor, about: str = "") -> None:
    if by.address:
        limiter.reserve(CODE_ADDRESS, by.address)
    limiter.reserve(CODE_PAUSE, f"{purpose}/{target}")
    limiter.reserve(CODE_TARGET, target)
    code = fixed.code or f"{secrets.randbelow(1_000_000):06d}"
    key, moment = new_id(), now()
    with transaction.atomic():
        OneTimeCode.objects.filter(purpose=purpose.value, target_index=target, ended_at=None).update(ended_at=moment)
        OneTimeCode.objects.create(
            id=key,
            purpose=purpose.value,
            target_index=target,
            code_mac=_mac(str(key), code, about),
            created_at=moment,
            expires_at=moment + CODE_LIFETIME,
        )
        audit.record("accounts.code.sent", by=by, kind="code", id=str(key), detail={"purpose": purpose.value})
        if phone:
            announce(CodeIssued(phone, code, purpose.value, moment + CODE_LIFETIME, key))
        else:
            announce(CodeWithheld(moment + CODE_LIFETIME, key))


def issue_slip(account: Account, by: Actor) -> str:
    """A one-time code of ten signs, good for 24 hours, that opens `recover`; a former one ends. Not sent by this.

    Runs inside the caller's transaction.
    """
    code = "".join(secrets.choice(CLEAR_SIGNS) for _ in range(10))
    key, moment = new_id(), now()
    rows = OneTimeCode.objects.filter(target_index=account.login_index, ended_at=None)
    rows.filter(purpose=Purpose.SLIP.value).update(ended_at=moment)
    OneTimeCode.objects.create(
        id=key,
        purpose=Purpose.SLIP.value,
        target_index=account.login_index,
        code_mac=_mac(str(key), code, ""),
        created_at=moment,
        expires_at=moment + SLIP_LIFETIME,
    )
    audit.record("accounts.slip.issued", by=by, kind="account", id=str(account.pk))
    return f"{code[:5]}-{code[5:]}"


def spend(purpose: Purpose, target: str, code: str, about: str = "") -> None:
    """Use up the open code for the target. Raises Invalid at "code"."""
    with transaction.atomic(durable=True):
        moment = now()
        row = (
            OneTimeCode.objects.select_for_update()
            .filter(purpose=purpose.value, target_index=target, ended_at=None, expires_at__gt=moment)
            .first()
        )
        right = row is not None and _try(row, code, about)
        if row is not None:
            if right or row.tries >= (SLIP_TRIES if purpose is Purpose.SLIP else CODE_TRIES):
                row.ended_at = moment
            row.save()
    if not right:
        raise Invalid.at("code", WRONG_CODE)


def _try(row: OneTimeCode, code: str, about: str) -> bool:
    row.tries += 1
    return compare_digest(_mac(str(row.pk), code.strip(), about), row.code_mac)


def _mac(key: str, code: str, about: str) -> str:
    """Six digits are soon guessed from a plain hash; without the key they are not."""
    return sealing.mac(f"{key}|{code}|{about}".encode(), "accounts.code").hex()
