"""The desks of a province at their real size: a million cases of ten services with three tasks each, written in SQL.

Of a hundred cases six wait at the province's desk, two were passed there and wait for 送审, two lie returned, two wait
at the county's desk, one was ended and 87 are completed. What is open is of this year, the rest of the last five.
Movements stand only behind the cases that a benchmark decides on: what they say is sealed row by row.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from tests.factories import cases
from tests.factories.organizations import SETUP, SPARE_NUMBERS, as_unit
from tests.factories.people import as_self, register

from bench import clones, ground
from bole.accounts.models import Account
from bole.cases.models import Case
from bole.definitions import actions as publishing
from bole.definitions import queries as definitions
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.people.models import Person
from bole.review.models import Movement

CASES = int(os.environ.get("BOLE_BENCH_CASES", "1010000"))
SERVICES, PERSONS, UNITS, APPLICANTS = 10, 20_000, 200, 100
_ROUTE = """\
route: two-desks
name: 县区和自治区两级审核
steps:
  - step: unit
    name: 单位确认
    kind: confirmation
    seat: subject_unit
    role: collection-administrator
    verdicts: {approve: 确认无误上报, send_back: 退回修改}
  - step: county
    name: 县（区）人社部门审核
    seat: {kind: authority, level: county}
    role: reviewer
    verdicts: {approve: 审核通过, send_back: 退回修改, terminate: 资格不符，终止审核}
    send_back_to: [applicant, unit]
    due: 10
  - step: region
    name: 自治区人社厅审核
    seat: {kind: authority, level: province}
    role: reviewer
    verdicts: {approve: 审核通过, send_back: 退回修改, terminate: 资格不符，终止审核}
    send_back_to: [applicant, unit, county]
    due: 10
"""
_CHANGES = (
    ("service: talent-collection\n", "service: bench-{n}\n"),
    ("name: 高层次人才采集\n", "name: 人才项目{n}\ncategory: 人才业务{half}\n"),
    ("number: CJ\n", "number: B{letter}\n"),
    ("at: [county, city, region]", "at: [county, region]"),
    ("route: ningxia-three-level\n", "route: two-desks\n"),
)

# By n % 100: how far the case is. `stage` is one of these; everything else about a case follows from it and from n.
_FAR = """
    SELECT n, md5('desks' || n)::uuid AS id, 1 + n / 100 %% %(services)s AS service,
           CASE WHEN n %% 100 < 6 THEN 'waiting' WHEN n %% 100 < 8 THEN 'cleared' WHEN n %% 100 < 10 THEN 'returned'
                WHEN n %% 100 < 12 THEN 'county' WHEN n %% 100 = 12 THEN 'ended' ELSE 'completed' END AS stage,
           %(now)s - CASE WHEN n %% 100 < 12 THEN 0 ELSE n / 1000 %% 5 END * interval '365 days'
                   - n / 7 %% 300 * interval '1 day' - n %% 3600 * interval '1 second' AS at
    FROM generate_series(1, %(cases)s) n
"""
_CASES = """
    WITH persons AS (
        SELECT array_agg(id ORDER BY id) AS ids, count(*)::int AS many FROM people_person WHERE account_id IS NULL
    ), units AS (
        SELECT array_agg(id ORDER BY id) AS ids, count(*)::int AS many FROM organizations_unit
        WHERE kind = 'unit' AND region = '640104'
    ), far AS ({far}), hashes AS (SELECT code, hash FROM definitions_publisheddefinition WHERE code LIKE 'bench-%%')
    INSERT INTO cases_case ({columns[0]})
    SELECT {columns[1]} FROM cases_case base, persons, units, far JOIN hashes ON hashes.code = 'bench-' || far.service
    WHERE base.id = %(like)s ORDER BY far.id
