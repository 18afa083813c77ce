"""The table of permissions: who, what, on the own, a sibling's and a foreign unit."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bole.kernel.actors import Actor, Way
from bole.organizations import actions, queries
from bole.organizations.models import Unit
from bole.organizations.terms import Module, Role
from tests.factories.organizations import (
    NUMBERS,
    SETUP,
    SITE,
    Cast,
    Ground,
    as_person,
    as_unit,
    give_role,
    make_unit,
)

ADMINISTRATOR = Role.COLLECTION_ADMINISTRATOR


def actors(ground: Ground, cast: Cast) -> dict[str, Actor]:
    return {
        "lin": as_person(cast.lin),
        "zhou": as_unit(cast.zhou, ground.school),
        "zhou posing for the hospital": as_unit(cast.zhou, ground.hospital),
        "sun": as_unit(cast.sun, ground.hospital),
        "chen": as_unit(cast.chen, ground.xingqing),
        "ma": as_unit(cast.ma, ground.xingqing),
        "he": as_unit(cast.he, ground.shizuishan),
        "system": SETUP,
        "nobody": Actor(way=Way.UNIT, unit=ground.school.pk),
    }


# actor → (own or covered unit: the school, a sibling: the hospital, a foreign one: a school in Dawukou)
ENABLE = {"ma": "yyn", "he": "nny", "system": "yyy"}
APPOINT = {"ma": "yyn", "he": "nny", "system": "yyy"}
DESCRIBE = {"zhou": "ynn", "sun": "nyn", "system": "yyy"}
SEE = {"zhou": "ynn", "sun": "nyn", "chen": "yyn", "ma": "yyn", "he": "nny", "system": "yyy"}


@pytest.fixture
def units(ground: Ground, cast: Cast) -> list[Unit]:
    """The three units of each row of the table; all open for collection."""
    foreign = make_unit("大武口区第一小学", "640202", ground.dawukou)
    actions.enable_collection(unit=foreign.pk, by=SETUP)
    return [queries.unit(unit.pk) for unit in (ground.school, ground.hospital, foreign)]


def row(answers: list[bool]) -> str:
    return "".join("y" if answer else "n" for answer in answers)


def expected(table: dict[str, str], names: dict[str, Actor]) -> dict[str, str]:
    return {name: table.get(name, "nnn") for name in names}


def test_the_table(ground: Ground, cast: Cast, units: list[Unit]):
    who = actors(ground, cast)
    enable = {n: row([bool(queries.may_enable_collection(a, unit)) for unit in units]) for n, a in who.items()}
    appoint = {n: row([bool(queries.may_appoint(a, unit, ADMINISTRATOR)) for unit in units]) for n, a in who.items()}
    describe = {n: row([bool(queries.may_describe_unit(a, unit)) for unit in units]) for n, a in who.items()}
    see = {n: row([queries.units_visible_to(a).filter(pk=unit.pk).exists() for unit in units]) for n, a in who.items()}
    assert enable == expected(ENABLE, who)
    assert appoint == expected(APPOINT, who)
    assert describe == expected(DESCRIBE, who)
    assert see == expected(SEE, who)


def test_every_refusal_says_why(ground: Ground, cast: Cast, units: list[Unit]):
    for actor in actors(ground, cast).values():
        for unit in units:
            for answer in (
                queries.may_enable_collection(actor, unit),
                queries.may_appoint(actor, unit, ADMINISTRATOR),
                queries.may_describe_unit(actor, unit),
            ):
                assert bool(answer) == (answer.reason == "")
                assert answer.allowed or answer.reason.endswith("。")


def test_other_roles_come_from_the_installation_only(ground: Ground, cast: Cast):
    ma = as_unit(cast.ma, ground.xingqing)
    assert queries.may_appoint(SETUP, ground.xingqing, Role.REVIEWER)
    assert not queries.may_appoint(ma, ground.xingqing, Role.REVIEWER)
    assert not queries.may_appoint(SETUP, ground.school, Role.EDITOR)
    assert not queries.may_appoint(SETUP, ground.education, Role.AUTHORIZER)


def test_an_authority_sees_its_ground_and_what_hangs_under_it(ground: Ground, cast: Cast):
    stray = make_unit("兴庆区临时机构", "640104", ground.shizuishan)  # its ground says Xingqing, its superior does not
    chen, he = as_unit(cast.chen, ground.xingqing), as_unit(cast.he, ground.shizuishan)
    assert queries.units_visible_to(chen).filter(pk=stray.pk).exists()
    assert queries.units_visible_to(he).filter(pk=stray.pk).exists()
    assert queries.units_visible_to(as_unit(cast.wu, ground.province)).count() == Unit.objects.count()


def test_a_site_sees_nothing_of_another(ground: Ground, cast: Cast):
    foreign = Unit.objects.create(
        site="guizhou", kind="unit", name="同区异站", region="640104", path="zzzz", created_at=ground.school.created_at
    )
    ma = as_unit(cast.ma, ground.xingqing)
    assert not queries.units_visible_to(ma).filter(pk=foreign.pk).exists()
    assert not queries.may_enable_collection(ma, foreign)


def test_rights_of_a_closed_unit_end(ground: Ground, cast: Cast):
    ma = as_unit(cast.ma, ground.xingqing)
    Unit.objects.filter(pk=ground.xingqing.pk).update(closed_on=ground.xingqing.created_at.date())
    assert not queries.holds(cast.ma.pk, ground.xingqing.pk, Role.AUTHORIZER)
    assert not queries.may_enable_collection(ma, ground.school)
    assert not queries.units_visible_to(ma).exists()


def test_the_unit_way(ground: Ground, cast: Cast):
    def answer() -> tuple[bool, str]:
        found = queries.may_enter_unit_way(cast.lin.pk, login=NUMBERS["林致远"], name="林致远")
        return found.allowed, found.reason

    assert answer() == (
        False,
        "您还没有单位管理权限。请先由当地人社部门开通单位的网上采集功能，并将您设置为采集管理员。",
    )
    made = actions.appoint(
        unit=ground.school.pk,
        role=ADMINISTRATOR,
        number=NUMBERS["林致远"],
        name="林致远",
        by=as_unit(cast.ma, ground.xingqing),
    )
    assert answer() == (
        False,
        "您有待接受的单位授权。请选择「个人」方式登录，接受后即可选择「单位」方式登录。",
    )
    actions.accept_appointment(appointment=made.id, by=as_person(cast.lin))
    assert answer() == (True, "")


def test_capacities_and_their_modules_in_one_query(ground: Ground, cast: Cast):
    give_role(ground.xingqing, Role.REVIEWER, cast.ma)
    give_role(ground.jinfeng, Role.REVIEWER, cast.ma)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = queries.capacities(cast.ma.pk)
    assert len(asked) == 1
    assert [(each.name, each.roles, each.site) for each in found] == [
        (ground.xingqing.name, (Role.REVIEWER, Role.AUTHORIZER), SITE),
        (ground.jinfeng.name, (Role.REVIEWER,), SITE),
    ]
    assert found[0].modules == (Module.COLLECTION_AUTHORIZATION, Module.REVIEW)


def test_holders_of_a_seat(ground: Ground, cast: Cast):
    give_role(ground.xingqing, Role.REVIEWER, cast.sun)
    assert [holder.name for holder in queries.holders(ground.xingqing.pk, Role.REVIEWER)] == ["陈国栋", "孙晓"]
    assert queries.holders(ground.jinfeng.pk, Role.REVIEWER) == ()
