"""What all tests share: emptying the append-only ledger between tests, and skipping what needs row locks."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from bole.audit import actions as audit

_triggers = import_module("bole.audit.migrations.0002_append_only")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked postgres run where BOLE_DATABASE_URL names a PostgreSQL."""
    if item.get_closest_marker("postgres") and "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        pytest.skip("needs PostgreSQL: set BOLE_DATABASE_URL")


@pytest.fixture(scope="session", autouse=True)
def _emptying_passes_the_triggers() -> Iterator[None]:
    """Tests with real transactions are cleaned up by emptying all tables, which the ledger refuses."""
    original = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        _triggers.drop(connection)
        try:
            original(case)
        finally:
            _triggers.create(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@pytest.fixture(autouse=True)
def checkpoints(tmp_path: Path) -> Path:
    """The file of audit checkpoints, a fresh one for each test as the database is."""
    place = tmp_path / "audit" / "checkpoints.jsonl"
    audit.configure(checkpoints=place)
    return place
