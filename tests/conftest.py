"""What all tests share: emptying the append-only ledger between tests, and skipping what needs row locks."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as settings_of_hypothesis
from pytest_django import DjangoDbBlocker

from bole.audit import actions as audit
from tests.factories import stages

_triggers = import_module("bole.audit.migrations.0002_append_only")


pytest_plugins = ["tests.windows"]

# How fast examples are drawn says how busy the machine is, not whether the code is right.
settings_of_hypothesis.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings_of_hypothesis.load_profile("shared")

_KEPT = frozenset({"django_migrations", "django_content_type"})
# Pages, attacks and journeys call the actions and queries that the rooms' own tests try on both databases; of these, on
# PostgreSQL only what is marked both_databases.
_ABOVE_THE_ROOMS = frozenset({"web", "attacks", "journeys", "browser"})
_DATABASE = frozenset({"db", "transactional_db", "django_db_setup", "live_server"})


def _on_postgres() -> bool:
    return "postgresql" in settings.DATABASES["default"]["ENGINE"]


@receiver(connection_created)
def _need_not_outlive_a_power_cut(connection: BaseDatabaseWrapper, **_: object) -> None:
    """The SQLite file of the tests, and no other, is written without waiting for the disk."""
    if connection.vendor == "sqlite" and Path(connection.settings_dict["NAME"]).name.startswith("test.sqlite3"):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA journal_mode = MEMORY")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first; on PostgreSQL without what says the same there as on SQLite."""
    # A file runs on one worker: the walks of whole manuals begin first, else one core waits for them at the end.
    items.sort(key=lambda item: not item.path.name.startswith("test_manual"))
    if not _on_postgres():
        return
    kept = [item for item in items if _touches_database(item) and not _is_told_once(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _is_told_once(item: pytest.Item) -> bool:
    """Whether one database is enough: by its mark, else by its folder."""
    for told, marks in ((True, ("one_database",)), (False, ("both_databases", "postgres"))):
        if any(item.get_closest_marker(mark) for mark in marks):
            return told
    return item.path.relative_to(Path(__file__).parent).parts[0] in _ABOVE_THE_ROOMS


def _touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & _DATABASE)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked postgres run where BOLE_DATABASE_URL names a PostgreSQL."""
    if item.get_closest_marker("postgres") and not _on_postgres():
        pytest.skip("needs PostgreSQL: set BOLE_DATABASE_URL")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Threads of servers and races may end a moment later than the run: the database is dropped without asking them."""
    yield
    if _on_postgres():
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly() -> Iterator[None]:
    """Tests with real transactions leave empty tables behind. Django would truncate each table and tell all rooms that
    the tables were made anew, which takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: _empty())
        yield


def _empty() -> None:
    """Delete every row; no key and no trigger stands in the way, the ledger's refusal to forget included."""
    tables = [name for name in connection.introspection.django_table_names(only_existing=True) if name not in _KEPT]
    with connection.cursor() as cursor:
        if _on_postgres():
            deletions = "; ".join(f'DELETE FROM "{name}"' for name in tables)  # names of our own tables
            cursor.execute(f"SET session_replication_role = replica; {deletions}; RESET session_replication_role")
            return
        cursor.execute("PRAGMA foreign_keys = OFF")
        _triggers.drop(connection)
        for name in tables:
            cursor.execute(f'DELETE FROM "{name}"')
        _triggers.create(connection)
        cursor.execute("PRAGMA foreign_keys = ON")


@pytest.fixture(autouse=True)
def _stages() -> Iterator[None]:
    """What factories built for the test before need not be built anew."""
    with stages.begun():
        yield


@pytest.fixture(autouse=True)
def checkpoints(tmp_path: Path) -> Path:
    """The file of audit checkpoints, a fresh one for each test as the database is."""
    place = tmp_path / "audit" / "checkpoints.jsonl"
    audit.configure(checkpoints=place)
    return place
