"""The page of a work list: tabs, filters, rows. 「业务审核」 is one, 「审核账户」 another."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bole.cases import queries as cases
from bole.definitions.terms import Verdict
from bole.kernel import clock
from bole.organizations.terms import Role
from bole.review import queries as review
from bole.review.models import Task
from bole.web.doors import for_units
from bole.web.pages import cases as caselist
from bole.web.pages import exports, lists
from bole.web.pages.work.choosing import Chosen, chosen_in
from bole.web.pages.work.desks import BUSINESS, DECIDED, FILTERS, RARE, SORTS, Place, place_of, rows_of, table_of
from bole.web.requests import PageRequest

_YEARS = 5  # that a list offers to choose from
_CLAIMS = {"mine": "我领取的", "free": "没有人领取的"}


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def work(request: PageRequest) -> HttpResponse:
    """「业务审核」. Who only keeps a unit's collection works on the unit's own page."""
    held = request.capacity
    if held is not None and not BUSINESS.opened_by & set(held.roles) and Role.COLLECTION_ADMINISTRATOR in held.roles:
        return redirect("unit-collection", request.here.code)
    return show(request, place_of(request, BUSINESS))


def show(request: PageRequest, place: Place) -> HttpResponse:
    """The list with its tabs, counters and filters; a posted filter leads to its address."""
    by, asked, area = place.by, place.asked, place.area
    if request.method == "POST":
        typed = lists.Asked(
            asked.tab, asked.sort, lists.posted_filters(request, caselist.filters_of(place.services, FILTERS))
        )
        return redirect(reverse(area.key, args=[request.here.code]) + typed.address(by))
    today = clock.today()
    counts = review.inbox_counts(
        by, today, place.held, area.roles, overseen="below" in place.tabs, service=place.service, year=place.year,
        counters=(*place.tabs, "waiting", "pressing", "today", "done"),
    )  # fmt: skip
    total = None if set(asked.filters) - set(lists.PLAIN) else counts[asked.tab]
    page = lists.key_page(rows_of(place), asked, place.sort, by, total=total)
    chosen = chosen_in(request, place.choosing)
    numbers = [task.case.number for task in page.rows]
    return render(
        request,
        "web/work/list.html",
        {
            "here": area.key,
            "area": area,
            "page": page,
            "rows": _rows(place, page.rows, today, chosen),
            "tab": asked.tab,
            "tab_name": place.tabs[asked.tab],
            "decided": asked.tab in DECIDED,
            "typed": asked.filters,
            "tags": [(words, asked.address(by, without=name)) for name, words in _told(place)],
            "lead": place.columns.lead,
            "narrowing": place.columns.offered(asked.filters),
            "several": len(place.shown) > 1,
            "one": place.shown[0].name if len(place.shown) == 1 else "",
            "sorts": {
                sort.code: {
                    "name": sort.name,
                    "address": asked.address(by, sort=sort.code),
                    "on": sort.code == asked.sort,
                    "falls": sort.keys[0].startswith("-"),
                }
                for sort in SORTS[asked.tab]
            },
            "column_sorts": [
                {"name": sort.name, "address": asked.address(by, sort=sort.code), "on": sort.code == asked.sort}
                for sort in place.columns.sorts()
            ],
            "home": reverse(area.key, args=[request.here.code]),
            "export": reverse(f"{area.key}-export", args=[request.here.code]) + asked.address(by),
            "desks": _desks(place),
            "results": _results(place),
            "publicity": _publicity(place),
            "chosen": len(chosen),
            "elsewhere": len(chosen.keys() - set(numbers)),
            "shown": ",".join(numbers),
            "choose": place.choosing and reverse(f"{area.key}-choose", args=[request.here.code]) + asked.address(by),
            "decides": place.decides,
            "prints": place.prints,
            "papers": place.papers,
            "back": urlencode({"back": request.get_full_path()}),
            **_choices(place, today),
            **_saved(place),
            **_counted(place, counts),
        },
    )


def _rows(place: Place, tasks: Sequence[Task], today: date, chosen: Chosen) -> list[dict[str, Any]]:
    """The rows of a page; what waits for 送审 with its papers."""
    papers = review.papers_of_tasks([task.pk for task in tasks]) if place.asked.tab == "cleared" else {}
    return [{**_row(task, today, place, chosen), "papers": papers.get(task.pk, [])} for task in tasks]


def _publicity(place: Place) -> bool:
    """Whether something that is sent on from here is made public in the unit first."""
    steps = (step for service in place.services for step in service.route.steps)
    return any(step.dispatch is not None and step.dispatch.publicity is not None for step in steps)


def _told(place: Place) -> list[tuple[str, str]]:
    """The conditions that stand over the list, as (filter, words)."""
    own = {
        "service": next((each.name for each in place.services if each.service == place.service), place.service),
        "year": f"{place.year} 年度",
        "claim": _CLAIMS.get(place.asked.filters.get("claim", ""), ""),
        "due": "今天到期或超期" if place.asked.filters.get("due") == "now" else "",
    }
    there = {name: words for name, words in own.items() if name in place.asked.filters and words}
    rest = {name: text for name, text in place.asked.filters.items() if name not in there and name != "desk"}
    return [*there.items(), *caselist.told_filters(rest, place.columns.narrowing)]


def _choices(place: Place, today: date) -> dict[str, Any]:
    """What the filters offer to choose from."""
    return {
        "services": [(each.service, each.name) for each in place.services],
        "years": [str(today.year - ago) for ago in range(_YEARS)],
        "claims": list(_CLAIMS.items()),
    }


def _saved(place: Place) -> dict[str, Any]:
    """The visitor's own filters for this list, each with its address."""
    found, names = [], caselist.filters_of(place.services, FILTERS)
    for row in review.filters_of(place.area.key, place.by):
        asked = {name: str(text) for name, text in row.asked.items() if name in names}
        address = lists.Asked(place.asked.tab, "", asked).address(place.by)
        found.append((row.name, row.pk, address, asked == place.asked.filters))
    keep = reverse(f"{place.area.key}-filters", args=[place.held.site]) + place.asked.address(place.by)
    return {"saved": found, "filters_address": keep}


