"""Checkpoints outside the database: one JSON line each, so that a shortened or restored database is noticed.

A deployment ships this file away (another bureau, write-once storage); here it is only ever appended to.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bole.audit.models import Checkpoint, checkpoint_mac, instant


@dataclass(frozen=True, slots=True)
class Line:
    """One checkpoint as the file tells it; `genuine` says that its keyed digest fits."""

    number: int
    size: int
    root: str
    head: str
    genuine: bool


class _Place:
    """Where the file is; set once at start-up."""

    def __init__(self) -> None:
        self.path: Path | None = None


_place = _Place()


def configure(*, checkpoints: Path) -> None:
    """Name the file. Called by the project at start-up and by tests; nobody else."""
    _place.path = checkpoints


def path() -> Path:
    """The file's place. Raises RuntimeError before `configure`."""
    if _place.path is None:
        raise RuntimeError("the place of the audit checkpoints is not configured")
    return _place.path


def append(checkpoint: Checkpoint) -> None:
    """Add the checkpoint's line and wait until it is on the disk. Only the holder of the sealer's lock calls this."""
    line = {
        "size": checkpoint.size,
        "root": checkpoint.root,
        "head": checkpoint.head,
        "at": instant(checkpoint.at),
        "mac": checkpoint.mac,
    }
    path().parent.mkdir(parents=True, exist_ok=True)
    # A line torn by a crash stays torn; the leading newline keeps the next one whole.
    start = "\n" if _torn() else ""
    with path().open("a", encoding="utf-8") as out:
        out.write(start + json.dumps(line) + "\n")
        out.flush()
        os.fsync(out.fileno())


def _torn() -> bool:
    if not path().exists() or path().stat().st_size == 0:
        return False
    with path().open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def holds(checkpoint: Checkpoint) -> bool:
    """Whether the file ends with this checkpoint."""
    if not path().exists():
        return False
    with path().open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(file.tell() - 4096, 0))
        last = file.read().rstrip(b"\n").rsplit(b"\n", 1)[-1]
    line = _line(0, last.decode("utf-8", "replace"))
    return line.genuine and line.size == checkpoint.size and line.root == checkpoint.root


def lines() -> Iterator[Line]:
    """Every line; what cannot be read comes out as not genuine."""
    if not path().exists():
        return
    with path().open(encoding="utf-8", errors="replace") as file:
        for number, text in enumerate(file, start=1):
            if text.strip():
                yield _line(number, text)


def _line(number: int, text: str) -> Line:
    try:
        told = json.loads(text)
        size, root, head = int(told["size"]), str(told["root"]), str(told["head"])
        genuine = checkpoint_mac(size, root, head, str(told["at"])) == told["mac"]
    except (ValueError, KeyError, TypeError):
        return Line(number, 0, "", "", genuine=False)
    return Line(number, size, root, head, genuine)
