"""The log-in box: two ways, one answer for all wrong passwords, nowhere to be led astray (NX-02, AC-09)."""

import re

import pytest
from django.conf import settings
from django.test import Client

from bole.organizations import actions as organizing
from bole.organizations.terms import Role
from bole.people.models import Person
from tests.factories.browsers import at_unit, text_of
from tests.factories.organizations import (
    NUMBERS,
    PASSWORD,
    SPARE_NUMBERS,
    UNKNOWN_NUMBER,
    as_unit,
    give_role,
)
from tests.factories.people import World, make_world
from tests.web.captcha import captcha_key, post_log_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("easy_captcha")]


@pytest.fixture
def world(db: None, easy_captcha: None) -> World:
    return make_world()


def test_the_personal_way_opens_the_personal_platform(client: Client, world: World):
    response = post_log_in(client, "林致远")
    assert (response.status_code, response.headers["Location"]) == (302, "/ningxia/me/")
    page = text_of(client.get("/ningxia/me/"))
    assert "林致远，您好" in page
    assert "个人平台" in page
    assert "兴庆区第一中学" in page


def test_the_unit_way_opens_the_units_business(client: Client, world: World):
    response = post_log_in(client, "周敏", way="unit")
    assert (response.status_code, response.headers["Location"]) == (302, "/ningxia/unit/")


def test_who_has_several_businesses_chooses_on_the_desk(client: Client, world: World):
    give_role(world.ground.xingqing, Role.REVIEWER, world.cast.ma)
    response = post_log_in(client, "马经办", way="unit")
    assert response.headers["Location"] == "/ningxia/desk/"
    page = text_of(client.get("/ningxia/desk/"))
    assert "业务审核" in page
    assert "采集授权" in page


def test_without_unit_rights_the_reason_and_the_way_are_told(client: Client, world: World):
    response = post_log_in(client, "林致远", way="unit")
    assert response.status_code == 403
    assert "您还没有单位管理权限。请先由当地人社部门开通单位的网上采集功能，并将您设置为采集管理员。" in text_of(
        response
    )
    assert client.get("/ningxia/me/").status_code == 302


def test_an_account_without_a_person_is_sent_the_unit_way(client: Client, world: World):
    response = post_log_in(client, "周敏")
    assert response.status_code == 403
    assert "请选择「单位」方式登录。" in text_of(response)


def test_with_several_units_one_is_chosen(client: Client, world: World):
    give_role(world.ground.hospital, Role.COLLECTION_ADMINISTRATOR, world.cast.zhou)
    response = post_log_in(client, "周敏", way="unit")
    assert response.headers["Location"] == "/ningxia/login/unit/"
    assert client.get("/ningxia/desk/").headers["Location"] == "/ningxia/login/unit/"
    page = text_of(client.get("/ningxia/login/unit/"))
    assert "兴庆区第一中学" in page
    assert "兴庆区人民医院" in page
    chosen = client.post("/ningxia/login/unit/", {"capacity": f"unit/{world.ground.hospital.pk}"})
    assert chosen.headers["Location"] == "/ningxia/unit/"
    assert "兴庆区人民医院" in text_of(client.get("/ningxia/desk/"))
    foreign = client.post("/ningxia/login/unit/", {"capacity": f"unit/{world.ground.province.pk}"})
    assert foreign.status_code == 403


def without_secrets(page: str) -> str:
    """The page without what differs each time: tokens, captcha, and the number that was typed."""
    page = re.sub(r'(name="(?:csrfmiddlewaretoken|captcha_key)"[^>]*value=")[^"]*', r"\1", page)
    page = re.sub(r'(id="captcha-key"[^>]*value=")[^"]*', r"\1", page)
    page = re.sub(r"data:image/png;base64,[^\"]+", "", page)
    return re.sub(r"\d{17}[\dX]", "", page)


def test_known_and_unknown_numbers_get_the_same_answer(world: World):
    wrong = "sai-Shang-jiang-Nan-9"
    answers = [
        post_log_in(Client(), login=number, password=wrong) for number in (NUMBERS["林致远"], SPARE_NUMBERS[0], "abc")
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert "账户或密码错误" in text_of(answers[0])
    pages = {without_secrets(text_of(answer)).replace('value="abc"', 'value=""') for answer in answers}
    assert len(pages) == 1


def test_the_lock_is_the_same_for_known_and_unknown_numbers(world: World):
    for number in (NUMBERS["林致远"], UNKNOWN_NUMBER):
        for _ in range(3):
            post_log_in(Client(), login=number, password="sai-Shang-jiang-Nan-9")
    locked = [post_log_in(Client(), login=number) for number in (NUMBERS["林致远"], UNKNOWN_NUMBER)]
    assert [answer.status_code for answer in locked] == [429, 429]
    assert without_secrets(text_of(locked[0])) == without_secrets(text_of(locked[1]))


def test_a_wrong_captcha_stops_before_the_password_is_looked_at(client: Client, world: World):
    response = post_log_in(client, "林致远", captcha="9999")
    assert response.status_code == 422
    assert "验证码错误" in text_of(response)


def test_a_captcha_is_good_once(client: Client, world: World):
    key = captcha_key()
    assert post_log_in(client, "林致远", captcha_key=key, password="x").status_code == 422
    again = post_log_in(client, "林致远", captcha_key=key)
    assert again.status_code == 422
    assert "验证码错误" in text_of(again)


def test_what_is_missing_is_named_and_the_password_never_comes_back(client: Client):
    response = client.post("/ningxia/login/", {"way": "unit", "login": "", "password": "geheim", "captcha": ""})
    page = text_of(response)
    assert response.status_code == 422
    assert "请填写证件号码" in page
    assert "请填写验证码" in page
    assert "geheim" not in page
    assert '<input type="radio" name="way" value="unit" checked>' in page


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "/\tevil.example\r\nSet-Cookie: a=b",
        " //evil.example",
        "/" + "a" * 600,
    ],
)
def test_nobody_is_led_to_another_server(client: Client, world: World, evil: str):
    response = post_log_in(client, "林致远", next=evil)
    assert response.headers["Location"] == "/ningxia/me/"
    assert client.get("/ningxia/login/", {"next": evil}).headers["Location"] == "/ningxia/go/"


