"""Reads of the cases room: the filled form, its evidence lines, what is missing, and the context of conditions."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bole.cases import evidence, openness, rules
from bole.cases.evidence import attachment_in as attachment_in
from bole.cases.evidence import attachments_among as attachments_among
from bole.cases.evidence import attachments_of as attachments_of
from bole.cases.evidence import files_in as files_in
from bole.cases.evidence import flaws_of as flaws_of
from bole.cases.evidence import stored_files as stored_files
from bole.cases.evidence import twins_elsewhere as twins_elsewhere
from bole.cases.evidence import twins_here as twins_here
from bole.cases.models import Attestation, Case, Draft, EvidenceGap, SectionAnswer, SubmittedAnswer
from bole.cases.printed import code_of_file as code_of_file
from bole.cases.printed import handed_in_digest as handed_in_digest
from bole.cases.printed import issued_of as issued_of
from bole.cases.printed import issued_paper as issued_paper
from bole.cases.printed import issues_beside as issues_beside
from bole.cases.printed import latest_issue as latest_issue
from bole.cases.printed import plain_code as plain_code
from bole.cases.rules import is_subject as is_subject
from bole.cases.rules import may_attest as may_attest
from bole.cases.rules import may_change_files as may_change_files
from bole.cases.rules import may_edit_section as may_edit_section
from bole.cases.rules import may_fill as may_fill
from bole.cases.rules import may_hand_in as may_hand_in
from bole.cases.rules import may_open as may_open
from bole.cases.rules import needs_attestation as needs_attestation
from bole.cases.terms import (
    EDITABLE,
    Confirmation,
    EvidenceSlot,
    FilledForm,
    Missing,
    OpenPlaces,
    Purpose,
    SectionForm,
    Status,
    Typed,
)
from bole.cases.yearly import may_declare_this_year as may_declare_this_year
from bole.definitions import answers as cleaning
from bole.definitions import queries as definitions
from bole.definitions.terms import DETAILS, FACTS, Context, SectionKind, SectionState, Service, Window
from bole.documents import queries as documents
from bole.kernel import clock, ids
from bole.kernel.actors import Actor
from bole.organizations.models import Unit
from bole.organizations.terms import Capacity
from bole.people.models import Person
from bole.standards import queries as standards


def cases_of(by: Actor, held: Capacity | None = None) -> QuerySet[Case]:
    """Every case the actor may see in this capacity, newest change first.

    `held` is what the actor holds, for who has just asked for it.
    """
    return rules.cases_visible_to(by, held).select_related("person", "unit__parent").order_by("-changed_at")


def handed_in_within(window: Window, *, unit: UUID, service: str) -> QuerySet[Case]:
    """The unit's cases of a service that were handed in within the window and not taken back or cancelled since."""
    rows = Case.objects.filter(unit_id=unit, service=service, round__gt=0)
    rows = rows.exclude(status__in=(Status.DRAFT, Status.CANCELLED))
    opens, closes = window.span(clock.today())
    if opens is not None:
        rows = rows.filter(submitted_at__gte=datetime.combine(opens, time(), tzinfo=clock.CHINA))
    if closes is not None:
        after = datetime.combine(closes, time(), tzinfo=clock.CHINA) + timedelta(days=1)
        rows = rows.filter(submitted_at__lt=after)
    return rows


def works_for(by: Actor, unit: UUID, service: Service) -> bool:
    """Whether the actor opens, fills and hands in this service for the unit (`filed_by`)."""
    return rules.works_for(by, unit, service.filed_by, service.service)


def service_of(case: Case) -> Service:
    """The published definition that the case is pinned to, never a later one."""
    return definitions.pinned(case.site, case.service, case.service_version, case.service_hash)


def window_of(case: Case) -> Window:
    """When the case can be handed in: its form stays as it was started, the dates and the quota are those that the
    authority gives now, extended or shortened since. One query."""
    return definitions.window(case.site, case.service) or service_of(case).window


