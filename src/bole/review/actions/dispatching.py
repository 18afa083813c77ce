"""送审: the papers that it demands, and sending on what a desk has passed (JL-09)."""

from collections.abc import Sequence

from django.db import transaction

from bole.audit import actions as audit
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.definitions.terms import Moment, Service, Step
from bole.documents import actions as documents
from bole.documents.models import StoredFile
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid, Moved, Refused
from bole.review import engine, queries, rules, seats
from bole.review.actions.effects import run_effects
from bole.review.actions.moving import append, lock
from bole.review.actions.rows import Chosen, each_row
from bole.review.models import DispatchPaper, Movement, Task
from bole.review.terms import END, UNDO_MINUTES, AuditWord, MoveKind, RowResult

PURPOSE = "dispatch"
MOST_PAPERS = 20  # of one case
LONGEST_NAME = 60
LONGEST_OPINION = 500


def add_paper(*, cases: Sequence[Chosen], name: str, data: bytes, file_name: str, by: Actor) -> tuple[RowResult, ...]:
    """「上传送审附件」: one file as the paper `name` of each of these cases that wait for 送审.

    A paper of the same name is replaced. Raises Invalid at "name", at "file" for a file that cannot be taken, at
    "cases" for none or more than 200 of them.
    """
    name = name.strip()
    if not name:
        raise Invalid.at("name", "请选择或填写附件名称。")
    if len(name) > LONGEST_NAME:
        raise Invalid.at("name", f"附件名称最多{LONGEST_NAME}个字，现在是{len(name)}个。")
    stored = documents.store(data, name=file_name, purpose=PURPOSE, by=by)

    def one(case: Case, seen: int) -> str:
        _add(case, seen, name, stored, by)
        return f"已上传「{name}」。"

    try:
        done = each_row(cases, one, word=AuditWord.PAPER_ADDED, verb="上传", by=by)
    except Invalid:
        documents.discard(stored)
        raise
    if not any(row.ok for row in done):
        documents.discard(stored)
    return done


def remove_papers(*, cases: Sequence[Chosen], name: str = "", by: Actor) -> tuple[RowResult, ...]:
    """「删除」: the papers of this name (all of them where none is named) of each of these cases, before 送审.

    Raises Invalid at "cases" for none or more than 200 of them.
    """

    def one(case: Case, seen: int) -> str:
        return "已删除。" if _remove(case, seen, name.strip(), by) else "没有可以删除的送审附件。"

    return each_row(cases, one, word=AuditWord.PAPER_REMOVED, verb="删除", by=by)


def _waiting(case: Case, seen: int, by: Actor) -> tuple[Case, Task]:
    """Lock the case and find its task that waits for 送审 at the actor's desk. Raises Moved, Refused."""
    case = lock(case, seen)
    service = case_queries.service_of(case)
    if not case.step:
        raise Refused("这份申报现在不在审核环节，不能办理送审附件。")
    sitting = rules.sitting(by, case, engine.step_of(service.route, case.step))
    sitting.answer.demand()
    task = sitting.task
    if task is None or task.cleared_at is None:
        raise Refused("这份申报还没有审核通过，不在「待送审」。请先审核。")
    return case, task


@transaction.atomic
def _add(case: Case, seen: int, name: str, stored: StoredFile, by: Actor) -> None:
    case, task = _waiting(case, seen, by)
    there = queries.papers_of(task)
    there.filter(name=name).update(removed_at=clock.now())
    if there.count() >= MOST_PAPERS:
        raise Refused(f"一份申报最多上传{MOST_PAPERS}个送审附件，请先删除不需要的。")
    DispatchPaper.objects.create(task=task, name=name, file=stored, added_at=clock.now(), added_by=by.who)
    _record(AuditWord.PAPER_ADDED, case, name, by)


@transaction.atomic
def _remove(case: Case, seen: int, name: str, by: Actor) -> int:
    case, task = _waiting(case, seen, by)
    rows = queries.papers_of(task)
    gone = (rows.filter(name=name) if name else rows).update(removed_at=clock.now())
    if gone:
        _record(AuditWord.PAPER_REMOVED, case, name, by)
    return gone


