"""Which cases somebody may see, and the task and the words that belong to one."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from bole.cases.models import Case
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent
from bole.organizations.terms import Capacity
from bole.review import rules
from bole.review.models import Phrase, Task


def case_visible(number: str, by: Actor, held: Capacity | None = None) -> Case:
    """The case with this number if the actor may see it in this capacity. Raises Absent, alike for foreign ones.

    `held` is what the actor holds, for who has just asked for it.
    """
    case = rules.cases_visible_to(by, held).filter(number=number).first()
    if case is None:
        raise Absent
    return case


def cases_by_number(numbers: Collection[str], by: Actor) -> dict[str, Case]:
    """Of the cases with these numbers those that the actor may see, for batches: asked for once."""
    found = rules.cases_visible_to(by).filter(number__in=numbers).select_related("person", "unit")
    return {case.number: case for case in found}


def visible_cases(by: Actor, held: Capacity | None = None) -> QuerySet[Case]:
    """Every case the actor may see in this capacity; `held` as above."""
    return rules.cases_visible_to(by, held)


def open_task(case: Case) -> Task | None:
    """The task at the desk where the case lies."""
    return Task.objects.filter(case=case, closed_at__isnull=True).select_related("unit").first()


def phrases(account: UUID) -> QuerySet[Phrase]:
    """The reviewer's 「常用意见」 in order."""
    return Phrase.objects.filter(account=account)
