"""Whether a desk can still take back what it did last with a case (「收回」)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions.terms import Service
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused
from bole.review import engine, rules
from bole.review.models import Movement, Task
from bole.review.queries.histories import as_move, movements_of
from bole.review.terms import Move


@dataclass(frozen=True, slots=True)
class Recallable:
    """What can be taken back: up to `until`, or, where that is None, as long as it waits for 送审."""

    until: datetime | None


def recall_move(case: Case, service: Service, moved: Sequence[Movement], task: Task | None, by: Actor) -> Move:
    """The move by which the actor's desk takes back its last passing or 送审; `task` is the open one, `moved` what
    happened to the case, in order.

    Raises Refused with the reason: completed, in the applicant's hands, seen by the next desk, or not the own act.
    """
    held = task is not None and task.held_until is not None and task.held_until > clock.now()
    move = engine.recall([as_move(row) for row in moved], held=held)
    passed = next(row for row in reversed(engine.in_force(moved)) if row.kind in engine.FORWARD)
    rules.may_recall(by, case, passed, engine.step_of(service.route, move.to)).demand()
    return move


def recallable(case: Case, service: Service, by: Actor) -> Recallable | None:
    """What the actor may take back of the case now; None for nothing. Two queries, and those for the role."""
    if case.status != Status.IN_REVIEW:
        return None
    task = Task.objects.filter(case=case, closed_at__isnull=True).select_related("unit").first()
    try:
        recall_move(case, service, movements_of(case), task, by)
    except Refused:
        return None
    return Recallable(task.held_until if task is not None and task.cleared_at is None else None)
