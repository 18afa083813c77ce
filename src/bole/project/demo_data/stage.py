"""Puts up the stage: units in their tree, persons with accounts, and those who keep the desks."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from bole.accounts import actions as accounts
from bole.accounts.terms import HashedPassword
from bole.kernel.actors import Actor, Way, system
from bole.organizations import actions as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from bole.people.models import Person
from bole.project.demo_data import units
from bole.project.demo_data.cast import PASSWORD, Cast, DemoPerson
from bole.project.demo_data.units import SITE, DemoUnit

SETUP = system("demo")
_AFFILIATION = {"province": "20", "city": "40", "county": "50"}


@dataclass
class Stage:
    """What stands: rows of units by key (of the other sites by site and key), of persons by number, and the holders of
    each role."""

    password: HashedPassword
    units: dict[str, Unit] = field(default_factory=dict)
    places: dict[tuple[str, str], Unit] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    holders: dict[tuple[UUID, str], list[Actor]] = field(default_factory=lambda: defaultdict(list))

    def as_self(self, person: DemoPerson) -> Actor:
        """The person, logged in the 「个人」 way."""
        row = self.persons[person.number]
        return Actor(way=Way.PERSON, account=row.account_id, name=row.name, person=row.pk, site=SITE)

    def holder(self, unit: UUID, role: Role, place: int = 0) -> Actor:
        """Somebody who holds the role in the unit, logged in the 「单位」 way."""
        found = self.holders[unit, role.value]
        return found[place % len(found)]


def new_stage() -> Stage:
    """An empty stage; the password is hashed once for all (the demonstration's passwords are public anyway)."""
    return Stage(accounts.hash_password(PASSWORD))


def put_up_units(stage: Stage) -> int:
    """Create authorities, departments and employers; open them for collection."""
    for unit in units.units():
        row = organizations.create_unit(
            site=SITE,
            kind=UnitKind(unit.kind),
            name=unit.name,
            region=unit.region,
            parent=stage.units[unit.under].pk if unit.under else None,
            credit_code=unit.code,
            insurance_number=f"{unit.region}{unit.serial:04d}",
            unit_type=unit.unit_type,
            by=SETUP,
        )
        stage.units[unit.key] = row
        if unit.trade and unit.clerks >= 0:
            organizations.enable_collection(unit=row.pk, by=SETUP)
    return len(stage.units)


def enter_persons(stage: Stage, cast: Cast) -> int:
    """Open the accounts of everybody. Persons belong to their units; keepers of desks are persons of theirs, too."""
    for person in (*cast.persons, *cast.staff):
        stage.persons[person.number] = people.install_person(
            site=SITE,
            kind="resident",
            number=person.number,
            name=person.name,
            phone=person.phone,
            password=stage.password,
            ethnic_group=person.ethnic,
            unit=stage.units[person.unit].pk,
            by=SETUP,
        )
    return len(stage.persons)


def appoint(stage: Stage, cast: Cast) -> int:
    """Give everybody their roles."""
    for duty in cast.duties:
        unit, row = stage.units[duty.unit], stage.persons[duty.person.number]
        assert row.account_id is not None  # noqa: S101  # everybody was entered with an account
        organizations.install_holder(unit=unit.pk, role=Role(duty.role), account=row.account_id, by=SETUP)
        stage.holders[unit.pk, duty.role].append(
            Actor(way=Way.UNIT, account=row.account_id, name=row.name, person=row.pk, unit=unit.pk, site=SITE)
        )
    return len(cast.duties)


def describe(stage: Stage) -> int:
    """Each unit's clerk fills in 「单位信息」; one unit has not come to it yet."""
    count = 0
    for unit in units.employers():
        if unit.clerks < 1 or not unit.described:
            continue
        row = stage.units[unit.key]
        clerk = stage.holder(row.pk, Role.COLLECTION_ADMINISTRATOR)
        organizations.describe_unit(unit=row.pk, values=_description(stage, unit), seen=row.revision, by=clerk)
        count += 1
    return count


def _description(stage: Stage, unit: DemoUnit) -> dict[str, str]:
    leader = units.by_key()[unit.key]
    above = str(stage.units[unit.under].pk)
    return {
        "address": f"{_ground(unit)}朔方路{unit.serial}号",
        "leader": f"{'马白李王杨'[leader.serial % 5]}{['建平', '立新', '海峰', '文博', '国梁'][leader.serial % 4]}",
        "leader_phone": f"1990000{6000 + unit.serial}",
        "unit_type": unit.unit_type,
        "affiliation": _AFFILIATION[unit.level],
        "economic_type": unit.economic,
        "industry": unit.industry,
        "administrative_superior": above,
        "industry_superior": above,
        "region": unit.region,
    }


def _ground(unit: DemoUnit) -> str:
    if unit.level == "province":
        return "宁夏银川市"
    if unit.level == "city":
        return f"宁夏{units.CITIES[unit.region]}"
    return f"宁夏{units.CITIES[unit.region[:4] + '00']}{units.COUNTIES[unit.region]}"
