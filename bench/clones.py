"""More of what the factories made once: persons with numbers of their own, complete cases, a desk full of tasks."""

from copy import copy
from datetime import date
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import Model
from tests.factories.organizations import SITE

from bole.accounts.models import Account
from bole.cases.models import Attachment, Case, SectionAnswer, Typist
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.ids import new_id
from bole.organizations.models import Unit
from bole.people import queries as people
from bole.people.models import Person, Tie

_numbers = count(1)
_SURNAMES, _GIVEN = (
    "王李张刘陈杨赵黄周吴马丁",
    ("致远", "敏", "国栋", "海燕", "晓", "建华", "秀英", "志强", "丽娟", "文博"),
)


def _identity(place: int) -> str:
    """A synthetic number; nobody checks it once it is stored."""
    return f"6401041915{place:07d}X"


def person_rows(number: int) -> list[Person]:
    """Persons that are not in the database yet, with sealed numbers and their look-up keys."""
    made = []
    for _ in range(number):
        place = next(_numbers)
        identity = _identity(place)
        name = _SURNAMES[place % len(_SURNAMES)] + _GIVEN[place % len(_GIVEN)]
        made.append(
            Person(
                identity_kind="resident", identity_number=identity, identity_index=people.identity_index(identity),
                name=name, pinyin=f"name{place:07d}", initials="nm", sex="1", birth_on=date(1915, 1, 1),
                ethnic_group="01", phone="13800000000", region="640104", site=SITE, created_at=clock.now(),
            )
        )  # fmt: skip
    return made


def fresh_copy(row: Model, **changes: Any) -> Any:
    """The same row under a new key, with some columns changed and every sealed value opened to be sealed again."""
    twin = copy(row)
    for each in row._meta.concrete_fields:
        setattr(twin, each.attname, getattr(row, each.attname))
    twin.pk = new_id()
    for name, value in changes.items():
        setattr(twin, name, value)
    twin._state = copy(row._state)
    twin._state.adding, twin._state.fields_cache = True, {}
    return twin


def complete_cases(case: Case, number: int) -> list[tuple[Case, Actor]]:
    """So many cases like this complete one, each of a person with an account of their own."""
    made = []
    for person in person_rows(number):
        account = Account(
            name=person.name, login=person.identity_number, login_index=person.identity_index[::-1],
            phone="13800000000", password="!", created_at=clock.now(),
        )  # fmt: skip
        account.save(force_insert=True)
        person.account = account
        person.save(force_insert=True)
        Tie.objects.create(person=person, unit=case.unit, basis="person", since_on=clock.today())
        twin = fresh_copy(
            case, number=f"CJ-BENCH-{person.pk.hex[:20]}", person_id=person.pk, opened_by=account.pk,
            open_key=f"{case.site}/{case.service}/{person.pk}",
        )  # fmt: skip
        twin.save(force_insert=True)
        for kind in (SectionAnswer, Attachment):
            kind.objects.bulk_create([fresh_copy(row, case_id=twin.pk) for row in kind.objects.filter(case=case)])
        Typist.objects.create(case=twin, account=account.pk)
        by = Actor(way=Way.PERSON, account=account.pk, name=account.name, person=person.pk, site=case.site)
        made.append((Case.objects.select_related("person", "unit").get(pk=twin.pk), by))
    return made


def fill_desk(case: Case, *, waiting: int, done: int, persons: int, units: int) -> None:
    """Copy a case that lies at a desk until so many tasks wait there, and as many as said were decided."""
    Person.objects.bulk_create(person_rows(persons), batch_size=2000)
    make_units(case.unit, units)
    with connection.cursor() as cursor:
        for name, size, closed in (("W", waiting, False), ("D", done, True)):
            copied = _CASES.format(columns=columns(Case, _CASE_CHANGES))
            cursor.execute(copied, {"like": case.pk, "n": size, "mark": name})
            cursor.execute(_TASKS[closed], {"like": case.pk, "mark": f"BENCH-{name}-%"})
        cursor.execute("VACUUM ANALYZE")


def make_units(like: Unit, number: int, mark: str = "Z") -> None:
    """So many units beside this one; `mark` begins the last part of their paths."""
    Unit.objects.bulk_create(
        fresh_copy(
            like, name=f"兴庆区第{place + 2}中学", path=f"{like.path[:-4]}{mark}{place:03d}",
            credit_code=None, provisional_code=None, organization_code="", insurance_number="",
        )
        for place in range(number)
    )  # fmt: skip


# Columns of a copied case that differ from the one it is copied from.
_CASE_CHANGES = {
    "id": "gen_random_uuid()",
    "number": "'BENCH-' || %(mark)s || '-' || lpad(n::text, 6, '0')",
    "person_id": "persons.ids[1 + n %% persons.many]",
    "unit_id": "units.ids[1 + n %% units.many]",
    "submitted_at": "base.submitted_at - n %% 30 * interval '1 day'",
    "changed_at": "base.changed_at - n %% 30 * interval '1 day'",
    "open_key": "NULL",
    "faults": "NULL",
}
_CASES = """
    WITH persons AS (
        SELECT array_agg(id ORDER BY id) AS ids, count(*)::int AS many FROM people_person WHERE account_id IS NULL
    ), units AS (
        SELECT array_agg(id ORDER BY id) AS ids, count(*)::int AS many FROM organizations_unit WHERE kind = 'unit'
    )
    INSERT INTO cases_case ({columns[0]})
    SELECT {columns[1]} FROM cases_case base, persons, units, generate_series(1, %(n)s) n WHERE base.id = %(like)s
"""
_TASK = """
    INSERT INTO review_task (
        id, case_id, site, service, step, unit_id, role, opened_at, due_on, begun_name, closed_at, verdict,
        decided_unit_id
    )
    SELECT gen_random_uuid(), twin.id, task.site, task.service, task.step, task.unit_id, task.role, twin.submitted_at,
           CASE WHEN right(twin.number, 6)::int %% 20 = 0 THEN NULL
                ELSE (twin.submitted_at + (5 + right(twin.number, 6)::int %% 7) * interval '1 day')::date END,
           '', {end}
    FROM review_task task, cases_case twin
    WHERE task.case_id = %(like)s AND task.closed_at IS NULL AND twin.number LIKE %(mark)s
"""
_TASKS = {
    False: _TASK.format(end="NULL, '', NULL::uuid"),
    True: _TASK.format(end="twin.submitted_at + interval '2 hours', 'approve', task.unit_id"),
}


def columns(model: type[Model], changes: dict[str, str]) -> tuple[str, str]:
    """Names of the model's columns, and where a copy of the row `base` takes each from."""
    names = [each.column for each in model._meta.concrete_fields]
    return ", ".join(names), ", ".join(changes.get(name, f"base.{name}") for name in names)
