"""Looking accounts up."""

from collections.abc import Collection
from uuid import UUID

from bole.accounts.models import Account, Device
from bole.accounts.terms import Contact, KnownDevice, clean_login
from bole.kernel import sealing
from bole.kernel.errors import Absent


def login_index(login: str) -> str:
    """The look-up key of a log-in name."""
    return sealing.blind_index(clean_login(login), "accounts.login")


def phone_index(phone: str) -> str:
    """The look-up key of a phone number in its clean form."""
    return sealing.blind_index(phone, "accounts.phone")


def account(id: UUID) -> Account:
    """The account with this id. Raises Absent."""
    try:
        return Account.objects.get(pk=id)
    except Account.DoesNotExist:
        raise Absent from None


def account_by_login(login: str) -> Account | None:
    """The account of a log-in name, or None. What it answers must not show to somebody not logged in (AC-09)."""
    return Account.objects.filter(login_index=login_index(login)).first()


def session_account(id: UUID, stamp: str) -> Account | None:
    """The account that a session stands for, or None when the session has ended.

    `stamp` is `get_session_auth_hash()` of the moment the session was opened.
    """
    found = Account.objects.filter(pk=id, is_active=True).first()
    if found is None or found.get_session_auth_hash() != stamp:
        return None
    return found


def contact(id: UUID) -> Contact:
    """Where messages for the account go; blank where nothing is known. Raises Absent."""
    return contacts([id])[id]


def contacts(ids: Collection[UUID]) -> dict[UUID, Contact]:
    """The same for several accounts, by key, in one query. Raises Absent when one is unknown."""
    rows = Account.objects.filter(pk__in=ids)
    found = {row.pk: Contact(row.name, phone=row.phone or "", email=row.email or "") for row in rows}
    if len(found) != len(set(ids)):
        raise Absent
    return found


def devices(account: UUID) -> list[KnownDevice]:
    """The known devices of an account, the last used first."""
    rows = Device.objects.filter(account_id=account, ended_at=None).order_by("-seen_at")
    return [KnownDevice(row.id, row.name, row.seen_at, row.remembered_until) for row in rows]