"""
_CASE_CHANGES = {
    "id": "far.id",
    "number": "'BENCH-' || lpad(far.n::text, 8, '0')",
    "service": "hashes.code",
    "service_hash": "hashes.hash",
    "person_id": "persons.ids[1 + far.n %% persons.many]",
    "unit_id": "units.ids[1 + far.n %% units.many]",
    "opened_at": "far.at - interval '5 days'",
    "submitted_at": "far.at",
    "changed_at": "far.at + interval '3 days'",
    "closed_at": "CASE WHEN far.stage IN ('ended', 'completed') THEN far.at + interval '3 days' END",
    "status": "CASE far.stage WHEN 'ended' THEN 'terminated' WHEN 'completed' THEN 'completed' "
    "WHEN 'returned' THEN 'returned' ELSE 'in_review' END",
    "step": "CASE far.stage WHEN 'county' THEN 'county' WHEN 'waiting' THEN 'region' WHEN 'cleared' THEN 'region' "
    "ELSE '' END",
    "seat_unit_id": "CASE far.stage WHEN 'county' THEN %(county)s::uuid WHEN 'waiting' THEN %(region)s::uuid "
    "WHEN 'cleared' THEN %(region)s::uuid END",
    "revision": "CASE far.stage WHEN 'county' THEN 2 WHEN 'waiting' THEN 3 ELSE 4 END",
    "open_sections": "CASE WHEN far.stage = 'returned' THEN '[\"basic\"]'::jsonb END",
    "open_key": "NULL",
    "faults": "NULL",
}
# The task of one desk, by the columns of _TASKS: who sits there, when it came, when and how it was closed.
_DESKS = (
    ("unit", "cases.unit_id", "'collection-administrator'", "0", "true", "'approve'", "NULL"),
    ("county", "%(county)s::uuid", "'reviewer'", "1", "far.stage <> 'county'", "'approve'", "10"),
    ("region", "%(region)s::uuid", "'reviewer'", "2", "far.stage IN ('returned', 'ended', 'completed')",
     "CASE far.stage WHEN 'returned' THEN 'send_back' WHEN 'ended' THEN 'terminate' ELSE 'approve' END", "10"),
)  # fmt: skip
_TASKS = """
    WITH far AS ({far})
    INSERT INTO review_task (
        id, case_id, site, service, step, unit_id, role, opened_at, due_on, begun_name, closed_at, closed_by, verdict,
        decided_unit_id, year, cleared_at, cleared_by, returned
    )
    SELECT md5(%(step)s || far.n)::uuid, far.id, cases.site, cases.service, %(step)s, {unit}, {role},
           far.at + {day} * interval '1 day', (far.at + ({day} + {due}) * interval '1 day')::date, '',
           CASE WHEN {closed} THEN far.at + ({day} + 1) * interval '1 day' END,
           CASE WHEN {closed} THEN %(account)s::uuid END, CASE WHEN {closed} THEN {verdict} ELSE '' END,
           CASE WHEN {closed} THEN {unit} END, extract(year FROM far.at AT TIME ZONE 'Asia/Shanghai')::int,
           CASE WHEN %(step)s = 'region' AND far.stage = 'cleared' THEN far.at + interval '3 days' END,
           CASE WHEN %(step)s = 'region' AND far.stage = 'cleared' THEN %(account)s::uuid END,
           %(step)s = 'region' AND far.stage = 'returned'
    FROM far JOIN cases_case cases ON cases.id = far.id WHERE %(step)s <> 'region' OR far.stage <> 'county'
    ORDER BY 1
"""
_TALLIES = """
    INSERT INTO review_desktally (id, unit_id, role, service, year, day, passed, sent_back, terminated)
    SELECT gen_random_uuid(), decided_unit_id, role, service, year, (closed_at AT TIME ZONE 'Asia/Shanghai')::date,
           count(*) FILTER (WHERE verdict = 'approve'), count(*) FILTER (WHERE verdict = 'send_back'),
           count(*) FILTER (WHERE verdict = 'terminate')
    FROM review_task WHERE closed_at IS NOT NULL AND verdict <> '' AND service LIKE 'bench-%'
    GROUP BY 2, 3, 4, 5, 6
    ON CONFLICT (unit_id, role, service, year, day)
    DO UPDATE SET passed = EXCLUDED.passed, sent_back = EXCLUDED.sent_back, terminated = EXCLUDED.terminated
"""
_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = ANY(%s) AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


@dataclass(frozen=True)
class Desks:
    """Who reviews for the county and for the province, and a case that lies at the county's desk, with its moves."""

    county: Actor
    region: Actor
    model: Case


