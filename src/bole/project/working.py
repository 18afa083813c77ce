"""The background loop: does each job when it is due, outlives every failure, stops between two jobs."""

import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from bole.kernel import clock

_log = logging.getLogger(__name__)
_TICK = 0.5
_BEAT = 5.0
STALE = 60  # seconds after which a heartbeat counts as none


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of background work: safe to repeat, short, its own transactions."""

    name: str
    every: float
    do: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When the worker was last seen, and which jobs failed the last time they ran."""

    at: datetime
    process: int
    failing: tuple[str, ...]

    @property
    def is_alive(self) -> bool:
        """Whether it was seen lately enough to count."""
        return (clock.now() - self.at).total_seconds() < STALE


def heartbeat_path() -> Path:
    """Where the worker writes that it is there; a container's health check may look at its age."""
    return Path(settings.BOLE_VAR) / "worker.json"


def heartbeat() -> Heartbeat | None:
    """The last sign of life, if there ever was one."""
    try:
        seen = json.loads(heartbeat_path().read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return Heartbeat(datetime.fromisoformat(seen["at"]), int(seen["process"]), tuple(seen["failing"]))


class Worker:
    """Runs jobs one after the other."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.jobs = jobs
        self._due = dict.fromkeys((job.name for job in jobs), 0.0)
        self._failures = dict.fromkeys((job.name for job in jobs), 0)
        self._stopping = threading.Event()
        self._beaten = 0.0

    def once(self) -> list[str]:
        """Do every job now; the names of those that failed."""
        for job in self.jobs:
            self._do(job)
        self._beat()
        return self._failing()

    def run(self, *, with_parent: bool = False) -> None:
        """Work until SIGTERM or SIGINT, or until the parent has gone."""
        parent = os.getppid()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        while not self._stopping.is_set():
            for job in self.jobs:
                if self._stopping.is_set():
                    break
                if self._due[job.name] <= time.monotonic():
                    self._do(job)
            if time.monotonic() - self._beaten >= _BEAT:
                self._beat()
            if with_parent and os.getppid() != parent:
                break
            self._stopping.wait(_TICK)
        heartbeat_path().unlink(missing_ok=True)

    def _do(self, job: Job) -> None:
        close_old_connections()
        try:
            job.do()
            self._failures[job.name] = 0
        except Exception:
            self._failures[job.name] += 1
            _log.exception("job %s failed, %d in a row", job.name, self._failures[job.name])
        finally:
            close_old_connections()
        # A job that keeps failing is tried less and less often, ten minutes apart at most.
        wait = min(job.every * 2 ** self._failures[job.name], max(600.0, job.every))
        self._due[job.name] = time.monotonic() + wait

    def _failing(self) -> list[str]:
        return [name for name, count in self._failures.items() if count]

    def _beat(self) -> None:
        self._beaten = time.monotonic()
        path = heartbeat_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(
            json.dumps({"at": clock.now().isoformat(), "process": os.getpid(), "failing": self._failing()})
        )
        fresh.replace(path)
