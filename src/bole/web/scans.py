"""What pages say of the check of scans and of files used twice: warnings, in words that accuse nobody."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from bole.cases import queries as cases
from bole.cases.models import Attachment, Case
from bole.cases.terms import EvidenceSlot, FilledForm, Twin
from bole.definitions.terms import Service
from bole.documents import queries as documents
from bole.documents.terms import CHECKED_PAGES, TURNED, Flaw
from bole.kernel.actors import Actor
from bole.review import queries as review

_FOUND = {
    Flaw.BLANK: "可能是空白页",
    Flaw.BLURRED: "可能模糊，看不清字",
    Flaw.TINY: "像素太少，打印后可能看不清",
    Flaw.UPSIDE_DOWN: "可能上下颠倒",
    Flaw.HEAD_LEFT: "可能横放，字头朝左",
    Flaw.HEAD_RIGHT: "可能横放，字头朝右",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one file: what the check found, where the same file lies elsewhere, and what was answered."""

    flaws: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    answered: str = ""

    def __bool__(self) -> bool:
        return bool(self.flaws or self.twins)

    @property
    def brief(self) -> str:
        """In a word or two, under a thumbnail."""
        if self.flaws and not self.answered:
            return self.flaws[0]
        return "可能重复" if self.twins else "已说明" if self.flaws else ""


def portraits(service: Service) -> frozenset[str]:
    """The sections whose evidence is the portrait of a paper: small on purpose, and no page of text."""
    return frozenset(output.photo for output in service.outputs if output.photo)


def flaws_told(row: Attachment) -> tuple[str, ...]:
    """What the check found of a file as its pictures are turned now, with the pages where it has several."""
    pages: dict[Flaw, list[int]] = {}
    for flaw, page in documents.flaws(row.file, row.turn):
        pages.setdefault(flaw, []).append(page)
    many = row.file.pages > 1
    return tuple((f"第{'、'.join(map(str, at))}页" if many else "这一页") + _FOUND[flaw] for flaw, at in pages.items())


def righted(row: Attachment) -> int | None:
    """The turn, in degrees clockwise, with which most pages of a file would stand upright; None where the check does
    not find most of them lying the same way."""
    found = Counter(TURNED[flaw] for flaw, _ in documents.flaws(row.file, row.turn) if flaw in TURNED)
    lies, pages = next(iter(found.most_common(1)), (0, 0))
    return (row.turn - lies) % 360 if 2 * pages > min(row.file.pages, CHECKED_PAGES) else None


def told(service: Service, slots: Iterable[EvidenceSlot], twins: Sequence[Twin], *, own: bool) -> Mapping[UUID, Told]:
    """What is said of each file of the lines, by attachment; files of which there is nothing to say are left out.

    `own` are the words for whoever uploaded it; else those for a reviewer.
    """
    of: dict[UUID, list[str]] = {}
    for twin in twins:
        of.setdefault(twin.attachment.pk, []).append(_twin_told(twin, own=own))
    skipped = portraits(service)
    found = {}
    for slot in slots:
        portrait = slot.section in skipped and slot.most == 1
        for row in (*slot.attachments, *slot.explanations):
            flaws = () if portrait else flaws_told(row)
            one = Told(flaws, tuple(dict.fromkeys(of.get(row.pk, ()))), row.answered or "")
            if one:
                found[row.pk] = one
    return found


def _twin_told(twin: Twin, *, own: bool) -> str:
    other = twin.other
    if twin.here:
        if twin.exact:
            return f"这份文件在本次申报中已经上传过：「{other.file.name}」" if own else "与本件的另一个附件是同一份文件"
        return f"与本次申报的「{other.file.name}」版面相近，请看是不是传了两次" if own else ""
    if own:
        return f"{'这份文件' if twin.exact else '版面相近的文件'}在您的另一件申报（{other.case.number}）中用过"
    whose = other.case.person.name if other.case.person is not None else other.case.unit.name
    if twin.exact:
        return f"与另一件申报（{other.case.number}，{whose}）的材料相同，请核对"
    return f"与另一件申报（{other.case.number}，{whose}）的材料版面相近，可能只是证书式样相同，请核对"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reviewer is told of one file, with the line that it proves."""

    caption: str
    row: Attachment
    told: Told


def notices(case: Case, service: Service, form: FilledForm, by: Actor) -> list[Notice]:
    """What a reviewer of the case is told of its files: what the check of scans found and what the applicant said to
    it, and which files lie in other cases that the reviewer may see. Two queries more."""
    rows = [row for slot in form.slots for row in (*slot.attachments, *slot.explanations)]
    twins = [twin for twin in cases.twins_here(rows, rows) if twin.exact]
    twins += cases.twins_elsewhere(rows, review.visible_cases(by).order_by(), handed_in=True)
    said = told(service, form.slots, twins, own=False)
    return [
        Notice(slot.caption, row, said[row.pk])
        for slot in form.slots
        for row in (*slot.attachments, *slot.explanations)
        if row.pk in said
    ]
