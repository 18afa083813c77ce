"""AC-12 and NX-02: whose session it is, in which capacity, how sure, and for how long."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.kernel import clock
from bole.organizations import actions as organizing
from bole.organizations.terms import Role
from bole.review.models import Movement
from tests.attacks.conftest import Stage
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit, text_of
from tests.factories.organizations import NUMBERS, PASSWORD, SETUP, SITE, give_role
from tests.web.captcha import post_log_in

pytestmark = pytest.mark.usefixtures("easy_captcha")


def remembered(stage: Stage) -> Client:
    """Lin's browser two days after 「两周内免登录」: the device is known, the password was not given."""
    first, later = Client(), Client()
    post_log_in(first, "林致远", remember="1")
    later.cookies["device"] = first.cookies["device"].value
    assert later.get(f"/{SITE}/me/").status_code == 200
    return later


def asks_for_the_password(answer) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(f"/{SITE}/assure/?next=")


def test_a_remembered_device_neither_hands_in_nor_prints(stage: Stage):
    case = made.complete_case(stage.world.lin, stage.lin)
    browser, own = remembered(stage), f"/{SITE}/cases/{case.number}/"
    for name in ("submit", "withdraw", "cancel"):
        answer = browser.post(f"{own}{name}/", {"seen": "0", "number": case.number})
        assert asks_for_the_password(answer), name
    assert asks_for_the_password(browser.get(f"{own}print/"))
    assert (made.fresh(case).status, Movement.objects.count()) == ("draft", 0)


def test_a_remembered_device_shows_masked_data(stage: Stage):
    """Own data and drafts, but no whole number on a shared machine."""
    case = made.submitted_case(stage.world.lin, stage.lin)
    phone = cases.form_of(case).values["basic"]["phone"]
    browser = remembered(stage)
    pages = [f"cases/{case.number}/{page}" for page in ("", "preview/", "sections/basic/", "sections/family/")]
    for page in (*pages, "my/archive/", "my/cases/", "me/"):
        shown = text_of(browser.get(f"/{SITE}/{page}"))
        assert NUMBERS["林致远"] not in shown, page
        assert phone not in shown, page
    browser.post(f"/{SITE}/assure/", {"password": PASSWORD, "next": ""})
    sure = text_of(browser.get(f"/{SITE}/cases/{case.number}/preview/"))
    assert NUMBERS["林致远"] in sure
    assert phone in sure
    assert phone in text_of(browser.get(f"/{SITE}/my/archive/"))


def test_after_the_password_one_goes_on_where_one_was(stage: Stage):
    browser, page = remembered(stage), f"/{SITE}/cases/CJ2026-0101-00001/preview/"
    answer = browser.post(f"/{SITE}/cases/CJ2026-0101-00001/submit/", headers={"Referer": f"http://testserver{page}"})
    assert answer["Location"] == f"/{SITE}/assure/?{urlencode({'next': page})}"
    lured = browser.post(f"/{SITE}/cases/x/submit/", headers={"Referer": "http://evil.example//evil.example/"})
    form = browser.get(lured["Location"])
    assert "evil.example" not in text_of(form)


def test_a_remembered_device_never_opens_the_unit_way(stage: Stage):
    first = Client()
    post_log_in(first, "周敏", way="unit", remember="1")
    later = Client()
    later.cookies["device"] = first.cookies["device"].value
    assert later.get(f"/{SITE}/unit/").status_code == 302
    assert later.post(f"/{SITE}/login/unit/", {"unit": str(stage.world.ground.school.pk)}).status_code == 302


def test_logging_out_forgets_the_device_whenever_it_was_remembered(stage: Stage):
    """Remembered once, logged in again without the tick: the log-out still ends both."""
    browser = Client()
    post_log_in(browser, "林致远", remember="1")
    post_log_in(browser, "林致远")
    token = browser.cookies["device"].value
    browser.post(f"/{SITE}/logout/")
    later = Client()
    later.cookies["device"] = token
    assert later.get(f"/{SITE}/me/").status_code == 302


def test_another_person_at_the_same_machine_is_not_the_first(stage: Stage):
    browser = Client()
    post_log_in(browser, "林致远", remember="1")
    post_log_in(browser, "孙晓")
    assert "孙晓，您好" in text_of(browser.get(f"/{SITE}/me/"))
    gone = browser.post(f"/{SITE}/logout/")
    assert gone["Clear-Site-Data"] == '"cache", "storage"'
    page = browser.get(f"/{SITE}/me/")
    assert page.status_code == 302


