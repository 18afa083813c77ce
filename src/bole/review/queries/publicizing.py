"""The unit's own publicity before it sends a case on (TR-30): where it stands, and what is still to be done."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from bole.cases.models import Case
from bole.definitions.terms import Step
from bole.kernel import clock
from bole.review.models import Task, UnitPublicity
from bole.review.terms import PublicityResult
from bole.standards import queries as standards

_ONE = timedelta(days=1)


def publicity_of(task: Task) -> UnitPublicity | None:
    """What the unit recorded of its publicity for this task."""
    return UnitPublicity.objects.filter(task=task).first()


def publicities_of(tasks: Collection[UUID]) -> dict[UUID, UnitPublicity]:
    """The same for many tasks, by task; one query, none for no task."""
    rows = UnitPublicity.objects.filter(task_id__in=list(tasks)) if tasks else ()
    return {row.task_id: row for row in rows}


def publicities_in(case: Case) -> tuple[UnitPublicity, ...]:
    """Every publicity of a case, the oldest first, for the desks that follow."""
    rows = UnitPublicity.objects.filter(task__case=case).select_related("task__unit")
    return tuple(rows.order_by("announced_at", "id"))


def last_day(days: int, starts: date) -> date:
    """The last day of so many working days from this day on, which is counted. Raises CalendarUnknown."""
    return standards.working_days_after(starts - _ONE, days)


def publicity_gap(step: Step, row: UnitPublicity | None) -> str:
    """What is to be done before the step may send on, as a sentence; empty when nothing is."""
    wanted = step.dispatch.publicity if step.dispatch is not None else None
    if wanted is None:
        return ""
    if row is None:
        return f"还没有登记{wanted.name}，请先公示不少于{wanted.working_days}个工作日，再{_act(step)}。"
    if clock.today() <= row.ends:
        return f"{wanted.name}到{row.ends:%Y-%m-%d}为止，期满后登记公示结果，再{_act(step)}。"
    if not row.result:
        return f"{wanted.name}已经期满，请先登记公示结果，再{_act(step)}。"
    if row.result == PublicityResult.UPHELD:
        return f"{wanted.name}的结果是「{row.word}」，不能{_act(step)}。请退回修改，或终止这份申报。"
    return ""


def _act(step: Step) -> str:
    return step.dispatch.name if step.dispatch is not None else ""
