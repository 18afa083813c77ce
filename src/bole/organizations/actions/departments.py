"""「管理内设部门」: a tree inside a unit, its names once among siblings (HA-09).

The unit's row is the lock of its tree.
"""

from uuid import UUID

from django.db import IntegrityError, transaction

from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Refused
from bole.organizations import rules
from bole.organizations.actions.offering import locked_unit
from bole.organizations.models import Department, Unit
from bole.organizations.terms import Act

DEPTH = 8
MOST = 2000  # of one unit

_TAKEN = "同一级已有这个名称的部门，请换一个名称"


def keep_department(
    *, unit: UUID, department: UUID | None = None, parent: UUID | None = None, name: str, position: int = 0, by: Actor
) -> Department:
    """Add a department (`department` None) below `parent`, or rename and reorder one; `parent` is for adding only.

    Raises Refused for who may not, Absent, Invalid at "name", "parent" and "position". The same twice is once when
    changing.
    """
    with transaction.atomic():
        row = locked_unit(unit)
        rules.may_act(by, Act.KEEP_DEPARTMENTS, row).demand()
        clean = " ".join(name.split())
        if not 1 <= len(clean) <= 60:
            raise Invalid.at("name", "部门名称应为 1 到 60 个字")
        if not 0 <= position <= 9999:
            raise Invalid.at("position", "排序号应为 0 到 9999")
        if department is not None:
            return _change(_of_unit(row, department), clean, position, by)
        return _add(row, parent, clean, position, by)


def move_department(*, department: UUID, parent: UUID | None, by: Actor) -> Department:
    """Hang a department with all below it elsewhere in its unit. A second time changes nothing.

    Raises Refused for who may not and for a superior inside its own subtree, Absent, Invalid at "parent".
    """
    with transaction.atomic():
        row = _held(department, by)
        target = _superior(row.unit, parent)
        if row.parent_id == parent:
            return row
        above = {each.pk for each in _line(target)}
        if row.pk in above:
            raise Refused("不能把部门移到它自己或它的下级部门，请重新选择上级部门。")
        if len(above) + _height(row) > DEPTH:
            raise Invalid.at("parent", f"内设部门最多 {DEPTH} 级，请选择更高一级的上级部门")
        row.parent = target
        _save(row)
        _record("moved", row, by)
    return row


def disable_department(*, department: UUID, by: Actor) -> Department:
    """Take a department and all below it out of use. A second time changes nothing."""
    with transaction.atomic():
        row = _held(department, by)
        level = [row]
        while level:
            for each in level:
                if each.disabled_at is None:
                    each.disabled_at = clock.now()
                    each.save(update_fields=["disabled_at"])
                    _record("disabled", each, by)
            level = list(Department.objects.filter(parent__in=level).order_by("id"))
        row.refresh_from_db()
    return row


def enable_department(*, department: UUID, by: Actor) -> Department:
    """Put a department back into use. Raises Refused while the one above it is out of use."""
    with transaction.atomic():
        row = _held(department, by)
        if row.parent is not None and row.parent.disabled_at is not None:
            raise Refused("上级部门已停用，请先恢复上级部门。")
        if row.disabled_at is not None:
            row.disabled_at = None
            row.save(update_fields=["disabled_at"])
            _record("enabled", row, by)
    return row


def _add(unit: Unit, parent: UUID | None, name: str, position: int, by: Actor) -> Department:
    above = _superior(unit, parent)
    if len(_line(above)) >= DEPTH:
        raise Invalid.at("parent", f"内设部门最多 {DEPTH} 级，请选择更高一级的上级部门")
    if Department.objects.filter(unit=unit).count() >= MOST:
        raise Refused(f"一个单位最多登记 {MOST} 个内设部门。")
    row = Department(unit=unit, parent=above, name=name, position=position, made_at=clock.now())
    _save(row)
    _record("added", row, by)
    return row


def _change(row: Department, name: str, position: int, by: Actor) -> Department:
    if (row.name, row.position) != (name, position):
        row.name, row.position = name, position
        _save(row)
        _record("changed", row, by)
    return row


def _held(department: UUID, by: Actor) -> Department:
    """The department, with its unit held and the rule asked."""
    place = Department.objects.filter(pk=department).values_list("unit_id", flat=True).first()
    if place is None:
        raise Absent
    unit = locked_unit(place)
    rules.may_act(by, Act.KEEP_DEPARTMENTS, unit).demand()
    return _of_unit(unit, department)


def _of_unit(unit: Unit, department: UUID) -> Department:
    row = Department.objects.select_related("unit", "parent").filter(pk=department, unit=unit).first()
    if row is None:
        raise Absent("没有找到这个部门，请刷新后重新选择。")
    return row


def _superior(unit: Unit, parent: UUID | None) -> Department | None:
    if parent is None:
        return None
    above = Department.objects.filter(pk=parent, unit=unit).first()
    if above is None or above.disabled_at is not None:
        raise Invalid.at("parent", "上级部门不存在或已停用，请重新选择")
    return above


def _line(row: Department | None) -> list[Department]:
    """The department and all above it; at most DEPTH of them."""
    line = []
    while row is not None:
        line.append(row)
        row = row.parent
    return line


def _height(row: Department) -> int:
    """How many levels the department and those below it take."""
    height, level = 0, [row.pk]
    while level:
        height, level = height + 1, list(Department.objects.filter(parent__in=level).values_list("pk", flat=True))
    return height


def _save(row: Department) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Invalid.at("name", _TAKEN) from None


def _record(verb: str, row: Department, by: Actor) -> None:
    audit.record(f"organizations.department.{verb}", by=by, kind="department", id=str(row.pk), unit=row.unit_id)
