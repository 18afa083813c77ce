"""Recording, sealing, reading."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from bole.audit import actions, queries
from bole.audit.models import Checkpoint, Entry, Pending, Seal
from bole.audit.terms import LedgerError, Outcome
from bole.kernel.actors import Actor, Way, system
from bole.kernel.clock import now

pytestmark = pytest.mark.django_db
CLERK = Actor(way=Way.UNIT, account=uuid4(), name="顾言书", unit=uuid4(), address="127.0.0.1")


def record(count: int = 1) -> None:
    for number in range(count):
        actions.record("cases.case.submitted", by=CLERK, kind="case", id=f"C{number}", detail={"step": number})


def test_an_entry_says_who_what_and_for_whom():
    record()
    entry = Entry.objects.get()
    assert (entry.account, entry.name, entry.way, entry.unit) == (CLERK.account, "顾言书", "unit", CLERK.unit)
    assert (entry.action, entry.kind, entry.subject) == ("cases.case.submitted", "case", "C0")
    assert (entry.outcome, entry.detail, entry.address) == (Outcome.DONE, {"step": 0}, "127.0.0.1")


@pytest.mark.parametrize(
    "action", ["submitted", "case.submitted", "Cases.case.submitted", "a.b.c.d", "cases.case.", ""]
)
def test_an_action_is_room_subject_verb(action):
    with pytest.raises(ValueError, match="is not room"):
        actions.record(action, by=CLERK, kind="case", id="1")
    assert not Entry.objects.exists()


@pytest.mark.parametrize("detail", [{"score": 1.5}, {"list": [{"deep": 0.1}]}, {"bytes": b""}, {1: "key"}])
def test_details_are_plain_json(detail):
    with pytest.raises(TypeError):
        actions.record("cases.case.submitted", by=CLERK, kind="case", id="1", detail=detail)


def test_no_entry_without_the_act_and_no_act_without_the_entry():
    def failing() -> None:
        with transaction.atomic():
            record()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert (Entry.objects.count(), Pending.objects.count()) == (0, 0)


def test_sealing_takes_everything_once(checkpoints):
    record(3)
    assert actions.seal_pending() == 3
    assert actions.seal_pending() == 0
    record(2)
    assert actions.seal_pending() == 2
    assert list(Seal.objects.order_by("leaf_index").values_list("leaf_index", flat=True)) == [0, 1, 2, 3, 4]
    assert [json.loads(line)["size"] for line in checkpoints.read_text().splitlines()] == [3, 5]
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [3, 5]
    found = queries.verify()
    assert (found.sound, found.entries, found.faults) == (True, 5, [])


def test_sealing_in_parts_gives_the_same_order(checkpoints):
    record(7)
    assert [actions.seal_pending(limit=3) for _ in range(4)] == [3, 3, 1, 0]
    order = [Entry.objects.get(pk=seal.entry).subject for seal in Seal.objects.order_by("leaf_index")]
    assert order == [f"C{number}" for number in range(7)]
    assert queries.verify().sound


def test_unsealed_entries_count_as_sound():
    record(2)
    actions.seal_pending()
    record(1)
    assert queries.verify() == queries.Verification(True, 3, [])


def test_a_crash_before_the_line_is_made_good_by_the_next_sealing(checkpoints):
    record(2)
    actions.seal_pending()
    checkpoints.write_text('{"size": 2, "ro')  # torn in the middle
    record(1)
    actions.seal_pending()
    lines = checkpoints.read_text().splitlines()
    assert [json.loads(line)["size"] for line in lines[1:]] == [2, 3]


def test_nothing_is_sealed_over_a_changed_checkpoint(without_triggers):
    record(2)
    actions.seal_pending()
    Checkpoint.objects.update(root="0" * 64)
    record(1)
    with pytest.raises(LedgerError):
        actions.seal_pending()


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal", "audit_checkpoint"])
@pytest.mark.parametrize("words", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_the_database_refuses_changes(table, words):
    record()
    actions.seal_pending()
    column = {"audit_entry": "name", "audit_seal": "leaf_index", "audit_checkpoint": "size"}[table]
    statement = words.format(table, column, column)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (Entry.objects.count(), Seal.objects.count(), Checkpoint.objects.count()) == (1, 1, 1)


def test_refusals_are_on_record_too():
    actions.record_refusal("review.case.decided", by=CLERK, kind="case", id="9")
    assert queries.about("case", "9").get().outcome == Outcome.REFUSED


def test_a_person_sees_who_looked():
    person, other, own = uuid4(), uuid4(), uuid4()
    actions.record("people.person.viewed", by=CLERK, kind="person", id=str(person))
    actions.record("documents.file.downloaded", by=CLERK, kind="file", id="7", person=person)
    actions.record("people.person.viewed", by=CLERK, kind="person", id=str(other))
    actions.record("people.person.registered", by=system("import"), kind="person", id=str(person))
    actions.record("people.person.viewed", by=Actor(way=Way.PERSON, account=own), kind="person", id=str(person))
    actions.record_refusal("people.person.exported", by=CLERK, kind="person", id=str(person))
    looked = {entry.action for entry in queries.looks_at(person, besides=own)}
    assert looked == {"people.person.viewed", "documents.file.downloaded"}
    assert queries.looks_at(person).count() == 3
    account: UUID = CLERK.account or uuid4()
    seen = queries.looks_by(account, since=now() - timedelta(minutes=1), until=now() + timedelta(minutes=1))
    assert {entry.person for entry in seen} == {person, other}
