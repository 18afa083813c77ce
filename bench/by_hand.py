"""The work of the desks as somebody would write it in SQL for this one purpose: no rooms, no engine, no objects.

What belongs to the work is done: rows locked, the role looked up, words sealed, the ledger's digest made, messages
written. What only a platform needs is not: definitions, conditions, refusals in sentences.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from bole.documents import actions as documents
from bole.documents.terms import Column
from bole.kernel import clock, sealing
from bole.kernel.actors import Actor

_MATRIX = """
    SELECT service, sum(waiting)::int, sum(cleared)::int, sum(returned)::int, sum(today)::int, sum(done)::int
    FROM (
        SELECT service, count(*) FILTER (WHERE cleared_at IS NULL AND (held_until IS NULL OR held_until <= %(now)s))
                   AS waiting,
               count(*) FILTER (WHERE cleared_at IS NOT NULL) AS cleared, 0 AS returned, 0 AS today, 0 AS done
        FROM review_task WHERE unit_id = %(unit)s AND role = 'reviewer' AND closed_at IS NULL AND year = %(year)s
        GROUP BY service
        UNION ALL
        SELECT service, 0, 0, count(*), 0, 0
        FROM review_task WHERE decided_unit_id = %(unit)s AND role = 'reviewer' AND returned AND year = %(year)s
        GROUP BY service
        UNION ALL
        SELECT service, 0, 0, 0, sum(passed + sent_back + terminated) FILTER (WHERE day = %(day)s),
               sum(passed + sent_back + terminated)
        FROM review_desktally WHERE unit_id = %(unit)s AND role = 'reviewer' AND year = %(year)s GROUP BY service
    ) counts GROUP BY service ORDER BY service
"""


def matrix(unit: UUID, year: int, on: date) -> list[Any]:
    """Every number of the matrix in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_MATRIX, {"unit": unit, "year": year, "day": on, "now": clock.now()})
        return cursor.fetchall()


_COUNTERS = """
    SELECT (SELECT count(*) FROM (SELECT 1 FROM review_task WHERE unit_id = %(unit)s AND role = 'reviewer'
                AND closed_at IS NULL AND cleared_at IS NULL AND (held_until IS NULL OR held_until <= %(now)s)
                LIMIT 5001) waiting),
           (SELECT count(*) FROM (SELECT 1 FROM review_task WHERE unit_id = %(unit)s AND role = 'reviewer'
                AND closed_at IS NULL AND cleared_at IS NULL AND (held_until IS NULL OR held_until <= %(now)s)
                AND coalesce(due_on, '9999-12-31') <= %(day)s LIMIT 5001) pressing),
           (SELECT count(*) FROM (SELECT 1 FROM review_task WHERE decided_unit_id = %(unit)s AND role = 'reviewer'
                AND returned LIMIT 5001) returned),
           (SELECT count(*) FROM (SELECT 1 FROM review_task WHERE decided_unit_id = %(unit)s AND role = 'reviewer'
                AND closed_at IS NOT NULL AND verdict <> '' AND closed_at >= %(start)s
                AND closed_at < %(start)s + interval '1 day' LIMIT 5001) today),
           (SELECT count(*) FROM (SELECT 1 FROM review_task WHERE decided_unit_id = %(unit)s AND role = 'reviewer'
                AND closed_at IS NOT NULL AND verdict <> '' LIMIT 5001) done)
"""
_ROWS = """
    SELECT c.number, p.id, p.name, p.identity_number, u.name, c.facts, c.has_gaps, c.submitted_at, c.revision,
           t.opened_at, t.due_on, t.begun_name, t.claimed_name, t.service, t.verdict
    FROM review_task t
    JOIN cases_case c ON c.id = t.case_id
    LEFT JOIN people_person p ON p.id = c.person_id
    JOIN organizations_unit u ON u.id = c.unit_id
"""
_WAITING = f"""{_ROWS}
    WHERE t.unit_id = %s AND t.role = 'reviewer' AND t.closed_at IS NULL AND t.cleared_at IS NULL
    AND (t.held_until IS NULL OR t.held_until <= %s)
    ORDER BY coalesce(t.due_on, '9999-12-31'), t.opened_at, t.id LIMIT 51
"""
_DONE = f"""{_ROWS}
    WHERE t.decided_unit_id = %s AND t.role = 'reviewer' AND t.closed_at IS NOT NULL AND t.verdict <> ''
    ORDER BY t.closed_at DESC, t.id LIMIT %s
"""
_VERDICTS = {"approve": "审核通过", "send_back": "退回修改", "terminate": "资格不符，终止审核"}


def waiting(unit: UUID, on: date) -> tuple[tuple[int, ...], list[tuple[str, str, str]]]:
    """The counters of a desk and the first 50 rows that wait there: number, name and masked identity number."""
    now = clock.now()
    start = datetime.combine(on, time(), tzinfo=clock.CHINA)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTERS, {"unit": unit, "now": now, "day": on, "start": start})
        counted = cursor.fetchone()
        cursor.execute(_WAITING, [unit, now])
        rows = cursor.fetchall()[:50]
    return tuple(counted), [(row[0], row[2], _masked(row[1], row[3])) for row in rows]


