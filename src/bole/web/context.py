"""What every template knows: site, visitor, preferences, test mode."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from bole.organizations.terms import CAPACITY_NAMES
from bole.web.sessions import account_mark, mark

_SIZES = ("normal", "large")
_THEMES = ("light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Reads only what the middleware has put on the request and two cookies: no query, no session."""
    actor = getattr(request, "actor", None)
    account, capacity = actor.account if actor else None, getattr(request, "capacity", None)
    return {
        "site": getattr(request, "portal", None),
        "actor": actor,
        "capacity": capacity,
        "capacity_name": CAPACITY_NAMES[capacity.way] if capacity else "",
        "known": account is not None,
        "acting": mark(request) if account else "",
        "account_mark": account_mark(account),
        "size": _chosen(request, "bole_size", _SIZES),
        "theme": _chosen(request, "bole_theme", _THEMES),
        "test_mode": settings.BOLE_TEST_MODE,
    }


def _chosen(request: HttpRequest, cookie: str, allowed: tuple[str, ...]) -> str:
    value = request.COOKIES.get(cookie, "")
    return value if value in allowed else allowed[0]