def context_of(case: Case, answers: Mapping[str, Typed] | None = None, *, submitted: bool = False) -> Context:
    """What conditions and fixed fields may refer to: the day, the facts of person and unit, the other sections.

    What a form changes stands as it is now while the form is being filled, and as it was once it is handed in;
    `submitted` asks for the latter.
    """
    facts = {"unit": unit_facts(case.unit, region_of(case))}
    if _asks_above(service_of(case)):
        facts["unit"]["second_superior_kind"] = _second_superior_kind(case.unit)
    if case.person is not None:
        facts["person"] = person_facts(case.person)
    typed = typed_answers(case) if answers is None else answers
    service = service_of(case)
    chosen = _chosen(case, service, typed)
    context = Context(today=clock.today(), facts=facts, answers=typed, site=case.site, chosen=chosen)
    if submitted or case.status not in EDITABLE:
        return replace(context, stood=case.stood or {})
    return replace(context, stood=cleaning.former_facts(service, context))


def _chosen(case: Case, service: Service, typed: Mapping[str, Typed]) -> frozenset[str]:
    """The lines of catalogues that the case was handed in with: they stay right when they end later (SZ-06).

    One query, only after a return of a service that has such fields; under review what stands is what was handed in.
    Who took it back hands it in anew, and keeps nothing by it: the days of a committee would hold for nobody.
    """
    fields = [(section.section, field.field) for section, field in service.governed]
    if not fields or not case.round or case.status == Status.DRAFT:
        return frozenset()
    held = typed
    if case.status in EDITABLE:
        rows = case.submitted_answers.filter(section__in={section for section, _ in fields}).order_by("round")
        held = {row.section: row.typed for row in rows}
    return frozenset(
        row[field] for section, field in fields for row in _rows(held.get(section)) if isinstance(row.get(field), str)
    )


def _rows(typed: Any) -> list[dict[str, Any]]:
    found = typed if isinstance(typed, list) else [typed]
    return [row for row in found if isinstance(row, dict)]


def _asks_above(service: Service) -> bool:
    """Whether a desk depends on who stands above the unit's superior: only then it is looked up."""
    return any(step.skip_when is not None and "second_superior" in step.skip_when for step in service.route.steps)


def _second_superior_kind(unit: Unit) -> str | None:
    second = unit.parent.parent if unit.parent is not None else None
    return second.kind if second is not None else None


def region_of(case: Case) -> str:
    """Where the case finds its desks: the unit's region, and under review the one that it was handed in with."""
    return case.region if case.region and case.status == Status.IN_REVIEW else case.unit.region


def unit_facts(unit: Unit, region: str) -> dict[str, Any]:
    """What the platform knows of the unit, under the names that definitions use; `region` is where its case belongs."""
    facts = {name: getattr(unit, name) for name in FACTS["unit"] if hasattr(unit, name)}
    facts |= {DETAILS.partition(".")[2] + name: value for name, value in unit.details.items()}
    facts |= {
        "superior": unit.parent.name if unit.parent else None,
        "superior_id": str(unit.parent_id) if unit.parent_id else None,
        "superior_kind": unit.parent.kind if unit.parent else None,
    }
    return {**facts, "id": str(unit.pk), "region": region, "region_level": standards.region(region).level}


def person_facts(person: Person) -> dict[str, Any]:
    """What the platform knows of the person, under the names that definitions use."""
    facts = {name: getattr(person, name) for name in FACTS["person"] if hasattr(person, name)}
    return {**facts, "id": str(person.pk)}


def typed_answers(case: Case) -> dict[str, Typed]:
    """What stands typed in each section."""
    return {answer.section: answer.typed for answer in case.answers.all()}


