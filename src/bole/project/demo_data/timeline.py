"""When things happen: over the last weeks, applicants by day and in the evening, desks on working days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from bole.kernel.clock import CHINA

# Hours that pass before each word of a script, at least and at most.
_HOURS = {
    "open": (0, 0), "open-unit": (0, 0), "part": (0.3, 1), "fill": (1, 40), "attest": (1, 30), "code": (0.1, 1),
    "paper": (2, 40), "submit": (0.1, 1.5), "begin": (2, 30), "pass": (4, 70), "back": (4, 60), "lower": (4, 50),
    "end": (6, 70), "on": (3, 60), "hold": (4, 50), "result": (24, 72), "withdraw": (0.1, 2), "cancel": (10, 70),
    "mend": (8, 70), "public": (260, 330), "lost": (30, 90),
}  # fmt: skip
_DESK = {
    "on",
    "public",
    "hold",
    "result",
    "lost",
    "begin",
    "pass",
    "back",
    "lower",
    "end",
    "open-unit",
    "paper",
    "code",
}
_WEEK = timedelta(days=7)
_LONG_AGO = (200, 520)  # hours: long enough for some desks to be late


def instants(words: Sequence[str], before: datetime, draw: Random) -> list[datetime]:
    """One instant for each word, rising, all before `before`."""
    hours = [draw.uniform(*_HOURS[word.partition(":")[0]]) for word in words]
    slack = draw.uniform(0.5, 96) if draw.random() < 0.8 else draw.uniform(*_LONG_AGO)
    start = before - timedelta(hours=sum(hours) + slack)
    found: list[datetime] = []
    at = start
    for word, gap in zip(words, hours, strict=True):
        at = at + timedelta(hours=gap)
        if found:
            at = max(at, found[-1] + timedelta(minutes=draw.uniform(3, 30)))
        at = _at_work(at, draw) if word.partition(":")[0] in _DESK else _awake(at, draw)
        found.append(at)
    while found[-1] >= before:
        found = [instant - _WEEK for instant in found]  # whole weeks: working days stay working days
    return found


def _at_work(at: datetime, draw: Random) -> datetime:
    """The same instant, or the next within office hours."""
    local = at.astimezone(CHINA)
    while local.weekday() > 4 or local.hour >= 17:
        local = (local + timedelta(days=1)).replace(hour=8, minute=draw.randint(30, 59))
    return local.replace(hour=9, minute=draw.randint(0, 59)) if local.hour < 9 else local


def _awake(at: datetime, draw: Random) -> datetime:
    """The same instant, or the next at which people are up."""
    local = at.astimezone(CHINA)
    if local.hour >= 23:
        local = (local + timedelta(days=1)).replace(hour=8, minute=draw.randint(0, 59))
    return local.replace(hour=8, minute=draw.randint(0, 59)) if local.hour < 8 else local
