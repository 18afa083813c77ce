"""What the archive knows about a form, and what becomes of open cases when a person or a unit moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bole.bindings import copying, drawing
from bole.bindings.records import content, held_by, known_as
from bole.bindings.terms import CopyMark
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import FilledForm, Typed
from bole.definitions import queries as definitions
from bole.definitions.terms import Assessed, Context, Held, Service
from bole.kernel import clock, ids
from bole.kernel.answers import YES, Answer, no
from bole.kernel.errors import Absent
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.people import queries as people
from bole.people.models import Person
from bole.people.terms import Entry
from bole.review import queries as review
from bole.review.terms import RerouteLine

# Effects that take a person or a unit elsewhere, so that open cases follow.
_MOVING = frozenset({"people.transfer", "people.bind", "organizations.attach"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of other open cases, and that in one word to be given back with the decision."""

    lines: tuple[RerouteLine, ...]
    word: str


def plan_digest(lines: Sequence[RerouteLine]) -> str:
    """A plan in one word: which cases, where they lie, where they go."""
    return ids.digest([[line.number, line.seen, line.before, line.after, line.movable] for line in lines])[:32]


def plan_of(case: Case) -> Plan | None:
    """What becomes of other open cases if this one is passed at its last desk; None where nobody moves by it.

    Nothing is asked of the database for the services that move nobody.
    """
    service = cases.service_of(case)
    moving = _MOVING.intersection(service.on.completed)
    if not moving or case.step != service.route.steps[-1].step:
        return None
    target = _target(case) if "people.bind" not in moving else case.unit_id
    if target is None:
        return None
    if "organizations.attach" in moving:
        lines = review.reroute_plan(unit=case.unit_id, superior=target)
    else:
        lines = review.reroute_plan(person=case.person_id, to=target)
    others = tuple(line for line in lines if line.case != case.pk)
    return Plan(others, plan_digest(others))


def _target(case: Case) -> UUID | None:
    typed = cases.typed_answers(case).get("target")
    try:
        return organizations.unit(UUID(str(typed.get("unit") if isinstance(typed, dict) else ""))).pk
    except (ValueError, Absent):
        return None


def prefill(service: Service, person: UUID) -> dict[str, Typed]:
    """What the person's archive offers for each section, as if it had been typed (ALL-01). One query."""
    return _offered(service, people.archive_kinds(person))


def taken_up(service: Service, person: UUID, former: Case) -> dict[str, Typed]:
    """What a closed case of the person held, with what the archive has beside it; what parts draw from the archive is
    what it says now (「重新申报」, SZ-04)."""
    archive = people.archive_kinds(person)
    return drawing.drawn_into(service, copying.taken_up(service, former, _offered(service, archive)), archive)


def _offered(service: Service, archive: Mapping[str, Sequence[Entry]]) -> dict[str, Typed]:
    offered: dict[str, Typed] = {}
    for section in service.sections:
        entries = [entry for entry in archive.get(section.record or "", ()) if held_by(section, entry.data)]
        records = [content(section, entry.data) for entry in entries]
        if section.many is None:
            offered[section.section] = records[-1] if records else {}
        else:
            offered[section.section] = [{"id": ids.short_id(), **record} for record in records[: section.many.max]]
    return drawing.drawn_into(service, {code: typed for code, typed in offered.items() if typed}, archive)


@dataclass(frozen=True, slots=True)
class Origins:
    """What the archive knows of a form: of records by section and record, of what parts draw by section and part."""

    records: Mapping[tuple[str, str], Entry]
    parts: Mapping[tuple[str, str], Entry]


def archive_marks(
    service: Service, person: UUID, form: FilledForm, *, only: str = ""
) -> Mapping[tuple[str, str], Entry]:
    """For each record (of one section, with `only`) that equals one in the archive: its entry, with source and
    verification. One query.

    Found by comparing the content, so that a record somebody changes loses its mark by itself.
    """
    return archive_origins(service, person, form, only=only).records


