"""The desks ahead of a case, and the days they have."""

from datetime import date
from uuid import UUID

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.definitions.terms import Context, Service
from bole.review import routing, seats
from bole.review.terms import (
    PreviewStep,
    RerouteLine,
)
from bole.standards import queries as standards
from bole.standards.terms import CalendarUnknown


def route_preview(
    case: Case, service: Service | None = None, *, context: Context | None = None, chairs: bool = True
) -> tuple[PreviewStep, ...]:
    """The desks the case would pass, in order, with usual days, and any empty chair (ALL-15).

    `context` is that of the case's form if the caller has read it; without `chairs` nobody looks who sits there.
    """
    service = service or cases.service_of(case)
    skips = seats.skips_for(service, case, context)
    steps = []
    for step in service.route.steps:
        if skips(step):
            steps.append(PreviewStep(step.step, step.name, "", step.due, skipped=True))
            continue
        unit = seats.unit_at(step, case, context=context)
        steps.append(
            PreviewStep(
                step=step.step,
                name=step.name,
                unit=unit.name if unit is not None else "",
                due_days=step.due,
                skipped=False,
                vacant=seats.vacancy(step, case, unit) if chairs else "",
            )
        )
    return tuple(steps)


def reroute_plan(
    *,
    person: UUID | None = None,
    unit: UUID | None = None,
    to: UUID | None = None,
    superior: UUID | None = None,
    most: int | None = None,
) -> tuple[RerouteLine, ...]:
    """What 「调整办理部门」 would do: every open case of the person or unit that the change concerns (ALL-15).

    `to` is the unit that they would belong to, `superior` the one that the unit would have; without either the
    unit's present region and superior count. Cases that stay as they are in every way are left out; `most` ends the
    plan after so many lines.
    """
    return routing.plan(person=person, unit=unit, to=to, superior=superior, most=most)


def due_on(start: date, days: int | None) -> date | None:
    """The last working day for a step that begins on `start`.

    None when the step has no limit, and while the holidays that the count crosses are not announced yet: a date
    that may turn out wrong is not shown.
    """
    if days is None:
        return None
    try:
        return standards.working_days_after(start, days)
    except CalendarUnknown:
        return None