def _masked(person: UUID, sealed: bytes) -> str:
    number = sealing.unseal(bytes(sealed), f"people_person.identity_number.{person}").decode()
    return number[:4] + "*" * (len(number) - 8) + number[-4:]


def export(unit: UUID, most: int, columns: Sequence[str], names: Mapping[str, str], header: Sequence[str]) -> bytes:
    """So many rows of what a desk decided, the last first, as a workbook; fetched as they are written."""
    made = io.BytesIO()
    stream = documents.SheetStream(made, [Column(head, 20) for head in header], name="总办结")
    connection.ensure_connection()
    with transaction.atomic(), connection.connection.cursor(name="bench_export") as cursor:
        cursor.execute(_DONE, [unit, most])
        while rows := cursor.fetchmany(2000):
            stream.add([_cells(row, columns, names) for row in rows])
    stream.finish()
    return made.getvalue()


def _cells(row: Any, columns: Sequence[str], names: Mapping[str, str]) -> list[str]:
    facts = row[5] if isinstance(row[5], dict) else json.loads(row[5])
    sent = f"{row[7].astimezone(clock.CHINA):%Y-%m-%d %H:%M}" if row[7] else ""
    return [
        row[0], row[2], _masked(row[1], row[3]), row[4], names[row[13]],
        *(str(facts.get(each, "")) for each in columns),
        "有说明代替材料" if row[6] else "齐全", sent, row[10].isoformat() if row[10] else "", _VERDICTS[row[14]],
    ]  # fmt: skip


_ROLE = """
    SELECT 1 FROM organizations_appointment
    WHERE account_id = %s AND unit_id = %s AND role = 'reviewer' AND ended_at IS NULL AND accepted_at IS NOT NULL
    FOR SHARE
"""
_CASE = """
    SELECT c.id, c.revision, c.round, c.site, c.service, c.unit_id, t.id, t.year, unit.name, person.account_id,
           next.id, next.name
    FROM cases_case c
    JOIN review_task t ON t.case_id = c.id AND t.closed_at IS NULL AND t.unit_id = %(desk)s
    JOIN organizations_unit unit ON unit.id = c.unit_id
    LEFT JOIN people_person person ON person.id = c.person_id
    JOIN organizations_unit next ON next.id = %(next)s
    WHERE c.number = %(number)s AND c.revision = %(seen)s AND c.status = 'in_review' AND c.step = 'county'
    AND NOT EXISTS (SELECT 1 FROM cases_typist y WHERE y.case_id = c.id AND y.account = %(account)s)
    AND (person.account_id IS NULL OR person.account_id <> %(account)s)
    FOR UPDATE OF c
"""
_MOVES = 'SELECT kind, step, "to", account, faulty FROM review_movement WHERE case_id = %s ORDER BY revision'
_HOLDERS = """
    SELECT a.account_id, account.name, account.phone, account.email FROM organizations_appointment a
    JOIN accounts_account account ON account.id = a.account_id
    WHERE a.unit_id = %s AND a.role = 'reviewer' AND a.ended_at IS NULL AND a.accepted_at IS NOT NULL
"""
_APPLICANT = "SELECT id, name, phone, email FROM accounts_account WHERE id = %s"
_MOVEMENT = """
    INSERT INTO review_movement (id, case_id, revision, kind, step, "to", skipped, faulty, opinion, desks, unit_id,
        unit_name, account, account_name, moved_at, resume, late, late_reason)
    VALUES (%s, %s, %s, 'passed', 'county', 'region', '[]', %s, %s, '[]', %s, %s, %s, %s, %s, '', 0, NULL)
"""
_STANDING = """
    UPDATE cases_case SET status = 'in_review', step = 'region', seat_unit_id = %s, open_sections = NULL, faults = NULL,
        revision = %s, changed_at = %s WHERE id = %s
"""
_CLOSED = """
    UPDATE review_task SET closed_at = %s, closed_by = %s, verdict = 'approve', decided_unit_id = %s WHERE id = %s
"""
_TASK = """
    INSERT INTO review_task (id, case_id, site, service, step, unit_id, role, opened_at, due_on, begun_name, verdict,
        year, held_until)
    VALUES (%s, %s, %s, %s, 'region', %s, 'reviewer', %s, %s, '', '', %s, %s)
"""
_TALLY = """
    INSERT INTO review_desktally (id, unit_id, role, service, year, day, passed, sent_back, terminated)
    VALUES (gen_random_uuid(), %s, 'reviewer', %s, %s, %s, 1, 0, 0)
    ON CONFLICT (unit_id, role, service, year, day) DO UPDATE SET passed = review_desktally.passed + 1
"""
_ENTRY = """
    INSERT INTO audit_entry (id, at, account, name, way, unit, action, outcome, kind, subject, detail, address, mac)
    VALUES (%s, %s, %s, %s, %s, %s, 'review.case.decided', 'done', 'case', %s, %s, '', %s)
"""
_PENDING = "INSERT INTO audit_pending (entry) VALUES (%s)"
_MESSAGE = """
    INSERT INTO notices_message (id, account_id, kind, title, body, link, key, inbox, created_at)
    VALUES (%s, %s, '', %s, %s, %s, %s, true, %s)
"""
_DELIVERY = """
    INSERT INTO notices_delivery (id, message_id, channel, target, text, state, tries, fault, key, created_at, next_at)
    VALUES (%s, %s, 'sms', %s, %s, 'pending', 1, '', %s, %s, %s)
"""
_SENT = "UPDATE notices_delivery SET state = 'sent', text = NULL, sent_at = %s WHERE id = ANY(%s)"


