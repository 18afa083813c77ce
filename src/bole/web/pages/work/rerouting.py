"""「调整办理部门」: the plan of what would go to other desks, and after the confirmation what became of each."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bole.kernel.errors import Invalid
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.terms import MOST_AT_ONCE
from bole.standards import queries as standards
from bole.web.doors import for_units
from bole.web.pages.work.batch import result_rows
from bole.web.pages.work.choosing import read_chosen
from bole.web.requests import PageRequest


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def reroute(request: PageRequest) -> HttpResponse:
    """Nothing moves without 「确认」; each case is asked again at that moment, and told by itself."""
    by, unit = request.actor, request.actor.place
    queries.may_reroute(by, unit).demand()
    fault = ""
    if request.method == "POST":
        try:
            results = review.reroute_many(cases=read_chosen(request.POST.getlist("case")), unit=unit, by=by)
        except Invalid as wrong:
            fault = wrong.sentence
        else:
            context = {
                "list_name": "调整办理部门",
                "home": reverse("reroute", args=[request.here.code]),
                "title": "调整结果",
                "summary": "已调整",
                "linked": request.capacity is not None and Role.COLLECTION_ADMINISTRATOR in request.capacity.roles,
                **result_rows(results),
            }
            return render(request, "web/work/batch_results.html", context)
    lines = queries.reroute_plan(unit=unit, most=MOST_AT_ONCE)
    row = organizations.unit(unit)
    return render(
        request,
        "web/work/reroute.html",
        {
            "unit": row,
            "region": standards.region(row.region).full_name,
            "lines": lines,
            "movable": sum(line.movable for line in lines),
            "more": len(lines) == MOST_AT_ONCE,
            "fault": fault,
            "home": reverse("landing", args=[request.here.code]),
        },
        status=422 if fault else 200,
    )
