"""「业务审核」: how much of each service waits, is cleared, lies returned, was decided today and in all (JL-05)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from bole.definitions import queries as definitions
from bole.definitions.terms import Service
from bole.kernel.actors import Actor
from bole.organizations.terms import Capacity
from bole.review import rules
from bole.review.models import DeskTally
from bole.review.queries.inbox import Roles, open_tasks, returned_tasks


@dataclass(slots=True)
class Counts:
    """待审核, 待送审, 已退回, 今日办结, 总办结."""

    waiting: int = 0
    cleared: int = 0
    returned: int = 0
    today: int = 0
    done: int = 0

    @property
    def every(self) -> int:
        """「全部」: what waits for the desk and what it decided."""
        return self.waiting + self.cleared + self.done

    def add(self, other: "Counts") -> None:
        """Count the other's in."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A service with its counts."""

    category: str
    service: str
    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rows of a year of declaration (0: of all), their sums, and how much there is of every year."""

    year: int
    rows: tuple[MatrixRow, ...]
    total: Counts
    years: Mapping[int, Counts] = field(default_factory=dict)


def matrix(by: Actor, held: Capacity | None, year: int, on: date, roles: Roles = None) -> Matrix:
    """What the actor's desk has of each service that its seats decide, by category; three queries for any size.

    One more where a service that is not in the catalogue any more has cases left. What waits is counted in the index
    alone, what is done in the tally that decisions keep.
    """
    found = _found(by, rules.held_at(by, held), roles, on)
    years: defaultdict[int, Counts] = defaultdict(Counts)
    services: defaultdict[str, Counts] = defaultdict(Counts)
    for (service, its_year), counts in found.items():
        years[its_year].add(counts)
        if year in (0, its_year):
            services[service].add(counts)
    rows = tuple(_rows(by, held, services, roles))
    total = Counts()
    for row in rows:
        total.add(row.counts)
    return Matrix(year, rows, total, dict(sorted(years.items(), reverse=True)))


def _found(by: Actor, held: Capacity | None, roles: Roles, on: date) -> dict[tuple[str, int], Counts]:
    """By service and year. Counts a column of the index, so that no row is read for it."""
    cells: defaultdict[tuple[str, int], Counts] = defaultdict(Counts)
    waiting, cleared = Q(cleared_at__isnull=True) & rules.come_by_now(), Q(cleared_at__isnull=False)
    rows = open_tasks(by, held, roles).order_by().values_list("service", "year")
    for service, year, waits, passed in rows.annotate(
        waits=Count("service", filter=waiting), passed=Count("service", filter=cleared)
    ):
        cells[service, year].add(Counts(waiting=waits, cleared=passed))
    back = returned_tasks(by, held, roles).select_related(None).order_by().values_list("service", "year")
    for service, year, many in back.annotate(many=Count("service")):
        cells[service, year].add(Counts(returned=many))
    for service, year, today, done in _tallies(by, held, roles, on):
        cells[service, year].add(Counts(today=today, done=done))
    return cells


def _tallies(
    by: Actor, held: Capacity | None, roles: Roles, on: date
) -> QuerySet[DeskTally, tuple[str, int, int, int]]:
    rows = DeskTally.objects.filter(rules.seated(held, roles), unit_id=by.place).order_by()
    each = F("passed") + F("sent_back") + F("terminated")
    return rows.values_list("service", "year").annotate(
        today=Coalesce(Sum(each, filter=Q(day=on)), 0), done=Coalesce(Sum(each), 0)
    )


def _rows(by: Actor, held: Capacity | None, counted: Mapping[str, Counts], roles: Roles) -> Iterator[MatrixRow]:
    """A row for each service that the seats decide, and for each that has something; categories together."""
    offered = {each.service: each for each in definitions.catalogue_of(by.site) if _decides(each, held, roles)}
    missing = {code for code, counts in counted.items() if code not in offered and counts != Counts()}
    if missing:
        known = {each.service: each for each in definitions.services_of(by.site)}
        offered |= {code: known[code] for code in sorted(missing) if code in known}
    for services in _by_category(offered.values()):
        for service in services:
            counts = counted.get(service.service, Counts())
            yield MatrixRow(service.category, service.service, service.name, counts)


def _by_category(services: Iterable[Service]) -> Iterable[list[Service]]:
    found: dict[str, list[Service]] = {}
    for service in services:
        found.setdefault(service.category, []).append(service)
    return found.values()


def _decides(service: Service, held: Capacity | None, roles: Roles) -> bool:
    """Whether a role held, in its range of business, sits at one of the service's steps."""
    if held is None:
        return False
    asked = {step.role for step in service.route.steps}
    return any(
        role.value in asked
        and (roles is None or role in roles)
        and service.service in held.ranges.get(role, {service.service})
        for role in held.roles
    )
