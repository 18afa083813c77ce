"""Where a unit page stands: the unit acted for, the services it has a part in, and the desks of its region."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from bole.definitions import queries as definitions
from bole.definitions.terms import Opener, SeatKind, Service, SubjectKind
from bole.kernel.errors import Absent
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import MODULE_NAMES, Level, Module, Role, ancestor
from bole.people import queries as people
from bole.web.pages.cases import Shown, shown_of
from bole.web.requests import PageRequest


def unit_services(site: str) -> tuple[Service, ...]:
    """The services of this site that units fill in or confirm. Raises Absent where there is none."""
    found = tuple(service for service in definitions.services_of(site) if _concerns_units(service))
    if not found:
        raise Absent("这个办事大厅没有由单位办理的业务。")
    return found


def _concerns_units(service: Service) -> bool:
    """What a unit's collection fills in or confirms for its people; its own affairs have another page."""
    if service.subject is SubjectKind.UNIT or service.filed_by != Role.COLLECTION_ADMINISTRATOR:
        return False
    seats = {(step.seat.kind, step.role) for step in service.route.steps}
    return (SeatKind.SUBJECT_UNIT, Role.COLLECTION_ADMINISTRATOR) in seats or Opener.UNIT in service.opened_by


@dataclass(frozen=True)
class UnitPlace:
    """The unit behind a request of its 采集管理员."""

    unit: Unit
    services: tuple[Service, ...]

    @cached_property
    def columns(self) -> Shown:
        """The columns of the unit's lists."""
        return shown_of(self.services)

    @property
    def opened(self) -> tuple[Service, ...]:
        """The services that the unit fills in for its people (「立即申报」)."""
        return tuple(service for service in self.services if Opener.UNIT in service.opened_by)

    @property
    def name(self) -> str:
        """What menus and crumbs call the page: the one service, or the module for several."""
        return self.services[0].name if len(self.services) == 1 else MODULE_NAMES[Module.COLLECTION]

    @property
    def title(self) -> str:
        """What stands above the page."""
        return self.services[0].title or self.name if len(self.services) == 1 else self.name


def unit_place(request: PageRequest) -> UnitPlace:
    """The unit acted for. Raises Refused for who is not its 采集管理员, or before it was opened for collection."""
    people.collects_for_unit(request.actor).demand()
    if request.actor.unit is None:  # the rule has refused that already
        raise Absent
    return UnitPlace(organizations.unit(request.actor.unit), unit_services(request.here.code))


@dataclass(frozen=True)
class Desk:
    """One authority's desk that cases from a region would pass; `unit` is empty where nobody sits."""

    step: str
    unit: str
    id: UUID | None = None


def desks_for(services: Iterable[Service], site: str, region: str) -> list[Desk]:
    """The authorities that cases of a unit in this region go to, in order (NX-17); levels above the region fall out."""
    steps = {step.name: step.seat for service in services for step in service.route.steps}
    desks = []
    for name, seat in steps.items():
        if seat.kind is not SeatKind.AUTHORITY or seat.level is None or ancestor(region, Level(seat.level)) is None:
            continue
        authority = organizations.authority_for(site, region, seat.level)
        desks.append(Desk(name, authority.name if authority else "", authority.pk if authority else None))
    return desks
