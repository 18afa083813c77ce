"""The tree of 100,000 units with 1,000,000 persons: what hangs below a unit, against hand-written SQL, and its page."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.utils.html import escape
from tests.factories.organizations import SPARE_NUMBERS, give_role, make_account

from bench import bare, crowd, cutting, ground
from bench.measure import Result, race
from bole.kernel.actors import Way
from bole.organizations import queries as organizations
from bole.organizations.models import END, Unit
from bole.organizations.terms import Role
from bole.people import queries as people
from bole.people.models import Person
from bole.people.terms import PersonState

AIM, PAGE_AIM = 1.5, 3.0
_UNITS = "SELECT count(*) FROM organizations_unit WHERE path >= %s AND path < %s AND closed_on IS NULL"
_STATES = """
    SELECT count(*) FILTER (WHERE a.is_active), count(*) FILTER (WHERE p.account_id IS NULL)
    FROM people_tie t
    JOIN organizations_unit u ON u.id = t.unit_id
    JOIN people_person p ON p.id = t.person_id
    LEFT JOIN accounts_account a ON a.id = p.account_id
    WHERE t.until_on IS NULL AND u.path >= %s AND u.path < %s
"""
_PERSONS = """
    SELECT p.id, p.name FROM people_person p
    JOIN people_tie t ON t.person_id = p.id AND t.until_on IS NULL
    JOIN organizations_unit u ON u.id = t.unit_id AND u.path >= %s AND u.path < %s
    WHERE p.account_id IS NULL ORDER BY p.pinyin, p.name, p.id LIMIT 50
"""


def run() -> Iterator[Result]:
    """Each query gives the same answer as the SQL beside it before the race; so does the page."""
    top, cookie = _fill()
    city = Unit.objects.get(path=f"{top.path}c001")
    department = Unit.objects.filter(path__startswith=city.path, kind="department").order_by("-path")[0]
    yield _count(top)
    yield _states(city)
    yield _persons(department)
    yield _page(department, cookie, "")
    yield _page(department, cookie, "children/")


def _fill() -> tuple[Unit, str]:
    """The crowd under the region's authority, and the session of the authority's administrator."""
    world = ground.world()
    top = world.ground.province
    crowd.fill(top, world.ground.school, Person.objects.filter(account=world.lin.account).get())
    account = make_account("乌管理", SPARE_NUMBERS[0], "13700000001")
    give_role(top, Role.ADMINISTRATOR, account)
    return top, ground.session_of(account, Way.ADMINISTRATOR, unit=top.pk)


def _rows(sql: str, *words: Any) -> Callable[[], list[Any]]:
    def fetch() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, words)
            return cursor.fetchall()

    return fetch


def _against(name: str, ours: Callable[[], Any], floor: Callable[[], Any], note: str, *, rounds: int = 31) -> Result:
    if ours() != floor():
        raise RuntimeError(f"{name}: the contestants answer differently: {ours()!r} / {floor()!r}"[:2000])
    told = f"{note}, {ground.queries(ours)} queries against {ground.queries(floor)}"
    return race(name, lambda _: ours(), lambda _: floor(), aim=AIM, rounds=rounds, note=told)


def _count(top: Unit) -> Result:
    fetch = _rows(_UNITS, top.path, top.path + END)
    return _against(
        "units_below", lambda: organizations.units_below(top).open().count(), lambda: fetch()[0][0], "of all units"
    )


def _states(city: Unit) -> Result:
    fetch = _rows(_STATES, city.path, city.path + END)

    def ours() -> tuple[int, int]:
        counts = people.counts_below(city)
        return counts[PersonState.ACTIVE], counts[PersonState.ROSTER]

    return _against("persons_by_state", ours, lambda: fetch()[0], "100,000 of 1,000,000", rounds=11)


def _persons(department: Unit) -> Result:
    fetch = _rows(_PERSONS, department.path, department.path + END)

    def ours() -> list[tuple[Any, ...]]:
        found = people.persons_below(department, PersonState.ROSTER).order_by("pinyin", "name", "id")
        return list(found.values_list("id", "name")[:50])

    return _against("persons_below", ours, fetch, "50 of a department's 1,000")


def _page(department: Unit, cookie: str, part: str) -> Result:
    """「组织机构管理」 opened at a department with 99 units, or only the page of the tree that comes when its line is
    opened: the whole middleware against one query and a loop."""
    ours = ground.getter(ground.whole(), f"/{department.site}/organizations/{department.pk}/{part}", cookie)
    page = ours().decode()
    bare.prepare_tree(*tree_template(page, department), department.pk)
    floor = ground.getter(ground.bare(), "/bare/tree/")
    cutting.demand_same(cutting.without_seals(page), cutting.without_seals(floor().decode()))
    note = f"{len(page.encode()) / 1024:.0f} KB, {ground.queries(ours)} queries against {ground.queries(floor)}"
    name = "tree_branch" if part else "tree_page"
    return race(name, lambda _: ours(), lambda _: floor(), aim=PAGE_AIM, note=note)


def tree_template(page: str, above: Unit) -> tuple[str, str]:
    """What stands before the lines of the open unit, as a template with them in a loop. Raises ValueError."""
    children = list(Unit.objects.filter(parent=above).order_by("path")[:50])
    first, last = children[0], children[-1]
    start = page.find(f'id="under-{above.pk}"')  # a branch that comes alone begins with its first line
    start = page.index("<li>", max(start, 0))
    line = page[start : page.index("<li>", start + 1)]
    end = page.index("<li>", page.index(str(last.pk)))  # the line that leads to the others
    row = cutting.literal(line).replace(str(first.pk), "{{ row.pk }}").replace(escape(first.name), "{{ row.name }}")
    if len(re.findall("row.name", row)) < 1:
        raise ValueError("the first line does not name its unit")
    return cutting.literal(page[:start]) + "{% for row in rows %}" + row, "{% endfor %}" + cutting.literal(page[end:])
