"""「再次邀请」: an offer that was not answered in time, made once more."""

from uuid import UUID

from django.db import transaction

from bole.accounts import queries as accounts
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused
from bole.kernel.events import announce
from bole.organizations import queries, rules
from bole.organizations.actions.offering import demand_measure, end, locked, record, told
from bole.organizations.events import AppointmentOffered
from bole.organizations.models import Appointment
from bole.organizations.terms import Offer, Role


def renew_offer(*, appointment: UUID, by: Actor) -> Offer:
    """The same offer to the same person on the same terms, waiting anew; the number need not be typed again.

    Raises Refused for who may not make it, without a fresh proof, and once it was answered or withdrawn; TooMany.
    """
    by.demand_fresh()
    with transaction.atomic():
        row = locked(appointment)
        rules.may_grant(by, row.unit, row.business_role or Role(row.role), row.services).demand()
        if row.accepted_at is not None or row.ended_at is not None:
            raise Refused("这项邀请已经答复或撤回，不需要再次邀请。")
        demand_measure(by)
        if by.account is not None and row.invitee_index == queries.invitee_index(accounts.account(by.account).login):
            raise Refused("不能再次邀请自己，请由本单位其他管理员办理。")
        end(row, by, "再次邀请")
        made = Appointment(
            unit=row.unit,
            role=row.role,
            business_role=row.business_role,
            services=row.services,
            since_on=row.since_on,
            until_on=row.until_on,
            replaces=row.replaces,
            emergency=row.emergency,
            reason=row.reason,
            invitee_index=row.invitee_index,
            invitee_name=row.invitee_name,
            invitee=row.invitee,
            appointed_by=by.account,
            appointed_at=clock.now(),
        )
        made.save(force_insert=True)
        record("offered", made, by)
        announce(AppointmentOffered(made.pk, made.unit_id, made.role, None, made.title))
    return told(made)
