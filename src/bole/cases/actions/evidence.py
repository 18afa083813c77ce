"""Files of a case: in their places and order, replaced, removed, or declared missing with a reason."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from bole.audit import actions as audit
from bole.cases import queries, rules
from bole.cases.actions.opening import remember_typist
from bole.cases.actions.standing import locked
from bole.cases.models import Attachment, Case, EvidenceGap
from bole.cases.terms import AuditWord, EvidenceSlot, Purpose, Status
from bole.definitions.terms import Service
from bole.documents import actions as documents
from bole.documents.models import StoredFile
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Fault, Invalid, Refused

MOST_FILES = 300  # of one case; the longest form known asks for fewer
LONGEST_REASON = 200
# Width by height of what is cut to an identity photograph: 25 × 35 mm is 0.71, that of the identity card 0.81.
NARROWEST, WIDEST = 0.6, 0.9


_GONE = "这个附件已经删除或替换，请刷新页面查看。"


def _open_place(case: Case, section: str, record: str, by: Actor, category: str = "") -> tuple[Case, EvidenceSlot]:
    """Lock the case and make sure that the place exists and is open. Raises Absent, Refused."""
    case = locked(case.id)
    service = queries.service_of(case)
    _may_change(case, section, record, service, by)
    slot = queries.slot_of(case, service, section, record, category) if section in service.by_code else None
    if slot is None:
        raise Absent("这条记录已经删除，或者这类材料已不需要，附件没有地方可放。请刷新页面查看。")
    return case, slot


def _may_change(case: Case, section: str, record: str, service: Service, by: Actor) -> None:
    """Raises Refused unless the files of this record are open; only after a return does it depend on the whole form."""
    if case.status != Status.RETURNED:
        rules.may_change_files(by, case, section, service).demand()
        return
    form = queries.form_of(case, service)
    needed = queries.needed_sections(case, form)
    rules.may_change_files(by, case, section, service, needed=needed).demand()
    if section in service.by_code:
        places = queries.open_places(case, form, service)
        rules.may_change_evidence(service.by_code[section], record, places).demand()


def _open_file(case: Case, attachment: UUID, by: Actor) -> tuple[Case, Attachment]:
    """Lock the case and find a file in force that may be changed, be its place gone or not. Raises Absent, Refused."""
    row = queries.attachment_in(case, attachment)
    case = locked(case.id)
    _may_change(case, row.section, row.record, queries.service_of(case), by)
    held = queries.attachments_of(case).filter(id=attachment).first()
    if held is None:
        raise Absent(_GONE)
    return case, held


def _record(word: AuditWord, case: Case, by: Actor, section: str, record: str, category: str = "", **more: str) -> None:
    detail = {"section": section, "record": record, **({"category": category} if category else {}), **more}
    audit.record(word, by=by, kind="case", id=case.number, unit=case.unit_id, detail=detail)


def _place(case: Case, section: str, record: str, category: str, purpose: str) -> QuerySet[Attachment]:
    """The files in force of one place, in their order."""
    place = {"section": section, "record": record, "category": category}
    rows = Attachment.objects.filter(case=case, purpose=purpose, **place)
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


def _may_begin(case: Case, section: str, record: str, by: Actor) -> None:
    """Ask once before the file is inspected; asked again under the lock."""
    _may_change(case, section, record, queries.service_of(case), by)


def attach(
    *,
    case: Case,
    section: str,
    record: str,
    data: bytes,
    name: str,
    by: Actor,
    category: str = "",
    purpose: Purpose = Purpose.EVIDENCE,
) -> Attachment:
    """Store a file and hang it on its record (of a category, where the definition tells several apart), last in order.

    Raises Invalid at "file" for a file that cannot be taken or one too many, Refused, Absent.
    """
    _may_begin(case, section, record, by)
    with _stored(data, name, purpose, by) as stored:
        case, slot = _open_place(case, section, record, by, category)
        if purpose is Purpose.EXPLANATION and slot.gap_reason is None:
            raise Refused("请先写明没有证明材料的原因，再上传说明。")
        _demand_upright(slot, stored, purpose)
        last = _room(slot, purpose)
        if queries.attachments_of(case).count() >= MOST_FILES:
            raise Invalid.at("file", f"一份申报最多上传{MOST_FILES}个附件。请合并同类材料，或删除不需要的。")
        row = Attachment(case=case, section=section, record=record, category=category, purpose=purpose, position=last)
        return _hang(row, stored, by)


def _demand_upright(slot: EvidenceSlot, stored: StoredFile, purpose: str) -> None:
    """Raises Invalid at "file" where a portrait is asked for and the file is no picture of its shape."""
    if not slot.portrait or purpose == Purpose.EXPLANATION:
        return
    if not stored.width or not stored.height:
        raise Invalid.at("file", "照片请上传 JPEG、PNG 或 HEIC 图片，不能是 PDF。")
    if not NARROWEST <= stored.width / stored.height <= WIDEST:
        size = f"{stored.width}×{stored.height}像素"
        raise Invalid.at("file", f"这张照片是{size}，一寸照应为竖版，宽与高约为 5:7。请裁剪成竖版后再上传。")


def _room(slot: EvidenceSlot, purpose: str) -> int:
    """The position for one more file. Raises Invalid at "file" where there is no room."""
    there = slot.explanations if purpose == Purpose.EXPLANATION else slot.attachments
    if len(there) >= slot.most:
        raise Invalid.at("file", f"这一项最多上传{slot.most}个附件。请合并同类材料，或先删除一个。")
    return 1 + max((row.position for row in there), default=0)


def _hang(row: Attachment, stored: StoredFile, by: Actor) -> Attachment:
    row.file, row.round, row.added_at, row.added_by = stored, row.case.round, clock.now(), by.who
    row.save(force_insert=True)
    _changed(row.case, by)
    _record(AuditWord.ATTACHED, row.case, by, row.section, row.record, row.category)
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
    _record(AuditWord.DETACHED, case, by, row.section, row.record, row.category)
    _remove(case, row)
    _changed(case, by)


def _remove(case: Case, row: Attachment) -> None:
    if row.round == case.round:
        stored = row.file
        row.delete()
        if not Attachment.objects.filter(file=stored).exists():  # one handed in may lie elsewhere since
            documents.discard(stored)
    else:
        row.removed_at = clock.now()
        row.save(update_fields=["removed_at"])


def clear_place(case: Case, section: str, record: str, by: Actor, *, files: bool) -> None:
    """What becomes of the evidence of a record that was deleted. The caller holds the case.

    Its declared gaps go. Its files stay as 「未归属材料」, to be hung elsewhere or deleted; with `files` they go too.
    """
    EvidenceGap.objects.filter(case=case, section=section, record=record).delete()
    rows = list(queries.attachments_of(case).filter(section=section, record=record))
    if not rows:
        return
    if files:
        for row in rows:
            _remove(case, row)
    _record(AuditWord.DETACHED if files else AuditWord.LOOSENED, case, by, section, record, files=str(len(rows)))


@transaction.atomic
def place_attachment(
    *, case: Case, attachment: UUID, section: str, record: str, by: Actor, category: str = ""
) -> Attachment:
    """Hang a file that is there on another place, last in order; what was handed in before stays as it was there.

    Raises Invalid at "file" where there is no room, Absent, Refused.
    """
    case, row = _open_file(case, attachment, by)
    case, slot = _open_place(case, section, record, by, category)
    if (row.section, row.record, row.category) == (section, record, category):
        return row
    _demand_upright(slot, row.file, Purpose.EVIDENCE)
    new = Attachment(case=case, section=section, record=record, category=category, purpose=Purpose.EVIDENCE)
    new.position, new.turn = _room(slot, Purpose.EVIDENCE), row.turn
    new.answered, new.answered_at, new.answered_by = row.answered, row.answered_at, row.answered_by
    new.file, new.round, new.added_at, new.added_by = row.file, case.round, clock.now(), by.who
    new.save(force_insert=True)
    _record(AuditWord.PLACED, case, by, section, record, category, before=row.section)
    _remove(case, row)
    _changed(case, by)
    return new


def replace_attachment(*, case: Case, attachment: UUID, data: bytes, name: str, by: Actor) -> Attachment:
    """Put another file in the place and order of this one. Raises as `attach`; the old one stays then."""
    old = queries.attachment_in(case, attachment)
    _may_begin(case, old.section, old.record, by)
    with _stored(data, name, Purpose(old.purpose), by) as stored:
        case, old = _open_file(case, attachment, by)
        slot = queries.slot_of(case, queries.service_of(case), old.section, old.record, old.category)
        if slot is not None:
            _demand_upright(slot, stored, old.purpose)
        place = {"section": old.section, "record": old.record, "category": old.category, "purpose": old.purpose}
        new = _hang(Attachment(case=case, position=old.position, **place), stored, by)
        _record(AuditWord.DETACHED, case, by, old.section, old.record, old.category)
        _remove(case, old)
    return new


@transaction.atomic
def move_attachment(*, case: Case, attachment: UUID, step: int, by: Actor) -> int:
    """Move a file forward (-1) or back (+1) among its neighbours; returns its new place, from 1.

    Raises Absent, Refused.
    """
    case, row = _open_file(case, attachment, by)
    place = list(_place(case, row.section, row.record, row.category, row.purpose))
    at = next(index for index, one in enumerate(place) if one.id == row.id)
    to = max(0, min(len(place) - 1, at + (1 if step > 0 else -1)))
    if to != at:
        place.insert(to, place.pop(at))
        _renumber(case, place, by)
    return to + 1


@transaction.atomic
def turn_attachment(*, case: Case, attachment: UUID, by: Actor, to: int | None = None) -> int:
    """Turn the pictures of a file a quarter further clockwise, or to so many degrees (90, 180, 270, 0); the file itself
    and its digest stay. Returns the degrees.

    Raises Absent, Refused.
    """
    case, row = _open_file(case, attachment, by)
    row.turn = (row.turn + 90 if to is None else to) % 360
    row.save(update_fields=["turn"])
    _changed(case, by)
    _record(AuditWord.TURNED, case, by, row.section, row.record, row.category, turn=str(row.turn))
    return row.turn


@transaction.atomic
def answer_check(*, case: Case, attachment: UUID, reason: str, by: Actor) -> Attachment:
    """Keep a file though the check of scans found something, and say why; reviewers read it. A blank reason takes what
    was said back.

    Raises Invalid at "reason" past its length, Refused where nothing was found, Absent.
    """
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Invalid(Fault("reason", f"说明最多{LONGEST_REASON}个字符，现在是{len(reason)}个。"))
    case, row = _open_file(case, attachment, by)
    flaws = queries.flaws_of(row)
    if not flaws:
        raise Refused("这个附件没有需要说明的提示。")
    row.answered, row.answered_at, row.answered_by = (reason, clock.now(), by.who) if reason else (None, None, None)
    row.save(update_fields=["answered", "answered_at", "answered_by"])
    _changed(case, by)
    found = ",".join(sorted(flaws))
    _record(AuditWord.ANSWERED, case, by, row.section, row.record, row.category, flaws=found, kept=str(bool(reason)))
    return row


def _renumber(case: Case, place: Sequence[Attachment], by: Actor) -> None:
    for position, row in enumerate(place, start=1):
        row.position = position
    Attachment.objects.bulk_update(place, ["position"])
    _changed(case, by)
    _record(AuditWord.REORDERED, case, by, place[0].section, place[0].record, place[0].category)


@transaction.atomic
def order_attachments(*, case: Case, order: Sequence[UUID], by: Actor) -> None:
    """Put the files of one place into this order.

    Raises Absent unless it names exactly the files of one place, Refused.
    """
    if not order:
        raise Absent(_GONE)
    case, first = _open_file(case, order[0], by)
    held = {row.id: row for row in _place(case, first.section, first.record, first.category, first.purpose)}
    if set(held) != set(order) or len(held) != len(order):
        raise Absent("附件有变化，请刷新页面后再排序。")
    if list(held) != list(order):
        _renumber(case, [held[key] for key in order], by)


@transaction.atomic
def declare_gap(*, case: Case, section: str, record: str, reason: str, by: Actor, category: str = "") -> EvidenceGap:
    """Declare that the evidence cannot be had, and why. Raises Invalid at "reason", Refused, Absent."""
    reason = reason.strip()
    if not reason:
        raise Invalid.at("reason", "请写明没有证明材料的原因。")
    if len(reason) > LONGEST_REASON:
        raise Invalid(Fault("reason", f"原因最多{LONGEST_REASON}个字符，现在是{len(reason)}个。"))
    case, slot = _open_place(case, section, record, by, category)
    if not slot.replaceable:
        raise Refused("这一项不能用说明代替，请上传材料。")
    told = {"reason": reason, "declared_at": clock.now(), "declared_by": by.who}
    place: dict[str, Any] = {"section": section, "record": record, "category": category}
    gap, _ = EvidenceGap.objects.update_or_create(case=case, **place, defaults=told)
    _changed(case, by)
    _record(AuditWord.GAP_DECLARED, case, by, section, record, category)
    return gap


@transaction.atomic
def withdraw_gap(*, case: Case, section: str, record: str, by: Actor, category: str = "") -> None:
    """Take the declaration back, because the evidence was found; its explanation goes with it.

    Done twice, it is done once. Raises Refused, Absent.
    """
    case, slot = _open_place(case, section, record, by, category)
    if slot.gap_reason is None:
        return
    EvidenceGap.objects.filter(case=case, section=section, record=record, category=category).delete()
    for row in _place(case, section, record, category, Purpose.EXPLANATION).select_related("file"):
        _remove(case, row)
    _changed(case, by)
    _record(AuditWord.GAP_WITHDRAWN, case, by, section, record, category)
