"""AC-09 and G15: nothing that a stranger may ask says who is registered; neither words, nor headers, nor work."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bole.accounts.models import Challenge, Throttle
from bole.audit.models import Entry
from bole.notices.models import Delivery
from bole.organizations.terms import Role
from bole.portal.models import Complaint
from tests.attacks.conftest import Stage
from tests.attacks.test_ac01_foreign_objects import same
from tests.factories import portal
from tests.factories.browsers import at_unit, text_of
from tests.factories.organizations import NUMBERS, PASSWORD, SITE, SPARE_NUMBERS, UNKNOWN_NUMBER, give_role
from tests.factories.people import fresh_phone, roster_person
from tests.web.captcha import captcha_key, post_log_in
from tests.web.test_log_in import without_secrets

pytestmark = pytest.mark.usefixtures("easy_captcha")
WRONG = "sai-Shang-jiang-Nan-9"


def log_in(number: str) -> HttpResponse:
    return post_log_in(Client(), login=number, password=WRONG)


def forget(number: str) -> HttpResponse:
    typed = {"step": "1", "login": number, "captcha": "0000", "captcha_key": captcha_key("reset"), "do": "reset"}
    return Client().post(f"/{SITE}/forgot/", typed)


def reset(number: str) -> HttpResponse:
    typed = {"step": "2", "login": number, "code": "111111", "password": WRONG, "again": WRONG, "do": "reset"}
    return Client().post(f"/{SITE}/forgot/", typed)


def unlock(number: str) -> HttpResponse:
    return Client().post(f"/{SITE}/forgot/", {"step": "2", "login": number, "code": "111111", "do": "unlock"})


def register(number: str) -> HttpResponse:
    who = {"kind": "resident", "number": number, "name": "林致远", "agreed": "1", "phone": fresh_phone()}
    Client().post(f"/{SITE}/register/", {**who, "step": "2", "do": "send"})
    typed = {**who, "code": "000000", "password": PASSWORD, "again": PASSWORD, "step": "3", "do": "next"}
    return Client().post(f"/{SITE}/register/", typed)


def heads(answer: HttpResponse) -> dict[str, str]:
    """The headers without those that differ each time."""
    return {name: value for name, value in answer.headers.items() if name not in ("X-Request-ID", "Content-Length")}


def work(ask: Callable[[str], HttpResponse], number: str) -> Counter[str]:
    """What asking costs: how often which table is written, how often the disk is waited for."""
    Throttle.objects.all().delete()
    Challenge.objects.all().delete()
    with CaptureQueriesContext(connection) as sent:
        ask(number)
    words = (query["sql"].split() for query in sent.captured_queries)
    return Counter(
        " ".join(word[:3]) if word[0] == "INSERT" else word[0]
        for word in words
        if word[0] in ("INSERT", "UPDATE", "DELETE", "COMMIT")
    )


@pytest.mark.parametrize("ask", [log_in, forget, reset, unlock, register])
def test_answers_are_the_same_for_known_and_unknown(stage: Stage, ask: Callable[[str], HttpResponse]):
    roster_person("林致远", SPARE_NUMBERS[1], stage.world.ground.school, "13800000123")
    answers = [ask(number) for number in (NUMBERS["林致远"], UNKNOWN_NUMBER, SPARE_NUMBERS[1])]
    assert len({answer.status_code for answer in answers}) == 1
    assert len({without_secrets(same(answer)) for answer in answers}) == 1
    assert [heads(answer) for answer in answers[1:]] == [heads(answers[0])] * 2


@pytest.mark.parametrize("ask", [log_in, forget, reset, unlock])
def test_the_work_is_the_same_for_known_and_unknown(live_stage: Stage, ask: Callable[[str], HttpResponse]):
    for number in (NUMBERS["林致远"], UNKNOWN_NUMBER):
        ask(number)  # what is made once and kept
    known, unknown = work(ask, NUMBERS["林致远"]), work(ask, UNKNOWN_NUMBER)
    assert known == unknown
    assert known["COMMIT"] > 0 or connection.vendor != "sqlite"


def test_what_goes_to_nobody_reaches_nobody(live_stage: Stage, settings: Settings):
    outbox = Path(settings.BOLE_OUTBOX)
    before = outbox.read_text()
    Delivery.objects.all().delete()
    forget(UNKNOWN_NUMBER)
    row = Delivery.objects.get()
    assert (row.target, row.state, row.text) == ("", "sent", None)
    assert outbox.read_text() == before


def test_an_anonymous_report_names_nobody_in_the_ledger(stage: Stage):
    """Told by somebody who is logged in: neither the account nor the address stands beside it."""
    typed = {"subject": "弄虚作假", "text": "某人的论文是买来的。"}
    answer = stage.browser("lin").post(f"/{SITE}/complaints/report/", typed)
    row = Entry.objects.get(action="portal.complaint.filed")
    assert answer.status_code == 200
    assert (row.account, row.name, row.address, row.person) == (None, "", "", None)


def test_a_look_at_who_complained_is_written_down(stage: Stage):
    portal.complain()
    row = Complaint.objects.get()
    give_role(stage.world.ground.province, Role.EDITOR, stage.city)
    editor = at_unit(stage.city, stage.world.ground.province)
    assert editor.get(f"/{SITE}/portal/complaints/{row.pk}/").status_code == 200
    look = Entry.objects.get(action="portal.complaint.viewed")
    assert (look.subject, look.account) == (str(row.pk), stage.city.pk)


def test_a_complaints_answer_opens_by_the_whole_reference_only(db: None):
    receipt = portal.complain()
    number, secret = receipt.reference.rsplit("-", 1)
    guesses = (
        number,
        f"{number}-",
        f"{number}-{secret[:-1]}",
        f"{number}-{'B' * 8}",
        f"{number}-{secret[::-1]}",
        "%",
        "",
    )
    answers = [Client().post(f"/{SITE}/complaints/answer/", {"reference": guess}) for guess in guesses]
    assert {answer.status_code for answer in answers} == {422}
    assert Client().get(f"/{SITE}/complaints/answer/", {"reference": receipt.reference}).status_code == 200
    assert "待答复" not in text_of(Client().get(f"/{SITE}/complaints/answer/", {"reference": receipt.reference}))
    right = Client().post(f"/{SITE}/complaints/answer/", {"reference": receipt.reference})
    assert "待答复" in text_of(right)


def test_complaints_from_one_place_stop_at_the_limit_and_keep_what_was_written(db: None):
    typed = {"subject": "办理时限", "text": "材料交了两个月没有答复。", "name": "李青", "phone": "13800000009"}
    answers = [Client().post(f"/{SITE}/complaints/complaint/", typed) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert "材料交了两个月没有答复。" in text_of(answers[-1])
    assert "24 小时后再试" in text_of(answers[-1])


def test_failed_log_ins_leave_rows_without_the_number(stage: Stage):
    for number in (NUMBERS["林致远"], UNKNOWN_NUMBER):
        log_in(number)
    rows = Entry.objects.filter(action="accounts.account.logged_in", outcome="refused")
    assert rows.count() == 2
    assert not any(number in str(row.__dict__) for row in rows for number in (NUMBERS["林致远"], UNKNOWN_NUMBER))
