"""Cleaning of whole records, sections and cases. Nothing here raises for anything a person can type."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bole.definitions.answers.entries import Entry, demand, is_blank, read_record
from bole.definitions.answers.scope import Surroundings, compared
from bole.definitions.conditions import compiled
from bole.definitions.terms import Cleaned, Context, Field, Many, Section, SectionKind, SectionState, Service
from bole.kernel.errors import Fault


def clean_section(service: Service, code: str, typed: Any, *, context: Context) -> Cleaned:
    """A section's answers as typed, cleaned. Raises KeyError for a section that the service does not have."""
    section = service.section(code)
    context = replace(context, answers={**context.answers, code: typed})
    if section.kind is SectionKind.EVIDENCE:
        return Cleaned(code, {}, (), SectionState.EMPTY)
    if isinstance(typed, dict) and typed.get("nothing") == "none" and "nothing" not in section.by_code:
        return _declared_none(service, section, context)
    if section.many is None:
        return _single(service, section, typed, context)
    return _several(service, section, section.many, typed, context)


def clean_record(service: Service, code: str, typed: Any, *, context: Context) -> Cleaned:
    """One record of a section of many, or a single section: values and faults at "field", as a dialog needs them."""
    section = service.section(code)
    values, faults = _record(Surroundings(service, context), section, typed)
    state = SectionState.INCOMPLETE if faults else SectionState.VALID
    return Cleaned(code, values, tuple(faults), SectionState.EMPTY if _untouched(section, typed) else state)


def clean_all(service: Service, answers: Mapping[str, Any], context: Context) -> dict[str, Cleaned]:
    """Every section of a case, seeing each other; `context.answers` is replaced by `answers`."""
    whole = replace(context, answers=answers)
    return {
        section.section: clean_section(service, section.section, answers.get(section.section), context=whole)
        for section in service.sections
    }


def is_required(service: Service, code: str, context: Context) -> bool:
    """Whether the section must be filled, given the answers in the context."""
    return holds(service.section(code).required, Surroundings(service, context))


def holds(condition: bool | str, scope: Surroundings) -> bool:
    """A yes, a no, or what a condition says."""
    return condition if isinstance(condition, bool) else compiled(condition).holds(scope)


def shown_fields(service: Service, code: str, typed: Any, context: Context) -> frozenset[str]:
    """The fields of a record that its conditions show."""
    section = service.section(code)
    return frozenset(shown_and_scope(Surroundings(service, context), section, read_record(section, typed, context))[0])


def _declared_none(service: Service, section: Section, context: Context) -> Cleaned:
    if is_required(service, section.section, context):
        fault = Fault("", f"「{section.name}」必须填写，不能声明无此项")
        return Cleaned(section.section, [] if section.many else {}, (fault,), SectionState.INCOMPLETE)
    return Cleaned(section.section, {"nothing": "none"}, (), SectionState.NONE)


def _single(service: Service, section: Section, typed: Any, context: Context) -> Cleaned:
    required = is_required(service, section.section, context)
    untouched = _untouched(section, typed)
    if untouched and not required:
        return Cleaned(section.section, {}, (), SectionState.EMPTY)
    values, faults = _record(Surroundings(service, context), section, typed)
    state = SectionState.EMPTY if untouched else SectionState.INCOMPLETE if faults else SectionState.VALID
    return Cleaned(section.section, values, tuple(faults), state)


def _several(service: Service, section: Section, many: Many, typed: Any, context: Context) -> Cleaned:
    rows = [row for row in typed if isinstance(row, dict)] if isinstance(typed, list) else []
    if not rows:
        needed = is_required(service, section.section, context)
        faults = (Fault("", f"「{section.name}」尚未填写"),) if needed else ()
        return Cleaned(section.section, [], faults, SectionState.EMPTY)
    found: list[Fault] = []
    values: list[dict[str, Any]] = []
    scope = Surroundings(service, context)
    for place, row in enumerate(rows):
        key = str(row.get("id") or place)
        record, wrong = _record(scope, section, row)
        values.append({"id": key, **record})
        found += [Fault(f"{key}.{fault.at}" if fault.at else key, fault.say) for fault in wrong]
    if len(rows) > many.max:
        found.append(Fault("", f"「{section.name}」最多填写{many.max}项，现在是{len(rows)}项，请删去多余的"))
    if len(rows) < many.min:
        found.append(Fault("", f"「{section.name}」至少填写{many.min}项，现在是{len(rows)}项"))
    state = SectionState.INCOMPLETE if found else SectionState.VALID
    return Cleaned(section.section, values, tuple(found), state)


def _record(around: Surroundings, section: Section, typed: Any) -> tuple[dict[str, Any], list[Fault]]:
    entries = read_record(section, typed, around.context)
    shown, scope = shown_and_scope(around, section, entries)
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for field in section.fields:
        if field.field not in shown:
            continue
        entry = entries[field.field]
        if entry.wrong:
            faults.append(Fault(field.field, entry.wrong))
        elif not entry.blank:
            values[field.field] = entry.answer
        elif holds(field.required, scope):
            faults.append(Fault(field.field, _blank_say(field)))
    faults += _failed_checks(section, scope, {fault.at for fault in faults})
    return values, faults


def _blank_say(field: Field) -> str:
    return f"{field.name}缺失，请先在账号或档案中补全" if field.fixed else demand(field)


def _failed_checks(section: Section, scope: Surroundings, faulty: set[str]) -> list[Fault]:
    """Checks over fields that are each right in themselves; a check on a faulty field would only repeat its fault."""
    found = []
    for check in section.checks:
        condition = compiled(check.that)
        if not {name.partition(".")[0] for name in condition.names} & faulty and not condition.holds(scope):
            found.append(Fault(check.at or "", check.say))
    return found


def shown_and_scope(
    around: Surroundings, section: Section, entries: Mapping[str, Entry]
) -> tuple[set[str], Surroundings]:
    """The fields that are shown, and the scope of what they hold. What is hidden is null to other conditions."""
    shown = set(section.by_code)
    for _ in range(len(section.fields) + 1):
        own = {
            field.field: compared(field, entries[field.field]) if field.field in shown else None
            for field in section.fields
        }
        scope = around.within(own)
        now = {field.field for field in section.fields if field.show is None or holds(field.show, scope)}
        if now == shown:
            break
        shown = now
    return shown, scope


def _untouched(section: Section, typed: Any) -> bool:
    """Whether the person has entered nothing of their own."""
    if not isinstance(typed, dict):
        return True
    own = [field for field in section.fields if not field.fixed]
    return all(is_blank(typed.get(field.field)) or typed.get(field.field) == field.default for field in own)
