"""Who sits at a step for a given case: a unit and a role in it, found when the step is reached."""

from dataclasses import dataclass, field
from uuid import UUID

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.definitions import answers
from bole.definitions.answers.scope import Surroundings
from bole.definitions.conditions import compiled
from bole.definitions.terms import Context, Results, Seat, SeatKind, Service, Step
from bole.kernel.errors import Absent, Refused
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Holder, Role
from bole.review.engine import Skips
from bole.standards import queries as standards


class SeatVacant(Refused):
    """Nobody sits there. Told to the sender, so that no case is ever lost at an empty desk."""


@dataclass(frozen=True, slots=True)
class Seated:
    """A seat with its unit found, and who sits there, where that was asked."""

    unit: Unit
    role: Role
    holders: tuple[Holder, ...] | None = None


@dataclass(frozen=True)
class Chairs:
    """Desks that are no matter of the single case, as one batch finds them: each is looked for once.

    Only the desk that comes next is remembered, never who may decide at the own one.
    """

    authorities: dict[tuple[str, str, str], Unit | None] = field(default_factory=dict)
    holders: dict[tuple[UUID, str, str], tuple[Holder, ...]] = field(default_factory=dict)

    def authority(self, site: str, region: str, level: str) -> Unit | None:
        """The authority of that level over the region."""
        key = (site, region, level)
        if key not in self.authorities:
            self.authorities[key] = organizations.authority_for(*key)
        return self.authorities[key]

    def sitting(self, unit: UUID, role: str, service: str) -> tuple[Holder, ...]:
        """Who holds the role in the unit for the service."""
        key = (unit, role, service)
        if key not in self.holders:
            self.holders[key] = organizations.holders(unit, Role(role), service)
        return self.holders[key]


def skips_for(service: Service, case: Case, context: Context | None = None) -> Skips:
    """The test that says which steps this case leaves out; what was typed is read only where a step depends on it."""
    if context is None:
        context = cases.context_of(case, None if asks_for_answers(service) else {})
    scope = Surroundings(service, context)

    def skips(step: Step) -> bool:
        return step.skip_when is not None and answers.holds(step.skip_when, scope)

    return skips


def asks_for_answers(service: Service) -> bool:
    """Whether any step is left out by what was typed, rather than by facts about person and unit."""
    conditions = [compiled(step.skip_when) for step in service.route.steps if step.skip_when is not None]
    return any(name.partition(".")[0] in service.by_code for each in conditions for name in each.names)


def unit_at(step: Step, case: Case, chairs: Chairs | None = None, context: Context | None = None) -> Unit | None:
    """The unit whose desk the step is for this case; None when there is none. `context` is that of the case's form if
    the caller has read it."""
    return _unit_of(step.seat, case, chairs, context)


def keeper_of(results: Results, case: Case) -> Unit | None:
    """The unit that enters and publishes the result of this case; None when there is none."""
    return _unit_of(results.keeper, case)


def _unit_of(seat: Seat, case: Case, chairs: Chairs | None = None, context: Context | None = None) -> Unit | None:
    match seat.kind:
        case SeatKind.SUBJECT_UNIT:
            return case.unit
        case SeatKind.AUTHORITY:
            if seat.level is None:
                return None
            chairs = chairs or Chairs()
            return chairs.authority(case.site, cases.region_of(case), seat.level.value)
        case SeatKind.SUPERIOR:
            above = case.unit.parent
            return above.parent if above is not None and seat.above > 1 else above
        case SeatKind.ANSWER:
            return _named(seat, case, context)
        case _:
            return None


def _named(seat: Seat, case: Case, context: Context | None = None) -> Unit | None:
    """The unit that the answer names, if it is one of the site and open."""
    named = cases.answer_at(case, seat.field or "", context)
    try:
        unit = organizations.unit(UUID(str(named)))
    except (ValueError, Absent):
        return None
    return unit if unit.site == case.site and unit.closed_on is None else None


def closure(unit: Unit) -> str:
    """Why the unit's desks decide nothing now, and whom to ask; empty while they do (HA-11)."""
    if unit.review_closed_at is None:
        return ""
    above = f"上级单位「{unit.parent.name}」" if unit.parent is not None else "上级人社部门"
    return f"「{unit.name}」的审核权限已经关闭，不能办理。请联系{above}恢复后再办理。"


def vacancy(step: Step, case: Case, unit: Unit | None, chairs: Chairs | None = None) -> str:
    """Why nobody can decide at this step, as a sentence; empty when somebody can."""
    if unit is None:
        return _nowhere(step, case)
    if unit.closed_on is not None:
        return f"办理「{step.name}」的「{unit.name}」已经停用，请联系上级人社部门后再上报。"
    if unit.review_closed_at is not None:
        return f"现在没有部门办理「{step.name}」：{closure(unit)}"
    if not (chairs or Chairs()).sitting(unit.id, step.role, case.service):
        return f"「{unit.name}」还没有设置办理「{step.name}」的人员，请先联系该部门设置后再上报。"
    return ""


def _nowhere(step: Step, case: Case) -> str:
    match step.seat.kind:
        case SeatKind.SUPERIOR:
            return f"「{case.unit.name}」还没有上级单位，「{step.name}」环节无人办理。请先绑定上级单位，再上报。"
        case SeatKind.ANSWER:
            return f"「{step.name}」由表中填写的单位办理，现在没有填写，或该单位已经停用。请重新选择后再上报。"
        case _:
            place = standards.region(cases.region_of(case)).full_name
            return (
                f"「{step.name}」环节没有对应的部门（单位所属地区：{place}）。请核对单位所属地区，或联系上级人社部门。"
            )


def seat_for(step: Step, case: Case, chairs: Chairs | None = None) -> Seated:
    """The seat of the step for this case. Raises SeatVacant with a sentence for the sender."""
    chairs = chairs or Chairs()
    unit = unit_at(step, case, chairs)
    empty = vacancy(step, case, unit, chairs)
    if unit is None or empty:
        raise SeatVacant(empty)
    return Seated(unit, Role(step.role), chairs.sitting(unit.id, step.role, case.service))
