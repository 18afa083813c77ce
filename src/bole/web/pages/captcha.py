"""Captchas: in the page from the start, another at a press."""

from base64 import b64encode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from bole.accounts import actions as accounts
from bole.web.doors import sessionless

PURPOSES = ("log-in", "reset")


def fresh(purpose: str) -> dict[str, str]:
    """A new captcha for a form: its key for a hidden field, its image as an address, its purpose."""
    made = accounts.make_captcha(purpose=purpose)
    return {"key": made.token, "image": f"data:image/png;base64,{b64encode(made.image).decode()}", "purpose": purpose}


@require_safe
@sessionless
def captcha(request: HttpRequest) -> HttpResponse:
    """Another captcha for the page script: {"key", "image"}."""
    asked = request.GET.get("for", PURPOSES[0])
    response = JsonResponse(fresh(asked if asked in PURPOSES else PURPOSES[0]))
    add_never_cache_headers(response)
    return response
