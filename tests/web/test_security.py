"""「账号与安全」: names, phone, second factors, open log-ins, capacities and past log-ins in one place."""

import re
from datetime import timedelta
from html import unescape

import pyotp
import pytest
import time_machine
from django.conf import settings
from django.test import Client

from bole.accounts import queries
from bole.accounts.models import Account, Factor
from bole.kernel.clock import now
from bole.organizations.terms import Role
from tests.factories.administration import unit_account
from tests.factories.browsers import as_person, as_unit_account, at_unit, text_of
from tests.factories.organizations import NUMBERS, PASSWORD, give_role
from tests.factories.passkeys import Authenticator
from tests.factories.people import World, fresh_phone, make_world
from tests.web.captcha import post_log_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("easy_captcha")]
HOME = "/ningxia/account/"
STEP_UP = (
    "names/", "names/phone/", "authenticator/", "passkey/", "recovery/",
    "names/00000000-0000-0000-0000-000000000000/remove/", "factors/00000000-0000-0000-0000-000000000000/remove/",
)  # fmt: skip


@pytest.fixture
def world(db: None, easy_captcha: None) -> World:
    return make_world()


@pytest.fixture
def lin(world: World) -> Client:
    return as_person(world.lin)


@pytest.fixture
def account(world: World) -> Account:
    return world.cast.lin


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", unescape(text_of(response))))


def test_everything_stands_in_one_place_and_numbers_are_masked(client: Client, world: World):
    give_role(world.ground.school, Role.COLLECTION_ADMINISTRATOR, world.cast.lin)
    post_log_in(client, "林致远")
    page = words(client.get(HOME))
    for word in (
        "登录名", "手机号码", "电子邮箱", "修改密码", "第二验证方式", "添加身份验证器", "添加通行密钥", "登录的设备",
        "（这台设备）", "单位身份", "兴庆区第一中学", "单位经办", "采集管理员", "最近的登录", "密码登录", "127.0.0.1",
    ):  # fmt: skip
        assert word in page, word
    assert NUMBERS["林致远"] not in text_of(client.get(HOME))
    assert queries.account(world.cast.lin.pk).phone not in text_of(client.get(HOME))


def test_staff_and_unit_accounts_have_it_in_their_own_shell(world: World):
    account, _ = unit_account(world.ground.school)
    for browser in (at_unit(world.cast.zhou, world.ground.school), as_unit_account(account, world.ground.school)):
        page = text_of(browser.get(HOME))
        assert "功能菜单" in page
        assert "账号与安全" in page


def test_a_remembered_device_gives_the_password_first(client: Client, world: World):
    post_log_in(client, "林致远", remember="1")
    later = Client()
    later.cookies["device"] = client.cookies["device"].value
    assert later.get(HOME)["Location"].startswith("/ningxia/assure/?next=%2Fningxia%2Faccount%2F")


@pytest.mark.parametrize("path", STEP_UP)
def test_ten_minutes_after_the_proof_it_is_asked_again(client: Client, world: World, path: str):
    post_log_in(client, "林致远")
    with time_machine.travel(now() + timedelta(minutes=9, seconds=50), tick=False):
        assert client.get(HOME + path).status_code in (200, 404)
    with time_machine.travel(now() + timedelta(minutes=10, seconds=10), tick=False):
        for ask in (client.get, client.post):
            assert ask(HOME + path)["Location"].startswith("/ningxia/assure/?next=")
        assert client.get(HOME).status_code == 200
        assert client.post("/ningxia/assure/", {"password": "falsch"}).status_code == 422
        assert client.post("/ningxia/assure/", {"password": PASSWORD, "next": HOME})["Location"] == HOME
        assert client.get(HOME + path).status_code in (200, 404)


class TestNames:
    """登录名."""

    def test_a_user_name_is_set_taken_refused_and_removed(self, lin: Client, world: World, account: Account):
        sun = as_person(world.sun)
        assert lin.post(HOME + "names/", {"name": "linzhiyuan"})["Location"] == HOME
        assert "以后也可以用用户名「LINZHIYUAN」登录。" in words(lin.get(HOME))
        taken = sun.post(HOME + "names/", {"name": "LinZhiYuan"})
        assert (taken.status_code, "例如「LINZHIYUAN1」" in words(taken)) == (422, True)
        assert 'value="LinZhiYuan"' in text_of(taken)
        assert post_log_in(Client(), login="linzhiyuan")["Location"] == "/ningxia/me/"
        address = f"{HOME}names/{queries.aliases(account.pk)[0].id}/remove/"
        assert sun.get(address).status_code == 404
        assert "删除登录名「LINZHIYUAN」？" in words(lin.get(address))
        assert queries.aliases(account.pk) != []
        lin.post(address)
        assert queries.aliases(account.pk) == []

    def test_the_phone_becomes_a_log_in_name_by_its_code(self, lin: Client, account: Account):
        phone = queries.account(account.pk).phone
        assert "验证码已发送" in words(lin.post(HOME + "names/phone/", {"do": "send"}))
        assert lin.post(HOME + "names/phone/", {"do": "save", "code": "1"}).status_code == 422
        assert lin.post(HOME + "names/phone/", {"do": "save", "code": "000000"})["Location"] == HOME
        assert phone not in text_of(lin.get(HOME))
        assert post_log_in(Client(), login=phone)["Location"] == "/ningxia/me/"


