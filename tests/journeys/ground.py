"""Ground for any service: the site's authorities at every level, a unit at each, everybody whom a route may ask."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from bole.definitions import queries as definitions
from bole.definitions.terms import Service
from bole.kernel.actors import Actor, Way
from bole.organizations import actions as organizations
from bole.organizations import queries
from bole.organizations.models import Unit
from bole.organizations.terms import ROLE_KINDS, Role, UnitKind
from bole.people import actions as people
from bole.people.models import Person
from bole.project.demo_data.numbers import credit_code, identity_number
from bole.standards import queries as standards
from tests.factories.organizations import PASSWORD, SETUP

LEVELS = ("county", "city", "province")
_BORN = date(1980, 1, 1)
_serials = count(1)


@dataclass
class Ground:
    """Authorities and units by level, the persons of the units, and the holders of roles."""

    service: Service
    authorities: dict[str, Unit] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    holders: dict[tuple[object, str], list[Actor]] = field(default_factory=dict)

    def me(self, level: str = "county") -> Actor:
        """The person of the unit at a level, logged in the 「个人」 way."""
        return as_self(self.persons[level])

    def clerk(self, level: str = "county", place: int = 0) -> Actor:
        """One of the two 采集管理员 of the unit at a level."""
        return self.holders[self.units[level].pk, Role.COLLECTION_ADMINISTRATOR.value][place]


def as_self(person: Person) -> Actor:
    """The person as such."""
    return Actor(way=Way.PERSON, account=person.account_id, name=person.name, person=person.pk, site=person.site)


def make_ground(site: str, code: str) -> Ground:
    """Everything that a case of the service may meet, on the first city and county of the site's region."""
    ground = Ground(definitions.service(site, code))
    superior = None
    for level, region in _regions(queries.site(site).region).items():
        authority = _unit(site, f"{level}人社部门", region, superior, UnitKind.AUTHORITY)
        unit = _unit(site, f"{level}第一医院", region, authority, UnitKind.UNIT)
        organizations.enable_collection(unit=unit.pk, by=SETUP)
        ground.authorities[level], ground.units[level], superior = authority, unit, authority
        ground.persons[level] = _person(site, f"填报人{'甲乙丙'[LEVELS.index(level)]}", unit)
        for holder in (authority, unit):
            for role in {Role(step.role) for step in ground.service.route.steps}:
                if UnitKind(holder.kind) in ROLE_KINDS[role]:
                    _appoint(ground, site, holder, role)
    return ground


def _regions(top: str) -> dict[str, str]:
    """The site's own region and the first ones below it, highest first."""
    found = {standards.region(top).level: top}
    while standards.regions_under(top):
        top = standards.regions_under(top)[0].code
        found[standards.region(top).level] = top
    return found


def _unit(site: str, name: str, region: str, parent: Unit | None, kind: UnitKind) -> Unit:
    category = "11" if kind is UnitKind.AUTHORITY else "12"
    return organizations.create_unit(
        site=site, kind=kind, name=name, region=region, parent=parent.pk if parent else None,
        credit_code=credit_code(category, region, next(_serials)), by=SETUP,
    )  # fmt: skip


def _person(site: str, name: str, unit: Unit) -> Person:
    serial = next(_serials)
    number = identity_number("640100", _BORN + timedelta(days=serial), 1, man=True)
    return people.install_person(
        site=site, kind="resident", number=number, name=name, phone=f"1990001{serial:04d}", password=PASSWORD,
        ethnic_group="01", unit=unit.pk, by=SETUP,
    )  # fmt: skip


def _appoint(ground: Ground, site: str, unit: Unit, role: Role) -> None:
    """Two of each: nobody decides on what they typed themselves."""
    for place in range(2):
        person = _person(site, f"办理人{'一二'[place]}", unit)
        assert person.account_id is not None
        organizations.install_holder(unit=unit.pk, role=role, account=person.account_id, by=SETUP)
        actor = Actor(
            way=Way.UNIT, account=person.account_id, name=person.name, person=person.pk, unit=unit.pk, site=site
        )
        ground.holders.setdefault((unit.pk, role.value), []).append(actor)
