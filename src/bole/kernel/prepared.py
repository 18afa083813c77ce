"""Queries asked at every request: written into SQL once in a process, then sent with other values.

Django writes a query anew each time it is asked, and for a row of many columns that takes longer than the database
does. What is kept is the statement and how its rows become objects, never a row and never an answer. PostgreSQL too
would plan it anew each time, which for a row of the tree takes longer than to find it: it is given the values apart
from the statement, and keeps the plan as long as the connection lasts (`prepare_threshold` in the settings).
"""

from collections.abc import Callable, Hashable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections, models
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
Value = UUID | str | date
_KEYS = models.UUIDField()


@dataclass(frozen=True)
class _Statement:
    """A statement, which of its parameters is which value, and how what comes back is read."""

    compiler: Any
    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]
    converters: dict[int, Any]
    locks: bool
    objects: bool


class _Source:
    """As much of a queryset as turning rows into objects asks for."""

    def __init__(self, compiler: Any) -> None:
        self.query, self.db = self, DEFAULT_DB_ALIAS
        self._compiler = compiler
        self._known_related_objects: dict[Any, Any] = {}

    def get_compiler(self, using: str) -> Any:
        """The one made ready before."""
        return self._compiler


class Prepared(Generic[Row]):
    """`build` makes the queryset out of values by name: keys, texts, days and instants, never None.

    The query must look the same for all values, and each must stand in it as it was given; whatever changes its look
    is given by position and comes to `build` first. Columns that are left out (`only`) come when they are asked for.
    Of a query of plain values (`values_list`) the rows are tuples.
    At most so many looks are kept (`most`), the oldest goes first.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *, most: int = 200) -> None:
        self._build, self._most = build, most
        self._made: dict[Hashable, _Statement] = {}

    def __call__(self, *shape: Hashable, **values: Value) -> list[Row]:
        """The rows. Raises TransactionManagementError for rows to be locked where there is no transaction."""
        connection = connections[DEFAULT_DB_ALIAS]
        key = (connection.vendor, shape)
        made = self._made.get(key)
        if made is None:
            made = self._prepare(connection, shape, values)
            for oldest in list(self._made)[: len(self._made) - self._most + 1]:
                self._made.pop(oldest, None)  # another thread may have done it
            self._made[key] = made
        if made.locks and connection.get_autocommit():
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        params = list(made.params)
        for place, name in made.places:
            params[place] = _sent(values[name], connection)
        compiler = copy(made.compiler)
        compiler.connection = connection
        compiler.execute_sql = lambda *_, **__: [_fetched(connection, made.sql, params)]
        compiler.get_converters = lambda _: made.converters  # by column: they are the fields' and the database's
        if not made.objects:
            return list(compiler.results_iter(tuple_expected=True))
        return list(ModelIterable(_Source(compiler)))  # type: ignore[arg-type]  # asks no more of a queryset than this

    def _prepare(self, connection: Any, shape: tuple[Hashable, ...], values: dict[str, Value]) -> _Statement:
        """Write the query with marks in the place of the values. Raises TypeError where one does not stand in it."""
        marks = {name: _mark(value, place) for place, (name, value) in enumerate(values.items())}
        rows = self._build(*shape, **marks)
        compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        locks = bool(rows.query.select_for_update) and connection.features.has_select_for_update
        stand = {name: _sent(mark, connection) for name, mark in marks.items()}
        places = tuple((at, name) for at, param in enumerate(params) for name, mark in stand.items() if param == mark)
        if {name for _, name in places} != set(values):
            raise TypeError(f"{sorted(values)} do not all stand in the query as they were given")
        converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        objects = rows._iterable_class is ModelIterable
        return _Statement(compiler, sql, tuple(params), places, converters, locks, objects)


def _fetched(connection: Any, sql: str, params: Sequence[Any]) -> Sequence[Any]:
    """The rows, in one piece.

    Where a migration has changed a column meanwhile, PostgreSQL refuses the statement that it keeps for as long as the
    connection lasts: it is sent over a new one. Inside a transaction it fails, and is forgotten with what is undone.
    """
    try:
        return _sent_for(connection, sql, params)
    except NotSupportedError:
        if connection.in_atomic_block:
            raise
        connection.close()
        return _sent_for(connection, sql, params)


def _sent_for(connection: Any, sql: str, params: Sequence[Any]) -> Sequence[Any]:
    with connection.cursor() as cursor:
        _part(cursor, connection)
        cursor.execute(sql, params)
        rows: Sequence[Any] = cursor.fetchall()
    return rows


def _part(cursor: CursorWrapper, connection: Any) -> None:
    """Let PostgreSQL have the values apart from the statement; Django's own cursor writes them into it, for whoever
    listens to what is asked."""
    if connection.vendor == "postgresql" and not connection.queries_logged:
        cursor.cursor = psycopg.Cursor(connection.connection)


def _mark(value: Value, place: int) -> Value:
    """Something of the same kind that stands in no query by itself."""
    if isinstance(value, UUID):
        return UUID(int=0xB01E << 64 | place + 1)
    if isinstance(value, datetime):
        return datetime(1, 1, 2, tzinfo=UTC) + timedelta(microseconds=place)
    return date(1, 1, 1 + place) if isinstance(value, date) else f"\x01{place}\x01"


def _sent(value: Value, connection: Any) -> Any:
    """As the database is given it."""
    if isinstance(value, UUID):
        return _KEYS.get_db_prep_value(value, connection)
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else str(value)
