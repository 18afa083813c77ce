"""AC-27 and G18: invented people pushed through the flows turn up nowhere but where they belong."""

import json
import logging
import re
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from bole.audit.models import Entry
from bole.cases import queries as cases
from bole.project.logs import JsonLines
from tests.attacks.conftest import Stage
from tests.factories import cases as made
from tests.factories.browsers import text_of
from tests.factories.organizations import NUMBERS, PASSWORD, SITE, SPARE_NUMBERS, UNKNOWN_NUMBER
from tests.web.captcha import captcha_key, post_log_in
from tests.web.staff.conftest import describe

pytestmark = pytest.mark.usefixtures("easy_captcha")

PHONE = "13777770077"
HOME = "金丝雀路7号"
OPINION = "金丝雀意见：请补充张金雀的证书"
NUMBERS_SHOWN = (NUMBERS["林致远"], NUMBERS["孙晓"], UNKNOWN_NUMBER, SPARE_NUMBERS[3])
CANARIES = (*NUMBERS_SHOWN, PHONE, HOME, "张金雀", PASSWORD)


class Visits:
    """Every answer that was given on the way."""

    def __init__(self) -> None:
        self.answers: list[HttpResponse] = []

    def __call__(self, browser: Client, path: str, typed: dict[str, object] | None = None) -> HttpResponse:
        answer = browser.get(f"/{SITE}/{path}") if typed is None else browser.post(f"/{SITE}/{path}", typed)
        self.answers.append(answer)
        return answer


def journey(stage: Stage) -> Visits:
    """Registration, log-in, filling in, hand-in, searches, decisions, exports, errors."""
    visit, nobody = Visits(), Client()
    number = SPARE_NUMBERS[3]
    who = {"kind": "resident", "number": number, "name": "张金雀", "agreed": "1", "phone": PHONE}
    for step, more in (("1", {}), ("2", {"do": "send"}), ("2", {"code": "000000"}), ("3", {"code": "000000"})):
        typed = {"do": "next", **who, "password": PASSWORD, "again": PASSWORD, "step": step, **more}
        visit(nobody, "register/", typed)
    for login, password in ((number, PASSWORD), (UNKNOWN_NUMBER, PASSWORD), (NUMBERS["孙晓"], "wrong-" + PASSWORD)):
        visit.answers.append(post_log_in(Client(), login=login, password=password))
    forgot = {"step": "1", "login": number, "captcha": "0000", "captcha_key": captcha_key("reset"), "do": "reset"}
    visit(nobody, "forgot/", forgot)
    fill(stage, visit)
    search(stage, visit)
    return visit


def fill(stage: Stage, visit: Visits) -> None:
    me = stage.browser("lin")
    case = made.complete_case(stage.world.lin, stage.lin)
    own = f"cases/{case.number}/"
    section = cases.service_of(case).by_code["basic"]
    typed = {**made.sample_record(section), "phone": PHONE, "home_address": HOME, "seen": "1"}
    visit(me, f"{own}sections/basic/autosave/", typed)
    visit(me, f"{own}sections/basic/", {**typed, "phone": f"{PHONE}9", "seen": "2"})
    visit(me, f"{own}sections/basic/autosave/", {**typed, "seen": "3"})
    for page in ("", "sections/basic/", "sections/family/", "evidence/", "preview/"):
        visit(me, own + page)
    visit(me, f"{own}submit/", {"seen": "0"})
    visit(me, f"{own}print/")
    clerk, county = stage.browser("clerk"), stage.browser("county")
    visit(clerk, f"work/{case.number}/")
    visit(clerk, f"work/{case.number}/", {"verdict": "approve", "step": "unit", "seen": "1"})
    visit(county, f"work/{case.number}/")
    visit(county, f"work/{case.number}/unmask/", {"show": "basic", "opinion": OPINION})
    visit(county, f"work/{case.number}/phrases/", {"keep": "1", "opinion": "请补充"})
    back = {"verdict": "send_back", "step": "county", "seen": "2", "faulty": "basic", "opinion": OPINION}
    visit(county, f"work/{case.number}/", back)
    for page in (own, "my/archive/", "my/looks/", "messages/", "me/", "my/cases/", "my/profile/"):
        visit(me, page)


def search(stage: Stage, visit: Visits) -> None:
    describe(stage.world)
    clerk, county, operator = stage.browser("clerk"), stage.browser("county"), stage.browser("operator")
    for number in NUMBERS_SHOWN:
        found = visit(clerk, "unit/?tab=reviewing", {"who": number})
        visit(clerk, f"unit/{found['Location'].partition('?')[1]}{found['Location'].partition('?')[2]}")
        visit(county, "work/", {"number": number, "name": "张金雀"})
        visit(clerk, "unit/new/", {"kind": "resident", "number": number})
        offer = {"kind": "resident", "number": number, "name": "张金雀"}
        visit(operator, f"authority/units/{stage.world.ground.hospital.pk}/", offer)
        visit(operator, f"authority/units/{stage.world.ground.hospital.pk}/", {**offer, "appoint": "1"})
        visit(clerk, f"work/{number}/")
        visit(Client(), f"cases/{number}/")
    visit(county, "work/export/?tab=done", {})
    visit(clerk, "unit/export/?tab=failed", {})
    complaint = {"subject": "办理时限", "text": f"我是张金雀{UNKNOWN_NUMBER}", "name": "张金雀", "phone": PHONE}
    visit(Client(), "complaints/complaint/", complaint)


