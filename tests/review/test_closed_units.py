"""A unit that is closed while cases lie there: the administrators above hear what is left, and of nothing else."""

import pytest
from django.test import TestCase

from bole.kernel.actors import Actor
from bole.notices import queries as inbox
from bole.organizations import actions as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from tests.factories import cases as made
from tests.factories.organizations import SETUP, SPARE_NUMBERS, give_role, make_administrator, make_unit
from tests.factories.people import World, as_self, register


@pytest.fixture
def head(world: World) -> Actor:
    """The administrator of the school's superior."""
    superior = world.ground.school.parent
    assert superior is not None
    return make_administrator(superior, "上级管理", 2)


def told(by: Actor) -> list[tuple[str, str]]:
    return [(each.title, each.body) for each in inbox.inbox(by.who) if "已停用" in each.title]


def close(unit: Unit, by: Actor) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        organizations.close_unit(unit=unit.pk, reason="撤并", by=by)


def test_the_administrators_above_hear_what_lies_there_and_what_its_people_have_under_way(world: World, head: Actor):
    made.published()
    made.submitted_case(world.lin, as_self(world.lin))
    close(world.ground.school, head)

    [(title, body)] = told(head)
    assert title == "兴庆区第一中学已停用，还有没有办结的申报"
    assert "还有 1 件申报停在该单位的环节" in body
    assert "该单位还有 1 件没有办结的申报" in body


def test_where_nothing_is_left_nobody_is_told(world: World, head: Actor):
    close(world.ground.school, head)
    assert told(head) == []


def test_of_a_unit_under_nobody_the_authority_of_its_ground_hears(world: World):
    alone = make_unit("独立研究所", "640104")
    person = register("郑独立", number=SPARE_NUMBERS[3], unit=alone)
    made.published()
    made.open_case(person, as_self(person))
    county = make_administrator(world.ground.xingqing, "区管理", 2)
    close(alone, SETUP)

    [(title, body)] = told(county)
    assert title.startswith("独立研究所已停用")
    assert "停在该单位的环节" not in body
    assert "还有 1 件没有办结" in body


def test_who_administers_above_and_belongs_to_it_hears_of_both(world: World):
    school, account = world.ground.school, world.lin.account
    assert school.parent is not None
    assert account is not None
    give_role(school.parent, Role.ADMINISTRATOR, account)
    made.published()
    made.submitted_case(world.lin, as_self(world.lin))
    close(school, SETUP)

    titles = {each.title for each in inbox.inbox(account.pk) if "已停用" in each.title}
    assert titles == {"兴庆区第一中学已停用，还有没有办结的申报", "您所在的兴庆区第一中学已停用"}
