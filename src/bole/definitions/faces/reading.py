"""Answers as they are read: by preview, review page and print alike."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bole.definitions.answers.captions import record_caption, shown_text
from bole.definitions.answers.cleaning import clean_section, holds, shown_and_scope
from bole.definitions.answers.entries import Entry, read_record
from bole.definitions.answers.former import former_entries, former_text
from bole.definitions.answers.scope import Surroundings
from bole.definitions.faces.sheets import masked_text
from bole.definitions.fields import type_of
from bole.definitions.terms import (
    Context,
    Field,
    Section,
    SectionKind,
    SectionState,
    Service,
    Shown,
    ShownRow,
    ShownSection,
)

_BLANK = "—"
_MISSING = "未填写"


def read_all(
    service: Service,
    answers: Mapping[str, Any],
    context: Context,
    *,
    mask: bool,
    states: Mapping[str, SectionState] | None = None,
) -> tuple[ShownSection, ...]:
    """Every section of fields, in order. `mask` hides sensitive values; who has cleaned the form knows the `states`."""
    whole, known = replace(context, answers=answers), states or {}
    return tuple(
        read_section(
            service,
            section.section,
            answers.get(section.section),
            context=whole,
            mask=mask,
            state=known.get(section.section),
        )
        for section in service.sections
        if section.kind is SectionKind.FIELDS
    )


def read_section(
    service: Service, code: str, typed: Any, *, context: Context, mask: bool, state: SectionState | None = None
) -> ShownSection:
    """One section: what is valid as text, what is not as it was typed, what is missing as 「未填写」."""
    section = service.section(code)
    context = replace(context, answers={**context.answers, code: typed})
    state = clean_section(service, code, typed, context=context).state if state is None else state
    around = Surroundings(service, context)
    if section.many is None:
        pairs = _cells(around, section, typed, code, mask)
        return ShownSection(code, section.name, section.heading, state, pairs=pairs)
    rows = [row for row in typed if isinstance(row, dict)] if isinstance(typed, list) else []
    found = [_row(around, section, row, place, mask) for place, row in enumerate(rows)]
    if section.order_by:
        found.sort(key=lambda item: item[0])
    heads = tuple(field.name for field in section.fields if field.listed)
    return ShownSection(code, section.name, section.heading, state, heads=heads, rows=tuple(row for _, row in found))


def _row(around: Surroundings, section: Section, typed: Any, place: int, mask: bool) -> tuple[str, ShownRow]:
    key = str(typed.get("id") or place)
    entries = read_record(section, typed, around.context)
    values = {code: entry.answer for code, entry in entries.items() if not entry.blank and not entry.wrong}
    order = values.get(section.order_by or "")
    cells = _cells(around, section, typed, f"{section.section}[{key}]", mask, entries)
    caption = record_caption(section, _masked(section, values, mask))
    return order if isinstance(order, str) else "~", ShownRow(key, caption, cells)


def _masked(section: Section, values: Mapping[str, Any], mask: bool) -> Mapping[str, Any]:
    """Values for a caption that may be shown; sensitive ones are left out."""
    if not mask:
        return values
    return {code: value for code, value in values.items() if section.by_code[code].privacy.value != "sensitive"}


def _cells(
    around: Surroundings,
    section: Section,
    typed: Any,
    at: str,
    mask: bool,
    entries: Mapping[str, Entry] | None = None,
) -> tuple[Shown, ...]:
    entries = read_record(section, typed, around.context) if entries is None else entries
    shown, scope = shown_and_scope(around, section, entries)
    given = typed if isinstance(typed, dict) else {}
    cells = tuple(
        _cell(field, entries[field.field], given.get(field.field), field.field in shown, scope, at, mask)
        for field in section.fields
        if section.many is not None or field.field in shown
    )
    former = former_entries(section, around.context)
    return tuple(_beside(section.by_code[cell.field], cell, entries, former, mask) for cell in cells)


def _beside(field: Field, cell: Shown, entries: Mapping[str, Entry], former: Mapping[str, Entry], mask: bool) -> Shown:
    """The cell with what stood before, where the answer changes it."""
    if field.field not in former:
        return cell
    text = former_text(field, entries[field.field], former[field.field])
    return cell if text is None else replace(cell, was=masked_text(field, text, mask=mask) or _BLANK)


def _cell(field: Field, entry: Entry, typed: Any, shown: bool, scope: Surroundings, at: str, mask: bool) -> Shown:
    """One label and its text. In tables a hidden field keeps its column and stays blank."""
    text = shown_text(field, entry.answer) if not entry.wrong else type_of(field).raw(typed, field) or entry.wrong
    blank = not shown or (entry.blank and not entry.wrong)
    missing = shown and entry.blank and holds(field.required, scope)
    if blank:
        text = _MISSING if missing else _BLANK
    told = text if blank else masked_text(field, text, mask=mask)
    place = f"{at}.{field.field}"
    return Shown(
        field.field,
        field.name,
        told,
        field.privacy,
        type_of(field).shape,
        place,
        told != text,
        blank,
        missing,
        field.listed,
    )
