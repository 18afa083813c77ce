"""Files of a case: in their places and order, replaced, removed, or declared missing with a reason."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from bole.audit import actions as audit
from bole.cases import queries, rules
from bole.cases.actions.opening import remember_typist
from bole.cases.actions.standing import locked
from bole.cases.models import Attachment, Case, EvidenceGap
from bole.cases.terms import AuditWord, Purpose
from bole.documents import actions as documents
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Fault, Invalid

MOST_FILES = 300  # of one case; the longest form known asks for fewer
LONGEST_REASON = 200


def _open_place(case: Case, section: str, record: str, by: Actor) -> Case:
    """Lock the case and make sure that the place exists and is open. Raises Absent, Refused."""
    case = locked(case.id)
    rules.may_edit_section(by, case, section).demand()
    form = queries.form_of(case)
    if not any(slot.section == section and slot.record == record for slot in form.slots):
        raise Absent("这条记录已经删除，附件没有地方可放。")
    return case


def _record(word: AuditWord, case: Case, by: Actor, section: str, record: str) -> None:
    audit.record(word, by=by, kind="case", id=case.number, unit=case.unit_id,
                 detail={"section": section, "record": record})  # fmt: skip


def attach(
    *, case: Case, section: str, record: str, data: bytes, name: str, by: Actor, purpose: Purpose = Purpose.EVIDENCE
) -> Attachment:
    """Store a file and hang it on its record, last in order.

    Raises Invalid at "file" for a file that cannot be taken, Refused, Absent. The file is inspected before the
    case is locked, since that takes long.
    """
    rules.may_edit_section(by, case, section).demand()
    stored = documents.store(data, name=name, purpose=purpose.value, by=by)
    try:
        with transaction.atomic():
            case = _open_place(case, section, record, by)
            place = Attachment.objects.filter(
                case=case, section=section, record=record, purpose=purpose, removed_at__isnull=True
            )
            if Attachment.objects.filter(case=case, removed_at__isnull=True).count() >= MOST_FILES:
                raise Invalid.at("file", f"一份申报最多上传{MOST_FILES}个附件。请合并同类材料，或删除不需要的。")
            last = place.aggregate(last=Max("position"))["last"] or 0
            row = Attachment.objects.create(
                case=case, section=section, record=record, purpose=purpose, file=stored, position=last + 1,
                round=case.round, added_at=clock.now(), added_by=by.who,
            )  # fmt: skip
            remember_typist(case, by)
            _record(AuditWord.ATTACHED, case, by, section, record)
    except Exception:
        documents.discard(stored)
        raise
    return row


@transaction.atomic
def detach(*, case: Case, attachment: UUID, by: Actor) -> None:
    """Remove a file. What was never submitted is erased; what was stays with the submitted round."""
    row = queries.attachment_in(case, attachment)
    case = locked(case.id)
    rules.may_edit_section(by, case, row.section).demand()
    _record(AuditWord.DETACHED, case, by, row.section, row.record)
    _remove(case, row)


def _remove(case: Case, row: Attachment) -> None:
    if row.round == case.round and row.removed_at is None:
        stored = row.file
        row.delete()
        transaction.on_commit(lambda: documents.discard(stored))
    else:
        row.removed_at = clock.now()
        row.save(update_fields=["removed_at"])


def replace_attachment(*, case: Case, attachment: UUID, data: bytes, name: str, by: Actor) -> Attachment:
    """Put another file in the place and order of this one. Raises as `attach`."""
    old = queries.attachment_in(case, attachment)
    new = attach(
        case=case, section=old.section, record=old.record, data=data, name=name, by=by, purpose=Purpose(old.purpose)
    )
    with transaction.atomic():
        case = locked(case.id)
        new.position = old.position
        new.save(update_fields=["position"])
        _remove(case, old)
    return new


@transaction.atomic
def move_attachment(*, case: Case, attachment: UUID, step: int, by: Actor) -> int:
    """Move a file forward (-1) or back (+1) among its neighbours; returns its new place, from 1."""
    row = queries.attachment_in(case, attachment)
    case = locked(case.id)
    rules.may_edit_section(by, case, row.section).demand()
    place = list(
        Attachment.objects.filter(
            case=case, section=row.section, record=row.record, purpose=row.purpose, removed_at__isnull=True
        ).order_by("position", "added_at")
    )
    at = next(index for index, one in enumerate(place) if one.id == row.id)
    to = max(0, min(len(place) - 1, at + (1 if step > 0 else -1)))
    place.insert(to, place.pop(at))
    for position, one in enumerate(place, start=1):
        one.position = position
    Attachment.objects.bulk_update(place, ["position"])
    _record(AuditWord.REORDERED, case, by, row.section, row.record)
    return to + 1


@transaction.atomic
def order_attachments(*, case: Case, order: Sequence[UUID], by: Actor) -> None:
    """Put the files of one place into this order. Raises Absent unless it names exactly the files of one place."""
    case = locked(case.id)
    rows = {row.id: row for row in queries.attachments_of(case) if row.id in set(order)}
    places = {(row.section, row.record, row.purpose) for row in rows.values()}
    if len(rows) != len(order) or len(places) != 1:
        raise Absent("附件有变化，请刷新页面后再排序。")
    section, record, purpose = places.pop()
    rules.may_edit_section(by, case, section).demand()
    held = [
        row
        for row in queries.attachments_of(case)
        if (row.section, row.record, row.purpose) == (section, record, purpose)
    ]
    if len(held) != len(rows):
        raise Absent("附件有变化，请刷新页面后再排序。")
    for position, key in enumerate(order, start=1):
        rows[key].position = position
    Attachment.objects.bulk_update(list(rows.values()), ["position"])
    _record(AuditWord.REORDERED, case, by, section, record)


@transaction.atomic
def declare_gap(*, case: Case, section: str, record: str, reason: str, by: Actor) -> EvidenceGap:
    """Declare that the evidence cannot be had, and why. Raises Invalid at "reason", Refused, Absent."""
    reason = reason.strip()
    if not reason:
        raise Invalid.at("reason", "请写明没有证明材料的原因。")
    if len(reason) > LONGEST_REASON:
        raise Invalid(Fault("reason", f"原因最多{LONGEST_REASON}个字符，现在是{len(reason)}个。"))
    case = _open_place(case, section, record, by)
    gap, _ = EvidenceGap.objects.get_or_create(
        case=case, section=section, record=record,
        defaults={"reason": reason, "declared_at": clock.now(), "declared_by": by.who},
    )  # fmt: skip
    gap.reason, gap.declared_at, gap.declared_by = reason, clock.now(), by.who
    gap.save()
    remember_typist(case, by)
    _record(AuditWord.GAP_DECLARED, case, by, section, record)
    return gap


@transaction.atomic
def withdraw_gap(*, case: Case, section: str, record: str, by: Actor) -> None:
    """Take the declaration back, because the evidence was found."""
    case = _open_place(case, section, record, by)
    EvidenceGap.objects.filter(case=case, section=section, record=record).delete()
    _record(AuditWord.GAP_WITHDRAWN, case, by, section, record)
