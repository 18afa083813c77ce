"""Files of a case: in their places and order, replaced, removed, or declared missing with a reason."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from bole.audit import actions as audit
from bole.cases import queries, rules
from bole.cases.actions.opening import remember_typist
from bole.cases.actions.standing import locked
from bole.cases.models import Attachment, Case, EvidenceGap
from bole.cases.terms import AuditWord, EvidenceSlot, Purpose, Status
from bole.documents import actions as documents
from bole.documents.models import StoredFile
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Fault, Invalid, Refused

MOST_FILES = 300  # of one case; the longest form known asks for fewer
LONGEST_REASON = 200


_GONE = "这个附件已经删除或替换，请刷新页面查看。"


def _open_place(case: Case, section: str, record: str, by: Actor) -> tuple[Case, EvidenceSlot]:
    """Lock the case and make sure that the place exists and is open. Raises Absent, Refused."""
    case = locked(case.id)
    service = queries.service_of(case)
    needed: frozenset[str] = frozenset()
    if case.status == Status.RETURNED:  # only then does it depend on the whole form
        needed = queries.needed_sections(case, queries.form_of(case, service))
    rules.may_change_files(by, case, section, service, needed=needed).demand()
    slot = queries.slot_of(case, service, section, record) if section in service.by_code else None
    if slot is None:
        raise Absent("这条记录已经删除，附件没有地方可放。")
    return case, slot


def _open_file(case: Case, attachment: UUID, by: Actor) -> tuple[Case, Attachment]:
    """Lock the case and find a file in force whose place is open. Raises Absent, Refused."""
    row = queries.attachment_in(case, attachment)
    case, _ = _open_place(case, row.section, row.record, by)
    held = queries.attachments_of(case).filter(id=attachment).first()
    if held is None:
        raise Absent(_GONE)
    return case, held


def _record(word: AuditWord, case: Case, by: Actor, section: str, record: str) -> None:
    audit.record(word, by=by, kind="case", id=case.number, unit=case.unit_id,
                 detail={"section": section, "record": record})  # fmt: skip


def _place(case: Case, section: str, record: str, purpose: str) -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(case=case, section=section, record=record, purpose=purpose)
    return rows.filter(removed_at__isnull=True).order_by("position", "added_at")


@contextmanager
def _stored(data: bytes, name: str, purpose: Purpose, by: Actor) -> Iterator[StoredFile]:
    """Inspect and keep the file before the case is locked, since that takes long; forget it when no place is found.

    Raises Invalid at "file" for a file that cannot be taken.
    """
    stored = documents.store(data, name=name, purpose=purpose.value, by=by)
    try:
        with transaction.atomic():
            yield stored
    except Exception:
        documents.discard(stored)
        raise


def _may_begin(case: Case, section: str, by: Actor) -> None:
    """Ask once before the file is inspected; asked again under the lock."""
    service = queries.service_of(case)
    answer = rules.may_change_files(by, case, section, service)
    if not answer:
        needed = queries.needed_sections(case, queries.form_of(case, service))
        rules.may_change_files(by, case, section, service, needed=needed).demand()


def attach(
    *, case: Case, section: str, record: str, data: bytes, name: str, by: Actor, purpose: Purpose = Purpose.EVIDENCE
) -> Attachment:
    """Store a file and hang it on its record, last in order.

    Raises Invalid at "file" for a file that cannot be taken or one too many, Refused, Absent.
    """
    _may_begin(case, section, by)
    with _stored(data, name, purpose, by) as stored:
        case, slot = _open_place(case, section, record, by)
        if purpose is Purpose.EXPLANATION and slot.gap_reason is None:
            raise Refused("请先写明没有证明材料的原因，再上传说明。")
        there = slot.explanations if purpose is Purpose.EXPLANATION else slot.attachments
        if len(there) >= slot.most:
            raise Invalid.at("file", f"这一项最多上传{slot.most}个附件。请合并同类材料，或先删除一个。")
        if queries.attachments_of(case).count() >= MOST_FILES:
            raise Invalid.at("file", f"一份申报最多上传{MOST_FILES}个附件。请合并同类材料，或删除不需要的。")
        last = max((row.position for row in there), default=0)
        return _hang(case, section, record, purpose, stored, last + 1, by)


def _hang(
    case: Case, section: str, record: str, purpose: str, stored: StoredFile, position: int, by: Actor
) -> Attachment:
    row = Attachment.objects.create(
        case=case, section=section, record=record, purpose=purpose, file=stored, position=position,
        round=case.round, added_at=clock.now(), added_by=by.who,
    )  # fmt: skip
    _changed(case, by)
    _record(AuditWord.ATTACHED, case, by, section, record)
    return row


def _changed(case: Case, by: Actor) -> None:
    """Whoever changes the files filled the case in; lists show the change."""
    remember_typist(case, by)
    case.changed_at = clock.now()
    case.save(update_fields=["changed_at"])


@transaction.atomic
def detach(*, case: Case, attachment: UUID, by: Actor) -> None:
    """Remove a file. What was never submitted is erased; what was stays with the submitted round.

    Raises Absent, Refused.
    """
    case, row = _open_file(case, attachment, by)
    _record(AuditWord.DETACHED, case, by, row.section, row.record)
    _remove(case, row)
    _changed(case, by)


def _remove(case: Case, row: Attachment) -> None:
    if row.round == case.round:
        stored = row.file
        row.delete()
        documents.discard(stored)
    else:
        row.removed_at = clock.now()
        row.save(update_fields=["removed_at"])


def clear_place(case: Case, section: str, record: str, by: Actor) -> None:
    """Remove the files and the declared gap of a record that was deleted. The caller holds the case."""
    EvidenceGap.objects.filter(case=case, section=section, record=record).delete()
    rows = list(queries.attachments_of(case).filter(section=section, record=record))
    for row in rows:
        _remove(case, row)
    if rows:
        _record(AuditWord.DETACHED, case, by, section, record)


def replace_attachment(*, case: Case, attachment: UUID, data: bytes, name: str, by: Actor) -> Attachment:
    """Put another file in the place and order of this one. Raises as `attach`; the old one stays then."""
    old = queries.attachment_in(case, attachment)
    _may_begin(case, old.section, by)
    with _stored(data, name, Purpose(old.purpose), by) as stored:
        case, old = _open_file(case, attachment, by)
        new = _hang(case, old.section, old.record, old.purpose, stored, old.position, by)
        _record(AuditWord.DETACHED, case, by, old.section, old.record)
        _remove(case, old)
    return new


@transaction.atomic
def move_attachment(*, case: Case, attachment: UUID, step: int, by: Actor) -> int:
    """Move a file forward (-1) or back (+1) among its neighbours; returns its new place, from 1.

    Raises Absent, Refused.
    """
    case, row = _open_file(case, attachment, by)
    place = list(_place(case, row.section, row.record, row.purpose))
    at = next(index for index, one in enumerate(place) if one.id == row.id)
    to = max(0, min(len(place) - 1, at + (1 if step > 0 else -1)))
    if to != at:
        place.insert(to, place.pop(at))
        _renumber(case, place, by)
    return to + 1


def _renumber(case: Case, place: Sequence[Attachment], by: Actor) -> None:
    for position, row in enumerate(place, start=1):
        row.position = position
    Attachment.objects.bulk_update(place, ["position"])
    _changed(case, by)
    _record(AuditWord.REORDERED, case, by, place[0].section, place[0].record)


@transaction.atomic
def order_attachments(*, case: Case, order: Sequence[UUID], by: Actor) -> None:
    """Put the files of one place into this order.

    Raises Absent unless it names exactly the files of one place, Refused.
    """
    if not order:
        raise Absent(_GONE)
    case, first = _open_file(case, order[0], by)
    held = {row.id: row for row in _place(case, first.section, first.record, first.purpose)}
    if set(held) != set(order) or len(held) != len(order):
        raise Absent("附件有变化，请刷新页面后再排序。")
    if list(held) != list(order):
        _renumber(case, [held[key] for key in order], by)


@transaction.atomic
def declare_gap(*, case: Case, section: str, record: str, reason: str, by: Actor) -> EvidenceGap:
    """Declare that the evidence cannot be had, and why. Raises Invalid at "reason", Refused, Absent."""
    reason = reason.strip()
    if not reason:
        raise Invalid.at("reason", "请写明没有证明材料的原因。")
    if len(reason) > LONGEST_REASON:
        raise Invalid(Fault("reason", f"原因最多{LONGEST_REASON}个字符，现在是{len(reason)}个。"))
    case, slot = _open_place(case, section, record, by)
    if not slot.replaceable:
        raise Refused("这一项不能用说明代替，请上传材料。")
    told = {"reason": reason, "declared_at": clock.now(), "declared_by": by.who}
    gap, _ = EvidenceGap.objects.update_or_create(case=case, section=section, record=record, defaults=told)
    _changed(case, by)
    _record(AuditWord.GAP_DECLARED, case, by, section, record)
    return gap


@transaction.atomic
def withdraw_gap(*, case: Case, section: str, record: str, by: Actor) -> None:
    """Take the declaration back, because the evidence was found; its explanation goes with it.

    Done twice, it is done once. Raises Refused, Absent.
    """
    case, slot = _open_place(case, section, record, by)
    if slot.gap_reason is None:
        return
    EvidenceGap.objects.filter(case=case, section=section, record=record).delete()
    for row in _place(case, section, record, Purpose.EXPLANATION).select_related("file"):
        _remove(case, row)
    _changed(case, by)
    _record(AuditWord.GAP_WITHDRAWN, case, by, section, record)
