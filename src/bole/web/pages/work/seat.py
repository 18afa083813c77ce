"""The case behind a request with the task that waits on it, for every page of the review desk."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.definitions.terms import Option, Service, Step, StepKind, Verdict
from bole.kernel.actors import Actor
from bole.kernel.answers import Answer
from bole.kernel.errors import Absent
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Task
from bole.web.requests import PageRequest


@dataclass(frozen=True)
class Seat:
    """The case behind a request with the actor's task on it, if it lies at the actor's desk."""

    case: Case
    service: Service
    step: Step | None
    task: Task | None
    may: Answer
    by: Actor

    @property
    def whose(self) -> str:
        """The person concerned, or the unit that asks for itself."""
        return self.case.person.name if self.case.person is not None else self.case.unit.name

    @property
    def role(self) -> str:
        """The role that decides where the case lies, or decided last."""
        return self.step.role if self.step is not None else self.service.route.steps[-1].role

    @property
    def confirms(self) -> bool:
        """The unit's confirmation is one press; reviews choose a result first."""
        return self.step is not None and self.step.kind is StepKind.CONFIRMATION and not self.cleared

    @property
    def cleared(self) -> bool:
        """Whether the desk has passed it and 送审 is still to come."""
        return self.task is not None and self.task.cleared_at is not None

    @property
    def claimed_until(self) -> date | None:
        """The last day of the visitor's own claim on it; None for no claim."""
        if self.task is None or self.task.claimant is None or self.task.claimant != self.by.account:
            return None
        return self.task.claimed_until

    @property
    def options(self) -> tuple[Option, ...]:
        """The verdicts on offer; what waits for 送审 was approved already."""
        offered = self.step.verdicts if self.step is not None else ()
        return tuple(one for one in offered if not (self.cleared and one.verdict is Verdict.APPROVE))

    @property
    def codes(self) -> tuple[str, ...]:
        """The sections of the form in order."""
        return tuple(section.section for section in self.service.sections)


def seat_of(request: PageRequest, number: str, *, begin: bool = False) -> Seat:
    """Raises Absent alike for unknown numbers and those of other desks and sites."""
    by = request.actor
    case = queries.case_visible(number, by, request.capacity)
    if case.site != request.here.code or case.round == 0:
        raise Absent
    service = cases.service_of(case)
    step = next((one for one in service.route.steps if one.step == case.step), None)
    may = queries.may_decide(by, case, step) if step is not None else Answer(False, "")
    task = None
    if may and begin:
        task = review.begin(case=case, by=by)
    elif may:
        task = queries.open_task(case)
    return Seat(case, service, step, task, may, by)


def home_of(request: PageRequest, role: str) -> str:
    """The list that a page was opened from."""
    roles = request.capacity.roles if request.capacity is not None else ()
    of_accounts = role == Role.REGISTRAR.value or Role.REVIEWER not in roles
    if Role.REGISTRAR in roles and of_accounts:
        return reverse("account-review", args=[request.here.code])
    return reverse("review" if Role.REVIEWER in roles else "unit-collection", args=[request.here.code])