def form_of(case: Case, service: Service | None = None, *, submitted: bool = False) -> FilledForm:
    """The whole form, cleaned, with evidence lines and everything that is missing. Four queries.

    With `submitted` it is what was handed in last: what the applicant is changing after a return is nobody else's
    to read yet.
    """
    service = service or service_of(case)
    rows: dict[str, SectionAnswer | SubmittedAnswer] = {}
    if submitted:
        rows = {row.section: row for row in case.submitted_answers.order_by("round")}
    else:
        rows = {answer.section: answer for answer in case.answers.all()}
    typed = {code: row.typed for code, row in rows.items()}
    context = context_of(case, typed, submitted=submitted and case.round > 0)
    cleaned = cleaning.clean_all(service, typed, context)
    files = evidence.files_of(case, submitted=submitted)
    slots = tuple(evidence.slots(case, cleaning.captions(service, cleaned, context), files))
    evidence_done = all(slot.answered or not slot.required for slot in slots)
    sections: dict[str, SectionForm] = {}
    missing: list[Missing] = []
    for section in service.sections:
        result = cleaned[section.section]
        state = result.state
        if section.kind is SectionKind.EVIDENCE:
            state = _evidence_state(slots, evidence_done)
        sections[section.section] = SectionForm(
            code=section.section,
            name=section.name,
            typed=typed.get(section.section, [] if section.many else {}),
            values=result.values,
            faults=result.faults,
            state=state,
            version=rows[section.section].version if section.section in rows else 0,
        )
        missing += [Missing(section.section, section.name, fault.at, fault.say) for fault in result.faults]
    if service.compared and cleaning.changes_nothing(service, typed, context):
        first, _ = service.compared[0]
        missing.append(Missing(first.section, first.name, "", "没有任何修改。请改动需要修改的内容后再上报"))
    gathering = next((section.name for section in service.sections if section.kind is SectionKind.EVIDENCE), "")
    for slot in slots:
        if slot.required and not slot.answered:
            missing.append(Missing(slot.section, gathering, slot.key, f"缺附件：{slot.caption}"))
    return FilledForm(
        sections=sections,
        slots=slots,
        missing=tuple(missing),
        cleaned=cleaned,
        context=context,
        unasked=tuple(cleaning.unasked(service, cleaned, context)),
        loose=evidence.loose(files, slots),
    )


def answer_at(case: Case, place: str, context: Context | None = None) -> Any:
    """The cleaned value at "section.field" of a single section; None while it is blank or cannot be taken.

    `context` is that of the case's form if the caller has read it; its answers are taken.
    """
    section, _, field = place.partition(".")
    service = service_of(case)
    if section not in service.by_code:
        return None
    context = context or context_of(case, typed_answers(case))
    typed = context.answers.get(section)
    values = cleaning.clean_section(service, section, typed, context=context).values
    return values.get(field) if isinstance(values, dict) else None


def slot_of(case: Case, service: Service, section: str, record: str, category: str = "") -> EvidenceSlot | None:
    """One line of evidence by itself, without cleaning the rest of the form; None when no such place stands."""
    typed = typed_answers(case)
    context = context_of(case, typed)
    cleaned = {section: cleaning.clean_section(service, section, typed.get(section), context=context)}
    lines = cleaning.captions(service, cleaned, context)
    return next(
        iter(evidence.slots(case, [one for one in lines if (one.record, one.category) == (record, category)])), None
    )


def _evidence_state(slots: tuple[EvidenceSlot, ...], done: bool) -> SectionState:
    """Nothing there is empty, even where nothing is asked for."""
    if not any(slot.answered for slot in slots):
        return SectionState.EMPTY
    return SectionState.VALID if done else SectionState.INCOMPLETE


def open_places(case: Case, form: FilledForm, service: Service | None = None) -> OpenPlaces:
    """Which places of the case may be changed now: everything, or after a return what was marked and what it could
    not be handed in without. Whether this actor may fill at all is `may_fill`'s to say. One query at most."""
    return openness.open_places(case, form, service or service_of(case))


def needed_sections(case: Case, form: FilledForm) -> frozenset[str]:
    """While a case is returned: the sections in which something opens beside what was marked, since it could not be
    handed in else. Those that lack something, and those already changed since, so that none closes under the hands."""
    places, files = openness.needed(case, form)
    return frozenset(section for section, *_ in places) | frozenset(section for section, _ in files)


