"""Two who want the same rows at once: which failures of the database mean no more than that."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import OperationalError

from bole.kernel.errors import Busy

_WAITED = (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable)
_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def busy(error: BaseException) -> Busy | None:
    """What to tell whose transaction gave way: it waited for a lock too long, or for somebody who waited for it. None
    for every other failure."""
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the rest of it says more closely what was locked
    return Busy() if isinstance(cause, _WAITED) or code in _SQLITE else None


@contextmanager
def giving_way() -> Iterator[None]:
    """For one of several transactions of an act: raises Busy where it gave way, so that what the others did is told as
    done."""
    try:
        yield
    except OperationalError as error:
        contended = busy(error)
        if contended is None:
            raise
        raise contended from error
