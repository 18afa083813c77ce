"""Installations of their own, used through the command line as an operator does."""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = {"DJANGO_SETTINGS_MODULE": "bole.project.demo"}


class Place:
    """An installation in a directory, with an environment that nothing of the test run leaks into."""

    def __init__(self, directory: Path, **environment: str) -> None:
        self.var = directory
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOLE_", "DJANGO_"))}
        self.environment = {**kept, "BOLE_VAR": str(directory), "PYTHONPATH": str(ROOT / "src"), **environment}

    def bole(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bole.project.command", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=1200)

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.var / "bole.sqlite3") as database:
            return database.execute(statement).fetchall()


def prepared(factory: pytest.TempPathFactory, target: Path, **environment: str) -> Place:
    """A place after `bole prepare`. It is prepared once for all workers of the run; each caller gets a copy."""
    base = factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    kept = shared / ("prepared-demo" if environment else "prepared")
    with (shared / f"{kept.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            fresh = kept.with_suffix(".new")
            answer = Place(fresh, **environment).bole("prepare")
            assert answer.returncode == 0, answer.stderr
            fresh.rename(kept)
    shutil.copytree(kept, target)
    return Place(target, **environment)
