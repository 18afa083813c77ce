"""Telling somebody something: into the inbox at once, by mail and SMS through the connectors."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import queries as accounts
from bole.accounts.terms import Contact
from bole.kernel.actors import Actor
from bole.kernel.clock import now
from bole.kernel.errors import Refused
from bole.kernel.ids import new_id
from bole.notices import sending
from bole.notices.models import Delivery, Message
from bole.notices.sending import configure
from bole.notices.terms import ALL_CHANNELS, LEASE, SIGN, Channel, Note

__all__ = ["configure", "mark_all_read", "mark_read", "send_text", "tell", "tell_all", "tell_each"]


def tell(
    account: UUID,
    *,
    title: str,
    body: str,
    link: str = "",
    channels: Sequence[str] = ALL_CHANNELS,
    kind: str = "",
    key: str = "",
    sms: str = "您有一条新消息",
) -> None:
    """Tell an account something. With the same `key` (default: a new one) it is told once, however often called.

    Mail carries title and body. The SMS says `sms`, which tells no result and no number: phones show it to whoever
    looks (AC-27). Channels for which the account has no address, or the installation no connector, are left out.
    """
    ways = tuple(Channel(channel) for channel in channels)
    tell_all([Note(account, key or str(new_id()), title, body, link, ways, kind, sms)])


def tell_all(notes: Sequence[Note]) -> None:
    """Tell several accounts at once; each note as `tell` does."""
    moment, contacts = now(), accounts.contacts({note.account for note in notes})
    messages = [(note, _message(note, moment)) for note in notes]
    deliveries = [row for note, message in messages for row in _deliveries(note, message, contacts[note.account])]
    try:
        with transaction.atomic():
            Message.objects.bulk_create([message for _, message in messages])
            _queue(deliveries)
    except IntegrityError:
        told = set(Message.objects.filter(key__in=[note.key for note in notes]).values_list("key", flat=True))
        if not told:
            raise
        left = [note for note in notes if note.key not in told]
        if left:
            tell_all(left)


def tell_each(
    told: Iterable[UUID], *, key: str, title: str, body: str, channels: Sequence[str] = ALL_CHANNELS, kind: str = ""
) -> None:
    """Tell several accounts the same, in one go; `key` names the occasion, of which each hears once."""
    ways = tuple(Channel(channel) for channel in channels)
    notes = [Note(each, f"{key}:{each}", title, body, channels=ways, kind=kind) for each in dict.fromkeys(told)]
    if notes:
        tell_all(notes)


def _message(note: Note, moment: datetime) -> Message:
    return Message(
        account_id=note.account, kind=note.kind, title=note.title[:200], body=note.body, link=note.link, key=note.key,
        inbox=Channel.INBOX in note.channels, created_at=moment,
    )  # fmt: skip


def _deliveries(note: Note, message: Message, contact: Contact) -> Iterator[Delivery]:
    if Channel.MAIL in note.channels and contact.email:
        text = f"{SIGN}{note.title}\n{contact.name}：\n\n{note.body}\n\n详情请登录平台查看。"
        yield _delivery(Channel.MAIL, contact.email, text, key=f"{note.key}:mail", message=message)
    if Channel.SMS in note.channels and contact.phone:
        text = f"{SIGN}{note.sms}。详情请登录平台查看。"
        yield _delivery(Channel.SMS, contact.phone, text, key=f"{note.key}:sms", message=message)


def send_text(*, phone: str, text: str, key: str, expires_at: datetime | None = None) -> None:
    """Send an SMS to a number that need not belong to an account. Once per `key`; not any more after `expires_at`."""
    row = _delivery(Channel.SMS, phone, f"{SIGN}{text}", key=key, expires_at=expires_at)
    try:
        with transaction.atomic():
            _queue([row])
    except IntegrityError:
        if not Delivery.objects.filter(key=key).exists():
            raise


def mark_read(*, message: UUID, by: Actor) -> None:
    """Mark one of one's own messages as read; nothing happens for any other."""
    Message.objects.filter(pk=message, account_id=_own(by), read_at=None).update(read_at=now())


def mark_all_read(*, by: Actor) -> int:
    """Mark all of one's own messages as read; returns how many were not."""
    return Message.objects.filter(account_id=_own(by), read_at=None).update(read_at=now())


def _own(by: Actor) -> UUID:
    if by.account is None:
        raise Refused("请先登录。")
    return by.account


def _delivery(
    channel: Channel,
    target: str,
    text: str,
    *,
    key: str,
    message: Message | None = None,
    expires_at: datetime | None = None,
) -> Delivery:
    moment = now()
    return Delivery(
        message=message, channel=channel.value, target=target, text=text, key=key, created_at=moment, next_at=moment,
        expires_at=expires_at,
    )  # fmt: skip


def _queue(rows: Sequence[Delivery]) -> None:
    """Enter deliveries; those of quick connectors as taken by this process, which sends them after the commit.

    Should it die before, the worker finds them when the lease is over.
    """
    routed = [row for row in rows if sending.has_route(Channel(row.channel))]
    at_once = [row for row in routed if sending.is_at_once(Channel(row.channel))]
    for row in at_once:
        row.tries, row.next_at = 1, row.created_at + LEASE
    Delivery.objects.bulk_create(routed)
    if at_once:
        transaction.on_commit(partial(sending.hand_over, at_once), robust=True)
