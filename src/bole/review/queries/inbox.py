"""What waits at a desk and what it decided: rows, counters, neighbours."""

from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from bole.cases.models import Case
from bole.cases.terms import Status
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.organizations.models import Unit
from bole.organizations.terms import Capacity, Role
from bole.review import rules
from bole.review.models import OpeningRequest, Task
from bole.review.terms import (
    MOST_COUNTED,
    NEVER,
)

Roles = frozenset[Role] | None  # only tasks of these roles; None for all that are held
REGISTRY = frozenset({Role.REGISTRAR})  # what 「审核账户」 lists
BUSINESS = frozenset(Role) - REGISTRY  # what 「业务审核」 lists


def inbox(by: Actor, held: Capacity | None = None, roles: Roles = None) -> QuerySet[Task]:
    """Open tasks at the seats the actor holds in the unit acted for, soonest deadline first; one row a case.

    `due` is the deadline that rows are ordered by: steps without one come last on every database. `held` is what
    the actor holds there, where the caller has just asked for it.
    """
    return _in_order(_waiting(by, held, roles))


def overseen_tasks(by: Actor, held: Capacity | None = None, roles: Roles = None) -> QuerySet[Task]:
    """「下级单位待审」: open tasks of units below that the actor's authority may decide in their stead (GZ-05)."""
    return _in_order(_overseen(by, held, roles)).select_related("unit", "case", "case__person", "case__unit")


def _in_order(rows: QuerySet[Task]) -> QuerySet[Task]:
    rows = rows.annotate(due=Coalesce("due_on", Value(NEVER)))
    return rows.select_related("case", "case__person", "case__unit").order_by("due", "opened_at", "id")


def done_tasks(by: Actor, held: Capacity | None = None, roles: Roles = None) -> QuerySet[Task]:
    """Tasks decided by the actor's unit, newest first."""
    rows = _done(by, held, roles)
    return rows.select_related("case", "case__person", "case__unit").order_by("-closed_at", "id")


def cleared_tasks(by: Actor, held: Capacity | None = None, roles: Roles = None) -> QuerySet[Task]:
    """「待送审」: tasks at the actor's seats that were passed and wait to be sent on, the longest waiting first."""
    rows = _cleared(by, held, roles)
    return rows.select_related("case", "case__person", "case__unit").order_by("cleared_at", "id")


def returned_tasks(by: Actor, held: Capacity | None = None, roles: Roles = None) -> QuerySet[Task]:
    """「已退回」: tasks whose cases the actor's unit sent back and that lie with the applicant since, newest first."""
    rows = _returned(by, held, roles)
    return rows.select_related("case", "case__person", "case__unit").order_by("-closed_at", "id")


def asking_tasks(by: Actor, held: Capacity | None = None, roles: Roles = None) -> QuerySet[Task]:
    """「申请开放」: those of them whose applicant asks for more to be opened and waits for the answer."""
    return _asking(by, held, roles).select_related("case", "case__person", "case__unit").order_by("-closed_at", "id")


def every_task(by: Actor, held: Capacity | None = None, roles: Roles = None) -> QuerySet[Task]:
    """「全部」: what lies open at the actor's seats and what the actor's unit decided, what came last first."""
    decided = Q(decided_unit_id=by.place, closed_at__isnull=False) & ~Q(verdict="")
    lies = Q(unit_id=by.place, closed_at__isnull=True) & (Q(cleared_at__isnull=False) | rules.come_by_now())
    rows = Task.objects.filter(rules.seated(rules.held_at(by, held), roles), lies | decided)
    return rows.select_related("case", "case__person", "case__unit").order_by("-opened_at", "id")


def open_tasks(by: Actor, held: Capacity | None, roles: Roles) -> QuerySet[Task]:
    """What lies open at the actor's own seats: waiting, held back or cleared."""
    return Task.objects.filter(rules.seated(rules.held_at(by, held), roles), unit_id=by.place, closed_at__isnull=True)


def _waiting(by: Actor, held: Capacity | None, roles: Roles) -> QuerySet[Task]:
    return open_tasks(by, held, roles).filter(rules.come_by_now(), cleared_at__isnull=True)


def _cleared(by: Actor, held: Capacity | None, roles: Roles) -> QuerySet[Task]:
    return open_tasks(by, held, roles).filter(cleared_at__isnull=False)


def _returned(by: Actor, held: Capacity | None, roles: Roles) -> QuerySet[Task]:
    rows = Task.objects.filter(rules.seated(rules.held_at(by, held), roles), decided_unit_id=by.place)
    return rows.filter(returned=True)


def _asking(by: Actor, held: Capacity | None, roles: Roles) -> QuerySet[Task]:
    """By the desk that is asked: only the last return counts, should the case have been returned twice."""
    asked = OpeningRequest.objects.filter(
        case_id=OuterRef("case_id"), unit_id=by.place, role=OuterRef("role"), answered_at__isnull=True
    )
    return _returned(by, held, roles).filter(Exists(asked))


