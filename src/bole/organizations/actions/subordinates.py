"""Units that come to be with their administrator: created by the superior, or registered and approved.

A unit without a credit code gets its superior's with two digits more, in a column of its own: it looks like a real
one and proves nothing (GZ-03, AC-15).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from bole.accounts import queries as accounts
from bole.accounts.terms import clean_phone
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Fault, Invalid, Refused
from bole.organizations import queries, rules
from bole.organizations.actions.appointing import refuse_administration_elsewhere
from bole.organizations.actions.changing import apply_values
from bole.organizations.actions.offering import Post, give, locked_unit, read_invitee, write_offer
from bole.organizations.actions.tree import clean_unit_name, hold_tree, plant
from bole.organizations.actions.unit_accounts import make_unit_account
from bole.organizations.models import Unit
from bole.organizations.terms import BELOW, UNIT_KIND_NAMES, Act, Role, UnitKind, UnitsCome, covers

MOST_PROVISIONAL = 99
_CREDIT = 18  # characters of a credit code

_AT = {"name": "administrator_name", "number": "administrator_number", "phone": "administrator_phone"}


def create_subordinate(
    *,
    parent: UUID,
    kind: UnitKind,
    name: str,
    region: str = "",
    credit_code: str = "",
    duties: str,
    administrator_name: str,
    administrator_number: str,
    administrator_phone: str,
    in_bulk: bool = False,
    by: Actor,
) -> Unit:
    """「新增下级单位」: the unit, its account and the offer to its first administrator at once (GZ-02, GZ-03).

    `in_bulk`: it is a row of a workbook.

    `region` blank: the superior's. The unit account waits to be activated by a code to the administrator's phone, the
    administrator's role until that person accepts. Raises Refused for who may not, Absent, TooMany, Invalid with every
    fault of what was typed, Moved when the same unit was created at this moment, Unproved without fresh proof.
    """
    by.demand_fresh()
    faults = _person_faults(administrator_name, administrator_number, administrator_phone)
    clean, said = clean_unit_name(name), " ".join(duties.split())
    if not 2 <= len(clean) <= 120:
        faults.append(Fault("name", "单位名称应为 2 到 120 个字"))
    if not 0 < len(said) <= 2000:
        faults.append(Fault("duties", "请填写主要工作职责，最多 2000 个字"))
    with transaction.atomic():
        hold_tree(queries.unit(parent).site)
        superior = locked_unit(parent)
        rules.may_act(by, Act.CREATE_UNIT, superior).demand()
        place = region.strip() or superior.region
        faults += _place_faults(superior, kind, place)
        if not faults and Unit.objects.open().filter(parent=superior, name=clean).exists():
            faults.append(Fault("name", "该上级单位下已有同名单位，请核对，或在名称中加以区分"))
        if faults:
            raise Invalid(*faults)
        made = plant(
            site=superior.site,
            kind=kind,
            name=clean,
            region=place,
            parent=superior.pk,
            credit_code=credit_code,
            provisional_code="" if credit_code.strip() else next_provisional_code(superior),
            duties=said,
            by=by,
        )
        _open_collection(made)
        make_unit_account(made, holder_name=administrator_name, phone=administrator_phone, by=by)
        who = read_invitee(number=administrator_number, name=administrator_name)
        write_offer(made, Post(Role.ADMINISTRATOR), who, by, in_bulk=in_bulk)
    return made


def register_unit(
    *,
    site: str,
    kind: UnitKind,
    name: str,
    region: str,
    parent: UUID | None = None,
    credit_code: str,
    organization_code: str = "",
    insurance_number: str = "",
    values: Mapping[str, str] | None = None,
    details: Mapping[str, Any] | None = None,
    administrator: UUID,
    by: Actor,
) -> Unit:
    """The effect of an approved or checked registration: the applicant's account administers the unit at once.

    `values` and `details` are what `change_unit` takes. The unit account waits to be activated by a code to the
    applicant's phone. Raises Refused for others than the platform, for a superior of a kind that has no such units
    and for somebody who administers another unit; Invalid with every fault, Moved.
    """
    if by.way is not Way.SYSTEM:
        raise Refused("单位注册须经审核后生效，请提交单位注册申请。")
    if not credit_code.strip():
        raise Invalid.at("credit_code", "请填写统一社会信用代码")
    with transaction.atomic():
        hold_tree(site)
        holder = accounts.account(administrator)
        superior = queries.unit(parent) if parent else None
        if superior is not None and kind not in BELOW[UnitKind(superior.kind)]:
            raise Refused(_no_such(superior, kind))
        if superior is not None and not covers(superior.region, region):  # nobody lets in what is not on his ground
            raise Invalid.at("region", "所属地区应在上级单位所属地区范围内")
        made = plant(
            site=site,
            kind=kind,
            name=name,
            region=region,
            parent=parent,
            credit_code=credit_code,
            organization_code=organization_code,
            insurance_number=insurance_number,
            by=by,
        )
        refuse_administration_elsewhere(made.pk, holder)
        apply_values(made, {**(values or {}), **({"details": dict(details)} if details else {})}, by)
        _open_collection(made)
        if holder.phone:
            make_unit_account(made, holder_name=holder.name, phone=holder.phone, by=by)
        give(made, Post(Role.ADMINISTRATOR), holder, by, "installed")
    return made


def next_provisional_code(superior: Unit) -> str:
    """The superior's credit code and the next two digits; a code once given is never given again. The tree is held.

    Raises Invalid where the superior has no credit code itself, and after 99 of them.
    """
    stem = superior.credit_code
    if not stem:
        raise Invalid.at(
            "credit_code",
            "上级单位没有统一社会信用代码，不能生成临时代码。请填写统一社会信用代码，或先登记上级单位的代码",
        )
    given = Unit.objects.filter(provisional_code__gte=stem, provisional_code__lt=stem + "~")
    last = given.aggregate(last=Max("provisional_code"))["last"]
    serial = int(last[_CREDIT:]) + 1 if last else 1
    if serial > MOST_PROVISIONAL:
        raise Invalid.at(
            "credit_code", f"该上级单位的临时代码已用完（最多 {MOST_PROVISIONAL} 个）。请先为新单位申领统一社会信用代码"
        )
    return f"{stem}{serial:02}"


def _person_faults(name: str, number: str, phone: str) -> list[Fault]:
    faults: list[Fault] = []
    try:
        read_invitee(number=number, name=name)
    except Invalid as wrong:
        faults += wrong.faults
    try:
        clean_phone(phone)
    except Invalid as wrong:
        faults += wrong.faults
    return [Fault(_AT.get(fault.at, fault.at), fault.say) for fault in faults]


def _place_faults(superior: Unit, kind: UnitKind, region: str) -> list[Fault]:
    faults = []
    if kind not in BELOW[UnitKind(superior.kind)]:
        faults.append(Fault("kind", _no_such(superior, kind)))
    if superior.closed_on is not None:
        faults.append(Fault("parent", "上级单位已停用，请重新选择"))
    if not covers(superior.region, region):
        faults.append(Fault("region", "所属地区应在上级单位所属地区范围内，请重新选择"))
    elif kind is UnitKind.AUTHORITY and region == superior.region:
        faults.append(Fault("region", "下级人社部门的所属地区应低于上级单位一级，请重新选择"))
    return faults


def _no_such(superior: Unit, kind: UnitKind) -> str:
    return f"{UNIT_KIND_NAMES[UnitKind(superior.kind)]}下不能设置{UNIT_KIND_NAMES[kind]}，请重新选择类别或上级单位。"


def _open_collection(made: Unit) -> None:
    """Where no authority's operator opens units for collection one by one, a unit is open from the beginning."""
    by_hand = UnitsCome.AUTHORIZED in queries.site(made.site).units
    if not by_hand and made.kind in (UnitKind.UNIT.value, UnitKind.DEPARTMENT.value):
        made.collection_enabled_at = clock.now()
        made.save(update_fields=["collection_enabled_at"])
