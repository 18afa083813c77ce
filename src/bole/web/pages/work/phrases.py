"""「常用意见」: put into the opinion, kept from the review page, and maintained on a page of their own."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from bole.kernel.errors import Absent, Invalid
from bole.review import actions as review
from bole.review import queries
from bole.review.actions.phrasing import LONGEST, MOST
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages.work.judging import Judged
from bole.web.pages.work.marking import marked
from bole.web.pages.work.panel import Shown, show
from bole.web.pages.work.reading import read_case
from bole.web.pages.work.seat import Seat, home_of, seat_of
from bole.web.pages.work.wording import PLACEHOLDERS, fill, words_of
from bole.web.requests import PageRequest, posted_id


@for_units
@require_POST
def in_case(request: PageRequest, number: str) -> HttpResponse:
    """Put one of the own phrases into the opinion, keep the opinion as one, or remove one; what was typed stays."""
    seat, by = seat_of(request, number), request.actor
    judged, wrong = Judged.posted(request.POST, seat.service), ""
    removed, inserted = posted_id(request, "remove"), posted_id(request, "insert")
    try:
        if inserted is not None:
            judged = _with(request, seat, judged, str(inserted))
        elif removed is not None:
            review.remove_phrase(phrase=removed, by=by)
        else:
            review.keep_phrase(text=judged.opinion, by=by)
    except Invalid as error:
        wrong = error.sentence
    return show(request, seat, judged, Shown(phrase_fault=wrong, status=422 if wrong else 200))


def _with(request: PageRequest, seat: Seat, judged: Judged, phrase: str) -> Judged:
    """The opinion with the phrase under it, as the page script does it."""
    by = request.actor
    rows = queries.phrases(by.account) if by.account is not None else ()
    text = next((row.text for row in rows if str(row.id) == phrase), None)
    if text is None:
        raise Absent
    sections = marked(read_case(seat.case, seat.service, by).sections, judged)
    return judged.saying(fill(text, words_of(seat, sections)))


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest) -> HttpResponse:
    """「维护常用意见」: add, change, put in order, delete. What could not be taken stays typed."""
    if request.method != "POST":
        return _page(request)
    by, phrase = request.actor, posted_id(request, "phrase")
    text, act = request.POST.get("text", ""), request.POST.get("act", "")
    try:
        match act:
            case "add":
                review.keep_phrase(text=text, by=by)
                said = "已添加。"
            case "change" if phrase is not None:
                review.change_phrase(phrase=phrase, text=text, by=by)
                said = "已修改。"
            case "remove" if phrase is not None:
                review.remove_phrase(phrase=phrase, by=by)
                said = "已删除。"
            case "forward" | "back" if phrase is not None:
                review.move_phrase(phrase=phrase, step=-1 if act == "forward" else 1, by=by)
                said = ""
            case _:
                raise Absent
    except Invalid as error:
        return _page(request, {"phrase": str(phrase or ""), "text": text, "fault": error.sentence}, status=422)
    if said:
        say(request, said)
    return redirect("my-phrases", request.here.code)


def _page(request: PageRequest, typed: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    by = request.actor
    rows = list(queries.phrases(by.account)) if by.account is not None else []
    context: dict[str, Any] = {
        "phrases": rows,
        "typed": typed or {},
        "placeholders": PLACEHOLDERS,
        "longest": LONGEST,
        "most": MOST,
        "full": len(rows) >= MOST,
        "home": home_of(request, ""),
    }
    return render(request, "web/work/phrases.html", context, status=status)
