"""A province of its real size: 100,000 units under one another and 1,000,000 persons tied to them, written in SQL.

Names and keys follow from a counter, so that every run has the same. Identity numbers are blank seals: no benchmark of
these tables shows one.
"""

from django.db import connection

from bole.organizations.models import Unit
from bole.people.models import Person

UNITS, PERSONS = 100_000, 1_000_000

# Three levels of ten (cities, counties, departments) and employers under the thousand departments.
_LEVELS = (10, 100, 1_000, UNITS - 1_110)

_UNITS = """
    INSERT INTO organizations_unit ({columns[0]})
    SELECT {columns[1]}
    FROM organizations_unit base, organizations_unit above, generate_series(1, %(each)s) n
    WHERE base.id = %(like)s AND above.path LIKE %(above)s AND length(above.path) = %(depth)s
"""
_UNIT_CHANGES = {
    "id": "gen_random_uuid()",
    "kind": "%(kind)s",
    "name": "%(word)s || substr(above.path, %(cut)s) || 'c' || lpad(n::text, 3, '0')",
    "pinyin": "'danwei' || n",
    "initials": "'dw' || n",
    "credit_code": "NULL",
    "provisional_code": "NULL",
    "organization_code": "''",
    "insurance_number": "''",
    "region": "base.region",
    "parent_id": "above.id",
    "path": "above.path || 'c' || lpad(n::text, 3, '0')",  # beside the paths that the factories' units have
    "children_made": "0",
    "administrative_superior_id": "NULL",
    "industry_superior_id": "NULL",
}
_PERSONS = """
    INSERT INTO people_person ({columns[0]})
    SELECT {columns[1]} FROM people_person base, generate_series(1, %(many)s) n WHERE base.id = %(like)s
"""
_PERSON_CHANGES = {
    "id": "md5('crowd' || n)::uuid",
    "account_id": "NULL",
    "identity_index": "'crowd' || n",
    "name": "substr('王李张刘陈杨赵黄周吴', 1 + n %% 10, 1) || substr('伟芳娜敏静', 1 + n / 10 %% 5, 1) || n",
    "pinyin": "'name' || lpad(n::text, 7, '0')",
    "initials": "'nm' || n",
}
_TIES = """
    WITH employers AS (
        SELECT array_agg(id ORDER BY path) AS ids, count(*)::int AS many
        FROM organizations_unit WHERE path LIKE %(root)s AND length(path) = %(depth)s
    )
    INSERT INTO people_tie (id, person_id, unit_id, basis, since_on, until_on)
    SELECT gen_random_uuid(), md5('crowd' || n)::uuid, employers.ids[1 + n %% employers.many], 'roster', '2026-01-05',
           CASE WHEN n %% 20 = 0 THEN '2026-06-30'::date END
    FROM employers, generate_series(1, %(many)s) n
"""


def fill(root: Unit, like: Unit, person: Person) -> None:
    """Put the crowd under `root`: units like `like`, persons like `person`; one tie in twenty has ended."""
    with connection.cursor() as cursor:
        if Person.objects.count() >= PERSONS:
            return
        cursor.execute("SET statement_timeout = 0")  # a limit for pages, not for this
        above = 1
        for level, size in enumerate(_LEVELS):
            depth = len(root.path) + 4 * level
            words = {
                "like": like.pk, "above": f"{root.path}{'c%' if level else ''}", "depth": depth,
                "kind": "department" if level < 3 else "unit", "word": "局所科厂"[level],
                "each": -(-size // above), "cut": len(root.path) + 1,
            }  # fmt: skip
            cursor.execute(_UNITS.format(columns=_columns(Unit, _UNIT_CHANGES)), words)
            above = size
        cursor.execute(_PERSONS.format(columns=_columns(Person, _PERSON_CHANGES)), {"like": person.pk, "many": PERSONS})
        cursor.execute(_TIES, {"root": f"{root.path}c%", "depth": len(root.path) + 16, "many": PERSONS})
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


def _columns(model: type[Unit] | type[Person], changes: dict[str, str]) -> tuple[str, str]:
    names = [each.column for each in model._meta.concrete_fields]
    return ", ".join(names), ", ".join(changes.get(name, f"base.{name}") for name in names)
