"""Taking over operators and lower units from workbooks: row by row, each with its reason when it is not taken.

Roles of operators are offered, as by hand: they live once the person accepts, and the answer tells nobody who is
registered (AC-09). Twice is once.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.documents import actions as documents
from bole.documents.terms import Column, ImportReport, RowImport, RowsTaken, SheetRow, Taken
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Invalid, Refused
from bole.organizations import queries, rules
from bole.organizations.actions.granting import offer_role
from bole.organizations.actions.offering import read_invitee
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import ADMINISTRATIVE, ROLE_NAMES, Act, Role

HEADER = ("单位", "姓名", "证件号码", "角色", "起始日期", "截止日期")
NEEDED = ("姓名", "证件号码", "角色")

_ROLES = {name: role for role, name in ROLE_NAMES.items() if role not in ADMINISTRATIVE}


def operators_import(*, site: str, unit: UUID | None = None, by: Actor) -> RowImport:
    """Roles offered to the people of a workbook; `unit` None reads the unit from its own column, by code or name.

    「角色」 names a plain role or a business role that can be granted there. Raises Refused for who may not at all,
    Unproved.
    """

    def demand() -> None:
        if unit is not None:
            rules.may_act(by, Act.GRANT, queries.unit(unit)).demand()
        elif by.way is not Way.SYSTEM:
            raise Refused("请选择要导入人员的单位。")

    def take(rows: Sequence[SheetRow]) -> RowsTaken:
        with transaction.atomic():
            demand()
            return documents.take_some(
                rows, columns=columns, take=lambda values: _take(values, site=site, unit=unit, by=by)
            )

    def note(taken: RowsTaken) -> None:
        audit.record("organizations.operators.imported", by=by, kind="site", id=site, unit=unit, detail=taken.counts)

    demand()
    by.demand_fresh()
    columns = _columns(unit)
    return RowImport(columns, NEEDED, take, note)


def import_operators(data: bytes, *, site: str, unit: UUID | None = None, by: Actor) -> ImportReport:
    """The same at once. Raises Invalid for a workbook that cannot be read."""
    return documents.take_all(operators_import(site=site, unit=unit, by=by), data)


def operator_template(*, unit: UUID | None = None) -> bytes:
    """The empty workbook that `import_operators` reads, with drop-downs."""
    return documents.write_sheet(_columns(unit), (), name="经办人员", room_for=1000)


def _columns(unit: UUID | None) -> list[Column]:
    bundles = [card.name for card in queries.roles_for(unit)] if unit else []
    more = {
        "单位": Column("单位", 36, note="单位的统一社会信用代码、临时代码或名称"),
        "证件号码": Column("证件号码", 24),
        "角色": Column("角色", 24, (*_ROLES, *bundles)),
        "起始日期": Column("起始日期", 16, note="如 2026-01-01；不限的留空"),
        "截止日期": Column("截止日期", 16, note="当天仍然有效；不限的留空"),
    }
    names = HEADER if unit is None else HEADER[1:]
    return [more.get(name, Column(name, 20)) for name in names]


def _take(values: Mapping[str, str], *, site: str, unit: UUID | None, by: Actor) -> Taken:
    place = unit or _unit(values.get("单位", ""), site)
    role, bundle = _role(values["角色"], place)
    who = read_invitee(number=values["证件号码"], name=values["姓名"])
    since_on, until_on = _day("起始日期", values), _day("截止日期", values)
    rows = Appointment.objects.current().filter(unit_id=place, invitee_index=who.index)
    standing = rows.filter(role=role.value if role else "", business_role_id=bundle).first()
    same = standing is not None and not standing.expired and standing.invitee_name == who.name
    if same and standing is not None and (standing.since_on, standing.until_on) == (since_on, until_on):
        return Taken.UNCHANGED
    offer_role(
        unit=place,
        role=role,
        business_role=bundle,
        number=who.number,
        name=who.name,
        since_on=since_on,
        until_on=until_on,
        in_bulk=True,
        by=by,
    )
    return Taken.UPDATED if standing is not None else Taken.CREATED


def _unit(text: str, site: str) -> UUID:
    if not text:
        raise Invalid.at("unit", "请填写单位的统一社会信用代码或名称")
    code = text.upper().replace("-", "")
    there = Unit.objects.open().filter(site=site)
    found = list(there.filter(credit_code=code)[:2]) or list(there.filter(provisional_code=code)[:2])
    found = found or list(there.filter(name=text)[:2])
    if len(found) == 1:
        return found[0].pk
    if found:
        raise Invalid.at("unit", "有多个同名的单位，请改填统一社会信用代码")
    raise Invalid.at("unit", "没有找到这个单位，请核对代码或名称，或先导入单位")


def _role(text: str, unit: UUID) -> tuple[Role | None, UUID | None]:
    if text in _ROLES:
        return _ROLES[text], None
    bundle = next((card.id for card in queries.roles_for(unit) if card.name == text), None)
    if bundle is None:
        raise Invalid.at(
            "role", f"角色「{text}」不在该单位可以授予的角色中，请按下拉选项填写" if text else "请填写角色"
        )
    return None, bundle


def _day(name: str, values: Mapping[str, str]) -> date | None:
    text = values.get(name, "").strip().replace("/", "-").replace(".", "-").split(" ")[0]
    if not text:
        return None
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        raise Invalid.at(name, f"{name}应为「年-月-日」，如 2026-01-01") from None
