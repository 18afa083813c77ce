"""「拟公示公告」: the draft of an announcement of published results; editors look it over and publish it (JL-12)."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from bole.kernel.errors import Refused
from bole.kernel.privacy import mask_name
from bole.portal import actions as portal
from bole.portal.terms import ArticleKind
from bole.review import queries
from bole.review.models import Outcome
from bole.review.terms import Result
from bole.web.doors import for_units
from bole.web.pages import lists
from bole.web.pages.work.results import Place, place_of
from bole.web.requests import PageRequest


@for_units
@require_POST
def announce(request: PageRequest) -> HttpResponse:
    """Write the draft from what was just published: who passed, names masked as on all public pages."""
    place = place_of(request)
    queries.may_keep(place.by, place.held, place.service).demand()
    numbers = lists.disclose(request.POST.get("kept", ""), request.actor, "announce")
    numbers = numbers if isinstance(numbers, list) else []
    found = queries.chosen_outcomes(numbers, place.service, request.actor).values()
    passed = [row for row in found if row.published_at is not None and row.state == Result.PASSED.value]
    if not passed:
        raise Refused("这次公布的结果里没有「通过」的，不需要公示。")
    year = max(row.year for row in passed)
    article = portal.write_article(
        site=request.here.code,
        kind=ArticleKind.ANNOUNCEMENT,
        title=f"{year}年{place.service.name}结果公示",
        body=_body(place, sorted(passed, key=lambda row: (row.awarded, row.case.unit.name, row.case.number))),
        source=place.held.name,
        until=None,
        top=False,
        by=request.actor,
    )
    return redirect("portal-article", request.here.code, article.pk)


def _body(place: Place, rows: Sequence[Outcome]) -> str:
    results = place.service.results
    days = f"，公示期{results.publicity}个工作日" if results is not None and results.publicity is not None else ""
    lines = [f"经{place.name}，下列 {len(rows)} 人通过，现予公示{days}。对公示内容有异议的，请实名向我单位反映。", ""]
    for at, row in enumerate(rows, start=1):
        grade = queries.grade_name(place.service, row.awarded)
        parts = [f"{at}. {mask_name(queries.name_of(row.case))}", row.case.unit.name, grade]
        lines.append("　".join(part for part in parts if part))
    return "\n".join(lines)
