"""Routes: nothing is ever approved by nobody, nobody approves what they asked for (ALL-12)."""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

from bole.definitions.check.expressions import faults_of
from bole.definitions.check.reserved import of_step
from bole.definitions.conditions import ConditionInvalid, compiled
from bole.definitions.parse import Source
from bole.definitions.terms import (
    APPLICANT,
    Dispatch,
    Known,
    Opener,
    Problem,
    Route,
    SeatKind,
    Service,
    Step,
    StepKind,
    SubjectKind,
    UnitSource,
    Verdict,
)

_EXAMINING = (StepKind.REVIEW, StepKind.EVALUATION)
OVERDUE = ("remind", "escalate", "hand_over")
_MOST_WORLDS = 4096
MOST_PAPERS = 10
LONGEST_PAPER = 60
_NEEDS = {
    SeatKind.AUTHORITY: "level",
    SeatKind.DEPARTMENT: "department",
    SeatKind.COMMITTEE: "committee",
    SeatKind.ANSWER: "field",
}


def check_route(source: Source, known: Known) -> Iterator[Problem]:
    """Problems of a route whatever service uses it."""
    route: Route = source.thing
    if not route.steps:
        yield source.problem(["steps"], "流程没有任何环节，等于无人审核")
        return
    codes = [step.step for step in route.steps]
    for place, step in enumerate(route.steps):
        if codes.index(step.step) != place:
            yield source.problem(["steps", place, "step"], f"环节代码「{step.step}」用了两次")
        for key, say in _step(step, codes[:place], known):
            yield source.problem(["steps", place, key], say)
    yield from _ways(source, route)


def _step(step: Step, before: list[str], known: Known) -> Iterator[tuple[str, str]]:
    if step.option(Verdict.APPROVE) is None:
        yield "verdicts", f"环节「{step.name}」没有 approve，申报到这里就走不下去"
    # Ended for good, it can be asked for anew: the only way out before a first log-in, where nothing can be mended.
    ways_out = (step.option(Verdict.SEND_BACK), step.option(Verdict.TERMINATE))
    if step.kind is not StepKind.PUBLICITY and ways_out == (None, None):
        yield "verdicts", f"环节「{step.name}」没有 send_back，有误时无法退回"
    if len({option.verdict for option in step.verdicts}) != len(step.verdicts):
        yield "verdicts", "同一种结论写了两次"
    if step.overdue not in OVERDUE:
        yield "overdue", "超时只能 remind（提醒）、escalate（上报）或 hand_over（移交），不能视为通过"
    needed = _NEEDS.get(step.seat.kind)
    if needed and getattr(step.seat, needed) is None:
        yield "seat", f"席位 {step.seat.kind.value} 要写明 {needed}"
    for target in step.send_back_to:
        if target != APPLICANT and target not in before:
            yield "send_back_to", f"只能退回申报人或前面的环节，「{target}」不是"
    if step.skip_when is not None:
        yield from (("skip_when", say) for say in faults_of(step.skip_when, None, None))
    if step.dispatch is not None:
        yield from (("dispatch", say) for say in _dispatch(step, step.dispatch))
    yield from of_step(step)
    if known.roles is not None and step.role not in known.roles:
        yield "role", f"没有角色「{step.role}」"


def _dispatch(step: Step, dispatch: Dispatch) -> Iterator[str]:
    """送审 follows an approval; its papers are told apart by their names."""
    if step.kind not in (StepKind.REVIEW, StepKind.CONFIRMATION):
        yield f"环节「{step.name}」不由人审核，没有送审"
    if len(set(dispatch.requires)) != len(dispatch.requires):
        yield f"环节「{step.name}」的送审附件写了两次"
    if len(dispatch.requires) > MOST_PAPERS:
        yield f"环节「{step.name}」的送审附件太多，最多{MOST_PAPERS}个"
    if dispatch.publicity is not None and step.seat.kind is not SeatKind.SUBJECT_UNIT:
        yield f"环节「{step.name}」不在申报人所在单位，不能写单位内部公示"
    if any(len(name) > LONGEST_PAPER for name in dispatch.requires):
        yield f"环节「{step.name}」的送审附件名称最多{LONGEST_PAPER}个字"


def _ways(source: Source, route: Route) -> Iterator[Problem]:
    """Walks the route in every situation that its conditions tell apart."""
    taken: set[str] = set()
    for world, left in _walks(route):
        taken.update(step.step for step in left)
        if not any(step.kind in _EXAMINING for step in left):
            yield source.problem(["steps"], f"{_told(world)} 时没有任何审核环节，申报会无人审核就通过")
            break
    else:
        for place, step in enumerate(route.steps):
            if taken and step.step not in taken:
                yield source.problem(["steps", place, "skip_when"], f"环节「{step.name}」在任何情况下都会跳过")


def _told(world: Mapping[str, Any]) -> str:
    return "、".join(f"{name} = {value}" for name, value in world.items()) or "任何情况"


def _walks(route: Route) -> Iterator[tuple[Mapping[str, Any], list[Step]]]:
    """Each situation with the steps that are left in it; none for a route whose conditions cannot be read."""
    try:
        skips = [compiled(step.skip_when) if step.skip_when else None for step in route.steps]
    except ConditionInvalid:
        return
    for world in _worlds(route):
        pairs = zip(route.steps, skips, strict=True)
        yield world, [step for step, skip in pairs if skip is None or not skip.holds(world)]


def _worlds(route: Route) -> Iterator[Mapping[str, Any]]:
    """Every combination of values that the conditions name, and of one more that they do not."""
    values: dict[str, list[Any]] = {}
    for step in route.steps:
        if step.skip_when is not None:
            condition = compiled(step.skip_when)
            constants = list(_constants(condition.tree))
            for name in condition.names:
                values.setdefault(name, [None, "—"]).extend(constants)
    names = sorted(values)
    options = [list(dict.fromkeys(values[name])) for name in names]
    return (dict(zip(names, each, strict=True)) for each in islice(product(*options), _MOST_WORLDS))


def _constants(tree: Any) -> Iterator[Any]:
    if isinstance(tree, list) and tree and tree[0] == "value":
        if not isinstance(tree[1], dict):
            yield tree[1]
    elif isinstance(tree, list):
        for each in tree[1:]:
            yield from _constants(each)


def own_side(service: Service) -> Iterator[str]:
    """How a unit would approve what it asks for itself: it is the subject, or it files for its person."""
    if service.unit is UnitSource.CHOSEN or Opener.UNIT not in service.opened_by:
        return
    own = service.subject is SubjectKind.UNIT
    for step in service.route.steps:
        if own and step.seat.kind is SeatKind.SUBJECT_UNIT and step.kind is not StepKind.CONFIRMATION:
            yield f"本单位的申报不能由本单位审核，环节「{step.name}」应改为 confirmation 或由上级审核"
    for world, left in _walks(service.route):
        if not any(step.kind in _EXAMINING and step.seat.kind is not SeatKind.SUBJECT_UNIT for step in left):
            yield f"{_told(world)} 时单位填报的只由本单位审核，等于自己批准自己"
            return
