"""Registration: one account per number, and the same answer for everybody (NX-03, AC-09)."""

from datetime import date
from typing import Any
from unittest.mock import ANY

import pytest
from django.test import TestCase

from bole.accounts import queries as accounts
from bole.accounts.models import Account
from bole.audit import queries as ledger
from bole.kernel import events
from bole.kernel.errors import Absent, Invalid, Refused
from bole.people import actions, queries
from bole.people.events import PersonRegistered, RegistrationHeld, RegistrationRepeated
from bole.people.models import Person
from bole.people.terms import REGISTRATION_SENTENCE
from tests.factories.organizations import PASSWORD, SETUP, SITE, SPARE_NUMBERS
from tests.factories.people import VISITOR, World, fresh_phone, obtain_code, register, roster_person, submit

PHONE = "13909510001"
NUMBER = SPARE_NUMBERS[0]
OLD_NUMBER, OLD_NUMBER_15 = "610104196209276908", "610104620927690"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the room announces about registrations."""
    told: list[object] = []
    for kind in (PersonRegistered, RegistrationRepeated, RegistrationHeld):
        monkeypatch.setitem(events._listeners, kind, [told.append])
    return told


def test_a_person_comes_with_the_account(world: World):
    person = register("王娜", NUMBER, PHONE, unit=world.ground.school)
    account = accounts.account_by_login(NUMBER)
    assert account is not None
    assert (person.account_id, account.name) == (account.pk, "王娜")
    assert (person.identity_number, person.sex, person.birth_on) == (NUMBER, "1", date(1990, 1, 1))
    assert (person.phone, person.ethnic_group, person.initials.split()[0]) == (PHONE, "01", "wn")
    assert queries.current_unit(person.pk) == world.ground.school
    assert queries.person_of(account.pk) == person
    written = ledger.about("person", str(person.pk)).filter(action="people.person.registered")
    assert written.count() == 1


def test_a_second_registration_gets_the_same_answer_and_changes_nothing(world: World, heard: list[object]):
    with TestCase.captureOnCommitCallbacks(execute=True):
        first = submit("王娜", NUMBER)
    person = Person.objects.get(account__isnull=False, name="王娜")
    before = Account.objects.count()
    with TestCase.captureOnCommitCallbacks(execute=True):
        second = submit("李四", NUMBER, phone="13909510009", password="another-Password-9")
    assert first == second
    assert second.sentence == REGISTRATION_SENTENCE
    assert Account.objects.count() == before
    assert queries.person(person.pk).name == "王娜"
    assert heard == [PersonRegistered(person.pk, ANY, SITE), RegistrationRepeated(person.account_id, SITE)]


def test_an_old_number_and_the_new_one_are_one_person(world: World):
    person = register("郭老", OLD_NUMBER_15)
    submit("郭老", OLD_NUMBER)
    assert Person.objects.filter(name="郭老").count() == 1
    assert person.identity_number == OLD_NUMBER


@pytest.mark.parametrize("phone_on_roster", ["", PHONE])
def test_who_stands_on_a_roster_takes_that_person_over(world: World, phone_on_roster: str):
    listed = roster_person("王娜", NUMBER, world.ground.school, phone_on_roster)
    person = register("王娜", NUMBER, PHONE)
    assert (person.pk, person.account_id is not None) == (listed.pk, True)
    assert queries.current_unit(person.pk) == world.ground.school


@pytest.mark.parametrize(("name", "phone"), [("李四", PHONE), ("王娜", "13909510009")])
def test_somebody_who_poses_as_a_listed_person_gets_the_same_answer_and_nothing_else(
    world: World, heard: list[object], name: str, phone: str
):
    listed = roster_person("王娜", NUMBER, world.ground.school, PHONE)
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = submit(name, NUMBER, phone=phone)
    assert answer.sentence == REGISTRATION_SENTENCE
    assert accounts.account_by_login(NUMBER) is None
    assert queries.person(listed.pk).account_id is None
    assert heard == [RegistrationHeld(listed.pk, SITE)]


FAULTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"number": NUMBER[:-1] + "8"}, ["number"]),
    ({"kind": "library-card"}, ["kind"]),
    ({"name": " "}, ["name"]),
    ({"name": "王娜2"}, ["name"]),
    ({"number": "1", "name": ""}, ["number", "name"]),
    ({"ethnic_group": "00"}, ["ethnic_group"]),
    ({"unit": Person().pk}, ["unit"]),
    ({"phone": "0951-5099123"}, ["phone"]),
    ({"code": "123"}, ["code"]),
    ({"password": "1"}, ["password"]),
]


@pytest.mark.parametrize(("changes", "places"), FAULTS)
@pytest.mark.parametrize("number", [NUMBER, "640104199001010050"], ids=["new", "registered"])
def test_faults_are_the_same_for_registered_and_new_numbers(
    world: World, number: str, changes: dict[str, Any], places: list[str]
):
    good = {
        "site": SITE,
        "kind": "resident",
        "number": number,
        "name": "王娜",
        "phone": PHONE,
        "code": obtain_code(PHONE),
        "password": PASSWORD,
        "ethnic_group": "03",
        "by": VISITOR,
    }
    before = Person.objects.count()
    with pytest.raises(Invalid) as caught:
        actions.register_person(**{**good, **changes})
    assert [fault.at for fault in caught.value.faults] == places
    assert Person.objects.count() == before


def test_an_unknown_site_is_absent(db: None):
    with pytest.raises(Absent):
        actions.register_person(
            site="atlantis",
            kind="resident",
            number=NUMBER,
            name="王娜",
            phone=PHONE,
            code="1",
            password=PASSWORD,
            by=VISITOR,
        )


@pytest.mark.parametrize("name", ["买买提•艾力", "𬱖䶮", "阿卜杜热西提·阿卜杜克热木·买买提吐尔逊", "〇一"])
def test_any_chinese_name_registers_and_is_found_again(world: World, name: str):
    person = register(name, NUMBER, unit=world.ground.school)
    assert person.name == name.replace("•", "·")
    found = queries.tied_persons(world.ground.school.pk, text=person.name)
    assert [each.id for each in found] == [person.pk]


def test_nothing_personal_is_readable_in_the_tables(world: World):
    from django.db import connection

    number, phone_number = world.lin.identity_number, world.lin.phone or "-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_number, phone, identity_index FROM people_person")
        for sealed, phone, index in cursor.fetchall():
            assert number.encode() not in bytes(sealed)
            assert phone_number.encode() not in bytes(phone)
            assert number not in index


def test_installation_opens_a_personal_account_outright(world: World):
    school = world.ground.school.pk

    person = actions.install_person(
        site=SITE, kind="resident", number=SPARE_NUMBERS[0], name="钱学礼", phone=fresh_phone(), password=PASSWORD,
        unit=school, by=SETUP,
    )  # fmt: skip

    assert person.account is not None
    assert queries.current_unit(person.pk) == world.ground.school
    assert queries.person_by_identity("resident", SPARE_NUMBERS[0]) == person


def test_nobody_else_opens_an_account_outright(world: World):
    with pytest.raises(Refused):
        actions.install_person(
            site=SITE, kind="resident", number=SPARE_NUMBERS[0], name="钱学礼", phone=fresh_phone(), password=PASSWORD,
            by=VISITOR,
        )  # fmt: skip
    assert queries.person_by_identity("resident", SPARE_NUMBERS[0]) is None
