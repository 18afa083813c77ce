"""单位账号: made in advance with the unit, activated by a code to its holder's phone.

It names administrators and does nothing else (GZ-01). Who laid the administration down, or was removed, must not come
back through it: where it was that person's own, it goes to the successor, or nobody can enter it until there is one.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bole.accounts import actions as accounts
from bole.accounts import queries as known
from bole.accounts.terms import AccountKind, HashedPassword, clean_phone
from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Fault, Invalid, Refused
from bole.organizations import rules
from bole.organizations.actions.offering import end, locked_unit
from bole.organizations.models import Appointment, Unit, UnitAccount
from bole.organizations.terms import ADMINISTRATIVE, Act, Role, person_name

_ADMINISTRATIVE = [role.value for role in ADMINISTRATIVE]


def open_unit_account(
    *, unit: UUID, holder_name: str, phone: str, password: HashedPassword | None = None, by: Actor
) -> UnitAccount:
    """The 单位账号 of a unit that has none yet, made in advance and activated with a code to the phone (JL-01).

    Only the installation may hand in a password (for a demonstration), or neither name nor phone: then nobody can enter
    the account until an administrator takes the role, whose it is from then on.

    By an administrator above, who may create such units, or the installation. Raises Refused for others and where
    there is one, Absent, Invalid at "holder_name" and "phone".
    """
    with transaction.atomic():
        row = locked_unit(unit)
        rules.may_act(by, Act.CREATE_UNIT, row).demand()
        if by.unit == row.pk:
            raise Refused("单位账号由上级单位的管理员设置，请联系上级单位。")
        administered = Appointment.objects.live().filter(unit=row, role=Role.ADMINISTRATOR.value).exists()
        if administered:  # whoever holds the account can put somebody else in the administrator's place
            rules.may_act(by, Act.APPOINT_IN_EMERGENCY, row).demand()
        if UnitAccount.objects.filter(unit=row).exists():
            raise Refused(
                "该单位已有单位账号。账号无法使用的，请由持有人用「忘记密码」找回，或由上级单位管理员发起重置。"
            )
        if not row.code:
            raise Refused("该单位还没有统一社会信用代码或临时代码，请先登记代码，再设置单位账号。")
        return make_unit_account(row, holder_name=holder_name, phone=phone, password=password, by=by)


def make_unit_account(
    unit: Unit, *, holder_name: str, phone: str, password: HashedPassword | None = None, by: Actor
) -> UnitAccount:
    """The account under the unit's code, waiting to be activated. The rule was asked. Raises Invalid."""
    name, plain, faults = person_name(holder_name), "", []
    nobody = by.way is Way.SYSTEM and not name and not phone.strip()
    if not nobody and not 0 < len(name) <= 50:
        faults.append(Fault("holder_name", "请填写单位账号使用人的姓名"))
    try:
        plain = "" if nobody else clean_phone(phone)
    except Invalid as wrong:
        faults += wrong.faults
    if faults:
        raise Invalid(*faults)
    if known.account_by_login(unit.code) is not None:
        raise Invalid.at("credit_code", "该代码已经用作其他账号的登录名，请核对代码，或联系系统管理员")
    account = accounts.create_account(
        login=unit.code, name=unit.name[:100], phone=plain or None, password=password, kind=AccountKind.UNIT, by=by
    )
    made = UnitAccount(unit=unit, account=account, holder_name=name, made_at=clock.now())
    made.save(force_insert=True)
    audit.record("organizations.unit_account.made", by=by, kind="unit", id=str(unit.pk), unit=unit.pk)
    return made


def follow(successor: Appointment, former: Appointment | None, by: Actor) -> None:
    """The unit account goes to the new administrator where it was the former one's, or nobody's since a removal."""
    held = UnitAccount.objects.filter(unit_id=successor.unit_id).select_related("account").first()
    if held is None or successor.account is None:
        return
    theirs = former is not None and former.account is not None and _is_holder(held, former)
    if theirs or not held.account.phone:
        _pass_on(held, successor.invitee_name, successor.account.phone or "", by)


def take_back(removed: Appointment, by: Actor) -> None:
    """What goes with an administrator's role that has just ended without a successor: a transfer, a removal, a leaver.

    Nothing where it was an offer, or another role."""
    if removed.plain_role is Role.ADMINISTRATOR and removed.accepted_at is not None:
        close_ways_back(removed, by)
        withhold(removed, by)


def withhold(removed: Appointment, by: Actor) -> None:
    """Nobody enters the unit account any more if it was the removed administrator's."""
    held = UnitAccount.objects.filter(unit_id=removed.unit_id).select_related("account").first()
    if held is not None and _is_holder(held, removed):
        _pass_on(held, "", "", by)


def close_ways_back(removed: Appointment, by: Actor) -> None:
    """Who was taken away from above is no deputy either, and no invitation to administer that was made by this person,
    through the unit account that was theirs, or to them, can still be accepted (AC-14, AC-28). The unit is held."""
    held = UnitAccount.objects.filter(unit_id=removed.unit_id).select_related("account").first()
    makers = [removed.account_id]
    if held is not None and _is_holder(held, removed):
        makers.append(held.account_id)
    theirs = Q(invitee_index=removed.invitee_index) | Q(accepted_at=None, appointed_by__in=makers)
    rows = Appointment.objects.current().filter(theirs, unit_id=removed.unit_id, role__in=_ADMINISTRATIVE)
    # Handovers say themselves, when they are accepted, that who handed over is there no more.
    rows = rows.exclude(pk=removed.pk).exclude(replaces=removed).select_related("unit", "business_role")
    for each in rows.order_by("id").select_for_update(of=("self",)):
        end(each, by, removed.end_reason, each.account_id)


def close_unit_account(unit: Unit, by: Actor) -> None:
    """The account of a unit that is closed."""
    held = UnitAccount.objects.filter(unit=unit).first()
    if held is not None:
        accounts.close_account(account=held.account_id, by=by)


def _is_holder(held: UnitAccount, administrator: Appointment) -> bool:
    """Known by the name or by the phone: to take an account back once too often is the safe mistake."""
    person = administrator.account
    same_phone = (
        person is not None and bool(held.account.phone_index) and (person.phone_index == held.account.phone_index)
    )
    return same_phone or held.holder_name == administrator.invitee_name


def _pass_on(held: UnitAccount, name: str, phone: str, by: Actor) -> None:
    accounts.pass_on(account=held.account_id, phone=phone, by=by)
    held.holder_name = name
    held.save(update_fields=["holder_name"])
    audit.record("organizations.unit_account.passed_on", by=by, kind="unit", id=str(held.unit_id), unit=held.unit_id)
