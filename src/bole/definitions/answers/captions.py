"""Captions of records and the lines of 「附件管理」, built from what was filled."""

import re
from collections.abc import Mapping
from typing import Any

from bole.definitions.answers.cleaning import holds
from bole.definitions.answers.scope import Surroundings
from bole.definitions.fields import type_of
from bole.definitions.terms import Cleaned, Context, EvidenceLine, Field, Nothing, Section, Service

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)(:compact)?\}")


def captions(service: Service, cleaned: Mapping[str, Cleaned], context: Context) -> list[EvidenceLine]:
    """One line for each record that needs papers, in the order of the definition."""
    lines = []
    scope = Surroundings(service, context)
    for wanted in service.evidence:
        section, found = service.section(wanted.section), cleaned.get(wanted.section)
        if found is None or (wanted.when is not None and not holds(wanted.when, scope)):
            continue
        records = found.values if isinstance(found.values, list) else [found.values] if found.values else []
        for record in records:
            if "nothing" in record and len(record) == 1:
                continue
            key = str(record.get("id", ""))
            text = filled(wanted.caption, section, record)
            lines.append(
                EvidenceLine(
                    f"{section.section}:{key}", section.section, key, text, wanted.min, wanted.max, wanted.instead
                )
            )
    return lines


def record_caption(section: Section, record: Mapping[str, Any]) -> str:
    """What names one record in lists and messages; the section's name when its fields are still blank."""
    return filled(section.caption, section, record).strip(" -") or section.name


def filled(template: str, section: Section, record: Mapping[str, Any]) -> str:
    """A caption with its slots filled. A slot without a value takes the hyphen beside it along."""
    parts = SLOT.split(template)
    text = parts[0]
    for place in range(1, len(parts), 3):
        name, compact, after = parts[place : place + 3]
        shown = shown_text(section.by_code[name], record.get(name), compact=bool(compact))
        if not shown and text.endswith("-"):
            text = text[:-1]
        elif not shown:
            after = after.removeprefix("-")
        text += shown + after
    return text


def shown_text(field: Field, value: Any, *, compact: bool = False) -> str:
    """A cleaned value as text: a declared nothing by its word (with the reason), a blank as nothing."""
    if value is None:
        return ""
    if isinstance(value, dict) and "nothing" in value:
        kind = Nothing(value["nothing"])
        return f"{kind.word}（{value['reason']}）" if value.get("reason") else kind.word
    kind_of_field = type_of(field)
    return kind_of_field.compact(value, field) if compact else kind_of_field.text(value, field)
