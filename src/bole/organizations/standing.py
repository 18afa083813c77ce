"""What an account holds now: asked at every request and in every act, so written into SQL once."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction

from bole.kernel import clock
from bole.kernel.prepared import Prepared
from bole.organizations.models import Appointment, AppointmentQuerySet, BusinessRole


def _of_account(*, account: UUID, today: date) -> AppointmentQuerySet:
    rows = Appointment.objects.live(today).filter(account_id=account).select_related("unit", "business_role")
    return rows.order_by("unit__path", "role")


def _in_unit(acting: bool, *, account: UUID, unit: UUID, today: date) -> AppointmentQuerySet:
    rows = Appointment.objects.live(today).filter(account_id=account, unit_id=unit)
    rows = rows.select_related("unit", "business_role").order_by("id")
    return rows.select_for_update(of=("self",), no_key=True) if acting else rows


def _holding(*, unit: UUID, today: date) -> AppointmentQuerySet:
    rows = Appointment.objects.live(today).filter(unit_id=unit).select_related("unit", "business_role", "account")
    return rows.only(*_OPENS, "account__name").order_by("accepted_at", "id")


# What an appointment opens is made of these; with all columns of unit, role and account a row has eighty.
_OPENS = (
    "role", "services", "unit__kind", "business_role__functions", "business_role__services",
    "business_role__disabled_at",
)  # fmt: skip
_ACCOUNT, _UNIT, _HOLDERS = Prepared(_of_account), Prepared(_in_unit), Prepared(_holding)


def inside_act() -> bool:
    """Whether a transaction is under way: what an act rests on is held until its end."""
    return bool(transaction.get_connection().in_atomic_block)


def live_of(account: UUID) -> tuple[Appointment, ...]:
    """The live appointments of an account with unit and business role, in the order of the tree."""
    return tuple(_ACCOUNT(account=account, today=clock.today()))


def firm_in(account: UUID, unit: UUID) -> list[Appointment]:
    """Those in one unit. Inside an act they are held: a role ends before the act that rests on it or after, never
    amid (G16).

    A business role that was narrowed while this act waited for the rows is seen as it is now: who narrows one holds
    the rows of all who have it.
    """
    acting = inside_act()
    rows = _UNIT(acting, account=account, unit=unit, today=clock.today())
    wanted = {row.business_role_id for row in rows if row.business_role_id}
    if wanted and acting:
        fresh = BusinessRole.objects.in_bulk(wanted)
        for row in rows:
            if row.business_role_id:
                row.business_role = fresh[row.business_role_id]
    return rows


def live_in(unit: UUID) -> Iterable[Appointment]:
    """Those of everybody in a unit, the longest held first, with as much as says what they open and for whom."""
    return _HOLDERS(unit=unit, today=clock.today())
