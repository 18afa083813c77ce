"""「收回」: a desk takes back what it passed, before the next desk has seen it (batch undo, JL-05)."""

from collections.abc import Sequence

from django.db import transaction

from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.kernel.actors import Actor
from bole.review import queries
from bole.review.actions.moving import append, lock
from bole.review.actions.rows import Chosen, each_row
from bole.review.models import Movement
from bole.review.terms import AuditWord, RowResult


@transaction.atomic
def recall(*, case: Case, seen: int, by: Actor) -> Movement:
    """Take back the desk's own last passing or 送审, while the next desk has not seen it, or while it waits for 送审.

    Raises Moved, Refused with the reason: completed, in the applicant's hands, or seen by the next desk.
    """
    case = lock(case, seen)
    service = case_queries.service_of(case)
    moved = queries.movements_of(case)
    move = queries.recall_move(case, service, moved, queries.open_task(case), by)
    moves = tuple(queries.as_move(row) for row in moved)
    return append(case=case, service=service, moves=moves, move=move, word=AuditWord.RECALLED, by=by)


def recall_many(*, cases: Sequence[Chosen], by: Actor) -> tuple[RowResult, ...]:
    """Take back each of these cases (numbers, or number and revision seen), each in its own transaction.

    Raises Invalid at "cases" for none or more than 200 of them.
    """

    def one(case: Case, seen: int) -> str:
        row = recall(case=case, seen=seen, by=by)
        name = case_queries.service_of(case).route.step(row.to).name
        return f"已收回，重新由「{name}」办理。"

    return each_row(cases, one, word=AuditWord.RECALLED, verb="收回", by=by)
