"""One log-in, several capacities: chosen, proved by a second factor where asked, switched, ended (AC-12, C7)."""

import re

import pyotp
import pytest
import time_machine
from django.conf import settings as configured
from django.test import Client

from bole.accounts import actions as accounts
from bole.accounts.models import Account, Factor
from bole.audit.models import Entry
from bole.kernel.actors import Actor, Way
from bole.kernel.clock import now
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from tests.factories import cases as made
from tests.factories.administration import unit_account
from tests.factories.browsers import text_of
from tests.factories.organizations import NUMBERS, PASSWORD, give_role
from tests.factories.people import World, make_world
from tests.web.captcha import captcha_key, post_log_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("easy_captcha")]
CHOICE, FACTOR = "/ningxia/login/unit/", "/ningxia/login/factor/"


@pytest.fixture
def world(db: None, easy_captcha: None) -> World:
    return make_world()


@pytest.fixture
def manager(world: World) -> Account:
    """周敏 administers the school and does its business."""
    give_role(world.ground.school, Role.ADMINISTRATOR, world.cast.zhou)
    return world.cast.zhou


def owner_of(account: Account) -> Actor:
    return Actor(way=Way.PERSON, account=account.pk, name=account.name)


def enrol(account: Account) -> str:
    """An authenticator app of the account, set up long ago; its secret."""
    secret = accounts.begin_totp(by=owner_of(account))
    Factor.objects.filter(account=account).update(confirmed_at=now())
    return secret


def take(client: Client, way: Way, unit: Unit | None = None):
    return client.post(CHOICE, {"capacity": f"{way.value}/{unit.pk if unit else ''}"})


def session_key(client: Client) -> str:
    return client.cookies[configured.SESSION_COOKIE_NAME].value


class TestChoice:
    """「选择身份」."""

    def test_person_and_every_way_of_every_unit_stand_there_with_their_roles(self, client: Client, world: World):
        give_role(world.ground.school, Role.ADMINISTRATOR, world.cast.lin)
        give_role(world.ground.hospital, Role.COLLECTION_ADMINISTRATOR, world.cast.lin)
        assert post_log_in(client, "林致远", way="unit")["Location"] == CHOICE
        page = re.sub(r"<[^>]+>", " ", text_of(client.get(CHOICE)))
        for words in ("选择身份", "个人", "兴庆区第一中学", "单位管理员", "兴庆区人民医院", "单位经办", "采集管理员"):
            assert words in page
        assert "现在的身份" not in page

    def test_nothing_else_is_open_before_it(self, client: Client, manager: Account):
        assert post_log_in(client, "周敏", way="unit")["Location"] == CHOICE
        for page in ("desk/", "account/", "password/", "account/authenticator/", "messages/", "go/", "assure/", "me/"):
            assert client.get(f"/ningxia/{page}")["Location"] == CHOICE, page

    def test_one_fitting_capacity_is_entered_at_once(self, client: Client, world: World):
        assert post_log_in(client, "周敏", way="unit")["Location"] == "/ningxia/unit/"
        assert post_log_in(Client(), "林致远")["Location"] == "/ningxia/me/"

    def test_the_page_that_was_asked_for_opens_after_it(self, client: Client, manager: Account, world: World):
        post_log_in(client, "周敏", way="unit", next="/ningxia/unit/profile/")
        assert take(client, Way.UNIT, world.ground.school)["Location"] == "/ningxia/unit/profile/"

    @pytest.mark.parametrize("capacity", ["", "x", "system/", "person/", "unit/", "administrator/x"])
    def test_what_is_not_ones_own_is_refused(self, client: Client, manager: Account, world: World, capacity: str):
        post_log_in(client, "周敏", way="unit")
        assert client.post(CHOICE, {"capacity": capacity}).status_code == 403
        assert take(client, Way.ADMINISTRATOR, world.ground.hospital).status_code == 403
        assert client.get("/ningxia/desk/")["Location"] == CHOICE


