"""「修改单位信息」 once it was approved (HA-08): only what is given changes, all of it or nothing."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import actions as accounts
from bole.accounts.terms import clean_phone
from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Fault, Invalid, Refused
from bole.kernel.events import announce
from bole.organizations import queries
from bole.organizations.actions.offering import locked_unit
from bole.organizations.actions.tree import CODE_TAKEN, check_ground, clean_unit_name, read_codes
from bole.organizations.events import RegionCorrected
from bole.organizations.models import Unit, UnitAccount
from bole.organizations.terms import UnitKind
from bole.standards import queries as standards

_TEXTS = {
    "duties": ("主要工作职责", 2000),
    "address": ("单位地址", 200),
    "leader": ("负责人", 30),
    "insurance_number": ("单位医保编号", 30),
}
_TABLES = {
    "unit_type": ("单位类型", "unit-type"),
    "affiliation": ("隶属关系", "affiliation"),
    "economic_type": ("经济类型", "economic-type"),
    "industry": ("所属行业", "industry"),
}
_KNOWN = {*_TEXTS, *_TABLES, "name", "credit_code", "organization_code", "region", "leader_phone", "details"}
_MOST_DETAILS = 20_000  # characters, as JSON


def change_unit(*, unit: UUID, values: Mapping[str, Any], by: Actor) -> Unit:
    """The effect of an approved change: name, codes, region, the kind's details and the rest, each only when given.

    The unit account follows a new code and name. Raises Refused for others than the platform and for a closed unit,
    Absent, Invalid with every fault, among them a code that another unit has. The same twice is once.
    """
    if by.way is not Way.SYSTEM:
        raise Refused("单位信息须经审核后修改，请提交「修改单位信息」申请。")
    with transaction.atomic():
        row = locked_unit(unit)
        if row.closed_on is not None:
            raise Refused("该单位已停用，不能再修改单位信息。")
        apply_values(row, values, by)
    return row


def apply_values(row: Unit, values: Mapping[str, Any], by: Actor) -> None:
    """Write what differs; the unit is held. Raises Invalid with every fault, ValueError for a field nobody knows."""
    clean = read_values(row, values)
    changed = [name for name, value in clean.items() if getattr(row, name) != value]
    if not changed:
        return
    before, code = row.region, row.code
    for name in changed:
        setattr(row, name, clean[name])
    if "name" in changed:
        row.pinyin, row.initials = standards.pinyin(row.name, surname=False)
    row.revision += 1
    row.described_at, row.described_by, row.described_by_name = clock.now(), by.account, by.name
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Invalid.at("credit_code", CODE_TAKEN) from None
    audit.record(
        "organizations.unit.changed", by=by, kind="unit", id=str(row.pk), unit=row.pk, detail={"changed": changed}
    )
    if row.code != code or "name" in changed:
        _rename_account(row, by)
    if row.region != before:
        announce(RegionCorrected(row.pk, before, row.region))


def read_values(row: Unit, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, cleaned. Raises Invalid with every fault."""
    unknown = set(values) - _KNOWN
    if unknown:
        raise ValueError(f"units have no {', '.join(sorted(unknown))}")
    faults: list[Fault] = []
    clean: dict[str, Any] = {}
    readers: Mapping[str, Callable[[Unit, Any], tuple[Any, list[Fault]]]] = {
        "name": _name,
        "leader_phone": _phone,
        "region": _region,
        "details": _details,
    }
    for name, value in values.items():
        if name in _TEXTS:
            clean[name], wrong = _text(name, value)
        elif name in _TABLES:
            clean[name], wrong = _entry(name, value)
        elif name in readers:
            clean[name], wrong = readers[name](row, value)
        else:
            continue
        faults += wrong
    codes, wrong = _codes(row, values)
    if faults or wrong:
        raise Invalid(*faults, *wrong)
    return clean | codes


def _text(name: str, value: Any) -> tuple[str, list[Fault]]:
    label, longest = _TEXTS[name]
    text = str(value).strip() if name == "duties" else " ".join(str(value).split())
    if len(text) > longest:
        return text, [Fault(name, f"{label}最多 {longest} 个字，现在有 {len(text)} 个字")]
    return text, []


def _entry(name: str, value: Any) -> tuple[str, list[Fault]]:
    label, table = _TABLES[name]
    code = str(value).strip()
    known = {entry.code for entry in standards.table(table).entries_on(clock.today()) if entry.selectable}
    return code, [] if not code or code in known else [Fault(name, f"{label}不在选项中，请重新选择")]


def _name(row: Unit, value: Any) -> tuple[str, list[Fault]]:
    name = clean_unit_name(str(value))
    return name, [] if 2 <= len(name) <= 120 else [Fault("name", "单位名称应为 2 到 120 个字")]


def _phone(row: Unit, value: Any) -> tuple[str | None, list[Fault]]:
    if not str(value).strip():
        return None, []
    try:
        return clean_phone(str(value)), []
    except Invalid:
        return None, [Fault("leader_phone", "负责人手机号应为 11 位手机号码")]


def _region(row: Unit, value: Any) -> tuple[str, list[Fault]]:
    region = str(value).strip()
    faults = check_ground(row.site, region)
    if row.kind == UnitKind.AUTHORITY.value and not faults:
        there = queries.authority_at(row.site, region)
        if there is not None and there.pk != row.pk:
            faults = [Fault("region", "该地区已经有人社部门，一个地区只能登记一个")]
    return region, faults


def _details(row: Unit, value: Any) -> tuple[dict[str, Any], list[Fault]]:
    if not isinstance(value, Mapping) or len(json.dumps(value, ensure_ascii=False, default=str)) > _MOST_DETAILS:
        return {}, [Fault("details", "单位的补充信息太长，请精简后再提交")]
    return {**row.details, **value}, []


def _codes(row: Unit, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The codes that were given. A unit's credit code can be changed, not taken away."""
    given = {name: str(values.get(name, "")).strip() for name in ("credit_code", "organization_code")}
    if "credit_code" in values and not given["credit_code"] and row.credit_code:
        return {}, [Fault("credit_code", "请填写统一社会信用代码")]
    codes, faults = read_codes(given["credit_code"], given["organization_code"])
    taken = Unit.objects.filter(credit_code=codes["credit_code"]).exclude(pk=row.pk)
    if codes["credit_code"] and taken.exists():
        faults.append(Fault("credit_code", CODE_TAKEN))
    return {name: code for name, code in codes.items() if code}, faults


def _rename_account(row: Unit, by: Actor) -> None:
    held = UnitAccount.objects.filter(unit=row).first()
    if held is not None:
        accounts.rename_unit_account(account=held.account_id, login=row.code, name=row.name[:100], by=by)
