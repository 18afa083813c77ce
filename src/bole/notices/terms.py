"""Words of the notices room."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Channel(StrEnum):
    """Ways to reach somebody. The inbox is in the platform; the others go through a connector."""

    INBOX = "inbox"
    MAIL = "mail"
    SMS = "sms"


ALL_CHANNELS = tuple(Channel)
UNREAD_MOST = 100  # unread messages are counted so far; a bell then says "99+"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell an account, see `actions.tell`. `key` names the occasion: told twice, it is there once."""

    account: UUID
    key: str
    title: str
    body: str
    link: str = ""
    channels: tuple[Channel, ...] = ALL_CHANNELS
    kind: str = ""
    sms: str = "您有一条新消息"


class DeliveryState(StrEnum):
    """pending: due at `next_at`. sent: handed over. dead: given up, which an operator should see."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


class Connector(Protocol):
    """Hands a text over for one channel. Raises anything to be tried again later."""

    def send(self, channel: str, target: str, text: str) -> None:
        """Hand over; returning means that the other side has taken it."""


@dataclass(frozen=True, slots=True)
class Route:
    """The connector of a channel; `at_once` tries within the request, otherwise only the worker does.

    A connector that talks to the network belongs to the worker: the time it takes would tell whether there
    was anything to send (AC-09), and a slow gateway would hold up pages.
    """

    connector: Connector
    at_once: bool


# How long to wait after the first, second … failure; after the last the delivery is dead.
BACK_OFF = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
# A process that dies while sending leaves its delivery taken for this long.
LEASE = timedelta(minutes=2)
SIGN = "【伯乐】"
