"""C15, C32, C46, C56: the installation as it really runs: pragmas, key file, files, fixed codes, debug pages."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.utils import ConnectionHandler
from django.test import Client

from bole.accounts.actions.fixed import fixed
from bole.audit import actions as audit
from bole.audit.models import Entry
from bole.kernel.actors import system
from bole.notices.connectors import FileOutbox
from bole.project import command, environment

WANTED = {"journal_mode": "truncate", "synchronous": 2, "mmap_size": 0, "foreign_keys": 1}


@pytest.fixture
def database(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatabaseWrapper]:
    """A SQLite file opened as every installation opens it."""
    monkeypatch.delenv("BOLE_DATABASE_URL", raising=False)
    opened = {"default": {**environment.database(), "NAME": str(tmp_path / "x.sqlite3")}}
    wrapper = ConnectionHandler(opened)["default"]
    yield wrapper
    wrapper.close()


def pragmas(wrapper: DatabaseWrapper) -> dict[str, object]:
    with wrapper.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone() for name in WANTED}
    return {name: row[0] if row else 0 for name, row in found.items()}


def test_every_connection_runs_in_the_safe_mode(database: DatabaseWrapper):
    """The first, one opened again, one of another thread, one to a file left in another mode."""
    found = [pragmas(database)]
    with database.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA journal_mode=WAL")
    database.close()
    found.append(pragmas(database))

    def elsewhere() -> None:
        other = database.copy()
        found.append(pragmas(other))
        other.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert found == [WANTED] * 3


def test_writers_wait_from_the_beginning_of_their_transaction(database: DatabaseWrapper):
    """IMMEDIATE: what was read cannot have been changed by the time it is written."""
    with database.cursor() as cursor:
        cursor.execute("CREATE TABLE t (n)")
    other = database.copy()
    other.settings_dict["OPTIONS"] = {**other.settings_dict["OPTIONS"], "timeout": 0.1}
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with pytest.raises(DatabaseError, match="locked"):
        other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    database.rollback()
    database.set_autocommit(True)
    other.close()


def test_the_ledger_refuses_changes_from_the_application(db: None):
    audit.record("tests.thing.done", by=system("tests"), kind="thing", id="1")
    row = Entry.objects.get(subject="1")
    for act in (
        lambda: Entry.objects.filter(pk=row.pk).update(name="x"),
        lambda: Entry.objects.filter(pk=row.pk).delete(),
        row.save,
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(os.name == "nt", reason="modes of files are POSIX")
def test_nobody_else_on_the_machine_reads_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    usual = os.umask(0o022)
    try:
        monkeypatch.setenv("BOLE_SECRET_FILE", "")
        monkeypatch.setattr(environment, "VAR", tmp_path / "var")
        environment.secret_file()
        FileOutbox(tmp_path / "var" / "outbox.jsonl").send("sms", "13800000000", "验证码 123456")
        assert mode(tmp_path / "var") == 0o700
        assert mode(tmp_path / "var" / "secrets.json") == 0o600
        assert mode(tmp_path / "var" / "outbox.jsonl") == 0o600
        os.umask(0o022)
        with pytest.raises(SystemExit):
            command.main(["--help"])
        assert os.umask(0o022) == 0o077
    finally:
        os.umask(usual)


PROBE = """
import django, sys
django.setup()
from django.conf import settings
from bole.accounts.actions.fixed import fixed
print(fixed.captcha, fixed.code, settings.BOLE_TEST_MODE, settings.DEBUG, settings.DEMO)
"""


@pytest.mark.parametrize(
    ("module", "expected"),
    [("bole.project.settings", "None None False False False"), ("bole.project.demo", "0000 000000 True False True")],
)
def test_fixed_codes_exist_in_demo_settings_only(tmp_path: Path, module: str, expected: str):
    """Whatever the environment says, production settings know no fixed code and no debug page."""
    asked = {"BOLE_TEST_MODE": "1", "DEBUG": "1", "DJANGO_DEBUG": "1", "BOLE_DEBUG": "1", "BOLE_DEMO": "1", "DEMO": "1"}
    paths = os.pathsep.join(path for path in sys.path if path)
    told = subprocess.run(
        [sys.executable, "-c", PROBE],
        env={**asked, "DJANGO_SETTINGS_MODULE": module, "BOLE_VAR": str(tmp_path), "PYTHONPATH": paths},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == expected


def test_tests_themselves_run_without_fixed_codes_and_debug():
    assert (fixed.captcha, fixed.code, settings.DEBUG, settings.BOLE_TEST_MODE) == (None, None, False, False)


def test_a_wrong_address_shows_no_map_of_addresses(db: None):
    browser = Client()
    for path in ("/ningxia/no-such/", "/admin/", "/static/../secrets.json", "/.git/config", "/__debug__/"):
        answer = browser.get(path)
        page = answer.content.decode()
        assert answer.status_code == 404
        assert not any(word in page for word in ("urlpatterns", "Traceback", "DEBUG", "^", "settings"))
