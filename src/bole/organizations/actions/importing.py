"""Taking over units from a workbook: row by row, each with its reason when it is not taken; twice is once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.terms import Column, ImportReport, Taken
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Fault, Invalid, Refused
from bole.kernel.events import announce
from bole.organizations import queries, rules
from bole.organizations.actions.tree import check_ground, clean_unit_name, create_unit, hold_tree, move_unit
from bole.organizations.events import RegionCorrected
from bole.organizations.models import Unit
from bole.organizations.terms import UNIT_KIND_NAMES, UnitKind
from bole.standards import queries as standards

HEADER = ("单位名称", "统一社会信用代码", "组织机构代码", "单位医保编号", "所属地区", "上级单位", "类别", "单位类型")
NEEDED = ("单位名称", "所属地区")

_KINDS = {name: kind for kind, name in UNIT_KIND_NAMES.items()}


@dataclass
class _Import:
    """One run: the site, the actor, and the site's region names, read once."""

    site: str
    by: Actor
    regions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Row:
    """A row as read: cleaned text and resolved codes."""

    name: str
    credit_code: str
    organization_code: str
    insurance_number: str
    region: str
    parent: UUID | None
    kind: UnitKind
    unit_type: str


def import_units(data: bytes, *, site: str, by: Actor) -> ImportReport:
    """Create or update the units of a workbook with the columns of HEADER.

    Rows are known again by their credit code, else by their organization code, else by name under the same
    superior. A superior may stand in the same workbook, above the row. Rows not taken come back in a workbook
    with the reason. Raises Refused for who may not at all, Invalid for a workbook that cannot be read.
    """
    rules.may_authorize(by).demand()
    rows = sheets.read_rows(data, header=NEEDED, optional=HEADER)
    run = _Import(site, by, _region_names(queries.site(site).region))
    with transaction.atomic():
        hold_tree(site)  # before any unit is locked, or a move under way and this run would wait for each other
        report = documents.take_rows(rows, columns=_columns(), take=lambda values: _take(run, values))
        audit.record("organizations.units.imported", by=by, kind="site", id=site, detail=report.counts)
    return report


def unit_template() -> bytes:
    """The empty workbook that `import_units` reads, with drop-downs."""
    return documents.write_sheet(_columns(), (), name="单位", room_for=1000)


def _columns() -> list[Column]:
    types = tuple(entry.name for entry in standards.table("unit-type").entries_on(clock.today()) if entry.selectable)
    more = {
        "单位名称": Column("单位名称", 36),
        "统一社会信用代码": Column("统一社会信用代码", 24),
        "所属地区": Column("所属地区", 30, note="行政区划代码，或全称，如：宁夏回族自治区银川市兴庆区"),
        "上级单位": Column("上级单位", 36, note="上级单位的统一社会信用代码或名称；没有上级的留空"),
        "类别": Column("类别", 12, tuple(_KINDS)),
        "单位类型": Column("单位类型", 24, types),
    }
    return [more.get(name, Column(name, 20)) for name in HEADER]


def _take(run: _Import, values: Mapping[str, str]) -> Taken:
    row = _read(run, values)
    rules.may_create_unit(run.by, site=run.site, region=row.region).demand()
    known = _known(run, row)
    if known is None:
        create_unit(
            site=run.site,
            kind=row.kind,
            name=row.name,
            region=row.region,
            parent=row.parent,
            credit_code=row.credit_code,
            organization_code=row.organization_code,
            insurance_number=row.insurance_number,
            unit_type=row.unit_type,
            by=run.by,
        )
        return Taken.CREATED
    return _update(run, known, row)


