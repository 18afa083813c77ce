"""The engine: pure functions from a route, the moves so far and a wish to the next move.

No database, no clock. Every refusal is a sentence; nothing is ever approved by nobody (ALL-12): only `advance`
and `dispatch` pass a step, and only on a decision that a seat made.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from bole.cases.terms import CLOSED, EDITABLE, Status
from bole.definitions.terms import APPLICANT, Route, Step, Verdict
from bole.kernel.errors import Refused
from bole.review.terms import END, Decision, Faulty, Move, MoveKind, Standing

# Says whether a step is left out for this case (its `skip_when`).
Skips = Callable[[Step], bool]


class _Kinded(Protocol):
    """A move, or its row."""

    @property
    def kind(self) -> str: ...


class Moved(_Kinded, Protocol):
    """The same with where it led."""

    @property
    def to(self) -> str: ...


Made = TypeVar("Made", bound=_Kinded)

# What a desk does that hands a case on, or makes it ready to be: what the desk may take back.
FORWARD = (MoveKind.PASSED, MoveKind.CLEARED, MoveKind.DISPATCHED)


def standing(moves: Iterable[Move]) -> Standing:
    """Where a case stands after these moves."""
    made = tuple(moves)
    now = Standing()
    for move in in_force(made):
        now = _after(now, move)
    return replace(now, revision=len(made))


def in_force(moves: Iterable[Made]) -> tuple[Made, ...]:
    """The moves without what was taken back, and without the taking back."""
    kept: list[Made] = []
    for move in moves:
        if move.kind != MoveKind.RECALLED:
            kept.append(move)
            continue
        last = max(place for place, each in enumerate(kept) if each.kind in FORWARD)
        del kept[last]
    return tuple(kept)


def _after(now: Standing, move: Move) -> Standing:
    match move.kind:
        case MoveKind.SUBMITTED:
            return replace(now, status=Status.IN_REVIEW, step=move.to, round=now.round + 1)
        case MoveKind.PASSED | MoveKind.DISPATCHED:
            done = move.to == END
            return Standing(Status.COMPLETED if done else Status.IN_REVIEW, "" if done else move.to, round=now.round)
        case MoveKind.CLEARED:
            return Standing(Status.IN_REVIEW, now.step, round=now.round, cleared=True)
        case MoveKind.SENT_BACK if move.to == APPLICANT:
            places = tuple(dict.fromkeys(fault.place for fault in move.faulty))
            return Standing(Status.RETURNED, "", places, move.faulty, now.round, resume=move.resume)
        case MoveKind.SENT_BACK:
            return replace(now, step=move.to, faults=move.faulty, cleared=False)
        case MoveKind.WITHDRAWN:
            # Withdrawn after a return, the case is again what it was: returned, with the same places open.
            return replace(now, status=Status.RETURNED if now.open_sections is not None else Status.DRAFT, step="")
        case MoveKind.TERMINATED:
            return replace(now, status=Status.TERMINATED, step="", cleared=False)
        case MoveKind.CANCELLED:
            return replace(now, status=Status.CANCELLED, step="")
        case MoveKind.OPENED:
            opened = (*(now.open_sections or ()), *(fault.place for fault in move.faulty))
            return replace(now, open_sections=tuple(dict.fromkeys(opened)))
        case _:
            # Rerouted: another desk of the same step, or another unit. In the applicant's hands the desks ahead may
            # be others than those that passed it, so it goes through all of them again.
            return replace(now, resume="") if now.status in EDITABLE else now


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
    """The applicant sends the case on its way: to the first desk, or where the reviewer who returned it said."""
    now = standing(moves)
    if now.status not in EDITABLE:
        raise Refused("已经上报，不需要再次上报。" if now.status is Status.IN_REVIEW else "已经办结，不能再上报。")
    first = _resumed(route, moves, now.resume, skips) or first_step(route, skips)
    left_out = tuple(step.step for step in route.steps[: _index(route, first.step)] if skips(step))
    return Move(MoveKind.SUBMITTED, to=first.step, skipped=left_out)


def _resumed(route: Route, moves: Sequence[Move], resume: str, skips: Skips) -> Step | None:
    """The desk that a mended case goes to at once, or before it the first one that never passed it; None for the
    usual way. So nobody's approval is ever gone round (ALL-12)."""
    if not resume or skips(step_of(route, resume)):
        return None
    done = passed(route, moves)
    ahead = route.steps[: _index(route, resume) + 1]
    return next(step for step in ahead if step.step == resume or (step.step not in done and not skips(step)))


def passed(route: Route, moves: Sequence[Move]) -> set[str]:
    """The steps whose approval stands: it falls when the case comes to that step, or one before it, anew."""
    done: set[str] = set()
    for move in in_force(moves):
        if move.kind in (MoveKind.PASSED, MoveKind.DISPATCHED):
            done.add(move.step)
        elif anew := begun_anew(route, move):
            done -= anew
    return done


