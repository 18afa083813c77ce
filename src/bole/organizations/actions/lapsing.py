"""Roles whose last day is over: nobody ends them, so that lists go on showing them with their date; what hung on them
is let go once."""

from uuid import UUID

from django.db import transaction

from bole.kernel import clock
from bole.kernel.actors import system
from bole.kernel.events import announce
from bole.organizations.actions.offering import record
from bole.organizations.events import AppointmentEnded
from bole.organizations.models import Appointment

MOST_AT_ONCE = 500  # of one run of the job; the rest comes with the next


def lapse_due() -> int:
    """Note and announce each role that ended by its date, each in its own transaction and once; how many there were.

    Rights are not its business: they ended with the day, at every act (AC-14).
    """
    due = Appointment.objects.current().filter(accepted_at__isnull=False, lapsed_at=None, until_on__lt=clock.today())
    return sum(_lapse(id) for id in list(due.order_by("until_on", "id").values_list("pk", flat=True)[:MOST_AT_ONCE]))


@transaction.atomic
def _lapse(id: UUID) -> bool:
    rows = Appointment.objects.current().select_for_update(of=("self",), no_key=True)
    row = rows.select_related("unit", "business_role").filter(pk=id, lapsed_at=None, accepted_at__isnull=False).first()
    if row is None or row.until_on is None or row.until_on >= clock.today():  # ended, or done by another worker
        return False
    row.lapsed_at = clock.now()
    row.save(update_fields=["lapsed_at"])
    record("lapsed", row, system("organizations"))
    reason = f"授权到{row.until_on.year}年{row.until_on.month}月{row.until_on.day}日为止"
    announce(AppointmentEnded(row.pk, row.unit_id, row.role, row.account_id, None, row.title, reason))
    return True
