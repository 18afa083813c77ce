"""「调整办理部门」: an open case follows its unit, its region or its superior to another desk (JL-11, ALL-15)."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.kernel.actors import Actor
from bole.kernel.contention import giving_way
from bole.kernel.errors import BoleError, Invalid, Refused
from bole.review import engine, queries, routing, rules
from bole.review.actions.moving import append, lock
from bole.review.models import Movement
from bole.review.terms import MOST_AT_ONCE, AuditWord, RowResult


@transaction.atomic
def reroute(*, case: Case, seen: int, to: UUID | None = None, by: Actor) -> Movement | None:
    """Send an open case to the desk of the same step for the unit `to`, or for its own unit as it is now.

    What is being filled in gets the new unit; what waits at a desk that nobody began goes to the new one; what was
    begun stays. Content, opinions and dates are kept. None when nothing changes. Raises Moved, and Refused with the
    reason of the plan for what cannot be moved.
    """
    case = lock(case, seen)
    rules.may_reroute_case(by, case, to).demand()
    task = queries.open_task(case)
    turn = routing.turn_of(case, task, to)
    if not turn.changes:
        return None
    if not turn.line.movable:
        raise Refused(turn.line.say)
    moves = queries.moves_of(case)
    cases.rehome(case=case, unit=turn.unit)
    return append(
        case=case, service=case_queries.service_of(case), moves=moves, move=engine.reroute(moves),
        word=AuditWord.REROUTED, by=by, desks=turn.desks,
    )  # fmt: skip


def reroute_many(*, cases: Sequence[tuple[str, int]], unit: UUID, by: Actor) -> tuple[RowResult, ...]:
    """Carry out what was confirmed of a unit's plan: (number, revision seen), each in its own transaction.

    Raises Refused for who may not, Invalid at "cases" for none or more than 200 of them.
    """
    rules.may_reroute(by, unit).demand()
    if not cases:
        raise Invalid.at("cases", "请先勾选要调整的申报。")
    if len(cases) > MOST_AT_ONCE:
        raise Invalid.at("cases", f"一次最多调整{MOST_AT_ONCE}件，现在勾选了{len(cases)}件。请分几次办理。")
    return tuple(_reroute_one(number, seen, unit, by) for number, seen in dict(cases).items())


def _reroute_one(number: str, seen: int, unit: UUID, by: Actor) -> RowResult:
    case = Case.objects.filter(number=number, unit_id=unit).select_related("person", "unit").first()
    if case is None:
        return RowResult(number, False, "本单位没有这份申报，没有调整。")
    name = case.person.name if case.person is not None else case.unit.name
    try:
        with giving_way():
            row = reroute(case=case, seen=seen, by=by)
    except BoleError as error:
        return RowResult(number, False, error.sentence, name)
    if row is None:
        return RowResult(number, True, "已经在应当办理的部门，不需要调整。", name)
    before, after = (desk for _, desk in row.desks)
    if before == after:
        return RowResult(number, True, f"仍由「{after}」办理，后面的环节按新的信息送审。", name)
    return RowResult(number, True, f"已从「{before}」调整到「{after}」。", name)
