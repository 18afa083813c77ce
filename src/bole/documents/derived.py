"""Small pictures of pages, kept so that a page of three hundred thumbnails does not draw each of them at every look.

Made from stored files, so they are not in backups and may be removed at any time. Encrypted like their originals, since
a thumbnail shows what its original shows, and removed with them.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bole.kernel import sealing

_KEPT = 90 * 86_400  # seconds; what nobody asked for since is drawn again when it is


class _Place:
    root: Path | None = None


_place = _Place()


def configure(root: Path | None) -> None:
    """Say where they lie; without a place every picture is drawn anew. Called at start-up and by tests."""
    _place.root = root


def kept(key: str, name: str, make: Callable[[], bytes]) -> bytes:
    """The picture of this name for the file under the key, made at first asking."""
    if _place.root is None:
        return make()
    path, context = _place.root / key / name, f"documents.derived.{key}.{name}"
    try:
        return sealing.unseal(path.read_bytes(), context)
    except (OSError, sealing.Unsealable):  # not there, or damaged: it can be made again
        content = make()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(sealing.seal(content, context))
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return content


def forget(key: str) -> None:
    """Remove all pictures of a file."""
    if _place.root is not None:
        shutil.rmtree(_place.root / key, ignore_errors=True)


def sweep() -> None:
    """Remove pictures made long ago, those of files that are gone among them."""
    if _place.root is None:
        return
    latest = time.time() - _KEPT
    for path in _place.root.glob("??/*/*"):
        if path.stat().st_mtime < latest:
            path.unlink(missing_ok=True)
