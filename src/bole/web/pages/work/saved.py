"""Filters kept under a name, for each list of its own."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from bole.kernel.errors import Invalid
from bole.review import actions as review
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages.account_review.area import ACCOUNTS
from bole.web.pages.work.desks import BUSINESS, WorkArea, place_of
from bole.web.requests import PageRequest, posted_id


@for_units
@require_POST
def filters(request: PageRequest) -> HttpResponse:
    """Keep the filter that 「业务审核」 is narrowed by, or remove a kept one."""
    return _keep(request, BUSINESS)


@for_units
@require_POST
def account_filters(request: PageRequest) -> HttpResponse:
    """The same of 「审核账户」."""
    return _keep(request, ACCOUNTS)


def _keep(request: PageRequest, area: WorkArea) -> HttpResponse:
    place = place_of(request, area)
    removed = posted_id(request, "remove")
    try:
        if removed is not None:
            review.remove_filter(filter=removed, by=request.actor)
        else:
            name = request.POST.get("name", "")
            review.keep_filter(list=area.key, name=name, asked=place.asked.filters, by=request.actor)
            say(request, f"已保存筛选「{name.strip()}」，以后在清单上方一点就用。")
    except Invalid as error:
        say(request, error.sentence)
    return redirect(reverse(area.key, args=[request.here.code]) + place.asked.address(request.actor))
