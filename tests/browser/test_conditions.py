"""The page's twin of the condition language gives the same answers as the server (definitions.conditions)."""

import json

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from bole.definitions.conditions import Coded, compiled
from bole.kernel import clock

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

SCOPE = {
    "kind": Coded("99", "其他"),
    "start": "2018-09",
    "end": "2018-11-30",
    "born": "1990-02-28",
    "today": clock.today().isoformat(),
    "none": None,
    "rank": 3,
    "text": "工程技术",
    "fields": (Coded("1", "医疗"), Coded("2", "教育")),
    "empty": (),
}
CONDITIONS = [
    'kind == "其他"', 'kind == "99"', 'kind == "9"', 'kind != "其他"', "kind == null", "none == null", "none != null",
    'kind in ["1", "其他"]', 'kind not in ["1"]', '"教育" in fields', '"9" in fields', '"工程" in text',
    '"1" in none',
    "end >= start", "start > end", "start <= none", "none < start", 'start < "2018-10"', 'start == "2018-09"',
    "rank > 2", "rank >= 3.5", "rank == 3", "rank == 3.0", 'rank == "3"', "rank < none",
    "count(fields) == 2", "count(none) == 0", "count(kind) == 1", "count(empty) == 0", "len(text) == 4",
    "len(kind) == 2",
    "age(born) >= 36", "age(none) == null", "months_between(start, end) == 2",
    'months_between("2018-09-15", "2018-10-14") == 0',
    'retirement(born, 60) == "2053-02-28"', 'retirement("1964-12-31", 60) == "2024-12-31"',
    'retirement("1965-01-31", 60) == "2025-02-28"', 'retirement("1971-04-02", 55) == "2026-08-02"',
    'retirement("1984-10", 50) == "2039-09-01"', "retirement(none, 55) == null", "today < retirement(born, 50)",
    "not (rank > 2)", 'rank > 2 and kind == "其他"', "rank > 9 or empty", "fields", "empty", "not none", "1 < rank < 5",
    "true", "false", "null", "kind == kind", "fields == fields", "rank == -3",
]  # fmt: skip


def as_json(value: object) -> object:
    """A scope value as the script's test builds it."""
    if isinstance(value, Coded):
        return {"code": value.code, "name": value.name}
    return [as_json(each) for each in value] if isinstance(value, tuple) else value


def test_page_and_server_agree_on_every_condition(page: Page, live_server: LiveServer):
    page.goto(f"{live_server.url}/offline/")
    given = {
        "scope": {name: as_json(value) for name, value in SCOPE.items()},
        "trees": [compiled(source).tree for source in CONDITIONS],
    }
    answers = page.evaluate(
        """async (given) => {
            const { holds } = await import("/static/bole/js/conditions.js");
            const { Coded } = await import("/static/bole/js/values.js");
            const alive = (value) => Array.isArray(value) ? value.map(alive)
                : value && typeof value === "object" ? new Coded(value.code, value.name) : value;
            const lookup = (name) => alive(given.scope[name]);
            return given.trees.map((tree) => holds(tree, lookup));
        }""",
        json.loads(json.dumps(given)),
    )
    expected = [compiled(source).holds(SCOPE) for source in CONDITIONS]
    differing = [
        (source, server, script)
        for source, server, script in zip(CONDITIONS, expected, answers, strict=True)
        if server is not script
    ]
    # Controls hold text, so the page alone reads "3" as the number that the server's cleaning makes of it.
    assert [each[0] for each in differing] == ['rank == "3"']
