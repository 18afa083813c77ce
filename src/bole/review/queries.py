"""Reads of the review room: the inbox and its counts, the route, the history of a case."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions.terms import APPLICANT, Context, Service
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Capacity
from bole.review import engine, rules, seats
from bole.review.models import Movement, Phrase, Task
from bole.review.rules import may_cancel as may_cancel
from bole.review.rules import may_decide as may_decide
from bole.review.rules import may_submit as may_submit
from bole.review.rules import may_withdraw as may_withdraw
from bole.review.terms import END, MOST_COUNTED, NEVER, Faulty, HistoryLine, Move, MoveKind, PreviewStep, Standing
from bole.standards import queries as standards
from bole.standards.terms import CalendarUnknown


def case_visible(number: str, by: Actor) -> Case:
    """The case with this number if the actor may see it in this capacity. Raises Absent, alike for foreign ones."""
    case = rules.cases_visible_to(by).filter(number=number).first()
    if case is None:
        raise Absent
    return case


def visible_cases(by: Actor) -> QuerySet[Case]:
    """Every case the actor may see in this capacity."""
    return rules.cases_visible_to(by)


def open_task(case: Case) -> Task | None:
    """The task at the desk where the case lies."""
    return Task.objects.filter(case=case, closed_at__isnull=True).select_related("unit").first()


def moves_of(case: Case) -> tuple[Move, ...]:
    """The movements as the engine sees them."""
    if not case.revision:
        return ()
    return tuple(as_move(row) for row in Movement.objects.filter(case=case).order_by("revision"))


def as_move(row: Movement) -> Move:
    """One movement as the engine sees it."""
    return Move(
        kind=MoveKind(row.kind),
        step=row.step,
        to=row.to,
        faulty=tuple(Faulty(**fault) for fault in row.faulty),
        skipped=tuple(row.skipped),
    )


def inbox(by: Actor, held: Capacity | None = None) -> QuerySet[Task]:
    """Open tasks at the seats the actor holds in the unit acted for, soonest deadline first; one row a case.

    `due` is the deadline that rows are ordered by: steps without one come last on every database. `held` is what
    the actor holds there, where the caller has just asked for it.
    """
    rows = _waiting(by.place, _roles(by, held)).annotate(due=Coalesce("due_on", Value(NEVER)))
    return rows.select_related("case", "case__person", "case__unit").order_by("due", "opened_at", "id")


def done_tasks(by: Actor, held: Capacity | None = None) -> QuerySet[Task]:
    """Tasks decided at the actor's unit, newest first."""
    rows = _done(by.place, _roles(by, held))
    return rows.select_related("case", "case__person", "case__unit").order_by("-closed_at", "id")


def _waiting(unit: UUID, roles: Sequence[str]) -> QuerySet[Task]:
    return Task.objects.filter(unit_id=unit, role__in=roles, closed_at__isnull=True)


def _done(unit: UUID, roles: Sequence[str]) -> QuerySet[Task]:
    return Task.objects.filter(unit_id=unit, role__in=roles, closed_at__isnull=False).exclude(verdict="")


def _roles(by: Actor, held: Capacity | None = None) -> Sequence[str]:
    if by.account is None or by.unit is None:
        return ()
    capacities = organizations.capacities(by.account) if held is None else (held,)
    return [role.value for capacity in capacities if capacity.unit == by.unit for role in capacity.roles]


