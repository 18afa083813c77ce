"""Two at once, on PostgreSQL: registrations, invitations, transfers and units that found themselves."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from bole.accounts.models import Account
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import BoleError, Refused
from bole.organizations import actions as organizing
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions, queries
from bole.people.actions import registering
from bole.people.models import Admission, Invitation, Person, Tie
from bole.people.terms import APPROVAL_SENTENCE, Registration
from tests.factories.habits import Employer, make_employer
from tests.factories.organizations import NUMBERS, PASSWORD, SETUP, SPARE_NUMBERS
from tests.factories.people import as_self, fresh_phone, make_world, obtain_code
from tests.organizations.test_parallel import at_once
from tests.people.test_founding import CODE, LINE, load

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LIN = NUMBERS["林致远"]


def caught(act: Callable[[], object]) -> Callable[[], object]:
    """The act, giving the database's own complaint instead of dying of it."""

    def tried() -> object:
        try:
            return act()
        except IntegrityError as collided:
            return collided

    return tried


def applicants(employer: Employer) -> list[Callable[[], Registration]]:
    """Four people at four phones, all with one number."""
    phones = [fresh_phone() for _ in range(4)]
    codes = [obtain_code(phone) for phone in phones]

    def apply(phone: str, code: str) -> Callable[[], Registration]:
        return lambda: actions.register_person(
            site="henan", kind="resident", number=LIN, name="林致远", phone=phone, code=code, password=PASSWORD,
            ethnic_group="01", unit=employer.unit.pk, then=lambda person, owner: None,
            by=Actor(Way.PERSON, site="henan"),
        )  # fmt: skip

    return [apply(phone, code) for phone, code in zip(phones, codes, strict=True)]


def test_registrations_of_one_number_at_once_open_one_account_and_one_admission():
    employer = make_employer("henan")
    before = Account.objects.count()
    given = at_once(*applicants(employer))
    assert {getattr(each, "sentence", each) for each in given} == {APPROVAL_SENTENCE}
    assert Account.objects.count() == before + 1
    assert (Person.objects.count(), Admission.objects.count()) == (1, 1)


def test_without_the_second_look_a_stranger_would_see_the_collision(monkeypatch: pytest.MonkeyPatch):
    """The twin: the answer is the same only because whoever came second looks again."""
    employer = make_employer("henan")
    monkeypatch.setattr(registering, "_twice", lambda act: act())
    given = at_once(*(caught(act) for act in applicants(employer)))
    assert [each for each in given if isinstance(each, BoleError | IntegrityError)]


def two_invitations() -> tuple[Person, list[Callable[[], object]]]:
    """Two units invite one person, who accepts both in the same moment."""
    employer = make_employer("shenzhen")
    person = actions.install_person(
        site="shenzhen", kind="resident", number=LIN, name="林致远", phone=fresh_phone(), password=PASSWORD, by=SETUP
    )
    rows = [
        actions.invite(unit=unit.pk, number=LIN, name="林致远", phone=fresh_phone(), by=SETUP)
        for unit in (employer.unit, employer.other)
    ]
    return person, [lambda row=row: actions.accept_invitation(invitation=row.id, by=as_self(person)) for row in rows]


def test_two_invitations_accepted_at_once_leave_one_unit_and_a_sentence():
    person, acts = two_invitations()
    given = at_once(*acts)
    assert [isinstance(each, Refused) for each in given].count(True) == 1
    assert Tie.objects.filter(person=person, until_on=None).count() == 1
    assert Invitation.objects.open().count() == 1


def test_without_the_persons_lock_the_acceptances_collide(monkeypatch: pytest.MonkeyPatch):
    """The twin: both see somebody without a unit, and the database has to refuse one of them."""
    person, acts = two_invitations()
    save = Tie.save

    def slowly(row: Tie, **kwargs: Any) -> None:
        time.sleep(0.3)
        save(row, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    monkeypatch.setattr(Tie, "save", slowly)
    given = at_once(*(caught(act) for act in acts))
    assert [each for each in given if isinstance(each, IntegrityError)]
    assert Tie.objects.filter(person=person, until_on=None).count() == 1


def test_one_number_invited_twice_at_once_waits_once():
    employer = make_employer("shenzhen")
    given = at_once(
        *(
            lambda: actions.invite(
                unit=employer.unit.pk, number=LIN, name="林致远", phone="13800001111", by=employer.by
            )
            for _ in range(3)
        )
    )
    assert [isinstance(each, BoleError) for each in given].count(False) == 1
    assert Invitation.objects.open().count() == 1


def test_two_transfers_at_once_leave_one_unit():
    world = make_world()
    units = [world.ground.hospital.pk, world.ground.institute.pk]
    given = at_once(*(lambda unit=unit: actions.transfer(person=world.lin.pk, to=unit, by=SETUP) for unit in units))
    assert not [each for each in given if isinstance(each, BoleError)]
    assert Tie.objects.filter(person=world.lin, until_on=None).count() == 1
    assert queries.moves(world.ground.school.pk).count() == 1  # the second went on from where the first led


@pytest.fixture
def insured() -> None:
    """The authority of 深圳, and two insured people of one unit."""
    organizing.create_unit(
        site="shenzhen", kind=UnitKind.AUTHORITY, name="深圳市人力资源和社会保障局", region="440300", by=SETUP
    )
    load(LINE, [CODE, "SZ100001", "深圳市第一设计院", "", "王娜", SPARE_NUMBERS[0], "6087654321"])


@pytest.mark.usefixtures("insured")
def test_one_unit_registered_by_two_at_once_comes_to_be_once_with_one_administrator():
    people = [("林致远", LIN, "6012345678", "linzhiyuan"), ("王娜", SPARE_NUMBERS[0], "6087654321", "wangna01")]
    phones = [fresh_phone(), fresh_phone()]
    codes = [obtain_code(phone) for phone in phones]

    def found(place: int) -> Callable[[], object]:
        name, number, computer_number, user_name = people[place]
        return lambda: actions.found_unit(
            site="shenzhen", organization_code=CODE, insurance_number="SZ100001", name=name, number=number,
            computer_number=computer_number, email="a@b.cn", user_name=user_name, password=PASSWORD,
            telephone="0755-82123456", phone=phones[place], code=codes[place], by=Actor(Way.PERSON, site="shenzhen"),
        )  # fmt: skip

    given = at_once(found(0), found(1))
    assert sorted(isinstance(each, Refused) for each in given) == [False, True]
    assert Unit.objects.filter(organization_code=CODE).count() == 1
    assert Appointment.objects.live().filter(role=Role.ADMINISTRATOR.value).count() == 1
    assert Person.objects.count() == 1