class TestSwitch:
    """「切换身份」: without logging out, under a new key and a new token."""

    def test_the_person_becomes_the_operator_and_the_person_again(self, client: Client, world: World):
        give_role(world.ground.school, Role.COLLECTION_ADMINISTRATOR, world.cast.lin)
        post_log_in(client, "林致远")
        assert client.get("/ningxia/desk/").status_code == 403
        assert "切换身份" in text_of(client.get("/ningxia/me/"))
        before = session_key(client)
        assert take(client, Way.UNIT, world.ground.school)["Location"] == "/ningxia/unit/"
        assert session_key(client) != before
        assert client.get("/ningxia/me/").status_code == 403
        assert "单位经办" in text_of(client.get("/ningxia/desk/"))
        assert take(client, Way.PERSON)["Location"] == "/ningxia/me/"
        assert client.get("/ningxia/me/").status_code == 200
        taken = Entry.objects.filter(action="accounts.capacity.taken").order_by("at").values_list("way", "unit")
        assert list(taken) == [("person", None), ("unit", world.ground.school.pk), ("person", None)]

    def test_the_administrator_does_no_business_and_the_operator_manages_nobody(
        self, client: Client, manager: Account, world: World
    ):
        made.published()
        enrol(manager)
        post_log_in(client, "周敏", way="unit")
        take(client, Way.ADMINISTRATOR, world.ground.school)
        client.post(FACTOR, {"do": "totp", "code": "000000"})
        assert "单位管理员" in text_of(client.get("/ningxia/desk/"))
        assert client.get("/ningxia/unit/profile/").status_code == 403
        take(client, Way.UNIT, world.ground.school)
        assert client.get("/ningxia/unit/profile/").status_code == 200
        assert client.get("/ningxia/staff/").status_code == 403

    def test_a_form_of_the_former_capacity_is_answered_409_and_changes_nothing(self, world: World):
        give_role(world.ground.school, Role.COLLECTION_ADMINISTRATOR, world.cast.lin)
        browser = Client(enforce_csrf_checks=True)
        login = text_of(browser.get("/ningxia/login/"))
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)', login)[0]
        post_log_in(browser, "林致远", csrfmiddlewaretoken=token)
        form = carried(browser, "/ningxia/my/profile/")
        switch = carried(browser, CHOICE)
        chosen = browser.post(CHOICE, {"capacity": f"unit/{world.ground.school.pk}", **switch})
        assert chosen.status_code == 302
        entries = Entry.objects.count()
        typed = {"ethnic_group": "02", "employer": "", "seen": "1", **form}
        answers = [
            browser.post("/ningxia/my/profile/", typed),
            browser.post("/ningxia/my/profile/", {"ethnic_group": "02"}, headers={"X-Acting": form["acting"]}),
        ]
        assert [answer.status_code for answer in answers] == [409, 409]
        assert "这次提交没有办理，什么也没有改变" in text_of(answers[0])
        world.lin.refresh_from_db()
        assert world.lin.ethnic_group == "01"
        assert Entry.objects.count() == entries

    def test_a_script_is_told_in_json(self, client: Client, world: World):
        post_log_in(client, "林致远")
        answer = client.post("/ningxia/my/profile/", headers={"X-Acting": "0" * 16, "Accept": "application/json"})
        assert (answer.status_code, "切换了身份" in answer.json()["error"]) == (409, True)

    def test_logging_out_works_from_a_page_of_any_capacity(self, client: Client, world: World):
        post_log_in(client, "林致远")
        assert client.post("/ningxia/logout/", {"acting": "0" * 16}).status_code == 302
        assert client.get("/ningxia/me/").status_code == 302

    def test_one_log_out_ends_every_capacity(self, client: Client, world: World):
        give_role(world.ground.school, Role.COLLECTION_ADMINISTRATOR, world.cast.lin)
        post_log_in(client, "林致远")
        keys = [session_key(client)]
        take(client, Way.UNIT, world.ground.school)
        keys.append(session_key(client))
        client.post("/ningxia/logout/")
        for key in keys:
            stolen = Client()
            stolen.cookies[configured.SESSION_COOKIE_NAME] = key
            assert stolen.get("/ningxia/me/").status_code == 302
            assert stolen.get("/ningxia/unit/").status_code == 302

    def test_a_remembered_device_gives_the_password_before_a_unit(self, client: Client, world: World):
        give_role(world.ground.school, Role.COLLECTION_ADMINISTRATOR, world.cast.lin)
        post_log_in(client, "林致远", remember="1")
        later = Client()
        later.cookies["device"] = client.cookies["device"].value
        asked = take(later, Way.UNIT, world.ground.school)
        assert asked["Location"].startswith("/ningxia/assure/?next=")
        assert later.get("/ningxia/unit/").status_code == 403
        later.post("/ningxia/assure/", {"password": PASSWORD})
        assert take(later, Way.UNIT, world.ground.school)["Location"] == "/ningxia/unit/"


def carried(browser: Client, address: str) -> dict[str, str]:
    """What the forms of a page carry."""
    page = text_of(browser.get(address))
    return {name: re.findall(f'name="{name}" value="([^"]+)', page)[0] for name in ("csrfmiddlewaretoken", "acting")}


