"""Offering, accepting and ending roles.

The appointing side types an exact identity number and name and learns nothing from the answer: an offer is
written in every case and waits for whoever logs in with that number and name (AC-09, NX-18).
"""

from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import queries as accounts
from bole.accounts.models import Account
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Absent, Invalid, Moved, Refused
from bole.kernel.events import announce
from bole.organizations import queries, rules
from bole.organizations.actions import unit_accounts
from bole.organizations.actions.offering import (
    Post,
    end,
    give,
    locked,
    locked_unit,
    read_invitee,
    read_services,
    record,
    sole_key,
    write_offer,
)
from bole.organizations.events import AppointmentAccepted
from bole.organizations.models import Appointment
from bole.organizations.terms import ROLE_NAMES, SOLE, Offer, Role


def appoint(*, unit: UUID, role: Role, number: str, name: str, kind: str = "resident", by: Actor) -> Offer:
    """「设置采集管理员」: offer the role to the holder of this number and name; live once that person accepts.

    The answer is the same for registered and unknown numbers. An offer that waits already is answered again
    without a second one. Raises Refused, Absent, Invalid, TooMany after 200 offers in a day.
    """
    who = read_invitee(number=number, name=name, kind=kind)
    with transaction.atomic():
        row = locked_unit(unit)
        rules.may_appoint(by, row, role).demand()
        return write_offer(row, Post(role), who, by)


def accept_appointment(*, appointment: UUID, by: Actor) -> Appointment:
    """The appointee takes the role, logged in as himself with his password; from here on it is live.

    Whom it replaces ends in the same transaction. Raises Absent for anybody else; Refused when the unit was closed
    or the invitation expired meanwhile, when somebody else administers the unit by now, and for somebody who
    administers another one. A second time changes nothing.
    """
    with transaction.atomic():
        row, account = _own_offer(appointment, by)
        if row.accepted_at is not None:
            return row
        _refuse_stale(row)
        former = _incumbent(row)
        if row.plain_role is Role.ADMINISTRATOR:
            by.demand_fresh()
            refuse_administration_elsewhere(row.unit_id, account)
        if former is not None:
            end(former, by, f"由{row.invitee}接任", former.account_id)
            if row.emergency:
                unit_accounts.close_ways_back(former, by)
        _settle(row, account)
        record("accepted", row, by)
        announce(AppointmentAccepted(row.pk, row.unit_id, row.title, account.pk, row.appointed_by))
        if row.plain_role in SOLE and row.sole_key:
            _end_rivals(row, by)
        if row.plain_role is Role.ADMINISTRATOR:
            unit_accounts.follow(row, former, by)
    return row


def decline_appointment(*, appointment: UUID, by: Actor) -> Appointment:
    """The appointee refuses the offer. Raises Absent for anybody else, Refused once it was accepted."""
    with transaction.atomic():
        row, account = _own_offer(appointment, by)
        if row.accepted_at is not None:
            raise Refused("您已经接受这项授权，不再担任的，请使用「解除授权」。")
        end(row, by, "本人不接受", account.pk)
    return row


def end_appointment(*, appointment: UUID, reason: str, by: Actor) -> Appointment:
    """End a role, or withdraw an offer; rights end with the commit. A second time changes nothing.

    Raises Refused for who may not, Absent, Invalid without a reason.
    """
    if not reason.strip():
        raise Invalid.at("reason", "请填写解除原因")
    with transaction.atomic():
        row = locked(appointment)
        rules.may_end_appointment(by, row).demand()
        if row.ended_at is None:
            end(row, by, reason.strip()[:200], row.account_id)
            unit_accounts.take_back(row, by)
    return row


def install_holder(*, unit: UUID, role: Role, account: UUID, services: tuple[str, ...] = (), by: Actor) -> Appointment:
    """Give a role outright, for the installation itself (first set-up, data taken over). A unit account that is
    nobody's goes to the administrator. Raises Refused for others, and for a second administrator where there is one."""
    if by.way is not Way.SYSTEM:
        raise Refused("该项授权须由本人接受后生效。")
    clean = read_services(services)
    with transaction.atomic():
        row = locked_unit(unit)
        rules.may_appoint(by, row, role).demand()
        holder = accounts.account(account)
        standing = Appointment.objects.current().filter(unit=row, role=role.value, account=holder).first()
        if standing and not (standing.until_on and standing.until_on < clock.today()):
            return standing
        if role is Role.ADMINISTRATOR:
            refuse_administration_elsewhere(row.pk, holder)
        try:
            with transaction.atomic():
                given = give(row, Post(role, services=clean), holder, by, "installed")
        except IntegrityError:
            raise Refused(f"{row.name}已有{ROLE_NAMES[role]}，请先移交或解除。") from None
        if role is Role.ADMINISTRATOR:
            unit_accounts.follow(given, None, by)
        return given