def _overseen(by: Actor, held: Capacity | None, roles: Roles) -> QuerySet[Task]:
    held = rules.held_at(by, held)
    rows = Task.objects.filter(rules.below(held), rules.seated(held, roles), closed_at__isnull=True)
    return rows.filter(rules.come_by_now(), cleared_at__isnull=True)


def _done(by: Actor, held: Capacity | None, roles: Roles) -> QuerySet[Task]:
    rows = Task.objects.filter(rules.seated(rules.held_at(by, held), roles), decided_unit_id=by.place)
    return rows.filter(closed_at__isnull=False).exclude(verdict="")


def unit_counts(unit: UUID, rows: QuerySet[Case] | None = None) -> dict[str, int]:
    """The counters of the unit's page in one query: by state as the page names them; of all its cases, or of `rows`."""
    at_unit = Q(status=Status.IN_REVIEW, seat_unit_id=unit)
    found = Case.objects.all() if rows is None else rows.order_by()
    return found.filter(unit_id=unit).aggregate(
        unsent=Count("id", filter=Q(status=Status.DRAFT, opener="unit")),
        confirming=Count("id", filter=at_unit),
        reviewing=Count("id", filter=Q(status=Status.IN_REVIEW) & ~Q(seat_unit_id=unit)),
        failed=Count("id", filter=Q(status__in=(Status.RETURNED, Status.TERMINATED))),
        passed=Count("id", filter=Q(status=Status.COMPLETED)),
    )


class _Counted(Subquery):
    """How many rows a query finds, counted no further than one past MOST_COUNTED."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Task]) -> None:
        super().__init__(rows.order_by().values("id")[: MOST_COUNTED + 1])


COUNTED = ("waiting", "pressing", "today", "done")


def inbox_counts(
    by: Actor, on: date, held: Capacity | None = None, roles: Roles = None, *,
    overseen: bool = False, counters: Collection[str] = COUNTED, service: str = "", year: int = 0,
) -> dict[str, int]:  # fmt: skip
    """Waiting, due by the day or over, decided on it and decided in all, at the actor's seats; one query.

    `counters` may ask for "cleared", "returned" and "asking" too; with `overseen` also what waits
    below, for one query more. Only of a service and of a year of declaration, where given. No counter goes
    further than one past MOST_COUNTED.
    """
    held = rules.held_at(by, held)
    waiting, done = _waiting(by, held, roles), _done(by, held, roles)
    ways: dict[str, Callable[[], QuerySet[Task]]] = {
        "waiting": lambda: waiting,
        "pressing": lambda: waiting.alias(due=Coalesce("due_on", Value(NEVER))).filter(due__lte=on),
        "cleared": lambda: _cleared(by, held, roles),
        "returned": lambda: _returned(by, held, roles),
        "asking": lambda: _asking(by, held, roles),
        "today": lambda: done.filter(decided_on(on)),
        "done": lambda: done,
        "all": lambda: every_task(by, held, roles).select_related(None),
    }
    found = {name: rows() for name, rows in ways.items() if name in counters}
    if overseen:
        found["below"] = _overseen(by, held, roles)
    only = Q(service=service) if service else Q()
    if year:
        only &= Q(year=year)
    asked = Unit.objects.filter(pk=by.place).annotate(
        **{name: _Counted(rows.filter(only)) for name, rows in found.items()}
    )
    return asked.values(*found).first() or dict.fromkeys(found, 0)


def decided_on(day: date) -> Q:
    """Tasks decided on a day in China."""
    start = datetime.combine(day, time(), tzinfo=clock.CHINA)
    return Q(closed_at__gte=start, closed_at__lt=start + timedelta(days=1))


def waiting_by_service(by: Actor, held: Capacity | None = None, roles: Roles = None) -> dict[str, int]:
    """How much waits at the actor's seats of each service; one query."""
    rows = _waiting(by, held, roles).values_list("service").annotate(many=Count("id")).order_by("service")
    return dict(rows)


def neighbours(task: Task, by: Actor, held: Capacity | None = None) -> tuple[int, int, Task | None, Task | None]:
    """The task's place in its list (own or below, accounts or business), the list's length, and the tasks before and
    after it. Three queries, two where the caller knows what the actor holds."""
    mine = REGISTRY if task.role == Role.REGISTRAR.value else BUSINESS
    if task.unit_id != by.unit:
        rows = overseen_tasks(by, held, mine)
    else:
        rows = inbox(by, held, mine) if task.cleared_at is None else cleared_tasks(by, held, mine)
    ids = list(rows.values_list("id", flat=True)[:2000])
    if task.id not in ids:
        return 0, len(ids), None, None
    at = ids.index(task.id)
    near = {row.id: row for row in rows.filter(id__in=[*ids[max(0, at - 1) : at], *ids[at + 1 : at + 2]])}
    before = near.get(ids[at - 1]) if at else None
    after = near.get(ids[at + 1]) if at + 1 < len(ids) else None
    return at + 1, len(ids), before, after
