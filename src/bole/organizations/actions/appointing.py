"""Offering, accepting and ending roles.

The appointing side types an exact identity number and name and learns nothing from the answer: an offer is
written in every case and waits for whoever logs in with that number and name (AC-09, NX-18).
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from bole.accounts import queries as accounts
from bole.accounts.models import Account
from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Absent, Fault, Invalid, Refused, TooMany
from bole.kernel.events import announce
from bole.kernel.privacy import mask_name, mask_number
from bole.organizations import queries, rules
from bole.organizations.events import AppointmentEnded, AppointmentOffered
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import ROLE_NAMES, Offer, Role, person_name
from bole.standards import queries as standards

MOST_OFFERS_A_DAY = 200  # a figure for operators in the threat model (AC-09)


def appoint(*, unit: UUID, role: Role, number: str, name: str, kind: str = "resident", by: Actor) -> Offer:
    """「设置采集管理员」: offer the role to the holder of this number and name; live once that person accepts.

    The answer is the same for registered and unknown numbers. An offer that waits already is answered again
    without a second one. Raises Refused, Absent, Invalid, TooMany after 200 offers in a day.
    """
    clean_name, found = person_name(name), standards.identity(kind, number)
    if not clean_name:
        raise Invalid(Fault("name", "请填写与证件一致的姓名"))
    with transaction.atomic():
        row = _locked_unit(unit)
        rules.may_appoint(by, row, role).demand()
        _demand_measure(by)
        _refuse_oneself(by, found.number)
        index = queries.invitee_index(found.number)
        registered = accounts.account_by_login(found.number)
        standing = Appointment.objects.current().filter(unit=row, role=role.value, invitee_index=index).first()
        if standing and standing.accepted_at:
            raise Refused(f"该人员已经是{row.name}的{ROLE_NAMES[role]}，无需重复设置。")
        if standing and standing.invitee_name == clean_name:
            return _offer(standing)
        if standing:
            _end(standing, by, "姓名更正")
        offer = Appointment(
            unit=row,
            role=role.value,
            invitee_index=index,
            invitee_name=clean_name,
            invitee=f"{mask_name(clean_name)} {mask_number(found.number)}",
            appointed_by=by.account,
            appointed_at=clock.now(),
        )
        offer.save(force_insert=True)
        _audit("offered", offer, by)
        known = registered.pk if registered and registered.name == clean_name else None
        announce(AppointmentOffered(offer.pk, row.pk, role.value, known))
    return _offer(offer)


def accept_appointment(*, appointment: UUID, by: Actor) -> Appointment:
    """The appointee takes the role, logged in as himself with his password; from here on it is live.

    Raises Absent for anybody else, Refused when the unit was closed meanwhile. A second time changes nothing.
    """
    with transaction.atomic():
        row, account = _own_offer(appointment, by)
        if row.accepted_at is not None:
            return row
        if row.unit.closed_on is not None:
            raise Refused("该单位已停用，不能再接受这项授权。")
        row.account, row.accepted_at = account, clock.now()
        row.save(update_fields=["account", "accepted_at"])
        _audit("accepted", row, by)
    return row


def decline_appointment(*, appointment: UUID, by: Actor) -> Appointment:
    """The appointee refuses the offer. Raises Absent for anybody else, Refused once it was accepted."""
    with transaction.atomic():
        row, account = _own_offer(appointment, by)
        if row.accepted_at is not None:
            raise Refused("您已经接受这项授权，不再担任的，请使用「解除授权」。")
        _end(row, by, "本人不接受", account.pk)
    return row


def end_appointment(*, appointment: UUID, reason: str, by: Actor) -> Appointment:
    """End a role, or withdraw an offer; rights end with the commit. A second time changes nothing.

    Raises Refused for who may not, Absent, Invalid without a reason.
    """
    if not reason.strip():
        raise Invalid.at("reason", "请填写解除原因")
    with transaction.atomic():
        row = _locked(appointment)
        rules.may_end_appointment(by, row).demand()
        if row.ended_at is None:
            _end(row, by, reason.strip()[:200], row.account_id)
    return row


def install_holder(*, unit: UUID, role: Role, account: UUID, by: Actor) -> Appointment:
    """Give a role outright, for the installation itself (first set-up, data taken over). Raises Refused for others."""
    if by.way is not Way.SYSTEM:
        raise Refused("该项授权须由本人接受后生效。")
    with transaction.atomic():
        row = _locked_unit(unit)
        rules.may_appoint(by, row, role).demand()
        holder = accounts.account(account)
        index = queries.invitee_index(holder.login)
        standing = Appointment.objects.current().filter(unit=row, role=role.value, invitee_index=index).first()
        if standing and standing.accepted_at:
            return standing
        if standing:
            _end(standing, by, "由系统直接授权")
        now = clock.now()
        made = Appointment(
            unit=row,
            role=role.value,
            account=holder,
            invitee_index=index,
            invitee_name=holder.name,
            invitee=f"{mask_name(holder.name)} {mask_number(holder.login)}",
            appointed_at=now,
            accepted_at=now,
        )
        made.save(force_insert=True)
        _audit("installed", made, by)
    return made


def _locked_unit(unit: UUID) -> Unit:
    row = Unit.objects.select_for_update(no_key=True).filter(pk=unit).first()
    if row is None:
        raise Absent
    return row


def _locked(appointment: UUID) -> Appointment:
    found = Appointment.objects.select_related("unit").select_for_update(of=("self",)).filter(pk=appointment).first()
    if found is None:
        raise Absent
    return found


def _own_offer(appointment: UUID, by: Actor) -> tuple[Appointment, Account]:
    """The offer, if it is the actor's own to answer, and the actor's account."""
    if by.account is None:
        raise Absent
    if not by.assured:
        raise Refused("请先重新输入密码，再答复单位授权。")
    account, row = accounts.account(by.account), _locked(appointment)
    mine = row.invitee_index == queries.invitee_index(account.login) and row.invitee_name == account.name
    if not mine or row.ended_at is not None:
        raise Absent("没有找到这项授权邀请，它可能已经撤回。请联系人社部门经办人员。")
    return row, account


def _demand_measure(by: Actor) -> None:
    if by.account is None:
        return
    since = clock.now() - timedelta(days=1)
    if Appointment.objects.filter(appointed_by=by.account, appointed_at__gte=since).count() >= MOST_OFFERS_A_DAY:
        raise TooMany(f"您 24 小时内已设置 {MOST_OFFERS_A_DAY} 人，达到上限。请明天再办理，或由本部门其他经办员办理。")


def _refuse_oneself(by: Actor, number: str) -> None:
    if by.account is not None and accounts.account(by.account).login == number:
        raise Refused("不能把自己设置为采集管理员，请由单位另派人员担任。")


def _end(row: Appointment, by: Actor, reason: str, account: UUID | None = None) -> None:
    row.ended_at, row.ended_by, row.end_reason = clock.now(), by.account, reason
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    _audit("ended", row, by)
    announce(AppointmentEnded(row.pk, row.unit_id, row.role, account, by.account))


def _audit(verb: str, row: Appointment, by: Actor) -> None:
    audit.record(
        f"organizations.appointment.{verb}",
        by=by,
        kind="appointment",
        id=str(row.pk),
        unit=row.unit_id,
        detail={"role": row.role},
    )


def _offer(row: Appointment) -> Offer:
    role = Role(row.role)
    sentence = (
        f"已向 {row.invitee} 发出「{ROLE_NAMES[role]}」授权，待本人登录后接受即生效。"
        "证件号码尚未注册的，注册后即可看到。"
    )
    return Offer(row.pk, row.unit_id, role, row.invitee, sentence)
