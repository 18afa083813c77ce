"""The background loop does what is due, outlives failures, stops between two jobs, and says that it is there."""

import json
import os
import signal
import threading
from datetime import timedelta

import pytest

from bole.kernel import clock
from bole.project import working
from bole.project.working import Job, Worker, heartbeat, heartbeat_path

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.BOLE_VAR = tmp_path
    return tmp_path


def failing():
    raise ValueError("out of order")


def test_one_round_does_every_job_and_names_those_that_failed():
    done = []
    worker = Worker([Job("first", 1, failing), Job("second", 1, lambda: done.append("second"))])

    assert worker.once() == ["first"]
    assert done == ["second"]
    assert heartbeat().failing == ("first",)


def test_a_job_that_recovers_is_no_longer_named():
    troubles = [ValueError("once")]

    def recovering():
        if troubles:
            raise troubles.pop()

    worker = Worker([Job("mending", 1, recovering)])

    assert [worker.once(), worker.once()] == [["mending"], []]


def test_a_failing_job_is_tried_less_often_and_never_given_up(monkeypatch):
    monkeypatch.setattr(working.time, "monotonic", lambda: 1000.0)
    worker = Worker([Job("first", 5, failing)])
    waits = []
    for _ in range(9):
        worker.once()
        waits.append(worker._due["first"] - 1000.0)

    assert waits == [10, 20, 40, 80, 160, 320, 600, 600, 600]


def test_the_loop_ends_on_a_signal_after_the_job_at_hand():
    done = []

    def job():
        done.append("begun")
        os.kill(os.getpid(), signal.SIGTERM)
        done.append("ended")

    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        Worker([Job("long", 1, job), Job("next", 1, lambda: done.append("next"))]).run()
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])

    assert done == ["begun", "ended"]
    assert heartbeat() is None


def test_the_loop_ends_when_its_parent_has_gone(monkeypatch):
    parents = iter([100, 1])
    monkeypatch.setattr(working.os, "getppid", lambda: next(parents))
    monkeypatch.setattr(working.signal, "signal", lambda *_: None)
    loop = threading.Thread(target=Worker([]).run, kwargs={"with_parent": True})

    loop.start()
    loop.join(5)

    assert not loop.is_alive()


@pytest.mark.parametrize(("age", "alive"), [(0, True), (working.STALE - 5, True), (working.STALE + 5, False)])
def test_an_old_sign_of_life_counts_as_none(age, alive):
    at = clock.now() - timedelta(seconds=age)
    heartbeat_path().write_text(json.dumps({"at": at.isoformat(), "process": 1, "failing": []}))

    assert heartbeat().is_alive is alive


def test_a_torn_sign_of_life_counts_as_none():
    heartbeat_path().write_text('{"at": "20')

    assert heartbeat() is None
