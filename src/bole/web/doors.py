"""Which views are open to whom. Every view demands a log-in unless it is marked; the marks are reviewed in
tests/web/test_doors.py, where each open view is listed by name (C1)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from bole.kernel.actors import STAFF, Way
from bole.kernel.errors import Refused
from bole.web.requests import PageRequest

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

_WRONG_WAY = {
    Way.PERSON: "这一页只对「个人」身份开放。请在右上角「切换身份」；不能切换的，请退出后选择「个人」方式登录。",
    Way.UNIT: "这一页只对「单位」身份开放。请在右上角「切换身份」；不能切换的，请退出后选择「单位」方式登录。",
}
_OPERATORS_ONLY = "这一页由单位的经办人员办理。单位管理员和单位账号只管理账号，不办理业务。请切换到经办身份。"
_ADMINISTRATORS_ONLY = "这一页由单位管理员办理。请切换到单位管理员身份，或请本单位的管理员办理。"


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
    return _only(frozenset({Way.PERSON}), _WRONG_WAY[Way.PERSON], view)


def for_units(view: View) -> View:
    """For everybody who acts for a unit, in whatever way. What the role allows is asked by the action or query."""
    return _only(STAFF, _WRONG_WAY[Way.UNIT], view)


def for_operators(view: View) -> View:
    """Only for who does a unit's business (GZ-01)."""
    return _only(frozenset({Way.UNIT}), _OPERATORS_ONLY, view)


def for_administrators(view: View) -> View:
    """Only for who manages a unit's accounts: its administrators and the unit account (GZ-01)."""
    return _only(STAFF - {Way.UNIT}, _ADMINISTRATORS_ONLY, view)


def _only(ways: frozenset[Way], sentence: str, view: View) -> View:
    @wraps(view)
    def guarded(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = request.actor
        if actor.account is None or actor.way not in ways:
            raise Refused(_WRONG_WAY[Way.UNIT] if ways <= STAFF and actor.way is Way.PERSON else sentence)
        return view(request, *args, **kwargs)

    return cast(View, guarded)


def assured(view: View) -> View:
    """Only after the password was given in the last hours: a remembered session is asked for it first."""

    @wraps(view)
    def guarded(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.actor.assured else to_assure(request)

    return cast(View, guarded)


def stepped_up(view: View) -> View:
    """Only some minutes after the password or a second factor was given: for grave acts (AC-12, C7)."""

    @wraps(view)
    def guarded(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        fresh = request.actor.assured and request.actor.fresh
        return view(request, *args, **kwargs) if fresh else to_assure(request)

    return cast(View, guarded)


def to_assure(request: PageRequest) -> HttpResponse:
    """To the page that asks for the proof, and from there back."""
    return HttpResponseRedirect(assure_address(request))


def assure_address(request: PageRequest) -> str:
    """Where the proof is asked for. A form is sent again from the page that it stands on: what only takes forms cannot
    be opened."""
    back = request.get_full_path() if request.method == "GET" else urlsplit(request.headers.get("Referer", "")).path
    return f"{reverse('assure', args=[request.here.code])}?{urlencode({'next': back})}"
