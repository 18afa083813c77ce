"""The one clock. Instants are aware and in UTC; days are days in China."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

_NONE = timedelta(0)
_ahead: ContextVar[timedelta] = ContextVar("bole.kernel.clock.ahead", default=_NONE)


class _Permit:
    """Whether this process may travel in time at all."""

    given = False


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC) + _ahead.get()


def today() -> date:
    """The date in China, which deadlines and ages are counted by."""
    return now().astimezone(CHINA).date()


def china(instant: datetime) -> datetime:
    """The same instant as a Chinese wall clock shows it."""
    return instant.astimezone(CHINA)


def allow_travel() -> None:
    """Let this process use `travel`. Called by the project under demo and test settings, by nobody else."""
    _Permit.given = True


@contextmanager
def travel(instant: datetime) -> Iterator[None]:
    """Act as of another instant, from which time goes on. For the demo loader and tests only.

    It holds for this thread of execution, so that nobody else's clock moves. Raises RuntimeError where the project
    has not allowed it, which it does under demo and test settings alone.
    """
    if not _Permit.given:
        raise RuntimeError("clock.travel is for demo and test settings only")
    mark = _ahead.set(instant - datetime.now(UTC))
    try:
        yield
    finally:
        _ahead.reset(mark)