def draft_for(case: Case, section: str, record: str, by: Actor) -> Draft | None:
    """The record that this account was typing and has not saved."""
    return Draft.objects.filter(case=case, section=section, record=record, account=by.who).first()


def drafts_of(case: Case, by: Actor) -> QuerySet[Draft]:
    """Every record that this account was typing and has not saved."""
    return Draft.objects.filter(case=case, account=by.who).order_by("changed_at")


def drafts_in(case: Case, section: str, by: Actor) -> QuerySet[Draft]:
    """Every unsaved record of this account in the section."""
    return drafts_of(case, by).filter(section=section)


def answers_digest(case: Case) -> str:
    """One digest over everything answered, for the person's confirmation to be bound to.

    Attachments count with their content, so that evidence cannot be exchanged under a confirmation.
    """
    rows = SectionAnswer.objects.filter(case=case)
    typed = {answer.section: answer.typed for answer in rows if answer.typed}  # opened and left empty says nothing
    files = [
        [str(row.section), row.record, row.category, row.purpose, row.file.sha256]
        for row in attachments_of(case)
        if row.purpose != Purpose.ATTESTATION
    ]
    declared = EvidenceGap.objects.filter(case=case).order_by("section", "record", "category")
    gaps = [[gap.section, gap.record, gap.category, gap.reason] for gap in declared]
    return ids.digest({"typed": typed, "files": files, "gaps": gaps})


def attestation_of(case: Case) -> Attestation | None:
    """The confirmation that covers the answers as they are now, if there is one; the person's own act before paper."""
    rows = list(case.attestations.order_by("-attested_at"))
    if not rows:
        return None
    digest = answers_digest(case)
    covering = [row for row in rows if row.digest == digest]
    return next((row for row in covering if attested_in_person(row)), covering[0] if covering else None)


def attested_in_person(attestation: Attestation) -> bool:
    """Confirmed by the person's own act rather than by paper that the unit uploaded."""
    return attestation.way in (Confirmation.LOG_IN, Confirmation.CODE)


def sections_changed_since(case: Case, round_: int) -> frozenset[str]:
    """Sections whose text differs from what stood when `round_` was submitted; what a reviewer looks at first."""
    if round_ >= case.round:
        return frozenset()
    rows = SubmittedAnswer.objects.filter(case=case, round__gt=round_, round__lte=case.round)
    return frozenset(rows.values_list("section", flat=True))


def stood_in(case: Case, round_: int, sections: Iterable[str]) -> dict[str, Typed]:
    """These sections as they stood handed in at the round; one that was not yet there is left out. One query."""
    rows = SubmittedAnswer.objects.filter(case=case, section__in=sorted(sections), round__lte=round_)
    return {row.section: row.typed for row in rows.order_by("round")}


def submitted_before(case: Case, section: str) -> Typed | None:
    """The section as it stood in the round before the current one; None when it was new."""
    row = SubmittedAnswer.objects.filter(case=case, section=section, round__lt=case.round).order_by("-round").first()
    return row.typed if row is not None else None


def closed_on(case: UUID) -> datetime | None:
    """When a case was closed; None while it is open."""
    return Case.objects.filter(pk=case).values_list("closed_at", flat=True).first()


def photo_of(case: Case, section: str) -> bytes | None:
    """The portrait that was uploaded as evidence of the section, as a picture for print; None when there is none.

    It is turned as somebody turned it. Where several kinds of paper are wanted for the section, the portrait is the
    first that the definition names.
    """
    wanted = next((each for each in service_of(case).evidence if each.section == section), None)
    category = wanted.category or "" if wanted is not None else ""
    rows = attachments_of(case).filter(section=section, category=category, purpose=Purpose.EVIDENCE)
    row = rows.filter(file__media_type__startswith="image/").first()
    if row is None:
        return None
    return documents.preview(row.file, turn=row.turn) if row.turn else documents.content(row.file)
