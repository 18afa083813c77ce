"""From a filled form to the receiver: overview, preview, submission, what happened, taking it back, the paper."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bole.bindings import actions as bindings
from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.terms import OPEN, AuditWord
from bole.definitions import queries as definitions
from bole.definitions.faces.reading import read_all
from bole.kernel.actors import Way
from bole.kernel.errors import Absent, Invalid, Refused
from bole.people import queries as people
from bole.review import actions as review
from bole.review import queries as review_queries
from bole.web.flash import say
from bole.web.pages.filling import papers
from bole.web.pages.filling.casework import CasePage
from bole.web.requests import PageRequest, is_asked_for, posted_number


@require_GET
def start(request: PageRequest, service: str) -> HttpResponse:
    """The way in from the menu: the open case of this service, or a fresh one.

    Opening by GET is safe to repeat: the second time leads to the same case.
    """
    by, site = request.actor, request.here.code
    if by.way is not Way.PERSON or by.person is None:
        raise Refused("请以「个人」方式登录后填报。单位代为填报请在单位平台使用「立即申报」。")
    definition = definitions.service(site, service)
    mine = case_queries.cases_of(by).filter(site=site, service=service)
    case = mine.filter(status__in=OPEN).first() or mine.first()
    if case is None or (case.status not in OPEN and "again" in request.GET):
        person, unit = people.person(by.person), people.current_unit(by.person)
        if unit is None or not person.ethnic_group:
            say(request, f"填报「{definition.name}」前，请先补全民族和所在单位。")
            return redirect("my-profile", site)
        if not is_asked_for(request):
            return redirect("my-services", site)
        case = bindings.open_case(service=definition, person=person, unit=unit, by=by)
    return redirect("case", site, case.number)


@require_GET
def case(request: PageRequest, number: str) -> HttpResponse:
    """The overview while it can be filled; where it stands once it is on its way."""
    page = CasePage(request, number)
    shell = page.shell(missing_links=page.missing_links())
    if shell["editable"]:
        return render(request, "web/filling/overview.html", shell)
    return render(request, "web/filling/standing.html", {**shell, **_standing(page)})


def _standing(page: CasePage) -> dict[str, object]:
    return {
        "history": review_queries.history(page.case, page.service),
        "route": review_queries.route_preview(page.case, page.service),
        "task": review_queries.open_task(page.case),
        "may_withdraw": review_queries.may_withdraw(page.by, page.case),
        "outputs": page.service.outputs if page.case.round > 0 else (),
    }


@require_GET
def preview(request: PageRequest, number: str) -> HttpResponse:
    """Everything on one formal sheet, what is missing on top, the route and the declaration at the end."""
    page = CasePage(request, number)
    return _preview(request, page, status=200)


def _preview(request: PageRequest, page: CasePage, *, status: int, refusal: str = "") -> HttpResponse:
    route = review_queries.route_preview(page.case, page.service)
    answer = review_queries.may_submit(page.by, page.case)
    receiver = next((step for step in route if not step.skipped), None)
    return render(
        request,
        "web/filling/preview.html",
        page.shell(
            sheet=read_all(page.service, page.form.typed, page.form.context, mask=False),
            slots=page.form.slots,
            missing_links=page.missing_links(),
            route=route,
            receiver=receiver,
            may_submit=answer,
            attestation=case_queries.attestation_of(page.case) if page.case.opener == "unit" else None,
            refusal=refusal,
            seen=page.case.revision,
        ),
        status=status,
    )


@require_POST
def submit(request: PageRequest, number: str) -> HttpResponse:
    """「确认无误上报」. Pressed twice, the second press finds it done."""
    page = CasePage(request, number)
    if page.case.status == "in_review" and posted_number(request, "seen") < page.case.revision:
        return redirect(page.url("submitted"))
    try:
        review.submit_case(case=page.case, seen=posted_number(request, "seen"), by=page.by)
    except Invalid:
        return _preview(request, CasePage(request, number), status=422)
    except Refused as refused:
        return _preview(request, CasePage(request, number), status=403, refusal=refused.sentence)
    return redirect(page.url("submitted"))


@require_GET
def submitted(request: PageRequest, number: str) -> HttpResponse:
    """What was done, the number, where it lies now, how long, what comes next, how to undo it."""
    page = CasePage(request, number)
    if page.case.round == 0:
        return redirect(page.url("case"))
    return render(request, "web/filling/submitted.html", page.shell(**_standing(page)))


@require_http_methods(["GET", "POST"])
def withdraw(request: PageRequest, number: str) -> HttpResponse:
    """「撤回」: asked first, then done, until the unit has begun."""
    page = CasePage(request, number)
    if request.method == "POST":
        review.withdraw_case(case=page.case, seen=posted_number(request, "seen"), by=page.by)
        return redirect(page.url("case"))
    return render(request, "web/filling/withdraw.html", page.shell(seen=page.case.revision))


@require_http_methods(["GET", "POST"])
def cancel(request: PageRequest, number: str) -> HttpResponse:
    """「撤销」: ends the declaration for good; the number has to be typed."""
    page = CasePage(request, number)
    wrong = ""
    if request.method == "POST":
        if request.POST.get("number", "").strip().upper() == page.case.number.upper():
            review.cancel_case(case=page.case, seen=posted_number(request, "seen"), by=page.by)
            return redirect(page.url("case"))
        wrong = "输入的受理编号不一致，没有撤销。"
    return render(
        request,
        "web/filling/cancel.html",
        page.shell(seen=page.case.revision, wrong=wrong),
        status=422 if wrong else 200,
    )


@require_GET
def print_(request: PageRequest, number: str) -> HttpResponse:
    """The formal paper as PDF, with a watermark until the case has passed."""
    page = CasePage(request, number)
    output = next(iter(page.service.outputs), None)
    if output is None:
        raise Absent
    pdf = papers.paper(page, output, address=request.build_absolute_uri(page.url("case")))
    cases.look(case=page.case, by=page.by, word=AuditWord.PRINTED)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{page.case.number}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
