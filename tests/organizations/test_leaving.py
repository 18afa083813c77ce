"""「清理离职、离岗人员账号」: everything at once, each by itself, and never the administrator."""

from uuid import uuid4

import pytest

from bole.accounts.models import Account
from bole.audit import queries as ledger
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid, Refused
from bole.organizations import actions, queries
from bole.organizations.models import Appointment
from bole.organizations.terms import Role
from tests.factories.organizations import (
    SETUP,
    Ground,
    as_unit,
    as_unit_account,
    give_role,
    make_account,
    make_administrator,
    resident_number,
)


@pytest.fixture
def head(ground: Ground) -> Actor:
    return make_administrator(ground.school, "赵管理", 1)


@pytest.fixture
def clerk(ground: Ground) -> Account:
    """Two roles in the school, one in the hospital, and an offer that waits."""
    account = make_account("李经办", resident_number(5))
    give_role(ground.school, Role.REVIEWER, account)
    give_role(ground.school, Role.EXPERT, account)
    give_role(ground.hospital, Role.REVIEWER, account)
    return account


def test_all_of_a_leaver_ends_at_once_here_and_only_here(ground: Ground, head: Actor, clerk: Account):
    actions.offer_role(unit=ground.school.pk, role=Role.REGISTRAR, number=resident_number(5), name="李经办", by=head)
    by = as_unit(clerk, ground.school)
    assert queries.sits(by, ground.school.pk, Role.REVIEWER)
    assert actions.end_all(account=clerk.pk, unit=ground.school.pk, reason="离职", by=head) == 3
    assert actions.end_all(account=clerk.pk, unit=ground.school.pk, reason="离职", by=head) == 0
    assert not queries.sits(by, ground.school.pk, Role.REVIEWER)
    assert [capacity.unit for capacity in queries.capacities(clerk.pk)] == [ground.hospital.pk]
    assert not Appointment.objects.waiting().filter(unit=ground.school).exists()
    ended = Appointment.objects.filter(unit=ground.school, account=clerk)  # on record, with who and why
    assert {(row.end_reason, row.ended_by) for row in ended} == {("离职", head.account)}
    written = ledger.about("account", str(clerk.pk)).get(action="organizations.staff.cleared")
    assert written.detail == {"ended": 3}


def test_many_each_with_what_became_of_it(ground: Ground, head: Actor, clerk: Account):
    stranger, unknown = make_account("路人", resident_number(6)), uuid4()
    rows = actions.clean_up(
        unit=ground.school.pk, accounts=[clerk.pk, head.who, stranger.pk, unknown, clerk.pk], reason="离岗", by=head
    )
    assert [(row.name, row.ok, row.say) for row in rows] == [
        ("李经办", True, "已解除 2 项授权。"),
        ("赵管理", False, "不能清理自己的账号。请由其他管理员办理，或先移交管理员。"),
        ("", False, "该人员不是本单位的人员，未作处理。"),
        ("", False, "该人员不是本单位的人员，未作处理。"),
    ]


def test_the_administrator_is_not_cleared_by_a_deputy(ground: Ground, head: Actor):
    deputy = make_administrator(ground.school, "副手", 3, Role.DEPUTY)
    with pytest.raises(Refused, match="赵管理是单位管理员，请先移交管理员，或由上级单位移除"):
        actions.end_all(account=head.who, unit=ground.school.pk, reason="离职", by=deputy)
    assert actions.end_all(account=deputy.who, unit=ground.school.pk, reason="离职", by=head) == 1


def test_a_limited_administrator_clears_his_own_range_only(ground: Ground, clerk: Account):
    limited = make_account("专管", resident_number(8))
    actions.install_holder(
        unit=ground.xingqing.pk, role=Role.ADMINISTRATOR, account=limited.pk, services=("talent",), by=SETUP
    )
    give_role(ground.xingqing, Role.REVIEWER, clerk)
    from tests.factories.organizations import as_administrator

    with pytest.raises(Refused, match=r"李经办的「审核员」您不能解除：您只管理部分业务范围"):
        actions.end_all(
            account=clerk.pk, unit=ground.xingqing.pk, reason="离职", by=as_administrator(limited, ground.xingqing)
        )
    assert queries.holds(clerk.pk, ground.xingqing.pk, Role.REVIEWER)


def test_the_platform_ends_all_for_a_transfer(ground: Ground, head: Actor):
    assert actions.end_all(account=head.who, unit=ground.school.pk, reason="调出", by=SETUP) == 1


def test_what_is_missing_is_said(ground: Ground, head: Actor, clerk: Account):
    with pytest.raises(Invalid, match="请填写清理原因"):
        actions.end_all(account=clerk.pk, unit=ground.school.pk, reason=" ", by=head)
    with pytest.raises(Invalid, match="请先勾选"):
        actions.clean_up(unit=ground.school.pk, accounts=[], reason="离职", by=head)
    with pytest.raises(Invalid, match="一次最多清理 200 人"):
        actions.clean_up(unit=ground.school.pk, accounts=[uuid4() for _ in range(201)], reason="离职", by=head)
    with pytest.raises(Refused):
        actions.clean_up(unit=ground.school.pk, accounts=[clerk.pk], reason="离职", by=as_unit_account(ground.school))
    assert queries.holds(clerk.pk, ground.school.pk, Role.REVIEWER)
