"""From the inputs of a posted form to answers as typed."""

from collections.abc import Callable, Sequence
from typing import Any

from bole.definitions.fields import type_of
from bole.definitions.terms import Field, Section, Shape

NOTHING = "__nothing"
REASON = "__reason"
UNTIL = "__to"


def typed_of(section: Section, posted: Callable[[str], Sequence[str]]) -> dict[str, Any]:
    """What was typed into the controls of one record, for storing; `posted` gives all values of an input (getlist).

    Only fields of the section are taken, and none that are fixed. Text wins over a ticked 「无」: no loss.
    """
    return {field.field: _typed(field, posted) for field in section.fields if not field.fixed and _sent(field, posted)}


def _sent(field: Field, posted: Callable[[str], Sequence[str]]) -> bool:
    return any(posted(field.field + end) for end in ("", NOTHING, UNTIL)) or type_of(field).shape is Shape.CHOICES


def _typed(field: Field, posted: Callable[[str], Sequence[str]]) -> Any:
    values = [value for value in posted(field.field) if isinstance(value, str)]
    shape = type_of(field).shape
    if shape is Shape.CHOICES and any(values):
        return [value for value in values if value]
    text = values[-1] if values else ""
    until = next(iter(posted(field.field + UNTIL)), "") if shape is Shape.PERIOD else ""
    if not text.strip() and not until:
        kind = next(iter(posted(field.field + NOTHING)), "")
        if kind:
            reason = next(iter(posted(field.field + REASON)), "")
            return {"nothing": kind, "reason": reason} if reason else {"nothing": kind}
    if shape is Shape.PERIOD:
        return {"from": text, "to": until or None}
    return [] if shape is Shape.CHOICES else text
