"""Backups: one archive with the database, the stored files, and a list of digests; checked before it is trusted.

The key file is never inside: who finds a backup finds ciphertext. Only a fingerprint says which keys belong to it.
"""

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection

from bole.kernel import clock
from bole.kernel.errors import Refused
from bole.kernel.sealing import mac
from bole.project import postgres

FORMAT = 1
_MANIFEST = "manifest.json"
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Backup:
    """An archive and what it says of itself."""

    path: Path
    made_at: str
    vendor: str
    keys: str
    digests: dict[str, str]

    @property
    def database(self) -> str:
        """The member that holds the database."""
        return "database.sqlite3" if self.vendor == "sqlite" else "database.dump"


def fingerprint() -> str:
    """Which keys this installation has, without saying anything about them."""
    return mac(b"which keys", "backup").hex()[:16]


def back_up(directory: Path) -> Backup:
    """Write a new archive into `directory` and read it back; the database keeps working meanwhile.

    The database is copied before the files: a file stored in between is surplus, never missing.
    """
    directory.mkdir(parents=True, exist_ok=True)
    now = clock.now()
    final = directory / f"bole-{clock.china(now):%Y%m%d-%H%M%S}.tar"
    with tempfile.TemporaryDirectory(dir=directory, prefix=".bole-") as name:
        copy, draft = Path(name) / "database", Path(name) / "archive"
        member = _copy_database(copy)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
            digests = {member: _add(tar, copy, member)}
            for inside, path in stored_files().items():
                digests[inside] = _add(tar, path, inside)
            manifest = {
                "format": FORMAT, "made_at": now.isoformat(),
                "vendor": connection.vendor, "keys": fingerprint(), "digests": digests,
            }  # fmt: skip
            body = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            entry = tarfile.TarInfo(_MANIFEST)
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(final)
    return verified(final)


def places() -> dict[str, Path]:
    """Directories that belong to the data: stored files, and the ledger's checkpoints outside the database."""
    return {"files": Path(settings.BOLE_FILES), "audit": Path(settings.BOLE_VAR) / "audit"}


def stored_files() -> dict[str, Path]:
    """Member name → file, for every file of the data on this machine; an object store's files are not here.

    What is only being written has a name that begins with a dot: it belongs to nothing yet and may be gone at once.
    """
    return {
        f"{name}/{path.relative_to(root).as_posix()}": path
        for name, root in places().items()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def _copy_database(target: Path) -> str:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(target) as copy:
            connection.connection.backup(copy)
        problem = integrity(target)
        if problem:
            raise Refused(f"数据库完整性检查没有通过，没有生成备份：{problem}")
        return "database.sqlite3"
    postgres.dump(settings.DATABASES["default"], target)
    return "database.dump"


def integrity(path: Path) -> str:
    """What SQLite finds wrong with the file; empty when it is sound."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        answer = str(database.execute("PRAGMA integrity_check").fetchone()[0])
    except sqlite3.DatabaseError as error:
        answer = str(error)
    finally:
        database.close()
    return "" if answer == "ok" else answer


def _add(tar: tarfile.TarFile, path: Path, member: str) -> str:
    tar.add(path, member, recursive=False)
    with path.open("rb") as content:
        return _digest(content)


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := content.read(_CHUNK):
        digest.update(block)
    return digest.hexdigest()


def verified(path: Path) -> Backup:
    """Read the whole archive and compare every digest. Raises Refused when anything is missing, added or changed."""
    try:
        with tarfile.open(path) as tar:
            listed = tar.extractfile(_MANIFEST)
            manifest: dict[str, Any] = json.load(listed) if listed else {}
            found = {entry.name: _digest(_open(tar, entry)) for entry in tar if entry.name != _MANIFEST}
    except (tarfile.TarError, KeyError, json.JSONDecodeError, EOFError) as error:
        raise Refused(f"这不是完整的备份文件：{path}（{error}）。请换一份备份。") from None
    if manifest.get("format") != FORMAT:
        raise Refused("这份备份的格式与本程序不符。请用生成它的版本恢复，再升级。")
    if found != manifest["digests"]:
        wrong = sorted(
            name
            for name in found.keys() | manifest["digests"].keys()
            if found.get(name) != manifest["digests"].get(name)
        )
        raise Refused(f"备份文件已损坏或被改动，共 {len(wrong)} 处，例如 {wrong[0]}。请换一份备份。")
    return Backup(path, manifest["made_at"], manifest["vendor"], manifest["keys"], manifest["digests"])


def _open(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(entry) if entry.isreg() else None
    if content is None:
        raise Refused(f"备份中有不是普通文件的内容：{entry.name}。请换一份备份。")
    return content
