"""Roles granted: plain and bundled, for a range of business and for days; several at once; taken away at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bole.accounts.models import Account
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, BoleError, Invalid, Moved, Refused
from bole.organizations import actions, queries
from bole.organizations.models import Appointment, BusinessRole
from bole.organizations.terms import Role
from tests.factories.organizations import (
    SETUP,
    Ground,
    as_person,
    as_unit,
    give_role,
    make_account,
    make_administrator,
    resident_number,
)

CLERK = {"number": resident_number(5), "name": "李经办"}


@pytest.fixture
def head(ground: Ground) -> Actor:
    return make_administrator(ground.school, "赵管理", 1)


@pytest.fixture
def clerk(ground: Ground) -> Account:
    return make_account(CLERK["name"], CLERK["number"])


def bundle(ground: Ground, name: str = "职称子系统-审核", *functions: Role, **more: object) -> BusinessRole:
    """A business role of the province."""
    keeper = more.pop("keeper", ground.province)
    return actions.keep_role(
        unit=keeper.pk, name=name, functions=functions or (Role.REVIEWER, Role.REGISTRAR), by=SETUP, **more
    )


def employ(ground: Ground, head: Actor, clerk: Account, **what: object) -> Appointment:
    """Offered by the school's administrator and accepted."""
    offer = actions.offer_role(unit=ground.school.pk, **CLERK, by=head, **what)
    return actions.accept_appointment(appointment=offer.id, by=as_person(clerk))


def test_an_operator_holds_several_roles_with_one_account(ground: Ground, head: Actor, clerk: Account):
    employ(ground, head, clerk, role=Role.EXPERT)
    role = bundle(ground)
    made = actions.grant(unit=ground.school.pk, business_role=role.pk, account=clerk.pk, by=head)
    assert made.title == "职称子系统-审核"
    (capacity,) = queries.capacities(clerk.pk)
    assert capacity.roles == (Role.REVIEWER, Role.REGISTRAR, Role.EXPERT)
    assert queries.sits(as_unit(clerk, ground.school), ground.school.pk, Role.REVIEWER)
    (member,) = [each for each in queries.staff_of(ground.school.pk) if each.account == clerk.pk]
    assert [(held.title, held.state) for held in member.roles] == [
        ("评审专家", "已生效"),
        ("职称子系统-审核", "已生效"),
    ]


def test_days_begin_and_end_a_role_by_themselves(ground: Ground, head: Actor, clerk: Account):
    today = clock.today()
    first, last = today + timedelta(days=2), today + timedelta(days=4)
    employ(ground, head, clerk, role=Role.REVIEWER, since_on=first, until_on=last)

    def held(days: int) -> bool:
        with clock.travel(clock.now() + timedelta(days=days)):
            return queries.holds(clerk.pk, ground.school.pk, Role.REVIEWER)

    assert [held(days) for days in range(6)] == [False, False, True, True, True, False]
    with clock.travel(clock.now() + timedelta(days=6)):  # over: it can be given again, nobody had to end it
        assert employ(ground, head, clerk, role=Role.REVIEWER).accepted_at
        assert queries.holds(clerk.pk, ground.school.pk, Role.REVIEWER)


def test_a_range_of_business_limits_a_role(ground: Ground, head: Actor, clerk: Account):
    role = bundle(ground, services=["title-review", "talent"])
    employ(ground, head, clerk, business_role=role.pk, services=["title-review", "training"])
    asked = {
        name: queries.holds(clerk.pk, ground.school.pk, Role.REVIEWER, name) for name in ("title-review", "talent")
    }
    assert asked == {"title-review": True, "talent": False}


def test_a_revoked_role_ends_at_the_next_request(ground: Ground, head: Actor, clerk: Account):
    held = employ(ground, head, clerk, role=Role.REVIEWER)
    by = as_unit(clerk, ground.school)
    assert queries.sits(by, ground.school.pk, Role.REVIEWER)
    actions.end_appointment(appointment=held.pk, reason="调岗", by=head)
    assert not queries.sits(by, ground.school.pk, Role.REVIEWER)
    assert queries.capacities(clerk.pk) == ()


def test_a_change_of_a_business_role_reaches_all_who_hold_it_at_once(ground: Ground, head: Actor, clerk: Account):
    role = bundle(ground)
    employ(ground, head, clerk, business_role=role.pk)

    def modules() -> list[bool]:
        return [queries.holds(clerk.pk, ground.school.pk, each) for each in (Role.REVIEWER, Role.REGISTRAR)]

    assert modules() == [True, True]
    keep = {"unit": ground.province.pk, "role": role.pk, "name": role.name, "by": SETUP}
    changed = actions.keep_role(**keep, functions=[Role.REGISTRAR], seen=1)
    assert (modules(), changed.revision) == ([False, True], 2)
    assert actions.keep_role(**keep, functions=[Role.REGISTRAR], seen=1).revision == 2  # the same twice is once
    with pytest.raises(Moved, match="刚刚由其他人修改"):
        actions.keep_role(**keep, functions=[Role.REVIEWER], seen=1)
    actions.disable_role(role=role.pk, by=SETUP)
    assert (modules(), queries.capacities(clerk.pk)) == ([False, False], ())
    assert [each.state for each in queries.staff_member(ground.school.pk, clerk.pk).roles] == ["角色已停用"]
    actions.enable_role(role=role.pk, by=SETUP)
    assert modules() == [False, True]


