"""The tasks that follow a movement: closed, opened, cleared, reopened; and what a desk decided, counted by the day."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions.terms import APPLICANT, Service
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused
from bole.organizations.terms import Role
from bole.review import engine, queries, seats
from bole.review.models import DeskTally, Movement, Task
from bole.review.terms import UNDO_MINUTES, UNSEEN, Move, MoveKind, Standing

_VERDICTS = {MoveKind.PASSED: "approve", MoveKind.DISPATCHED: "approve", MoveKind.SENT_BACK: "send_back",
             MoveKind.TERMINATED: "terminate"}  # fmt: skip
_COUNTERS = {"approve": "passed", "send_back": "sent_back", "terminate": "terminated"}


def next_desk(
    case: Case, service: Service, move: Move, after: Standing, chairs: seats.Chairs | None = None
) -> seats.Seated | None:
    """The desk that the case lies at from now on. Raises SeatVacant when nobody sits there.

    What stays at its desk, or comes back to one that passed it, lies where it lay then.
    """
    if after.status is not Status.IN_REVIEW:
        return None
    if move.step == move.to and move.kind in (MoveKind.CLEARED, MoveKind.RECALLED) and case.seat_unit is not None:
        return seats.Seated(case.seat_unit, Role(engine.step_of(service.route, after.step).role))
    if move.kind is MoveKind.RECALLED:
        passed = _passed(case, move.to)
        return seats.Seated(passed.unit, Role(passed.role))
    return seats.seat_for(engine.step_of(service.route, after.step), case, chairs)


def _passed(case: Case, step: str) -> Task:
    """The task that the desk of a step closed last by passing it."""
    rows = Task.objects.filter(case=case, step=step, verdict="approve").select_related("unit")
    row = rows.order_by("-closed_at").first()
    if row is None:
        raise Refused("没有找到这个环节的办理记录，不能收回。请刷新页面后再试。")
    return row


def follow(
    case: Case, service: Service, move: Move, left: Task | None, at_desk: seats.Seated | None, by: Actor, *, held: bool
) -> Task | None:
    """Let the tasks follow the movement: `left` is the one that was open, `at_desk` where the case lies now.

    The one that is open from now on.
    """
    match move.kind:
        case MoveKind.CLEARED | MoveKind.RECALLED if move.step == move.to:
            _clear(left, move.kind is MoveKind.CLEARED, by)
            return left
        case MoveKind.RECALLED:
            return _take_back(case, move, left, by)
        case MoveKind.REROUTED if left is not None and at_desk is not None and at_desk.unit.pk == left.unit_id:
            return left  # the desk stays, with what it has begun, claimed and cleared
        case _:
            if left is not None:
                _close(left, move, by)
            if at_desk is None:
                return None
            return _open(case, service, case.step, at_desk, left, rerouted=move.kind is MoveKind.REROUTED, held=held)


def _clear(task: Task | None, cleared: bool, by: Actor) -> None:
    """Passed and waiting for 送审, or that taken back. Who passed it has begun with it."""
    if task is None:
        return
    task.cleared_at, task.cleared_by = (clock.now(), by.account) if cleared else (None, None)
    _begin(task, by)
    task.save(update_fields=["cleared_at", "cleared_by", "begun_at", "begun_by", "begun_name"])


def _begin(task: Task, by: Actor) -> None:
    if task.begun_at is None:
        task.begun_at, task.begun_by, task.begun_name = clock.now(), by.account, by.name


def _take_back(case: Case, move: Move, left: Task | None, by: Actor) -> Task:
    """The next desk never saw it; at the own desk it lies as it lay, and what was counted is counted back."""
    if left is not None:
        left.closed_at, left.closed_by, left.held_until = clock.now(), by.account, UNSEEN
        left.save(update_fields=["closed_at", "closed_by", "held_until"])
    task = _passed(case, move.to)
    _count(task, -1)
    task.closed_at, task.closed_by, task.verdict, task.decided_unit = None, None, "", None
    _begin(task, by)
    task.save(update_fields=["closed_at", "closed_by", "verdict", "decided_unit", "begun_at", "begun_by", "begun_name"])
    return task


def _close(task: Task, move: Move, by: Actor) -> None:
    task.closed_at, task.closed_by = clock.now(), by.account
    task.verdict = _VERDICTS.get(move.kind, "")
    task.decided_unit_id = by.unit if task.verdict else None
    task.returned = move.kind is MoveKind.SENT_BACK and move.to == APPLICANT
    if task.verdict not in ("", "approve"):
        task.cleared_at = task.cleared_by = None
    task.save(
        update_fields=[
            "closed_at", "closed_by", "verdict", "decided_unit", "returned", "cleared_at", "cleared_by",
        ]
    )  # fmt: skip
    if task.verdict:
        _count(task, 1)


def _count(task: Task, by: int) -> None:
    """Count a closed task for the desk that decided it, on its day in China."""
    if task.decided_unit_id is None or task.closed_at is None:
        return
    counter = _COUNTERS[task.verdict]
    of_desk = {
        "unit_id": task.decided_unit_id,
        "role": task.role,
        "service": task.service,
        "year": task.year,
        "day": clock.china(task.closed_at).date(),
    }
    rows = DeskTally.objects.filter(**of_desk)
    if rows.update(**{counter: F(counter) + by}):
        return
    try:
        with transaction.atomic():
            DeskTally.objects.create(**of_desk, **{counter: by})
    except IntegrityError:  # somebody else decided the first of the day at the same moment
        rows.update(**{counter: F(counter) + by})


def _open(
    case: Case, service: Service, step: str, at_desk: seats.Seated, left: Task | None, *, rerouted: bool, held: bool
) -> Task:
    """Something to do at the seat. What was rerouted keeps its dates: whoever waits has waited since then (ALL-15)."""
    definition = engine.step_of(service.route, step)
    before = left if rerouted else None
    at = clock.now()
    until = before.held_until if before is not None else at + timedelta(minutes=UNDO_MINUTES) if held else None
    task = Task.objects.create(
        case=case,
        site=case.site,
        service=case.service,
        step=step,
        unit=at_desk.unit,
        role=at_desk.role.value,
        overseen=definition.overseen,
        opened_at=before.opened_at if before is not None else at,
        due_on=before.due_on if before is not None else queries.due_on(clock.today(), definition.due),
        year=(left.year if left is not None else 0) or _year(case),
        held_until=until,
    )
    if before is not None and before.held_until is not None and before.held_until > at:
        Task.objects.filter(pk=before.pk).update(held_until=UNSEEN)  # the desk it left never saw it
    return task


def _year(case: Case) -> int:
    """The year of the declaration: of the first hand-in, in China."""
    first = Movement.objects.filter(case=case, kind=MoveKind.SUBMITTED).order_by("revision").first()
    return clock.china(first.moved_at if first is not None else clock.now()).year
