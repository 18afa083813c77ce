"""Answers as typed become values, faults and captions; the same for page, sheet and interface."""

from bole.definitions.answers.captions import captions, filled, record_caption, shown_text
from bole.definitions.answers.cleaning import (
    clean_all,
    clean_record,
    clean_section,
    holds,
    is_required,
    shown_fields,
)
from bole.definitions.answers.posted import typed_of

__all__ = [
    "captions",
    "clean_all",
    "clean_record",
    "clean_section",
    "filled",
    "holds",
    "is_required",
    "record_caption",
    "shown_fields",
    "shown_text",
    "typed_of",
]
