"""Error pages: the right status, a sentence, nothing of the inside (C44)."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from bole.kernel.errors import BoleError, Busy, Invalid, Moved, Refused, TooMany
from bole.web.answers import answer_error
from bole.web.pages import portal
from tests.factories.browsers import text_of

pytestmark = pytest.mark.django_db
ERRORS = [
    (Refused("不行，请找单位。"), 403, "您没有权限办理"),
    (Moved("刚刚变过，请刷新。"), 409, "内容已经变化"),
    (TooMany("请明天再试。"), 429, "操作太频繁"),
    (Busy(), 503, "这一次没有办成"),
    (Invalid.at("phone", "请填写手机"), 422, "填写的内容需要修改"),
]


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Client:
    """A browser for which the privacy page fails."""

    def fail(*_: object) -> HttpResponse:
        raise error

    monkeypatch.setattr(portal, "render", fail)
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("error", "status", "title"), ERRORS)
def test_an_error_is_a_page_with_its_status_and_sentence(
    monkeypatch: pytest.MonkeyPatch, error: BoleError, status: int, title: str
):
    response = failing(monkeypatch, error).get("/ningxia/privacy/")
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in text_of(response)
    assert error.sentence in text_of(response)


@pytest.mark.parametrize(("error", "status", "title"), ERRORS)
def test_scripts_get_the_error_as_json(monkeypatch: pytest.MonkeyPatch, error: BoleError, status: int, title: str):
    response = failing(monkeypatch, error).get("/ningxia/privacy/", headers={"Accept": "application/json"})
    faults = [{"at": "phone", "say": "请填写手机"}] if status == 422 else []
    assert (response.status_code, response.json()) == (status, {"error": error.sentence, "faults": faults})


def test_htmx_gets_a_note_into_the_open_page(monkeypatch: pytest.MonkeyPatch):
    response = failing(monkeypatch, ERRORS[1][0]).get("/ningxia/privacy/", headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "#page-notes"
    assert "刚刚变过，请刷新。" in text_of(response)
    assert "<html" not in text_of(response)


def test_a_failure_shows_a_number_and_nothing_else(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    response = failing(monkeypatch, RuntimeError("password=hunter2")).get("/ningxia/privacy/")
    page = text_of(response)
    number = re.search(r"E-\d{8}-[0-9A-F]{6}", page)
    assert response.status_code == 500
    assert number is not None
    assert "hunter2" not in page
    assert "Traceback" not in page
    assert f"incident {number[0]}" in caplog.text


def test_the_failure_page_needs_neither_session_nor_database(monkeypatch: pytest.MonkeyPatch):
    client = failing(monkeypatch, RuntimeError())
    monkeypatch.setattr("bole.web.context.account_mark", lambda *_: 1 / 0)
    assert client.get("/ningxia/privacy/").status_code == 500
    assert "系统出了点问题" in text_of(client.get("/ningxia/privacy/"))


def test_a_failing_error_page_still_answers(monkeypatch: pytest.MonkeyPatch):
    client = failing(monkeypatch, RuntimeError())
    monkeypatch.setattr("bole.web.answers.loader.get_template", lambda *_: 1 / 0)
    response = client.get("/ningxia/privacy/")
    assert response.status_code == 500
    assert "请告知错误编号 E-" in text_of(response)


def test_nowhere_is_a_404_inside_and_outside_a_site(client: Client):
    inside, outside = client.get("/ningxia/nowhere/"), client.get("/a/b/c/")
    assert (inside.status_code, outside.status_code) == (404, 404)
    assert "网址可能写错了，或者这一页已经移走。您填写的内容不受影响。" in text_of(inside)
    assert 'action="/ningxia/search/"' in text_of(inside)
    assert "没有找到这一页" in text_of(outside)


def test_too_much_is_a_413(client: Client):
    response = client.post("/ningxia/complaints/complaint/", {"text": "x" * (6 * 1024 * 1024)})
    assert response.status_code == 413
    assert "提交的内容太大。请减少文字，或把文件分开上传。" in text_of(response)


def test_a_method_that_is_not_offered_is_refused(client: Client):
    assert client.post("/ningxia/announcements/").status_code == 405


def test_the_offline_page_needs_nothing(client: Client):
    response = client.get("/offline/")
    assert response.status_code == 200
    assert "现在连不上网络" in text_of(response)
    assert "Set-Cookie" not in response.headers


def test_an_error_without_a_door_is_answered_too():
    request: HttpRequest = RequestFactory().get("/")
    assert answer_error(request, Refused("不行。")).status_code == 403
