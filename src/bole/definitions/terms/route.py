"""Routes: which desks a case passes, who sits there, and what they can decide."""

from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic import Field as Key

from bole.definitions.terms.words import APPLICANT, Frozen, Level, SeatKind, StepKind, Verdict

Name = Annotated[str, Key(min_length=1, max_length=200)]
Code = Annotated[str, Key(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)]
FieldCode = Annotated[str, Key(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]


class Seat(Frozen):
    """Who decides: the subject's unit, its superior, the authority of a level, a department, a committee, or the unit
    that an answer names (`field` is "section.field"). `above: 2` is the superior of the superior."""

    kind: SeatKind
    level: Level | None = None
    above: Annotated[int, Key(ge=1, le=2)] = 1
    department: str | None = None
    committee: str | None = None
    field: Annotated[str, Key(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")] | None = None


def _seat(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


class Option(Frozen):
    """One verdict on offer with the label of its button."""

    verdict: Verdict
    name: Name


def _options(value: Any) -> Any:
    """`[approve, send_back]` or `{approve: 确认无误上报, send_back: 退回修改}`, as it is written in YAML."""
    if isinstance(value, dict):
        return tuple({"verdict": verdict, "name": name} for verdict, name in value.items())
    if isinstance(value, list | tuple):
        return tuple(_option(item) for item in value)
    return value


def _option(item: Any) -> Any:
    """A bare verdict takes its usual label; an unknown one is left for the enum to refuse."""
    if not isinstance(item, str):
        return item
    known = {verdict.value: verdict.word for verdict in Verdict}
    return {"verdict": item, "name": known.get(item, item)}


class Publicity(Frozen):
    """The unit's own publicity (内部公示) before it sends a case on: at least 5 working days (TR-30, 40号令 Art 16)."""

    name: Name = "单位内部公示"
    working_days: Annotated[int, Key(ge=5, le=60)] = 5


class Dispatch(Frozen):
    """送审: an act of the desk after approval, before the case reaches the next one.

    With `publicity` the desk first makes public that it will send the case on, and records what came of it; `opinion`
    names what it must write when it does so (推荐意见), stating why.
    Its papers are for the desks that follow; `disclosed` lets everybody see them who sees the case under review.
    """

    name: Name = "送审"
    requires: tuple[Name, ...] = ()
    publicity: Publicity | None = None
    opinion: str = ""
    disclosed: bool = False


# A seat as it is written in YAML: its kind alone, or with what the kind needs.
Seating = Annotated[Seat, BeforeValidator(_seat)]


class Step(Frozen):
    """One desk of a route. `due` counts working days; an overdue step reminds or escalates, never decides.

    `overseen`: the same role in an authority above the seat may decide in its stead (GZ-05). Some of the language
    waits for the rooms that will carry it out; `check.reserved` refuses those words till then.
    """

    step: FieldCode
    name: Name
    kind: StepKind = StepKind.REVIEW
    seat: Seating
    role: Code
    skip_when: str | None = None
    verdicts: Annotated[tuple[Option, ...], BeforeValidator(_options)] = ()
    due: Annotated[int, Key(ge=1, le=250)] | None = None
    overdue: str = "remind"
    send_back_to: tuple[FieldCode, ...] = (APPLICANT,)
    dispatch: Dispatch | None = None
    overseen: bool = False

    def option(self, verdict: Verdict) -> Option | None:
        """The verdict as this step offers it, or None when it does not."""
        return next((option for option in self.verdicts if option.verdict is verdict), None)


class Route(Frozen):
    """The desks in order."""

    route: Code
    name: Name
    basis: str = ""
    steps: tuple[Step, ...]

    def step(self, code: str) -> Step:
        """The step of this code. Raises KeyError."""
        for step in self.steps:
            if step.step == code:
                return step
        raise KeyError(code)
