"""AC-28: who was taken away from above, or stands in for somebody, finds no way to administer all the same."""

import pytest

from bole.accounts.models import Account
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Refused
from bole.organizations import actions, queries
from bole.organizations.models import Appointment
from bole.organizations.terms import OFFER_LASTS, Role
from bole.people.queries import belongs_to
from tests.factories import cases as made
from tests.factories.organizations import (
    SETUP,
    Ground,
    as_administrator,
    as_person,
    as_unit_account,
    give_role,
    make_account,
    make_administrator,
    make_ground,
    resident_number,
)
from tests.journeys.offices import ask, make_offices
from tests.journeys.test_affairs import handed_in

pytestmark = pytest.mark.django_db
HEAD = {"name": "赵管理", "number": resident_number(1)}
FRIEND = {"name": "钱同伙", "number": resident_number(7)}


@pytest.fixture
def ground() -> Ground:
    return make_ground()


@pytest.fixture
def head(ground: Ground) -> Actor:
    """The school's administrator, who holds its unit account as well."""
    actions.open_unit_account(unit=ground.school.pk, holder_name="赵管理", phone="13700000001", by=SETUP)
    return make_administrator(ground.school, "赵管理", 1)


@pytest.fixture
def above(ground: Ground) -> Actor:
    return make_administrator(ground.xingqing, "区管理", 2)


@pytest.fixture
def friend() -> Account:
    return make_account(FRIEND["name"], FRIEND["number"], phone="13700000077")


def administering(ground: Ground) -> set[str]:
    live = Appointment.objects.live().filter(unit=ground.school, role__in=("administrator", "deputy"))
    return {row.invitee_name for row in live}


def accepted(offer: Appointment, account: object) -> bool:
    try:
        actions.accept_appointment(appointment=offer.pk, by=as_person(Account.objects.get(pk=account)))
    except (Absent, Refused):
        return False
    return True


def test_a_removed_administrator_is_no_deputy_and_accepts_no_offer_made_to_himself(
    ground: Ground, head: Actor, above: Actor
):
    own_account = as_unit_account(ground.school)
    actions.offer_role(unit=ground.school.pk, role=Role.DEPUTY, **HEAD, by=own_account)
    waiting = Appointment.objects.get(role="deputy", unit=ground.school)
    actions.remove_administrator(unit=ground.school.pk, reason="违规", by=above)
    assert not accepted(waiting, head.account)
    assert administering(ground) == set()


def test_a_deputy_s_role_of_the_removed_administrator_goes_as_well(ground: Ground, head: Actor, above: Actor):
    give_role(ground.school, Role.DEPUTY, Account.objects.get(pk=head.account))
    actions.remove_administrator(unit=ground.school.pk, reason="违规", by=above)
    assert administering(ground) == set()
    with pytest.raises(Refused):
        actions.offer_role(unit=ground.school.pk, role=Role.REGISTRAR, **FRIEND, by=head)


@pytest.mark.parametrize("by_account", [True, False])
def test_friends_invited_by_the_removed_administrator_come_too_late(
    ground: Ground, head: Actor, above: Actor, friend: Account, by_account: bool
):
    by = as_unit_account(ground.school) if by_account else head
    actions.offer_role(unit=ground.school.pk, role=Role.DEPUTY, **FRIEND, by=by)
    waiting = Appointment.objects.get(role="deputy", unit=ground.school)
    actions.remove_administrator(unit=ground.school.pk, reason="违规", by=above)
    assert not accepted(waiting, friend.pk)
    assert administering(ground) == set()


def test_who_was_replaced_in_an_emergency_keeps_nothing_either(
    ground: Ground, head: Actor, above: Actor, friend: Account
):
    give_role(ground.school, Role.DEPUTY, Account.objects.get(pk=head.account))
    next_one = make_account("孙接任", resident_number(9), phone="13700000079")
    offer = actions.appoint_in_emergency(
        unit=ground.school.pk, number=resident_number(9), name="孙接任", reason="失联", by=above
    )
    actions.accept_appointment(appointment=offer.id, by=as_person(next_one))
    assert administering(ground) == {"孙接任"}


