"""Compiled pages: literal text and slots. A published definition never changes, so its markup is built once.

Every value passes `Text`, and `Text` is the one place where values are escaped. Literals come only from code and,
escaped when compiling, from definitions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """A slot: what `read` says, escaped."""

    read: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class When:
    """One of two literal continuations."""

    test: Callable[[Any], bool]
    yes: "Skeleton"
    no: "Skeleton" = ()


@dataclass(frozen=True, slots=True)
class Each:
    """A part repeated for each item; the items are what its slots read."""

    items: Callable[[Any], Iterable[Any]]
    part: "Skeleton"


Part = str | Text | When | Each
Skeleton = tuple[Part, ...]


def literal(text: str) -> str:
    """Words of a definition as part of a literal."""
    return escape(text, quote=True)


def fused(parts: Iterable[Part]) -> Skeleton:
    """The same parts with neighbouring literals joined."""
    out: list[Part] = []
    for part in parts:
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        elif part != "":
            out.append(part)
    return tuple(out)


def render(skeleton: Skeleton, sheet: Any) -> str:
    """The page of one sheet of values."""
    out: list[str] = []
    _write(skeleton, sheet, out)
    return "".join(out)


def _write(skeleton: Skeleton, sheet: Any, out: list[str]) -> None:
    for part in skeleton:
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, Text):
            out.append(escape(part.read(sheet), quote=True))
        elif isinstance(part, When):
            _write(part.yes if part.test(sheet) else part.no, sheet, out)
        else:
            for item in part.items(sheet):
                _write(part.part, item, out)
