"""What conditions can see: the record at hand, the other sections, the facts, the day."""

from collections.abc import Mapping
from typing import Any

from bole.definitions.answers.entries import Entry, read_record
from bole.definitions.conditions import Described
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
        self._read: dict[str, list[tuple[str, Mapping[str, Entry]]]] = {}

    def within(self, own: Mapping[str, Any]) -> "Surroundings":
        """The same surroundings seen from inside a record; what was looked up once is shared."""
        inner = Surroundings(self._service, self.context)
        inner._shared, inner._read = self._shared, self._read
        inner.update(own)
        return inner

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name as conditions compare it; None when unknown or missing."""
        found = super().get(name, _UNKNOWN)
        if found is _UNKNOWN and "." in name:
            found = self._attribute(name)
        if found is _UNKNOWN:
            found = self._shared.get(name, _UNKNOWN)
        if found is _UNKNOWN:
            found = self._shared[name] = self._look_up(name)
        return default if found is None else found

    def _attribute(self, name: str) -> Any:
        """What a line chosen in the record at hand says of itself: `committee.review`."""
        own, _, attribute = name.partition(".")
        if own not in self or "." in attribute:
            return _UNKNOWN
        value = super().get(own)
        return value.attributes.get(attribute) if isinstance(value, Described) else _UNKNOWN

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
        records = self._read.get(first)
        if records is None:  # conditions ask for one field after the other of a section
            records = self._read[first] = self._records(section)
        if not rest:
            return tuple(key for key, _ in records) if section.many else (comparable(section, records[0][1]) or None)
        name, _, attribute = rest.partition(".")
        field = section.by_code.get(name)
        # Only what is asked for is compared: a line of a catalogue may have to be looked up for it.
        values = tuple(_told(compared(field, entries[name]) if field else None, attribute) for _, entries in records)
        return values if section.many else values[0]

    def _records(self, section: Section) -> list[tuple[str, Mapping[str, Entry]]]:
        """The section's records with their keys; a single section is one record."""
        typed = self.context.answers.get(section.section)
        if not section.many:
            return [("", read_record(section, typed, self.context))]
        rows = [row for row in typed if isinstance(row, dict)] if isinstance(typed, list) else []
        return [
            (str(row.get("id") or place), read_record(section, row, self.context)) for place, row in enumerate(rows)
        ]


def comparable(section: Section, entries: Mapping[str, Entry]) -> dict[str, Any]:
    """The valid values of a record as conditions compare them."""
    return {code: compared(section.by_code[code], entry) for code, entry in entries.items() if entry.value is not None}


def compared(field: Field, entry: Entry) -> Any:
    """One value as conditions compare it; a declared nothing compares as null."""
    return None if entry.value is None else type_of(field).compare(entry.value, field)


def _told(value: Any, attribute: str) -> Any:
    """The value, or what the line that it is says under an attribute."""
    if not attribute:
        return value
    return value.attributes.get(attribute) if isinstance(value, Described) else None


def _plain(value: Any) -> Any:
    """A fact as JSON: days as ISO text, enums as their values."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
