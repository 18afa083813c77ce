"""Typing into a case: what was typed is kept as it was typed, valid or not."""

import re
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects

from bole.audit import actions as audit
from bole.cases import openness, queries, rules
from bole.cases.actions.evidence import clear_place
from bole.cases.actions.opening import remember_typist
from bole.cases.actions.standing import locked
from bole.cases.models import Case, Draft, SectionAnswer
from bole.cases.terms import AuditWord, OpenPlaces, SectionMoved, Typed
from bole.definitions import answers as cleaning
from bole.definitions.terms import Section, SectionKind, Service
from bole.kernel import clock, ids
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid

_LONGEST = 200_000  # characters of one section; far above any honest text, far below what hurts
_KEY = re.compile(r"[a-z0-9]{1,40}")


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
    needed: tuple[str, ...] = ()
    if not openness.marked(case, service).section(code) and _places(case, service, code).section(code):
        needed = (code,)
    rules.may_edit_section(by, case, code, needed=needed).demand()
    prefetch_related_objects([case], "answers")  # the other sections are what conditions look at
    held = next((row for row in case.answers.all() if row.section == code), None)
    if held is None:
        held = SectionAnswer(case=case, section=code, typed=[] if section.many else {}, changed_at=clock.now())
    return case, service, section, held


def _places(case: Case, service: Service, code: str) -> OpenPlaces:
    """What is open, for a change in this section; the whole form is read only where the marks do not say all."""
    marked = openness.marked(case, service)
    return marked if marked.whole(code) else queries.open_places(case, queries.form_of(case, service), service)


def _shaped(section: Section, typed: Typed) -> Typed:
    """What can stand in a section at all: fields, or records with a key each, or a declared 「无此项」.

    Records without a key get one. Raises Invalid at "" for anything else.
    """
    if section.many is None or typed == {"nothing": "none"}:
        if isinstance(typed, dict):
            return typed
        raise Invalid.at("", f"「{section.name}」的内容格式不对，无法保存。请刷新页面后再填。")
    if not isinstance(typed, list) or not all(isinstance(record, dict) for record in typed):
        raise Invalid.at("", f"「{section.name}」的内容格式不对，无法保存。请刷新页面后再填。")
    records = [{**record, "id": record.get("id") or ids.short_id()} for record in typed]
    keys = {record["id"] for record in records}
    if len(keys) != len(records) or not all(isinstance(key, str) and _KEY.fullmatch(key) for key in keys):
        raise Invalid.at("", f"「{section.name}」的记录编号重复或不对，无法保存。请刷新页面后再填。")
    return records


def _settled(case: Case, service: Service, section: Section, typed: Any) -> Any:
    """What is kept of a cascade of governed choices: see `cleaning.settled`."""
    if all(each is not section for each, _ in service.governed):
        return typed
    return cleaning.settled(service, section.section, typed, queries.context_of(case))


def _records(answer: SectionAnswer) -> list[dict[str, Any]]:
    return list(answer.typed) if isinstance(answer.typed, list) else []


def _compare(answer: SectionAnswer, seen: int, mine: Typed, by: Actor) -> None:
    """Refuse a save that was begun on an older text, keeping both."""
    if answer.version != seen and answer.typed != mine:
        own = by.account is not None and answer.changed_by == by.account
        who = "您" if own else answer.changed_name
        at = clock.china(answer.changed_at)
        when = f"{at.month}月{at.day}日 {at:%H:%M}"
        raise SectionMoved(
            f"这个栏目{who}在{when} 从别处保存过。两份内容都保留着，请选择要用哪一份。",
            section=answer.section,
            version=answer.version,
            theirs=answer.typed,
            mine=mine,
        )


def _write(
    case: Case, service: Service, section: Section, answer: SectionAnswer, typed: Typed, by: Actor, files: bool = False
) -> None:
    _refuse_long(typed)
    if answer.typed == typed and answer.version > 0:
        return
    rules.may_change_places(section, _places(case, service, section.section), answer.typed, typed).demand()
    gone = {record["id"] for record in _records(answer)}
    gone -= {record["id"] for record in typed} if isinstance(typed, list) else set()
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
    for record in sorted(gone):
        clear_place(case, section.section, record, by, files=files)


def _refuse_long(typed: Typed) -> None:
    if len(str(typed)) > _LONGEST:
        raise Invalid.at("", "内容太长，无法保存。请分成几条填写，或作为附件上传。")


@transaction.atomic
def save_section(*, case: Case, section: str, typed: Typed, seen: int, by: Actor) -> SectionAnswer:
    """Save one section as typed. `seen` is the version on the screen it was typed on.

    Nothing is refused for being invalid: faults are computed when the form is read. Records left out are deleted;
    their files stay as 「未归属材料」. Raises SectionMoved when it was saved elsewhere meanwhile, Refused when it is
    not open, Invalid for what is no section at all.
    """
    case, service, definition, answer = _open(case, section, by)
    typed = _settled(case, service, definition, _shaped(definition, typed))
    _compare(answer, seen, typed, by)
    _write(case, service, definition, answer, typed, by)
    return answer


