"""The clock, and travelling in time for demonstrations and tests."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from bole.kernel import clock

THEN = datetime(2026, 1, 1, 20, 30, tzinfo=UTC)


def test_travelling_moves_instants_and_days_until_it_ends():
    before = clock.now()

    with clock.travel(THEN):
        assert timedelta(0) <= clock.now() - THEN < timedelta(seconds=5)
        assert clock.today().isoformat() == "2026-01-02"  # half past four in the morning in China

    assert clock.now() >= before


def test_time_goes_on_while_travelling():
    with clock.travel(THEN):
        first = clock.now()
        assert clock.now() >= first


def test_journeys_lie_within_each_other():
    with clock.travel(THEN):
        with clock.travel(THEN - timedelta(days=9)):
            pass
        assert abs(clock.now() - THEN) < timedelta(seconds=5)


def test_nobody_else_travels_along():
    seen: list[datetime] = []
    with clock.travel(THEN):
        other = Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()

    assert abs(seen[0] - clock.now()) < timedelta(seconds=5)


def test_travelling_ends_with_a_failure_as_well():
    with pytest.raises(LookupError), clock.travel(THEN):
        raise LookupError

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_travelling_is_refused_where_the_project_has_not_allowed_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock._Permit, "given", False)

    with pytest.raises(RuntimeError, match="demo and test settings"), clock.travel(THEN):
        pass