def unit_counts(unit: UUID) -> dict[str, int]:
    """The counters of the unit's page in one query: by state as the page names them."""
    at_unit = Q(status=Status.IN_REVIEW, seat_unit_id=unit)
    return Case.objects.filter(unit_id=unit).aggregate(
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


def inbox_counts(by: Actor, on: date, held: Capacity | None = None) -> dict[str, int]:
    """Waiting, due by the day or over, decided on it and decided in all, at the actor's seats; one query.

    No counter goes further than one past MOST_COUNTED.
    """
    start = datetime.combine(on, time(), tzinfo=clock.CHINA)
    roles = _roles(by, held)
    waiting, done = _waiting(by.place, roles), _done(by.place, roles)
    counters = {
        "waiting": waiting,
        "pressing": waiting.alias(due=Coalesce("due_on", Value(NEVER))).filter(due__lte=on),
        "today": done.filter(closed_at__gte=start, closed_at__lt=start + timedelta(days=1)),
        "done": done,
    }
    rows = Unit.objects.filter(pk=by.place).annotate(**{name: _Counted(rows) for name, rows in counters.items()})
    return rows.values(*counters).first() or dict.fromkeys(counters, 0)


def route_preview(
    case: Case, service: Service | None = None, *, context: Context | None = None, chairs: bool = True
) -> tuple[PreviewStep, ...]:
    """The desks the case would pass, in order, with usual days, and any empty chair (ALL-15).

    `context` is that of the case's form if the caller has read it; without `chairs` nobody looks who sits there.
    """
    service = service or cases.service_of(case)
    skips = seats.skips_for(service, case, context)
    steps = []
    for step in service.route.steps:
        if skips(step):
            steps.append(PreviewStep(step.step, step.name, "", step.due, skipped=True))
            continue
        unit = seats.unit_at(step, case)
        steps.append(
            PreviewStep(
                step=step.step,
                name=step.name,
                unit=unit.name if unit is not None else "",
                due_days=step.due,
                skipped=False,
                vacant=seats.vacancy(step, case, unit) if chairs else "",
            )
        )
    return tuple(steps)


def history(case: Case, service: Service | None = None) -> tuple[HistoryLine, ...]:
    """「审核进度」: who did what when, newest first. Three queries whatever the length."""
    service = service or cases.service_of(case)
    names = {step.step: step.name for step in service.route.steps}
    sections = {section.section: section.name for section in service.sections}
    lines: list[HistoryLine] = []
    before = None
    for row in Movement.objects.filter(case=case).order_by("revision"):
        lines.append(
            HistoryLine(
                at=row.moved_at,
                who=row.account_name,
                unit=row.unit_name,
                what=_what(row, service, names),
                step=names.get(row.step, ""),
                opinion=row.opinion,
                faulty=tuple((sections.get(fault["section"], fault["section"]), fault["say"]) for fault in row.faulty),
                kind=MoveKind(row.kind),
                took_days=(row.moved_at - before).days if before is not None else None,
            )
        )
        before = row.moved_at
    return tuple(reversed(lines))


def _what(row: Movement, service: Service, names: dict[str, str]) -> str:
    match MoveKind(row.kind):
        case MoveKind.SUBMITTED:
            return f"上报，送「{names.get(row.to, row.to)}」"
        case MoveKind.PASSED:
            option = next((s for s in service.route.steps if s.step == row.step), None)
            label = option.name if option else row.step
            return f"{label}：审核通过" + ("，办结" if row.to == END else f"，送「{names.get(row.to, row.to)}」")
        case MoveKind.SENT_BACK:
            target = "申报人" if row.to == APPLICANT else f"「{names.get(row.to, row.to)}」"
            return f"{names.get(row.step, row.step)}：退回修改，退回{target}"
        case MoveKind.TERMINATED:
            return f"{names.get(row.step, row.step)}：资格不符，终止审核"
        case MoveKind.WITHDRAWN:
            return "撤回"
        case MoveKind.CANCELLED:
            return "撤销"


def last_return(case: Case) -> Movement | None:
    """The movement that returned or ended the case, whose opinion is shown on the progress bar."""
    kinds = (MoveKind.SENT_BACK, MoveKind.TERMINATED)
    return Movement.objects.filter(case=case, kind__in=kinds).order_by("-revision").first()


def latest(case: Case) -> Movement | None:
    """The last thing that happened to the case."""
    return Movement.objects.filter(case=case).order_by("-revision").first()


def latest_opinions(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The opinion with which each of these cases was last returned or ended; one query, for lists."""
    kinds = (MoveKind.SENT_BACK, MoveKind.TERMINATED)
    rows = Movement.objects.filter(case_id__in=list(ids), kind__in=kinds).order_by("revision")
    return {row.case_id: row.opinion for row in rows}


def round_decided_by(case: Case, unit: UUID) -> int:
    """The round that the unit last decided on; 0 when it never did. What changed since is looked at first."""
    submitted = decided = 0
    rows = Movement.objects.filter(case=case).order_by("revision")
    for kind, by_unit in rows.values_list("kind", "unit_id"):
        submitted += kind == MoveKind.SUBMITTED
        if by_unit == unit and kind in (MoveKind.PASSED, MoveKind.SENT_BACK):
            decided = submitted
    return decided


def phrases(account: UUID) -> QuerySet[Phrase]:
    """The reviewer's 「常用意见」 in order."""
    return Phrase.objects.filter(account=account)


def neighbours(task: Task, by: Actor) -> tuple[int, int, Task | None, Task | None]:
    """The task's place in the inbox, the inbox's length, and the tasks before and after it. Three queries."""
    ids = list(inbox(by).values_list("id", flat=True)[:2000])
    if task.id not in ids:
        return 0, len(ids), None, None
    at = ids.index(task.id)
    near = {row.id: row for row in inbox(by).filter(id__in=[*ids[max(0, at - 1) : at], *ids[at + 1 : at + 2]])}
    before = near.get(ids[at - 1]) if at else None
    after = near.get(ids[at + 1]) if at + 1 < len(ids) else None
    return at + 1, len(ids), before, after


def due_on(start: date, days: int | None) -> date | None:
    """The last working day for a step that begins on `start`.

    None when the step has no limit, and while the holidays that the count crosses are not announced yet: a date
    that may turn out wrong is not shown.
    """
    if days is None:
        return None
    try:
        return standards.working_days_after(start, days)
    except CalendarUnknown:
        return None


def replay(case: Case) -> Standing:
    """Where the movements say that the case stands; equal to what is cached on it."""
    return engine.standing(moves_of(case))
