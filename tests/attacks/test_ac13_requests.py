"""AC-13 and G21: forged, cut and hostile requests change nothing, and none of them is answered with a failure."""

from collections.abc import Iterator
from itertools import cycle

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from bole.cases import queries as cases
from bole.cases.models import Case
from tests.attacks.conftest import Stage
from tests.factories import cases as made
from tests.factories.browsers import text_of
from tests.factories.organizations import SITE
from tests.web.test_matrix import named_addresses

HOSTILE = (
    "a\x00b", "x" * 5000, "' OR 1=1 --", '"><script>alert(1)</script>', "../../etc/passwd", "{{7*7}}", "9" * 40, "-1",
    "\u202e\u0000", "\r\nSet-Cookie: a=b", "{", "[]", "true", "\uffff", "%00", "0", "ⅷ",
)  # fmt: skip
FIELDS = (
    "q", "page", "parent", "tab", "sort", "f", "at", "next", "ask", "unit", "region", "insurance_number", "credit_code",
    "organization_code", "again", "check", "show", "w", "for", "login", "password", "captcha", "captcha_key", "way",
    "kind", "number", "name", "phone", "code", "step", "do", "seen", "none", "order", "act", "reason", "verdict",
    "opinion", "target", "faulty", "remove", "who", "category", "due", "gap", "subject", "about", "text", "reference",
    "title", "body", "source", "until", "top", "answer", "employer", "employer_pick", "ethnic_group", "look", "address",
    "leader", "leader_phone", "administrative_superior", "administrative_superior_pick", "industry", "start", "end",
)  # fmt: skip
# What a look, a visit and a guess leave behind.
TRACES = {"Entry", "Pending", "Session", "AccountSession", "Challenge", "Throttle"}


def addresses(stage: Stage, case: Case) -> Iterator[tuple[str, str]]:
    """Every address, naming the case, its first record and its first file."""
    work = cases.form_of(case).sections["work"].typed
    assert isinstance(work, list)
    zero = "00000000-0000-0000-0000-000000000000"
    things = {
        "site": SITE, "table": "sex", "kind": "complaint", "service": made.SERVICE, "number": case.number,
        "code": "work", "section": "work", "record": work[0]["id"], "leaf": 1, "place": 1,
        "unit": stage.world.ground.school.pk,
        "attachment": cases.attachments_of(case)[0].pk, "id": zero, "message": zero, "appointment": zero,
    }  # fmt: skip
    for name, parts in named_addresses().items():
        yield name, reverse(name, kwargs={key: things.get(key, zero) for key in parts})


def everything() -> dict[str, list[object]]:
    """All rows of all tables but those of traces."""
    found = {}
    for model in apps.get_models():
        if model.__name__ not in TRACES:
            rows = model._default_manager.order_by("pk").values_list()
            found[model.__name__] = [tuple(getattr(each, "body", each) for each in row) for row in rows]
    return found


def changed(before: dict[str, list[object]]) -> list[str]:
    """The tables that are not what they were."""
    after = everything()
    return [name for name in after if before[name] != after[name]]


@pytest.mark.both_databases
@pytest.mark.parametrize("who", ["nobody", "lin", "clerk", "operator"])
def test_hostile_input_fails_nowhere(stage: Stage, who: str):
    case = made.submitted_case(stage.world.lin, stage.lin)
    browser = Client() if who == "nobody" else stage.browser(who)
    browser.raise_request_exception = False
    texts, found = cycle(HOSTILE), {}
    for name, address in addresses(stage, case):
        for text in () if name == "logout" else (HOSTILE[0], next(texts)):
            for send in (browser.get, browser.post):
                status = send(address, dict.fromkeys(FIELDS, text)).status_code
                if status >= 500:
                    found[name, send.__name__, text[:20]] = status
    assert found == {}


