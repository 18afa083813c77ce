"""The desk's verbs: begin, decide, decide many."""

from collections.abc import Sequence

from django.db import transaction

from bole.audit import actions as audit
from bole.cases import actions as held_cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.definitions.terms import APPLICANT, Moment, Service, Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid, Refused
from bole.review import engine, queries, rules, seats
from bole.review.actions.drafting import drop_draft
from bole.review.actions.effects import run_effects
from bole.review.actions.moving import append, lock
from bole.review.actions.rows import demand_chosen, each_row
from bole.review.models import Movement, Task
from bole.review.terms import END, UNDO_MINUTES, AuditWord, Decision, Faulty, MoveKind, RowResult, box_of

LONGEST_OPINION = 500

_MOMENTS = {MoveKind.TERMINATED: Moment.TERMINATED}


@transaction.atomic
def begin(*, case: Case, by: Actor) -> Task | None:
    """Note that the desk has begun with the case; from now on the applicant cannot withdraw it.

    Returns the open task, or None when the case does not lie at the actor's desk.
    """
    case = held_cases.locked(case.id)
    task = queries.open_task(case)
    if task is None or not rules.sits_at(by, task):
        return None
    if task.begun_at is None:
        task.begun_at, task.begun_by, task.begun_name = clock.now(), by.account, by.name
        task.save(update_fields=["begun_at", "begun_by", "begun_name"])
        audit.record(AuditWord.BEGUN, by=by, kind="case", id=case.number, unit=case.unit_id)
    return task


def decide(
    *,
    case: Case,
    step: str,
    seen: int,
    verdict: Verdict,
    opinion: str,
    faulty: tuple[Faulty, ...] = (),
    target: str = APPLICANT,
    resume: bool = False,
    late_reason: str = "",
    by: Actor,
) -> Movement:
    """Decide on a case at the step where it lies. `seen` is the revision the reviewer had on screen.

    Lock, compare, ask, advance, append, run effects; all of it or nothing. `resume`: what the applicant hands in
    again comes straight back to this step. Raises Moved (with who and when), Refused (with why and what to do),
    Invalid at "opinion", "faulty" or "late_reason", SeatVacant when the next desk is empty.
    """
    decision = Decision(step, verdict, faulty, target, resume)
    return _decide(case=case, decision=decision, seen=seen, opinion=opinion, late_reason=late_reason, by=by)


@transaction.atomic
def _decide(
    *,
    case: Case,
    decision: Decision,
    seen: int,
    opinion: str,
    late_reason: str = "",
    held: bool = False,
    chairs: seats.Chairs | None = None,
    by: Actor,
) -> Movement:
    """`held`: the next desk sees it only once it cannot be taken back any more. `chairs`: what a batch knows."""
    case = lock(case, seen)
    service = case_queries.service_of(case)
    moved = queries.movements_of(case)
    sitting = rules.sitting(by, case, engine.step_of(service.route, decision.step), moved)
    sitting.answer.demand()
    opinion = opinion.strip()
    demand_opinion(decision.verdict, opinion)
    unknown = [fault.section for fault in decision.faulty if fault.section not in service.by_code]
    if unknown:
        raise Refused("标出的模块不在这份表里，请刷新页面后再办理。")
    _demand_spots(case, decision.faulty)
    back = decision.verdict is Verdict.SEND_BACK and decision.target == APPLICANT
    if back and not decision.faulty:
        raise Invalid.at("faulty", "退回修改时，请至少勾选一个有问题的模块。")
    late = queries.late_faults(case, decision.faulty, by.place, service) if back else ()
    moves = tuple(queries.as_move(row) for row in moved)
    move = engine.advance(service.route, moves, decision, seats.skips_for(service, case))
    _demand_reason(late, late_reason, service)
    row = append(
        case=case, service=service, moves=moves, move=move, word=AuditWord.DECIDED, by=by, opinion=opinion, held=held,
        late=len(late), late_reason=late_reason.strip() if late else "", sitting=sitting, chairs=chairs,
    )  # fmt: skip
    drop_draft(case=case, by=by)
    moment = _moment(move.kind, move.to)
    if moment is not None:
        run_effects(case=case, service=service, moment=moment, by=by)
    return row