def carried(page: str) -> dict[str, str]:
    """What every form of a page carries: the token, and whom it acts for."""
    return {name: re.findall(f'name="{name}" value="([^"]+)', page)[0] for name in ("csrfmiddlewaretoken", "acting")}


def test_a_form_opened_for_one_unit_is_not_taken_for_another(stage: Stage):
    """Two tabs: the unit was changed in the second, the first still says whom it acts for."""
    ground, cast = stage.world.ground, stage.world.cast
    give_role(ground.hospital, Role.COLLECTION_ADMINISTRATOR, cast.zhou)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = at_unit(cast.zhou, ground.school).cookies
    form = text_of(browser.get(f"/{SITE}/unit/profile/"))
    chooser = text_of(browser.get(f"/{SITE}/login/unit/"))
    chosen = browser.post(f"/{SITE}/login/unit/", {"capacity": f"unit/{ground.hospital.pk}", **carried(chooser)})
    before = (ground.hospital.revision, ground.school.revision)

    answer = browser.post(f"/{SITE}/unit/profile/", {**carried(form), "seen": "1"})

    assert (chosen.status_code, answer.status_code) == (302, 409)
    assert "您已在别的窗口切换了身份" in text_of(answer)
    for unit in (ground.hospital, ground.school):
        unit.refresh_from_db()
    assert (ground.hospital.revision, ground.school.revision) == before


def test_a_planted_session_is_not_the_one_that_gets_in(stage: Stage):
    victim, attacker = Client(), Client()
    attacker.get(f"/{SITE}/login/")
    planted = attacker.cookies[settings.SESSION_COOKIE_NAME].value
    victim.cookies[settings.SESSION_COOKIE_NAME] = planted
    post_log_in(victim, "林致远")
    assert victim.cookies[settings.SESSION_COOKIE_NAME].value != planted
    assert attacker.get(f"/{SITE}/me/").status_code == 302


@pytest.mark.parametrize(("way", "idle"), [("person", 30), ("unit", 15)])
def test_who_walks_away_is_logged_out(stage: Stage, way: str, idle: int):
    """Idle 30 minutes, staff 15; twelve hours in any case."""

    def browser() -> Client:
        return as_person(stage.world.lin) if way == "person" else stage.browser("operator")

    page = f"/{SITE}/me/" if way == "person" else f"/{SITE}/authority/"
    start = clock.now()
    kept, left = browser(), browser()
    with clock.travel(start + timedelta(minutes=idle - 1)):
        assert kept.get(page).status_code == 200
    with clock.travel(start + timedelta(minutes=idle + 1)):
        assert kept.get(page).status_code == 200
        assert left.get(page).status_code == 302


def test_twelve_hours_are_the_longest(stage: Stage):
    browser, start = as_person(stage.world.lin), clock.now()
    for minutes in range(0, 12 * 60, 20):
        with clock.travel(start + timedelta(minutes=minutes)):
            assert browser.get(f"/{SITE}/messages/").status_code == 200
    with clock.travel(start + timedelta(hours=12, minutes=1)):
        assert browser.get(f"/{SITE}/messages/").status_code == 302


def test_a_stolen_device_token_dies_with_the_password(stage: Stage):
    first = Client()
    post_log_in(first, "林致远", remember="1")
    token, new = first.cookies["device"].value, "he-Lan-shan-Xia-2026"
    first.post(f"/{SITE}/password/", {"old": PASSWORD, "password": new, "again": new})
    later = Client()
    later.cookies["device"] = token
    assert later.get(f"/{SITE}/me/").status_code == 302


def test_an_ended_role_ends_with_the_next_request_in_every_tab(stage: Stage):
    browsers = [stage.browser("county") for _ in range(2)]
    case = made.approve(made.submitted_case(stage.world.lin, stage.lin), stage.clerk)
    assert [each.get(f"/{SITE}/work/{case.number}/").status_code for each in browsers] == [200, 200]
    role = stage.world.cast.chen.appointments.get()
    organizing.end_appointment(appointment=role.pk, reason="调离", by=SETUP)
    decided = browsers[0].post(
        f"/{SITE}/work/{case.number}/", {"verdict": "approve", "step": "county", "seen": case.revision}
    )
    assert decided.status_code == 403
    assert browsers[1].get(f"/{SITE}/work/{case.number}/").status_code == 403
    assert Case.objects.get(pk=case.pk).step == "county"
