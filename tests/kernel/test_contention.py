"""Which failures of SQLite mean that somebody else is writing."""

import sqlite3
from pathlib import Path

import pytest
from django.db import OperationalError

from bole.kernel.contention import busy


def failure(cause: BaseException) -> OperationalError:
    """As Django raises it."""
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def test_a_file_that_somebody_writes_is_busy(tmp_path: Path):
    one, other = (sqlite3.connect(tmp_path / "held", timeout=0, isolation_level=None) for _ in range(2))
    one.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as held:
        other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as missing:
        one.execute("SELECT * FROM nowhere")
    for each in (one, other):
        each.close()

    told = busy(failure(held.value))
    assert told is not None
    assert "什么也没有改变" in told.sentence
    assert busy(failure(missing.value)) is None


def test_a_failure_of_the_program_is_none_of_it():
    assert busy(RuntimeError("busy")) is None
    assert busy(OperationalError("database is locked")) is None
