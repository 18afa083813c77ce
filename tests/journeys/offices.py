"""Offices of a site for its account affairs: authorities, a department, units, and who keeps accounts in each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from bole.bindings import actions as bindings
from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.definitions import actions as publishing
from bole.definitions import queries as definitions
from bole.definitions.terms import SectionKind, Service, SubjectKind
from bole.kernel.actors import Actor, Way
from bole.organizations import actions as organizations
from bole.organizations import queries
from bole.organizations.models import Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from bole.people.models import Person
from bole.project.demo_data.numbers import credit_code, identity_number
from bole.review import actions as review
from bole.standards import queries as standards
from tests.factories import cases as made
from tests.factories.organizations import PASSWORD, SETUP
from tests.factories.people import obtain_code

_BORN = date(1975, 3, 1)
_serials = count(1)


def fresh_code(region: str, category: str = "12") -> str:
    """A credit code that no unit has."""
    return credit_code(category, region, 20000 + next(_serials))


def fresh_number() -> str:
    """An identity number that nobody has."""
    serial = next(_serials)
    return identity_number("410900", _BORN + timedelta(days=serial), 2, man=False)


def fresh_phone() -> str:
    """A phone that nobody has."""
    return f"1990002{next(_serials):04d}"


@dataclass
class Offices:
    """The units of a site by name; in each an administrator and an operator who reviews accounts."""

    site: str
    units: dict[str, Unit] = field(default_factory=dict)
    keepers: dict[object, Actor] = field(default_factory=dict)
    administrators: dict[object, Actor] = field(default_factory=dict)

    def at(self, name: str) -> Unit:
        """A unit as it is in the database now."""
        return queries.unit(self.units[name].pk)

    def keeper(self, unit: object) -> Actor:
        """An operator who reviews accounts at the unit."""
        return self.keepers[unit]

    def administrator(self, name: str) -> Actor:
        """The administrator of a unit, proved afresh."""
        return self.administrators[self.units[name].pk]

    def person(self, unit: str | None, name: str = "申请人") -> Person:
        """Somebody with an account, of a unit or of none."""
        return people.install_person(
            site=self.site, kind="resident", number=fresh_number(), name=name, phone=fresh_phone(), password=PASSWORD,
            ethnic_group="01", unit=self.units[unit].pk if unit else None, by=SETUP,
        )  # fmt: skip

    def registration(self, person: Person, above: str, code: str) -> Case:
        """A registration of an employer with this code under a unit, handed in."""
        service, by = definitions.service(self.site, "unit-registration-employer"), as_self(person)
        case = bindings.open_case(service=service, person=person, unit=self.at(above), by=by)
        fill(case, {**own_answers(self, service), ("organization", "credit_code"): code}, by)
        made.prove(case, by)
        case = made.fresh(case)
        review.submit_case(case=case, seen=case.revision, by=by)
        return made.fresh(case)


def make_offices(site: str) -> Offices:
    """Province, city, county; a department with a unit, another unit at the county, and one under nobody."""
    publishing.publish_catalogue(by=SETUP)
    offices, superior = Offices(site), None
    for level, region in _regions(queries.site(site).region):
        superior = open_office(offices, level, region, superior, UnitKind.AUTHORITY, f"{level}人社部门")
    assert superior is not None
    county = superior.region
    department = open_office(offices, "department", county, superior, UnitKind.DEPARTMENT, "教育主管部门")
    open_office(offices, "first", county, department, UnitKind.UNIT, "第一中学")
    open_office(offices, "second", county, superior, UnitKind.UNIT, "第二医院")
    open_office(offices, "loose", county, None, UnitKind.UNIT, "无上级单位")
    return offices


def _regions(top: str) -> list[tuple[str, str]]:
    found = [(str(standards.region(top).level), top)]
    while standards.regions_under(top):
        top = standards.regions_under(top)[0].code
        found.append((str(standards.region(top).level), top))
    return found


def open_office(offices: Offices, key: str, region: str, parent: Unit | None, kind: UnitKind, name: str) -> Unit:
    """A unit with its administrator and its operator."""
    unit = organizations.create_unit(
        site=offices.site, kind=kind, name=name, region=region, parent=parent.pk if parent else None,
        credit_code=fresh_code(region, "11" if kind is UnitKind.AUTHORITY else "12"), by=SETUP,
    )  # fmt: skip
    offices.units[key] = unit
    for place in range(2):
        holder = offices.person(None, f"办理人{'甲乙'[place]}")
        role = Role.ADMINISTRATOR if place == 0 else Role.REGISTRAR
        assert holder.account_id is not None
        organizations.install_holder(unit=unit.pk, role=role, account=holder.account_id, by=SETUP)
        way = Way.ADMINISTRATOR if place == 0 else Way.UNIT
        actor = Actor(way, holder.account_id, holder.name, holder.pk, unit.pk, offices.site)
        if place == 0:
            offices.administrators[unit.pk] = actor
        else:
            offices.keepers[unit.pk] = actor
    return unit


def as_self(person: Person) -> Actor:
    """The person as such."""
    return Actor(Way.PERSON, person.account_id, person.name, person.pk, site=person.site)


@dataclass
class Affair:
    """A case of an account affair, with whoever asks for it and what is typed where samples would not do."""

    offices: Offices
    service: Service
    by: Actor
    person: Person | None
    unit: Unit
    case: Case

    def again(self) -> Case:
        """The same asked for once more."""
        return bindings.open_case(service=self.service, person=self.person, unit=self.unit, by=self.by)


def own_answers(offices: Offices, service: Service) -> Mapping[tuple[str, str], Any]:
    """What the samples of the field types cannot know."""
    county = offices.units["county"].region
    sister = standards.regions_under(offices.units["city"].region)[1].code
    target = "second" if service.subject is SubjectKind.PERSON else "county"
    region = sister if service.service == "unit-registration-authority" else county
    return {
        ("target", "unit"): str(offices.units[target].pk),
        ("target", "effective_on"): "",
        ("organization", "credit_code"): fresh_code(county),
        ("organization", "region"): region,
        ("organization", "name"): f"新注册单位{next(_serials)}",
        ("change", "credit_code"): fresh_code(county),
    }


def asker(offices: Offices, service: Service) -> tuple[Person | None, Unit, Actor]:
    """Who asks: the administrator of the first unit, its registrar for one of its people, or a person."""
    first = offices.at("first")
    if service.subject is SubjectKind.UNIT:
        return None, first, offices.administrator("first")
    if "unit" in service.opened_by:
        return offices.person("first", "调转人员"), first, offices.keeper(first.pk)
    if service.unit == "chosen":
        kinds = {kind.value for kind in service.chosen_kinds}
        names = ("city", "department", "first") if service.service == "unit-registration-authority" else (
            "first", "department", "county"
        )  # fmt: skip
        chosen = next(offices.at(name) for name in names if offices.units[name].kind in kinds)
        person = offices.person(None)
        return person, chosen, as_self(person)
    person = offices.person("first")
    return person, first, as_self(person)


def register_to_wait(offices: Offices, unit: Unit) -> Case:
    """Somebody registers on a site where the unit passes registrations; the case that waits for it."""
    number, phone = fresh_number(), fresh_phone()
    bindings.register_for_approval(
        site=offices.site, kind="resident", number=number, name="新注册人员", phone=phone, code=obtain_code(phone),
        password=PASSWORD, ethnic_group="01", unit=unit.pk, email="a@example.org", by=Actor(Way.PERSON),
    )  # fmt: skip
    case: Case = Case.objects.select_related("person", "unit").latest("opened_at")
    return case


def ask(offices: Offices, code: str) -> Affair:
    """An affair filled in and ready to be handed in; a registration that waits is handed in already."""
    service = definitions.service(offices.site, code)
    if code == bindings.PERSON_REGISTRATION:
        case = register_to_wait(offices, offices.at("first"))
        assert case.person is not None
        return Affair(offices, service, as_self(case.person), case.person, case.unit, case)
    person, unit, by = asker(offices, service)
    case = bindings.open_case(service=service, person=person, unit=unit, by=by)
    fill(case, own_answers(offices, service), by)
    made.prove(case, by)
    return Affair(offices, service, by, person, unit, made.fresh(case))


def fill(case: Case, own: Mapping[tuple[str, str], Any], by: Actor) -> None:
    """Type samples into every section, and what the samples cannot know."""
    service = case_queries.service_of(case)
    for section in service.sections:
        if section.kind is not SectionKind.FIELDS or all(each.fixed for each in section.fields):
            continue
        record = made.sample_record(section)
        record |= {name: value for (code, name), value in own.items() if code == section.section and name in record}
        seen = case_queries.form_of(case, service).sections[section.section].version
        if section.many is None:
            cases.save_section(case=case, section=section.section, typed=record, seen=seen, by=by)
        else:
            cases.save_record(case=case, section=section.section, record="", typed=record, seen=seen, by=by)
