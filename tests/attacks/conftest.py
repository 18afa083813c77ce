"""The ground that attackers stand on: the world of the tests, with its clerks, desks, operators and strangers."""

from dataclasses import dataclass

import pytest
from django.test import Client

from bole.accounts.models import Account
from bole.cases.models import Case
from bole.kernel.actors import Actor
from bole.organizations.terms import Role
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit
from tests.factories.organizations import as_unit, give_role, make_account
from tests.factories.people import World, as_self, make_world


@dataclass(frozen=True)
class Stage:
    """Lin's own case and the case that the hospital filled in for Sun stand to be attacked."""

    world: World
    city: Account

    @property
    def lin(self) -> Actor:
        return as_self(self.world.lin)

    @property
    def clerk(self) -> Actor:
        return as_unit(self.world.cast.zhou, self.world.ground.school)

    @property
    def foreign_clerk(self) -> Actor:
        return as_unit(self.world.cast.sun, self.world.ground.hospital)

    @property
    def county(self) -> Actor:
        return as_unit(self.world.cast.chen, self.world.ground.xingqing)

    def browser(self, who: str) -> Client:
        """A browser of somebody who is logged in already."""
        cast, ground = self.world.cast, self.world.ground
        if who in ("lin", "sun"):
            return as_person(getattr(self.world, who))
        account, unit = {
            "clerk": (cast.zhou, ground.school),
            "foreign clerk": (cast.sun, ground.hospital),
            "county": (cast.chen, ground.xingqing),
            "region": (cast.wu, ground.province),
            "operator": (cast.ma, ground.xingqing),
        }[who]
        return at_unit(account, unit)

    def by_unit(self) -> Case:
        """A complete case that the school's clerk filled in for Lin."""
        return made.complete_case(self.world.lin, self.clerk)


def _stage() -> Stage:
    world = make_world()
    made.published()
    city = make_account("丁审核", "640104199001010077")
    give_role(world.ground.yinchuan, Role.REVIEWER, city)
    return Stage(world, city)


@pytest.fixture
def stage(db: None) -> Stage:
    """Everybody at their desks."""
    return _stage()


@pytest.fixture
def live_stage(transactional_db: None) -> Stage:
    """The same with real transactions, which one-time codes and limits need."""
    return _stage()
