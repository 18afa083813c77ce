"""Which places of a returned case are open: what was marked, and what it could not be handed in without (JL-06)."""

from collections.abc import Iterator, Mapping
from typing import Any

from bole.cases.models import Case, SubmittedAnswer
from bole.cases.terms import FILES, FilledForm, OpenPlaces, Place, SectionForm, Status, Typed, place_of
from bole.definitions.conditions import compiled
from bole.definitions.terms import Section, SectionKind, Service

ALL = OpenPlaces(everything=True)


def marked(case: Case, service: Service | None = None) -> OpenPlaces:
    """What the return left open; everything while the case was not returned.

    With the service also what a marked field takes along: the fields that depend on its answer, and all evidence
    where 「附件管理」 itself was marked.
    """
    if case.status != Status.RETURNED or case.open_sections is None:
        return ALL
    named = [place_of(text) for text in case.open_sections]
    places = frozenset(place for place in named if place[2] != FILES)
    files = frozenset((section, record) for section, record, field in named if field in ("", FILES))
    if service is None:
        return OpenPlaces(places=places, files=files)
    gathering = {each.section for each in service.sections if each.kind is SectionKind.EVIDENCE}
    followed = frozenset(_followed(service, places))
    return OpenPlaces(False, followed, files, any((code, "", "") in places for code in gathering))


def _followed(service: Service, places: frozenset[Place]) -> Iterator[Place]:
    """The places themselves and the sibling fields that follow from an open field: its narrowed choices, and those
    that it shows or demands."""
    for section, record, field in places:
        yield section, record, field
        definition = service.by_code.get(section)
        if not field or definition is None:
            continue
        known, waiting = {field}, [field]
        while waiting:
            for each in _dependents(definition, waiting.pop()) - known:
                known.add(each)
                waiting.append(each)
                yield section, record, each


def _dependents(section: Section, field: str) -> set[str]:
    named = {field, f"{section.section}.{field}"}
    return {
        each.field
        for each in section.fields
        if each.parent == field or any(named & compiled(text).names for text in _conditions(each.show, each.required))
    }


def _conditions(*texts: Any) -> Iterator[str]:
    return (text for text in texts if isinstance(text, str))


def open_places(case: Case, form: FilledForm, service: Service) -> OpenPlaces:
    """What was marked, and beside it what the case could not be handed in without, or what was changed for that.

    One query, and only of a case that was returned.
    """
    open_ = marked(case, service)
    if open_.everything:
        return open_
    places, files = needed(case, form)
    return OpenPlaces(False, open_.places | places, open_.files | files, open_.all_files)


def needed(case: Case, form: FilledForm) -> tuple[frozenset[Place], frozenset[tuple[str, str]]]:
    """The places, and the records whose evidence, that lack something or differ from what was handed in last.

    What was changed since stays open, so that nothing closes under the hands.
    """
    if case.status != Status.RETURNED:
        return frozenset(), frozenset()
    stood = {row.section: row for row in SubmittedAnswer.objects.filter(case=case).order_by("round")}
    places: set[Place] = set()
    for code, section in form.sections.items():
        before = stood.get(code)
        changed = section.version != (before.version if before is not None else 0)
        if before is None or not before.typed:  # asked for only now: all of it
            if changed or code in form.lacking:
                places.add((code, "", ""))
        elif changed:
            places |= set(differences(code, before.typed, section.typed))
    files = {
        (slot.section, slot.record)
        for slot in form.slots
        if any(file.round == case.round for file in (*slot.attachments, *slot.explanations))
    }
    for item in form.missing:
        if item.at.startswith(f"{item.section}:"):
            files.add((item.section, item.at.split(":")[1]))
        elif item.section in form.sections:
            places.add(_missing(form.sections[item.section], item.at))
    return frozenset(places), frozenset(files)


def _missing(section: SectionForm, at: str) -> Place:
    if not isinstance(section.typed, list):
        return section.code, "", at
    record, _, field = at.partition(".")
    return section.code, record, field


def differences(section: str, before: Typed, after: Typed) -> Iterator[Place]:
    """Where two texts of a section differ: fields of records that stand in both, records that stand in one.

    A declared 「无此项」 on one side, or another order of the records, is the whole section.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        yield from ((section, "", name) for name in _fields(before, after))
        return
    if isinstance(before, dict) or isinstance(after, dict):
        if _plain(before) != _plain(after):
            yield section, "", ""
        return
    old, new = _by_key(before), _by_key(after)
    yield from ((section, key, "") for key in old.keys() ^ new.keys())
    for key in (key for key in old if key in new):
        yield from ((section, key, name) for name in _fields(old[key], new[key]))
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield section, "", ""


def closed_changes(section: str, open_: OpenPlaces, before: Typed, after: Typed) -> list[Place]:
    """The places that a new text of the section would change though they are not open."""
    if open_.whole(section):
        return []
    kept = {} if isinstance(before, dict) else _by_key(before)
    return [
        place
        for place in differences(section, before, after)
        if not _free(open_, place, new=isinstance(before, list) and bool(place[1]) and place[1] not in kept)
    ]


def _free(open_: OpenPlaces, place: Place, *, new: bool) -> bool:
    section, record, field = place
    if new or not (record or field):
        return open_.whole(section)
    return open_.field(section, record, field) if field else open_.record(section, record)


def _by_key(records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(record.get("id", "")): record for record in records}


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    names = dict.fromkeys((*before, *after))
    return [name for name in names if name != "id" and _plain(before.get(name)) != _plain(after.get(name))]


def _plain(value: Any) -> Any:
    """A value without what is blank in it: blank, null and missing are alike."""
    if isinstance(value, dict):
        return {name: plain for name, each in value.items() if (plain := _plain(each)) is not None} or None
    return None if value in ("", [], None) else value
