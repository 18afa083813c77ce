"""Open cases follow a person or a unit that moved: by the plan of the review room, shown before where it can be."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.bindings.queries import plan_digest
from bole.cases.models import Case
from bole.kernel.actors import Actor
from bole.kernel.errors import Moved
from bole.review import actions as review
from bole.review import queries
from bole.review.terms import RerouteLine

CHANGED = "您打开页面之后，未办结的申报有变化，操作没有生效。请核对最新的调整计划后再确认。"


def foreseen(change: Callable[[], object], *, unit: UUID) -> tuple[RerouteLine, ...]:
    """The plan for a unit's open cases as it would be after a change, which is tried and taken back at once."""
    with transaction.atomic():
        change()
        lines = queries.reroute_plan(unit=unit)
        transaction.set_rollback(True)
    return lines


def follow(
    *, person: UUID | None = None, unit: UUID | None = None, to: UUID | None = None, seen: str | None = None, by: Actor
) -> tuple[RerouteLine, ...]:
    """Turn the open cases that the plan turns, inside the caller's transaction, and record which plan it was.

    With `seen` the plan must be the one that was shown. Raises Moved otherwise.
    """
    lines = queries.reroute_plan(person=person, unit=unit, to=to)
    digest = plan_digest(lines)
    if seen is not None and seen != digest:
        raise Moved(CHANGED)
    turned = [line for line in lines if line.movable]
    for line in turned:
        review.reroute(case=Case(id=line.case), seen=line.seen, to=to, by=by)
    kind, id = ("person", person) if person is not None else ("unit", unit)
    audit.record(
        "bindings.plan.carried_out",
        by=by,
        kind=kind,
        id=str(id),
        unit=to or unit,
        person=person,
        detail={"cases": len(lines), "turned": len(turned), "plan": digest},
    )
    return lines
