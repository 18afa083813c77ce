"""Accounts themselves: opening, closing, and how to reach their owners."""

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import queries
from bole.accounts.actions import aliases, captchas, codes
from bole.accounts.actions.passwords import check_password, confirm_password, forget_remembered, lift
from bole.accounts.events import PhoneChanged
from bole.accounts.models import Account, AccountSession, Alias, Device, Factor, OneTimeCode, RecoveryCode, Throttle
from bole.accounts.terms import (
    SESSION_LONGEST,
    AccountKind,
    AliasKind,
    HashedPassword,
    Purpose,
    clean_email,
    clean_login,
    clean_phone,
)
from bole.audit import actions as audit
from bole.kernel.actors import Actor, Way
from bole.kernel.clock import now
from bole.kernel.errors import Invalid, Refused
from bole.kernel.events import announce
from bole.kernel.ids import new_id

_TAKEN = "不能用这个号码注册。如果您已有账户，请直接登录，或用「忘记密码」找回。"


def create_account(
    *,
    login: str,
    name: str,
    phone: str | None,
    password: str | HashedPassword | None,
    by: Actor,
    active: bool = True,
    kind: AccountKind = AccountKind.PERSON,
    user_name: str = "",
    email: str = "",
) -> Account:
    """Open an account. Without a password it is made in advance: its owner activates it by the code to the phone on
    file, or by a slip where there is none.

    `active=False`: it waits for approval. `user_name` is a further log-in name, chosen by its owner.
    Raises Invalid at "name" for such a one, Invalid at "login", "phone" or "password"; Refused for a password
    hashed before, unless the installation itself hands it in.
    """
    plain = clean_phone(phone) if phone else ""
    if not clean_login(login):
        raise Invalid.at("login", "请填写登录名")
    if isinstance(password, HashedPassword) and by.way is not Way.SYSTEM:
        raise Refused("请填写密码。")
    if isinstance(password, str):
        check_password(password, login=login, name=name, phone=plain)
    account = Account(
        kind=kind.value,
        name=name,
        login=clean_login(login),
        login_index=queries.login_index(login),
        phone=plain or None,
        phone_index=queries.phone_index(plain) if plain else "",
        email=clean_email(email) if email.strip() else None,
        is_active=active,
        created_at=now(),
    )
    if isinstance(password, HashedPassword):
        account.password = password.encoded
    else:
        account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            Alias.objects.filter(index=account.login_index).delete()  # the number itself comes before any user name
            if user_name:
                aliases.put_name(account, user_name)
            audit.record("accounts.account.created", by=by, kind="account", id=str(account.pk))
    except IntegrityError:
        if queries.account_by_login(login) is None:
            raise
        raise Invalid.at("login", _TAKEN) from None
    return account


def renew_waiting(*, account: UUID, password: str, by: Actor) -> None:
    """Another password for an account that was never let in: its owner registers again after a refusal (HA-02).

    The caller has proved that it is the owner. Raises Refused for an account that was let in or closed.
    """
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account)
        if row.is_active or row.closed_at is not None:
            raise Refused("这个账号已经可以登录，请用「忘记密码」重设密码。")
        check_password(password, login=row.login, name=row.name, phone=row.phone or "")
        row.set_password(password)
        row.epoch += 1
        row.save(update_fields=["password", "epoch"])
        audit.record("accounts.account.renewed", by=by, kind="account", id=str(account))


def activate_account(*, account: UUID, by: Actor) -> None:
    """Let an account in: after approval, or again after it was closed. The caller has asked whether `by` may."""
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account)
        row.is_active, row.closed_at = True, None
        row.save(update_fields=["is_active", "closed_at"])
        audit.record("accounts.account.activated", by=by, kind="account", id=str(account))


def close_account(*, account: UUID, by: Actor) -> None:
    """Let an account in no more; its sessions end with this. The caller has asked whether `by` may."""
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account)
        row.is_active, row.closed_at, row.epoch = False, now(), row.epoch + 1
        row.save(update_fields=["is_active", "closed_at", "epoch"])
        forget_remembered(account)
        audit.record("accounts.account.closed", by=by, kind="account", id=str(account))


