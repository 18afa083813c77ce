"""Ties between units and what ends them: 归口, 停用, 关闭审核权限 (GZ-05, JL-02, HA-08, HA-11)."""

from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Refused
from bole.kernel.events import announce
from bole.organizations import queries, rules
from bole.organizations.actions.offering import end, locked_unit, read_reason
from bole.organizations.actions.tree import hold_tree, move_unit
from bole.organizations.actions.unit_accounts import close_unit_account
from bole.organizations.events import UnitAttached, UnitClosed
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import BELOW, UNIT_KIND_NAMES, Act, UnitKind


def attach_unit(*, unit: UUID, parent: UUID | None, by: Actor) -> Unit:
    """The effect of a case that both sides passed: the unit hangs under `parent` with all that is under it.

    None unbinds (JL-02). Both sides are told. Raises Refused for others than the platform, for itself and its own
    subtree, for a closed unit, another site and a superior of a kind that has no such units; Absent. A second time
    changes nothing.
    """
    rules.may_move_unit(by).demand()
    with transaction.atomic():
        hold_tree(queries.unit(unit).site)
        row = queries.unit(unit)
        if row.parent_id == parent:
            return row
        if row.closed_on is not None:
            raise Refused("该单位已停用，不能再变更上级单位。")
        if parent is not None:
            _refuse_kind(row, queries.unit(parent))
        before = row.parent_id
        moved = move_unit(unit=unit, parent=parent, by=by)
        announce(UnitAttached(moved.pk, before, parent))
    return moved


def _refuse_kind(row: Unit, target: Unit) -> None:
    if UnitKind(row.kind) not in BELOW[UnitKind(target.kind)]:
        above, below = UNIT_KIND_NAMES[UnitKind(target.kind)], UNIT_KIND_NAMES[UnitKind(row.kind)]
        raise Refused(f"{above}不能作为{below}的上级单位，请重新选择上级单位。")


def close_unit(*, unit: UUID, reason: str, by: Actor) -> Unit:
    """「停用单位」, once nothing hangs on it: roles, offers and the unit account end with it. A second time is once.

    Raises Refused for others than an administrator above, while open units hang under it, and without a fresh proof
    of identity; Absent, Invalid without a reason.
    """
    by.demand_fresh()
    said = read_reason(reason, "请填写停用原因")
    with transaction.atomic():
        hold_tree(_site(unit))  # nothing comes to hang under it meanwhile
        row = locked_unit(unit)
        if row.closed_on is not None:
            rules.may_act(by, Act.SEE_TREE, row).demand()
            return row
        rules.may_act(by, Act.CLOSE_UNIT, row).demand()
        hanging = Unit.objects.open().filter(parent=row).count()
        if hanging:
            raise Refused(f"{row.name}还有 {hanging} 个下级单位，请先为它们更换上级单位或停用它们，再停用本单位。")
        current = Appointment.objects.current().filter(unit=row).select_related("unit", "business_role")
        for each in current.order_by("id").select_for_update(of=("self",)):
            end(each, by, "单位停用", each.account_id)
        row.closed_on, row.closed_reason = clock.today(), said
        row.save(update_fields=["closed_on", "closed_reason"])
        close_unit_account(row, by)
        _record("closed", row, by)
        announce(UnitClosed(row.pk))
    return row


def suspend_review(*, unit: UUID, reason: str, by: Actor) -> Unit:
    """「关闭审核权限」: the unit's desks decide nothing until it is resumed (HA-11). A second time is once.

    Raises Refused for others than an administrator above, Absent, Invalid without a reason.
    """
    said = read_reason(reason, "请填写关闭审核权限的原因")
    with transaction.atomic():
        row = locked_unit(unit)
        rules.may_act(by, Act.SUSPEND_REVIEW, row).demand()
        if row.review_closed_at is None:
            row.review_closed_at, row.review_closed_reason = clock.now(), said
            row.save(update_fields=["review_closed_at", "review_closed_reason"])
            _record("review_suspended", row, by)
    return row


def resume_review(*, unit: UUID, by: Actor) -> Unit:
    """「恢复审核权限」. A second time is once. Raises Refused for others than an administrator above, Absent."""
    with transaction.atomic():
        row = locked_unit(unit)
        rules.may_act(by, Act.SUSPEND_REVIEW, row).demand()
        if row.review_closed_at is not None:
            row.review_closed_at, row.review_closed_reason = None, ""
            row.save(update_fields=["review_closed_at", "review_closed_reason"])
            _record("review_resumed", row, by)
    return row


def _site(unit: UUID) -> str:
    site = Unit.objects.filter(pk=unit).values_list("site", flat=True).first()
    if site is None:
        raise Absent
    return site


def _record(verb: str, row: Unit, by: Actor) -> None:
    audit.record(f"organizations.unit.{verb}", by=by, kind="unit", id=str(row.pk), unit=row.pk)
