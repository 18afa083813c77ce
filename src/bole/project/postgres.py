"""PostgreSQL's own programs for dumping and loading; the password goes by environment, never on a command line."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bole.kernel.errors import Refused


def dump(database: Mapping[str, Any], target: Path) -> None:
    """Write a consistent dump. Raises Refused with the program's own words when it fails."""
    _run(database, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def load(database: Mapping[str, Any], source: Path) -> None:
    """Load a dump into an empty database, wholly or not at all."""
    _run(
        database, "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
        f"--dbname={database['NAME']}", str(source),
    )  # fmt: skip


def _run(database: Mapping[str, Any], program: str, *words: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise Refused(f"没有找到 {program}。请安装 PostgreSQL 客户端：apt-get install postgresql-client")
    places = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {name: str(database[key]) for name, key in places.items() if database.get(key)}
    done = subprocess.run([path, *words], env={**os.environ, **given}, capture_output=True, text=True, check=False)  # noqa: S603  # fixed program, no shell
    if done.returncode:
        raise Refused(
            f"{program} 没有完成：{done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}"
        )
