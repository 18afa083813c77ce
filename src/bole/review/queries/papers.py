"""送审附件 beside the cases that they were sent on with: in lists, for the desks that follow, one by its key."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from bole.cases.models import Case
from bole.definitions.terms import Service, Verdict
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent
from bole.review import rules
from bole.review.models import DispatchPaper, Task


def papers_of_tasks(tasks: Collection[UUID]) -> dict[UUID, list[DispatchPaper]]:
    """The papers of each of these tasks, in the order in which they were added; one query, none for no task."""
    found: dict[UUID, list[DispatchPaper]] = defaultdict(list)
    rows = DispatchPaper.objects.filter(task_id__in=list(tasks), removed_at__isnull=True)
    for row in rows.select_related("file").order_by("added_at", "id") if tasks else ():
        found[row.task_id].append(row)
    return dict(found)


def papers_of_case(case: Case) -> QuerySet[DispatchPaper]:
    """Every paper that a desk put to the case, the oldest first."""
    rows = DispatchPaper.objects.filter(task__case=case, removed_at__isnull=True)
    return rows.select_related("file", "task__unit").order_by("added_at", "id")


def papers_seen(case: Case, service: Service, by: Actor) -> tuple[DispatchPaper, ...]:
    """Those of them that the actor's desk may see: its own, and what desks before it sent on with the case.

    A recommendation is written for those above: the employer, desks below and the person concerned see none, unless
    the step's 送审 is `disclosed`. One query where there are none, four at most.
    """
    papers = tuple(papers_of_case(case))
    if not papers:
        return ()
    places = {step.step: place for place, step in enumerate(service.route.steps)}
    disclosed = {step.step for step in service.route.steps if step.dispatch is not None and step.dispatch.disclosed}
    own = case.person is not None and by.account is not None and case.person.account_id == by.account
    held = None if own else rules.held_at(by)
    mine = list(rules.desk_tasks(held).filter(case=case).values_list("pk", "step")) if held is not None else []
    desks, farthest = {pk for pk, _ in mine}, max((places.get(step, -1) for _, step in mine), default=-1)

    def sent_up(task: Task) -> bool:
        return task.verdict == Verdict.APPROVE.value and places.get(task.step, farthest) < farthest

    return tuple(
        paper for paper in papers if paper.task_id in desks or paper.task.step in disclosed or sent_up(paper.task)
    )


def paper_in(case: Case, service: Service, paper: UUID, by: Actor) -> DispatchPaper:
    """One that the actor may see. Raises Absent, alike for others."""
    row = next((each for each in papers_seen(case, service, by) if each.pk == paper), None)
    if row is None:
        raise Absent
    return row
