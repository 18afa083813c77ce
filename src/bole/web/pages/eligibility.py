"""「申报条件」 on pages: before the first field, before handing in, and beside the review (ALL-13)."""

from dataclasses import dataclass

from bole.bindings import queries as bindings
from bole.cases.models import Case
from bole.cases.terms import FilledForm
from bole.definitions.terms import Assessed, Finding, Service
from bole.organizations.models import Unit
from bole.people.models import Person


@dataclass(frozen=True)
class Eligibility:
    """The conditions of a service with what was found of each, for `web/parts/eligibility.html`."""

    service: Service
    lines: tuple[Assessed, ...]

    def _count(self, finding: Finding) -> int:
        return sum(each.finding is finding for each in self.lines)

    @property
    def met(self) -> int:
        """How many are met."""
        return self._count(Finding.MET)

    @property
    def unmet(self) -> int:
        """How many are not."""
        return self._count(Finding.UNMET)

    @property
    def unknown(self) -> int:
        """Of how many it cannot be told."""
        return self._count(Finding.UNKNOWN)

    @property
    def stops(self) -> tuple[Assessed, ...]:
        """Those that keep a case from being opened."""
        return tuple(each for each in self.lines if each.stops)

    @property
    def doubts(self) -> tuple[Assessed, ...]:
        """Everything but what is met, the unmet first."""
        order = (Finding.UNMET, Finding.UNKNOWN)
        return tuple(each for finding in order for each in self.lines if each.finding is finding)


def before_opening(service: Service, person: Person | None, unit: Unit | None) -> Eligibility | None:
    """What is known before there is a case; None for a service without conditions."""
    found = bindings.eligibility(service, person=person, unit=unit)
    return Eligibility(service, found) if found else None


def of_case(case: Case, service: Service, form: FilledForm) -> Eligibility | None:
    """What the answers tell of the conditions; None for a service without any."""
    found = bindings.eligibility_of(case, service, form)
    return Eligibility(service, found) if found else None
