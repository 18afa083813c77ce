"""Opening uploaded files in a child process with little memory and little time (AC-07, AC-08, C21).

A PDF of two kilobytes may ask to be drawn for hours, one of a megabyte for gigabytes. What takes too long or too much
ends with its child; the next file gets a fresh one. Children stay alive between files: a start takes half a second.
"""

import atexit
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from bole.documents import parsing
from bole.documents.terms import CHECKED_SECONDS, Flaw, Inspected, MediaType
from bole.kernel.errors import Absent, Invalid

PATIENCE = 20.0  # seconds for one file or page; an honest one takes two at most
_CHILDREN = 2
_GLANCE = 0.25  # seconds between two looks at the clock
_HEAVY = "文件过大或过于复杂，无法打开。请降低清晰度、重新导出，或拆分后再上传。"


class TooHeavy(Exception):
    """The file was not opened within its share of memory and time."""


class _Resigned(Exception):
    """The process had grown and ended by itself before it read the question."""


class _Child:
    """One process, started at its first question."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._until: float | None = None

    def ask(self, head: dict[str, Any], content: bytes, patience: float) -> tuple[dict[str, Any], bytes]:
        """The answer. Raises TooHeavy when the process did not live to give one."""
        try:
            return self._asked(head, content, patience)
        except _Resigned:
            return self._asked(head, content, patience)

    def _asked(self, head: dict[str, Any], content: bytes, patience: float) -> tuple[dict[str, Any], bytes]:
        process = self._started()
        assert process.stdin is not None  # noqa: S101  # both are pipes
        assert process.stdout is not None  # noqa: S101  # both are pipes
        self._until = time.monotonic() + patience
        try:
            parsing.write(process.stdin, head, content)  # type: ignore[arg-type]  # a pipe is a BinaryIO
            return parsing.read(process.stdout)  # type: ignore[arg-type]  # a pipe is a BinaryIO
        except (EOFError, OSError):
            with suppress(subprocess.TimeoutExpired):  # it is on its way out
                process.wait(2)
            resigned = self.stop() == 0
            raise (_Resigned if resigned else TooHeavy) from None
        finally:
            self._until = None

    def end_if_late(self) -> None:
        """Kill the process when its question has taken too long; whoever waits for the answer hears of it."""
        process, until = self._process, self._until
        if process is not None and until is not None and time.monotonic() > until:
            process.kill()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            paths = os.pathsep.join(path for path in sys.path if path)
            self._process = subprocess.Popen(  # noqa: S603  # our own program, nothing of the file on its command line
                [sys.executable, "-B", "-m", parsing.__name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": paths, "SYSTEMROOT": os.environ.get("SYSTEMROOT", "")},
                close_fds=True,
            )
        return self._process

    def stop(self) -> int | None:
        """End the process, whatever it is doing; returns how it ended: 0 when it did so by itself."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        return process.wait()


class _Pool:
    """The children of this process."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew; a forked child leaves its parent's children alone."""
        self._all = [_Child() for _ in range(_CHILDREN)]
        self._free: queue.LifoQueue[_Child] = queue.LifoQueue()
        for child in self._all:
            self._free.put(child)
        self._watched = False
        self._starting = threading.Lock()

    def _watch(self) -> None:
        """Look after all children; one thread for good costs less than a timer for each question."""
        while True:
            for child in self._all:
                child.end_if_late()
            time.sleep(_GLANCE)

    @contextmanager
    def one(self) -> Iterator[_Child]:
        """A child that nobody else is asking."""
        with self._starting:
            if not self._watched:
                self._watched = True
                threading.Thread(target=self._watch, name="sandbox", daemon=True).start()
        child = self._free.get()
        try:
            yield child
        finally:
            self._free.put(child)

    def stop(self) -> None:
        for child in self._all:
            child.stop()


_pool = _Pool()
atexit.register(_pool.stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.forget)


def _ask(head: dict[str, Any], content: bytes, patience: float | None = None) -> tuple[dict[str, Any], bytes]:
    with _pool.one() as child:
        answer, body = child.ask(head, content, PATIENCE if patience is None else patience)
    if "invalid" in answer:
        raise Invalid.at("file", str(answer["invalid"]))
    if "absent" in answer:
        raise IndexError(head.get("page"))
    return answer["done"], body


def inspect(content: bytes, *, paper: bool) -> Inspected:
    """Check and make fit to keep; raises Invalid at "file"."""
    try:
        head, kept = _ask({"do": "inspect-paper" if paper else "inspect-image"}, content)
    except TooHeavy:
        raise Invalid.at("file", _HEAVY) from None
    flaws = [*head["flaws"], *(_further(kept) if paper and head["pages"] > 1 else ())]
    return Inspected(
        kept,
        MediaType(head["type"]),
        head["pages"],
        head["width"],
        head["height"],
        tuple((Flaw(flaw), page) for flaw, page in flaws),
        head["fingerprint"],
    )


def _further(content: bytes) -> Sequence[tuple[str, int]]:
    """What the check of scans finds beyond the first page. A page too heavy to draw ends the check, not the upload."""
    try:
        flaws: Sequence[tuple[str, int]] = _ask({"do": "check-further"}, content, CHECKED_SECONDS * 2)[0]["flaws"]
    except TooHeavy:
        return ()
    return flaws


def draw(content: bytes, *, paper: bool, page: int, width: int, turn: int = 0) -> bytes:
    """A page as a JPEG at most so wide before it is turned.

    Raises IndexError for one that is not there, Absent for one too heavy.
    """
    head = {"do": "draw-page" if paper else "draw-image", "page": page, "width": width, "turn": turn}
    try:
        return _ask(head, content)[1]
    except TooHeavy:
        raise Absent("这一页过于复杂，无法预览。请下载原件查看，或请申报人重新上传。") from None
