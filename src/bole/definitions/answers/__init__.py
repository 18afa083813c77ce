"""Answers as typed become values, faults and captions; the same for page, sheet and interface."""

from bole.definitions.answers.captions import captions, filled, record_caption, shown_text, unasked
from bole.definitions.answers.cleaning import (
    clean_all,
    clean_record,
    clean_section,
    holds,
    is_required,
    shown_fields,
)
from bole.definitions.answers.eligibility import assess
from bole.definitions.answers.entering import drawn_values, entered_record
from bole.definitions.answers.former import changes_nothing, former_facts
from bole.definitions.answers.posted import typed_of
from bole.definitions.answers.settling import settled

__all__ = [
    "assess",
    "captions",
    "changes_nothing",
    "clean_all",
    "clean_record",
    "clean_section",
    "drawn_values",
    "entered_record",
    "filled",
    "former_facts",
    "holds",
    "is_required",
    "record_caption",
    "settled",
    "shown_fields",
    "shown_text",
    "typed_of",
    "unasked",
]