def fill() -> Desks:
    """Publish the services, walk one case to the county's desk, and write the others beside it."""
    world = ground.world()
    _publish()
    person = register("柳知远", SPARE_NUMBERS[3], unit=world.ground.school)
    case = cases.submitted_case(person, as_self(person), definitions.service("ningxia", "bench-1"))
    case = cases.approve(case, as_unit(world.cast.zhou, world.ground.school))
    desks = Desks(as_unit(world.cast.chen, world.ground.xingqing), as_unit(world.cast.wu, world.ground.province), case)
    Person.objects.bulk_create(clones.person_rows(PERSONS), batch_size=2000)
    clones.make_units(case.unit, UNITS, "Y")
    with connection.cursor() as cursor, _in_bulk(cursor, "cases_case", "review_task"):
        words = {
            "cases": CASES, "services": SERVICES, "now": clock.now(), "like": case.pk, "account": world.cast.wu.pk,
            "county": world.ground.xingqing.pk, "region": world.ground.province.pk,
        }  # fmt: skip
        cursor.execute(_CASES.format(columns=clones.columns(Case, _CASE_CHANGES), far=_FAR), words)
        for step, unit, role, day, closed, verdict, due in _DESKS:
            told = _TASKS.format(unit=unit, role=role, day=day, closed=closed, verdict=verdict, due=due, far=_FAR)
            cursor.execute(told, words | {"step": step})
        cursor.execute(_TALLIES)
    return desks


@contextmanager
def _in_bulk(cursor: CursorWrapper, *tables: str) -> Iterator[None]:
    """Many rows at once: the indexes of the tables are built afterwards, keys to other tables are not looked up."""
    cursor.execute("SET statement_timeout = 0; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'")
    cursor.execute("SET synchronous_commit = off; SET session_replication_role = replica")
    cursor.execute(_INDEXES, [list(tables)])
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _, made in indexes:
        cursor.execute(made)
    cursor.execute("RESET session_replication_role; RESET synchronous_commit")
    cursor.execute("RESET work_mem; RESET maintenance_work_mem")
    cursor.execute("VACUUM ANALYZE")
    cursor.execute("RESET statement_timeout")


def _publish() -> None:
    """A catalogue of ten services that differ in code and name only, on a route of two desks behind the unit's."""
    source = Path(settings.BOLE_CATALOGUE)
    place = Path(tempfile.mkdtemp(prefix="bole-bench-"))
    for folder in ("records", "shared", "ningxia"):
        copytree(source / folder, place / folder)
    (place / "ningxia" / "routes" / "two-desks.yaml").write_text(_ROUTE, encoding="utf-8")
    text = (source / "ningxia" / "services" / "talent-collection.yaml").read_text(encoding="utf-8")
    for n in range(1, SERVICES + 1):
        twin = text
        for old, new in _CHANGES:
            if old not in twin:
                raise RuntimeError(f"the service reads otherwise now: {old!r}")
            twin = twin.replace(old, new.format(n=n, half=n % 2 + 1, letter=chr(64 + n)), 1)
        (place / "ningxia" / "services" / f"bench-{n}.yaml").write_text(twin, encoding="utf-8")
    definitions.configure(place)
    publishing.publish_catalogue(by=SETUP)


def at_county(model: Case, number: int) -> Iterator[tuple[str, int]]:
    """Give so many of the cases at the county's desk the movements of the model and applicants with accounts.

    Numbers and revisions, as a page sends them.
    """
    owners = list(_applicants())
    found = list(Case.objects.filter(status="in_review", step="county", number__startswith="BENCH-")[:number])
    if len(found) < number:
        raise RuntimeError(
            f"{number} cases to decide on asked for, {len(found)} are there; BOLE_BENCH_CASES is too low"
        )
    before = list(Movement.objects.filter(case=model).order_by("revision"))
    Movement.objects.bulk_create(
        (clones.fresh_copy(row, case_id=case.pk) for case in found for row in before), batch_size=2000
    )
    for place, case in enumerate(found):
        case.person_id = owners[place % len(owners)]
    Case.objects.bulk_update(found, ["person"], batch_size=500)
    return ((case.number, case.revision) for case in found)


def _applicants() -> Iterator[UUID]:
    for person in clones.person_rows(APPLICANTS):
        account = Account.objects.create(
            name=person.name, login=person.identity_number, login_index=person.identity_index[::-1],
            phone="13800000000", password="!", created_at=clock.now(),
        )  # fmt: skip
        person.account = account
        person.save(force_insert=True)
        yield person.pk