def test_the_wanted_page_opens_after_the_log_in(client: Client, world: World):
    refused = client.get("/ningxia/me/?tab=1")
    assert refused.headers["Location"] == "/ningxia/login/?next=%2Fningxia%2Fme%2F%3Ftab%3D1"
    form = text_of(client.get(refused.headers["Location"]))
    assert '<input type="hidden" name="next" value="/ningxia/me/?tab=1">' in form
    response = post_log_in(client, "林致远", next="/ningxia/me/?tab=1")
    assert response.headers["Location"] == "/ningxia/me/?tab=1"


def test_the_session_gets_a_new_key_and_a_safe_cookie(client: Client, world: World):
    client.get("/ningxia/")
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    post_log_in(client, "林致远")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie.value != before
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_one_log_out_ends_everything(client: Client, world: World):
    post_log_in(client, "林致远")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/ningxia/logout/").status_code == 405
    assert client.post("/ningxia/logout/").headers["Location"] == "/ningxia/"
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = key
    assert stolen.get("/ningxia/me/").status_code == 302


def test_a_lost_role_ends_the_unit_way_at_the_next_click(world: World):
    browser = at_unit(world.cast.zhou, world.ground.school)
    assert browser.get("/ningxia/desk/").status_code == 200
    role = world.cast.zhou.appointments.get()
    organizing.end_appointment(appointment=role.pk, reason="调离", by=as_unit(world.cast.ma, world.ground.xingqing))
    response = browser.get("/ningxia/desk/")
    assert response.status_code == 403
    assert "您在这个单位已没有任何权限" in text_of(response)
    assert browser.get("/ningxia/desk/").status_code == 302


def test_a_unit_of_one_site_has_no_business_on_another(world: World):
    response = at_unit(world.cast.zhou, world.ground.school).get("/jilin/desk/")
    assert response.status_code == 403
    assert "您代表的单位属于「宁夏人力资源和社会保障网上服务大厅」" in text_of(response)


def test_two_weeks_without_log_in_are_not_assured_and_end_with_the_log_out(client: Client, world: World):
    post_log_in(client, "林致远", remember="1")
    device = client.cookies["device"]
    assert (device["httponly"], device["samesite"]) == (True, "Lax")
    later = Client()
    later.cookies["device"] = device.value
    page = later.get("/ningxia/me/")
    assert "林致远，您好" in text_of(page)
    offer = later.post("/ningxia/offers/00000000-0000-0000-0000-000000000000/")
    assert offer.headers["Location"].startswith("/ningxia/assure/?next=")
    wrong = later.post("/ningxia/assure/", {"password": "x", "next": "/ningxia/me/"})
    assert wrong.status_code == 422
    right = later.post("/ningxia/assure/", {"password": PASSWORD, "next": "/ningxia/me/"})
    assert right.headers["Location"] == "/ningxia/me/"
    assert later.post("/ningxia/offers/00000000-0000-0000-0000-000000000000/").status_code == 404
    later.post("/ningxia/logout/")
    third = Client()
    third.cookies["device"] = device.value
    assert third.get("/ningxia/me/").status_code == 302


def test_the_unit_way_is_never_remembered(client: Client, world: World):
    post_log_in(client, "周敏", way="unit", remember="1")
    later = Client()
    later.cookies["device"] = client.cookies["device"].value
    assert later.get("/ningxia/desk/").status_code == 302


def test_a_changed_password_ends_the_other_sessions(client: Client, world: World):
    post_log_in(client, "林致远")
    elsewhere = Client()
    post_log_in(elsewhere, "林致远")
    new = "he-Lan-shan-Xia-2026"
    typed = {"old": PASSWORD, "password": new, "again": new}
    assert client.post("/ningxia/password/", {**typed, "again": "anders"}).status_code == 422
    assert client.post("/ningxia/password/", typed).headers["Location"] == "/ningxia/go/"
    assert client.get("/ningxia/me/").status_code == 200
    assert elsewhere.get("/ningxia/me/").status_code == 302


def test_the_person_of_the_session_is_the_accounts_own(client: Client, world: World):
    post_log_in(client, "林致远")
    assert client.session["person"] == str(Person.objects.get(account=world.cast.lin).pk)
