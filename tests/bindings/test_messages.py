"""Who hears of what: facts of lower rooms as messages, sent once the fact is committed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import TestCase

from bole.bindings import tasks
from bole.kernel import clock
from bole.kernel.ids import new_id
from bole.notices import queries as inbox
from bole.organizations import actions as organizations
from bole.organizations.models import Appointment
from bole.organizations.terms import Role
from bole.people.events import InvitationRepeated, PersonInvited, PersonTied, UnitRegistered
from tests.factories.organizations import SETUP, SPARE_NUMBERS, as_person, make_administrator
from tests.factories.people import World, make_world, roster_person, submit

PHONE = "13909510001"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def outbox() -> Iterator[Path]:
    """The file of the outbox, empty before and after."""
    place = Path(settings.BOLE_OUTBOX)
    place.unlink(missing_ok=True)
    yield place
    place.unlink(missing_ok=True)


def test_who_stands_on_a_roster_hears_once_a_day_of_a_registration_that_was_held(world: World, outbox: Path):
    roster_person("王娜", SPARE_NUMBERS[0], world.ground.school, PHONE)
    for name in ("李四", "赵六"):
        with TestCase.captureOnCommitCallbacks(execute=True):
            submit(name, SPARE_NUMBERS[0], phone="13909510009" if name == "李四" else "13909510008")

    lines = [json.loads(line) for line in outbox.read_text(encoding="utf-8").splitlines()]
    held = [line["text"] for line in lines if line["to"] == PHONE]
    assert ["有人用您的证件号码注册" in text for text in held] == [True]
    assert SPARE_NUMBERS[0] not in "".join(held)


@pytest.mark.parametrize("own", [False, True])
def test_whose_role_was_ended_hears_of_it_and_who_laid_it_down_does_not(world: World, own: bool):
    zhou = world.cast.zhou
    role = Appointment.objects.get(account=zhou, role=Role.COLLECTION_ADMINISTRATOR.value)
    by = as_person(zhou) if own else SETUP
    with TestCase.captureOnCommitCallbacks(execute=True):
        organizations.end_appointment(appointment=role.pk, reason="岗位调整", by=by)

    titles = [message.title for message in inbox.inbox(zhou.pk)]
    assert titles == ([] if own else ["已解除：兴庆区第一中学的采集管理员"])


def test_the_owner_of_an_account_hears_of_invitations_and_units_that_name_them(world: World):
    lin = world.cast.lin
    tasks.tell_invitation_repeated(InvitationRepeated(lin.pk, world.ground.hospital.pk, "ningxia"))
    tasks.tell_invitation_repeated(InvitationRepeated(lin.pk, world.ground.hospital.pk, "ningxia"))
    tasks.tell_unit_registered(UnitRegistered(world.ground.school.pk, "ningxia", lin.pk))
    tasks.tell_unit_registered(UnitRegistered(world.ground.school.pk, "ningxia", None))

    titles = [message.title for message in inbox.inbox(lin.pk)]
    assert titles.count("兴庆区人民医院邀请您成为申报人员") == 1
    assert titles.count("请确认：担任兴庆区第一中学的单位管理员") == 1


def test_an_invitation_goes_to_the_phone_with_its_code_and_to_nobody_elses_inbox(world: World, outbox: Path):
    event = PersonInvited(
        invitation=new_id(), unit=world.ground.school.pk, site="ningxia", account=None, phone=PHONE, code="bcdfghjkmn",
        expires_at=clock.now() + timedelta(days=30), key=new_id(),
    )  # fmt: skip
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.tell_person_invited(event)
    lines = [json.loads(line) for line in outbox.read_text(encoding="utf-8").splitlines()]
    assert [("邀请码 bcdfghjkmn" in line["text"], line["to"]) for line in lines] == [(True, PHONE)]


def test_a_unit_that_a_person_chose_is_told(world: World):
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.tell_person_tied(PersonTied(world.lin.pk, world.ground.school.pk, None))
    told = [message.title for message in inbox.inbox(world.cast.zhou.pk)]
    assert told.count("林致远登记为兴庆区第一中学的人员") == 1  # here persons choose their unit


def test_who_belongs_to_a_closed_unit_hears_that_they_need_another(world: World):
    school = world.ground.school
    above = make_administrator(world.ground.xingqing, "区管理", 2)
    with TestCase.captureOnCommitCallbacks(execute=True):
        organizations.close_unit(unit=school.pk, reason="撤并", by=above)
        organizations.close_unit(unit=school.pk, reason="撤并", by=above)

    assert world.lin.account_id is not None
    told = [message for message in inbox.inbox(world.lin.account_id) if "已停用" in message.title]
    assert [message.title for message in told] == ["您所在的兴庆区第一中学已停用"]
    assert told[0].link == "/ningxia/my/profile/"
    assert world.sun.account_id is not None
    assert not [message for message in inbox.inbox(world.sun.account_id) if "已停用" in message.title]
