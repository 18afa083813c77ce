"""What somebody keeps for lists: exports on their way or ready, and filters by name."""

from uuid import UUID

from django.db.models import QuerySet

from bole.kernel.actors import Actor
from bole.kernel.errors import Absent
from bole.review.models import Export, SavedFilter


def exports_of(by: Actor) -> QuerySet[Export]:
    """The actor's own exports and imports for the unit acted for, in the way acted in, the newest first: what somebody
    has as an administrator is not opened by entering as an operator (GZ-01)."""
    rows = Export.objects.filter(account=by.who, unit_id=by.place, way=by.way.value).select_related("file")
    return rows.order_by("-asked_at", "-id")


def export_of(export: UUID, by: Actor) -> Export:
    """One of them. Raises Absent."""
    row = exports_of(by).filter(pk=export).first()
    if row is None:
        raise Absent
    return row


def filters_of(list: str, by: Actor) -> QuerySet[SavedFilter]:
    """The actor's own filters for a list, in order."""
    return SavedFilter.objects.filter(account=by.who, list=list)
