"""The request as views see it: with its actor, its site and what to show a person who may not go on."""

from uuid import UUID

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from bole.accounts.models import Account
from bole.kernel.actors import Actor
from bole.organizations.terms import Capacity, Site

PAGE_NUMBER_MAX = 100_000


class PageRequest(HttpRequest):
    """What the door (bole.web.middleware) has put on the request. Never made: requests only wear it as a type.

    `here` is the portal in whose address the page lies, for views under /<site>/; elsewhere it is missing.
    """

    actor: Actor
    account: Account | None
    capacity: Capacity | None
    portal: Site | None
    here: Site
    incident: str
    htmx: HtmxDetails


def wants_json(request: HttpRequest) -> bool:
    """Whether the page script asks and reads JSON, rather than a person in the address bar."""
    accepted = request.headers.get("Accept", "")
    return accepted.startswith("application/json")


def is_partial(request: HttpRequest) -> bool:
    """Whether the answer goes into a page that is already open."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def is_asked_for(request: HttpRequest) -> bool:
    """Whether a person opens the page on purpose: not a page of another site, nor the browser in advance (AC-13).

    Such a visit may look, but begins nothing.
    """
    lured = request.headers.get("Sec-Fetch-Site") == "cross-site"
    return request.method == "GET" and not lured and "prefetch" not in request.headers.get("Sec-Purpose", "")


def page_number(request: HttpRequest) -> int:
    """The page asked for with ?page=; 1 when it is missing or no number."""
    text = request.GET.get("page", "1")
    return min(int(text), PAGE_NUMBER_MAX) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def posted_id(request: HttpRequest, name: str) -> UUID | None:
    """A row id from a form field; None when it is none."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return None


def posted_number(request: HttpRequest, name: str) -> int:
    """A whole number from a form field, such as the version that was seen; 0 when it is none."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
