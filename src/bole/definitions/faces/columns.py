"""What lists and statistics show of a case: the columns that its service declares, as plain facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bole.definitions.answers.captions import shown_text
from bole.definitions.fields import type_of
from bole.definitions.terms import Column, Field, Section, Service, Shape, Take
from bole.standards import queries as standards


@dataclass(frozen=True)
class Fact:
    """One column of one case: the value to count and filter by (code, ISO text, number) and the text to show."""

    column: str
    name: str
    value: str
    text: str


def facts(service: Service, values: Mapping[str, Any]) -> tuple[Fact, ...]:
    """The facts of a case from its cleaned values by section, in the order of the columns; the missing are left out."""
    return tuple(fact for column in service.columns for fact in _fact(service, column, values.get(column.section)))


@dataclass(frozen=True)
class Lead:
    """A column of a list: its path, its name, and what a list is narrowed by, each as (word of the filter, name)."""

    column: str
    name: str
    choices: tuple[tuple[str, str], ...] = ()

    def named(self, word: str) -> str:
        """The name that a word of the filter stands for."""
        return dict(self.choices).get(word, word)


def heads(service: Service) -> tuple[tuple[str, str], ...]:
    """The columns with their names."""
    return tuple((column.column, name_of(service, column)) for column in service.columns)


def listed(service: Service) -> tuple[str, ...]:
    """The paths of the columns that pages show, in order."""
    return tuple(column.column for column in service.columns if column.listed)


def shown_in_common(services: Sequence[Service], day: date) -> tuple[Lead, ...]:
    """The columns that pages show of every one of these services, in order, with what a list of their cases can be
    narrowed by. Empty where they have none in common."""
    first, *others = [_sources(service) for service in services] or [{}]
    found: list[Lead] = []
    listings: dict[tuple[object, ...], tuple[tuple[str, str], ...]] = {}
    for path, (name, source, field) in first.items():
        if any(path not in other or other[path][:2] != (name, source) for other in others):
            continue
        if source not in listings:
            site = services[0].site
            listings[source] = type_of(field).listing(field, site, day) if field is not None else ()
        found.append(Lead(path, name, listings[source]))
    return tuple(found)


def _sources(service: Service) -> dict[str, tuple[str, tuple[object, ...], Field | None]]:
    """The columns that pages show by their paths: the name, where the choices are from, the field that offers them."""
    found: dict[str, tuple[str, tuple[object, ...], Field | None]] = {}
    for column in service.columns:
        if column.listed:
            field = service.section(column.section).by_code.get(column.field) if column.take is not Take.COUNT else None
            source = (field.type, field.table, field.lookup, field.codes, field.roots, service.site) if field else ()
            found[column.column] = (name_of(service, column), source, field)
    return found


def name_of(service: Service, column: Column) -> str:
    """What stands above a column."""
    section = service.section(column.section)
    return column.name or (section.by_code[column.field].name if column.field else section.name)


def _fact(service: Service, column: Column, values: Any) -> tuple[Fact, ...]:
    section = service.section(column.section)
    name = name_of(service, column)
    if column.take is Take.COUNT:
        count = str(len(values) if isinstance(values, list) else 0)
        return (Fact(column.column, name, count, count),)
    record = _picked(section, column, values) if isinstance(values, list) else values
    value = record.get(column.field) if isinstance(record, dict) else None
    if value is None:
        return ()
    field = section.by_code[column.field]
    plain = value if isinstance(value, str) else "、".join(value) if isinstance(value, list) else ""
    return (Fact(column.column, name, plain, shown_text(field, value)),)


def _picked(section: Section, column: Column, records: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The record that stands for all. Tables list the highest first, so of codes the first is the highest."""
    by = section.by_code[column.by or column.field]
    ranked = [(key, record) for record in records if (key := _rank(by, record.get(by.field))) is not None]
    if not ranked:
        return None
    least = column.take is (Take.HIGHEST if type_of(by).shape is Shape.CHOICE else Take.LOWEST)
    pick = min if least else max
    return pick(ranked, key=lambda item: item[0])[1]


def _rank(field: Field, value: Any) -> tuple[int, str] | None:
    if not isinstance(value, str):
        return None
    if type_of(field).shape is not Shape.CHOICE:
        return (0, value) if type_of(field).shape is not Shape.NUMBER else (int(float(value) * 1000), "")
    table = standards.table(type_of(field).table(field))
    if value not in table:
        return None
    # Within a cascade a level is known by its place among its sisters.
    entries = table.children(table.entry(value).parent) if field.parent else table.entries
    return next(((place, "") for place, entry in enumerate(entries) if entry.code == value), None)
