"""The formal papers of a case: their pages to look at, and the PDF, with a watermark until it is final.

A service may declare several; `?paper=` says which one is meant.
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bole.definitions.terms import Output
from bole.documents import queries as documents
from bole.kernel.errors import Absent
from bole.review import actions as review
from bole.review import queries
from bole.web.doors import assured
from bole.web.pages.filling.casework import CasePage
from bole.web.requests import PageRequest

WIDE, NARROW = 1600, 800  # pixels of a page by itself, and among the others


def paper_of(page: CasePage, *, remember: bool = False) -> bytes:
    """The paper that is asked for. Raises Absent where there is none."""
    return review.print_paper(
        case=page.case, service=page.service, form=page.form, output=_output(page), by=page.by, remember=remember,
        base=page.request.build_absolute_uri("/").rstrip("/"),
    )  # fmt: skip


def _output(page: CasePage) -> Output:
    """The paper that is asked for, else the first that the service declares."""
    wanted = page.request.GET.get("paper", "")
    for output in page.service.outputs:
        if wanted in ("", output.print):
            return output
    raise Absent("这项业务没有这种打印件。")


@require_safe
@assured
def print_(request: PageRequest, number: str) -> HttpResponse:
    """The paper as PDF; where there are several and none is named, their names to choose from."""
    page = CasePage(request, number)
    if len(page.service.outputs) > 1 and "paper" not in request.GET:
        return render(request, "web/filling/papers.html", page.shell(outputs=page.service.outputs))
    answer = HttpResponse(paper_of(page), content_type="application/pdf")
    ending = f"-{_output(page).print}" if len(page.service.outputs) > 1 else ""
    answer["Content-Disposition"] = f'inline; filename="{page.case.number}{ending}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@assured
def pages(request: PageRequest, number: str) -> HttpResponse:
    """「预览评审(申报)表」: the pages of the paper one below the other, as they would be printed (D28)."""
    page = CasePage(request, number)
    output = _output(page)
    leaves = range(1, documents.paper_pages(paper_of(page, remember=True)) + 1)
    final = queries.is_final(page.case, page.service, output)
    ended = queries.ended_outcome(page.case, page.service) is not None
    shell = page.shell(
        output=output, outputs=page.service.outputs, leaves=leaves, last=leaves[-1], final=final, ended=ended
    )
    return render(request, "web/filling/pages.html", shell)


@require_safe
@assured
def page_image(request: PageRequest, number: str, leaf: int) -> HttpResponse:
    """One page (from 1) as a picture; `?wide` by itself, large enough to be read on any screen."""
    page = CasePage(request, number)
    width = WIDE if "wide" in request.GET else NARROW
    try:
        picture = documents.paper_page(paper_of(page, remember=True), leaf, width)
    except IndexError:
        raise Absent from None
    answer = HttpResponse(picture, content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer
