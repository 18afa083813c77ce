"""Log-ins that are open: each browser's own entry in the owner's list, ended from anywhere (AC-12, C8)."""

from uuid import UUID

from django.db import transaction

from bole.accounts.models import Account, AccountSession, Device
from bole.audit import actions as audit
from bole.kernel.actors import Actor
from bole.kernel.clock import now
from bole.kernel.errors import Absent


def open_visit(*, account: Account, name: str, address: str) -> UUID:
    """Note that a log-in is open on a browser, after the log-in itself was recorded; returns its key."""
    moment = now()
    made = AccountSession.objects.create(
        account=account, name=name[:100], address=address or None, opened_at=moment, seen_at=moment
    )
    return made.pk


def place_visit(*, visit: UUID, device: UUID) -> None:
    """Note on which known device a log-in is open."""
    AccountSession.objects.filter(pk=visit).update(device_id=device)


def touch_visit(*, visit: UUID) -> None:
    """Note that a log-in is still used. Called once a minute at most."""
    AccountSession.objects.filter(pk=visit, ended_at=None).update(seen_at=now())


def note_capacity(*, by: Actor) -> None:
    """Write down in which capacity the account acts from now on."""
    with transaction.atomic():
        audit.record("accounts.capacity.taken", by=by, kind="account", id=str(by.who))


def close_visit(*, visit: UUID) -> None:
    """Note that a log-in is over by itself: left unused, or replaced by another one in the same browser."""
    AccountSession.objects.filter(pk=visit, ended_at=None).update(ended_at=now())


def end_visit(*, visit: UUID, by: Actor) -> None:
    """「退出此设备」: the log-in is refused from its next request on, and its device resumes nothing by itself.

    Raises Absent for a log-in that is not one's own or has ended.
    """
    with transaction.atomic():
        row = AccountSession.objects.select_for_update().filter(pk=visit, account_id=by.who, ended_at=None).first()
        if row is None:
            raise Absent("这个登录已经退出。")
        row.ended_at = now()
        row.save(update_fields=["ended_at"])
        if row.device_id is not None:
            Device.objects.filter(pk=row.device_id, account_id=by.who).update(remembered_until=None)
        audit.record("accounts.session.ended", by=by, kind="session", id=str(row.pk))


def end_other_visits(*, keep: UUID, by: Actor) -> int:
    """「退出其他全部设备」: every log-in but this one ends, and no other device resumes. Returns how many ended."""
    with transaction.atomic():
        kept = AccountSession.objects.filter(pk=keep, account_id=by.who).first()
        rows = AccountSession.objects.filter(account_id=by.who, ended_at=None).exclude(pk=keep)
        ended = rows.update(ended_at=now())
        others = Device.objects.filter(account_id=by.who)
        if kept is not None and kept.device_id is not None:
            others = others.exclude(pk=kept.device_id)
        others.update(remembered_until=None)
        audit.record("accounts.session.others_ended", by=by, kind="account", id=str(by.who), detail={"ended": ended})
    return ended
