"""What the slots of a form read: one record as typed, its faults, and what its conditions say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bole.definitions.answers.captions import shown_text
from bole.definitions.answers.cleaning import holds, shown_and_scope
from bole.definitions.answers.entries import Entry, read_record
from bole.definitions.answers.scope import Surroundings
from bole.definitions.fields import name_of, type_of
from bole.definitions.terms import Context, Field, Section, Service, Shape
from bole.kernel.errors import Fault
from bole.kernel.privacy import Privacy


@dataclass(frozen=True)
class Sheet:
    """One record of one section, ready to be shown in a form. Nothing here is escaped."""

    section: Section
    today: date
    typed: Mapping[str, Any]
    entries: Mapping[str, Entry]
    faults: Mapping[str, str]
    shown: frozenset[str]
    required: frozenset[str]
    reveal: bool = False

    def raw(self, code: str) -> str:
        """The text of a control, as typed."""
        return type_of(self.section.by_code[code]).raw(self.typed.get(code), self.section.by_code[code])

    def until(self, code: str) -> str:
        """The second input of a period."""
        held = self.typed.get(code)
        return str(held.get("to") or "") if isinstance(held, dict) else ""

    def chosen(self, code: str) -> tuple[str, ...]:
        """The codes that are ticked or selected: the cleaned ones, else whatever is held."""
        value, held = self.entries[code].value, self.typed.get(code)
        value = held if value is None else value
        if isinstance(value, str):
            return (value,) if value else ()
        return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()

    def parent_code(self, child: Field) -> str | None:
        """The cleaned code of a cascade's parent."""
        held = self.entries.get(child.parent or "")
        return held.value if held is not None and isinstance(held.value, str) else None

    def stale_name(self, wanted: Field, code: str) -> str:
        """How a held code that is no longer offered is named in its list."""
        name = name_of(wanted, code)
        return f"{name}（请重新选择）"

    def name_or_raw(self, wanted: Field) -> str:
        """The name of a chosen code, or what was typed while it is none."""
        value = self.entries[wanted.field].value
        if isinstance(value, str):
            return type_of(wanted).text(value, wanted)
        return self.raw(wanted.field)

    def locked(self, wanted: Field) -> str:
        """A value that cannot be changed here, masked when it is sensitive; what cannot be read stands as typed."""
        entry = self.entries[wanted.field]
        text = self.raw(wanted.field) if entry.wrong else shown_text(wanted, entry.answer)
        return masked_text(wanted, text, mask=not self.reveal) or "—"

    def nothing(self, code: str) -> str:
        """The kind of nothing that is declared, or an empty text."""
        held = self.typed.get(code)
        return str(held.get("nothing") or "") if isinstance(held, dict) else ""

    def reason(self, code: str) -> str:
        """The reason why a field does not apply."""
        held = self.typed.get(code)
        told = held.get("reason") if isinstance(held, dict) else None
        return told if isinstance(told, str) else ""


def masked_text(wanted: Field, shown: str, *, mask: bool) -> str:
    """The text for people who need not see all of it."""
    return type_of(wanted).mask(shown) if mask and shown and wanted.privacy is Privacy.SENSITIVE else shown


def sheet_of(
    service: Service, code: str, typed: Any, *, faults: Iterable[Fault], context: Context, reveal: bool = False
) -> Sheet:
    """The sheet of a record; a blank one begins with the definition's defaults."""
    section = service.section(code)
    given = dict(typed) if isinstance(typed, dict) else {}
    for each in section.fields:
        if each.default is not None and each.field not in given:
            given[each.field] = [each.default] if type_of(each).shape is Shape.CHOICES else each.default
    entries = read_record(section, given, context)
    base = context if section.many else replace(context, answers={**context.answers, code: given})
    shown, scope = shown_and_scope(Surroundings(service, base), section, entries)
    required = frozenset(each.field for each in section.fields if holds(each.required, scope))
    says: dict[str, str] = {}
    for fault in faults:
        says.setdefault(fault.at, fault.say)
    return Sheet(section, context.today, given, entries, says, frozenset(shown), required, reveal)
