"""Reading messages."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from bole.kernel.prepared import Prepared
from bole.notices.models import Delivery, Message
from bole.notices.terms import UNREAD_MOST, DeliveryState


def inbox(account: UUID, *, before: datetime | None = None) -> QuerySet[Message]:
    """The messages of an account, the newest first; `before` is the time of the last one of the page before."""
    rows = Message.objects.filter(account_id=account, inbox=True).order_by("-created_at", "id")
    return rows.filter(created_at__lt=before) if before else rows


def unread_count(account: UUID) -> int:
    """How many messages the account has not read, counted up to a hundred: the number stands on every page."""
    return len(_UNREAD(account=account))


def _unread(*, account: UUID) -> QuerySet[Message]:
    return Message.objects.filter(account_id=account, inbox=True, read_at=None).only("pk")[:UNREAD_MOST]


_UNREAD = Prepared(_unread)


def dead_count() -> int:
    """Deliveries that were given up: the connector needs an operator."""
    return Delivery.objects.filter(state=DeliveryState.DEAD.value).count()