def canaries_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


@pytest.fixture
def visited(live_stage: Stage, caplog: pytest.LogCaptureFixture) -> tuple[Visits, str, str]:
    """The journey; what was logged meanwhile, as lines; what left for phones."""
    caplog.set_level(logging.DEBUG)
    outbox = Path(settings.BOLE_OUTBOX)
    before = outbox.stat().st_size if outbox.exists() else 0
    visits = journey(live_stage)
    lines = JsonLines()
    logged = "\n".join(lines.format(record) for record in caplog.records if record.name != "django.db.backends")
    with outbox.open() as sent:
        sent.seek(before)
        return visits, logged, sent.read()


def test_nobody_turns_up_where_he_does_not_belong(visited: tuple[Visits, str, str]):
    visits, logged, sent = visited
    assert len(visits.answers) > 60
    assert {answer.status_code for answer in visits.answers} <= {200, 302, 403, 404, 422}
    assert canaries_in(logged) == []
    usual = [answer for answer in visits.answers if not canaries_in(answer.request["PATH_INFO"])]
    assert len(visits.answers) - len(usual) == 2 * len(NUMBERS_SHOWN)  # typed into the address on purpose
    addresses = " ".join(f"{each.request['PATH_INFO']}?{each.request.get('QUERY_STRING', '')}" for each in usual)
    assert canaries_in(addresses) == []
    heads = " ".join(f"{name}: {value}" for answer in usual for name, value in answer.headers.items())
    assert canaries_in(heads) == []
    pages = [
        text_of(answer) for answer in visits.answers if answer.headers.get("Content-Type", "").startswith("text/html")
    ]
    titles = " ".join(title for page in pages for title in re.findall(r"<title>(.*?)</title>", page, re.DOTALL))
    assert canaries_in(titles) == []
    marks = " ".join(mark for page in pages for mark in re.findall(r'\sdata-[a-z-]+="[^"]*"', page))
    assert canaries_in(marks) == []
    entries = " ".join(
        json.dumps([row.subject, row.detail, row.kind], ensure_ascii=False) for row in Entry.objects.all()
    )
    assert canaries_in(entries) == []
    texts = " ".join(json.loads(line)["text"] for line in sent.splitlines())
    assert canaries_in(texts) == []


@pytest.mark.both_databases
def test_the_database_holds_nobody_in_clear(visited: tuple[Visits, str, str]):
    """Of class D3: numbers, phones, addresses, opinions; names of people are of class D2 (security.md 3)."""
    sensitive = {*NUMBERS_SHOWN, PHONE, HOME, OPINION, PASSWORD}
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    text = value.decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
                    found += [(table, column, canary) for canary in sensitive if canary in text]
    assert found == []


def test_cached_copies_of_personal_pages_are_forbidden(visited: tuple[Visits, str, str]):
    """Whatever a logged-in person or a form got stays in no cache, pictures of papers included."""
    visits, _, _ = visited
    kept = {
        (answer.request["REQUEST_METHOD"], answer.request["PATH_INFO"])
        for answer in visits.answers
        if "no-store" not in answer.headers.get("Cache-Control", "") and not canaries_in(answer.request["PATH_INFO"])
    }
    assert kept == set()


def test_pictures_of_papers_stay_in_no_cache(stage: Stage):
    case = made.complete_case(stage.world.lin, stage.lin)
    browser, file = stage.browser("lin"), cases.attachments_of(case)[0]
    for path in ("", "thumb/", "pages/1/", "pages/1/?w=1", "?download"):
        answer = browser.get(f"/{SITE}/cases/{case.number}/attachments/{file.pk}/{path}")
        assert "no-store" in answer.headers["Cache-Control"], path


def test_a_failure_says_a_number_and_nothing_else(stage: Stage, caplog: pytest.LogCaptureFixture):
    """A defect in the middle of a form: the page, the JSON and the log tell neither values nor code."""
    case = made.open_case(stage.world.lin, stage.lin)
    browser = stage.browser("lin")
    browser.raise_request_exception = False
    address = f"/{SITE}/cases/{case.number}/sections/basic/autosave/"
    with patch("bole.cases.actions.save_section", side_effect=RuntimeError(f"boom {UNKNOWN_NUMBER} {PHONE}")):
        page = browser.post(address, {"home_address": HOME, "phone": PHONE})
        script = browser.post(address, {"phone": PHONE}, headers={"Accept": "application/json"})
    for answer in (page, script):
        text = text_of(answer)
        assert answer.status_code == 500
        assert canaries_in(text) == []
        assert not re.search(r"boom|Traceback|RuntimeError|/src/|\.py", text)
        assert re.search(r"E-\d{8}-[0-9A-F]{6}", text)
    lines = JsonLines()
    assert canaries_in("\n".join(lines.format(record) for record in caplog.records)) == []
