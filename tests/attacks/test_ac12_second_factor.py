"""AC-12, C7: a password alone never becomes a second factor, in whatever order pages are opened."""

import pyotp
import pytest
from django.test import Client

from bole.accounts import queries
from bole.organizations.terms import Role
from tests.factories.browsers import as_person, text_of
from tests.factories.organizations import PASSWORD, give_role
from tests.factories.people import World, fresh_phone, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("easy_captcha")]
HOME = "/ningxia/account/"


@pytest.fixture
def world(easy_captcha: None) -> World:
    """Lin also administers the school; no second factor is set up."""
    made = make_world()
    give_role(made.ground.school, Role.ADMINISTRATOR, made.cast.lin)
    return made


@pytest.fixture
def thief(world: World) -> Client:
    """Somebody with Lin's password, in the personal way, which asks for no more."""
    return as_person(world.lin)


def is_in(browser: Client, world: World) -> bool:
    """Whether the administrator's capacity was entered."""
    browser.post("/ningxia/login/unit/", {"capacity": f"administrator/{world.ground.school.pk}"})
    return browser.session["way"] == "administrator"


def test_a_password_alone_sets_up_no_authenticator_to_administer_with(thief: Client, world: World):
    begun = thief.post(HOME + "authenticator/", {"do": "begin"})
    assert (begun.status_code, "切换身份" in text_of(begun)) == (403, True)
    assert queries.begun_totp(world.cast.lin.pk) in (None, "")
    assert thief.get(HOME + "passkey/").status_code == 403


def test_a_password_alone_turns_no_phone_to_itself(thief: Client, world: World):
    before, phone = queries.account(world.cast.lin.pk).phone, fresh_phone()
    thief.post(HOME + "phone/", {"do": "send", "phone": phone})
    thief.post(HOME + "phone/", {"phone": phone, "code": "000000", "password": PASSWORD})
    assert queries.account(world.cast.lin.pk).phone == before


def test_neither_the_assure_page_nor_the_choice_lets_in_without_the_factor(thief: Client, world: World):
    assert not is_in(thief, world)
    for sent in ({"password": PASSWORD}, {"do": "send", "password": PASSWORD}, {"do": "x", "password": PASSWORD}):
        thief.post("/ningxia/assure/", sent)
        assert not is_in(thief, world)
    for sent in ({"do": "code", "password": PASSWORD}, {"password": PASSWORD}, {"do": "totp", "code": "000000"}):
        thief.post("/ningxia/login/factor/", sent)
        assert not is_in(thief, world), sent
    assert thief.get("/ningxia/staff/").status_code == 403


def test_who_proved_the_factor_sets_up_an_authenticator(thief: Client, world: World):
    assert not is_in(thief, world)
    thief.post("/ningxia/login/factor/", {"do": "send"})
    thief.post("/ningxia/login/factor/", {"do": "code", "code": "000000"})
    assert thief.session["way"] == "administrator"
    thief.post("/ningxia/login/unit/", {"capacity": "person/"})
    assert thief.session["way"] == "person"
    assert thief.post(HOME + "authenticator/", {"do": "begin"}).status_code == 302
    secret = queries.begun_totp(world.cast.lin.pk)
    done = thief.post(HOME + "authenticator/", {"do": "confirm", "code": pyotp.TOTP(secret).now()})
    assert done.status_code == 302