class TestReach:
    """手机号码, 电子邮箱."""

    def test_another_phone_asks_for_password_and_code(self, lin: Client, account: Account):
        phone = fresh_phone()
        sent = lin.post(HOME + "phone/", {"do": "send", "phone": phone})
        assert f'value="{phone}"' in text_of(sent)
        wrong = lin.post(HOME + "phone/", {"phone": phone, "code": "000000", "password": "falsch"})
        assert (wrong.status_code, f'value="{phone}"' in text_of(wrong)) == (422, True)
        assert lin.post(HOME + "phone/", {"phone": phone, "code": "000000", "password": PASSWORD}).status_code == 302
        assert queries.account(account.pk).phone == phone
        assert lin.post(HOME + "phone/", {"do": "send", "phone": "1"}).status_code == 422
        assert lin.post(HOME + "phone/", {"do": "send", "phone": phone}).status_code == 429

    def test_an_address_is_set_and_taken_away(self, lin: Client, account: Account):
        assert lin.post(HOME + "email/", {"email": "x", "password": PASSWORD}).status_code == 422
        assert lin.post(HOME + "email/", {"email": "lin@example.cn", "password": PASSWORD}).status_code == 302
        assert "lin@example.cn" in text_of(lin.get(HOME + "email/"))
        lin.post(HOME + "email/", {"email": "", "password": PASSWORD})
        assert queries.account(account.pk).email is None


class TestFactors:
    """第二验证方式."""

    def test_an_authenticator_is_added_with_qr_and_letters_then_recovery_codes(self, lin: Client, account: Account):
        assert "开始添加" in words(lin.get(HOME + "authenticator/"))
        assert not Factor.objects.exists()  # looking begins nothing
        assert lin.post(HOME + "authenticator/", {"do": "begin"})["Location"] == HOME + "authenticator/"
        page = text_of(lin.get(HOME + "authenticator/"))
        secret = re.findall(r'密钥　<span class="num">([A-Z2-7 ]+)<', page)[0].replace(" ", "")
        assert 'src="data:image/svg+xml' in page
        wrong = lin.post(HOME + "authenticator/", {"code": "123456", "name": "我的手机"})
        assert (wrong.status_code, 'value="我的手机"' in text_of(wrong)) == (422, True)
        assert secret in text_of(wrong).replace(" ", "")
        code = pyotp.TOTP(secret).now()
        added = lin.post(HOME + "authenticator/", {"code": code, "name": "我的手机"})
        assert added["Location"] == HOME + "recovery/"
        assert queries.recovery_codes_left(account.pk) == 0
        shown = lin.post(HOME + "recovery/")
        codes = re.findall(r"[A-Z0-9]{5}-[A-Z0-9]{5}", text_of(shown))
        assert len(codes) == 10
        assert shown["Cache-Control"] == "no-store, private"
        assert codes[0] not in text_of(lin.get(HOME + "recovery/"))
        assert "还有 10 个可用" in words(lin.get(HOME))

    def test_a_passkey_is_added_and_logs_in(self, lin: Client, world: World, account: Account):
        key = Authenticator()
        made = lin.post(HOME + "passkey/", {"answer": key.create(options_of(lin.get(HOME + "passkey/"))), "name": "键"})
        assert made["Location"] == HOME + "recovery/"
        browser = Client()
        assert post_log_in(browser, "林致远")["Location"] == "/ningxia/login/factor/"
        asked = options_of(browser.get("/ningxia/login/factor/"))
        evil = browser.post(
            "/ningxia/login/factor/", {"do": "passkey", "answer": key.get(asked, origin="https://e.cn")}
        )
        assert evil.status_code == 422
        answer = key.get(options_of(evil))
        assert browser.post("/ningxia/login/factor/", {"do": "passkey", "answer": answer})["Location"] == "/ningxia/me/"
        assert browser.get("/ningxia/me/").status_code == 200

    def test_whatever_is_no_passkey_is_told_and_the_name_stays(self, lin: Client):
        answer = lin.post(HOME + "passkey/", {"answer": "{", "name": "办公室"})
        assert (answer.status_code, "请重新点「添加通行密钥」" in words(answer)) == (422, True)
        assert 'value="办公室"' in text_of(answer)

    def test_removing_asks_first(self, lin: Client, world: World, account: Account):
        lin.post(HOME + "authenticator/", {"do": "begin"})
        Factor.objects.update(confirmed_at=now())
        address = f"{HOME}factors/{Factor.objects.get().pk}/remove/"
        assert as_person(world.sun).post(address).status_code == 404
        assert "删除身份验证器「身份验证器」？" in words(lin.get(address))
        assert Factor.objects.exists()
        assert lin.post(address)["Location"] == HOME
        assert not Factor.objects.exists()

    def test_a_factor_proves_before_a_grave_act_too(self, client: Client, world: World, account: Account):
        browser = as_person(world.lin)
        browser.post(HOME + "authenticator/", {"do": "begin"})
        Factor.objects.update(confirmed_at=now())
        with time_machine.travel(now() + timedelta(minutes=11)):
            assert browser.get(HOME + "names/").status_code == 302
            assert "身份验证器" in words(browser.get("/ningxia/assure/"))
            wrong = browser.post("/ningxia/assure/", {"do": "totp", "code": "1"})
            assert wrong.status_code == 422
            assert browser.post("/ningxia/assure/", {"do": "totp", "code": "000000"}).status_code == 302
            assert browser.get(HOME + "names/").status_code == 200


