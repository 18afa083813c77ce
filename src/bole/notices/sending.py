"""Sending what is due: each delivery is taken by one process, sent outside any transaction, and then erased."""

import logging
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import F

from bole.kernel.clock import now
from bole.notices.models import Delivery
from bole.notices.terms import BACK_OFF, LEASE, Channel, DeliveryState, Route

_log = logging.getLogger(__name__)
_routes: dict[Channel, Route] = {}


def configure(routes: Mapping[Channel, Route]) -> None:
    """Name the connector of each channel. Called by the room's start-up and by tests; nobody else."""
    _routes.clear()
    _routes.update(routes)


def has_route(channel: Channel) -> bool:
    """Whether the channel leads anywhere in this installation."""
    return channel in _routes


def is_at_once(channel: Channel) -> bool:
    """Whether the channel's connector is quick enough to be asked right after the commit."""
    return _routes[channel].at_once


def attempt(delivery: UUID) -> bool:
    """Take the delivery if it is due and nobody else has it, and send it. A failure waits for its next turn."""
    moment = now()
    taken = Delivery.objects.filter(pk=delivery, state=DeliveryState.PENDING.value, next_at__lte=moment).update(
        next_at=moment + LEASE, tries=F("tries") + 1
    )
    if not taken:
        return False
    return hand_over([Delivery.objects.get(pk=delivery)]) == 1


def hand_over(rows: Sequence[Delivery]) -> int:
    """Send deliveries that this process has taken; returns how many the other sides took."""
    sent: list[Delivery] = []
    try:
        for row in rows:
            if _sent(row):
                sent.append(row)
    finally:  # what went out is not sent again, whatever happens to the rest
        if sent:
            _end(sent, DeliveryState.SENT, "")
    return len(sent)


def _sent(row: Delivery) -> bool:
    if row.expires_at is not None and row.expires_at <= now():
        _end([row], DeliveryState.DEAD, "expired")
        return False
    if not row.target:
        return True  # to nobody, see tasks.spend_time
    try:
        _routes[Channel(row.channel)].connector.send(row.channel, row.target, row.text or "")
    except Exception as failure:
        # Only the kind of failure: a gateway's words may repeat number and text.
        _log.warning("delivery %s failed: %s", row.pk, type(failure).__name__)
        _put_off(row, type(failure).__name__)
        return False
    return True


def _put_off(row: Delivery, fault: str) -> None:
    if row.tries > len(BACK_OFF):
        _end([row], DeliveryState.DEAD, fault)
        return
    Delivery.objects.filter(pk=row.pk).update(next_at=now() + BACK_OFF[row.tries - 1], fault=fault)


def _end(rows: Sequence[Delivery], state: DeliveryState, fault: str) -> None:
    sent_at = now() if state is DeliveryState.SENT else None
    keys = [row.pk for row in rows]
    Delivery.objects.filter(pk__in=keys).update(state=state.value, text=None, sent_at=sent_at, fault=fault)
