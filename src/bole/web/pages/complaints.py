"""「投诉举报」: writing one, its receipt, and looking the answer up by the reference."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from bole.kernel.errors import Absent, Fault, Invalid, TooMany
from bole.portal import actions, queries
from bole.portal.terms import COMPLAINT_KIND_NAMES, COMPLAINT_MAX, SUBJECTS, ComplaintKind
from bole.web.doors import public
from bole.web.requests import PageRequest
from bole.web.shapes import Typed


@require_safe
@public
def choose(request: PageRequest) -> HttpResponse:
    """「网上投诉」, 「网上举报」 and 「查询答复」."""
    return render(request, "web/portal/complaints.html", {"here": "complaint", "form": Typed(prefix="q")})


@require_http_methods(["GET", "POST"])
@public
def write(request: PageRequest, kind: str) -> HttpResponse:
    """The form; after sending, the receipt with the reference, shown this once (NX-01)."""
    which = _kind(kind)
    form = Typed.posted(request.POST)
    status = 200
    if request.method == "POST":
        try:
            receipt = actions.file_complaint(
                site=request.here.code,
                kind=which,
                subject=form["subject"],
                about=form["about"],
                text=form["text"],
                name=form["name"],
                phone=form["phone"],
                by=request.actor,
            )
            return render(request, "web/portal/complaint_receipt.html", {"here": "complaint", "receipt": receipt})
        except Invalid as error:
            form, status = form.with_faults(error), 422
        except TooMany as error:
            form, status = form.with_faults([Fault("", error.sentence)]), 429
    context = {
        "here": "complaint",
        "kind": which.value,
        "kind_name": COMPLAINT_KIND_NAMES[which],
        "anonymous": which is ComplaintKind.REPORT,
        "subjects": [(word, word) for word in SUBJECTS[which]],
        "most": COMPLAINT_MAX,
        "form": form,
    }
    return render(request, "web/portal/complaint.html", context, status=status)


def _kind(word: str) -> ComplaintKind:
    try:
        return ComplaintKind(word)
    except ValueError:
        raise Absent from None


@require_http_methods(["GET", "POST"])
@public
def look_up(request: PageRequest) -> HttpResponse:
    """「查询答复」. The reference is posted: it opens the answer and belongs in no address or log."""
    form = Typed.posted(request.POST, prefix="q")
    context = {"here": "complaint", "form": form, "reply": None}
    status = 200
    if request.method == "POST":
        context["reply"] = queries.reply(request.here.code, form["reference"]) if form["reference"].strip() else None
        if context["reply"] is None:
            say = "没有查到这个受理编号。请核对回执上的完整编号，包括最后 8 位。"
            context["form"], status = form.with_faults(Invalid.at("reference", say)), 422
    return render(request, "web/portal/complaint_answer.html", context, status=status)
