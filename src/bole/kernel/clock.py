"""The one clock. Instants are aware and in UTC; days are days in China."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date in China, which deadlines and ages are counted by."""
    return datetime.now(CHINA).date()


def china(instant: datetime) -> datetime:
    """The same instant as a Chinese wall clock shows it."""
    return instant.astimezone(CHINA)
