"""One file of a case on a page of its own: page by page, larger, turned, and on to the next file, with the marks on it.
All by links and forms, so it works without a script; with one the same opens beside the record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bole.cases import queries as cases
from bole.cases.models import Attachment
from bole.cases.terms import EDITABLE, FilledForm, place_text
from bole.kernel.errors import Absent, Invalid, Refused
from bole.review import actions as review
from bole.review import queries
from bole.web.answers import status_of
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages.spots import Drawn, PlacedSpot, drawn, placed
from bole.web.pages.work.judging import SAY_MOST, Judged, spot_fault, spot_text
from bole.web.pages.work.panel import draft_of
from bole.web.pages.work.seat import Seat, seat_of
from bole.web.requests import PageRequest, page_number, posted_number

ZOOMS = (100, 150, 200, 300)
TURNS = (0, 90, 180, 270)
_SHARP = 200  # from here on the picture is drawn in more points


@dataclass(frozen=True, slots=True)
class Paper:
    """One file with the line that it proves."""

    row: Attachment
    caption: str
    anchor: str


@dataclass(frozen=True, slots=True)
class FileMark:
    """One mark on the file: on which page, what is wrong, and how it is drawn where that page is shown.

    `own` is the word of one that is not decided with yet; the others are of the last return.
    """

    page: int
    say: str
    wrong: str
    drawn: Drawn | None
    own: str = ""


def papers_of(seat: Seat, form: FilledForm) -> list[Paper]:
    """Every file of the case as it was handed in, in the order of the form."""
    return [
        Paper(file, slot.caption, f"s-{slot.section}" + (f"-{slot.record}" if slot.record else ""))
        for slot in form.slots
        for file in (*slot.attachments, *slot.explanations)
    ]


@for_units
@require_safe
def paper(request: PageRequest, number: str, attachment: UUID) -> HttpResponse:
    """The picture itself is asked for by the page, and written down there as a look."""
    return _show(request, seat_of(request, number), attachment, page_number(request))


@for_units
@require_POST
def mark(request: PageRequest, number: str, attachment: UUID) -> HttpResponse:
    """Mark a page of the file with the reason, or take such a mark back: kept with what is typed on the review page,
    and decided with it. The page script does the same on the review page itself."""
    seat = seat_of(request, number)
    if seat.task is None:
        raise Refused(seat.may.reason or "这份申报现在不由您办理，不能标出问题。")
    draft = draft_of(seat, request.actor)
    if draft is not None and not draft.fits:
        raise Refused("您之前暂存的审核内容还没有处理，请先回到审核页查看，清除后再标出。")
    judged = draft.judged if draft is not None else Judged()
    row = next((each.row for each in papers_of(seat, _form(seat)) if each.row.pk == attachment), None)
    if row is None:
        raise Absent("这个附件已经替换或删除，请回到审核页查看。")
    leaf = posted_number(request, "page")
    if "drop" in request.POST:
        judged = judged.unspotted(request.POST["drop"])
        said = "已取消标记。"
    else:
        try:
            judged = judged.spotted(*_posted(request, seat, row, leaf))
        except Invalid as wrong:
            return _show(request, seat, attachment, max(1, min(leaf, row.file.pages or 1)), wrong)
        said = f"已标出第 {leaf} 页，随审核结果一起提交。"
    review.keep_draft(
        case=seat.case, step=seat.case.step, seen=seat.case.revision, typed=judged.typed, by=request.actor
    )
    say(request, said)
    where = reverse("review-paper", args=[seat.case.site, seat.case.number, attachment])
    return redirect(f"{where}?page={leaf}" if leaf > 1 else where)


def _posted(request: PageRequest, seat: Seat, row: Attachment, leaf: int) -> tuple[str, str]:
    """The mark as one word and what is wrong. Raises Invalid at "page" or "say"."""
    words = request.POST.get("say", "").strip()
    if not 1 <= leaf <= max(row.file.pages, 1):
        raise Invalid.at("page", f"这个附件共 {max(row.file.pages, 1)} 页，请填写其中的一页。")
    if not words:
        raise Invalid.at("say", "请写明要改什么，申报人会看到。")
    if len(words) > SAY_MOST:
        raise Invalid.at("say", f"问题说明最多{SAY_MOST}个字，现在是{len(words)}个。")
    known = dict(_fields(seat, row))
    field = request.POST.get("field", "")
    place = place_text(row.section, row.record, field if field in known else "")
    return spot_text(place, row.pk, leaf), words


def _fields(seat: Seat, row: Attachment) -> list[tuple[str, str]]:
    """The fields of which the file may show that they are wrong: those that the applicant can change."""
    return [(each.field, each.name) for each in seat.service.by_code[row.section].fields if not each.fixed]


def _form(seat: Seat) -> FilledForm:
    return cases.form_of(seat.case, seat.service, submitted=seat.case.status in EDITABLE)


def _marks(seat: Seat, judged: Judged, told: Iterable[PlacedSpot], row: Attachment, leaf: int) -> list[FileMark]:
    """The own marks on the file, then those that the last return put there; numbered on the page that is shown."""
    names = dict(_fields(seat, row))
    own = [(text, spot_fault(text, judged.says.get(text, ""))) for text in judged.spots]
    every = [(fault, text, names.get(fault.field, "")) for text, fault in own if fault.file == str(row.pk)]
    every += [(each.spot.fault, "", each.wrong) for each in told if each.row.pk == row.pk]
    found: list[FileMark] = []
    for fault, text, wrong in every:
        number = 1 + sum(each.page == leaf for each in found)
        shown = drawn(number, fault.say, fault.box, row.turn, before=not text) if fault.page == leaf else None
        found.append(FileMark(fault.page, fault.say or "需要修改", wrong, shown, text))
    return found


def _show(request: PageRequest, seat: Seat, attachment: UUID, leaf: int, wrong: Invalid | None = None) -> HttpResponse:
    form = _form(seat)
    papers = papers_of(seat, form)
    at = next((place for place, each in enumerate(papers) if each.row.id == attachment), None)
    if at is None:
        papers, at = [Paper(cases.attachment_in(seat.case, attachment, handed_in=True), "已替换或删除的附件", "")], 0
    one, pages = papers[at], max(papers[at].row.file.pages, 1)
    if leaf > pages:
        raise Absent("这个附件没有这一页。")
    zoom, turn = _among(request, "zoom", ZOOMS), _among(request, "turn", TURNS)

    def address(row: Attachment = one.row, **more: int) -> str:
        asked = {"page": leaf, "zoom": zoom, "turn": turn} if row is one.row else {}
        terms = {name: value for name, value in {**asked, **more}.items() if value not in (0, 100) or name == "page"}
        where = reverse("review-paper", args=[seat.case.site, seat.case.number, row.id])
        return f"{where}?{urlencode(terms)}" if terms else where

    nearer = next((each for each in ZOOMS if each > zoom), None)
    farther = next((each for each in reversed(ZOOMS) if each < zoom), None)
    draft = draft_of(seat, request.actor) if seat.task is not None else None
    judged = draft.judged if draft is not None and draft.fits else Judged()
    told = placed(seat.service, queries.spots_of(seat.case, queries.returned_with(seat.case), form))
    marks = _marks(seat, judged, told, one.row, leaf)
    typed: Mapping[str, str] = request.POST if wrong is not None else {}
    picture = reverse("attachment-page", args=[seat.case.site, seat.case.number, one.row.id, leaf])
    return render(
        request,
        "web/work/paper.html",
        {
            "case": seat.case,
            "service": seat.service,
            "whose": seat.whose,
            "paper": one,
            "place": at + 1,
            "total": len(papers),
            "leaf": leaf,
            "pages": pages,
            "zoom": zoom,
            "turn": turn,
            "seat": seat,
            "marks": marks,
            "over": [each.drawn for each in marks if each.drawn is not None],
            "fields": _fields(seat, one.row),
            "say_most": SAY_MOST,
            "typed": typed,
            "faults": {fault.at: fault.say for fault in wrong.faults} if wrong is not None else {},
            "picture": f"{picture}?w={2 if zoom >= _SHARP else 1}",
            "links": {
                "previous_page": address(page=leaf - 1) if leaf > 1 else "",
                "next_page": address(page=leaf + 1) if leaf < pages else "",
                "previous_file": address(papers[at - 1].row) if at else "",
                "next_file": address(papers[at + 1].row) if at + 1 < len(papers) else "",
                "nearer": address(zoom=nearer) if nearer else "",
                "farther": address(zoom=farther) if farther else "",
                "turned": address(turn=(turn + 90) % 360),
            },
        },
        status=status_of(wrong) if wrong is not None else 200,
    )


def _among(request: PageRequest, name: str, offered: tuple[int, ...]) -> int:
    """A choice from the address; the first one when it is none of them."""
    return next((each for each in offered if str(each) == request.GET.get(name)), offered[0])
