"""What every verb of the engine does: compare, append the movement, refresh the standing, move the task, tell."""

from dataclasses import asdict
from typing import Any

from bole.audit import actions as audit
from bole.cases import actions as cases
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions.terms import Service
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Moved
from bole.kernel.events import announce
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.review import engine, queries, seats
from bole.review.events import CaseMoved
from bole.review.models import Movement, Task
from bole.review.terms import AuditWord, Move, MoveKind


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
    *, case: Case, service: Service, moves: tuple[Move, ...], move: Move, word: AuditWord, by: Actor, opinion: str = ""
) -> Movement:
    """Write one movement under the case lock: movement, standing, task, audit; announce it for after the commit.

    Raises SeatVacant when the case would come to an empty desk: nothing is written then.
    """
    after, waited = engine.standing((*moves, move)), case.status == Status.IN_REVIEW
    seated = None
    if after.status is Status.IN_REVIEW:
        seated = seats.seat_for(engine.step_of(service.route, after.step), case)
    at = clock.now()
    acting = _acting(case, by)
    row = Movement.objects.create(
        case=case,
        revision=after.revision,
        kind=move.kind,
        step=move.step,
        to=move.to,
        skipped=list(move.skipped),
        faulty=[asdict(fault) for fault in move.faulty],
        opinion=opinion,
        unit=acting,
        unit_name=acting.name if acting is not None else "",
        account=by.who,
        account_name=by.name,
        moved_at=at,
    )
    cases.set_standing(
        case=case,
        status=after.status,
        step=after.step,
        seat_unit=seated.unit.id if seated else None,
        open_sections=after.open_sections if after.status in (Status.RETURNED, Status.IN_REVIEW) else None,
        faults=[asdict(fault) for fault in after.faults] or None,
        revision=after.revision,
        round_=after.round,
    )
    if waited:
        _close_task(case, move, by)
    if seated is not None:
        _open_task(case, service, after.step, seated)
    detail: dict[str, Any] = {"kind": move.kind.value, "step": move.step, "to": move.to, "revision": after.revision}
    audit.record(word, by=by, kind="case", id=case.number, unit=case.unit_id, detail=detail)
    announce(CaseMoved(case=case.id, movement=row.id, kind=move.kind))
    return row


def _acting(case: Case, by: Actor) -> Unit | None:
    if by.unit is None:
        return None
    return case.unit if by.unit == case.unit_id else organizations.unit(by.unit)


_VERDICTS = {MoveKind.PASSED: "approve", MoveKind.SENT_BACK: "send_back", MoveKind.TERMINATED: "terminate"}


def _close_task(case: Case, move: Move, by: Actor) -> None:
    Task.objects.filter(case=case, closed_at__isnull=True).update(
        closed_at=clock.now(), closed_by=by.account, verdict=_VERDICTS.get(move.kind, "")
    )


def _open_task(case: Case, service: Service, step: str, seated: seats.Seated) -> None:
    due = engine.step_of(service.route, step).due
    Task.objects.create(
        case=case,
        site=case.site,
        service=case.service,
        step=step,
        unit=seated.unit,
        role=seated.role.value,
        opened_at=clock.now(),
        due_on=queries.due_on(clock.today(), due),
    )
