"""The desk's verbs: begin, decide."""

from django.db import transaction

from bole.audit import actions as audit
from bole.cases import actions as held_cases
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.definitions.terms import APPLICANT, Moment, Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid, Refused
from bole.review import engine, queries, rules, seats
from bole.review.actions.effects import run_effects
from bole.review.actions.moving import append, lock
from bole.review.models import Movement, Task
from bole.review.terms import END, AuditWord, Decision, Faulty, MoveKind

LONGEST_OPINION = 500

_MOMENTS = {MoveKind.TERMINATED: Moment.TERMINATED}


@transaction.atomic
def begin(*, case: Case, by: Actor) -> Task | None:
    """Note that the desk has begun with the case; from now on the applicant cannot withdraw it.

    Returns the open task, or None when the case does not lie at the actor's desk.
    """
    case = held_cases.locked(case.id)
    task = Task.objects.filter(case=case, closed_at__isnull=True).first()
    if task is None or not rules.sits(by, task.unit_id, task.role):
        return None
    if task.begun_at is None:
        task.begun_at, task.begun_by, task.begun_name = clock.now(), by.account, by.name
        task.save(update_fields=["begun_at", "begun_by", "begun_name"])
        audit.record(AuditWord.BEGUN, by=by, kind="case", id=case.number, unit=case.unit_id)
    return task


@transaction.atomic
def decide(
    *,
    case: Case,
    step: str,
    seen: int,
    verdict: Verdict,
    opinion: str,
    faulty: tuple[Faulty, ...] = (),
    target: str = APPLICANT,
    by: Actor,
) -> Movement:
    """Decide on a case at the step where it lies. `seen` is the revision the reviewer had on screen.

    Lock, compare, ask, advance, append, run effects; all of it or nothing. Raises Moved (with who and when),
    Refused (with why and what to do), Invalid at "opinion" or "faulty", SeatVacant when the next desk is empty.
    """
    case = lock(case, seen)
    service = cases.service_of(case)
    definition = engine.step_of(service.route, step)
    rules.may_decide(by, case, definition).demand()
    opinion = opinion.strip()
    if len(opinion) > LONGEST_OPINION:
        raise Invalid.at("opinion", f"审核意见最多{LONGEST_OPINION}个字符，现在是{len(opinion)}个。")
    if verdict is not Verdict.APPROVE and not opinion:
        raise Invalid.at("opinion", "退回或终止时请写明审核意见，申报人会看到。")
    unknown = [fault.section for fault in faulty if fault.section not in service.by_code]
    if unknown:
        raise Refused("标出的模块不在这份表里，请刷新页面后再办理。")
    if verdict is Verdict.SEND_BACK and target == APPLICANT and not faulty:
        raise Invalid.at("faulty", "退回修改时，请至少勾选一个有问题的模块。")
    moves = queries.moves_of(case)
    skips = seats.skips_for(service, case)
    move = engine.advance(service.route, moves, Decision(step, verdict, faulty, target), skips)
    row = append(case=case, service=service, moves=moves, move=move, word=AuditWord.DECIDED, by=by, opinion=opinion)
    moment = _moment(move.kind, move.to)
    if moment is not None:
        run_effects(case=case, service=service, moment=moment, by=by)
    return row


def _moment(kind: MoveKind, to: str) -> Moment | None:
    if kind is MoveKind.PASSED and to == END:
        return Moment.COMPLETED
    if kind is MoveKind.SENT_BACK and to == APPLICANT:
        return Moment.RETURNED
    return _MOMENTS.get(kind)
