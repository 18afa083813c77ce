"""「申请开放其他模块」: the applicant of a returned case asks for more than was marked; who returned it answers."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from bole.cases.terms import Status
from bole.kernel.errors import Invalid, Refused
from bole.review import actions as review
from bole.review import queries as review_queries
from bole.review.actions.opening_up import LONGEST
from bole.web.answers import status_of
from bole.web.flash import say
from bole.web.pages.filling.casework import CasePage
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest


@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: PageRequest, number: str) -> HttpResponse:
    """The sections that are closed, a reason, and what came of the last request."""
    page = CasePage(request, number)
    if page.case.status != Status.RETURNED or not page.fillable:
        say(request, "只有退回修改中的申报可以申请开放其他模块。")
        return redirect(page.url("case"))
    if request.method != "POST":
        return _page(request, page)
    chosen, reason = tuple(dict.fromkeys(request.POST.getlist("section"))), request.POST.get("reason", "").strip()
    try:
        review.ask_opening(case=page.case, sections=chosen, reason=reason, by=page.by)
    except (Invalid, Refused) as wrong:
        note_refusal(request, wrong)
        return _page(request, page, chosen=chosen, reason=reason, wrong=wrong)
    say(request, "已申请开放，退回的部门答复后会收到消息。其他退回的内容可以先改。")
    return redirect(page.url("opening"))


def _page(
    request: PageRequest,
    page: CasePage,
    *,
    chosen: tuple[str, ...] = (),
    reason: str = "",
    wrong: Invalid | Refused | None = None,
) -> HttpResponse:
    asked = review_queries.opening_of(page.case)
    names = (
        [page.service.by_code[code].name for code in asked.sections if code in page.service.by_code] if asked else []
    )
    shell = page.shell(
        asked=asked,
        asked_names=names,
        waiting=asked is not None and asked.answered_at is None,
        choices=[(item.code, item.name, item.code in chosen) for item in page.rail() if not page.open.whole(item.code)],
        reason=reason,
        reason_most=LONGEST,
        wrong={fault.at: fault.say for fault in wrong.faults} if isinstance(wrong, Invalid) else {},
        refusal=wrong.sentence if wrong is not None and not isinstance(wrong, Invalid) else "",
    )
    return render(request, "web/filling/opening.html", shell, status=status_of(wrong) if wrong else 200)
