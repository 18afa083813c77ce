"""Captions of records and the lines of 「附件管理」, built from what was filled."""

import re
from collections.abc import Mapping
from typing import Any

from bole.definitions.answers.cleaning import holds
from bole.definitions.answers.scope import Surroundings
from bole.definitions.conditions import compiled
from bole.definitions.fields import type_of
from bole.definitions.terms import (
    Cleaned,
    Context,
    Evidence,
    EvidenceLine,
    Field,
    Nothing,
    Section,
    SectionKind,
    Service,
    Unasked,
)

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)(:compact)?\}")


def captions(service: Service, cleaned: Mapping[str, Cleaned], context: Context) -> list[EvidenceLine]:
    """One line for each record that needs papers, in the order of the definition."""
    lines = []
    scope = Surroundings(service, context)
    for wanted in service.evidence:
        section, found = service.section(wanted.section), cleaned.get(wanted.section)
        if found is None or not _asked(wanted, scope):
            continue
        demanded = wanted.min > 0 and holds(wanted.required, scope)
        for record in _records(section, found, wanted.each):
            key = str(record.get("id", ""))
            category = wanted.category or ""
            lines.append(
                EvidenceLine(
                    key=f"{section.section}:{key}" + (f":{category}" if category else ""),
                    section=section.section,
                    record=key,
                    caption=filled(wanted.caption, section, record),
                    min=wanted.min if demanded else 0,
                    max=wanted.max,
                    instead=wanted.instead,
                    category=category,
                    heading=wanted.name,
                    reason=wanted.because if demanded else wanted.otherwise,
                    portrait=wanted.portrait,
                )
            )
    return lines


def unasked(service: Service, cleaned: Mapping[str, Cleaned], context: Context) -> list[Unasked]:
    """The categories with a name or a reason for which nothing is asked now, in the order of the definition."""
    found = []
    scope = Surroundings(service, context)
    for wanted in service.evidence:
        section, category = service.section(wanted.section), wanted.category or ""
        if not _asked(wanted, scope):
            if wanted.otherwise:
                found.append(Unasked(section.section, category, wanted.heading, wanted.otherwise))
        elif wanted.name and not _records(section, cleaned[section.section], wanted.each):
            found.append(Unasked(section.section, category, wanted.name, f"「{section.name}」没有需要证明的内容"))
    return found


def _asked(wanted: Evidence, scope: Surroundings) -> bool:
    return wanted.when is None or holds(wanted.when, scope)


def _records(section: Section, found: Cleaned, each: str | None) -> list[Any]:
    """What the papers are wanted for: the records with content of which `each` is true, or the case as a whole."""
    if section.kind is SectionKind.EVIDENCE:
        return [{}]
    records = found.values if isinstance(found.values, list) else [found.values] if found.values else []
    kept = [record for record in records if not ("nothing" in record and len(record) == 1)]
    return [record for record in kept if compiled(each).holds(_compared(section, record))] if each else kept


def _compared(section: Section, record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record as conditions see them; what is blank or a declared nothing is null."""
    held = {name: record[name] for name in section.by_code if name in record}
    return {
        name: None if isinstance(value, dict) and "nothing" in value else type_of(section.by_code[name]).compare(
            value, section.by_code[name]
        )
        for name, value in held.items()
    }  # fmt: skip


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
