"""What the archive knows about a form: what it offers before filling, and which answers stand in it already."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bole.bindings.records import content, record_key
from bole.cases.terms import FilledForm, Typed
from bole.definitions.terms import Service
from bole.kernel import ids
from bole.people import queries as people
from bole.people.terms import Entry


def prefill(service: Service, person: UUID) -> dict[str, Typed]:
    """What the person's archive offers for each section, as if it had been typed (ALL-01). One query."""
    archive = people.archive_kinds(person)
    offered: dict[str, Typed] = {}
    for section in service.sections:
        entries = archive.get(section.record or "", ())
        records = [content(section, entry.data) for entry in entries]
        if section.many is None:
            offered[section.section] = records[-1] if records else {}
        else:
            offered[section.section] = [{"id": ids.short_id(), **record} for record in records[: section.many.max]]
    return {code: typed for code, typed in offered.items() if typed}


def archive_marks(
    service: Service, person: UUID, form: FilledForm, *, only: str = ""
) -> Mapping[tuple[str, str], Entry]:
    """For each record (of one section, with `only`) that equals one in the archive: its entry, with source and
    verification. One query.

    Found by comparing the content, so that a record somebody changes loses its mark by itself.
    """
    sections = [service.by_code[only]] if only else service.sections
    archive = people.archive_kinds(person, [section.record for section in sections if section.record])
    marks: dict[tuple[str, str], Entry] = {}
    for section in sections:
        entries = {entry.key: entry for entry in archive.get(section.record or "", ())}
        if not entries:
            continue
        for record, typed in _records(form.sections[section.section].typed):
            data = content(section, typed)
            entry = entries.get(record_key(section, data))
            if entry is not None and content(section, entry.data) == data:
                marks[section.section, record] = entry
    return marks


def _records(typed: Any) -> list[tuple[str, Mapping[str, Any]]]:
    if isinstance(typed, list):
        return [(record["id"], record) for record in typed]
    return [("", typed)] if isinstance(typed, Mapping) else []
