"""Telling somebody something: into the inbox at once, by mail and SMS through the connectors."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import queries as accounts
from bole.kernel.actors import Actor
from bole.kernel.clock import now
from bole.kernel.errors import Refused
from bole.kernel.ids import new_id
from bole.notices import sending
from bole.notices.models import Delivery, Message
from bole.notices.sending import configure
from bole.notices.terms import LEASE, SIGN, Channel

__all__ = ["configure", "mark_all_read", "mark_read", "send_text", "tell"]


def tell(
    account: UUID,
    *,
    title: str,
    body: str,
    link: str = "",
    channels: Sequence[str] = ("inbox", "mail", "sms"),
    kind: str = "",
    key: str = "",
    sms: str = "您有一条新消息",
) -> None:
    """Tell an account something. With the same `key` (default: a new one) it is told once, however often called.

    Mail carries title and body. The SMS says `sms`, which tells no result and no number: phones show it to whoever
    looks (AC-27). Channels for which the account has no address, or the installation no connector, are left out.
    """
    ways = {Channel(channel) for channel in channels}
    occasion = key or str(new_id())
    with transaction.atomic(savepoint=False):
        message = Message(
            account_id=account, kind=kind, title=title[:200], body=body, link=link, key=occasion,
            inbox=Channel.INBOX in ways, created_at=now(),
        )  # fmt: skip
        if not _entered(message):
            return
        contact = accounts.contact(account)
        if Channel.MAIL in ways and contact.email:
            text = f"{SIGN}{title}\n{contact.name}：\n\n{body}\n\n详情请登录平台查看。"
            _dispatch(Channel.MAIL, contact.email, text, key=f"{occasion}:mail", message=message)
        if Channel.SMS in ways and contact.phone:
            text = f"{SIGN}{sms}。详情请登录平台查看。"
            _dispatch(Channel.SMS, contact.phone, text, key=f"{occasion}:sms", message=message)


def send_text(*, phone: str, text: str, key: str, expires_at: datetime | None = None) -> None:
    """Send an SMS to a number that need not belong to an account. Once per `key`; not any more after `expires_at`."""
    with transaction.atomic():
        _dispatch(Channel.SMS, phone, f"{SIGN}{text}", key=key, expires_at=expires_at)


def mark_read(*, message: UUID, by: Actor) -> None:
    """Mark one of one's own messages as read; nothing happens for any other."""
    Message.objects.filter(pk=message, account_id=_own(by), read_at=None).update(read_at=now())


def mark_all_read(*, by: Actor) -> int:
    """Mark all of one's own messages as read; returns how many were not."""
    return Message.objects.filter(account_id=_own(by), read_at=None).update(read_at=now())


def _entered(row: Message | Delivery) -> bool:
    """Enter the row unless its key was entered before."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if not type(row).objects.filter(key=row.key).exists():
            raise
        return False
    return True


def _own(by: Actor) -> UUID:
    if by.account is None:
        raise Refused("请先登录。")
    return by.account


def _dispatch(
    channel: Channel,
    target: str,
    text: str,
    *,
    key: str,
    message: Message | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Queue a text for its channel; a new message has no deliveries yet, any other text may be queued already."""
    if not sending.has_route(channel):
        return
    moment, at_once = now(), sending.is_at_once(channel)
    row = Delivery(
        message=message, channel=channel.value, target=target, text=text, created_at=moment, expires_at=expires_at,
        next_at=moment + LEASE if at_once else moment, tries=int(at_once), key=key,
    )  # fmt: skip
    if message is not None:
        row.save(force_insert=True)
    elif not _entered(row):
        return
    if at_once:  # this process has it taken; should it die before sending, the worker finds it when the lease is over
        transaction.on_commit(partial(sending.hand_over, row), robust=True)
