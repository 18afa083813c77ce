"""Logging in. Whoever asks learns nothing of whether an account exists (AC-09); see `limiter` for the burst."""

from django.db import transaction

from bole.accounts import queries
from bole.accounts.actions import codes, devices, limiter
from bole.accounts.actions.passwords import lift, matches
from bole.accounts.events import LogInLocked
from bole.accounts.models import Account, Device
from bole.accounts.terms import (
    CLOSED,
    LOG_IN,
    LOG_IN_ACCOUNT,
    LOG_IN_ADDRESS,
    LOG_IN_DEVICE,
    NOT_YET,
    WRONG_CODE,
    WRONG_LOG_IN,
    Purpose,
)
from bole.audit import actions as audit
from bole.kernel.actors import Actor, Way
from bole.kernel.clock import now
from bole.kernel.errors import Invalid, Refused, TooMany
from bole.kernel.events import announce
from bole.kernel.ids import new_id


def log_in(*, login: str, password: str, device: str | None, address: str) -> Account:
    """The account, if name and password belong together. `device` is the token of the device's cookie.

    Raises Invalid 「账户或密码错误」, TooMany while locked (both the same for unknown names), Refused after the right
    password of an account that may not come in; RuntimeError inside a transaction. Three wrong passwords lock all
    unknown devices together, or this known device alone, so that a stranger cannot keep the owner out.
    """
    index = queries.login_index(login)
    account = queries.account_named(login)
    known = devices.known_device(device, account)
    attempt = _reserved(index, known, address)
    shared = _shared(account, index) if known is None else None
    asked = account if known is not None or shared is not None else None
    if not matches(asked, password):
        _note_failure(account, index, known, attempt, address)
        raise Invalid.at("login", WRONG_LOG_IN)
    assert account is not None  # noqa: S101  # nobody's password matches
    limiter.clear(attempt.limit, attempt.subject)
    if shared is not None:
        limiter.clear(shared.limit, shared.subject)
    return _enter(account, known, address, "logged_in")


def log_in_by_code(*, login: str, code: str, device: str | None, address: str) -> Account:
    """The account, by the code that `send_account_code(purpose="log-in")` sent (GZ-08).

    One factor only: enough for persons, never for staff, which the caller asks.
    Raises Invalid at "code", likewise for unknown names; Refused as in `log_in`; RuntimeError inside a transaction.
    """
    index = queries.login_index(login)
    codes.spend(Purpose.LOG_IN, index, code)
    account = queries.account_named(login)
    if account is None:
        raise Invalid.at("code", WRONG_CODE)
    return _enter(account, devices.known_device(device, account), address, "logged_in_by_code")


def unlock(*, login: str, code: str, name: str, address: str) -> str:
    """End the lock at once with the code sent to the registered phone (GZ-09); the password is still asked for.

    The device (`name`, from its user agent) is known from now on; the returned token goes into its cookie. So an attack
    that goes on uses up the tries of unknown devices only, and the owner gets in. Raises Invalid at "code", likewise
    for unknown names; RuntimeError inside a transaction.
    """
    index = queries.login_index(login)
    codes.spend(Purpose.UNLOCK, index, code)
    account = queries.account_named(login)
    if account is None:
        raise Invalid.at("code", WRONG_CODE)
    by = _actor(account, address)
    with transaction.atomic():
        lift(account)
        audit.record("accounts.account.unlocked", by=by, kind="account", id=str(account.pk))
        return devices.make_known(account.pk, name, stay=False, by=by)


def _reserved(index: str, known: Device | None, address: str) -> limiter.Attempt:
    if address:
        limiter.reserve(LOG_IN_ADDRESS, address)
    if known is not None:
        return limiter.reserve(LOG_IN_DEVICE, str(known.pk))
    return limiter.reserve(LOG_IN, index)


def _shared(account: Account | None, index: str) -> limiter.Attempt | None:
    """A try of all names of the account together, or None when they are used up: then no password is looked at.

    It says nothing, since a lock that shows on another name would tell that both names are one account's; and the same
    is done for a name that is nobody's (AC-09).
    """
    try:
        return limiter.reserve(LOG_IN_ACCOUNT, str(account.pk) if account else f"nobody/{index}")
    except TooMany:
        return None


def _enter(account: Account, known: Device | None, address: str, verb: str) -> Account:
    by = _actor(account, address)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account.pk)
        if account.is_active:
            account.last_login = now()
            account.save(update_fields=["last_login"])
            if known is not None:
                Device.objects.filter(pk=known.pk).update(seen_at=now())
            audit.record(
                f"accounts.account.{verb}",
                by=by,
                kind="account",
                id=str(account.pk),
                detail={"known_device": known is not None},
            )
            return account
    audit.record_refusal("accounts.account.entered", by=by, kind="account", id=str(account.pk))
    raise Refused(NOT_YET if account.closed_at is None else CLOSED)


def _note_failure(
    account: Account | None, index: str, known: Device | None, attempt: limiter.Attempt, address: str
) -> None:
    kind, id = ("account", str(account.pk)) if account else ("login", index)
    with transaction.atomic():
        audit.record_refusal(
            "accounts.account.logged_in",
            by=_actor(account, address),
            kind=kind,
            id=id,
            detail={"known_device": known is not None, "locked": attempt.last},
        )
        if account is not None and attempt.last:
            announce(LogInLocked(account.pk, known is not None, new_id()))


def _actor(account: Account | None, address: str) -> Actor:
    if account is None:
        return Actor(way=Way.PERSON, address=address, assured=False)
    return Actor(way=Way.PERSON, account=account.pk, name=account.name, address=address)
