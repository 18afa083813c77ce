"""What pages of a case show of its result and of the papers that it was sent on with."""

from collections.abc import Mapping
from typing import Any

from django import template

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.review import queries as review
from bole.review.terms import Result
from bole.web.states import ENDED

register = template.Library()


@register.inclusion_tag("web/work/outcome.html")
def outcome_of(case: Case) -> dict[str, Any]:
    """{% outcome_of case %}: 「评定状态」 of a completed case, as everybody concerned may know it; else nothing.

    Who may open the page of a case is concerned: of a result that has ended it says why.
    """
    service = cases.service_of(case)
    if service.results is None or case.status != Status.COMPLETED:
        return {}
    found = review.published_outcome(case)
    state = Result(found.state) if found is not None else Result.PENDING
    return {
        "name": service.results.name,
        "state": review.state_word(service, state),
        "kind": ENDED if state.end is not None else "",
        "ended_at": found.ended_at if found is not None else None,
        "reason": (found.end_reason or "") if found is not None else "",
        "awarded": review.grade_name(service, found.awarded) if found is not None else "",
        "document": found.document if found is not None else "",
        "decided_on": found.decided_on if found is not None else None,
    }


@register.inclusion_tag("web/work/sent_papers.html", takes_context=True)
def sent_papers(context: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """{% sent_papers case %}: the 送审附件 that desks put to the case, for those that follow."""
    service = cases.service_of(case)
    if not any(step.dispatch is not None for step in service.route.steps):
        return {}
    public = any(step.dispatch is not None and step.dispatch.publicity is not None for step in service.route.steps)
    return {
        "papers": review.papers_seen(case, service, context["request"].actor),
        "publicities": review.publicities_in(case) if public else (),
        "objections": bool(review.may_read_objections(context["request"].actor, case)),
        "site": case.site,
        "number": case.number,
    }
