"""Says whether the PostgreSQL of BOLE_DATABASE_URL answers, before a test run is started on it."""

import os
import sys

import psycopg

url = os.environ.get("BOLE_DATABASE_URL") or "postgresql://postgres@127.0.0.1:5432/bole"
server = url.rsplit("/", 1)[0] + "/postgres"
try:
    with psycopg.connect(server, connect_timeout=5) as connection:
        row = connection.execute("show server_version").fetchone()
except psycopg.OperationalError as error:
    sys.exit(f"PostgreSQL cannot be reached ({error}). Set BOLE_DATABASE_URL=postgresql://user:password@host:port/name")
print(f"PostgreSQL {row[0] if row else '?'}")