class TestSecondFactor:
    """Who gives one: way × enrolled × policy."""

    @pytest.mark.parametrize("enrolled", [False, True])
    @pytest.mark.parametrize("policy", [False, True])
    @pytest.mark.parametrize("way", [Way.PERSON, Way.UNIT, Way.ADMINISTRATOR, Way.UNIT_ACCOUNT])
    def test_it_is_asked_of_whom_the_table_says(
        self, client: Client, world: World, settings, way: Way, policy: bool, enrolled: bool
    ):
        settings.BOLE_OPERATOR_SECOND_FACTOR = policy
        school, account, login = world.ground.school, world.cast.lin, NUMBERS["林致远"]
        if way is Way.UNIT_ACCOUNT:
            account, _ = unit_account(school)
            login = account.login
        elif way is not Way.PERSON:
            role = Role.ADMINISTRATOR if way is Way.ADMINISTRATOR else Role.COLLECTION_ADMINISTRATOR
            give_role(school, role, account)
        if enrolled:
            enrol(account)
        form_way = "person" if way is Way.PERSON else "unit"
        answer = post_log_in(client, login=login, way=form_way)
        asked = enrolled or way in (Way.ADMINISTRATOR, Way.UNIT_ACCOUNT) or (policy and way is Way.UNIT)
        assert (answer["Location"] == FACTOR) is asked
        if not asked:
            return
        assert client.get("/ningxia/go/")["Location"] == CHOICE
        page = text_of(client.get(FACTOR))
        assert ("身份验证器" in page, "获取验证码" in page) == (
            enrolled or "还没有设置身份验证器" in page,
            not enrolled,
        )
        if enrolled:
            proved = client.post(FACTOR, {"do": "totp", "code": "000000"})
        else:
            assert client.post(FACTOR, {"do": "send"}).status_code == 200
            proved = client.post(FACTOR, {"do": "code", "code": "000000"})
        assert (proved.status_code, proved["Location"] in (FACTOR, CHOICE)) == (302, False)
        assert client.session["way"] == way.value

    def test_it_is_asked_once_in_a_session(self, client: Client, manager: Account, world: World):
        enrol(manager)
        post_log_in(client, "周敏", way="unit")
        assert take(client, Way.ADMINISTRATOR, world.ground.school)["Location"] == FACTOR
        client.post(FACTOR, {"do": "totp", "code": "000000"})
        take(client, Way.UNIT, world.ground.school)
        assert take(client, Way.ADMINISTRATOR, world.ground.school)["Location"] != FACTOR

    def test_a_wrong_code_is_told_and_three_make_a_pause(self, client: Client, manager: Account, world: World):
        enrol(manager)
        post_log_in(client, "周敏", way="unit")
        take(client, Way.ADMINISTRATOR, world.ground.school)
        statuses = [client.post(FACTOR, {"do": "totp", "code": "123456"}).status_code for _ in range(4)]
        assert statuses == [422, 422, 422, 429]
        assert client.get("/ningxia/desk/")["Location"] == CHOICE

    def test_an_sms_code_or_the_password_is_no_factor_where_one_is_set_up(
        self, client: Client, manager: Account, world: World
    ):
        enrol(manager)
        post_log_in(client, "周敏", way="unit")
        take(client, Way.ADMINISTRATOR, world.ground.school)
        assert client.post(FACTOR, {"do": "send"}).status_code == 403
        assert client.post(FACTOR, {"do": "code", "code": "000000"}).status_code == 422
        assert client.post(FACTOR, {"do": "password", "password": PASSWORD}).status_code == 422
        assert client.get("/ningxia/desk/")["Location"] == CHOICE

    def test_a_recovery_code_stands_in_once(self, client: Client, manager: Account, world: World):
        enrol(manager)
        code = accounts.make_recovery_codes(by=owner_of(manager))[0]
        for good in (True, False):
            browser = Client()
            post_log_in(browser, "周敏", way="unit")
            take(browser, Way.ADMINISTRATOR, world.ground.school)
            assert (browser.post(FACTOR, {"do": "recovery", "code": code}).status_code == 302) is good

    def test_a_replayed_code_opens_no_second_session(self, client: Client, manager: Account, world: World):
        secret = enrol(manager)
        accounts.configure(fixed_captcha="0000")
        with time_machine.travel(now(), tick=False):
            code = pyotp.TOTP(secret).now()
            for good in (True, False):
                browser = Client()
                post_log_in(browser, "周敏", way="unit")
                take(browser, Way.ADMINISTRATOR, world.ground.school)
                assert (browser.post(FACTOR, {"do": "totp", "code": code}).status_code == 302) is good

    def test_the_device_is_remembered_only_after_it(self, client: Client, world: World):
        enrol(world.cast.lin)
        post_log_in(client, "林致远", remember="1")
        assert "device" not in client.cookies
        client.post(FACTOR, {"do": "totp", "code": "000000"})
        assert client.cookies["device"].value

    def test_without_a_wanted_capacity_the_page_leads_to_the_choice(self, client: Client, world: World):
        post_log_in(client, "林致远")
        assert client.get(FACTOR)["Location"] == CHOICE


