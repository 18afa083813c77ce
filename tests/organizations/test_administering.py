"""Administrators: named by the unit account, handed over, appointed in an emergency, removed; one per unit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from bole.accounts.models import Account
from bole.audit import queries as ledger
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Refused
from bole.organizations import actions, queries
from bole.organizations.models import Appointment, Unit, UnitAccount
from bole.organizations.terms import OFFER_LASTS, Role
from tests.factories.organizations import (
    SETUP,
    Ground,
    as_administrator,
    as_person,
    as_unit_account,
    give_role,
    make_account,
    make_administrator,
    resident_number,
)

ADMINISTRATOR = Role.ADMINISTRATOR
NEXT = {"number": resident_number(7), "name": "钱继任"}


@pytest.fixture
def head(ground: Ground) -> Actor:
    """The school's administrator."""
    return make_administrator(ground.school, "赵管理", 1)


@pytest.fixture
def above(ground: Ground) -> Actor:
    """The administrator of the county's authority."""
    return make_administrator(ground.xingqing, "区管理", 2)


@pytest.fixture
def successor(ground: Ground) -> Account:
    """Somebody registered who administers nothing."""
    return make_account(NEXT["name"], NEXT["number"], phone="13700000077")


def administrators(unit: Unit) -> list[str]:
    return [holder.name for holder in queries.holders(unit.pk, ADMINISTRATOR)]


def test_the_successor_accepts_and_the_former_one_ends_in_the_same_act(
    ground: Ground, head: Actor, successor: Account, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
):
    offer = actions.hand_over(**NEXT, by=head)
    assert administrators(ground.school) == ["赵管理"]  # until the successor accepts, nothing has changed
    with django_capture_on_commit_callbacks(execute=True):
        actions.accept_appointment(appointment=offer.id, by=as_person(successor))
    assert administrators(ground.school) == ["钱继任"]
    former = Appointment.objects.get(account_id=head.account, role=ADMINISTRATOR.value)
    assert (former.sole_key, former.end_reason.startswith("由钱*任")) == (None, True)
    accepted = Appointment.objects.get(pk=offer.id)
    assert accepted.replaces == former
    assert former.ended_at is not None
    assert accepted.accepted_at is not None
    with pytest.raises(Refused):  # the former one's open page does nothing more
        actions.hand_over(**NEXT, by=head)
    from bole.notices.models import Message

    told = set(Message.objects.filter(account=head.account).values_list("title", flat=True))
    assert told >= {"已接受：兴庆区第一中学的单位管理员", "已解除：兴庆区第一中学的单位管理员"}


def test_a_withdrawn_or_declined_handover_leaves_all_as_it_was(ground: Ground, head: Actor, successor: Account):
    offer = actions.hand_over(**NEXT, by=head)
    actions.end_appointment(appointment=offer.id, reason="改变主意", by=head)
    with pytest.raises(Absent, match="已经撤回"):
        actions.accept_appointment(appointment=offer.id, by=as_person(successor))
    assert administrators(ground.school) == ["赵管理"]
    again = actions.hand_over(**NEXT, by=head)
    actions.decline_appointment(appointment=again.id, by=as_person(successor))
    assert administrators(ground.school) == ["赵管理"]


def test_one_successor_is_asked_at_a_time(head: Actor):
    first = actions.hand_over(**NEXT, by=head)
    assert actions.hand_over(**NEXT, by=head) == first
    with pytest.raises(Refused, match=r"已向 钱\*任 .*发出移交邀请，请先撤回"):
        actions.hand_over(number=resident_number(8), name="孙备选", by=head)


def test_nobody_hands_over_to_himself(head: Actor):
    with pytest.raises(Refused, match="不能把自己"):
        actions.hand_over(number=resident_number(1), name="赵管理", by=head)


def test_an_invitation_expires_after_thirty_days(ground: Ground, head: Actor, successor: Account):
    offer = actions.hand_over(**NEXT, by=head)
    late = clock.now() + OFFER_LASTS + timedelta(minutes=1)
    with clock.travel(late):
        with pytest.raises(Refused, match=r"超过 30 天.*请联系发出邀请的单位重新设置"):
            actions.accept_appointment(appointment=offer.id, by=as_person(successor))
        assert queries.invitations_for(login=NEXT["number"], name=NEXT["name"]) == ()
        assert [each.state for each in queries.standings(ground.school.pk) if not each.live] == ["邀请已过期"]
        again = actions.hand_over(**NEXT, by=head)
        assert again.id != offer.id
        actions.accept_appointment(appointment=again.id, by=as_person(successor))
    assert administrators(ground.school) == ["钱继任"]


def test_who_administers_elsewhere_is_told_what_to_do(ground: Ground, head: Actor, successor: Account):
    give_role(ground.hospital, ADMINISTRATOR, successor)
    offer = actions.hand_over(**NEXT, by=head)
    with pytest.raises(Refused, match=r"您已是兴庆区人民医院的单位管理员.*请先在该单位移交"):
        actions.accept_appointment(appointment=offer.id, by=as_person(successor))
    assert administrators(ground.school) == ["赵管理"]
    with pytest.raises(Refused, match="您已是"):
        actions.install_holder(unit=ground.institute.pk, role=ADMINISTRATOR, account=successor.pk, by=SETUP)