def begun_anew(route: Route, move: Moved) -> set[str]:
    """The steps whose approval falls by this move, since the case comes to the first of them anew."""
    if move.kind == MoveKind.SUBMITTED or (move.kind == MoveKind.SENT_BACK and move.to != APPLICANT):
        return {step.step for step in route.steps[_index(route, move.to) :]}
    return set()


def advance(route: Route, moves: Sequence[Move], decision: Decision, skips: Skips) -> Move:
    """What follows from a decision at the step where the case lies."""
    now = standing(moves)
    step = _lies_at(route, now, decision.step)
    if step.option(decision.verdict) is None:
        raise Refused(f"「{step.name}」环节不能作出「{decision.verdict.word}」的决定。")
    match decision.verdict:
        case Verdict.APPROVE:
            if decision.faulty:
                raise Refused("已标出有误的模块，不能审核通过。请取消标记，或选择退回修改。")
            if now.cleared:
                raise Refused("已经审核通过，不需要再次审核。请到「待送审」办理送审。")
            to, skipped = next_step(route, decision.step, skips)
            if step.dispatch is not None:
                return Move(MoveKind.CLEARED, decision.step, decision.step)
            return Move(MoveKind.PASSED, decision.step, to, skipped=skipped)
        case Verdict.SEND_BACK:
            return _sent_back(route, step, decision, skips)
        case Verdict.TERMINATE:
            return Move(MoveKind.TERMINATED, decision.step, END, faulty=decision.faulty)


def _lies_at(route: Route, now: Standing, code: str) -> Step:
    if now.status is not Status.IN_REVIEW:
        raise Refused("这份申报现在不在审核环节，不能作出审核决定。")
    if now.step != code:
        raise Refused("这份申报已经不在这个环节，请刷新后再办理。")
    return step_of(route, code)


def dispatch(route: Route, moves: Sequence[Move], code: str, skips: Skips) -> Move:
    """送审: what the desk has passed goes on to the next one."""
    now = standing(moves)
    step = _lies_at(route, now, code)
    if not now.cleared:
        raise Refused(f"「{step.name}」还没有审核通过，不能送审。请先审核。")
    to, skipped = next_step(route, code, skips)
    return Move(MoveKind.DISPATCHED, code, to, skipped=skipped)


def recall(moves: Sequence[Move], *, held: bool) -> Move:
    """The desk takes back what it did last: while the case is cleared, or `held` back from the next desk."""
    now = standing(moves)
    if now.status in CLOSED:
        raise Refused("已经办结，不能收回。")
    if now.status is not Status.IN_REVIEW:
        raise Refused("已经在申报人手中，不能收回。")
    last = next(move for move in reversed(in_force(moves)) if move.kind is not MoveKind.REROUTED)
    if last.kind not in FORWARD:
        raise Refused("这份申报还没有在这个环节办理，没有可以收回的。")
    if last.kind is not MoveKind.CLEARED and not held:
        raise Refused("下一个环节已经收到，不能收回。需要更正的，请联系该环节退回。")
    return Move(MoveKind.RECALLED, now.step, last.step)


def open_up(moves: Sequence[Move], sections: Sequence[str]) -> Move:
    """The desk that returned the case opens further sections to the applicant."""
    if standing(moves).status is not Status.RETURNED:
        raise Refused("申报人已经再次上报，或这份申报已经办结，不需要再开放。")
    return Move(MoveKind.OPENED, "", APPLICANT, faulty=tuple(Faulty(section) for section in sections))


def _sent_back(route: Route, step: Step, decision: Decision, skips: Skips) -> Move:
    if decision.target not in step.send_back_to:
        raise Refused(f"「{step.name}」环节不能退回到这里，请在列出的退回目标中选择。")
    if decision.target != APPLICANT:
        before = {one.step for one in route.steps[: _index(route, decision.step)] if not skips(one)}
        if decision.target not in before:
            raise Refused("只能退回给申报人，或退回给前面的环节。")
    elif not decision.faulty:
        raise Refused("退回修改时，请至少勾选一个有问题的模块。")
    resume = decision.step if decision.resume and decision.target == APPLICANT else ""
    return Move(MoveKind.SENT_BACK, decision.step, decision.target, faulty=decision.faulty, resume=resume)


def withdraw(moves: Sequence[Move], *, begun: bool) -> Move:
    """The applicant takes the case back before the first desk has begun, whichever desk that is by now."""
    now = standing(moves)
    if now.status is not Status.IN_REVIEW:
        raise Refused("还没有上报，不需要撤回。" if now.status in EDITABLE else "已经办结，不能撤回。")
    last = next(move for move in reversed(in_force(moves)) if move.kind is not MoveKind.REROUTED)
    if last.kind is not MoveKind.SUBMITTED:
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


def reroute(moves: Sequence[Move]) -> Move:
    """The desk of the same step for another unit or region; status, step and answers stay (ALL-15, JL-11)."""
    now = standing(moves)
    if now.status in CLOSED:
        raise Refused("已经办结，不需要调整办理部门。")
    return Move(MoveKind.REROUTED, now.step, now.step or APPLICANT)