@pytest.mark.both_databases
def test_a_nul_is_refused_wherever_it_is_put(stage: Stage):
    browser = stage.browser("clerk")
    sent = (
        browser.get("/ningxia/search/", {"q": "通知\0"}),
        browser.get("/ningxia/cases/CJ%00/"),
        browser.post("/ningxia/unit/", {"who": "林\0"}),
        browser.post("/ningxia/unit/", {"wh\0o": "林"}),
        browser.get("/codes/sex/", {"q": "\0"}),
    )
    assert [answer.status_code for answer in sent] == [400] * 5
    assert "提交的内容里有无法识别的字符。" in text_of(sent[0])


@pytest.mark.both_databases
@pytest.mark.parametrize("path", ["/ningxia/", "/ningxia/unit/profile/"])
def test_a_nul_in_a_cookie_is_no_session(stage: Stage, path: str):
    plain, hostile = Client(), Client(raise_request_exception=False)
    nuls = "\\000" * 32  # as a cookie may write it
    for name in ("session", "device"):
        assert hostile.get(path, headers={"cookie": f'{name}="{nuls}"'}).status_code == plain.get(path).status_code


def test_a_made_up_region_is_a_fault_and_no_failure(stage: Stage):
    answer = stage.browser("clerk").post("/ningxia/unit/profile/", {"region": "649999", "seen": "1"})
    assert answer.status_code == 422
    assert "所属地区不在行政区划代码表中，请重新选择" in text_of(answer)


@pytest.mark.parametrize("who", ["lin", "clerk", "county", "operator"])
def test_no_form_is_taken_without_the_sessions_token(stage: Stage, who: str):
    case = made.submitted_case(stage.world.lin, stage.lin)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = stage.browser(who).cookies
    before, found = everything(), {}
    for name, address in addresses(stage, case):
        status = browser.post(address, {"act": "delete", "do": "accept", "none": "1"}).status_code
        if status not in (403, 405):
            found[name] = status
    assert found == {}
    assert changed(before) == []


def test_a_right_token_from_another_origin_is_refused(stage: Stage):
    case = made.submitted_case(stage.world.lin, stage.lin)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = stage.browser("lin").cookies
    page = text_of(browser.get(f"/ningxia/cases/{case.number}/withdraw/"))
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    typed = {"csrfmiddlewaretoken": token, "seen": str(case.revision)}

    foreign = browser.post(f"/ningxia/cases/{case.number}/withdraw/", typed, headers={"Origin": "https://evil.example"})
    own = browser.post(f"/ningxia/cases/{case.number}/withdraw/", typed, headers={"Origin": "http://testserver"})

    assert (foreign.status_code, own.status_code) == (403, 302)


# Opening a case is how its first page begins, and how a desk says that it has begun with it.
BEGIN_BY_LOOKING = {"lin": [], "clerk": ["Task"], "county": [], "operator": []}


@pytest.mark.parametrize("who", ["lin", "clerk", "county", "operator"])
def test_reading_changes_nothing(stage: Stage, who: str):
    case = made.submitted_case(stage.world.lin, stage.lin)
    browser = stage.browser(who)
    before = everything()
    for _, address in addresses(stage, case):
        browser.get(address)
    assert changed(before) == BEGIN_BY_LOOKING[who]


def test_what_another_site_makes_a_browser_open_begins_nothing(stage: Stage):
    case = made.submitted_case(stage.world.lin, stage.lin)
    before = everything()
    lured = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}

    page = stage.browser("clerk").get(f"/ningxia/work/{case.number}/", headers=lured)
    start = stage.browser("sun").get(f"/ningxia/services/{made.SERVICE}/", headers=lured)

    assert page.status_code == 200
    assert start.status_code == 302
    assert changed(before) == []


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "testserver@evil.example", "a b"])
def test_a_made_up_host_is_refused(stage: Stage, host: str):
    answer = stage.browser("lin").get("/ningxia/me/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil.example" not in text_of(answer)


def test_a_forwarded_host_is_nobodys_word(stage: Stage):
    answer = stage.browser("lin").get("/ningxia/go/", headers={"X-Forwarded-Host": "evil.example"})
    assert answer["Location"] == "/ningxia/me/"
