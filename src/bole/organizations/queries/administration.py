"""Who administers units, now and before."""

from collections.abc import Collection
from uuid import UUID

from bole.organizations.models import Appointment
from bole.organizations.terms import ADMINISTRATIVE, PastAdministrator, Standing

_ROLES = tuple(role.value for role in ADMINISTRATIVE)


def administrators(units: Collection[UUID]) -> dict[UUID, tuple[Standing, ...]]:
    """Administrators and deputies of several units, with offers that wait; masked, in one query."""
    rows = Appointment.objects.current().filter(unit_id__in=units, role__in=_ROLES)
    found: dict[UUID, list[Standing]] = {}
    for row in rows.order_by("role", "appointed_at"):
        found.setdefault(row.unit_id, []).append(
            Standing(
                row.pk, row.plain_role, row.invitee, row.accepted_at is not None, row.appointed_at, row.title,
                row.until_on, row.expired,
            )
        )  # fmt: skip
    return {unit: tuple(standings) for unit, standings in found.items()}


def past_administrators(unit: UUID, *, limit: int = 100) -> tuple[PastAdministrator, ...]:
    """Who administered the unit before, the last one first: accepted and ended, with why it ended."""
    rows = Appointment.objects.filter(unit_id=unit, role__in=_ROLES, accepted_at__isnull=False, ended_at__isnull=False)
    return tuple(
        PastAdministrator(row.invitee, row.title, row.emergency, row.accepted_at, row.ended_at, row.end_reason)
        for row in rows.order_by("-ended_at")[:limit]
        if row.accepted_at is not None and row.ended_at is not None
    )
