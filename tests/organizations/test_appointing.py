"""「设置采集管理员」: offered, accepted, declined, ended."""

from dataclasses import replace
from uuid import UUID

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from bole.audit import queries as ledger
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Refused, TooMany
from bole.organizations import actions, queries
from bole.organizations.actions import offering
from bole.organizations.models import Appointment
from bole.organizations.terms import Offer, Role
from tests.factories.organizations import (
    NUMBERS,
    SETUP,
    SPARE_NUMBERS,
    UNKNOWN_NUMBER,
    Cast,
    Ground,
    as_person,
    as_unit,
    make_account,
)

ADMINISTRATOR = Role.COLLECTION_ADMINISTRATOR


@pytest.fixture
def ma(ground: Ground, cast: Cast) -> Actor:
    """The county's 经办员 at work."""
    return as_unit(cast.ma, ground.xingqing)


def offer(ground: Ground, by: Actor, number: str = NUMBERS["林致远"], name: str = "林致远") -> Offer:
    return actions.appoint(unit=ground.school.pk, role=ADMINISTRATOR, number=number, name=name, by=by)


def invited(cast: Cast) -> list[UUID]:
    return [each.id for each in queries.invitations_for(login=NUMBERS["林致远"], name="林致远")]


def test_a_role_is_live_only_after_the_appointee_accepts(ground: Ground, cast: Cast, ma: Actor):
    made = offer(ground, ma)
    assert not queries.holds(cast.lin.pk, ground.school.pk, ADMINISTRATOR)
    assert queries.capacities(cast.lin.pk) == ()
    assert invited(cast) == [made.id]
    actions.accept_appointment(appointment=made.id, by=as_person(cast.lin))
    assert queries.holds(cast.lin.pk, ground.school.pk, ADMINISTRATOR)
    assert [capacity.unit for capacity in queries.capacities(cast.lin.pk)] == [ground.school.pk]
    assert invited(cast) == []
    written = ledger.about("appointment", str(made.id)).values_list("action", "account", "unit")
    assert set(written) == {
        ("organizations.appointment.offered", cast.ma.pk, ground.school.pk),
        ("organizations.appointment.accepted", cast.lin.pk, ground.school.pk),
    }


def test_the_answer_says_the_same_for_known_and_unknown_numbers(ground: Ground, cast: Cast, ma: Actor):
    make_account("王娜", SPARE_NUMBERS[0])
    known = offer(ground, ma, SPARE_NUMBERS[0], "王娜")
    unknown = offer(ground, ma, SPARE_NUMBERS[1], "王娜")
    wrong_name = offer(ground, ma, NUMBERS["林致远"], "王娜")
    said = {each.sentence.replace(each.invitee, "") for each in (known, unknown, wrong_name)}
    assert len(said) == 1
    assert (known.invitee, unknown.invitee) == ("王* 6401**********0077", "王* 6401**********0018")
    waiting = [each for each in queries.standings(ground.school.pk) if not each.live]
    assert [each.state for each in waiting] == ["待本人接受"] * 3
    assert invited(cast) == []  # the name was not Lin's


def test_somebody_who_registers_later_finds_the_offer(ground: Ground, cast: Cast, ma: Actor):
    made = offer(ground, ma, UNKNOWN_NUMBER, "郭老")
    newcomer = make_account("郭老", UNKNOWN_NUMBER)
    actions.accept_appointment(appointment=made.id, by=as_person(newcomer))
    assert queries.holds(newcomer.pk, ground.school.pk, ADMINISTRATOR)


def test_offering_twice_is_offering_once(ground: Ground, ma: Actor):
    assert offer(ground, ma) == offer(ground, ma)
    assert Appointment.objects.waiting().count() == 1


def test_a_corrected_name_replaces_the_offer(ground: Ground, cast: Cast, ma: Actor):
    offer(ground, ma, name="林志远")
    right = offer(ground, ma, name="林致远")
    assert invited(cast) == [right.id]
    assert [each.id for each in queries.standings(ground.school.pk) if not each.live] == [right.id]


def test_offering_to_a_holder_is_refused(ground: Ground, cast: Cast, ma: Actor):
    with pytest.raises(Refused, match="已经是兴庆区第一中学的采集管理员"):
        offer(ground, ma, NUMBERS["周敏"], "周敏")


def test_accepting_twice_is_accepting_once(ground: Ground, cast: Cast, ma: Actor):
    made = offer(ground, ma)
    first = actions.accept_appointment(appointment=made.id, by=as_person(cast.lin))
    second = actions.accept_appointment(appointment=made.id, by=as_person(cast.lin))
    assert first.accepted_at == second.accepted_at
    assert ledger.about("appointment", str(made.id)).count() == 2