def archive_origins(service: Service, person: UUID, form: FilledForm, *, only: str = "") -> Origins:
    """The same with what parts draw. One query."""
    sections = [service.by_code[only]] if only else service.sections
    archive = people.archive_kinds(person, {kind for section in sections for kind in drawing.kinds_of(section)})
    records: dict[tuple[str, str], Entry] = {}
    parts: dict[tuple[str, str], Entry] = {}
    for section in sections:
        answered = form.sections[section.section].typed
        for record, typed in _records(answered):
            entry = known_as(section, typed, archive.get(section.record or "", ()))
            if entry is not None:
                records[section.section, record] = entry
        if isinstance(answered, Mapping):
            found = drawing.known_parts(service, section, answered, archive, form.context)
            parts |= {(section.section, part): entry for part, entry in found.items()}
    return Origins(records, parts)


def copy_marks(case: Case, service: Service, form: FilledForm) -> tuple[CopyMark, ...]:
    """What of a copied form (「重新申报」) needs another look. Three queries, none where nothing was copied."""
    if case.former_id is None or case.person_id is None:
        return ()
    return copying.marks_of(case, service, form, archive_marks(service, case.person_id, form))


def eligibility(service: Service, *, person: Person | None, unit: Unit | None) -> tuple[Assessed, ...]:
    """What is known of each condition before a case is opened (ALL-13). One query, none where nothing is asked."""
    if not service.eligibility:
        return ()
    facts: dict[str, dict[str, Any]] = {}
    if unit is not None:
        facts["unit"] = cases.unit_facts(unit, unit.region)
    if person is not None:
        facts["person"] = cases.person_facts(person)
    context = Context(today=clock.today(), facts=facts, site=service.site)
    return definitions.assess(service, context, archive=_held(service, person.pk if person else None))


def eligibility_of(case: Case, service: Service, form: FilledForm) -> tuple[Assessed, ...]:
    """The same conditions by what the form answers; the archive tells where the form does not ask. Two queries."""
    if not service.eligibility:
        return ()
    person = case.person_id
    marks = archive_marks(service, person, form) if person is not None else {}
    verified = {place: _verified(entry) for place, entry in marks.items()}
    return definitions.assess(service, form.context, archive=_held(service, person), form=form.cleaned, marks=verified)


def may_begin(service: Service, *, person: Person | None, unit: Unit | None) -> Answer:
    """Whether nothing that is known stops the opening of a case; the reason names what would satisfy it."""
    stops = [each for each in eligibility(service, person=person, unit=unit) if each.stops]
    if not stops:
        return YES
    return no(f"不符合「{service.name}」的申报条件，没有开始申报。" + "".join(_why(each) for each in stops))


def _why(assessed: Assessed) -> str:
    known = "，".join(f"{used.name}{used.text}（{used.source}）" for used in assessed.used if used.known)
    wanted = assessed.requirement
    return f"「{wanted.name}」不符合：{known}。依据{wanted.clause}。{wanted.remedy}。"


def _held(service: Service, person: UUID | None) -> dict[str, list[Held]]:
    """The records of the kinds that the conditions read."""
    kinds = [kind.record for kind in service.archive]
    if person is None or not kinds:
        return {}
    found = people.archive_kinds(person, kinds)
    return {
        kind: [Held(entry.data, entry.source, _verified(entry)) for entry in entries] for kind, entries in found.items()
    }


def _verified(entry: Entry) -> str:
    """Who verified it and when; empty for nobody."""
    if entry.verified_at is None:
        return ""
    return f"{entry.verified_by} {clock.china(entry.verified_at):%Y-%m-%d}"


def _records(typed: Any) -> list[tuple[str, Mapping[str, Any]]]:
    if isinstance(typed, list):
        return [(record["id"], record) for record in typed]
    return [("", typed)] if isinstance(typed, Mapping) else []
