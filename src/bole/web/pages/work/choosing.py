"""What was chosen in a work list, across its pages: kept with the visit, one list at a time."""

from collections.abc import Mapping, Sequence

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages.account_review.area import ACCOUNTS
from bole.web.pages.work.desks import BUSINESS, Place, place_of, rows_of
from bole.web.requests import PageRequest, wants_json

MOST_CHOSEN = 5_000
_KEY = "chosen"
Chosen = dict[str, int]  # the case's number, and its revision as the list showed it


def chosen_in(request: PageRequest, name: str) -> Chosen:
    """What is chosen in this list; what was chosen in another one is not looked at."""
    kept = request.session.get(_KEY)
    if not name or not isinstance(kept, dict) or kept.get("list") != f"{request.actor.unit}/{name}":
        return {}
    return dict(kept["cases"])


def keep_chosen(request: PageRequest, name: str, cases: Mapping[str, int]) -> None:
    """Keep the choice; an empty one is none."""
    if cases:
        request.session[_KEY] = {"list": f"{request.actor.unit}/{name}", "cases": list(cases.items())}
    else:
        request.session.pop(_KEY, None)


def read_chosen(words: Sequence[str], most: int = MOST_CHOSEN) -> list[tuple[str, int]]:
    """ "CJ2026-0418-00236:3" as number and revision; anything else was not sent by the list."""
    found = []
    for word in words[: most + 1]:
        number, _, seen = word.rpartition(":")
        if number and seen.isascii() and seen.isdigit() and len(seen) < 10 and len(number) <= 40:
            found.append((number, int(seen)))
    return found


def ticked(request: PageRequest, name: str) -> Chosen:
    """The choice with what is ticked on the page that was sent, and without what stands there unticked."""
    kept = chosen_in(request, name)
    for number in request.POST.get("shown", "").split(","):
        kept.pop(number, None)
    return kept | dict(read_chosen(request.POST.getlist("case")))


@for_units
@require_POST
def choose(request: PageRequest) -> HttpResponse:
    """Keep what is ticked in 「业务审核」, choose all, or none; and on to the page asked for."""
    return keep(request, place_of(request, BUSINESS))


@for_units
@require_POST
def choose_accounts(request: PageRequest) -> HttpResponse:
    """The same in 「审核账户」."""
    return keep(request, place_of(request, ACCOUNTS))


def keep(request: PageRequest, place: Place) -> HttpResponse:
    """Keep the choice of a list; nothing is decided by it."""
    wanted = request.POST.get("do", "")
    cases = {} if wanted == "none" else ticked(request, place.choosing)
    if wanted == "all":
        rows = rows_of(place).order_by(*place.sort.keys).values_list("case__number", "case__revision")
        for number, revision in rows[: MOST_CHOSEN + 1]:
            cases.setdefault(number, revision)
    if len(cases) > MOST_CHOSEN:
        cases = dict(list(cases.items())[:MOST_CHOSEN])
        say(request, f"一次最多选择{MOST_CHOSEN:,}件，已选排在前面的{MOST_CHOSEN:,}件，其余的请办完后再选。")
    if place.choosing:
        keep_chosen(request, place.choosing, cases)
    if wants_json(request):
        return JsonResponse({"chosen": len(cases)})
    go = request.POST.get("go", "")
    address = go if go.startswith("?") else place.asked.address(place.by)
    return redirect(reverse(place.area.key, args=[request.here.code]) + address)