def test_a_bundle_opens_only_what_fits_the_kind_of_unit(ground: Ground, head: Actor, clerk: Account):
    """An authority's module in a province-wide role gives a school no authority's power."""
    role = bundle(ground, "综合", Role.REVIEWER, Role.AUTHORIZER, Role.EDITOR)
    employ(ground, head, clerk, business_role=role.pk)
    by = as_unit(clerk, ground.school)
    assert not queries.may_authorize(by)
    assert queries.capacities(clerk.pk)[0].roles == (Role.REVIEWER,)


def test_local_roles_stay_below_their_keeper(ground: Ground, head: Actor, clerk: Account):
    local = bundle(ground, "专技科-初审", keeper=ground.xingqing)
    foreign = bundle(ground, "专技科-初审", keeper=ground.shizuishan)
    offered = {card.name: card for card in queries.roles_for(ground.school.pk)}
    assert set(offered) == {"专技科-初审"}
    assert offered["专技科-初审"].id == local.pk
    assert employ(ground, head, clerk, business_role=local.pk).accepted_at
    with pytest.raises(Refused, match="不供该单位使用"):
        actions.offer_role(unit=ground.school.pk, business_role=foreign.pk, **CLERK, by=head)


def test_nobody_grants_himself_anything(ground: Ground, head: Actor):
    own = {"number": resident_number(1), "name": "赵管理"}
    for act in (
        lambda: actions.offer_role(unit=ground.school.pk, role=Role.REVIEWER, **own, by=head),
        lambda: actions.grant(unit=ground.school.pk, role=Role.REVIEWER, account=head.who, by=head),
    ):
        with pytest.raises(Refused, match=r"不能把自己设置为「审核员」。请由本单位其他管理员或副管理员办理"):
            act()
    deputy = make_administrator(ground.school, "副手", 3, Role.DEPUTY)
    assert actions.grant(unit=ground.school.pk, role=Role.REVIEWER, account=head.who, by=deputy)


BAD: list[tuple[Callable[[Ground, BusinessRole], dict[str, object]], type[BoleError], str]] = [
    (lambda ground, role: {}, Invalid, "请选择要授予的角色"),
    (lambda ground, role: {"role": Role.REVIEWER, "business_role": role.pk}, Invalid, "请选择要授予的角色"),
    (lambda ground, role: {"business_role": ground.school.pk}, Absent, "没有找到这个业务角色"),
    (lambda ground, role: {"role": Role.AUTHORIZER}, Refused, "单位不能设置「经办员」"),
    (lambda ground, role: {"role": Role.COLLECTION_ADMINISTRATOR}, Refused, "还没有开通网上采集功能"),
    (lambda ground, role: {"business_role": role.pk}, Refused, "已停用，请选择其他角色"),
    (lambda ground, role: {"role": Role.REVIEWER, "services": ["职称"]}, Invalid, "业务范围不在选项中"),
    (lambda ground, role: {"role": Role.REVIEWER, "until_on": clock.today() - timedelta(days=1)}, Invalid, "已经过去"),
    (
        lambda ground, role: {
            "role": Role.REVIEWER,
            "since_on": clock.today() + timedelta(days=9),
            "until_on": clock.today(),
        },
        Invalid,
        "截止日期不能早于起始日期",
    ),
    (lambda ground, role: {"role": Role.REVIEWER, "number": "123"}, Invalid, "身份证号"),
    (lambda ground, role: {"role": Role.REVIEWER, "name": " "}, Invalid, "请填写与证件一致的姓名"),
    (lambda ground, role: {"role": Role.ADMINISTRATOR}, Refused, "由单位账号办理"),
]


@pytest.mark.parametrize("case", range(len(BAD)))
def test_bad_offers_are_refused_with_a_sentence(ground: Ground, head: Actor, case: int):
    what, kind, said = BAD[case]
    role = actions.disable_role(role=bundle(ground, "旧角色").pk, by=SETUP)
    before = Appointment.objects.count()
    with pytest.raises(kind, match=said):
        actions.offer_role(**{"unit": ground.school.pk, **CLERK, **what(ground, role), "by": head})
    assert Appointment.objects.count() == before


