"""「忘记密码」 and 「账号激活」 as pages: either does what applies; strangers see the same for every name (G15)."""

import re

import pytest
from django.test import Client

from bole.accounts import actions as accounts
from bole.accounts import queries
from bole.accounts.models import Account
from bole.kernel.actors import Actor, Way
from tests.factories.browsers import text_of
from tests.factories.organizations import NUMBERS, SETUP, UNKNOWN_NUMBER
from tests.factories.people import World, fresh_phone, make_world
from tests.web.captcha import captcha_key, post_log_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("easy_captcha")]
NEW = "he-Lan-shan-Xia-2026"
CODE = "126401004000004210"


@pytest.fixture
def world(db: None, easy_captcha: None) -> World:
    return make_world()


@pytest.fixture
def waiting(easy_captcha: None, db: None) -> Account:
    """An account made in advance, with a phone on file."""
    return accounts.create_account(login=CODE, name="兴庆区第一中学", phone=fresh_phone(), password=None, by=SETUP)


def ask(client: Client, entry: str, login: str, **given: str):
    typed = {
        "step": "1",
        "login": login,
        "captcha": "0000",
        "captcha_key": captcha_key("reset"),
        "do": "reset",
        **given,
    }
    return client.post(f"/ningxia/{entry}/", typed)


def finish(client: Client, entry: str, login: str, **given: str):
    typed = {"step": "2", "login": login, "code": "000000", "password": NEW, "again": NEW, "do": "reset", **given}
    return client.post(f"/ningxia/{entry}/", typed)


@pytest.mark.parametrize("entry", ["forgot", "activate"])
def test_either_entry_finds_out_what_applies(client: Client, world: World, waiting: Account, entry: str):
    ask(client, entry, CODE)
    assert "账号已激活，请用刚设置的密码登录。" in text_of(finish(client, entry, CODE))
    ask(client, entry, NUMBERS["林致远"])
    assert "新密码已生效，请用新密码登录。" in text_of(finish(client, entry, NUMBERS["林致远"]))
    assert post_log_in(Client(), "林致远", password=NEW)["Location"] == "/ningxia/me/"


def test_the_entries_name_each_other_and_the_registration(client: Client, world: World):
    for entry, other in (("forgot", "activate"), ("activate", "forgot")):
        page = text_of(client.get(f"/ningxia/{entry}/"))
        for address in (other, "register"):
            assert f'href="/ningxia/{address}/"' in page
    box = text_of(client.get("/ningxia/login/"))
    for word in ("忘记密码", "账号激活", "立即注册", "短信验证码登录"):
        assert word in box


def test_a_slip_sets_the_password_and_registers_the_phone(client: Client, world: World):
    account = accounts.create_account(login="A1234567", name="阿依", phone=None, password=None, by=SETUP)
    slip = accounts.issue_activation_slip(account=account.pk, by=SETUP)
    assert "一次性凭条" in text_of(client.get("/ningxia/activate/?slip=1"))
    phone = fresh_phone()
    typed = {"step": "slip", "login": "A1234567", "code": slip, "phone": phone}
    sent = client.post("/ningxia/activate/", {**typed, "do": "phone"})
    assert f'value="{slip}"' in text_of(sent)
    done = {**typed, "phone_code": "000000", "password": NEW, "again": NEW, "do": "reset"}
    wrong = client.post("/ningxia/activate/", {**done, "again": "anders"})
    assert (wrong.status_code, f'value="{phone}"' in text_of(wrong), NEW in text_of(wrong)) == (422, True, False)
    assert "账号已激活" in text_of(client.post("/ningxia/activate/", done))
    assert queries.account(account.pk).phone == phone


@pytest.mark.parametrize("entry", ["forgot", "activate", "login/code"])
def test_known_waiting_named_and_unknown_get_the_same_pages(world: World, waiting: Account, entry: str):
    sun = world.cast.sun
    accounts.add_alias(name="sunxiao88", by=Actor(way=Way.PERSON, account=sun.pk, name=sun.name))
    names = (NUMBERS["林致远"], CODE, "sunxiao88", UNKNOWN_NUMBER, "nobody99")
    courses = set()
    for name in names:
        client = Client()
        answers = [ask(client, entry, name), ask(client, entry, name)]
        answers += [finish(client, entry, name, code="123456") for _ in range(6)]
        answers.append(finish(client, entry, name, code="AAAAA-AAAAA", step="slip" if entry != "login/code" else "2"))
        courses.add(tuple((answer.status_code, tuple(answer.headers), alike(answer, name)) for answer in answers))
    assert len(courses) == 1


def alike(answer, name: str) -> str:
    """A page without the name that was typed and what differs each time."""
    page = re.sub(r'(csrfmiddlewaretoken|captcha_key|captcha-key)"[^>]*value="[^"]*', "", text_of(answer))
    page = re.sub(r"data:image/png;base64,[^\"]+", "", page).replace(f'"{name}"', '""')
    return re.sub(r"请 ?\d+ ?秒后", "", page)
