"""「业务角色管理」: roles that the province names, and finer ones that authorities keep for their own ground (GZ-07).

Whoever changes a role holds the rows of all who have it: an act that rests on it is done before the change, or asks
again after it (G16).
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Fault, Invalid, Moved
from bole.organizations import rules
from bole.organizations.actions.offering import locked_unit, read_services
from bole.organizations.models import Appointment, BusinessRole
from bole.organizations.terms import ADMINISTRATIVE, Role

_TAKEN = "已有同名的业务角色，请换一个名称"


def keep_role(
    *,
    unit: UUID,
    role: UUID | None = None,
    name: str,
    note: str = "",
    functions: Sequence[Role],
    services: Sequence[str] = (),
    seen: int | None = None,
    by: Actor,
) -> BusinessRole:
    """Add a business role (`role` None) or change it, at once for all who hold it. `unit` keeps it.

    `seen` is the revision that was on screen. Raises Refused for others than an authority's administrator within
    his range, Absent, Invalid with every fault, Moved when somebody changed it meanwhile. The same twice is once.
    """
    by.demand_fresh()
    with transaction.atomic():
        keeper = locked_unit(unit)
        rules.may_keep_role(by, keeper).demand()
        row = _locked(role) if role else BusinessRole(site=keeper.site, keeper=keeper, made_at=clock.now())
        if row.keeper_id != keeper.pk:
            raise Absent("这个业务角色不由本单位维护。")
        values = _clean(row, name, note, functions, services)
        ranges = values["services"]
        rules.may_keep_range(by, ranges, *([row.services] if role else [])).demand()
        changed = [key for key, value in values.items() if getattr(row, key) != value]
        if role and not changed:
            return row
        if role and seen is not None and seen != row.revision:
            raise Moved("这个业务角色刚刚由其他人修改，请核对最新内容后再保存。您填写的内容没有丢失。")
        if role:
            _hold_holders(row)
            row.revision += 1
        for key, value in values.items():
            setattr(row, key, value)
        _save(row)
        _record("changed" if role else "added", row, by, changed)
    return row


def disable_role(*, role: UUID, by: Actor) -> BusinessRole:
    """Take a business role out of use, at once for all who hold it. A second time changes nothing."""
    return _switch(role, by, off=True)


def enable_role(*, role: UUID, by: Actor) -> BusinessRole:
    """Put a business role back into use. A second time changes nothing."""
    return _switch(role, by, off=False)


def _switch(role: UUID, by: Actor, *, off: bool) -> BusinessRole:
    by.demand_fresh()
    with transaction.atomic():
        row = _locked(role)
        rules.may_keep_role(by, row.keeper).demand()
        rules.may_keep_range(by, row.services).demand()
        if (row.disabled_at is not None) == off:
            return row
        _hold_holders(row)
        row.disabled_at = clock.now() if off else None
        row.revision += 1
        row.save(update_fields=["disabled_at", "revision"])
        _record("disabled" if off else "enabled", row, by, [])
    return row


def _locked(role: UUID) -> BusinessRole:
    row = BusinessRole.objects.select_related("keeper").select_for_update(of=("self",), no_key=True).filter(pk=role)
    found = row.first()
    if found is None:
        raise Absent("没有找到这个业务角色，请刷新后重新选择。")
    return found


def _hold_holders(row: BusinessRole) -> None:
    """Hold every appointment that rests on the role, in the order in which acts hold them."""
    held = Appointment.objects.current().filter(business_role=row, accepted_at__isnull=False).order_by("id")
    for _ in held.select_for_update(of=("self",), no_key=True).values_list("pk").iterator():
        pass


def _clean(
    row: BusinessRole, name: str, note: str, functions: Sequence[Role], services: Sequence[str]
) -> dict[str, Any]:
    clean, remark = " ".join(name.split()), " ".join(note.split())
    faults: list[Fault] = []
    if not 2 <= len(clean) <= 40:
        faults.append(Fault("name", "角色名称应为 2 到 40 个字"))
    elif BusinessRole.objects.filter(keeper=row.keeper, name=clean).exclude(pk=row.pk).exists():
        faults.append(Fault("name", _TAKEN))
    if len(remark) > 200:
        faults.append(Fault("note", f"说明最多 200 个字，现在有 {len(remark)} 个字"))
    chosen = [each for each in Role if each in functions]
    if not chosen:
        faults.append(Fault("functions", "请至少选择一项可办模块"))
    if ADMINISTRATIVE & set(chosen):
        faults.append(Fault("functions", "业务角色不能包含单位管理员、副管理员，管理员账号不办理业务"))
    ranges = read_services(services, faults)
    return {"name": clean, "note": remark, "functions": [each.value for each in chosen], "services": list(ranges)}


def _save(row: BusinessRole) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Invalid.at("name", _TAKEN) from None


def _record(verb: str, row: BusinessRole, by: Actor, changed: list[str]) -> None:
    audit.record(
        f"organizations.business_role.{verb}",
        by=by,
        kind="business-role",
        id=str(row.pk),
        unit=row.keeper_id,
        detail={"revision": row.revision, "changed": changed, "functions": list(row.functions)},
    )
