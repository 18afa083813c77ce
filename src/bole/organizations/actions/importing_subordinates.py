"""「批量导入单位」 by an administrator: each row a lower unit with its first administrator, twice is once (GZ-02)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.documents import actions as documents
from bole.documents.terms import Column, RowImport, RowsTaken, SheetRow, Taken
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid, Refused
from bole.organizations import queries, rules
from bole.organizations.actions.subordinates import create_subordinate
from bole.organizations.actions.tree import clean_unit_name, hold_tree
from bole.organizations.models import Unit
from bole.organizations.terms import BELOW, UNIT_KIND_NAMES, Act, UnitKind
from bole.standards import queries as standards

NEEDED = ("单位名称", "主要工作职责", "管理员姓名", "身份证号", "电话号码")
HEADER = ("单位名称", "统一社会信用代码", "单位类别", "所属行政区划", "上级单位", *NEEDED[1:])

_KINDS = {name: kind for kind, name in UNIT_KIND_NAMES.items()} | {"用人单位": UnitKind.UNIT}


def subordinates_import(*, unit: UUID, by: Actor) -> RowImport:
    """The units of a workbook created below `unit`, each with its account and the offer to its first administrator.

    「上级单位」 blank is the unit itself; otherwise one below it, by code or name, which may stand in the same workbook
    above the row. A row whose unit is there already changes nothing. Rows not taken come back with the reason. Raises
    Refused for who may not at all, Unproved.
    """
    own = queries.unit(unit)
    rules.may_act(by, Act.CREATE_UNIT, own).demand()
    by.demand_fresh()
    columns, regions = _columns(own), _regions(own.region)

    def take(rows: Sequence[SheetRow]) -> RowsTaken:
        with transaction.atomic():
            hold_tree(own.site)
            here = queries.unit(unit)  # as it hangs now: between two slices it may have come under another superior
            rules.may_act(by, Act.CREATE_UNIT, here).demand()
            return documents.take_some(
                rows, columns=columns, take=lambda values: _take(values, own=here, regions=regions, by=by)
            )

    def note(taken: RowsTaken) -> None:
        audit.record(
            "organizations.subordinates.imported", by=by, kind="unit", id=str(own.pk), unit=own.pk, detail=taken.counts
        )

    return RowImport(columns, NEEDED, take, note)


def subordinates_template(*, unit: UUID) -> bytes:
    """The empty workbook that `subordinates_import` reads, with drop-downs."""
    return documents.write_sheet(_columns(queries.unit(unit)), (), name="下级单位", room_for=1000)


def _columns(own: Unit) -> list[Column]:
    kinds = tuple(UNIT_KIND_NAMES[kind] for kind in UnitKind if kind in BELOW[UnitKind(own.kind)])
    more = {
        "单位名称": Column("单位名称", 36),
        "统一社会信用代码": Column("统一社会信用代码", 24, note="没有的留空，自动生成临时代码"),
        "单位类别": Column("单位类别", 16, kinds),
        "所属行政区划": Column("所属行政区划", 30, note="行政区划代码或名称；留空与上级单位相同"),
        "上级单位": Column("上级单位", 36, note="留空为本单位；也可以填本单位的下级单位的代码或名称"),
        "主要工作职责": Column("主要工作职责", 40),
        "身份证号": Column("身份证号", 24),
    }
    return [more.get(name, Column(name, 16)) for name in HEADER]


def _take(values: Mapping[str, str], *, own: Unit, regions: Mapping[str, str], by: Actor) -> Taken:
    parent = _parent(values.get("上级单位", ""), own)
    kind = _KINDS.get(values.get("单位类别", "") or UNIT_KIND_NAMES[UnitKind.UNIT])
    if kind is None:
        raise Invalid.at("kind", f"单位类别应为{'、'.join(UNIT_KIND_NAMES.values())}之一")
    name, code = clean_unit_name(values["单位名称"]), values.get("统一社会信用代码", "")
    if _is_there(parent, name, code):
        return Taken.UNCHANGED
    place = values.get("所属行政区划", "").replace(" ", "")
    create_subordinate(
        parent=parent.pk,
        kind=kind,
        name=name,
        region=regions.get(place, place),
        credit_code=code,
        duties=values["主要工作职责"],
        administrator_name=values["管理员姓名"],
        administrator_number=values["身份证号"],
        administrator_phone=values["电话号码"],
        in_bulk=True,
        by=by,
    )
    return Taken.CREATED


def _is_there(parent: Unit, name: str, code: str) -> bool:
    """Whether this very unit hangs under this superior already. Raises Invalid for a malformed code."""
    known = Unit.objects.open().filter(parent=parent, name=name)
    return known.filter(credit_code=standards.credit_code(code).code if code else None).exists()


def _parent(text: str, own: Unit) -> Unit:
    """Raises Refused for a superior that is not there, or not below the own unit."""
    if not text:
        return own
    below = Unit.objects.open().below(own.path)
    code = text.upper().replace("-", "").strip()
    for match in ({"credit_code": code}, {"provisional_code": code}, {"name": clean_unit_name(text)}):
        found = list(below.filter(**match)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(f"有多个单位名为「{text}」，请改填统一社会信用代码。")
    raise Refused(f"没有找到上级单位「{text}」，请填写本单位或下级单位的代码或名称。")


def _regions(root: str) -> dict[str, str]:
    """Full names and single names of the ground to codes."""
    found = [standards.region(root)]
    for region in found:  # grows while it is walked: the whole ground, top down
        found += standards.regions_under(region.code)
    names = [region.name for region in found]
    single = {region.name: region.code for region in found if names.count(region.name) == 1}
    return single | {region.full_name: region.code for region in found}
