"""Where contents of files lie: encrypted, under keys made here, never under a name somebody typed (AC-24)."""

import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from bole.kernel import sealing

_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")


class Storage(Protocol):
    """A place for contents. S3-compatible storage is another class with these verbs."""

    def put(self, key: str, content: bytes) -> None:
        """Keep the content under a key that is not in use; raises FileExistsError."""

    def get(self, key: str) -> bytes:
        """The content; raises FileNotFoundError, or kernel.sealing.Unsealable if it was tampered with."""
        ...

    def delete(self, key: str) -> None:
        """Remove the content; a missing one is no error."""

    def keys(self, *, older_than: float) -> Iterator[str]:
        """Keys of contents kept for at least so many seconds."""
        ...


def new_key() -> str:
    """A random key; the first two digits spread the files over folders."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


class LocalStorage:
    """Files under one directory, each sealed as a whole and bound to its key.

    A content swapped with another, shortened or changed by one bit does not open.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: bytes) -> None:
        path = self._path(key)
        if path.exists():
            raise FileExistsError(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(sealing.seal(content, _context(key)))
                out.flush()
                if _place.durable:
                    os.fsync(out.fileno())
            os.replace(draft, path)
        finally:
            Path(draft).unlink(missing_ok=True)
        if _place.durable:
            _sync_folder(path.parent)

    def get(self, key: str) -> bytes:
        return sealing.unseal(self._path(key).read_bytes(), _context(key))

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def keys(self, *, older_than: float) -> Iterator[str]:
        latest = time.time() - older_than
        for path in sorted(self._root.glob("??/*")):
            key = f"{path.parent.name}/{path.name}"
            if _KEY.fullmatch(key) and path.stat().st_mtime <= latest:
                yield key

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("not a storage key")
        return self._root / key


def _context(key: str) -> str:
    return f"documents.content.{key}"


def _sync_folder(folder: Path) -> None:
    """Make the new directory entry durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Place:
    storage: Storage | None = None
    durable = True


_place = _Place()


def configure(storage: Storage) -> None:
    """Say where contents lie. Called at start-up and by tests."""
    _place.storage = storage


def current() -> Storage:
    """The configured storage."""
    if _place.storage is None:
        raise RuntimeError("file storage is not configured")
    return _place.storage


@contextmanager
def unhurried() -> Iterator[None]:
    """Let the system write contents to the disk in its own time; for loads that can be made again."""
    _place.durable = False
    try:
        yield
    finally:
        _place.durable = True
