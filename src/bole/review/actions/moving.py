"""What every verb of the engine does: compare, append the movement, refresh the standing, move the task, tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bole.audit import actions as audit
from bole.cases import actions as cases
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions.terms import Service, Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Moved
from bole.kernel.events import announce
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.review import engine, queries, rules, seats
from bole.review.actions import desk_tasks
from bole.review.actions.results import begin_outcome, hold_outcome
from bole.review.events import CaseMoved
from bole.review.models import Movement, OpeningRequest, Task
from bole.review.terms import AuditWord, Move, MoveKind, Standing


@dataclass(frozen=True, slots=True)
class ToTell:
    """A movement as it was written, for the messages after the commit; with it, what they would have to ask again.

    `row` has its case, `desk` is where that lies now, `held` whether a batch holds it back from there.
    """

    row: Movement
    held: bool
    desk: seats.Seated | None


def lock(case: Case, seen: int) -> Case:
    """Lock the case and refuse when it moved since `seen`, saying who moved it and when."""
    held = cases.locked(case.id)
    if held.revision != seen:
        last = Movement.objects.filter(case=held).order_by("-revision").first()
        if last is None:
            raise Moved("这份申报刚刚有变化，请刷新后再办理。")
        when = clock.china(last.moved_at)
        raise Moved(
            f"这份申报在您打开之后已由{last.unit_name}{last.account_name}"
            f"于{when.month}月{when.day}日 {when:%H:%M} 办理，您的操作没有生效。请刷新查看最新情况。"
        )
    return held


def append(
    *,
    case: Case,
    service: Service,
    moves: tuple[Move, ...],
    move: Move,
    word: AuditWord,
    by: Actor,
    opinion: str = "",
    desks: Sequence[tuple[str, str]] = (),
    held: bool = False,
    late: int = 0,
    late_reason: str = "",
    sitting: rules.Sitting | None = None,
    chairs: seats.Chairs | None = None,
) -> Movement:
    """Write one movement under the case lock: movement, standing, task, audit; announce it for after the commit.

    `desks` are unit and name before and after, of a rerouting. `held`: the next desk sees it only after the time in
    which a batch can be taken back. `sitting` is what the permission was read from under this lock, `chairs` what a
    batch knows of the desks ahead. Raises SeatVacant when the case would come to an empty desk: nothing is written
    then.
    """
    after = engine.standing((*moves, move))
    left, acting = (sitting.task, sitting.unit) if sitting is not None else _before(case, by)
    at_desk = desk_tasks.next_desk(case, service, move, after, chairs)
    row = Movement.objects.create(
        case=case,
        revision=after.revision,
        kind=move.kind,
        step=move.step,
        to=move.to,
        skipped=list(move.skipped),
        faulty=[fault.kept for fault in move.faulty],
        opinion=opinion,
        desks=[list(desk) for desk in desks],
        unit=acting,
        unit_name=acting.name if acting is not None else "",
        account=by.who,
        account_name=by.name,
        moved_at=clock.now(),
        resume=move.resume,
        late=late,
        late_reason=late_reason or None,
    )
    cases.set_standing(
        case=case,
        status=after.status,
        step=after.step,
        seat_unit=at_desk.unit.pk if at_desk is not None else None,
        open_sections=after.open_sections if after.status in (Status.RETURNED, Status.IN_REVIEW) else None,
        faults=[fault.kept for fault in after.faults] or None,
        revision=after.revision,
        round_=after.round,
    )
    if after.status is Status.COMPLETED:
        begin_outcome(case, service)
        hold_outcome(case, service, by)
    task = desk_tasks.follow(case, service, move, left, at_desk, by, held=held)
    _mark_returned(case, move, after)
    detail: dict[str, Any] = {"kind": move.kind.value, "step": move.step, "to": move.to, "revision": after.revision}
    audit.record(word, by=by, kind="case", id=case.number, unit=case.unit_id, detail=detail)
    unseen = task is not None and task.held_until is not None and task.held_until > clock.now()
    announce(CaseMoved(case=case.id, movement=row.id, kind=move.kind))
    announce(ToTell(row=row, held=unseen, desk=at_desk))
    return row


def _before(case: Case, by: Actor) -> tuple[Task | None, Unit | None]:
    """The open task, and the unit acted for."""
    task = queries.open_task(case) if case.status == Status.IN_REVIEW else None
    if by.unit is None:
        return task, None
    return task, case.unit if by.unit == case.unit_id else organizations.unit(by.unit)


def _mark_returned(case: Case, move: Move, after: Standing) -> None:
    """What lies with the applicant is marked at the desk that sent it back (「已退回」); what was asked for there is
    over once the case leaves the applicant's hands."""
    match move.kind:
        case MoveKind.SUBMITTED | MoveKind.CANCELLED:
            Task.objects.filter(case=case, returned=True).update(returned=False)
            OpeningRequest.objects.filter(case=case, answered_at__isnull=True).update(answered_at=clock.now())
        case MoveKind.WITHDRAWN if after.status is Status.RETURNED:
            sent_back = Task.objects.filter(case=case, verdict=Verdict.SEND_BACK.value).order_by("-closed_at")
            Task.objects.filter(pk__in=sent_back.values("pk")[:1]).update(returned=True)