def test_accepting_asks_for_a_fresh_proof_and_an_open_unit(ground: Ground, head: Actor, successor: Account):
    offer = actions.hand_over(**NEXT, by=head)
    with pytest.raises(Refused, match="重新验证身份"):
        actions.accept_appointment(appointment=offer.id, by=replace(as_person(successor), fresh=False))
    Unit.objects.filter(pk=ground.school.pk).update(closed_on=clock.today())
    with pytest.raises(Refused, match="已停用"):
        actions.accept_appointment(appointment=offer.id, by=as_person(successor))


def test_the_unit_account_names_and_changes_the_administrator(ground: Ground, head: Actor, successor: Account):
    by = as_unit_account(ground.school)
    offer = actions.offer_role(unit=ground.school.pk, role=ADMINISTRATOR, **NEXT, by=by)
    actions.accept_appointment(appointment=offer.id, by=as_person(successor))
    assert administrators(ground.school) == ["钱继任"]
    for act in (
        lambda: actions.offer_role(
            unit=ground.school.pk, role=Role.REVIEWER, number=resident_number(9), name="某", by=by
        ),
        lambda: actions.keep_department(unit=ground.school.pk, name="科室", by=by),
    ):
        with pytest.raises(Refused, match=r"由单位管理员办理，「单位账号」身份不能办理"):
            act()


def test_an_emergency_is_on_record_and_tells_the_former_one(
    ground: Ground, head: Actor, above: Actor, successor: Account
):
    with pytest.raises(Invalid, match="请填写应急指定的原因"):
        actions.appoint_in_emergency(unit=ground.school.pk, **NEXT, reason=" ", by=above)
    offer = actions.appoint_in_emergency(unit=ground.school.pk, **NEXT, reason="管理员突发疾病", by=above)
    actions.accept_appointment(appointment=offer.id, by=as_person(successor))
    assert administrators(ground.school) == ["钱继任"]
    row = Appointment.objects.get(pk=offer.id)
    assert (row.emergency, row.reason, row.appointed_by) == (True, "管理员突发疾病", above.account)
    written = ledger.about("appointment", str(offer.id)).values_list("action", "detail", "account")
    assert all(detail["emergency"] for _, detail, _ in written)
    assert {action.rsplit(".", 1)[1] for action, _, _ in written} == {"offered", "accepted"}


def test_an_emergency_appointment_needs_no_former_one(ground: Ground, above: Actor, successor: Account):
    offer = actions.appoint_in_emergency(unit=ground.school.pk, **NEXT, reason="没有管理员", by=above)
    actions.accept_appointment(appointment=offer.id, by=as_person(successor))
    assert administrators(ground.school) == ["钱继任"]


def test_the_first_acceptance_ends_the_other_invitations(ground: Ground, head: Actor, above: Actor, successor: Account):
    rival = make_account("孙备选", resident_number(8))
    handed = actions.hand_over(**NEXT, by=head)
    urgent = actions.appoint_in_emergency(
        unit=ground.school.pk, number=resident_number(8), name="孙备选", reason="失联", by=above
    )
    actions.accept_appointment(appointment=urgent.id, by=as_person(rival))
    with pytest.raises(Absent):
        actions.accept_appointment(appointment=handed.id, by=as_person(successor))
    assert administrators(ground.school) == ["孙备选"]


def test_an_invitation_to_a_vacancy_is_void_once_it_is_filled(ground: Ground, above: Actor, successor: Account):
    offer = actions.appoint_in_emergency(unit=ground.school.pk, **NEXT, reason="没有管理员", by=above)
    make_administrator(ground.school, "赵管理", 1)
    with pytest.raises(Refused, match="兴庆区第一中学的单位管理员已经变更，这项邀请不再有效"):
        actions.accept_appointment(appointment=offer.id, by=as_person(successor))


def test_removing_from_above(ground: Ground, head: Actor, above: Actor):
    with pytest.raises(Invalid, match="请填写移除管理员的原因"):
        actions.remove_administrator(unit=ground.school.pk, reason="", by=above)
    actions.remove_administrator(unit=ground.school.pk, reason="失职", by=above)
    assert administrators(ground.school) == []
    with pytest.raises(Absent, match="现在没有管理员"):
        actions.remove_administrator(unit=ground.school.pk, reason="失职", by=above)
    with pytest.raises(Refused):
        actions.keep_department(unit=ground.school.pk, name="人事科", by=head)


def test_whom_a_removed_administrator_chose_does_not_follow(
    ground: Ground, head: Actor, above: Actor, successor: Account
):
    offer = actions.hand_over(**NEXT, by=head)
    actions.remove_administrator(unit=ground.school.pk, reason="失职", by=above)
    with pytest.raises(Refused, match="单位管理员已经变更，这项邀请不再有效"):
        actions.accept_appointment(appointment=offer.id, by=as_person(successor))
    assert administrators(ground.school) == []


