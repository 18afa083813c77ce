"""The engine: pure functions from a route, the moves so far and a wish to the next move.

No database, no clock. Every refusal is a sentence; nothing is ever approved by nobody (ALL-12): only `advance`
passes a step, and only on a decision that a seat made.
"""

from collections.abc import Callable, Iterable, Sequence

from bole.cases.terms import CLOSED, EDITABLE, Status
from bole.definitions.terms import APPLICANT, Route, Step, Verdict
from bole.kernel.errors import Refused
from bole.review.terms import END, Decision, Move, MoveKind, Standing

# Says whether a step is left out for this case (its `skip_when`).
Skips = Callable[[Step], bool]


def standing(moves: Iterable[Move]) -> Standing:
    """Where a case stands after these moves."""
    now = Standing()
    for move in moves:
        now = _after(now, move)
    return now


def _after(now: Standing, move: Move) -> Standing:
    status, step, sections, faults, round_ = now.status, "", now.open_sections, now.faults, now.round
    match move.kind:
        case MoveKind.SUBMITTED:
            status, step, round_ = Status.IN_REVIEW, move.to, round_ + 1
        case MoveKind.PASSED:
            status, step = (Status.COMPLETED, "") if move.to == END else (Status.IN_REVIEW, move.to)
            sections, faults = None, ()
        case MoveKind.SENT_BACK if move.to == APPLICANT:
            status, faults = Status.RETURNED, move.faulty
            sections = tuple(dict.fromkeys(fault.section for fault in move.faulty))
        case MoveKind.SENT_BACK:
            status, step, faults = Status.IN_REVIEW, move.to, move.faulty
        case MoveKind.WITHDRAWN:
            # Withdrawn after a return, the case is again what it was: returned, with the same sections open.
            status = Status.RETURNED if sections is not None else Status.DRAFT
        case MoveKind.TERMINATED:
            status = Status.TERMINATED
        case MoveKind.CANCELLED:
            status = Status.CANCELLED
    return Standing(status, step, sections, faults, round_, now.revision + 1)


def first_step(route: Route, skips: Skips) -> Step:
    """The first desk that this case goes to. Raises Refused when the route leaves out every step."""
    for step in route.steps:
        if not skips(step):
            return step
    raise Refused("这项业务的流程没有适用于您单位的审核环节，请联系当地人社部门。")


def _index(route: Route, code: str) -> int:
    for index, step in enumerate(route.steps):
        if step.step == code:
            return index
    raise Refused("这个环节不在流程里，请刷新页面后再办理。")


def step_of(route: Route, code: str) -> Step:
    """The step with this code. Raises Refused for a forged one."""
    return route.steps[_index(route, code)]


def next_step(route: Route, code: str, skips: Skips) -> tuple[str, tuple[str, ...]]:
    """The desk after this one, or END; and the steps left out on the way."""
    skipped: list[str] = []
    for step in route.steps[_index(route, code) + 1 :]:
        if not skips(step):
            return step.step, tuple(skipped)
        skipped.append(step.step)
    return END, tuple(skipped)


def submit(route: Route, moves: Sequence[Move], skips: Skips) -> Move:
    """The applicant sends the case on its way."""
    now = standing(moves)
    if now.status not in EDITABLE:
        raise Refused("已经上报，不需要再次上报。" if now.status is Status.IN_REVIEW else "已经办结，不能再上报。")
    first = first_step(route, skips)
    left_out = tuple(step.step for step in route.steps[: _index(route, first.step)])
    return Move(MoveKind.SUBMITTED, to=first.step, skipped=left_out)


def advance(route: Route, moves: Sequence[Move], decision: Decision, skips: Skips) -> Move:
    """What follows from a decision at the step where the case lies."""
    now = standing(moves)
    if now.status is not Status.IN_REVIEW:
        raise Refused("这份申报现在不在审核环节，不能作出审核决定。")
    if now.step != decision.step:
        raise Refused("这份申报已经不在这个环节，请刷新后再办理。")
    step = step_of(route, decision.step)
    if step.option(decision.verdict) is None:
        raise Refused(f"「{step.name}」环节不能作出「{decision.verdict.word}」的决定。")
    match decision.verdict:
        case Verdict.APPROVE:
            if decision.faulty:
                raise Refused("已标出有误的模块，不能审核通过。请取消标记，或选择退回修改。")
            to, skipped = next_step(route, decision.step, skips)
            return Move(MoveKind.PASSED, decision.step, to, skipped=skipped)
        case Verdict.SEND_BACK:
            return _sent_back(route, step, decision, skips)
        case Verdict.TERMINATE:
            return Move(MoveKind.TERMINATED, decision.step, END, faulty=decision.faulty)


def _sent_back(route: Route, step: Step, decision: Decision, skips: Skips) -> Move:
    if decision.target not in step.send_back_to:
        raise Refused(f"「{step.name}」环节不能退回到这里，请在列出的退回目标中选择。")
    if decision.target != APPLICANT:
        before = {one.step for one in route.steps[: _index(route, decision.step)] if not skips(one)}
        if decision.target not in before:
            raise Refused("只能退回给申报人，或退回给前面的环节。")
    elif not decision.faulty:
        raise Refused("退回修改时，请至少勾选一个有问题的模块。")
    return Move(MoveKind.SENT_BACK, decision.step, decision.target, faulty=decision.faulty)


def withdraw(route: Route, moves: Sequence[Move], *, begun: bool, skips: Skips) -> Move:
    """The applicant takes the case back before the first desk has begun."""
    now = standing(moves)
    if now.status is not Status.IN_REVIEW:
        raise Refused("还没有上报，不需要撤回。" if now.status in EDITABLE else "已经办结，不能撤回。")
    last = moves[-1]
    if last.kind is not MoveKind.SUBMITTED or now.step != first_step(route, skips).step:
        raise Refused("单位已经审核，不能撤回。需要修改请联系所在单位，由审核人退回。")
    if begun:
        raise Refused("单位已开始审核，不能撤回。需要修改请联系所在单位，由审核人退回。")
    return Move(MoveKind.WITHDRAWN, now.step, APPLICANT)


def cancel(moves: Sequence[Move]) -> Move:
    """The applicant ends the case for good (「撤销」); only while it is in the applicant's hands."""
    now = standing(moves)
    if now.status in CLOSED:
        raise Refused("已经办结，不能撤销。")
    if now.status is Status.IN_REVIEW:
        raise Refused("正在审核，不能撤销。请先撤回；单位已开始审核的，请联系所在单位。")
    return Move(MoveKind.CANCELLED, "", END)
