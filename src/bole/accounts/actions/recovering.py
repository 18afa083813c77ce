"""「忘记密码」 and 「账号激活」: one way to a password for whoever reaches the phone on file, or holds a slip (JL-01).

Which of the two applies shows only after the code was right; strangers learn nothing (AC-09). Administrators may start
a reset and never see a secret that opens anything; a printed slip exists only where no phone is on file (AC-28).
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from bole.accounts import queries
from bole.accounts.actions import codes, limiter
from bole.accounts.actions.passwords import change, check_password, lift
from bole.accounts.events import AccountActivated, CodeIssued, ResetStarted
from bole.accounts.models import Account
from bole.accounts.terms import (
    CODE_PAUSE,
    CODE_TARGET,
    SLIP_LIFETIME,
    WRONG_CODE,
    Purpose,
    clean_phone,
)
from bole.audit import actions as audit
from bole.kernel.actors import Actor
from bole.kernel.clock import now
from bole.kernel.errors import Invalid, Refused
from bole.kernel.events import announce
from bole.kernel.ids import new_id

_NO_PHONE = "这个账号没有登记手机号码，无法发送。请打印一次性凭条，当面交给本人。"
_HAS_PHONE = "这个账号已登记手机号码，请用「发起密码重置」，一次性凭条会直接发给本人。"


@dataclass(frozen=True, slots=True)
class Recovered:
    """The account, and whether this was its activation."""

    account: Account
    activated: bool


def recover(
    *, purpose: str, login: str, code: str, password: str, phone: str = "", phone_code: str = "", by: Actor
) -> Recovered:
    """Set a password with the code sent to the registered phone, or with a slip; ends lock and all sessions.

    `purpose` is the one the code was sent for; a slip opens by its form. A phone proved by its own code is registered
    where none is on file. Raises Invalid at "password", "phone" or "code", the latter likewise when there is no such
    account; RuntimeError inside a transaction.
    """
    check_password(password, login=login)
    plain = _proved_phone(phone, phone_code)
    known = queries.account_named(login)
    index = queries.login_index(login)
    slip = "".join(sign for sign in code.upper() if sign.isalnum())
    if len(slip) == 10:
        codes.spend(Purpose.SLIP, known.login_index if known else index, slip)
    else:
        codes.spend(Purpose(purpose), index, code)
    if known is None or known.closed_at is not None:
        raise Invalid.at("code", WRONG_CODE)
    check_password(password, login=known.login, name=known.name, phone=known.phone or plain)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=known.pk)
        activated = not account.is_activated
        if plain and not account.phone:
            account.phone, account.phone_index = plain, queries.phone_index(plain)
            account.save(update_fields=["phone", "phone_index"])
            audit.record("accounts.phone.registered", by=by, kind="account", id=str(account.pk))
        change(account, password, "set" if activated else "reset", by)
        if activated:
            audit.record("accounts.account.made_own", by=by, kind="account", id=str(account.pk))
            announce(AccountActivated(account.pk, new_id()))
    return Recovered(account, activated)


def reset_password(*, login: str, code: str, password: str, by: Actor) -> Account:
    """「忘记密码」: `recover` with the code of Purpose.RESET."""
    return recover(purpose=Purpose.RESET.value, login=login, code=code, password=password, by=by).account


def activate(*, login: str, code: str, password: str, by: Actor) -> Account:
    """「账号激活」: `recover` with the code of Purpose.ACTIVATE."""
    return recover(purpose=Purpose.ACTIVATE.value, login=login, code=code, password=password, by=by).account


def start_reset(*, account: UUID, by: Actor) -> None:
    """Send the owner a slip to set a new password with, and tell them who started it; the old password stays good.

    The caller has asked whether `by` may. Raises Refused without a phone on file, TooMany; RuntimeError inside a
    transaction.
    """
    by.demand_fresh()
    known = queries.account(account)
    if not known.phone:
        raise Refused(_NO_PHONE)
    limiter.reserve(CODE_PAUSE, f"{Purpose.SLIP}/{known.login_index}")
    limiter.reserve(CODE_TARGET, known.login_index)
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account)
        slip = codes.issue_slip(row, by)
        lift(row)
        audit.record("accounts.reset.started", by=by, kind="account", id=str(account))
        announce(CodeIssued(known.phone, slip, Purpose.SLIP.value, now() + SLIP_LIFETIME, new_id()))
        announce(ResetStarted(row.pk, by.name, new_id()))


def issue_activation_slip(*, account: UUID, by: Actor) -> str:
    """A slip to print and hand over, only for an account without a phone; good for 24 hours, once.

    The caller has asked whether `by` may. Raises Refused where a phone is on file.
    """
    by.demand_fresh()
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account)
        if row.phone:
            raise Refused(_HAS_PHONE)
        slip = codes.issue_slip(row, by)
        announce(ResetStarted(row.pk, by.name, new_id()))
    return slip


def _proved_phone(phone: str, code: str) -> str:
    """The phone in its stored form, if its code is right; blank when none was given."""
    if not phone.strip():
        return ""
    plain = clean_phone(phone)
    try:
        codes.check_code(purpose=Purpose.PHONE, phone=plain, code=code)
    except Invalid:
        raise Invalid.at("phone_code", WRONG_CODE) from None
    return plain
