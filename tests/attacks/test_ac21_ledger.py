"""AC-21: each decision, look, export, unmasking and refusal stands in the ledger; what is changed is found."""

from argparse import Namespace
from unittest.mock import patch

import pytest
from django.db import connection

from bole.audit import actions as audit
from bole.audit import queries as ledger
from bole.audit.models import Checkpoint, Entry, Pending, Seal
from bole.cases import queries as cases
from bole.kernel.actors import system
from bole.project.commands.audit_ import run
from bole.review import actions as review
from tests.attacks.conftest import Stage
from tests.conftest import _triggers
from tests.factories import cases as made
from tests.factories.organizations import NUMBERS, SITE, UNKNOWN_NUMBER
from tests.web.staff.conftest import describe

pytestmark = pytest.mark.both_databases


def rows(action: str) -> list[tuple[str, str, object]]:
    """Outcome, subject and account of the entries of an action."""
    found = Entry.objects.filter(action=action).order_by("at")
    return [(row.outcome, row.subject, row.account) for row in found]


def test_each_deed_of_a_desk_leaves_its_row(stage: Stage):
    case = made.approve(made.submitted_case(stage.world.lin, stage.lin), stage.clerk)
    county, chen = stage.browser("county"), stage.world.cast.chen.pk
    file = cases.attachments_of(case)[0]
    own = f"/{SITE}/work/{case.number}/"
    county.get(own)
    county.post(f"{own}unmask/", {"show": "basic"})
    county.get(f"/{SITE}/cases/{case.number}/attachments/{file.pk}/")
    county.get(f"/{SITE}/cases/{case.number}/attachments/{file.pk}/pages/1/?w=1")
    county.get(f"/{SITE}/cases/{case.number}/print/")
    county.post(f"/{SITE}/work/export/?tab=waiting")
    county.post(own, {"verdict": "send_back", "step": "county", "seen": "2", "faulty": "basic", "opinion": "请补充"})
    done = ("done", case.number, chen)
    assert rows("cases.case.viewed") == [done]
    assert rows("cases.case.unmasked") == [done]
    assert rows("cases.attachment.viewed") == [done, done]
    assert rows("cases.case.printed") == [done]
    assert rows("review.case.decided")[-1] == done
    assert rows("review.list.exported") == [("done", "work/waiting", chen)]
    assert {row.person for row in Entry.objects.filter(action="cases.case.unmasked")} == {stage.world.lin.pk}


def test_the_unit_that_fills_in_is_seen_looking(stage: Stage):
    """What the archive offers to the form is the person's; who opens the form is told under 谁看过我的档案."""
    case = made.open_case(stage.world.lin, stage.clerk)
    clerk = stage.browser("clerk")
    for page in ("", "preview/", "sections/basic/"):
        clerk.get(f"/{SITE}/cases/{case.number}/{page}")
    assert rows("cases.case.viewed") == [("done", case.number, stage.world.cast.zhou.pk)] * 3
    stage.browser("lin").get(f"/{SITE}/cases/{case.number}/")
    assert len(rows("cases.case.viewed")) == 3


REFUSED = {
    "submit": ("clerk", "cases/{}/submit/", {"seen": "0"}),
    "unit-new": ("clerk", "unit/new/", {"kind": "resident", "number": UNKNOWN_NUMBER}),
    "review-case": ("clerk", "work/{}/", {"verdict": "terminate", "step": "unit", "seen": "1", "opinion": "x"}),
    "withdraw": ("lin", "cases/{}/withdraw/", {"seen": "1"}),
    "appointment": (
        "operator",
        "authority/units/{unit}/",
        {"appoint": "1", "kind": "resident", "number": NUMBERS["马经办"], "name": "马经办"},
    ),
    "desk": ("lin", "desk/", None),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_each_refusal_leaves_its_row_too(stage: Stage, name: str):
    """Told on a page of its own or on the page that was tried, it is written down once."""
    who, path, typed = REFUSED[name]
    if name == "submit":
        case = stage.by_unit()
    else:
        case = made.submitted_case(stage.world.lin, stage.lin)
        review.begin(case=case, by=stage.clerk)
    describe(stage.world)
    browser, address = stage.browser(who), f"/{SITE}/" + path.format(case.number, unit=stage.world.ground.hospital.pk)
    answer = browser.get(address) if typed is None else browser.post(address, typed)
    assert answer.status_code in (403, 422)
    refused = Entry.objects.filter(outcome="refused")
    assert [(row.action, row.subject) for row in refused] == [("web.page.refused", name)]
    if "{}" in path:
        assert refused[0].detail["number"] == case.number


def test_no_row_no_deed(live_stage: Stage):
    """The ledger cannot be written: nothing is decided, looked at or exported."""
    stage = live_stage
    case = made.approve(made.submitted_case(stage.world.lin, stage.lin), stage.clerk)
    county = stage.browser("county")
    county.raise_request_exception = False
    with patch.object(Pending.objects, "create", side_effect=OSError("disk full")):
        own = f"/{SITE}/work/{case.number}/"
        answers = [
            county.post(
                own, {"verdict": "send_back", "step": "county", "seen": "2", "faulty": "basic", "opinion": "x"}
            ),
            county.get(own),
            county.post(f"{own}unmask/", {"show": "basic"}),
            county.post(f"/{SITE}/work/export/?tab=waiting"),
        ]
    assert [answer.status_code for answer in answers] == [500] * 4
    assert NUMBERS["林致远"] not in "".join(answer.content.decode("utf-8", "replace") for answer in answers)
    assert made.fresh(case).revision == case.revision


@pytest.fixture
def sealed(db: None):
    """Thirty entries, sealed in three goes; the triggers are out of the way of whoever has the database."""
    for number in range(30):
        audit.record("tests.thing.done", by=system("tests"), kind="thing", id=str(number))
        if number % 10 == 9:
            audit.seal_pending()
    _triggers.drop(connection)
    yield
    _triggers.create(connection)


def tamper(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET subject = 'x' WHERE subject = '7'",
        "UPDATE audit_entry SET name = 'x' WHERE subject = '7'",
        "UPDATE audit_entry SET outcome = 'refused' WHERE subject = '7'",
        "DELETE FROM audit_entry WHERE subject = '7'",
        "DELETE FROM audit_seal WHERE leaf_index = 7",
        "DELETE FROM audit_seal WHERE leaf_index >= 20",
        "DELETE FROM audit_checkpoint WHERE size = 20",
        "DELETE FROM audit_checkpoint",
        "UPDATE audit_checkpoint SET root = head WHERE size = 30",
        "UPDATE audit_seal SET leaf_index = 99 WHERE leaf_index = 29",
    ],
)
def test_the_command_finds_what_was_changed(sealed: None, statement: str, capsys: pytest.CaptureFixture[str]):
    assert run(Namespace(verb="verify")) == 0
    tamper(statement)
    assert run(Namespace(verb="verify")) == 1
    assert "发现" in capsys.readouterr().out


def test_a_database_cut_back_with_its_checkpoints_is_found_by_the_file(sealed: None):
    for table, column in ((Seal, "leaf_index__gte"), (Checkpoint, "size__gt")):
        table.objects.filter(**{column: 10}).delete()
    Entry.objects.exclude(pk__in=Seal.objects.values("entry")).delete()
    found = ledger.verify()
    assert not found.sound
    assert any("数据库中没有" in fault for fault in found.faults)
