"""The ground on which staff pages are tested: the school has said who it is, and the service is published."""

import pytest

from bole.organizations import actions as organizations
from bole.organizations.terms import Role
from tests.factories import cases as made
from tests.factories.organizations import as_unit, give_role, make_account
from tests.factories.people import World, make_world
from tests.web.staff.seats import Staff


def describe(world: World) -> None:
    """「单位信息」 of the school."""
    school = world.ground.school
    values = {
        "address": "银川市兴庆区解放东街1号", "leader": "周校长", "leader_phone": "13800000001", "unit_type": "20",
        "affiliation": "50", "economic_type": "110", "industry": "83", "region": "640104",
        "administrative_superior": str(world.ground.education.pk), "industry_superior": str(world.ground.education.pk),
    }  # fmt: skip
    organizations.describe_unit(
        unit=school.pk, values=values, seen=school.revision, by=as_unit(world.cast.zhou, school)
    )


def _staff() -> Staff:
    world = make_world()
    made.published()
    describe(world)
    city = make_account("丁审核", "640104199001010077")
    give_role(world.ground.yinchuan, Role.REVIEWER, city)
    return Staff(world, city)


@pytest.fixture
def staff(db: None) -> Staff:
    """Everybody at their desks."""
    return _staff()


@pytest.fixture
def live_staff(transactional_db: None) -> Staff:
    """The same, where the work of one-time codes needs transactions of its own."""
    return _staff()
