"""Evidence of a case: its lines with their files, the files whose place is gone, and what they are by themselves."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from bole.cases.models import Attachment, Case, EvidenceGap
from bole.cases.terms import EvidenceSlot, Purpose, Twin
from bole.definitions.terms import EvidenceLine
from bole.documents import queries as documents
from bole.documents.models import StoredFile
from bole.kernel.errors import Absent

Files = dict[tuple[str, str, str, str], list[Attachment]]


def files_of(case: Case, *, submitted: bool = False) -> Files:
    """The files of a case by section, record, category and purpose."""
    files: Files = defaultdict(list)
    for file in _handed_in(case) if submitted else attachments_of(case):
        files[file.section, file.record, file.category, file.purpose].append(file)
    return files


def slots(case: Case, lines: Iterable[EvidenceLine], files: Files | None = None) -> Iterable[EvidenceSlot]:
    """The evidence lines that follow from the records, each with its files and its declared gap."""
    held = files_of(case) if files is None else files
    gaps = {(gap.section, gap.record, gap.category): gap.reason for gap in EvidenceGap.objects.filter(case=case)}
    for line in lines:
        place = (line.section, line.record, line.category)
        yield EvidenceSlot(
            key=line.key,
            section=line.section,
            record=line.record,
            caption=line.caption,
            required=line.min > 0,
            attachments=tuple(held.get((*place, Purpose.EVIDENCE), ())),
            explanations=tuple(held.get((*place, Purpose.EXPLANATION), ())),
            gap_reason=gaps.get(place),
            least=line.min,
            most=line.max,
            replaceable=line.instead is not None,
            category=line.category,
            heading=line.heading,
            reason=line.reason,
            portrait=line.portrait,
        )


def loose(files: Files, lines: Iterable[EvidenceSlot]) -> tuple[Attachment, ...]:
    """The files whose place is gone: the record was deleted, or its category is not asked for any more."""
    places = {(slot.section, slot.record, slot.category) for slot in lines}
    gone = (rows for place, rows in files.items() if place[:3] not in places and place[3] != Purpose.ATTESTATION)
    return tuple(row for rows in gone for row in rows)


def _handed_in(case: Case) -> QuerySet[Attachment]:
    """The files as they were when the case was last handed in: none added since, none taken away since.

    `round` is that of the hand-in before the file was added.
    """
    rows = Attachment.objects.filter(Q(removed_at__isnull=True) | Q(removed_at__gt=case.submitted_at))
    rows = rows.filter(case=case, round__lt=case.round).select_related("file")
    return rows.order_by("section", "record", "category", "position", "added_at")


def attachments_of(case: Case) -> QuerySet[Attachment]:
    """The attachments in force, in their order, files joined."""
    rows = Attachment.objects.filter(case=case, removed_at__isnull=True).select_related("file")
    return rows.order_by("section", "record", "category", "position", "added_at")


def attachment_in(case: Case, attachment: UUID, *, handed_in: bool = False) -> Attachment:
    """One attachment of this case, in force or removed after a hand-in. Raises Absent for one of another case.

    `handed_in` is for everybody but those who fill the case in: what was added since the last hand-in is not there yet.
    """
    rows = Attachment.objects.select_related("file").filter(case=case, id=attachment)
    row = (rows.filter(round__lt=case.round) if handed_in else rows).first()
    if row is None:
        raise Absent
    return row


def files_in(case: Case, round_: int, handed_in: datetime) -> dict[tuple[str, str], frozenset[UUID]]:
    """The files that were handed in at the round, by section and record. One query."""
    rows = Attachment.objects.filter(Q(removed_at__isnull=True) | Q(removed_at__gt=handed_in))
    found: dict[tuple[str, str], set[UUID]] = defaultdict(set)
    for section, record, file in rows.filter(case=case, round__lt=round_).values_list("section", "record", "file_id"):
        found[section, record].add(file)
    return {place: frozenset(files) for place, files in found.items()}


def attachments_among(case: Case, attachments: Collection[str]) -> dict[str, Attachment]:
    """Those of these attachments that are of the case, in force or removed since, files joined; one query, none for
    none. Words that are no key of an attachment are left out."""
    keys = [key for key in map(_key, dict.fromkeys(attachments)) if key is not None]
    if not keys:
        return {}
    return {str(row.pk): row for row in Attachment.objects.filter(case=case, pk__in=keys).select_related("file")}


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def stored_files(case: Case, attachments: Collection[str]) -> dict[str, UUID]:
    """The stored file of each of these attachments of the case."""
    return {key: row.file_id for key, row in attachments_among(case, attachments).items()}


_MOST_TWINS = 400  # candidates looked at in one step
_STEPS = 5  # at most; a step ends with what it found to be a form that everybody hands in left out of the next
_FORM = 3  # a picture that more persons than this have is a form of certificate, and no page used twice


def twins_here(rows: Sequence[Attachment], among: Sequence[Attachment]) -> list[Twin]:
    """Which of the rows are the same as others of their case or look alike; the later of two is told. No query."""
    found = documents.likenesses([row.file for row in rows], [row.file for row in among])
    return [
        Twin(rows[one], among[other], exact, here=True)
        for one, other, exact in found
        if (among[other].added_at, among[other].pk) < (rows[one].added_at, rows[one].pk)
    ]


def twins_elsewhere(rows: Sequence[Attachment], visible: QuerySet[Case], *, handed_in: bool = False) -> list[Twin]:
    """Which of the rows are the same as files of other visible cases, or look alike; two queries, and up to four more
    where very many look alike.

    `handed_in` leaves out what the other applicants have not handed in. What only looks alike is left out where more
    than three persons (or units) have it: certificates of one form look alike whoever they are of.
    """
    if not rows:
        return []
    others = Attachment.objects.filter(removed_at__isnull=True, case__in=visible.order_by().values("pk"))
    others = others.exclude(case=rows[0].case_id).select_related("file", "case__person", "case__unit")
    if handed_in:
        others = others.filter(round__lt=F("case__round"))
    others = others.order_by("-added_at", "-pk")
    same = StoredFile.objects.filter(documents.perhaps_same([row.file for row in rows]))
    twins = _twins(rows, list(others.filter(file__in=same)[:_MOST_TWINS]), exact=True)
    return twins + _alike_elsewhere(rows, others)


def _alike_elsewhere(rows: Sequence[Attachment], others: QuerySet[Attachment]) -> list[Twin]:
    """The looks alike, from the newest, in steps. A picture known for a form is not looked for any further, so that
    it does not stand before the one page that was used twice."""
    sought = [row for row in rows if row.file.fingerprint]
    twins: list[Twin] = []
    holders: dict[UUID, set[UUID | None]] = defaultdict(set)
    rest = others
    for _ in range(_STEPS):
        if not sought:
            break
        near = StoredFile.objects.filter(documents.perhaps_alike([row.file for row in sought]))
        step = list(rest.filter(file__in=near)[:_MOST_TWINS])
        for twin in _twins(sought, step, exact=False):
            twins.append(twin)
            holders[twin.attachment.pk].add(twin.other.case.person_id or twin.other.case.unit_id)
        sought = [row for row in sought if len(holders[row.pk]) <= _FORM]
        if len(step) < _MOST_TWINS:
            break
        last = step[-1]
        rest = others.filter(Q(added_at__lt=last.added_at) | Q(added_at=last.added_at, pk__lt=last.pk))
    return [twin for twin in twins if len(holders[twin.attachment.pk]) <= _FORM]


def _twins(rows: Sequence[Attachment], among: Sequence[Attachment], *, exact: bool) -> list[Twin]:
    found = documents.likenesses([row.file for row in rows], [row.file for row in among])
    return [Twin(rows[one], among[other], same, here=False) for one, other, same in found if same is exact]


def flaws_of(row: Attachment) -> frozenset[str]:
    """What the check of scans found of the file, as its pictures are turned now."""
    return frozenset(flaw.value for flaw, _ in documents.flaws(row.file, row.turn))