@transaction.atomic
def save_record(
    *, case: Case, section: str, record: str, typed: dict[str, Any], seen: int, by: Actor
) -> tuple[SectionAnswer, str]:
    """Add (`record` empty) or replace one record of a section; returns the answer and the record's key.

    Added twice by pressing twice, it is there once. Raises Invalid with every fault of the record (nothing is saved
    then: the typed text stays in its draft), Invalid at "" past the section's limit, SectionMoved, Refused.
    """
    case, service, definition, answer = _open(case, section, by)
    if definition.many is None:
        raise Absent
    [typed] = _settled(case, service, definition, [typed])
    records = _records(answer)
    twin = next((each for each in records if {**each, "id": ""} == {**typed, "id": ""}), None)
    if not record and twin is not None and answer.version != seen:
        _forget_draft(case, section, record, by)
        return answer, str(twin["id"])
    key = record or ids.short_id()
    if record:
        if not any(existing["id"] == record for existing in records):
            raise Invalid.at("", "这条记录已在别处删除。请核对后作为新记录保存。")
        records = [{**typed, "id": key} if existing["id"] == record else existing for existing in records]
    else:
        records.append({**typed, "id": key})
    limit = definition.many.max
    if not record and len(records) > limit:
        raise Invalid.at("", f"「{definition.name}」最多填报{limit}条，已经有{limit}条。要换成这一条，请先删除一条。")
    _compare(answer, seen, records, by)
    result = cleaning.clean_record(service, section, typed, context=queries.context_of(case))
    if result.faults:
        raise Invalid(*result.faults)
    _write(case, service, definition, answer, records, by)
    _forget_draft(case, section, record, by)
    return answer, key


@transaction.atomic
def remove_record(*, case: Case, section: str, record: str, seen: int, by: Actor, files: bool = False) -> SectionAnswer:
    """Delete one record and one's own draft of it; what somebody else typed for it stays theirs.

    Its files stay with the case as 「未归属材料」; with `files` they are deleted too.

    Raises SectionMoved, Refused, Absent.
    """
    case, service, definition, answer = _open(case, section, by)
    records = _records(answer)
    left = [existing for existing in records if existing["id"] != record]
    if len(left) == len(records):
        raise Absent("这条记录已经删除。")
    _compare(answer, seen, left, by)
    _write(case, service, definition, answer, left, by, files)
    _forget_draft(case, section, record, by)
    return answer


@transaction.atomic
def declare_none(*, case: Case, section: str, none: bool, seen: int, by: Actor) -> SectionAnswer:
    """Declare 「无此项」 for a section of records, or take the declaration back (ALL-14).

    Raises Invalid while the section holds records, SectionMoved, Refused, Absent for a section of one record.
    """
    case, service, definition, answer = _open(case, section, by)
    if definition.many is None:
        raise Absent
    if _records(answer):
        if not none:
            return answer
        raise Invalid.at("", f"「{definition.name}」已有记录，不能声明无此项。请先删除记录。")
    typed: Typed = {"nothing": "none"} if none else []
    _compare(answer, seen, typed, by)
    _write(case, service, definition, answer, typed, by)
    return answer


@transaction.atomic
def keep_draft(*, case: Case, section: str, record: str, typed: dict[str, Any], by: Actor) -> bool:
    """Keep a record that is being typed, for the account that types it; returns whether there is anything to keep.

    Blank, or the same as the record saved, it is no draft. Raises Refused when the section is not open, Absent for
    a section of one record, Invalid for a key that is none.
    """
    case, _, definition, answer = _open(case, section, by)
    if definition.many is None:
        raise Absent
    if record and not _KEY.fullmatch(record):
        raise Absent
    _refuse_long(typed)
    saved = next((each for each in _records(answer) if each["id"] == record), {})
    if _bare(typed) == _bare(saved):
        _forget_draft(case, section, record, by)
        return False
    Draft.objects.update_or_create(
        case=case,
        section=section,
        record=record,
        account=by.who,
        defaults={"typed": typed, "changed_at": clock.now()},
    )
    return True


def _bare(record: dict[str, Any]) -> dict[str, Any]:
    """A record without its key and without what was left blank."""
    return {name: value for name, value in record.items() if name != "id" and value not in ("", [], None)}


@transaction.atomic
def drop_draft(*, case: Case, section: str, record: str, by: Actor) -> None:
    """Throw away an unsaved record, at its typist's wish."""
    _forget_draft(case, section, record, by)


def _forget_draft(case: Case, section: str, record: str, by: Actor) -> None:
    Draft.objects.filter(case=case, section=section, record=record, account=by.who).delete()
