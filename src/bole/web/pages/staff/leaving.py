"""「清理离岗人员」: several at once, looked over first, with what became of each (GZ-10)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bole.kernel.errors import Invalid
from bole.organizations import actions
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Act, RowResult
from bole.web.doors import for_administrators
from bole.web.pages.staff.forms import Outcome, attempt
from bole.web.pages.staff.people import User, users_of
from bole.web.pages.staff.users import HERE, managed
from bole.web.requests import PageRequest
from bole.web.shapes import Typed


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def clean(request: PageRequest) -> HttpResponse:
    """Choose, look over, clean up; whoever was not cleaned up stands there with the reason."""
    unit = managed(request, Act.CLEAN_UP)
    users = _leavers(request, unit)
    if request.method != "POST":
        return _page(request, unit, users)
    typed = Typed.posted(request.POST)
    chosen = [user for user in users if user.chosen]
    if not chosen:
        return _page(
            request, unit, users, Outcome(typed.with_faults(Invalid.at("people", "请至少选择一人")), status=422)
        )
    if typed["do"] != "clean":
        return _page(request, unit, chosen, Outcome(typed), preview=True)
    outcome = attempt(request, typed, lambda: _clean(request, unit, chosen, typed["reason"]))
    if outcome.result is None:
        return _page(request, unit, chosen, outcome, preview=True)
    return _page(request, unit, [], results=outcome.result)


def _leavers(request: PageRequest, unit: Unit) -> list[User]:
    """Everybody but oneself, with those ticked that were sent."""
    ticked = set(request.POST.getlist("people"))
    rows = users_of(request, unit.pk, organizations.staff_of(unit.pk))
    return [user.ticked(str(user.id) in ticked) for user in rows if user.id != request.actor.account]


def _clean(request: PageRequest, unit: Unit, chosen: list[User], reason: str) -> tuple[RowResult, ...]:
    if not reason.strip():
        raise Invalid.at("reason", "请填写离岗原因")
    accounts: list[UUID] = [user.id for user in chosen]
    return actions.clean_up(unit=unit.pk, accounts=accounts, reason=reason.strip(), by=request.actor)


def _page(
    request: PageRequest,
    unit: Unit,
    users: list[User],
    outcome: Outcome[tuple[RowResult, ...]] | None = None,
    *,
    preview: bool = False,
    results: tuple[RowResult, ...] = (),
) -> HttpResponse:
    seen = outcome or Outcome[tuple[RowResult, ...]](Typed())
    context = {
        "here": HERE,
        "unit": unit,
        "users": users,
        "preview": preview,
        "results": results,
        "typed": seen.typed,
        "refusal": seen.refusal,
    }
    return render(request, "web/staff/clean.html", context, status=seen.status)
