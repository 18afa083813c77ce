"""What the slots of a form read: one record as typed, its faults, and what its conditions say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bole.definitions.answers.captions import shown_text
from bole.definitions.answers.cleaning import holds, shown_and_scope
from bole.definitions.answers.entries import BLANK, Entry, read_record
from bole.definitions.answers.former import former_entries
from bole.definitions.answers.scope import Surroundings
from bole.definitions.fields import governed_offers, name_of, offers, type_of, vacancy
from bole.definitions.terms import Choice, Context, Field, Origin, Section, Service, Shape
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
    context: Context = field(default_factory=lambda: Context(date.min))
    origins: Mapping[str, Origin] = field(default_factory=dict)

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

    def key_or_raw(self, wanted: Field) -> str:
        """The key of a chosen unit, or the words that were typed while there is none."""
        value = self.entries[wanted.field].value
        return value if isinstance(value, str) else self.raw(wanted.field)

    def meant(self, wanted: Field) -> tuple[tuple[str, str], ...]:
        """What words that do not name one unit may mean, to choose from."""
        wrong = self.entries[wanted.field].wrong
        return offers(wanted, self.typed.get(wanted.field), self.context) if wrong else ()

    def lines(self, wanted: Field) -> tuple[tuple[Choice, bool], ...]:
        """The lines of a governed catalogue to choose from, each with whether it is the one held.

        A held line that is not offered stands among them where it still hangs under the parent, so that it is not
        lost unseen: as it is when it was handed in with, else with the word that another must be chosen.
        """
        held, entry = self.typed.get(wanted.field), self.entries[wanted.field]
        held = entry.value if entry.value is not None else held
        found = [(each, each.value == held) for each in governed_offers(wanted, self.parent_code(wanted), self.context)]
        if isinstance(held, str) and held.strip() and not any(chosen for _, chosen in found):
            kept = self._kept_line(wanted, held, right=entry.value is not None)
            found += [(kept, True)] if kept is not None else []
        return tuple(found)

    def _kept_line(self, wanted: Field, held: str, *, right: bool) -> Choice | None:
        name = type_of(wanted).raw(held, wanted)
        if right:
            return Choice(held, name)
        return Choice(held, f"{name}（请重新选择）")

    def beside(self, wanted: Field) -> str:
        """What stands below a list of lines: what helps to know of the one held, or why there is none to choose."""
        held = next((each.note for each, chosen in self.lines(wanted) if chosen), "")
        return held or vacancy(wanted, self.parent_code(wanted), self.context)

    def former(self, wanted: Field) -> str:
        """What stands now of what the field changes, masked as a locked value is."""
        entry = former_entries(self.section, self.context).get(wanted.field, BLANK)
        return masked_text(wanted, shown_text(wanted, entry.answer), mask=not self.reveal) or "—"

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
    return Sheet(section, context.today, given, entries, says, frozenset(shown), required, reveal, context)
