"""Passwords: the one place that verifies them (AC-28), and how they are set."""

from functools import lru_cache
from uuid import UUID

from django.contrib.auth import hashers
from django.db import transaction

from bole.accounts import queries
from bole.accounts.actions import limiter
from bole.accounts.events import PasswordChanged
from bole.accounts.models import Account, AccountSession, Device, OneTimeCode
from bole.accounts.rules import password_faults
from bole.accounts.terms import CONFIRM, LOG_IN, LOG_IN_ACCOUNT, LOG_IN_DEVICE, HashedPassword
from bole.audit import actions as audit
from bole.kernel.actors import Actor
from bole.kernel.clock import now
from bole.kernel.errors import Invalid, Refused
from bole.kernel.events import announce
from bole.kernel.ids import new_id


def check_password(password: str, *, login: str = "", name: str = "", phone: str = "") -> None:
    """Demand that a new password is good enough. Raises Invalid at "password"."""
    faults = password_faults(password, login=login, name=name, phone=phone)
    if faults:
        raise Invalid(*faults)


def spend_password(password: str) -> None:
    """Do the work of storing a password and store nothing: so that the clock does not tell known from unknown."""
    hashers.make_password(password)


def hash_password(password: str) -> HashedPassword:
    """Hash a password that several accounts of a demonstration begin with. Raises Invalid at "password"."""
    check_password(password)
    return HashedPassword(hashers.make_password(password))


def matches(account: Account | None, password: str) -> bool:
    """Whether this is the account's password; the same work is done when there is no account or no password.

    Only behind `limiter.reserve`. An outdated hash is replaced by the way.
    """
    if account is None or not account.has_usable_password():
        hashers.check_password(password, _decoy(hashers.get_hasher().algorithm))
        return False
    return account.check_password(password)


@lru_cache(maxsize=4)
def _decoy(algorithm: str) -> str:
    """A hash that no password opens; made once per kind of hash."""
    return hashers.make_password(str(new_id()), hasher=algorithm)


def confirm_password(*, password: str, by: Actor) -> None:
    """The person behind a session gives the password again, before something that matters.

    Raises Invalid at "password", TooMany after three wrong ones.
    """
    account = _own(by)
    attempt = limiter.reserve(CONFIRM, str(account.pk))
    if not matches(account, password):
        audit.record_refusal(
            "accounts.password.confirmed", by=by, kind="account", id=str(account.pk), detail={"last": attempt.last}
        )
        raise Invalid.at("password", "密码错误")
    limiter.clear(CONFIRM, str(account.pk))


def set_password(*, old: str, new: str, by: Actor) -> Account:
    """Change one's own password. All sessions and remembered devices end; the caller opens a new session.

    Raises Invalid at "old" or "password", TooMany; RuntimeError inside a transaction.
    """
    try:
        confirm_password(password=old, by=by)
    except Invalid:
        raise Invalid.at("old", "原密码错误") from None
    known = _own(by)
    check_password(new, login=known.login, name=known.name, phone=known.phone or "")
    if new == old:
        raise Invalid.at("password", "新密码与原密码相同，请另设一个")
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=known.pk)
        if account.password != known.password:
            raise Invalid.at("old", "原密码错误")
        return change(account, new, "changed", by)


def _own(by: Actor) -> Account:
    if by.account is None:
        raise Refused("请先登录。")
    return queries.account(by.account)


def change(account: Account, password: str, verb: str, by: Actor) -> Account:
    """Store the password of a locked account: everything opened by the former one ends, locks and codes with it."""
    account.set_password(password)
    account.epoch += 1
    account.save(update_fields=["password", "epoch"])
    forget_remembered(account.pk)
    lift(account)
    OneTimeCode.objects.filter(target_index__in=queries.names_of(account), ended_at=None).update(ended_at=now())
    audit.record(f"accounts.password.{verb}", by=by, kind="account", id=str(account.pk))
    announce(PasswordChanged(account.pk, new_id()))
    return account


def forget_remembered(account: UUID) -> None:
    """What was opened by the former password is over: no log-in is listed any more, no device resumes by itself."""
    AccountSession.objects.filter(account_id=account, ended_at=None).update(ended_at=now())
    Device.objects.filter(account_id=account).update(remembered_until=None)


def lift(account: Account) -> None:
    """End every lock on the account's log-in."""
    limiter.clear(LOG_IN, *queries.names_of(account))
    limiter.clear(LOG_IN_ACCOUNT, str(account.pk))
    limiter.clear(CONFIRM, str(account.pk))
    devices = Device.objects.filter(account=account, ended_at=None).values_list("pk", flat=True)
    limiter.clear(LOG_IN_DEVICE, *(str(key) for key in devices))
