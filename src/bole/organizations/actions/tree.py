"""Creating units and moving them in the tree.

Every change of paths holds the one row of the site's tree: two moves that would tie a knot together, or a
birth under a unit that is on its way, happen one after the other.
"""

import secrets
import unicodedata
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Value
from django.db.models.functions import Concat, Length, Substr

from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Fault, Invalid, Moved, Refused
from bole.organizations import queries, rules
from bole.organizations.models import DEPTH, SEGMENT, PathField, Tree, Unit
from bole.organizations.terms import UnitKind, covers
from bole.standards import queries as standards

CODE_TAKEN = "该统一社会信用代码已经登记，请核对代码，或查找已有的单位"

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def segment(number: int) -> str:
    """One level of a path: four base-36 characters, zero-padded so that order is kept."""
    text = ""
    for _ in range(SEGMENT):
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
    if number:
        raise Refused("下级单位数量已达上限，请联系系统管理员。")
    return text


def create_unit(
    *,
    site: str,
    kind: UnitKind,
    name: str,
    region: str,
    parent: UUID | None = None,
    credit_code: str = "",
    organization_code: str = "",
    insurance_number: str = "",
    unit_type: str = "",
    duties: str = "",
    by: Actor,
) -> Unit:
    """Create a unit under its superior.

    The organization code is taken from the credit code when it is not given. Raises Refused for who may not,
    Invalid with every fault, among them a credit code that is already there.
    """
    rules.may_create_unit(by, site=site, region=region).demand()
    return plant(
        site=site,
        kind=kind,
        name=name,
        region=region,
        parent=parent,
        credit_code=credit_code,
        organization_code=organization_code,
        insurance_number=insurance_number,
        unit_type=unit_type,
        duties=duties,
        by=by,
    )


