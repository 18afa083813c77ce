"""Who sits at a step for a given case: a unit and a role in it, found when the step is reached."""

from dataclasses import dataclass

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.definitions import answers
from bole.definitions.answers.scope import Surroundings
from bole.definitions.conditions import compiled
from bole.definitions.terms import Context, SeatKind, Service, Step
from bole.kernel.errors import Refused
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.review.engine import Skips
from bole.standards import queries as standards


class SeatVacant(Refused):
    """Nobody sits there. Told to the sender, so that no case is ever lost at an empty desk."""


@dataclass(frozen=True, slots=True)
class Seated:
    """A seat with its unit found."""

    unit: Unit
    role: Role


def skips_for(service: Service, case: Case, context: Context | None = None) -> Skips:
    """The test that says which steps this case leaves out; what was typed is read only where a step depends on it."""
    if context is None:
        context = cases.context_of(case, None if _asks_for_answers(service) else {})
    scope = Surroundings(service, context)

    def skips(step: Step) -> bool:
        return step.skip_when is not None and answers.holds(step.skip_when, scope)

    return skips


def _asks_for_answers(service: Service) -> bool:
    """Whether any step is left out by what was typed, rather than by facts about person and unit."""
    conditions = [compiled(step.skip_when) for step in service.route.steps if step.skip_when is not None]
    return any(name.partition(".")[0] in service.by_code for each in conditions for name in each.names)


def unit_at(step: Step, case: Case) -> Unit | None:
    """The unit whose desk the step is for this case; None when there is none."""
    match step.seat.kind:
        case SeatKind.SUBJECT_UNIT:
            return case.unit
        case SeatKind.AUTHORITY:
            if step.seat.level is None:
                return None
            return organizations.authority_for(case.site, cases.region_of(case), step.seat.level.value)
        case SeatKind.SUPERIOR:
            return case.unit.parent
        case _:
            return None


def vacancy(step: Step, case: Case, unit: Unit | None) -> str:
    """Why nobody can decide at this step, as a sentence; empty when somebody can."""
    if unit is None:
        place = standards.region(cases.region_of(case)).full_name
        return f"「{step.name}」环节没有对应的部门（单位所属地区：{place}）。请核对单位所属地区，或联系上级人社部门。"
    if not organizations.holders(unit.id, Role(step.role)):
        return f"「{unit.name}」还没有设置办理「{step.name}」的人员，请先联系该部门设置后再上报。"
    return ""


def seat_for(step: Step, case: Case) -> Seated:
    """The seat of the step for this case. Raises SeatVacant with a sentence for the sender."""
    unit = unit_at(step, case)
    empty = vacancy(step, case, unit)
    if unit is None or empty:
        raise SeatVacant(empty)
    return Seated(unit, Role(step.role))
