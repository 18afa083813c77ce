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

from bole.documents import parts
from bole.kernel import sealing

_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
_DRAFT = ".part"


class Growing(Protocol):
    """A content that is written piece by piece; it is in the storage once it is kept, not before."""

    def write(self, data: bytes) -> None:
        """Further bytes."""

    def keep(self) -> None:
        """That was all: the content is there from now on."""

    def abandon(self) -> None:
        """Throw away what was written; without effect once it is kept."""


class Storage(Protocol):
    """A place for contents. S3-compatible storage is another class with these verbs."""

    def grow(self, key: str) -> Growing:
        """A content under a key that is not in use, of which no more than a part is in memory; raises
        FileExistsError."""
        ...

    def pieces(self, key: str) -> Iterator[bytes]:
        """The content piece by piece; raises as `get`, perhaps after pieces that were right."""
        ...

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

    def forget_drafts(self, *, older_than: float) -> None:
        """Remove what was begun so many seconds ago and never kept: its process has ended."""


def new_key() -> str:
    """A random key; the first two digits spread the files over folders."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


class LocalStorage:
    """Files under one directory, each sealed as a whole, or in parts if it grew, and bound to its key.

    A content swapped with another, shortened or changed by one bit does not open.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: bytes) -> None:
        draft = _Draft(self._free(key))
        try:
            draft.out.write(sealing.seal(content, _context(key)))
            draft.keep()
        finally:
            draft.abandon()

    def grow(self, key: str) -> Growing:
        return _Growing(_Draft(self._free(key)), _context(key))

    def get(self, key: str) -> bytes:
        return b"".join(self.pieces(key))

    def pieces(self, key: str) -> Iterator[bytes]:
        with self._path(key).open("rb") as file:
            first = file.read(1)
            if first == bytes((parts.MARK,)):
                yield from parts.read(file, _context(key))
            else:
                yield sealing.unseal(first + file.read(), _context(key))

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def keys(self, *, older_than: float) -> Iterator[str]:
        latest = time.time() - older_than
        for path in sorted(self._root.glob("??/*")):
            key = f"{path.parent.name}/{path.name}"
            if _KEY.fullmatch(key) and path.stat().st_mtime <= latest:
                yield key

    def forget_drafts(self, *, older_than: float) -> None:
        latest = time.time() - older_than
        for path in self._root.glob(f"??/.*{_DRAFT}"):
            if path.stat().st_mtime <= latest:
                path.unlink(missing_ok=True)

    def _free(self, key: str) -> Path:
        path = self._path(key)
        if path.exists():
            raise FileExistsError(key)
        return path

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("not a storage key")
        return self._root / key


class _Draft:
    """A file that gets its name when it is kept, and is removed otherwise."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(prefix=".", suffix=_DRAFT, dir=path.parent)
        self.out = os.fdopen(handle, "wb")
        self._path, self._draft = path, Path(draft)

    def keep(self) -> None:
        with self.out as out:
            out.flush()
            if _place.durable:
                os.fsync(out.fileno())
        os.replace(self._draft, self._path)
        if _place.durable:
            _sync_folder(self._path.parent)

    def abandon(self) -> None:
        self.out.close()
        self._draft.unlink(missing_ok=True)


class _Growing:
    """A draft that is sealed part by part."""

    def __init__(self, draft: _Draft, context: str) -> None:
        self._draft = draft
        self._parts = parts.Parts(draft.out, context)

    def write(self, data: bytes) -> None:
        self._parts.write(data)

    def keep(self) -> None:
        self._parts.finish()
        self._draft.keep()

    def abandon(self) -> None:
        self._draft.abandon()


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
