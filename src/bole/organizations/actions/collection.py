"""「开通网上采集功能」."""

from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent
from bole.organizations import rules
from bole.organizations.models import Unit


def enable_collection(*, unit: UUID, by: Actor) -> Unit:
    """「开通网上采集功能」 for a unit on the authority's ground; a second time changes nothing (NX-18).

    Raises Refused with the reason, Absent for an unknown unit.
    """
    with transaction.atomic():
        row = Unit.objects.select_for_update(no_key=True).filter(pk=unit).first()
        if row is None:
            raise Absent
        rules.may_enable_collection(by, row).demand()
        if row.collection_enabled_at is None:
            row.collection_enabled_at = clock.now()
            row.save(update_fields=["collection_enabled_at"])
            audit.record("organizations.collection.enabled", by=by, kind="unit", id=str(row.pk), unit=row.pk)
    return row
