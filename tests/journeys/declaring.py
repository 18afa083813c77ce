"""The ground on which declarations of a site with superiors are walked, and how their forms are filled.

A clinic of a hospital of a department of a county, an enterprise under nobody, an institute of the province; each desk
kept by one reviewer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.definitions.terms import SectionKind, Service
from bole.kernel.actors import Actor, Way
from bole.organizations import actions as organizations
from bole.organizations import queries
from bole.organizations.models import Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from bole.people.models import Person
from bole.project.demo_data.numbers import credit_code, identity_number
from bole.standards import queries as standards
from tests.factories import cases as made
from tests.factories.organizations import PASSWORD, SETUP
from tests.factories.stages import staged

SITE = "jilin"
_BORN = date(1982, 3, 1)
_serials = count(1)

# Answers that a sample cannot know, by service and field: what the checks of the form ask for.
OWN: dict[str, dict[tuple[str, str], Any]] = {
    "talent-grading": {("claim", "former"): "", ("claim", "former_number"): ""},
    "title-review": {("plan", "sanctioned"): "0"},
    "senior-teacher-review": {("plan", "sanctioned"): "0"},
    "special-title-transfer": {("former", "civil"): "0"},
    "title-recognition": {
        ("plan", "condition"): "11", ("plan", "level"): "01-3", ("plan", "title"): "0103",
    },
    "talent-allowance": {("award", "expires"): ""},
    "jixiang-card": {("award", "expires"): ""},
}  # fmt: skip


@dataclass
class Ladder:
    """The units by name, one person of each employer, the reviewer of each unit."""

    units: dict[str, Unit] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    keepers: dict[object, Actor] = field(default_factory=dict)

    def me(self, at: str = "clinic") -> Actor:
        """The person of the unit."""
        person = self.persons[at]
        return Actor(Way.PERSON, person.account_id, person.name, person.pk, site=SITE)

    def keeper(self, case: Case) -> Actor:
        """Who keeps the desk where the case lies."""
        return self.keepers[case.seat_unit_id]


@staged
def make_ladder() -> Ladder:
    """Everything; the region's first city and county."""
    ladder, top = Ladder(), queries.site(SITE).region
    city = standards.regions_under(top)[0].code
    county = standards.regions_under(city)[0].code
    authority, department, unit = UnitKind.AUTHORITY, UnitKind.DEPARTMENT, UnitKind.UNIT
    for key, region, above, kind in (
        ("province", top, "", authority), ("city", city, "province", authority), ("county", county, "city", authority),
        ("health", county, "county", department), ("hospital", county, "health", unit),
        ("clinic", county, "hospital", unit), ("enterprise", county, "", unit), ("works", city, "city", unit),
        ("institute", top, "province", unit),
    ):  # fmt: skip
        _open(ladder, key, region, above, kind)
    return ladder


def _open(ladder: Ladder, key: str, region: str, above: str, kind: UnitKind) -> None:
    row = organizations.create_unit(
        site=SITE, kind=kind, name=f"阶梯{key}", region=region, parent=ladder.units[above].pk if above else None,
        credit_code=credit_code("11" if kind is UnitKind.AUTHORITY else "12", region, 30000 + next(_serials)), by=SETUP,
    )  # fmt: skip
    ladder.units[key] = row
    keeper = _person(f"审核人{next(_serials)}", None)
    assert keeper.account_id is not None
    organizations.install_holder(unit=row.pk, role=Role.REVIEWER, account=keeper.account_id, by=SETUP)
    ladder.keepers[row.pk] = Actor(Way.UNIT, keeper.account_id, keeper.name, keeper.pk, row.pk, SITE)
    if kind is UnitKind.UNIT:
        ladder.persons[key] = _person("申报人", row)


def _person(name: str, unit: Unit | None) -> Person:
    serial = next(_serials)
    number = identity_number("220190", _BORN + timedelta(days=serial), 3, man=False)
    name = name.rstrip("0123456789")
    return people.install_person(
        site=SITE, kind="resident", number=number, name=name, phone=f"1990003{serial:04d}", password=PASSWORD,
        ethnic_group="01", unit=unit.pk if unit else None, by=SETUP,
    )  # fmt: skip


def answers(service: Service, section: str, more: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    """Samples for one record of a section, with what they cannot know."""
    record = made.sample_record(service.section(section))
    own = {**OWN.get(service.service, {}), **more}
    return record | {name: value for (at, name), value in own.items() if at == section and name in record}


def fill(case: Case, by: Actor, more: Mapping[tuple[str, str], Any] | None = None, only: tuple[str, ...] = ()) -> None:
    """Type into every section, or those named, through the actions; a record is added where there can be several."""
    service = case_queries.service_of(case)
    for section in service.sections:
        if section.kind is not SectionKind.FIELDS or (only and section.section not in only):
            continue
        seen = case_queries.form_of(case, service).sections[section.section].version
        typed = answers(service, section.section, more or {})
        if section.many is None:
            cases.save_section(case=case, section=section.section, typed=typed, seen=seen, by=by)
        else:
            cases.save_record(case=case, section=section.section, record="", typed=typed, seen=seen, by=by)


@staged
def ready_case(ladder: Ladder, service: Service, at: str = "clinic") -> Case:
    """A case of the person there that can be handed in."""
    case = made.open_case(ladder.persons[at], ladder.me(at), service)
    fill(case, ladder.me(at))
    made.prove(case, ladder.me(at))
    return made.fresh(case)
