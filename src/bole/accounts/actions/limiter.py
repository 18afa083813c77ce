"""The one limiter: a limit of n lets exactly n through, however many come at once.

An attempt is reserved under the lock of its row before anything is tried, and committed at once, so that
no later failure gives it back (AC-11, C10).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from bole.accounts.models import Throttle
from bole.accounts.terms import Limit, said
from bole.kernel import sealing
from bole.kernel.clock import now
from bole.kernel.errors import TooMany

_FORGIVEN = timedelta(hours=24)  # without a lock for so long, the next one is short again


@dataclass(frozen=True, slots=True)
class Attempt:
    """A reserved attempt; `last` when no further one is let through."""

    limit: Limit
    subject: str
    last: bool


def reserve(limit: Limit, subject: str) -> Attempt:
    """Take one attempt. Raises TooMany with the time to wait; RuntimeError inside another transaction."""
    with transaction.atomic(durable=True):
        moment = now()
        row = _locked(limit, subject, moment)
        wait = _wait(row, moment)
        if not wait:
            _count(row, limit, moment)
            row.save()
    if wait:
        raise TooMany(limit.sentence.format(wait=said(wait)))
    return Attempt(limit, subject, last=row.count >= limit.most)


def clear(limit: Limit, *subjects: str) -> None:
    """Forget attempts and lock: the right password was given, or a code proved who it is."""
    Throttle.objects.filter(key__in=[_key(limit, subject) for subject in subjects]).delete()


def _locked(limit: Limit, subject: str, moment: datetime) -> Throttle:
    """The row of the lock, held.

    A right password at the same moment may take it away, even between a refused insert and a look at what
    refused it, where `get_or_create` would fail.
    """
    key = _key(limit, subject)
    while (row := Throttle.objects.select_for_update().filter(key=key).first()) is None:
        fresh = Throttle(key=key, scope=limit.scope, since_at=moment, touched_at=moment)
        Throttle.objects.bulk_create([fresh], ignore_conflicts=True)
    return row


def _key(limit: Limit, subject: str) -> str:
    return sealing.blind_index(subject, f"accounts.throttle.{limit.scope}")


def _wait(row: Throttle, moment: datetime) -> timedelta:
    if row.locked_until and row.locked_until > moment:
        return row.locked_until - moment
    return timedelta(0)


def _count(row: Throttle, limit: Limit, moment: datetime) -> None:
    if row.locked_until or moment - row.since_at >= limit.within:
        if row.locked_until and moment - row.locked_until >= _FORGIVEN:
            row.locks = 0
        row.count, row.since_at, row.locked_until = 0, moment, None
    row.count += 1
    row.touched_at = moment
    if row.count >= limit.most:
        row.locks += 1
        row.locked_until = _end_of_lock(row, limit, moment)


def _end_of_lock(row: Throttle, limit: Limit, moment: datetime) -> datetime:
    if limit.lock is None:
        return row.since_at + limit.within
    doubled: timedelta = limit.lock * 2 ** min(row.locks - 1, 16)
    return moment + min(doubled, limit.longest)
