"""Which open cases would go to other desks when a unit, its region or its superior changed; read, nothing is moved."""

from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import EDITABLE, OPEN
from bole.definitions.terms import Step, UnitSource
from bole.kernel.errors import Invalid
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.review import engine, seats
from bole.review.models import Task
from bole.review.terms import RerouteLine


@dataclass(frozen=True, slots=True)
class Turn:
    """What a rerouting does to one case: its unit from now on, the desks as (unit, name), and why not, if not."""

    line: RerouteLine
    unit: Unit
    desks: tuple[tuple[str, str], ...]
    changes: bool


def turn_of(case: Case, task: Task | None, to: UUID | None = None, superior: UUID | None = None) -> Turn:
    """What becomes of the case with its unit as it is now, or with the unit `to`; `superior` is one that the unit
    would have (for plans shown before a change). `task` is the open one. The case given is left as it is."""
    target = organizations.unit(to if to is not None else case.unit_id)
    if superior is not None:
        target.parent = organizations.unit(superior)
    if case.status in EDITABLE:
        return _in_hand(case, target)
    service = cases.service_of(case)
    step = engine.step_of(service.route, case.step)
    before = task.unit if task is not None else case.unit
    imagined = _imagined(case, target)
    after = seats.unit_at(step, imagined)
    empty = seats.vacancy(step, imagined, after)
    same = after is not None and after.pk == before.pk
    changes = not same or target.pk != case.unit_id or target.region != cases.region_of(case)
    if same:
        say, movable = "办理部门不变，后面的环节按新的信息送审。", True
    elif task is not None and (task.begun_at is not None or task.cleared_at is not None):
        say, movable = f"「{before.name}」已经开始办理，由该部门办完，不调整。", False
    elif empty:
        say, movable = f"不能调整：{empty}", False
    else:
        say, movable = "还没有开始办理，送新的部门，填写的内容、意见和日期不变。", True
    return _turn(case, target, step, before, after, say, movable, changes)


def _imagined(case: Case, target: Unit) -> Case:
    """The case as it would be; never saved."""
    one = Case(id=case.pk, site=case.site, service=case.service, service_version=case.service_version)
    one.service_hash, one.status, one.person, one.round = case.service_hash, case.status, case.person, case.round
    one.unit, one.region = target, target.region
    return one


def _in_hand(case: Case, target: Unit) -> Turn:
    """A case that the applicant is filling in has no desk: it follows its unit."""
    moves = target.pk != case.unit_id
    say = f"还没有上报，归入「{target.name}」，填写的内容保留。" if moves else "还没有上报，上报时按新的信息送审。"
    return _turn(case, target, None, case.unit, target, say, moves, moves)


def _turn(
    case: Case, target: Unit, step: Step | None, before: Unit, after: Unit | None, say: str, movable: bool,
    changes: bool,
) -> Turn:  # fmt: skip
    line = RerouteLine(
        case=case.pk,
        number=case.number,
        name=case.person.name if case.person is not None else case.unit.name,
        service=cases.service_of(case).name,
        step=step.name if step is not None else "",
        before=before.name,
        after=after.name if after is not None else "",
        say=say,
        movable=movable,
        seen=case.revision,
    )
    desks = ((str(before.pk), before.name), (str(after.pk) if after is not None else "", line.after))
    return Turn(line, target, desks, changes)


def plan(
    *,
    person: UUID | None = None,
    unit: UUID | None = None,
    to: UUID | None = None,
    superior: UUID | None = None,
    most: int | None = None,
) -> tuple[RerouteLine, ...]:
    """See `queries.reroute_plan`. Raises Invalid when neither person nor unit is named."""
    if person is None and unit is None:
        raise Invalid.at("unit", "请说明要调整哪个单位或哪个人的申报。")
    rows = Case.objects.filter(status__in=OPEN).select_related("person", "unit")
    if person is not None:
        rows = rows.filter(person_id=person)
    if unit is not None:
        rows = rows.filter(unit_id=unit)
    found = list(rows.order_by("opened_at", "number"))
    if to is not None:  # what asks something of a unit that was chosen stays with that unit
        found = [case for case in found if cases.service_of(case).unit is UnitSource.OWN]
    tasks = Task.objects.filter(case__in=found, closed_at__isnull=True).select_related("unit")
    waiting = {task.case_id: task for task in tasks}
    turns = (turn_of(case, waiting.get(case.pk), to, superior) for case in found)
    return tuple(islice((turn.line for turn in turns if turn.changes), most))
