"""What pages of a case show of its result and of the papers that it was sent on with."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.review import queries as review
from bole.review.terms import Result
from bole.web.states import ENDED

register = template.Library()


@register.inclusion_tag("web/work/outcome.html", takes_context=True)
def outcome_of(context: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """{% outcome_of case %}: 「评定状态」 of a completed case, as everybody concerned may know it; else nothing.

    Who may open the page of a case is concerned: of a result that has ended it says why. Who may end it finds where.
    """
    service, by = cases.service_of(case), context["request"].actor
    if not service.keeping or case.status != Status.COMPLETED:
        return {}
    found = review.published_outcome(case)
    kept = found is not None and found.keeper_id == by.unit
    may_end = kept and found is not None and bool(review.may_end_outcome(by, found, service))
    again = kept and found is not None and bool(review.may_restore_outcome(by, found, service))
    if service.results is None and (found is None or (found.ended_at is None and not may_end)):
        return {}
    state = Result(found.state) if found is not None else Result.PENDING
    return {
        "name": service.results.name if service.results is not None else "认定",
        "end": reverse("result-end", args=[case.site, case.number]) if may_end else "",
        "given": "原来公布的「通过」" if service.results is not None else "办结时认定的资格",
        "again": reverse("result-restore", args=[case.site, case.number]) if again else "",
        "endings": "或".join(service.endings.values()),
        "state": review.state_word(service, state),
        "kind": ENDED if state.end is not None else "",
        "ended_at": found.ended_at if found is not None else None,
        "reason": (found.end_reason or "") if found is not None else "",
        "awarded": review.grade_name(service, found.awarded) if found is not None and found.awarded else "",
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
