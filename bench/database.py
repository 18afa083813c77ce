"""The database of the benchmarks: made before, dropped after, and never anybody else's."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

MARK = "made by python -m bench; dropped without asking"
_DEFAULT = "postgresql://postgres@127.0.0.1:5432/bole_bench"
_NAME = re.compile(r"bole_bench[a-z0-9_]*")


def address() -> str:
    """Where the database will be: BOLE_DATABASE_URL, or a PostgreSQL on this machine."""
    return os.environ.get("BOLE_DATABASE_URL") or _DEFAULT


@contextmanager
def own_database() -> Iterator[None]:
    """An empty database while the benchmarks run.

    Exits with a sentence when the name is not a benchmark's, or when a database of that name was made by others.
    """
    parts = urlsplit(address())
    name = parts.path.lstrip("/")
    if parts.scheme not in ("postgres", "postgresql") or not _NAME.fullmatch(name):
        sys.exit(f"The benchmarks make and drop a PostgreSQL database called bole_bench…; {name or 'this'} is not one.")
    server = urlunsplit(parts._replace(path="/postgres"))
    _drop(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
        )
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(MARK)))
    try:
        yield
    finally:
        _drop(server, name)


def _drop(server: str, name: str) -> None:
    try:
        connection = psycopg.connect(server, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        sys.exit(f"PostgreSQL cannot be reached ({error}). Set BOLE_DATABASE_URL=postgresql://…/bole_bench")
    with connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if row is None:
            return
        if row[0] != MARK:
            sys.exit(f"There is a database {name} that the benchmarks did not make. They will not touch it.")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
