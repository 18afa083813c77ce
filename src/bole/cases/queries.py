"""Reads of the cases room: the filled form, its evidence lines, what is missing, and the context of conditions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from bole.cases import rules
from bole.cases.models import Attachment, Attestation, Case, Draft, EvidenceGap, SectionAnswer, SubmittedAnswer
from bole.cases.rules import is_subject as is_subject
from bole.cases.rules import may_attest as may_attest
from bole.cases.rules import may_change_files as may_change_files
from bole.cases.rules import may_edit_section as may_edit_section
from bole.cases.rules import may_fill as may_fill
from bole.cases.rules import may_hand_in as may_hand_in
from bole.cases.terms import Confirmation, EvidenceSlot, FilledForm, Missing, Purpose, SectionForm, Status, Typed
from bole.definitions import answers as cleaning
from bole.definitions import queries as definitions
from bole.definitions.terms import FACTS, Context, EvidenceLine, SectionKind, SectionState, Service
from bole.documents import queries as documents
from bole.kernel import clock, ids
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent
from bole.organizations.models import Unit
from bole.people.models import Person
from bole.standards import queries as standards


def cases_of(by: Actor) -> QuerySet[Case]:
    """Every case the actor may see in this capacity, newest change first."""
    return rules.cases_visible_to(by).select_related("person", "unit").order_by("-changed_at")


def service_of(case: Case) -> Service:
    """The published definition that the case is pinned to, never a later one."""
    return definitions.pinned(case.site, case.service, case.service_version, case.service_hash)


def context_of(case: Case, answers: Mapping[str, Typed] | None = None) -> Context:
    """What conditions and fixed fields may refer to: the day, the facts of person and unit, the other sections."""
    facts = {"unit": unit_facts(case.unit, region_of(case))}
    if case.person is not None:
        facts["person"] = person_facts(case.person)
    return Context(today=clock.today(), facts=facts, answers=typed_answers(case) if answers is None else answers)


def region_of(case: Case) -> str:
    """Where the case finds its desks: the unit's region, and under review the one that it was handed in with."""
    return case.region if case.region and case.status == Status.IN_REVIEW else case.unit.region


def unit_facts(unit: Unit, region: str) -> dict[str, Any]:
    """What the platform knows of the unit, under the names that definitions use; `region` is where its case belongs."""
    facts = {name: getattr(unit, name) for name in FACTS["unit"] if hasattr(unit, name)}
    return {**facts, "region": region, "region_level": standards.region(region).level}


def person_facts(person: Person) -> dict[str, Any]:
    """What the platform knows of the person, under the names that definitions use."""
    return {name: getattr(person, name) for name in FACTS["person"] if hasattr(person, name)}


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
    context = context_of(case, typed)
    cleaned = cleaning.clean_all(service, typed, context)
    slots = tuple(_slots(case, cleaning.captions(service, cleaned, context), submitted=submitted))
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
    gathering = next((section.name for section in service.sections if section.kind is SectionKind.EVIDENCE), "")
    for slot in slots:
        if slot.required and not slot.answered:
            missing.append(Missing(slot.section, gathering, slot.key, f"缺附件：{slot.caption}"))
    return FilledForm(sections=sections, slots=slots, missing=tuple(missing), cleaned=cleaned, context=context)


def slot_of(case: Case, service: Service, section: str, record: str) -> EvidenceSlot | None:
    """One line of evidence by itself, without cleaning the rest of the form; None when no such record stands."""
    typed = typed_answers(case)
    context = context_of(case, typed)
    cleaned = {section: cleaning.clean_section(service, section, typed.get(section), context=context)}
    lines = [line for line in cleaning.captions(service, cleaned, context) if line.record == record]
    return next(iter(_slots(case, lines)), None)


def _evidence_state(slots: tuple[EvidenceSlot, ...], done: bool) -> SectionState:
    """Nothing there is empty, even where nothing is asked for."""
    if not any(slot.answered for slot in slots):
        return SectionState.EMPTY
    return SectionState.VALID if done else SectionState.INCOMPLETE


def _slots(case: Case, lines: Iterable[EvidenceLine], *, submitted: bool = False) -> Iterable[EvidenceSlot]:
    """The evidence lines that follow from the records, each with its files and its declared gap."""
    files: dict[tuple[str, str, str], list[Attachment]] = defaultdict(list)
    for attachment in _handed_in(case) if submitted else attachments_of(case):
        files[attachment.section, attachment.record, attachment.purpose].append(attachment)
    gaps = {(gap.section, gap.record): gap.reason for gap in EvidenceGap.objects.filter(case=case)}
    for line in lines:
        place = (line.section, line.record)
        yield EvidenceSlot(
            key=line.key,
            section=line.section,
            record=line.record,
            caption=line.caption,
            required=line.min > 0,
            attachments=tuple(files.get((*place, Purpose.EVIDENCE), ())),
            explanations=tuple(files.get((*place, Purpose.EXPLANATION), ())),
            gap_reason=gaps.get(place),
            least=line.min,
            most=line.max,
            replaceable=line.instead is not None,
        )


def _handed_in(case: Case) -> QuerySet[Attachment]:
    """The files as they were when the case was last handed in: none added since, none taken away since.

    `round` is that of the hand-in before the file was added.
    """
    rows = Attachment.objects.filter(Q(removed_at__isnull=True) | Q(removed_at__gt=case.submitted_at))
    rows = rows.filter(case=case, round__lt=case.round).select_related("file")
    return rows.order_by("section", "record", "position", "added_at")


def attachments_of(case: Case) -> QuerySet[Attachment]:
    """The attachments in force, in their order, files joined."""
    rows = Attachment.objects.filter(case=case, removed_at__isnull=True).select_related("file")
    return rows.order_by("section", "record", "position", "added_at")


def attachment_in(case: Case, attachment: UUID) -> Attachment:
    """One attachment of this case, in force or removed after a hand-in. Raises Absent for one of another case."""
    row = Attachment.objects.select_related("file").filter(case=case, id=attachment).first()
    if row is None:
        raise Absent
    return row


def needed_sections(case: Case, form: FilledForm) -> frozenset[str]:
    """While a case is returned: the sections that open beside the marked ones, since it could not be handed in else.

    Those that lack something, and those already changed since the hand-in, so that none closes under the hands.
    """
    if case.status != Status.RETURNED:
        return frozenset()
    kept: dict[str, int] = {}
    for row in SubmittedAnswer.objects.filter(case=case).order_by("round").values("section", "version"):
        kept[row["section"]] = row["version"]
    changed = {code for code, section in form.sections.items() if section.version != kept.get(code, 0)}
    return form.lacking | changed


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
        [str(row.section), row.record, row.purpose, row.file.sha256]
        for row in attachments_of(case)
        if row.purpose != Purpose.ATTESTATION
    ]
    declared = EvidenceGap.objects.filter(case=case).order_by("section", "record")
    gaps = [[gap.section, gap.record, gap.reason] for gap in declared]
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


def submitted_before(case: Case, section: str) -> Typed | None:
    """The section as it stood in the round before the current one; None when it was new."""
    row = SubmittedAnswer.objects.filter(case=case, section=section, round__lt=case.round).order_by("-round").first()
    return row.typed if row is not None else None


def photo_of(case: Case, section: str) -> bytes | None:
    """The portrait that was uploaded as evidence of the section, as a picture for print; None when there is none."""
    rows = attachments_of(case).filter(section=section, purpose=Purpose.EVIDENCE)
    row = rows.filter(file__media_type__startswith="image/").first()
    return documents.content(row.file) if row is not None else None
