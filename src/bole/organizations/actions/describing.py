"""「单位信息」: what a unit says about itself, once at the first visit and later by 「编辑」."""

import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from bole.accounts.terms import clean_phone
from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Fault, Invalid, Moved
from bole.kernel.events import announce
from bole.organizations import rules
from bole.organizations.actions.tree import check_ground
from bole.organizations.events import RegionCorrected
from bole.organizations.models import Unit
from bole.standards import queries as standards

_TEXTS = {"address": ("单位地址", 200), "leader": ("负责人", 30)}
_TABLES = {
    "unit_type": ("单位类型", "unit-type"),
    "affiliation": ("隶属关系", "affiliation"),
    "economic_type": ("经济类型", "economic-type"),
    "industry": ("所属行业", "industry"),
}
_SUPERIORS = {"administrative_superior": "行政主管", "industry_superior": "行业主管"}


def describe_unit(*, unit: UUID, values: Mapping[str, str], seen: int, by: Actor) -> Unit:
    """Save 「单位信息」; name and organization code are not among what can be changed (NX-13).

    `values` holds text by field name, superiors as unit ids, the rest of the tables as codes; `seen` is the
    revision that was on screen. Raises Refused, Absent, Invalid with every fault, Moved when somebody saved
    something else meanwhile. Saving the same twice changes nothing the second time.
    """
    with transaction.atomic():
        row = Unit.objects.select_for_update(no_key=True).filter(pk=unit).first()
        if row is None:
            raise Absent
        rules.may_describe_unit(by, row).demand()
        clean = _clean(row, values)
        changed = [name for name, value in clean.items() if getattr(row, name) != value]
        if not changed and row.described_at is not None:
            return row
        if seen != row.revision:
            raise Moved(_moved(row))
        region = row.region
        for name, value in clean.items():
            setattr(row, name, value)
        row.revision += 1
        row.described_at, row.described_by, row.described_by_name = clock.now(), by.account, by.name
        row.save()
        audit.record(
            "organizations.unit.described", by=by, kind="unit", id=str(row.pk), unit=row.pk, detail={"changed": changed}
        )
        if row.region != region:
            announce(RegionCorrected(row.pk, region, row.region))
    return row


def _moved(row: Unit) -> str:
    when = clock.china(row.described_at) if row.described_at else None
    told = f"{row.described_by_name or '其他人'}于{when.month}月{when.day}日 {when:%H:%M}" if when else "其他人"
    return f"单位信息已由{told}修改，请核对最新内容后再保存。您填写的内容没有丢失。"


def _clean(row: Unit, values: Mapping[str, str]) -> dict[str, Any]:
    faults: list[Fault] = []
    clean: dict[str, Any] = {}
    for name, (label, longest) in _TEXTS.items():
        text = " ".join(unicodedata.normalize("NFC", values.get(name, "")).split())
        if not text:
            faults.append(Fault(name, f"请填写{label}"))
        elif len(text) > longest:
            faults.append(Fault(name, f"{label}最多 {longest} 个字，现在有 {len(text)} 个字"))
        clean[name] = text
    try:
        clean["leader_phone"] = clean_phone(values.get("leader_phone", ""))
    except Invalid:
        faults.append(Fault("leader_phone", "负责人手机号应为 11 位手机号码"))
    for name, (label, table) in _TABLES.items():
        clean[name] = values.get(name, "").strip()
        faults += _code_faults(name, label, table, clean[name])
    for name, label in _SUPERIORS.items():
        chosen, wrong = _superior(row, name, label, values.get(name, ""))
        clean[f"{name}_id"] = chosen
        faults += wrong
    clean["region"] = values.get("region", "").strip()
    faults += check_ground(row.site, clean["region"]) if clean["region"] else [Fault("region", "请选择所属地区")]
    if faults:
        raise Invalid(*faults)
    return clean


def _code_faults(name: str, label: str, table: str, code: str) -> list[Fault]:
    if not code:
        return [Fault(name, f"请选择{label}")]
    known = {entry.code for entry in standards.table(table).entries_on(clock.today()) if entry.selectable}
    return [] if code in known else [Fault(name, f"{label}不在选项中，请重新选择")]


def _superior(row: Unit, name: str, label: str, text: str) -> tuple[UUID | None, list[Fault]]:
    if not text.strip():
        return None, [Fault(name, f"请输入关键字，选择{label}")]
    try:
        key = UUID(text.strip())
    except ValueError:
        return None, [Fault(name, f"请从搜索结果中选择{label}")]
    if key == row.pk:
        return None, [Fault(name, f"{label}不能是本单位，请重新选择")]
    if not Unit.objects.open().filter(pk=key, site=row.site).exists():
        return None, [Fault(name, f"没有找到这个{label}单位，请重新搜索选择")]
    return key, []
