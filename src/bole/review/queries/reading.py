"""Which cases somebody may see, and the task and the words that belong to one."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from bole.cases.models import Case
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Absent
from bole.kernel.prepared import Prepared
from bole.organizations.terms import Capacity, Role, UnitKind
from bole.review import rules
from bole.review.models import Phrase, Task


@dataclass(frozen=True, slots=True)
class _View:
    """What decides which cases somebody sees from a unit: the same for all who hold the same there."""

    way: Way
    unit: UUID
    kind: UnitKind
    site: str
    region: str
    path: str
    roles: tuple[Role, ...]
    ranges: frozenset[tuple[Role, frozenset[str]]]
    by: Actor = field(compare=False)
    held: Capacity = field(compare=False)


def case_visible(number: str, by: Actor, held: Capacity | None = None) -> Case:
    """The case with this number if the actor may see it in this capacity. Raises Absent, alike for foreign ones.

    `held` is what the actor holds, for who has just asked for it.
    """
    holds = rules.held_at(by, held)
    if holds is None or not holds.roles:
        case = rules.cases_visible_to(by, held).filter(number=number).first()
    else:
        ranges = frozenset(holds.ranges.items())
        place = (holds.unit, holds.kind, holds.site, holds.region, holds.path)
        view = _View(by.way, *place, holds.roles, ranges, by, holds)
        case = next(iter(_VISIBLE(view, number=number, now=clock.now())), None)
    if case is None:
        raise Absent
    return case


def _visible(view: _View, *, number: str, now: datetime) -> QuerySet[Case]:
    return rules.cases_visible_to(view.by, view.held, now).filter(number=number)


_VISIBLE = Prepared(_visible)


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
