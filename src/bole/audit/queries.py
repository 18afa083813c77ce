"""Reading the ledger."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from bole.audit.inspection import inspect
from bole.audit.models import Entry
from bole.audit.terms import LOOKS, Outcome, Verification


def verify() -> Verification:
    """Whether the ledger is whole: finds edits, deletions, insertions, reordering and truncation."""
    return inspect()


def about(kind: str, id: str) -> QuerySet[Entry]:
    """Everything done to one thing, the newest first."""
    return Entry.objects.filter(kind=kind, subject=id).order_by("-at", "id")


def looks_at(person: UUID, *, besides: UUID | None = None) -> QuerySet[Entry]:
    """Who looked at this person's record (ALL-09), the newest first; `besides` leaves out the person's own account."""
    seen = Entry.objects.filter(_looks(), person=person, outcome=Outcome.DONE.value)
    if besides is not None:
        seen = seen.exclude(account=besides)
    return seen.order_by("-at", "id")


def looks_by(account: UUID, *, since: datetime, until: datetime) -> QuerySet[Entry]:
    """Whose records an account saw between two instants: the question after an incident."""
    return Entry.objects.filter(_looks(), account=account, at__gte=since, at__lt=until).order_by("at", "id")


def _looks() -> Q:
    verbs = Q()
    for verb in LOOKS:
        verbs |= Q(action__endswith=f".{verb}")
    return verbs