def _record(word: AuditWord, case: Case, name: str, by: Actor) -> None:
    audit.record(word, by=by, kind="case", id=case.number, unit=case.unit_id, detail={"paper": name})


def dispatch(*, case: Case, seen: int, opinion: str = "", by: Actor) -> Movement:
    """「送审」: send on what the desk has passed, with the papers, publicity and opinion that the definition demands.

    Raises Moved, Refused (with why and what to do), Invalid at "papers" with those that are missing, at "publicity"
    with what is to be done first, at "opinion"; SeatVacant.
    """
    return _dispatch(case, seen, by, opinion=opinion)


@transaction.atomic
def _dispatch(case: Case, seen: int, by: Actor, *, opinion: str, chairs: seats.Chairs | None = None) -> Movement:
    """`chairs`: what a batch knows; the next desk sees what a batch sent only once it cannot be taken back any more."""
    case = lock(case, seen)
    service = case_queries.service_of(case)
    step = _step(case, service)
    moved = queries.movements_of(case)
    sitting = rules.sitting(by, case, step, moved)
    sitting.answer.demand()
    moves = tuple(queries.as_move(row) for row in moved)
    move = engine.dispatch(service.route, moves, step.step, seats.skips_for(service, case))
    task = sitting.task
    if task is None:
        raise Refused("这份申报还没有审核通过，不在「待送审」。请先审核。")
    missing = queries.missing_papers(step, queries.papers_of(task).values_list("name", flat=True))
    if missing:
        names = "、".join(f"「{name}」" for name in missing)
        raise Invalid.at("papers", f"还缺送审附件{names}，请先上传，再送审。")
    gap = queries.publicity_gap(step, queries.publicity_of(task))
    if gap:
        raise Invalid.at("publicity", gap)
    row = append(
        case=case, service=service, moves=moves, move=move, word=AuditWord.DISPATCHED, by=by,
        opinion=_opinion(step, opinion), held=chairs is not None, sitting=sitting, chairs=chairs,
    )  # fmt: skip
    if move.to == END:
        run_effects(case=case, service=service, moment=Moment.COMPLETED, by=by)
    return row


def _opinion(step: Step, opinion: str) -> str:
    """What the desk writes as it sends on. Raises Invalid at "opinion" where the definition demands it."""
    opinion, wanted = opinion.strip(), step.dispatch.opinion if step.dispatch is not None else ""
    if wanted and not opinion:
        raise Invalid.at("opinion", f"请填写{wanted}，申报人和后面的环节会看到。")
    if len(opinion) > LONGEST_OPINION:
        raise Invalid.at("opinion", f"{wanted or '意见'}最多{LONGEST_OPINION}个字符，现在是{len(opinion)}个。")
    return opinion


def _step(case: Case, service: Service) -> Step:
    if not case.step:
        raise Refused("这份申报现在不在审核环节，不能送审。")
    return engine.step_of(service.route, case.step)


def dispatch_many(*, cases: Sequence[Chosen], opinion: str = "", by: Actor) -> tuple[RowResult, ...]:
    """「批量送审」: each of these cases (numbers, or number and revision seen), each in its own transaction,
    with one opinion.

    Repeated after an interruption it does nothing to what is sent already. The next desk sees them after ten minutes,
    in which they can be taken back. Raises Invalid at "cases" for none or more than 200 of them.
    """
    chairs = seats.Chairs()

    def one(case: Case, seen: int) -> str:
        service = case_queries.service_of(case)
        names = {step.step: step.name for step in service.route.steps}
        try:
            row = _dispatch(case, seen, by, opinion=opinion, chairs=chairs)
        except (Moved, Refused):
            if _sent_already(case, by):
                return "已经送审，没有重复办理。"
            raise
        if row.to == END:
            return "已送审，全部环节办结。"
        return f"已送「{names[row.to]}」，{UNDO_MINUTES}分钟内可以收回。"

    return each_row(cases, one, word=AuditWord.DISPATCHED, verb="送审", by=by)


def _sent_already(case: Case, by: Actor) -> bool:
    """Whether the last that happened to it is that the actor's unit sent it on."""
    last = queries.latest_act(case)
    return last is not None and last.kind == MoveKind.DISPATCHED and last.unit_id == by.unit
