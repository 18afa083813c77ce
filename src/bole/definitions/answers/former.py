"""What stood before: the facts that a form changes, beside what it makes of them."""

from collections.abc import Mapping
from typing import Any

from bole.definitions.answers.captions import shown_text
from bole.definitions.answers.cleaning import shown_fields
from bole.definitions.answers.entries import Entry, read_record
from bole.definitions.terms import Context, Field, Section, Service


def former_facts(service: Service, context: Context) -> dict[str, Any]:
    """The facts that stand now for the fields with `was`, as somebody would have typed them, by "section.field"."""
    stood = {
        f"{section.section}.{field.field}": _typed(context.fact(field.was or "")) for section, field in service.compared
    }
    return {place: value for place, value in stood.items() if value not in (None, "")}


def _typed(fact: Any) -> Any:
    if fact is None or isinstance(fact, str | list | dict):
        return fact
    return fact.isoformat() if hasattr(fact, "isoformat") else str(fact)


def former_entries(section: Section, context: Context) -> dict[str, Entry]:
    """What stood for each field of the section that has a `was`."""
    held = {field.field: context.stood.get(f"{section.section}.{field.field}") for field in section.fields if field.was}
    if not held:
        return {}
    entries = read_record(section, held, context)
    # A fact that this form cannot read stands as it is written, like one that a field is fixed to.
    return {code: Entry(value=held[code]) if entries[code].wrong else entries[code] for code in held}


def former_text(field: Field, entry: Entry, former: Entry) -> str | None:
    """The text that stood, if the entry changes it; empty where nothing stood, None where nothing changes."""
    if entry == former:
        return None
    return shown_text(field, former.answer)


def changes_nothing(service: Service, answers: Mapping[str, Any], context: Context) -> bool:
    """Whether the service changes facts and this form leaves every one of them as it stood."""
    for section in dict.fromkeys(section.section for section, _ in service.compared):
        typed, definition = answers.get(section), service.section(section)
        former, entries = former_entries(definition, context), read_record(definition, typed, context)
        shown = shown_fields(service, section, typed, context)
        if any(entries[code] != entry for code, entry in former.items() if code in shown):
            return False
    return bool(service.compared)