class TestByCode:
    """「短信验证码登录」 (GZ-08): enough for persons, never for staff."""

    address = "/ningxia/login/code/"

    def ask(self, client: Client, login: str, way: str = "person", **given: str):
        typed = {"step": "1", "login": login, "way": way, "captcha": "0000", "captcha_key": captcha_key(), **given}
        return client.post(self.address, typed)

    def enter(self, client: Client, login: str, way: str = "person", code: str = "000000", **given: str):
        return client.post(self.address, {"step": "2", "login": login, "way": way, "code": code, **given})

    def test_a_person_gets_in(self, client: Client, world: World):
        login = NUMBERS["林致远"]
        assert "验证码已发送到登记的手机" in text_of(self.ask(client, login))
        assert self.enter(client, login, next="/ningxia/my/cases/")["Location"] == "/ningxia/my/cases/"

    def test_staff_give_the_password_as_well(self, client: Client, world: World):
        login = NUMBERS["周敏"]
        self.ask(client, login, "unit")
        assert self.enter(client, login, "unit")["Location"] == FACTOR
        page = text_of(client.get(FACTOR))
        assert ("密码" in page, "获取验证码" in page) == (True, False)
        assert client.post(FACTOR, {"do": "send"}).status_code == 422
        assert client.post(FACTOR, {"do": "code", "code": "000000"}).status_code == 422
        assert client.post(FACTOR, {"do": "password", "password": "falsch"}).status_code == 422
        assert client.post(FACTOR, {"do": "password", "password": PASSWORD})["Location"] == "/ningxia/unit/"

    def test_who_came_as_a_person_gives_it_before_a_unit(self, client: Client, world: World):
        give_role(world.ground.school, Role.COLLECTION_ADMINISTRATOR, world.cast.lin)
        self.ask(client, NUMBERS["林致远"])
        self.enter(client, NUMBERS["林致远"])
        assert take(client, Way.UNIT, world.ground.school)["Location"] == FACTOR

    def test_what_was_typed_stays_and_wrong_codes_are_told(self, client: Client, world: World):
        login = NUMBERS["林致远"]
        missing = self.ask(client, login, captcha="")
        assert (missing.status_code, f'value="{login}"' in text_of(missing)) == (422, True)
        self.ask(client, login)
        wrong = self.enter(client, login, code="123456")
        assert (wrong.status_code, "验证码错误" in text_of(wrong)) == (422, True)

    def test_who_has_no_unit_is_told_why(self, client: Client, world: World):
        self.ask(client, NUMBERS["林致远"], "unit")
        answer = self.enter(client, NUMBERS["林致远"], "unit")
        assert (answer.status_code, "您还没有单位管理权限" in text_of(answer)) == (403, True)


def test_the_unit_account_enters_with_the_units_code_and_lands_on_its_page(client: Client, world: World):
    account, _ = unit_account(world.ground.school)
    assert post_log_in(client, login=account.login, way="unit")["Location"] == FACTOR
    client.post(FACTOR, {"do": "send"})
    landed = client.post(FACTOR, {"do": "code", "code": "000000"})
    assert landed["Location"] == "/ningxia/unit-account/"
    for page in ("unit/profile/", "authority/", "portal/", "me/"):
        assert client.get(f"/ningxia/{page}").status_code == 403
    assert post_log_in(Client(), login=account.login).status_code == 403  # it is nobody's own


def test_the_enter_key_checks_the_code_and_asks_for_no_other(client: Client, manager: Account, world: World):
    post_log_in(client, "周敏", way="unit")
    take(client, Way.ADMINISTRATOR, world.ground.school)
    page = text_of(client.post(FACTOR, {"do": "send"}))
    form = page[page.index('aria-label="短信验证码"') :]
    assert re.findall(r'<button[^>]* name="do" value="(\w+)"', form)[:2] == ["code", "send"]
