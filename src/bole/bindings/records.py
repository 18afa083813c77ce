"""Between the sections of a form and the record kinds of the archive: which part of an answer is which record."""

from collections.abc import Mapping, Sequence
from typing import Any

from bole.definitions import queries as definitions
from bole.definitions.terms import Section, Service
from bole.kernel import ids
from bole.people.terms import Entry, Offered

_SINGLE = "single"


def content(section: Section, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What of a typed record belongs to the archive: the own answers of the section, not facts about the person."""
    own = {field.field for field in section.fields if field.fixed is None}
    return {name: value for name, value in typed.items() if name in own and value not in ("", [], None)}


def said(section: Section, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The same without what parts draw from records of other kinds: by this a record is known again."""
    drawn = {name for part in section.parts if part.drawn is not None for name in part.drawn.fields}
    return {name: value for name, value in content(section, typed).items() if name not in drawn}


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


def known_as(section: Section, data: Mapping[str, Any], entries: Sequence[Entry]) -> Entry | None:
    """The entry of the archive that says the same as a record of the section, as far as the section asks."""
    told = said(section, data)
    fitting = (each for each in entries if held_by(section, each.data) and said(section, each.data) == told)
    return next(fitting, None) if told else None


def offered_records(
    service: Service, typed: Mapping[str, Any], values: Mapping[str, Any], archive: Mapping[str, Sequence[Entry]],
    *, verifying: bool = False,
) -> dict[str, list[Offered]]:  # fmt: skip
    """The records of a form by record kind, only those that are valid, in their order.

    A hidden field's text stays in the case and does not go into the archive. What the archive says already is that
    very record, also where it says more than the form asks; `verifying`, only if nothing is verified that nobody saw.
    """
    found: dict[str, list[Offered]] = {}
    for section in service.sections:
        answer, valid = typed.get(section.section), values.get(section.section)
        if section.record is None or not valid:
            continue
        for record, kept in _pairs(section, answer, valid):
            data = {name: value for name, value in content(section, record).items() if name in kept}
            if not data:
                continue
            entry = known_as(section, data, archive.get(section.record, ()))
            data |= section.only
            if entry is None or (verifying and not entry.verified and not entry.data.keys() <= data.keys()):
                offered = Offered(record_key(section, data), data)
            else:
                offered = Offered(entry.key, entry.data)
            found.setdefault(section.record, []).append(offered)
    return found


def _pairs(section: Section, answer: Any, valid: Any) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    if section.many is None:
        return [(answer, valid)] if isinstance(answer, Mapping) else []
    if not isinstance(answer, list):
        return []
    by_id = {record["id"]: record for record in valid}
    return [(record, by_id[record["id"]]) for record in answer if record.get("id") in by_id]