def _results(place: Place) -> str:
    """Where 「评审结果」 of the service stand that the list is narrowed to; empty where it has none."""
    there = review.result_services(place.held.site, place.held)
    found = [each.service for each in there if each.service == place.service]
    return f"{reverse('results', args=[place.held.site])}?tab={found[0]}" if found else ""


def _desks(place: Place) -> list[tuple[str, int, str, bool]]:
    """A tab for each kind of task with how many of it wait; none for lists that do not tell kinds apart."""
    if not place.desks:
        return []
    asked, by = place.asked, place.by
    waiting = review.waiting_by_service(by, place.held, place.area.roles)
    chosen = asked.filters.get("desk", "")
    found = [("全部", sum(waiting.values()), asked.address(by, without="desk"), chosen not in place.desks)]
    for name, services in place.desks.items():
        address = lists.Asked(asked.tab, asked.sort, {**asked.filters, "desk": name}).address(by)
        found.append((name, sum(waiting.get(code, 0) for code in services), address, chosen == name))
    return found


def _counted(place: Place, counts: Mapping[str, int]) -> dict[str, Any]:
    said = {name: lists.told(count) for name, count in counts.items()}
    by, asked = place.by, place.asked
    plain = lists.Asked("", "", {name: asked.filters[name] for name in lists.PLAIN if name in asked.filters})
    near = lists.Asked("waiting", "due", {**plain.filters, "due": "now"})
    return {
        "tabs": [
            (code, name, said[code], lists.Asked(code, "", asked.filters).address(by))
            for code, name in place.tabs.items()
            if counts[code] or code not in RARE or code == asked.tab
        ],
        "tally": [
            (said["waiting"], "件待审核", "", plain.address(by, tab="waiting")),
            (said["pressing"], "件今天到期或超期", "zhu" if counts["pressing"] else "", near.address(by)),
            (said["today"], "件今日办结", "", plain.address(by, tab="today")),
            (said["done"], f"件{place.area.done}", "", plain.address(by, tab="done")),
        ],
    }


_ANY = "any-number"


@lru_cache(maxsize=64)
def _addresses(site: str) -> tuple[str, str, str]:
    """Where a case is opened, claimed and handed over, each with a place for its number: a page has fifty of each."""
    opened, claimed, handed = (
        reverse(name, args=[site, _ANY]) for name in ("review-case", "review-claim", "review-hand-over")
    )
    return opened, claimed, handed


def _row(task: Task, today: date, place: Place, chosen: Chosen) -> dict[str, Any]:
    """A task as the list shows it: its case, its age and what is left of its time, or how it was decided."""
    opened = clock.china(task.opened_at).date()
    case, waits = task.case, task.closed_at is None
    limit = next((step.due for step in cases.service_of(case).route.steps if step.step == task.step), None)
    address, claim, hand_over = (each.replace(_ANY, case.number) for each in _addresses(case.site))
    row = caselist.case_row(
        case,
        url=address,
        act="审核" if waits and task.cleared_at is None else "答复" if place.asked.tab == "asking" else "查看",
        waiting=caselist.days_between(opened, today),
        deadline=caselist.deadline(task.due_on, today) if waits else None,
    )
    return {
        "case": row,
        "claim": claim,
        "hand_over": hand_over,
        "limit": limit,
        "chosen": f"{case.number}:{case.revision}",
        "ticked": case.number in chosen,
        "desk": task.unit.name if place.asked.tab == "below" else "",
        "begun_by": task.begun_name if waits else "",
        "claimed_by": task.claimed_name if waits and task.claimant is not None else "",
        "claimed_until": task.claimed_until,
        "mine": waits and task.claimant is not None and task.claimant == place.by.account,
        "own": waits and task.cleared_at is None and task.unit_id == place.by.unit,
        "opened_at": task.opened_at,
        "closed_at": task.closed_at,
        "cleared_at": task.cleared_at,
        "verdict": Verdict(task.verdict).word if task.verdict else "",
    }


@for_units
@require_POST
def export(request: PageRequest) -> HttpResponse:
    """「导出」 of 「业务审核」."""
    return download(request, place_of(request, BUSINESS))


def download(request: PageRequest, place: Place) -> HttpResponse:
    """The list as it is filtered, identity numbers masked, written into the ledger."""
    asked, area = place.asked, place.area
    kept = {"sort": asked.sort, "filters": dict(asked.filters)}
    name = f"{area.name}-{place.tabs[asked.tab]}"
    return exports.answer(request, table_of(place), list=area.ledger, name=name, asked=kept, tab=asked.tab)
