"""Between the sections of a form and the record kinds of the archive: which part of an answer is which record."""

from collections.abc import Mapping
from typing import Any

from bole.definitions import queries as definitions
from bole.definitions.terms import Section, Service
from bole.kernel import ids
from bole.people.terms import Offered

_SINGLE = "single"


def content(section: Section, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What of a typed record belongs to the archive: the own answers of the section, not facts about the person."""
    own = {field.field for field in section.fields if field.fixed is None}
    return {name: value for name, value in typed.items() if name in own and value not in ("", [], None)}


def held_by(section: Section, data: Mapping[str, Any]) -> bool:
    """Whether a record of the section's kind belongs in it: where several sections share a kind, `only` tells them."""
    return all(data.get(name) == value for name, value in section.only.items())


def record_key(section: Section, data: Mapping[str, Any]) -> str:
    """Names the same record across services: a digest of its key fields, or one word for a single record."""
    if section.many is None or section.record is None:
        return "/".join((_SINGLE, *section.only.values()))
    try:
        names = definitions.record_kind(section.record).key
    except KeyError:  # a kind that the catalogue gave up since the case was pinned: its whole content is its name
        names = tuple(sorted(data))
    return ids.digest([data.get(name) for name in names])[:40]


def offered_records(service: Service, typed: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, list[Offered]]:
    """The records of a form by record kind, only those that are valid, in their order.

    A hidden field's text stays in the case and does not go into the archive.
    """
    found: dict[str, list[Offered]] = {}
    for section in service.sections:
        answer, valid = typed.get(section.section), values.get(section.section)
        if section.record is None or not valid:
            continue
        for record, kept in _pairs(section, answer, valid):
            data = {name: value for name, value in content(section, record).items() if name in kept}
            if data:
                data |= section.only
                found.setdefault(section.record, []).append(Offered(record_key(section, data), data))
    return found


def _pairs(section: Section, answer: Any, valid: Any) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    if section.many is None:
        return [(answer, valid)] if isinstance(answer, Mapping) else []
    if not isinstance(answer, list):
        return []
    by_id = {record["id"]: record for record in valid}
    return [(record, by_id[record["id"]]) for record in answer if record.get("id") in by_id]