def plant(
    *,
    site: str,
    kind: UnitKind,
    name: str,
    region: str,
    parent: UUID | None = None,
    credit_code: str = "",
    organization_code: str = "",
    insurance_number: str = "",
    unit_type: str = "",
    provisional_code: str = "",
    duties: str = "",
    by: Actor,
) -> Unit:
    """The same for callers inside the room that have asked their own rule. Raises Invalid, Moved."""
    codes, faults = read_codes(credit_code, organization_code)
    faults += check_ground(site, region)
    clean = clean_unit_name(name)
    if not 2 <= len(clean) <= 120:
        faults.append(Fault("name", "单位名称应为 2 到 120 个字"))
    if codes["credit_code"] and Unit.objects.filter(credit_code=codes["credit_code"]).exists():
        faults.append(Fault("credit_code", CODE_TAKEN))
    if kind is UnitKind.AUTHORITY and not faults and queries.authority_at(site, region) is not None:
        faults.append(Fault("region", "该地区已经有人社部门，一个地区只能登记一个"))
    if faults:
        raise Invalid(*faults)
    full, initials = standards.pinyin(clean, surname=False)
    with transaction.atomic():
        hold_tree(site)
        superior = _superior(parent, site)
        row = Unit(
            site=site,
            kind=kind.value,
            name=clean,
            pinyin=full,
            initials=initials,
            region=region,
            parent=superior,
            path=_fresh_path(superior),
            insurance_number=insurance_number.strip(),
            unit_type=unit_type,
            created_at=clock.now(),
            credit_code=codes["credit_code"] or None,
            organization_code=codes["organization_code"],
            provisional_code=provisional_code or None,
            duties=duties,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise Moved("同一单位刚刚由其他人登记，请查询后再操作。") from None
        audit.record("organizations.unit.created", by=by, kind="unit", id=str(row.pk), unit=row.pk)
    return row


def move_unit(*, unit: UUID, parent: UUID | None, by: Actor) -> Unit:
    """Attach a unit, with all that is under it, to another superior; None makes it a root.

    Raises Refused for who may not, for a superior inside the unit's own subtree, and for a tree too deep;
    Absent for an unknown unit. Doing it twice changes nothing the second time.
    """
    rules.may_move_unit(by).demand()
    with transaction.atomic():
        hold_tree(queries.unit(unit).site)
        row = queries.unit(unit)
        target = queries.unit(parent) if parent else None
        if row.parent_id == parent:
            return row
        _check_superior(row, target)
        before, row.path = row.path, _fresh_path(target)
        _rewrite(before, row.path)
        Unit.objects.filter(pk=row.pk).update(parent=target)
        row.parent = target
        audit.record(
            "organizations.unit.moved",
            by=by,
            kind="unit",
            id=str(row.pk),
            unit=row.pk,
            detail={"from": before, "to": row.path, "parent": str(parent) if parent else None},
        )
    return row


def check_ground(site: str, region: str) -> list[Fault]:
    """The faults of a region as 所属地区: unknown, or outside the site's ground."""
    if not covers(queries.site(site).region, region):
        return [Fault("region", f"所属地区应在{queries.site(site).short}范围内")]
    try:
        ended = standards.region(region).ended_on
    except KeyError:
        return [Fault("region", "所属地区不在行政区划代码表中，请重新选择")]
    return [Fault("region", "所选地区已经撤销，请选择现在的所属地区")] if ended else []


def clean_unit_name(name: str) -> str:
    """The name as it is stored: canonical characters, single spaces; full-width brackets stay as printed."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def read_codes(credit_code: str, organization_code: str) -> tuple[dict[str, str], list[Fault]]:
    """The codes as they are stored, the organization code taken from the credit code; and what is wrong with them."""
    codes: dict[str, str] = {"credit_code": "", "organization_code": ""}
    faults: list[Fault] = []
    if credit_code.strip():
        try:
            read = standards.credit_code(credit_code)
        except Invalid as wrong:
            faults += [Fault("credit_code", fault.say) for fault in wrong.faults]
        else:
            codes = {"credit_code": read.code, "organization_code": read.organization_code}
    if organization_code.strip():
        try:
            codes["organization_code"] = standards.organization_code(organization_code)
        except Invalid as wrong:
            faults += [Fault("organization_code", fault.say) for fault in wrong.faults]
    return codes, faults


def hold_tree(site: str) -> None:
    """Hold the shape of a site's tree until the end of the transaction; taken before any unit is locked.

    Locking the rows concerned is not enough: which row is a root changes with the very moves that wait for it.
    """
    Tree.objects.get_or_create(site=site)
    Tree.objects.select_for_update().get(site=site)


def _superior(parent: UUID | None, site: str) -> Unit | None:
    """The superior of a new unit; the tree is held. Raises Invalid."""
    if parent is None:
        return None
    try:
        superior = queries.unit(parent)
    except Absent:
        raise Invalid.at("parent", "没有找到上级单位，请重新选择") from None
    if superior.site != site or superior.closed_on is not None:
        raise Invalid.at("parent", "上级单位已停用或不属于本办事大厅，请重新选择")
    if superior.depth >= DEPTH:
        raise Invalid.at("parent", f"上下级最多 {DEPTH} 层，请选择更高一级的上级单位")
    return superior


def _fresh_path(superior: Unit | None) -> str:
    """A path that no unit has or had: counted under a superior, drawn at random for a root."""
    if superior is not None:
        above: str = superior.path
        superior.children_made += 1
        superior.save(update_fields=["children_made"])
        return above + segment(superior.children_made)
    while True:
        path = segment(secrets.randbelow(len(_DIGITS) ** SEGMENT))
        if not Unit.objects.below(path).exists():
            return path


def _check_superior(row: Unit, target: Unit | None) -> None:
    if target is None:
        return
    if target.site != row.site or target.closed_on is not None:
        raise Refused("上级单位已停用或不属于本办事大厅，请重新选择。")
    if target.path.startswith(row.path):
        raise Refused("不能把单位归口到它自己或它的下级单位，请重新选择上级单位。")
    deepest = Unit.objects.below(row.path).aggregate(longest=Max(Length("path")))["longest"]
    if target.depth + deepest // SEGMENT - row.depth + 1 > DEPTH:
        raise Refused(f"上下级最多 {DEPTH} 层，请选择更高一级的上级单位。")


def _rewrite(before: str, after: str) -> None:
    """Give the whole subtree its new paths in one statement."""
    rest = Substr("path", len(before) + 1, output_field=PathField())
    moved = Concat(Value(after, output_field=PathField()), rest, output_field=PathField())
    Unit.objects.below(before).update(path=moved)