def test_who_holds_it_is_not_offered_it_again(ground: Ground, head: Actor, clerk: Account):
    employ(ground, head, clerk, role=Role.REVIEWER)
    for act in (
        lambda: actions.offer_role(unit=ground.school.pk, role=Role.REVIEWER, **CLERK, by=head),
        lambda: actions.grant(unit=ground.school.pk, role=Role.REVIEWER, account=clerk.pk, by=head),
    ):
        with pytest.raises(Refused, match="已经是兴庆区第一中学的审核员"):
            act()


def test_a_grant_without_acceptance_needs_somebody_of_the_unit(ground: Ground, head: Actor, clerk: Account):
    give_role(ground.hospital, Role.REVIEWER, clerk)
    with pytest.raises(Absent, match="不是本单位的经办人员"):
        actions.grant(unit=ground.school.pk, role=Role.REVIEWER, account=clerk.pk, by=head)


def test_changed_terms_replace_an_offer_that_waits(ground: Ground, head: Actor, clerk: Account):
    offer = {"unit": ground.school.pk, "role": Role.REVIEWER, **CLERK, "by": head}
    first = actions.offer_role(**offer)
    assert actions.offer_role(**offer) == first
    second = actions.offer_role(**offer, services=["title-review"])
    assert second.id != first.id
    with pytest.raises(Absent, match="已经撤回"):
        actions.accept_appointment(appointment=first.id, by=as_person(clerk))
    actions.accept_appointment(appointment=second.id, by=as_person(clerk))


def test_an_offer_of_a_role_that_was_disabled_is_not_accepted(ground: Ground, head: Actor, clerk: Account):
    role = bundle(ground)
    offer = actions.offer_role(unit=ground.school.pk, business_role=role.pk, **CLERK, by=head)
    actions.disable_role(role=role.pk, by=SETUP)
    with pytest.raises(Refused, match="已停用，不能再接受"):
        actions.accept_appointment(appointment=offer.id, by=as_person(clerk))


KEPT: list[tuple[dict[str, object], str, str]] = [
    ({"name": "审"}, "name", "角色名称应为 2 到 40 个字"),
    ({"name": "职称子系统-审核"}, "name", "已有同名的业务角色"),
    ({"functions": []}, "functions", "请至少选择一项可办模块"),
    ({"functions": [Role.REVIEWER, Role.ADMINISTRATOR]}, "functions", "不能包含单位管理员"),
    ({"note": "长" * 201}, "note", "说明最多 200 个字，现在有 201 个字"),
    ({"services": ["a b"]}, "services", "业务范围不在选项中"),
]


@pytest.mark.parametrize(("change", "place", "said"), KEPT)
def test_a_faulty_business_role_is_refused_at_the_place(
    ground: Ground, change: dict[str, object], place: str, said: str
):
    bundle(ground)
    good = {"unit": ground.province.pk, "name": "继续教育-审验", "functions": [Role.REVIEWER], "by": SETUP}
    with pytest.raises(Invalid, match=said) as caught:
        actions.keep_role(**{**good, **change})
    assert [fault.at for fault in caught.value.faults] == [place]
    assert actions.keep_role(**good)


def test_a_role_is_changed_by_its_keeper_only(ground: Ground):
    role = bundle(ground)
    county = make_administrator(ground.xingqing, "区管理", 2)
    with pytest.raises(Absent, match="不由本单位维护"):
        actions.keep_role(unit=ground.xingqing.pk, role=role.pk, name="改", functions=[Role.EDITOR], by=county)
    with pytest.raises(Refused):
        actions.disable_role(role=role.pk, by=county)


def test_roles_and_their_users_in_few_queries(
    ground: Ground, head: Actor, clerk: Account, django_assert_num_queries: Callable[[int], object]
):
    role = bundle(ground)
    bundle(ground, "专技科-初审", keeper=ground.xingqing)
    employ(ground, head, clerk, business_role=role.pk)
    actions.grant(unit=ground.school.pk, role=Role.EXPERT, account=clerk.pk, by=head)
    with django_assert_num_queries(2):
        cards = queries.roles_for(ground.school.pk)
    assert [(card.name, card.province, card.own, card.users) for card in cards] == [
        ("职称子系统-审核", True, False, 1),
        ("专技科-初审", False, False, 0),
    ]
    with django_assert_num_queries(4):
        users = queries.role_users(role.pk, by=head)
    assert users.total == 1
    assert [(user.name, user.unit_name, user.others, user.live) for user in users.rows] == [
        ("李经办", "兴庆区第一中学", ("评审专家",), True)
    ]
    stranger = make_administrator(ground.hospital, "院管理", 4)
    assert queries.role_users(role.pk, by=stranger).total == 0
    with django_assert_num_queries(1):
        staff = queries.staff_of(ground.school.pk)
    assert [member.name for member in staff] == ["赵管理", "李经办"]
