"""What conditions can see: the record at hand, the other sections, the facts, the day."""

from collections.abc import Mapping
from typing import Any

from bole.definitions.answers.entries import Entry, read_record
from bole.definitions.fields import type_of
from bole.definitions.terms import FACTS, Context, Field, Section, Service

_UNKNOWN = object()


class Surroundings(dict[str, Any]):
    """A scope for conditions, filled as names are asked for. Bare names are fields of `own`, then sections.

    A field of another section counts as entered there, whether its own conditions show it or not; the catalogue's
    check refuses references to fields shown on condition.
    """

    def __init__(self, service: Service, context: Context) -> None:
        super().__init__()
        self.context = context
        self._service = service
        self._shared: dict[str, Any] = {}

    def within(self, own: Mapping[str, Any]) -> "Surroundings":
        """The same surroundings seen from inside a record; what was looked up once is shared."""
        inner = Surroundings(self._service, self.context)
        inner._shared = self._shared
        inner.update(own)
        return inner

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name as conditions compare it; None when unknown or missing."""
        found = super().get(name, _UNKNOWN)
        if found is _UNKNOWN:
            found = self._shared.get(name, _UNKNOWN)
        if found is _UNKNOWN:
            found = self._shared[name] = self._look_up(name)
        return default if found is None else found

    def _look_up(self, name: str) -> Any:
        if name == "today":
            return self.context.today.isoformat()
        first, _, rest = name.partition(".")
        if first == "subject":
            first, name = self._service.subject.value, f"{self._service.subject.value}.{rest}"
        if first in FACTS:
            return _plain(self.context.fact(name))
        section = self._service.by_code.get(first)
        if section is None:
            return None
        records = self._records(section)
        if not rest:
            return tuple(record["id"] for record in records) if section.many else (records[0] or None)
        values = tuple(record.get(rest) for record in records)
        return values if section.many else values[0]

    def _records(self, section: Section) -> list[Mapping[str, Any]]:
        """The section's records as conditions see them; a single section is one record."""
        typed = self.context.answers.get(section.section)
        if not section.many:
            return [comparable(section, read_record(section, typed, self.context))]
        rows = [row for row in typed if isinstance(row, dict)] if isinstance(typed, list) else []
        return [
            {**comparable(section, read_record(section, row, self.context)), "id": str(row.get("id") or place)}
            for place, row in enumerate(rows)
        ]


def comparable(section: Section, entries: Mapping[str, Entry]) -> dict[str, Any]:
    """The valid values of a record as conditions compare them."""
    return {code: compared(section.by_code[code], entry) for code, entry in entries.items() if entry.value is not None}


def compared(field: Field, entry: Entry) -> Any:
    """One value as conditions compare it; a declared nothing compares as null."""
    return None if entry.value is None else type_of(field).compare(entry.value, field)


def _plain(value: Any) -> Any:
    """A fact as JSON: days as ISO text, enums as their values."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
