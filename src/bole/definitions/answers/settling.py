"""What a save makes of entries that hang on others: what no longer fits is dropped, what is single is filled in."""

from typing import Any

from bole.definitions.answers.entries import Entry, around, is_blank, read_entry
from bole.definitions.fields import type_of
from bole.definitions.terms import Context, Section, Service


def settled(service: Service, code: str, typed: Any, context: Context) -> Any:
    """The answers of a section as they are kept. Only fields of types that settle change; all else stays as typed.

    Where the parent is blank the child becomes so; where the parent cannot be taken as it is, the child stays.
    """
    section = service.section(code)
    if not any(type_of(field).settles for field in section.fields):
        return typed
    if section.many is None:
        return _record(section, typed, context) if isinstance(typed, dict) else typed
    if not isinstance(typed, list):
        return typed
    return [_record(section, row, context) if isinstance(row, dict) else row for row in typed]


def _record(section: Section, typed: dict[str, Any], context: Context) -> dict[str, Any]:
    if not typed or ("nothing" in typed and "nothing" not in section.by_code):
        return typed
    kept = dict(typed)
    entries: dict[str, Entry] = {}
    for field in section.fields:
        kind, nearby = type_of(field), around(section, field, entries, context)
        held = kept.get(field.field)
        if kind.settles and not field.fixed and not isinstance(held, dict):
            if nearby.parent is not None or field.parent is None:
                now = kind.settle(held, field, nearby)
            else:
                now = "" if is_blank(kept.get(field.parent)) and held is not None else held
            if now != held and not (held is None and now == ""):
                kept[field.field] = now
        given = context.fact(field.fixed) if field.fixed else kept.get(field.field)
        entries[field.field] = read_entry(field, given, nearby)
    return kept