def test_the_unit_account_goes_with_the_administration(ground: Ground, head: Actor, above: Actor, successor: Account):
    """Who handed over, or was removed, does not come back through it."""
    phone = Account.objects.get(pk=head.account).phone or ""
    held = actions.open_unit_account(unit=ground.school.pk, holder_name="赵管理", phone=phone, by=SETUP)
    epoch = held.account.epoch
    offer = actions.hand_over(**NEXT, by=head)
    actions.accept_appointment(appointment=offer.id, by=as_person(successor))
    held = UnitAccount.objects.select_related("account").get(pk=held.pk)
    assert (held.holder_name, held.account.phone) == ("钱继任", successor.phone)
    assert held.account.epoch > epoch
    actions.remove_administrator(unit=ground.school.pk, reason="失职", by=above)
    held = UnitAccount.objects.select_related("account").get(pk=held.pk)
    assert (held.holder_name, held.account.phone) == ("", None)
    third = make_account("孙备选", resident_number(8), phone="13700000088")
    urgent = actions.appoint_in_emergency(
        unit=ground.school.pk, number=resident_number(8), name="孙备选", reason="空缺", by=above
    )
    actions.accept_appointment(appointment=urgent.id, by=as_person(third))
    held = UnitAccount.objects.select_related("account").get(pk=held.pk)
    assert (held.holder_name, held.account.phone) == ("孙备选", "13700000088")


def test_another_persons_unit_account_stays_with_that_person(ground: Ground, head: Actor, successor: Account):
    held = actions.open_unit_account(unit=ground.school.pk, holder_name="办公室主任", phone="13900000001", by=SETUP)
    offer = actions.hand_over(**NEXT, by=head)
    actions.accept_appointment(appointment=offer.id, by=as_person(successor))
    held.refresh_from_db()
    assert held.holder_name == "办公室主任"


def test_a_unit_has_one_administrator_and_one_deputy(ground: Ground, head: Actor, successor: Account):
    with pytest.raises(Refused, match="兴庆区第一中学已有单位管理员"):
        give_role(ground.school, ADMINISTRATOR, successor)
    for serial, name in ((7, "钱继任"), (8, "孙备选")):
        account = Account.objects.filter(name=name).first() or make_account(name, resident_number(serial))
        offer = actions.offer_role(
            unit=ground.school.pk, role=Role.DEPUTY, number=resident_number(serial), name=name, by=head
        )
        actions.accept_appointment(appointment=offer.id, by=as_person(account))
    assert [holder.name for holder in queries.holders(ground.school.pk, Role.DEPUTY)] == ["孙备选"]


def test_an_authority_has_several_each_for_a_range(ground: Ground, above: Actor, successor: Account):
    by = as_unit_account(ground.xingqing)
    offer = actions.offer_role(unit=ground.xingqing.pk, role=ADMINISTRATOR, **NEXT, services=["title-review"], by=by)
    actions.accept_appointment(appointment=offer.id, by=as_person(successor))
    assert administrators(ground.xingqing) == ["区管理", "钱继任"]
    limited = as_administrator(successor, ground.xingqing)
    operator = {"unit": ground.xingqing.pk, "role": Role.REVIEWER, "number": resident_number(9), "name": "某"}
    for services in ([], ["talent"], ["title-review", "talent"]):
        with pytest.raises(Refused, match="您只管理部分业务范围"):
            actions.offer_role(**operator, services=services, by=limited)
    assert actions.offer_role(**operator, services=["title-review"], by=limited)


def test_a_deputy_does_what_an_administrator_does_except_about_administrators(ground: Ground, head: Actor):
    deputy = make_administrator(ground.school, "副手", 3, Role.DEPUTY)
    assert actions.keep_department(unit=ground.school.pk, name="人事科", by=deputy)
    assert actions.offer_role(unit=ground.school.pk, role=Role.REVIEWER, **NEXT, by=deputy)
    refused: list[Callable[[], object]] = [
        lambda: actions.hand_over(**NEXT, by=deputy),
        lambda: actions.offer_role(unit=ground.school.pk, role=Role.DEPUTY, **NEXT, by=deputy),
        lambda: actions.end_all(account=head.who, unit=ground.school.pk, reason="清理", by=deputy),
    ]
    for act in refused:
        with pytest.raises(Refused):
            act()


def test_a_lone_administrator_does_not_just_leave(ground: Ground, head: Actor, above: Actor, successor: Account):
    held = Appointment.objects.get(account_id=head.account)
    with pytest.raises(Refused, match="单位必须有一名管理员。请先用「移交管理员」"):
        actions.end_appointment(appointment=held.pk, reason="不再担任", by=head)
    give_role(ground.xingqing, ADMINISTRATOR, successor)
    other = Appointment.objects.get(account=successor)
    actions.end_appointment(appointment=other.pk, reason="不再担任", by=as_administrator(successor, ground.xingqing))
    assert administrators(ground.xingqing) == ["区管理"]


def test_administrators_have_no_dates(ground: Ground):
    by = as_unit_account(ground.school)
    with pytest.raises(Invalid, match="不设起止日期"):
        actions.offer_role(unit=ground.school.pk, role=ADMINISTRATOR, **NEXT, until_on=clock.today(), by=by)
