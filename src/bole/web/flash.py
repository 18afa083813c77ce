"""One sentence carried over a redirect: what just happened and what follows."""

from django.http import HttpRequest

_KEY = "said"


def say(request: HttpRequest, sentence: str) -> None:
    """Show this on the next page of a logged-in visitor."""
    request.session[_KEY] = [*request.session.get(_KEY, []), sentence][-3:]


def said(request: HttpRequest) -> list[str]:
    """What waits to be shown; shown once."""
    return list(request.session.pop(_KEY)) if _KEY in request.session else []