def _demand_spots(case: Case, faulty: tuple[Faulty, ...]) -> None:
    """Raises Refused unless each mark on a file lies on a page of a file that was handed in, at its own place."""
    rows = case_queries.attachments_among(case, [fault.file for fault in faulty if fault.file])
    for fault in (each for each in faulty if each.file or each.page or each.box):
        row = rows.get(fault.file)
        if row is None or row.round >= case.round or (row.section, row.record) != (fault.section, fault.record):
            raise Refused("标出的附件不在这份申报里，请刷新页面后再办理。")
        if not 1 <= fault.page <= max(row.file.pages, 1):
            raise Refused(f"附件「{row.file.name}」没有第{fault.page}页，请刷新页面后再办理。")
        if fault.box is not None and box_of(fault.box) is None:
            raise Refused("在附件上圈出的范围不在页面内，请重新圈出。")


def _demand_reason(late: tuple[Faulty, ...], reason: str, service: Service) -> None:
    """Raises Invalid at "late_reason": what an earlier return could have told needs a reason now (JL-06)."""
    reason = reason.strip()
    demand_length(reason)
    if late and not reason:
        names = "、".join(dict.fromkeys(f"「{service.by_code[fault.section].name}」" for fault in late))
        raise Invalid.at(
            "late_reason", f"{names}有{len(late)}处问题本单位上次退回时就在，应当一次告知。再次退回请写明原因。"
        )


def demand_length(reason: str) -> None:
    """Raises Invalid at "late_reason" for one that is too long."""
    if len(reason) > LONGEST_OPINION:
        raise Invalid.at("late_reason", f"原因最多{LONGEST_OPINION}个字符，现在是{len(reason)}个。")


def decide_many(
    *, cases: Sequence[tuple[str, int]], verdict: Verdict, opinion: str, late_reason: str = "", by: Actor
) -> tuple[RowResult, ...]:
    """One decision with one opinion on each of these cases (number and revision seen), each in its own transaction.

    What cannot be decided is told in its row and stops no other; sent back, every section is opened. What is passed
    reaches the next desk after ten minutes, in which it can be taken back (`recall_many`). `late_reason` is kept with
    those that the unit returned before and could have told all then; without it they alone are not returned. Raises
    Invalid at "cases" for none or more than 200 of them, at "opinion" as `decide` does, and at "late_reason" for one
    that is too long.
    """
    demand_chosen(cases, "办理")
    demand_opinion(verdict, opinion)
    demand_length(late_reason.strip())
    chairs = seats.Chairs()

    def one(case: Case, seen: int) -> str:
        service = case_queries.service_of(case)
        faulty = whole_form(service) if verdict is Verdict.SEND_BACK else ()
        decision = Decision(case.step, verdict, faulty)
        row = _decide(
            case=case, decision=decision, seen=seen, opinion=opinion, late_reason=late_reason, held=True,
            chairs=chairs, by=by,
        )  # fmt: skip
        return _told(row, {step.step: step.name for step in service.route.steps})

    return each_row(cases, one, word=AuditWord.DECIDED, verb="办理", by=by)


def _told(row: Movement, names: dict[str, str]) -> str:
    match MoveKind(row.kind):
        case MoveKind.PASSED if row.to == END:
            return "审核通过，已办结。"
        case MoveKind.PASSED:
            return f"审核通过，送「{names.get(row.to, row.to)}」，{UNDO_MINUTES}分钟内可以收回。"
        case MoveKind.CLEARED:
            return "审核通过，已转入「待送审」。"
        case MoveKind.TERMINATED:
            return "资格不符，已终止审核。"
        case _:
            return "已退回修改。"


def whole_form(service: Service) -> tuple[Faulty, ...]:
    """Every section of the form, for what is sent back without marking single ones."""
    return tuple(Faulty(section.section) for section in service.sections)


def demand_opinion(verdict: Verdict, opinion: str) -> None:
    """Raises Invalid at "opinion" for one that is too long, or missing where the applicant must learn why."""
    opinion = opinion.strip()
    if len(opinion) > LONGEST_OPINION:
        raise Invalid.at("opinion", f"审核意见最多{LONGEST_OPINION}个字符，现在是{len(opinion)}个。")
    if verdict is not Verdict.APPROVE and not opinion:
        raise Invalid.at("opinion", "退回或终止时请写明审核意见，申报人会看到。")


def _moment(kind: MoveKind, to: str) -> Moment | None:
    if kind in (MoveKind.PASSED, MoveKind.DISPATCHED) and to == END:
        return Moment.COMPLETED
    if kind is MoveKind.SENT_BACK and to == APPLICANT:
        return Moment.RETURNED
    return _MOMENTS.get(kind)
