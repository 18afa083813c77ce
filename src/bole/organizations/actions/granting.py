"""Offering and granting roles: plain ones and business roles, with a range of business and days (GZ-07, HA-10)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import queries as accounts
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Moved, Refused
from bole.kernel.events import announce
from bole.organizations import rules
from bole.organizations.actions.administering import incumbent
from bole.organizations.actions.offering import (
    demand_measure,
    give,
    in_place_of,
    locked_unit,
    read_invitee,
    read_post,
    refuse_oneself,
    write_offer,
)
from bole.organizations.events import AppointmentGranted
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import SOLE, Offer, Role, UnitKind


def offer_role(
    *,
    unit: UUID,
    role: Role | None = None,
    business_role: UUID | None = None,
    number: str,
    name: str,
    kind: str = "resident",
    services: Sequence[str] = (),
    since_on: date | None = None,
    until_on: date | None = None,
    in_bulk: bool = False,
    by: Actor,
) -> Offer:
    """Offer a role, or a business role, to the holder of this number and name; live once that person accepts.

    `in_bulk`: it is a row of a workbook.

    An administrator or deputy takes the place of the one there is (authorities have several). Raises Refused with
    who can do it instead, for oneself, and without a fresh proof of identity; Absent, Invalid, TooMany.
    """
    by.demand_fresh()
    who = read_invitee(number=number, name=name, kind=kind)
    post = read_post(role=role, business_role=business_role, services=services, since_on=since_on, until_on=until_on)
    with transaction.atomic():
        row = locked_unit(unit)
        rules.may_grant(by, row, post.asked, post.services).demand()
        if role in SOLE:
            post = in_place_of(post, incumbent(row) if role is Role.ADMINISTRATOR else _deputy(row))
        return write_offer(row, post, who, by, in_bulk=in_bulk)


def grant(
    *,
    unit: UUID,
    role: Role | None = None,
    business_role: UUID | None = None,
    account: UUID,
    services: Sequence[str] = (),
    since_on: date | None = None,
    until_on: date | None = None,
    by: Actor,
) -> Appointment:
    """A further role for somebody who serves the unit already: live at once, told to the holder.

    Who does not serve it yet is invited by number and name. Raises Refused, Absent, Invalid, TooMany, Moved.
    """
    by.demand_fresh()
    post = read_post(role=role, business_role=business_role, services=services, since_on=since_on, until_on=until_on)
    with transaction.atomic():
        row = locked_unit(unit)
        rules.may_grant(by, row, post.asked, post.services).demand()
        if role in SOLE:
            raise Refused("设置管理员和副管理员须由本人接受，请填写姓名和证件号码发出邀请。")
        if not Appointment.objects.live().filter(unit=row, account_id=account).exists():
            raise Absent("该人员不是本单位的经办人员，请填写姓名和证件号码发出邀请。")
        holder = accounts.account(account)
        demand_measure(by)
        refuse_oneself(by, holder.login, post)
        try:
            with transaction.atomic():
                made = give(row, post, holder, by, "granted")
        except IntegrityError:
            raise Moved("该人员刚刚由其他人授权，请刷新后核对。") from None
        announce(AppointmentGranted(made.pk, row.pk, made.title, holder.pk))
    return made


def _deputy(unit: Unit) -> Appointment | None:
    if unit.kind == UnitKind.AUTHORITY.value:
        return None
    return Appointment.objects.current().filter(unit=unit, role=Role.DEPUTY.value, accepted_at__isnull=False).first()
