"""「重新申报」: what a new case takes from a closed one, and what of it needs another look (SZ-04, D35)."""

from collections.abc import Mapping
from typing import Any

from bole.bindings.records import content, record_key
from bole.bindings.terms import CopyKind, CopyMark
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import FilledForm, Typed
from bole.definitions.terms import Section, Service
from bole.kernel import ids
from bole.people.terms import Entry
from bole.review import queries as review


def taken_up(service: Service, former: Case, offered: Mapping[str, Typed]) -> dict[str, Typed]:
    """What was typed into the former case, with records of the archive that it did not hold after them.

    Only fields that the service asks now; records keep their keys, so that their files find them.
    """
    before = cases.typed_answers(former)
    return {
        section.section: _merged(section, before.get(section.section), offered.get(section.section))
        for section in service.sections
        if before.get(section.section) or offered.get(section.section)
    }


def _merged(section: Section, before: Any, offered: Typed | None) -> Typed:
    if section.many is None:
        return _own(section, before) if isinstance(before, Mapping) and before else (offered or {})
    if isinstance(before, Mapping):  # declared 「无此项」; what the archive learned since says otherwise
        return offered or dict(before)
    records = [
        {"id": row.get("id") or ids.short_id(), **_own(section, row)} for row in before or () if isinstance(row, dict)
    ]
    there = {record_key(section, content(section, row) | section.only) for row in records}
    more = [
        row for row in offered or () if isinstance(row, dict)
        and record_key(section, content(section, row) | section.only) not in there
    ]  # fmt: skip
    return [*records, *more][: section.many.max]


def _own(section: Section, row: Mapping[str, Any]) -> dict[str, Any]:
    """What of a record the section asks now."""
    asked = {each.field for each in section.fields if each.fixed is None}
    return {name: value for name, value in row.items() if name in asked}


def marks_of(
    case: Case, service: Service, form: FilledForm, archive: Mapping[tuple[str, str], Entry]
) -> tuple[CopyMark, ...]:
    """What of a copied form was objected to formerly, does not hold any more, or was verified since; `archive` are the
    entries that equal a record of the form.

    Faults in what nobody has typed into since are what has gone stale: days, windows, committees.
    """
    if case.former_id is None:
        return ()
    found = [
        CopyMark(CopyKind.OBJECTED, fault.section, fault.record, fault.say)
        for fault in review.objections(case.former_id)
        if fault.section in service.by_code
    ]
    for code, section in form.sections.items():
        for fault in section.faults if section.version == 1 and section.typed else ():
            key = fault.at.partition(".")[0] if isinstance(section.typed, list) else ""
            found.append(CopyMark(CopyKind.STALE, code, key, fault.say))
    former = cases.closed_on(case.former_id)
    for (code, record), entry in archive.items():
        if entry.verified_at is not None and former is not None and entry.verified_at > former:
            found.append(CopyMark(CopyKind.CHECKED, code, record, entry.verified_by))
    return tuple(found)