def session_key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def options_of(response) -> str:
    return unescape(re.findall(r'data-options="([^"]+)"', text_of(response))[0])


class TestSessions:
    """登录的设备."""

    def test_another_log_in_is_ended_from_here_at_its_next_click(self, client: Client, world: World, account: Account):
        there = Client(headers={"user-agent": "Mozilla/5.0 MicroMessenger/8.0"})
        post_log_in(client, "林致远")
        post_log_in(there, "林致远")
        assert "微信" in words(client.get(HOME))
        other = next(each for each in queries.open_sessions(account.pk) if each.name == "微信")
        assert as_person(world.sun).post(f"{HOME}sessions/{other.id}/end/").status_code == 404
        assert there.get("/ningxia/me/").status_code == 200
        client.post(f"{HOME}sessions/{other.id}/end/")
        assert there.get("/ningxia/me/").status_code == 302
        assert client.get("/ningxia/me/").status_code == 200
        assert client.post(f"{HOME}sessions/{other.id}/end/").status_code == 404

    def test_all_others_end_together_with_what_they_remember(self, client: Client, world: World):
        others = [Client() for _ in range(2)]
        for browser in others:
            post_log_in(browser, "林致远", remember="1")
        post_log_in(client, "林致远")
        assert "退出其他全部设备？" in words(client.get(HOME + "sessions/end/"))
        client.post(HOME + "sessions/end/")
        assert "已退出其他 2 处登录" in words(client.get(HOME))
        assert [browser.get("/ningxia/me/").status_code for browser in others] == [302, 302]

    def test_logging_out_forgets_the_device_of_this_browser_and_no_other(self, client: Client, world: World):
        first, second = Client(), Client()
        post_log_in(first, "林致远", remember="1")
        post_log_in(second, "林致远", remember="1")
        first.post("/ningxia/logout/")
        for browser, status in ((first, 302), (second, 200)):
            later = Client()
            later.cookies["device"] = browser.cookies["device"].value or "gone"
            assert later.get("/ningxia/me/").status_code == status

    def test_a_remembered_device_is_forgotten_from_here(self, client: Client, world: World, account: Account):
        there = Client()
        post_log_in(there, "林致远", remember="1")
        post_log_in(client, "林致远")
        assert "两周内免登录，到" in words(client.get(HOME))
        device = next(each for each in queries.devices(account.pk) if each.remembered_until)
        assert as_person(world.sun).post(f"{HOME}devices/{device.id}/forget/").status_code == 404
        client.post(f"{HOME}devices/{device.id}/forget/")
        later = Client()
        later.cookies["device"] = there.cookies["device"].value
        assert later.get("/ningxia/me/").status_code == 302

    def test_a_new_password_leaves_this_log_in_alone_on_the_list(self, client: Client, world: World, account: Account):
        post_log_in(Client(), "林致远")
        post_log_in(client, "林致远")
        new = "he-Lan-shan-Xia-2026"
        before = session_key(client)
        client.post("/ningxia/password/", {"old": PASSWORD, "password": new, "again": new})
        assert session_key(client) != before
        assert [str(each.id) for each in queries.open_sessions(account.pk)] == [client.session["record"]]
        assert client.get(HOME).status_code == 200

    def test_a_log_out_takes_the_log_in_off_the_list(self, client: Client, world: World, account: Account):
        post_log_in(client, "林致远")
        assert len(queries.open_sessions(account.pk)) == 1
        client.post("/ningxia/logout/")
        assert queries.open_sessions(account.pk) == []

    def test_a_second_log_in_in_the_same_browser_ends_the_former(self, client: Client, world: World):
        post_log_in(client, "林致远")
        post_log_in(client, "孙晓")
        assert queries.open_sessions(world.cast.lin.pk) == []
        assert len(queries.open_sessions(world.cast.sun.pk)) == 1

    def test_who_walked_away_is_no_longer_listed(self, client: Client, world: World):
        post_log_in(client, "林致远")
        with time_machine.travel(now() + timedelta(minutes=31)):
            assert queries.open_sessions(world.cast.lin.pk) == []
            assert client.get("/ningxia/me/").status_code == 302
