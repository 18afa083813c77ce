"""「打印件查验」: whoever holds a final paper learns by its check code whether it holds."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bole.kernel import clock
from bole.kernel.errors import Fault, TooMany
from bole.review import actions as review
from bole.review.terms import PaperCheck
from bole.web.doors import public
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

_UNKNOWN = "没有查到这个校验码。请核对打印件上的 12 位校验码；核对无误仍查不到的，这份打印件不是本平台出具的。"


@require_safe
@public
def check(request: PageRequest, code: str = "") -> HttpResponse:
    """The code is typed, or comes with the address in the QR code. A look opens no session and needs no log-in."""
    code = (code or request.GET.get("code", "")).strip()
    form, found, status = Typed({"code": code}, prefix="v"), None, 200
    if code:
        try:
            found = review.check_paper(site=request.here.code, code=code, by=request.actor)
            if found is None:
                form, status = form.with_faults([Fault("code", _UNKNOWN)]), 404
        except TooMany as error:
            form, status = form.with_faults([Fault("", error.sentence)]), 429
    context = {"here": "check", "form": form, "found": found, "at": clock.now(), "digest": _grouped(found)}
    return render(request, "web/portal/check.html", context, status=status)


def _grouped(found: PaperCheck | None) -> str:
    """The beginning of the digest as it stands on the paper."""
    text = found.digest[:16].upper() if found is not None else ""
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))