def refuse_administration_elsewhere(unit: UUID, account: Account) -> None:
    """One person administers one unit. Raises Refused with what to do, naming only the person's own unit."""
    posts = Appointment.objects.current().filter(role=Role.ADMINISTRATOR.value, account=account)
    other = posts.exclude(unit_id=unit).select_related("unit").first()
    if other is not None:
        raise Refused(
            f"您已是{other.unit.name}的单位管理员，一人只能担任一个单位的管理员。"
            "请先在该单位移交管理员，再接受这项授权；不再接受的，请点「谢绝」。"
        )


def _own_offer(appointment: UUID, by: Actor) -> tuple[Appointment, Account]:
    """The offer, if it is the actor's own to answer, and the actor's account."""
    if by.account is None:
        raise Absent
    if not by.assured:
        raise Refused("请先重新输入密码，再答复单位授权。")
    account, row = accounts.account(by.account), locked(appointment)
    mine = row.invitee_index == queries.invitee_index(account.login) and row.invitee_name == account.name
    if not mine or row.ended_at is not None:
        raise Absent("没有找到这项授权邀请，它可能已经撤回。请联系人社部门经办人员。")
    return row, account


def _refuse_stale(row: Appointment) -> None:
    if row.unit.closed_on is not None:
        raise Refused("该单位已停用，不能再接受这项授权。")
    if row.expired:
        raise Refused("这项授权邀请已超过 30 天，不能再接受。请联系发出邀请的单位重新设置。")
    if row.until_on is not None and row.until_on < clock.today():
        raise Refused("这项授权的截止日期已经过去，不能再接受。请联系发出邀请的单位重新设置。")
    if row.business_role is not None and row.business_role.disabled_at is not None:
        raise Refused(f"业务角色「{row.title}」已停用，不能再接受。请联系发出邀请的单位改设其他角色。")


def _incumbent(row: Appointment) -> Appointment | None:
    """Who holds the post now and goes with the acceptance. Raises Refused when that is not whom it was to replace."""
    there = Appointment.objects.current().filter(unit_id=row.unit_id, accepted_at__isnull=False)
    others, found = there.filter(role=row.role), None
    if row.replaces_id:
        former = there.filter(pk=row.replaces_id).select_related("unit", "business_role")
        others, found = others.exclude(pk=row.replaces_id), former.select_for_update(of=("self",)).first()
    outdated = bool(row.replaces_id) and found is None and not row.emergency  # whoever handed over was removed since
    if outdated or (sole_key(row.unit, row.plain_role) and others.exists()):
        raise Refused(
            f"{row.unit.name}的{row.title}已经变更，这项邀请不再有效。"
            "仍需更换的，请由现任移交，或由单位账号、上级单位办理。"
        )
    return found


def _settle(row: Appointment, account: Account) -> None:
    """Make it live. What two acceptances at once would break, the database refuses to the second."""
    row.account, row.accepted_at, row.sole_key = account, clock.now(), sole_key(row.unit, row.plain_role)
    try:
        with transaction.atomic():
            row.save(update_fields=["account", "accepted_at", "sole_key"])
    except IntegrityError:
        refuse_administration_elsewhere(row.unit_id, account)
        raise Moved(f"{row.unit.name}的{row.title}刚刚由其他人接受，这项邀请不再有效。") from None


def _end_rivals(row: Appointment, by: Actor) -> None:
    """The post is taken: other invitations to it are over."""
    rivals = Appointment.objects.waiting().filter(unit_id=row.unit_id, role=row.role).exclude(pk=row.pk)
    for rival in rivals.select_related("unit", "business_role").order_by("id").select_for_update(of=("self",)):
        end(rival, by, "已由他人接任")
