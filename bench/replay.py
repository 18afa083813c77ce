"""What an action wrote, sent again for another case with nothing around it: the floor of a write."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from psycopg.types.json import Jsonb

_WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Written:
    """One statement that changed rows, with its values."""

    sql: str
    values: tuple[Any, ...]


def written_by(act: Callable[[], object]) -> list[Written]:
    """Every INSERT, UPDATE and DELETE that the act sends, those after its commit included."""
    sent: list[Written] = []

    def keep(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if sql.startswith(_WRITES):
            sent.append(Written(sql, tuple(values)))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(keep):
        act()
    return sent


def moved_to(written: list[Written], changed: Mapping[UUID, UUID]) -> list[Written]:
    """The same statements for another case: its keys for the old ones, fresh ones for the rows they make."""
    fresh = dict(changed)
    for statement in written:
        if statement.sql.startswith("INSERT"):
            for value in _keys(statement):
                fresh.setdefault(value, uuid4())
    words = {str(old): str(new) for old, new in fresh.items()}
    return [Written(each.sql, tuple(_moved(value, fresh, words) for value in each.values)) for each in written]


def _keys(statement: Written) -> Iterator[UUID]:
    """The keys of the rows that an INSERT makes, one value for each row or one array for all."""
    columns = statement.sql[statement.sql.index("(") + 1 : statement.sql.index(")")].split(", ")
    place = columns.index('"id"') if '"id"' in columns else None
    for start in range(0, len(statement.values), len(columns)):
        if place is not None:
            value = statement.values[start + place]
            yield from (key for key in (value if isinstance(value, list) else [value]) if isinstance(key, UUID))


def _moved(value: Any, fresh: Mapping[UUID, UUID], words: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_moved(each, fresh, words) for each in value]
    if isinstance(value, UUID):
        return fresh.get(value, value)
    if isinstance(value, str) and "-" in value:
        for old, new in words.items():
            value = value.replace(old, new)
    return Jsonb(value.obj) if isinstance(value, Jsonb) else value


def send(written: list[Written]) -> None:
    """One transaction; statements that are alike go together."""
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, alike in groupby(written, key=lambda each: each.sql):
            rows = [each.values for each in alike]
            if len(rows) == 1:
                cursor.execute(sql, rows[0])
            else:
                cursor.executemany(sql, rows)