def pass_on(*, account: UUID, phone: str, by: Actor) -> None:
    """Give a unit account to its next holder: nothing of the former one opens it, and it waits to be activated.

    Blank `phone`: it belongs to nobody until a slip is handed over. The caller has asked whether `by` may.
    Raises Invalid at "phone".
    """
    plain = clean_phone(phone) if phone else ""
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account)
        row.set_unusable_password()
        row.phone, row.phone_index = plain or None, queries.phone_index(plain) if plain else ""
        row.email, row.epoch = None, row.epoch + 1
        row.save(update_fields=["password", "phone", "phone_index", "email", "epoch"])
        OneTimeCode.objects.filter(target_index__in=queries.names_of(row), ended_at=None).update(ended_at=now())
        for kept in (Alias, Factor, RecoveryCode):
            kept.objects.filter(account=row).delete()
        Device.objects.filter(account=row, ended_at=None).update(ended_at=now(), remembered_until=None)
        AccountSession.objects.filter(account=row, ended_at=None).update(ended_at=now())
        audit.record("accounts.account.passed_on", by=by, kind="account", id=str(account))


def end_sessions(*, account: UUID, by: Actor) -> None:
    """End everything opened so far: sessions and remembered devices. The caller has asked whether `by` may."""
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account)
        row.epoch += 1
        row.save(update_fields=["epoch"])
        forget_remembered(account)
        audit.record("accounts.account.sessions_ended", by=by, kind="account", id=str(account))


def lift_lock(*, account: UUID, by: Actor) -> None:
    """End the log-in lock for somebody else; no password is touched. The caller has asked whether `by` may."""
    with transaction.atomic():
        lift(queries.account(account))
        audit.record("accounts.account.unlocked", by=by, kind="account", id=str(account))


def change_phone(*, phone: str, code: str, password: str, by: Actor) -> None:
    """Register another phone for oneself: password, and the code sent to the new one; the former one is told.

    Raises Invalid at "phone", "password" or "code", TooMany; RuntimeError inside a transaction.
    """
    plain = clean_phone(phone)
    confirm_password(password=password, by=by)
    codes.check_code(purpose=Purpose.PHONE, phone=plain, code=code)
    with transaction.atomic():
        row = _locked_own(by)
        former = row.phone
        row.phone, row.phone_index = plain, queries.phone_index(plain)
        row.save(update_fields=["phone", "phone_index"])
        OneTimeCode.objects.filter(target_index__in=queries.names_of(row), ended_at=None).update(ended_at=now())
        # A number that is given up soon belongs to somebody else.
        Alias.objects.filter(account=row, kind=AliasKind.PHONE.value).exclude(index=queries.login_index(plain)).delete()
        audit.record("accounts.phone.changed", by=by, kind="account", id=str(row.pk))
        if former and former != plain:
            announce(PhoneChanged(row.pk, former, new_id()))


def change_email(*, email: str, password: str, by: Actor) -> None:
    """Register an e-mail address for oneself; blank takes it away. Raises Invalid at "email" or "password", TooMany."""
    plain = clean_email(email) if email.strip() else None
    confirm_password(password=password, by=by)
    with transaction.atomic():
        row = _locked_own(by)
        row.email = plain
        row.save(update_fields=["email"])
        audit.record("accounts.email.changed", by=by, kind="account", id=str(row.pk))


def clear_expired() -> None:
    """Remove what has served its time: codes, captchas, counters, ended devices. For the worker, once an hour."""
    moment = now()
    OneTimeCode.objects.filter(expires_at__lt=moment - timedelta(days=1)).delete()
    captchas.expired_for(timedelta(0))
    Throttle.objects.filter(touched_at__lt=moment - timedelta(days=3)).delete()
    Device.objects.filter(ended_at__lt=moment - timedelta(days=365)).delete()
    AccountSession.objects.filter(opened_at__lt=moment - SESSION_LONGEST - timedelta(days=30)).delete()


def _locked_own(by: Actor) -> Account:
    if by.account is None:
        raise Refused("请先登录。")
    return Account.objects.select_for_update().get(pk=by.account)