def test_only_the_appointee_answers(ground: Ground, cast: Cast, ma: Actor):
    made = offer(ground, ma)
    for other in (as_person(cast.sun), ma, as_unit(cast.zhou, ground.school), SETUP):
        for answer in (actions.accept_appointment, actions.decline_appointment):
            with pytest.raises(Absent):
                answer(appointment=made.id, by=other)
    with pytest.raises(Refused, match="重新输入密码"):
        actions.accept_appointment(appointment=made.id, by=replace(as_person(cast.lin), assured=False))
    actions.accept_appointment(appointment=made.id, by=as_person(cast.lin))


def test_declining_ends_the_offer(ground: Ground, cast: Cast, ma: Actor):
    made = offer(ground, ma)
    actions.decline_appointment(appointment=made.id, by=as_person(cast.lin))
    assert invited(cast) == []
    with pytest.raises(Absent):
        actions.accept_appointment(appointment=made.id, by=as_person(cast.lin))
    assert offer(ground, ma).id != made.id  # the authority may ask again


def test_a_withdrawn_offer_cannot_be_accepted(ground: Ground, cast: Cast, ma: Actor):
    made = offer(ground, ma)
    actions.end_appointment(appointment=made.id, reason="设置错误", by=ma)
    with pytest.raises(Absent, match="已经撤回"):
        actions.accept_appointment(appointment=made.id, by=as_person(cast.lin))


def test_an_ended_role_ends_at_once(ground: Ground, cast: Cast, ma: Actor):
    zhou = as_unit(cast.zhou, ground.school)
    assert queries.may_describe_unit(zhou, ground.school)
    held = Appointment.objects.get(account=cast.zhou)
    actions.end_appointment(appointment=held.pk, reason="调离", by=ma)
    actions.end_appointment(appointment=held.pk, reason="调离", by=ma)
    assert not queries.may_describe_unit(zhou, ground.school)
    assert not queries.holds(cast.zhou.pk, ground.school.pk, ADMINISTRATOR)
    assert ledger.about("appointment", str(held.pk)).filter(action="organizations.appointment.ended").count() == 1


def test_a_holder_may_lay_the_role_down_with_a_reason(ground: Ground, cast: Cast):
    held = Appointment.objects.get(account=cast.zhou)
    with pytest.raises(Invalid):
        actions.end_appointment(appointment=held.pk, reason=" ", by=as_person(cast.zhou))
    actions.end_appointment(appointment=held.pk, reason="不再担任", by=as_person(cast.zhou))
    assert queries.holders(ground.school.pk, ADMINISTRATOR) == ()


def test_what_is_typed_wrong_is_said_at_its_place(ground: Ground, ma: Actor):
    for number, name, place in [("123", "林致远", "number"), (NUMBERS["林致远"], " ", "name")]:
        with pytest.raises(Invalid) as caught:
            offer(ground, ma, number, name)
        assert [fault.at for fault in caught.value.faults] == [place]


def test_nobody_appoints_oneself(ground: Ground, ma: Actor):
    with pytest.raises(Refused, match="不能把自己"):
        offer(ground, ma, NUMBERS["马经办"], "马经办")


def test_collection_must_be_open_first(ground: Ground, cast: Cast, ma: Actor):
    actions.enable_collection(unit=ground.education.pk, by=SETUP)
    for unit, message in [(ground.institute, "还没有开通"), (ground.jinfeng, "人社部门不能设置")]:
        with pytest.raises(Refused, match=message):
            actions.appoint(unit=unit.pk, role=ADMINISTRATOR, number=NUMBERS["林致远"], name="林致远", by=ma)
    actions.appoint(unit=ground.education.pk, role=ADMINISTRATOR, number=NUMBERS["林致远"], name="林致远", by=ma)


def test_offers_are_counted(ground: Ground, ma: Actor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(offering, "MOST_OFFERS_A_DAY", 2)
    offer(ground, ma, SPARE_NUMBERS[0], "甲")
    offer(ground, ma, SPARE_NUMBERS[1], "乙")
    with pytest.raises(TooMany, match="达到上限"):
        offer(ground, ma, SPARE_NUMBERS[2], "丙")


def test_the_event_names_the_person_concerned_only_when_registered(
    ground: Ground,
    cast: Cast,
    ma: Actor,
    heard: list[object],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        offer(ground, ma)
        offer(ground, ma, UNKNOWN_NUMBER, "林致远")
        offer(ground, ma, NUMBERS["孙晓"], "林致远")
    assert [event.account for event in heard] == [cast.lin.pk, None, None]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Offers as a listener hears them."""
    from bole.kernel import events
    from bole.organizations.events import AppointmentOffered

    told: list[object] = []
    monkeypatch.setitem(events._listeners, AppointmentOffered, [told.append])
    return told
