"""Headers of every kind of answer (C12), and the test-mode banner on every page (C56)."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories.browsers import as_person, text_of
from tests.factories.people import World, make_world

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
FIXED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}


@pytest.mark.parametrize("address", ["/", "/ningxia/", "/ningxia/login/", "/nowhere/", "/codes/sex/"])
def test_every_answer_carries_the_same_guards(client: Client, address: str):
    response = client.get(address)
    assert {part.strip() for part in response.headers["Content-Security-Policy"].split(";")} == POLICY
    assert {name: response.headers[name] for name in FIXED} == FIXED


def test_personal_pages_stay_in_no_cache():
    world: World = make_world()
    assert as_person(world.lin).get("/ningxia/me/").headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("address", ["/", "/ningxia/", "/ningxia/login/", "/nowhere/", "/offline/"])
def test_test_mode_says_so_on_every_page(client: Client, settings: Settings, address: str):
    assert "测试模式" not in text_of(client.get(address))
    settings.BOLE_TEST_MODE = True
    assert "测试模式：验证码固定为 0000" in text_of(client.get(address))


def test_large_type_and_dark_come_from_the_server(client: Client):
    client.cookies["bole_size"], client.cookies["bole_theme"] = "large", "dark"
    assert 'data-size="large" data-theme="dark"' in text_of(client.get("/offline/"))
    client.cookies["bole_size"] = '"><script>'
    assert 'data-size="normal" data-theme="dark"' in text_of(client.get("/offline/"))


def test_htmx_neither_evaluates_nor_styles_nor_stores(client: Client):
    page = text_of(client.get("/ningxia/"))
    for setting in ('"allowEval":false', '"includeIndicatorStyles":false', '"historyCacheSize":0'):
        assert setting in page
