"""Stages built once: what a factory writes is kept as rows, and the next test that begins alike gets them in one go.

A factory marked `staged` carries out real actions the first time. It is repeated from the rows only inside a test's
transaction and only where nothing was written since the stages before it, so that a test always finds what the actions
would have left. Tests with transactions of their own build everything.
"""

import pickle
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import time_machine
from django.apps import apps
from django.db import connection
from django.db.models import Model

from bole.definitions import queries as definitions
from bole.definitions.terms import Service
from bole.kernel import clock
from bole.kernel.actors import Actor

P = ParamSpec("P")
R = TypeVar("R")
Table = dict[tuple[Any, ...], None]
Rows = dict[type[Model], list[tuple[Any, ...]]]

_LAG = timedelta(seconds=2)
_HARMLESS = ("BEGIN", "SET ", "SELECT", "SAVEPOINT", "RELEASE", "PRAGMA", "WITH")


@dataclass(frozen=True)
class _Kept:
    """What a stage leaves: rows gone and rows come, by table, and what its factory returned."""

    gone: Rows
    come: Rows
    result: bytes


class _Story:
    """What has happened to the database since the test began: the stages, or None when something else was written."""

    def __init__(self) -> None:
        self.stages: tuple[Hashable, ...] | None = None
        self.within = False

    def watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.within and not sql.lstrip().startswith(_HARMLESS):
            self.stages = None
        return execute(sql, params, many, context)


_story = _Story()
_kept: dict[Hashable, _Kept] = {}
_catalogues: list[Any] = []


@contextmanager
def begun() -> Iterator[None]:
    """A test begins with the database as the migrations left it."""
    _story.stages, _story.within = (), False
    with connection.execute_wrapper(_story.watch):
        yield


def staged(factory: Callable[P, R]) -> Callable[P, R]:
    """Mark a factory whose rows may be kept. Its arguments are rows, actors, services and plain words."""

    @wraps(factory)
    def build(*args: P.args, **kwargs: P.kwargs) -> R:
        before = _story.stages
        if before is None or _story.within or not connection.in_atomic_block or _travels():
            return factory(*args, **kwargs)
        said = tuple(_key(each) for each in (*args, *kwargs.items()))
        stages = (*before, (factory.__qualname__, said, clock.today(), _catalogue()))
        kept = _kept.get(stages)
        _story.within = True
        try:
            if kept is None:
                result = _build(stages, lambda: factory(*args, **kwargs))
            else:
                _write(kept)
                result = pickle.loads(kept.result)  # our own bytes
        finally:
            _story.within = False
        _story.stages = stages
        return result

    return build


def _travels() -> bool:
    """Whether the clock of the test is not the world's: what was kept is of this day."""
    return time_machine.escape_hatch.is_travelling() or abs(clock.now() - datetime.now(UTC)) > _LAG


def _catalogue() -> int:
    """Which of the catalogues that tests have loaded is in force."""
    current = definitions.catalogue()
    for place, each in enumerate(_catalogues):
        if each is current:
            return place
    _catalogues.append(current)
    return len(_catalogues) - 1


def _key(word: Any) -> Hashable:
    match word:
        case Model():
            return (type(word).__name__, word.pk)
        case Service():
            return (word.site, word.service, word.version, word.hash)
        case Actor() | str() | int() | bytes() | None:
            return word
        case tuple():
            return tuple(_key(each) for each in word)
    if is_dataclass(word):
        return tuple(_key(getattr(word, field.name)) for field in fields(word))
    raise TypeError(f"a staged factory cannot tell {type(word).__name__} apart")


def _build(stages: Hashable, factory: Callable[[], R]) -> R:
    before = _rows()
    result = factory()
    after = _rows()
    _kept[stages] = _Kept(
        _beyond(before, after),
        _beyond(after, before),
        pickle.dumps(result),
    )
    return result


def _beyond(these: dict[type[Model], Table], those: dict[type[Model], Table]) -> Rows:
    found = {model: [row for row in rows if row not in those[model]] for model, rows in these.items()}
    return {model: rows for model, rows in found.items() if rows}


def _rows() -> dict[type[Model], Table]:
    found: dict[type[Model], Table] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT {_columns(model)} FROM "{model._meta.db_table}"')  # names of our own
            found[model] = dict.fromkeys(_plain(row) for row in cursor.fetchall())
    return found


def _columns(model: type[Model]) -> str:
    """The columns in an order of ours: the key first, so that rows can be found by it."""
    names = [field.column for field in model._meta.local_concrete_fields if not field.primary_key]
    return ", ".join(f'"{name}"' for name in (model._meta.pk.column, *names))


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)


def _write(kept: _Kept) -> None:
    with connection.cursor() as cursor:
        for model, rows in kept.gone.items():
            key = model._meta.pk.column
            cursor.executemany(f'DELETE FROM "{model._meta.db_table}" WHERE "{key}" = %s', [row[:1] for row in rows])
        for model, rows in kept.come.items():
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({_columns(model)}) VALUES ({marks})', rows)
