"""Where a unit page stands: the unit acted for, the service it collects for, and the desks of its region."""

from dataclasses import dataclass
from uuid import UUID

from bole.definitions import queries as definitions
from bole.definitions.terms import Opener, SeatKind, Service
from bole.kernel.errors import Absent
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Level, ancestor
from bole.people import queries as people
from bole.web.requests import PageRequest

_LEVELS = {"county": Level.COUNTY, "city": Level.CITY, "province": Level.PROVINCE}


def collected_service(site: str) -> Service:
    """The service that units of this site fill in for their people. Raises Absent where there is none."""
    for service in definitions.services_of(site):
        by_unit = any(step.seat.kind is SeatKind.SUBJECT_UNIT for step in service.route.steps)
        if by_unit and Opener.UNIT in service.opened_by:
            return service
    raise Absent("这个办事大厅没有由单位采集的业务。")


@dataclass(frozen=True)
class UnitPlace:
    """The unit behind a request of its 采集管理员."""

    unit: Unit
    service: Service


def unit_place(request: PageRequest) -> UnitPlace:
    """The unit acted for. Raises Refused for who is not its 采集管理员, or before it was opened for collection."""
    people.collects_for_unit(request.actor).demand()
    if request.actor.unit is None:  # the rule has refused that already
        raise Absent
    return UnitPlace(organizations.unit(request.actor.unit), collected_service(request.here.code))


@dataclass(frozen=True)
class Desk:
    """One authority's desk that cases from a region would pass; `unit` is empty where nobody sits."""

    step: str
    unit: str
    id: UUID | None = None


def desks_for(service: Service, site: str, region: str) -> list[Desk]:
    """The authorities that cases of a unit in this region go to, in order (NX-17); levels above the region fall out."""
    desks = []
    for step in service.route.steps:
        if step.seat.kind is not SeatKind.AUTHORITY or step.seat.level is None:
            continue
        level = _LEVELS[step.seat.level.value]
        if ancestor(region, level) is None:
            continue
        authority = organizations.authority_for(site, region, level)
        desks.append(Desk(step.name, authority.name if authority else "", authority.pk if authority else None))
    return desks
