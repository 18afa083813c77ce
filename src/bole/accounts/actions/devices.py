"""Known devices: browsers on which the owner logged in before. A known device has log-in tries of its own."""

import hashlib
import secrets
from hmac import compare_digest
from uuid import UUID

from django.db import transaction

from bole.accounts import queries
from bole.accounts.models import Account, Device
from bole.accounts.terms import DEVICES_MOST, REMEMBERED
from bole.audit import actions as audit
from bole.kernel import sealing
from bole.kernel.actors import Actor, Way
from bole.kernel.clock import now
from bole.kernel.errors import Absent, Refused


def remember_device(*, name: str, stay: bool = False, by: Actor) -> str:
    """Make the device known after a log-in; the token goes into its cookie (HttpOnly, SameSite=Lax, Secure).

    `stay` is 「两周内免登录」: for persons in the personal way only. Raises Refused otherwise.
    """
    if by.account is None or not by.assured:
        raise Refused("请先用密码登录。")
    if stay and by.way is not Way.PERSON:
        raise Refused("「两周内免登录」只用于个人方式登录。单位方式请每次输入密码。")
    return make_known(by.account, name, stay=stay, by=by)


def make_known(account: UUID, name: str, *, stay: bool, by: Actor) -> str:
    """A new known device of the account; returns its token. Somebody has just proved to be the owner."""
    secret = secrets.token_urlsafe(24)
    moment = now()
    with transaction.atomic():
        owner = Account.objects.select_for_update().get(pk=account)
        made = Device.objects.create(
            account=owner,
            token_hash=_hash(secret),
            name=name[:100],
            epoch=owner.epoch,
            created_at=moment,
            seen_at=moment,
            remembered_until=moment + REMEMBERED if stay else None,
        )
        kept = Device.objects.filter(account=owner, ended_at=None).order_by("-seen_at", "-created_at")
        surplus = list(kept.values_list("pk", flat=True)[DEVICES_MOST:])
        Device.objects.filter(pk__in=surplus).update(ended_at=moment, remembered_until=None)
        audit.record("accounts.device.remembered", by=by, kind="device", id=str(made.pk), detail={"stay": stay})
    return f"{secret}.{_signature(secret)}"


def known_device(token: str | None, account: Account | None) -> Device | None:
    """The device of a cookie, if it is known to this account."""
    if account is None:
        return None
    found = _device(token)
    return found if found is not None and found.account_id == account.pk else None


def resume(*, token: str, address: str = "") -> Account | None:
    """The account that a remembered device stands for; None when there is none any more.

    Who comes in this way is not assured: the actor built of it has assured=False until the password is given.
    """
    moment = now()
    found = _device(token)
    if found is None or found.remembered_until is None or found.remembered_until <= moment:
        return None
    account = queries.account(found.account_id)
    if not account.is_active or account.epoch != found.epoch:
        return None
    by = Actor(way=Way.PERSON, account=account.pk, name=account.name, address=address, assured=False)
    with transaction.atomic():
        Device.objects.filter(pk=found.pk).update(seen_at=moment)
        audit.record("accounts.account.resumed", by=by, kind="account", id=str(account.pk))
    return account


def forget_device(*, device: UUID, by: Actor) -> None:
    """Make one of one's own devices unknown. Raises Absent for a device that is not one's own."""
    if by.account is None:
        raise Absent
    with transaction.atomic():
        row = Device.objects.select_for_update().filter(pk=device, account_id=by.account, ended_at=None).first()
        if row is None:
            raise Absent
        row.ended_at, row.remembered_until = now(), None
        row.save(update_fields=["ended_at", "remembered_until"])
        audit.record("accounts.device.forgotten", by=by, kind="device", id=str(row.pk))


def forget_browser(*, token: str, by: Actor) -> None:
    """Make the device of this very cookie unknown, if it is the actor's own."""
    found = _device(token)
    if found is None or by.account != found.account_id:
        return
    forget_device(device=found.pk, by=by)


def _device(token: str | None) -> Device | None:
    secret, _, signature = (token or "").partition(".")
    if not signature.isascii() or not compare_digest(signature, _signature(secret)):
        return None  # made up: not worth a look into the database
    return Device.objects.filter(token_hash=_hash(secret), ended_at=None).first()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _signature(secret: str) -> str:
    return sealing.mac(secret.encode(), "accounts.device")[:12].hex()
