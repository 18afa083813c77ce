"""Triggers that make the ledger append-only: rows of Entry, Seal and Checkpoint are neither changed nor removed."""

from typing import Any

from django.db import migrations

TABLES = ("audit_entry", "audit_seal", "audit_checkpoint")
SAY = "the audit ledger is append-only"

POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SAY}' USING ERRCODE = 'restrict_violation';
END
$$
"""


def create(connection: Any) -> None:
    """Put the triggers in place."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for table in TABLES:
            for statement in _created(connection.vendor, table):
                cursor.execute(statement)


def drop(connection: Any) -> None:
    """Take the triggers away: the way back of this migration, and of tests that tamper or empty the tables."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for statement in _dropped(connection.vendor, table):
                cursor.execute(statement)


def _created(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
        ]
    return [
        f"CREATE TRIGGER {table}_{word} BEFORE {word} ON {table} BEGIN SELECT RAISE(ABORT, '{SAY}'); END"
        for word in ("update", "delete")
    ]


def _dropped(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {table}_{word} ON {table}" for word in ("kept", "whole")]
    return [f"DROP TRIGGER IF EXISTS {table}_{word}" for word in ("update", "delete")]


def forwards(apps: Any, schema_editor: Any) -> None:
    create(schema_editor.connection)


def backwards(apps: Any, schema_editor: Any) -> None:
    drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
