"""Administrators: handed over, appointed in an emergency, removed from above (SZ-01, GZ-04, HA-10, HA-11).

Naming one by the unit account is `granting.offer_role`; all of them live once the person accepts, and whoever is
replaced ends in that same transaction. Until then, and when an offer is withdrawn, everything stays as it was.
"""

from uuid import UUID

from django.db import transaction

from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Refused
from bole.organizations import rules
from bole.organizations.actions import unit_accounts
from bole.organizations.actions.offering import (
    Invitee,
    Post,
    end,
    locked_unit,
    read_invitee,
    read_reason,
    refuse_oneself,
    write_offer,
)
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Act, Offer, Role, UnitKind


def hand_over(*, number: str, name: str, kind: str = "resident", by: Actor) -> Offer:
    """「设为超级管理员」, 移交: the successor accepts, and the former one ends in the same transaction.

    Raises Refused for who is not administrator, for oneself, while another successor is asked, and without a fresh
    proof of identity; Invalid, TooMany.
    """
    by.demand_fresh()
    who = read_invitee(number=number, name=name, kind=kind)
    with transaction.atomic():
        row = locked_unit(by.place)
        rules.may_act(by, Act.HAND_OVER, row).demand()
        own = Appointment.objects.live().filter(unit=row, account_id=by.who, role=Role.ADMINISTRATOR.value).first()
        if own is None:
            raise Absent
        post = Post(Role.ADMINISTRATOR, services=tuple(own.services), replaces=own)
        _refuse_second(row, who, own)
        return write_offer(row, post, who, by)


def appoint_in_emergency(
    *, unit: UUID, number: str, name: str, reason: str, kind: str = "resident", by: Actor
) -> Offer:
    """应急指定 by an administrator above, on record with its reason; the former one ends when it is accepted.

    In an authority with several administrators it takes nobody's place. Raises Refused, Absent, Invalid, TooMany.
    """
    by.demand_fresh()
    said = read_reason(reason, "请填写应急指定的原因，原因会记录在案")
    who = read_invitee(number=number, name=name, kind=kind)
    with transaction.atomic():
        row = locked_unit(unit)
        rules.may_act(by, Act.APPOINT_IN_EMERGENCY, row).demand()
        held = rules.position(by)
        if held is not None and held.scope is not None:  # else a part of the business would name who has all of it
            raise Refused("您只管理部分业务范围，不能应急指定管理员。请由负责全部业务的管理员，或由上级单位办理。")
        refuse_oneself(by, who.number, Post(Role.ADMINISTRATOR))
        post = Post(Role.ADMINISTRATOR, replaces=incumbent(row), emergency=True, reason=said)
        return write_offer(row, post, who, by)


def remove_administrator(*, unit: UUID, reason: str, appointment: UUID | None = None, by: Actor) -> Appointment:
    """An administrator above takes a lower unit's administrator away; `appointment` where there are several.

    The unit account goes with the administrator whose it was, until another one is there. Raises Refused, Absent,
    Invalid without a reason. A second time changes nothing.
    """
    by.demand_fresh()
    said = read_reason(reason, "请填写移除管理员的原因，原因会告知本人")
    with transaction.atomic():
        row = locked_unit(unit)
        rules.may_act(by, Act.REMOVE_ADMINISTRATOR, row).demand()
        found = _administrator(row, appointment)
        if found.ended_at is None:
            end(found, by, said, found.account_id)
            unit_accounts.take_back(found, by)
    return found


def incumbent(unit: Unit) -> Appointment | None:
    """The one administrator of the unit; None where there is none, and at authorities, which have several."""
    if unit.kind == UnitKind.AUTHORITY.value:
        return None
    rows = Appointment.objects.current().filter(unit=unit, role=Role.ADMINISTRATOR.value, accepted_at__isnull=False)
    return rows.first()


def _refuse_second(unit: Unit, who: Invitee, own: Appointment) -> None:
    """One successor is asked at a time."""
    asked = Appointment.objects.waiting().filter(unit=unit, role=Role.ADMINISTRATOR.value, replaces=own)
    other = next((row for row in asked.exclude(invitee_index=who.index) if not row.expired), None)
    if other is not None:
        raise Refused(f"您已向 {other.invitee} 发出移交邀请，请先撤回，再移交给其他人。")


def _administrator(unit: Unit, appointment: UUID | None) -> Appointment:
    rows = Appointment.objects.filter(unit=unit, role=Role.ADMINISTRATOR.value, accepted_at__isnull=False)
    rows = rows.select_related("unit", "business_role", "account").select_for_update(of=("self",))
    if appointment is not None:
        named = rows.filter(pk=appointment).first()
        if named is None:
            raise Absent("没有找到这名管理员，请刷新后重新选择。")
        return named
    found = list(rows.filter(ended_at=None)[:2])
    if not found:
        raise Absent("该单位现在没有管理员。需要指定的，请用「应急指定管理员」。")
    if len(found) > 1:
        raise Refused("该单位有多名管理员，请选择要移除的一名。")
    return found[0]
