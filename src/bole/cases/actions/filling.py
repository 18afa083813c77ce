"""Typing into a case: what was typed is kept as it was typed, valid or not."""

from typing import Any

from django.db import transaction

from bole.audit import actions as audit
from bole.cases import queries, rules
from bole.cases.actions.opening import remember_typist
from bole.cases.actions.standing import locked
from bole.cases.models import Attachment, Case, Draft, EvidenceGap, SectionAnswer
from bole.cases.terms import AuditWord, SectionMoved, Typed
from bole.definitions import answers as cleaning
from bole.definitions.terms import Section, SectionKind, Service
from bole.kernel import clock, ids
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid

_LONGEST = 200_000  # characters of one section; far above any honest text, far below what hurts


def _section(service: Service, code: str) -> Section:
    section = service.by_code.get(code)
    if section is None or section.kind is not SectionKind.FIELDS:
        raise Absent
    return section


def _open(case: Case, code: str, by: Actor) -> tuple[Case, Service, Section, SectionAnswer]:
    """Lock the case, ask permission, and fetch the section's answer (made empty when there is none)."""
    case = locked(case.id)
    service = queries.service_of(case)
    section = _section(service, code)
    rules.may_edit_section(by, case, code).demand()
    answer = SectionAnswer.objects.filter(case=case, section=code).first()
    if answer is None:
        answer = SectionAnswer(case=case, section=code, typed=[] if section.many else {}, changed_at=clock.now())
    return case, service, section, answer


def _compare(answer: SectionAnswer, seen: int, mine: Typed) -> None:
    """Refuse a save that was begun on an older text, keeping both."""
    if answer.version != seen and answer.typed != mine:
        who = f"{answer.changed_name}在" if answer.changed_name else "在"
        when = clock.china(answer.changed_at)
        raise SectionMoved(
            f"这个栏目{who}{when.month}月{when.day}日 {when:%H:%M} 从别处保存过。两份内容都保留着，请选择要用哪一份。",
            section=answer.section,
            version=answer.version,
            theirs=answer.typed,
            mine=mine,
        )


def _write(case: Case, service: Service, section: Section, answer: SectionAnswer, typed: Typed, by: Actor) -> None:
    if len(str(typed)) > _LONGEST:
        raise Invalid.at("", "内容太长，无法保存。请分成几条填写，或作为附件上传。")
    if answer.typed == typed and answer.version > 0:
        return
    result = cleaning.clean_section(service, section.section, typed, context=queries.context_of(case))
    answer.typed, answer.state = typed, result.state
    answer.version += 1
    answer.changed_at, answer.changed_by, answer.changed_name = clock.now(), by.account, by.name
    answer.save()
    case.changed_at = answer.changed_at
    case.save(update_fields=["changed_at"])
    remember_typist(case, by)
    audit.record(AuditWord.SAVED, by=by, kind="case", id=case.number, unit=case.unit_id,
                 detail={"section": section.section, "version": answer.version})  # fmt: skip


@transaction.atomic
def save_section(*, case: Case, section: str, typed: Typed, seen: int, by: Actor) -> SectionAnswer:
    """Save one section as typed. `seen` is the version on the screen it was typed on.

    Nothing is refused for being invalid: faults are computed when the form is read. Raises SectionMoved when it was
    saved elsewhere meanwhile, Refused when it is not open.
    """
    case, service, definition, answer = _open(case, section, by)
    _compare(answer, seen, typed)
    _write(case, service, definition, answer, typed, by)
    return answer


@transaction.atomic
def save_record(
    *, case: Case, section: str, record: str, typed: dict[str, Any], seen: int, by: Actor
) -> tuple[SectionAnswer, str]:
    """Add (`record` empty) or replace one record of a section; returns the answer and the record's key.

    Raises Invalid with every fault of the record (nothing is saved then: the typed text stays in its draft),
    Invalid at "" past the section's limit, SectionMoved, Refused.
    """
    case, service, definition, answer = _open(case, section, by)
    if definition.many is None:
        raise Absent
    records = list(answer.typed) if isinstance(answer.typed, list) else []
    key = record or ids.short_id()
    if record:
        if not any(existing["id"] == record for existing in records):
            raise Invalid.at("", "这条记录已在别处删除。请核对后作为新记录保存。")
        records = [{**typed, "id": key} if existing["id"] == record else existing for existing in records]
    else:
        records.append({**typed, "id": key})
    limit = definition.many.max
    if len(records) > limit:
        raise Invalid.at("", f"「{definition.name}」最多填报{limit}条，已经有{limit}条。要换成这一条，请先删除一条。")
    _compare(answer, seen, records)
    result = cleaning.clean_record(service, section, typed, context=queries.context_of(case))
    if result.faults:
        raise Invalid(*result.faults)
    _write(case, service, definition, answer, records, by)
    Draft.objects.filter(case=case, section=section, record=record, account=by.who).delete()
    return answer, key


@transaction.atomic
def remove_record(*, case: Case, section: str, record: str, seen: int, by: Actor) -> SectionAnswer:
    """Delete one record with its evidence. Raises SectionMoved, Refused, Absent."""
    case, service, definition, answer = _open(case, section, by)
    records = list(answer.typed) if isinstance(answer.typed, list) else []
    left = [existing for existing in records if existing["id"] != record]
    if len(left) == len(records):
        raise Absent("这条记录已经删除。")
    _compare(answer, seen, left)
    _write(case, service, definition, answer, left, by)
    Draft.objects.filter(case=case, section=section, record=record).delete()
    EvidenceGap.objects.filter(case=case, section=section, record=record).delete()
    Attachment.objects.filter(case=case, section=section, record=record, removed_at__isnull=True).update(
        removed_at=clock.now()
    )
    return answer


@transaction.atomic
def declare_none(*, case: Case, section: str, none: bool, seen: int, by: Actor) -> SectionAnswer:
    """Declare 「无此项」 for a section of records, or take the declaration back (ALL-14).

    Raises Invalid while the section holds records, SectionMoved, Refused.
    """
    case, service, definition, answer = _open(case, section, by)
    if isinstance(answer.typed, list) and answer.typed and none:
        raise Invalid.at("", f"「{definition.name}」已有记录，不能声明无此项。请先删除记录。")
    typed: Typed = {"nothing": "none"} if none else []
    _compare(answer, seen, typed)
    _write(case, service, definition, answer, typed, by)
    return answer


@transaction.atomic
def keep_draft(*, case: Case, section: str, record: str, typed: dict[str, Any], by: Actor) -> None:
    """Keep a record that is being typed, for the account that types it. Raises Refused when it is not open."""
    case, _, _, _ = _open(case, section, by)
    if len(str(typed)) > _LONGEST:
        raise Invalid.at("", "内容太长，无法保存。")
    Draft.objects.update_or_create(
        case=case,
        section=section,
        record=record,
        account=by.who,
        defaults={"typed": typed, "changed_at": clock.now()},
    )


@transaction.atomic
def drop_draft(*, case: Case, section: str, record: str, by: Actor) -> None:
    """Throw away an unsaved record, at its typist's wish. Raises Refused when the case is not the actor's to fill."""
    rules.may_fill(by, case).demand()
    Draft.objects.filter(case=case, section=section, record=record, account=by.who).delete()
