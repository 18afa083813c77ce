"""Account affairs for tests: people who ask to join the school, the school that asks to change what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bole.accounts.models import Account
from bole.cases import actions as cases
from bole.cases.models import Case
from bole.definitions.terms import Service
from bole.kernel.actors import Actor
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.people.models import Person
from bole.review import actions as review
from tests.factories import cases as made
from tests.factories.administration import manage
from tests.factories.organizations import SPARE_NUMBERS, as_unit, give_role, make_account
from tests.factories.people import World, as_self, register


@dataclass(frozen=True)
class Affairs:
    """The services, and who decides: the school's administrator, registrars of school, department and county."""

    world: World
    services: Mapping[str, Service]
    head: Account
    registrar: Account
    above: Account
    county: Account

    @property
    def school(self) -> Unit:
        return self.world.ground.school

    @property
    def administrator(self) -> Actor:
        return manage(self.head, self.school)

    @property
    def at_school(self) -> Actor:
        return as_unit(self.registrar, self.school)

    @property
    def at_department(self) -> Actor:
        return as_unit(self.above, self.world.ground.education)

    @property
    def at_county(self) -> Actor:
        return as_unit(self.county, self.world.ground.xingqing)

    def join(self, person: Person, unit: Unit | None = None) -> Case:
        """The person asks the unit to take them."""
        case = cases.open_case(
            service=self.services["joining"], person=person, unit=unit or self.school, prefill={}, by=as_self(person)
        )
        return self.sent(case, as_self(person), "asking", {"note": "请审核"})

    def change(self, address: str = "解放东街2号") -> Case:
        """The school asks to change its address."""
        case = cases.open_case(
            service=self.services["unit-facts"], person=None, unit=self.school, prefill={}, by=self.at_school
        )
        typed = {"name": self.school.name, "address": address, "reason": "迁址"}
        return self.sent(case, self.at_school, "facts", typed)

    def send(self, person: Person, to: str) -> Case:
        """The school sends its person to the unit of this id."""
        case = cases.open_case(
            service=self.services["sending"], person=person, unit=self.school, prefill={}, by=self.at_school
        )
        return self.sent(case, self.at_school, "target", {"unit": to})

    def sent(self, case: Case, by: Actor, section: str, typed: dict[str, Any]) -> Case:
        """The case with its one section filled and handed in."""
        version = case.answers.filter(section=section).values_list("version", flat=True).first() or 0
        cases.save_section(case=case, section=section, typed=typed, seen=version, by=by)
        case = made.fresh(case)
        review.submit_case(case=case, seen=case.revision, by=by)
        return made.fresh(case)


def make_affairs(world: World, services: Mapping[str, Service]) -> Affairs:
    """Everybody at their desks."""
    ground = world.ground
    head = make_account("校管理员", SPARE_NUMBERS[0])
    registrar = make_account("校账户审核", SPARE_NUMBERS[1])
    above = make_account("教育局账户审核", SPARE_NUMBERS[2])
    county = make_account("区账户审核", SPARE_NUMBERS[3])
    give_role(ground.school, Role.ADMINISTRATOR, head)
    give_role(ground.school, Role.REGISTRAR, registrar)
    give_role(ground.education, Role.REGISTRAR, above)
    give_role(ground.xingqing, Role.REGISTRAR, county)
    return Affairs(world, services, head, registrar, above, county)


NUMBERS = ("640104198001010013", "640104198001010021", "64010419800101003X")


def applicants() -> list[Person]:
    """Three people without a unit."""
    return [register(f"申请人{sign}", number=number) for sign, number in zip("甲乙丙", NUMBERS, strict=True)]
