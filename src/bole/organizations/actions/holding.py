"""Holding a unit for as long as a transaction, by rooms that count something of it."""

from uuid import UUID

from bole.organizations.models import Unit


def lock_unit(*, unit: UUID) -> Unit:
    """The unit, held until the transaction ends, so that two acts that count its affairs wait for each other.

    Whoever holds a case as well takes the unit first. Raises Unit.DoesNotExist for an unknown one.
    """
    row: Unit = Unit.objects.select_for_update(no_key=True).get(pk=unit)
    return row