def approve(number: str, seen: int, after: UUID, due: date, by: Actor, *, held: bool = False) -> None:
    """The county passes a case to the desk `after`: one transaction, one for the messages, and a note that they went.

    Raises RuntimeError where the case is not there to be passed.
    """
    now = clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ROLE, [by.account, by.unit])
        words = {"number": number, "seen": seen, "desk": by.unit, "next": after, "account": by.account}
        cursor.execute(_CASE, words)
        found = cursor.fetchone()
        if found is None:
            raise RuntimeError(f"{number} is not at the desk")
        case, revision, _, site, service, unit, task, year, unit_name, owner, *_ = found
        cursor.execute(_MOVES, [case])
        if any(kind == "passed" and account == by.account for kind, _, _, account, _ in cursor.fetchall()):
            raise RuntimeError(f"{number}: the same eyes in two seats")
        cursor.execute(_HOLDERS, [after])
        holders = cursor.fetchall()
        move, place = uuid4(), "review_movement"
        faulty, opinion = (
            sealing.seal(text, f"{place}.{column}.{move}") for text, column in ((b"[]", "faulty"), (b"", "opinion"))
        )
        told = [move, case, revision + 1, faulty, opinion, by.unit, unit_name, by.account, by.name, now]
        cursor.execute(_MOVEMENT, told)
        cursor.execute(_STANDING, [after, revision + 1, now, case])
        cursor.execute(_CLOSED, [now, by.account, by.unit, task])
        until = now + timedelta(minutes=10) if held else None
        cursor.execute(_TASK, [uuid4(), case, site, service, after, now, due, year, until])
        cursor.execute(_TALLY, [by.unit, service, year, clock.china(now).date()])
        _record(cursor, number, unit, revision + 1, now, by)
    with transaction.atomic(), connection.cursor() as cursor:
        if owner is not None:
            cursor.execute(_APPLICANT, [owner])
            holders = [cursor.fetchone(), *([] if held else holders)]
        deliveries = _tell(cursor, holders, move, number, now)
    # Only what is committed is sent, and only what was sent is noted as sent: else a crash loses it, or says so.
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [now, deliveries])


def _record(cursor: CursorWrapper, number: str, unit: UUID, revision: int, now: datetime, by: Actor) -> None:
    entry = uuid4()
    detail = {"kind": "passed", "step": "county", "to": "region", "revision": revision}
    said = [entry.hex, now.isoformat(), str(by.account), by.name, by.way.value, unit.hex, number, detail]
    mac = sealing.mac(json.dumps(said, ensure_ascii=False, sort_keys=True).encode(), "audit-entry")
    cursor.execute(_ENTRY, [entry, now, by.account, by.name, by.way.value, unit, number, json.dumps(detail), mac])
    cursor.execute(_PENDING, [entry])


def _tell(cursor: CursorWrapper, accounts: list[Any], move: UUID, number: str, now: datetime) -> list[UUID]:
    """A message and a text for everybody, to be sent at once."""
    deliveries = []
    for account, _, phone, _ in accounts:
        message, delivery, text = uuid4(), uuid4(), "【伯乐】您有一条新消息。详情请登录平台查看。"
        key = f"{move}/{account}"
        cursor.execute(_MESSAGE, [message, account, "有一份申报等待办理", f"受理编号 {number}。", "/", key, now])
        number_of = sealing.unseal(bytes(phone), f"accounts_account.phone.{account}")
        target, body = (
            sealing.seal(said, f"notices_delivery.{column}.{delivery}")
            for said, column in ((number_of, "target"), (text.encode(), "text"))
        )
        cursor.execute(_DELIVERY, [delivery, message, target, body, f"{key}:sms", now, now])
        deliveries.append(delivery)
    return deliveries


def approve_many(chosen: list[tuple[str, int]], after: UUID, due: date, by: Actor) -> Iterator[str]:
    """Each in its own transaction, as the platform promises: what fails stops no other."""
    for number, seen in chosen:
        approve(number, seen, after, due, by, held=True)
        yield number
