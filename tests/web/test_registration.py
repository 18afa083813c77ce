"""「立即注册」 and 「忘记密码」 in the browser (NX-03)."""

import pytest
from django.test import Client

from bole.people import queries as people
from tests.factories.browsers import text_of
from tests.factories.organizations import NUMBERS, SITE, SPARE_NUMBERS, make_account
from tests.web.captcha import captcha_key, post_log_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("easy_captcha")]

ADDRESS = f"/{SITE}/register/"
WHO = {"kind": "resident", "number": SPARE_NUMBERS[0], "name": "钱思远", "agreed": "1"}
PHONE = {"phone": "13800004321", "code": "000000"}
NEW = "he-Lan-shan-Xia-2026"


def test_registration_step_by_step_ends_in_an_account_that_logs_in(client: Client):
    assert "核对身份" in text_of(client.get(ADDRESS))
    second = text_of(client.post(ADDRESS, {**WHO, "step": "1", "do": "next"}))
    assert "短信验证码" in second
    sent = text_of(client.post(ADDRESS, {**WHO, "phone": PHONE["phone"], "step": "2", "do": "send"}))
    assert "验证码已发送到您填写的手机，10 分钟内有效。" in sent
    third = text_of(client.post(ADDRESS, {**WHO, **PHONE, "step": "2", "do": "next"}))
    assert "确认密码" in third
    done = client.post(ADDRESS, {**WHO, **PHONE, "step": "3", "do": "next", "password": NEW, "again": NEW})
    assert done.status_code == 200
    person = people.person_by_identity("resident", SPARE_NUMBERS[0])
    assert person is not None
    assert person.name == "钱思远"
    response = post_log_in(client, login=SPARE_NUMBERS[0], password=NEW)
    assert response.headers["Location"] == "/ningxia/me/"


def test_every_fault_of_the_first_step_is_told_at_once(client: Client):
    typed = {"kind": "resident", "number": "640104199001010051", "name": "", "step": "1", "do": "next"}
    response = client.post(ADDRESS, typed)
    page = text_of(response)
    assert response.status_code == 422
    assert "有 3 处需要修改" in page
    assert 'id="f-number-e"' in page
    assert "请填写姓名，与证件上一致" in page


def test_a_wrong_code_leads_back_to_the_phone_and_registers_nobody(client: Client):
    client.post(ADDRESS, {**WHO, "phone": PHONE["phone"], "step": "2", "do": "send"})
    typed = {**WHO, **PHONE, "code": "123456", "step": "3", "do": "next", "password": NEW, "again": NEW}
    response = client.post(ADDRESS, typed)
    assert response.status_code == 422
    assert 'id="f-code-e"' in text_of(response)
    assert NEW not in text_of(response)
    assert people.person_by_identity("resident", SPARE_NUMBERS[0]) is None


def test_a_registered_number_gets_the_same_answer_as_a_new_one():
    pages = []
    make_account("林致远")
    for number in (NUMBERS["林致远"], SPARE_NUMBERS[0]):
        client, who = Client(), {**WHO, "number": number}
        phone = {"phone": f"1380000{number[-4:-1]}0", "code": "000000"}
        client.post(ADDRESS, {**who, "phone": phone["phone"], "step": "2", "do": "send"})
        done = client.post(ADDRESS, {**who, **phone, "step": "3", "do": "next", "password": NEW, "again": NEW})
        pages.append((done.status_code, done.content))
    assert pages[0] == pages[1]


def test_a_forgotten_password_is_set_anew_by_the_code(client: Client):
    make_account("林致远")
    first = {"login": NUMBERS["林致远"], "captcha": "0000", "captcha_key": captcha_key("reset"), "step": "1"}
    second = client.post(f"/{SITE}/forgot/", {**first, "do": "reset"})
    assert "如果这个证件号码已注册，或单位已为您开通账号，验证码已发送到登记的手机" in text_of(second)
    typed = {"login": NUMBERS["林致远"], "code": "000000", "password": NEW, "again": NEW, "step": "2", "do": "reset"}
    done = client.post(f"/{SITE}/forgot/", typed)
    assert "新密码已生效，请用新密码登录。" in text_of(done)


def test_asking_for_a_code_says_nothing_of_who_is_registered():
    make_account("林致远")
    pages = set()
    for number in (NUMBERS["林致远"], SPARE_NUMBERS[1]):
        typed = {"login": number, "captcha": "0000", "captcha_key": captcha_key("reset"), "step": "1", "do": "reset"}
        page = text_of(Client().post(f"/{SITE}/forgot/", typed))
        pages.add(page.replace(number, "").partition("<main")[2].partition("csrfmiddlewaretoken")[0])
    assert len(pages) == 1


def test_a_lock_is_lifted_by_the_code_and_the_device_is_known(client: Client):
    make_account("林致远")
    for _ in range(3):
        post_log_in(Client(), "林致远", password="sai-Shang-jiang-Nan-9")
    first = {"login": NUMBERS["林致远"], "captcha": "0000", "captcha_key": captcha_key("reset"), "step": "1"}
    client.post(f"/{SITE}/forgot/", {**first, "do": "unlock"})
    typed = {"login": NUMBERS["林致远"], "code": "000000", "step": "2", "do": "unlock"}
    done = client.post(f"/{SITE}/forgot/", typed)
    assert "已解除登录限制" in text_of(done)
    assert client.cookies["device"].value


def test_the_unit_entry_says_whom_to_ask(client: Client):
    page = text_of(client.get(f"/{SITE}/register/unit/"))
    assert "用人单位注册入口" in page
    assert "采集管理员" in page
