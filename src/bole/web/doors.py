"""Which views are open to whom. Every view demands a log-in unless it is marked; the marks are reviewed in
tests/web/test_doors.py, where each open view is listed by name (C1)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from bole.kernel.actors import Way
from bole.kernel.errors import Refused
from bole.web.requests import PageRequest

View = TypeVar("View", bound=Callable[..., HttpResponse])

_WRONG_WAY = {
    Way.PERSON: "这一页只对以「个人」方式登录的用户开放。请退出后选择「个人」方式登录。",
    Way.UNIT: "这一页只对以「单位」方式登录的用户开放。请退出后选择「单位」方式登录。",
}


def public(view: View) -> View:
    """Open to everybody; whoever is logged in is known all the same."""
    view.open_to_all = True  # type: ignore[attr-defined]  # a mark that the door reads
    return view


def sessionless(view: View) -> View:
    """Open to everybody and without a look at the session: the same answer for all, so it may be cached."""
    view.open_to_all = True  # type: ignore[attr-defined]  # a mark that the door reads
    view.sessionless = True  # type: ignore[attr-defined]  # a mark that the door reads
    return view


def without_unit(view: View) -> View:
    """For who came by the unit way and has not chosen the unit yet."""
    view.without_unit = True  # type: ignore[attr-defined]  # a mark that the door reads
    return view


def is_open(view: Callable[..., object]) -> bool:
    """Whether the view needs no log-in."""
    return bool(getattr(view, "open_to_all", False))


def for_persons(view: View) -> View:
    """Only for the personal way. Raises Refused with what to do."""
    return _only(Way.PERSON, view)


def for_units(view: View) -> View:
    """Only for the unit way. What the role allows is asked by the action or query."""
    return _only(Way.UNIT, view)


def _only(way: Way, view: View) -> View:
    @wraps(view)
    def guarded(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.way is not way or request.actor.account is None:
            raise Refused(_WRONG_WAY[way])
        return view(request, *args, **kwargs)

    return cast(View, guarded)


def assured(view: View) -> View:
    """Only after the password was given in the last hours: a remembered session is asked for it first."""

    @wraps(view)
    def guarded(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.assured:
            return view(request, *args, **kwargs)
        # A form is sent again from the page that it stands on: what only takes forms cannot be opened.
        back = request.get_full_path() if request.method == "GET" else urlsplit(request.headers.get("Referer", "")).path
        address = reverse("assure", args=[request.here.code])
        return HttpResponseRedirect(f"{address}?{urlencode({'next': back})}")

    return cast(View, guarded)
