"""Every address demands a log-in unless it is listed here; adding one here is a security decision (C1)."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from bole.audit.models import Entry
from bole.kernel.actors import Actor, Way
from bole.kernel.clock import now
from bole.kernel.errors import Refused
from bole.organizations import queries as organizations
from bole.people import actions as people_actions
from bole.web.doors import for_administrators, for_operators, for_persons, for_units, is_open, stepped_up
from tests.factories.browsers import as_person, at_unit, text_of
from tests.factories.people import World, make_world

OPEN = {
    "root", "home", "announcements", "policies", "article", "search", "downloads", "download", "manual",
    "accessibility", "privacy", "complaints", "complaint-answer", "complaint", "check", "check-code",
    "login", "logout", "register", "register-unit", "register-unit-service", "invitation", "forgot", "activate",
    "login-by-code",
    "federation-start", "federation-return", "federation-register", "federation-left",
    "codes", "captcha", "offline",
}  # fmt: skip


def addresses(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the installation."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry)
        else:
            yield entry


def test_only_the_listed_addresses_are_open_to_all():
    assert {entry.name for entry in addresses() if is_open(entry.callback)} == OPEN


def test_every_address_has_a_name_of_its_own():
    names = [entry.name for entry in addresses()]
    assert None not in names
    assert len(names) == len(set(names))


def filled(entry: URLPattern) -> str:
    """An address with something in every gap; nothing of it exists."""
    gaps = {"UUIDConverter": "00000000-0000-0000-0000-000000000000", "IntConverter": "1"}
    values = {name: gaps.get(type(each).__name__, "x") for name, each in entry.pattern.converters.items()}
    route = str(entry.pattern)
    for name, value in values.items():
        route = route.replace(f"<{_kind(entry, name)}:{name}>", value)
    return f"/ningxia/{route}"


def _kind(entry: URLPattern, name: str) -> str:
    return str(entry.pattern).partition(f":{name}>")[0].rpartition("<")[2]


@pytest.mark.django_db
def test_every_other_address_sends_a_stranger_to_the_log_in():
    client = Client()
    for entry in addresses():
        if entry.name not in OPEN:
            response = client.get(filled(entry))
            assert response.status_code == 302, entry.name
            assert response.headers["Location"].startswith("/ningxia/login/?next="), entry.name


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_scripts_are_told_where_to_log_in():
    response = Client().get("/ningxia/me/", headers={"Accept": "application/json"})
    assert (response.status_code, response.json()) == (
        401,
        {"error": "登录已过期，请重新登录。填写的内容会保留。", "login": "/ningxia/login/"},
    )


test_scripts_are_told_where_to_log_in = pytest.mark.django_db(test_scripts_are_told_where_to_log_in)


@pytest.mark.django_db
def test_a_form_of_an_ended_session_tells_the_script_where_to_log_in():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/ningxia/password/", {"old": "x"}, headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["login"]) == (401, "/ningxia/login/")


def test_the_wrong_way_is_refused_with_what_to_do_and_written_down(world: World):
    response = as_person(world.lin).get("/ningxia/desk/")
    assert response.status_code == 403
    assert "请退出后选择「单位」方式登录。" in text_of(response)
    assert "林致远" in text_of(response)
    refusal = Entry.objects.filter(action="web.page.refused").get()
    assert (refusal.outcome, refusal.subject, refusal.account) == ("refused", "desk", world.cast.lin.pk)


def test_a_unit_user_is_refused_the_personal_platform(world: World):
    response = at_unit(world.cast.zhou, world.ground.school).get("/ningxia/me/")
    assert response.status_code == 403
    assert "请退出后选择「个人」方式登录。" in text_of(response)


@pytest.mark.django_db
def test_htmx_gets_a_note_with_the_way_back():
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/ningxia/me/"}
    response = Client().get("/ningxia/me/", headers=headers)
    assert response.status_code == 401
    assert '<a href="/ningxia/login/?next=%2Fningxia%2Fme%2F">重新登录</a>' in text_of(response)


STAFF_DOORS = {
    for_persons: {Way.PERSON},
    for_units: {Way.UNIT, Way.ADMINISTRATOR, Way.UNIT_ACCOUNT},
    for_operators: {Way.UNIT},
    for_administrators: {Way.ADMINISTRATOR, Way.UNIT_ACCOUNT},
}


@pytest.mark.parametrize("way", [Way.PERSON, Way.UNIT, Way.ADMINISTRATOR, Way.UNIT_ACCOUNT])
@pytest.mark.parametrize("door", STAFF_DOORS)
def test_each_door_admits_its_ways_and_tells_others_what_to_do(door, way: Way):
    request = RequestFactory().get("/")
    request.actor = Actor(way=way, account=uuid4(), unit=None if way is Way.PERSON else uuid4())
    view = door(lambda request: HttpResponse("in"))
    if way in STAFF_DOORS[door]:
        assert view(request).content == b"in"
        return
    with pytest.raises(Refused) as caught:
        view(request)
    assert "请" in caught.value.sentence
    request.actor = Actor(way=way)
    with pytest.raises(Refused):
        view(request)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("assured", "fresh", "through"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_grave_act_asks_for_a_proof_of_the_last_minutes(assured: bool, fresh: bool, through: bool):
    request = RequestFactory().get("/ningxia/grave/?a=1")
    request.here = organizations.site("ningxia")
    request.actor = Actor(way=Way.PERSON, account=uuid4(), assured=assured, fresh=fresh)
    answer = stepped_up(lambda request: HttpResponse("in"))(request)
    assert (answer.status_code == 200) is through
    if not through:
        assert answer["Location"] == "/ningxia/assure/?next=%2Fningxia%2Fgrave%2F%3Fa%3D1"


def test_an_act_that_asks_for_a_proof_leads_to_it_and_back(world: World):
    """Who typed for more than ten minutes is told, and where to prove it; the form stands one page back."""
    browser = as_person(world.lin)
    with time_machine.travel(now() + timedelta(minutes=11), tick=False), pytest.MonkeyPatch.context() as patch:
        patch.setattr(people_actions, "correct_person", lambda **given: given["by"].demand_fresh())
        sent = {"ethnic_group": "01", "employer": "兴庆区第一中学", "seen": "1"}
        there = {"Referer": "http://testserver/ningxia/my/profile/"}
        answer = browser.post("/ningxia/my/profile/", sent, headers=there)
        part = browser.post("/ningxia/my/profile/", sent, headers={**there, "HX-Request": "true"})
    for each in (answer, part):
        assert each.status_code == 403
        assert "请先重新验证身份" in text_of(each)
        assert 'href="/ningxia/assure/?next=%2Fningxia%2Fmy%2Fprofile%2F">验证身份</a>' in text_of(each)