def test_an_authority_s_unit_account_leaves_no_second_administrator_behind(ground: Ground, friend: Account):
    """Authorities have several administrators: no key in the database would stop this one."""
    actions.open_unit_account(unit=ground.xingqing.pk, holder_name="区管理", phone="13700000002", by=SETUP)
    make_administrator(ground.xingqing, "区管理", 2)
    city = make_administrator(ground.yinchuan, "市管理", 3)
    actions.offer_role(unit=ground.xingqing.pk, role=Role.ADMINISTRATOR, **FRIEND, by=as_unit_account(ground.xingqing))
    waiting = Appointment.objects.waiting().get(unit=ground.xingqing)
    actions.remove_administrator(unit=ground.xingqing.pk, reason="违规", by=city)
    assert not accepted(waiting, friend.pk)
    assert queries.holders(ground.xingqing.pk, Role.ADMINISTRATOR) == ()


def test_a_deputy_above_takes_no_unit_account_to_name_an_administrator_with(ground: Ground):
    make_administrator(ground.school, "赵管理", 1)
    deputy = make_administrator(ground.xingqing, "区副管理", 4, Role.DEPUTY)
    with pytest.raises(Refused, match="副管理员不能代办"):
        actions.open_unit_account(unit=ground.school.pk, holder_name="区副管理", phone="13700000004", by=deputy)


def test_nobody_renews_an_offer_to_himself(ground: Ground, head: Actor):
    other = make_account("何管理", resident_number(11), phone="13700000011")
    give_role(ground.xingqing, Role.ADMINISTRATOR, other)
    actions.offer_role(
        unit=ground.xingqing.pk, role=Role.REVIEWER, name="区管理", number=resident_number(2),
        by=as_administrator(other, ground.xingqing),
    )  # fmt: skip
    himself = make_administrator(ground.xingqing, "区管理", 2)
    waiting = Appointment.objects.waiting().get(unit=ground.xingqing)
    with clock.travel(clock.now() + OFFER_LASTS), pytest.raises(Refused, match="不能再次邀请自己"):
        actions.renew_offer(appointment=waiting.pk, by=himself)


def test_whoever_was_transferred_leaves_the_unit_account_behind(ground: Ground, head: Actor):
    """A transfer ends the roles; the unit account, which names administrators, must not stay in the same hands."""
    own_account = as_unit_account(ground.school)
    assert head.account is not None
    actions.end_all(account=head.account, unit=ground.school.pk, reason="人员调转", by=SETUP)
    held = Account.objects.get(pk=own_account.account)
    assert (held.phone, held.has_usable_password()) == (None, False)


def test_an_administrator_ended_from_above_leaves_it_behind_too(ground: Ground, head: Actor, above: Actor):
    own_account = as_unit_account(ground.school)
    row = Appointment.objects.live().get(unit=ground.school, role="administrator")
    actions.end_appointment(appointment=row.pk, reason="违规", by=above)
    assert Account.objects.get(pk=own_account.account).phone is None


def test_two_registrars_transfer_no_administrator_out_of_the_office():
    """A transfer ends every role in the former unit, and needs neither the administrator's word nor a successor."""
    offices = make_offices("henan")
    affair = ask(offices, "transfer")
    first, person = offices.units["first"], affair.person
    assert person is not None
    assert person.account_id is not None
    case = handed_in(affair)
    for row in first.appointments.filter(role=Role.ADMINISTRATOR.value, ended_at=None):
        actions.end_appointment(appointment=row.pk, reason="离岗", by=SETUP)
    actions.install_holder(unit=first.pk, role=Role.ADMINISTRATOR, account=person.account_id, by=SETUP)
    with pytest.raises(Refused, match="移交管理员"):
        made.approve(case, offices.keeper(case.seat_unit_id))
    assert queries.holds(person.account_id, first.pk, Role.ADMINISTRATOR)
    assert belongs_to(person.pk, first.pk)


def test_who_administers_a_part_of_the_business_names_nobody_for_all_of_it(ground: Ground):
    part = make_account("分管理", resident_number(12), phone="13700000012")
    actions.install_holder(
        unit=ground.yinchuan.pk, role=Role.ADMINISTRATOR, account=part.pk, services=("title-review",), by=SETUP
    )
    with pytest.raises(Refused, match="只管理部分业务范围"):
        actions.appoint_in_emergency(
            unit=ground.xingqing.pk, **FRIEND, reason="缺人", by=as_administrator(part, ground.yinchuan)
        )