def _update(run: _Import, known: Unit, row: _Row) -> Taken:
    """Bring a known unit up to date. What decides rights (kind, superior) is not changed by the way."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=known.pk)
    rules.may_create_unit(run.by, site=unit.site, region=unit.region).demand()
    if unit.closed_on is not None:
        raise Refused("该单位已停用，不能更新。")
    if unit.site != run.site or unit.kind != row.kind.value:
        raise Refused(f"该单位已登记为{UNIT_KIND_NAMES[UnitKind(unit.kind)]}，与本行类别或办事大厅不一致，请核对。")
    moved = row.parent is not None and unit.parent_id != row.parent
    if moved and not rules.may_move_unit(run.by):
        raise Refused("上级单位与登记的不一致，请由单位提交「主管部门更改」申请。")
    fresh = {"name": row.name, "region": row.region}
    fresh |= {
        name: value
        for name, value in (
            ("credit_code", row.credit_code),
            ("organization_code", row.organization_code),
            ("insurance_number", row.insurance_number),
            ("unit_type", row.unit_type),
        )
        if value  # an empty cell says nothing; it does not wipe out what is known
    }
    changed = [name for name, value in fresh.items() if getattr(unit, name) != value]
    before = unit.region
    if changed:
        for name in changed:
            setattr(unit, name, fresh[name])
        unit.pinyin, unit.initials = standards.pinyin(unit.name, surname=False)
        unit.revision += 1
        unit.save()
        audit.record(
            "organizations.unit.updated",
            by=run.by,
            kind="unit",
            id=str(unit.pk),
            unit=unit.pk,
            detail={"changed": changed},
        )
    if unit.region != before:
        announce(RegionCorrected(unit.pk, before, unit.region))
    if moved:
        move_unit(unit=unit.pk, parent=row.parent, by=run.by)
    return Taken.UPDATED if changed or moved else Taken.UNCHANGED


def _read(run: _Import, values: Mapping[str, str]) -> _Row:
    faults: list[Fault] = []
    name = clean_unit_name(values["单位名称"])
    if not 2 <= len(name) <= 120:
        faults.append(Fault("name", "单位名称应为 2 到 120 个字"))
    credit, organization = "", ""
    try:
        if values["统一社会信用代码"]:
            read = standards.credit_code(values["统一社会信用代码"])
            credit, organization = read.code, read.organization_code
        if values["组织机构代码"]:
            organization = standards.organization_code(values["组织机构代码"])
    except Invalid as wrong:
        faults += wrong.faults
    region = run.regions.get(values["所属地区"].replace(" ", ""), values["所属地区"])
    faults += check_ground(run.site, region) if region else [Fault("region", "请填写所属地区")]
    kind = _KINDS.get(values["类别"] or "单位")
    if kind is None:
        faults.append(Fault("kind", f"类别应为{'、'.join(_KINDS)}之一"))
    unit_type, wrong_type = _unit_type(values["单位类型"])
    parent, wrong_parent = _parent(run, values["上级单位"])
    faults += [*wrong_type, *wrong_parent]
    if faults or kind is None:
        raise Invalid(*faults)
    return _Row(name, credit, organization, values["单位医保编号"], region, parent, kind, unit_type)


def _unit_type(text: str) -> tuple[str, list[Fault]]:
    if not text:
        return "", []
    table = standards.table("unit-type")
    found = [entry.code for entry in table.named(text)] or ([text] if text in table else [])
    return (found[0], []) if found else ("", [Fault("unit_type", f"单位类型「{text}」不在选项中，请按下拉选项填写")])


def _parent(run: _Import, text: str) -> tuple[UUID | None, list[Fault]]:
    if not text:
        return None, []
    code = text.upper().replace("-", "")
    found = list(Unit.objects.open().filter(site=run.site, credit_code=code)[:2])
    found = found or list(Unit.objects.open().filter(site=run.site, name=clean_unit_name(text))[:2])
    if len(found) == 1:
        return found[0].pk, []
    say = (
        "有多个同名的上级单位，请改填统一社会信用代码"
        if found
        else "没有找到上级单位，请核对名称或代码，或先导入上级单位"
    )
    return None, [Fault("parent", say)]


def _known(run: _Import, row: _Row) -> Unit | None:
    if row.credit_code:
        found = Unit.objects.filter(credit_code=row.credit_code).first()
        if found:
            return found
    same_site = Unit.objects.open().filter(site=run.site)
    if row.organization_code:
        found = same_site.filter(organization_code=row.organization_code, name=row.name).first()
        if found:
            return found
    if row.credit_code:
        return None
    return same_site.filter(name=row.name, parent_id=row.parent).first()


def _region_names(root: str) -> dict[str, str]:
    """Full names, and single names where only one place has it, to codes."""
    today = clock.today()
    found = [standards.region(root, today)]
    for region in found:  # grows while it is walked: the whole ground, top down
        found += standards.regions_under(region.code, today)
    names = [region.name for region in found]
    single = {region.name: region.code for region in found if names.count(region.name) == 1}
    return single | {region.full_name: region.code for region in found}
