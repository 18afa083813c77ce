"""One file of a case on a page of its own: page by page, larger, turned, and on to the next file. All by links, so it
works without a script; with one the same opens beside the record."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bole.cases import queries as cases
from bole.cases.models import Attachment
from bole.cases.terms import EDITABLE
from bole.kernel.errors import Absent
from bole.web.doors import for_units
from bole.web.pages.work.seat import Seat, seat_of
from bole.web.requests import PageRequest, page_number

ZOOMS = (100, 150, 200, 300)
TURNS = (0, 90, 180, 270)
_SHARP = 200  # from here on the picture is drawn in more points


@dataclass(frozen=True, slots=True)
class Paper:
    """One file with the line that it proves."""

    row: Attachment
    caption: str
    anchor: str


def papers_of(seat: Seat) -> list[Paper]:
    """Every file of the case as it was handed in, in the order of the form."""
    form = cases.form_of(seat.case, seat.service, submitted=seat.case.status in EDITABLE)
    return [
        Paper(file, slot.caption, f"s-{slot.section}" + (f"-{slot.record}" if slot.record else ""))
        for slot in form.slots
        for file in (*slot.attachments, *slot.explanations)
    ]


@for_units
@require_safe
def paper(request: PageRequest, number: str, attachment: UUID) -> HttpResponse:
    """The picture itself is asked for by the page, and written down there as a look."""
    seat = seat_of(request, number)
    papers = papers_of(seat)
    at = next((place for place, each in enumerate(papers) if each.row.id == attachment), None)
    if at is None:
        papers, at = [Paper(cases.attachment_in(seat.case, attachment, handed_in=True), "已替换或删除的附件", "")], 0
    one, pages = papers[at], max(papers[at].row.file.pages, 1)
    leaf = page_number(request)
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
    )


def _among(request: PageRequest, name: str, offered: tuple[int, ...]) -> int:
    """A choice from the address; the first one when it is none of them."""
    return next((each for each in offered if str(each) == request.GET.get(name)), offered[0])
