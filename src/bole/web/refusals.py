"""Refusals go into the ledger, whether a page of their own tells them or the page that was tried (AC-21)."""

import re
from uuid import UUID

from django.http import HttpRequest

from bole.audit import actions as audit
from bole.kernel.actors import Actor
from bole.kernel.errors import BoleError, Refused, TooMany

_CASE = re.compile(r"[A-Z]{1,8}[0-9]{4}-[0-9]{4}-[0-9]{1,8}")


def note_refusal(request: HttpRequest, error: BoleError) -> None:
    """Write down what somebody known was refused. Called when the transaction of the act is over."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see PageRequest
    if not isinstance(error, Refused | TooMany) or actor.account is None:
        return
    match = request.resolver_match
    name, parts = (match.view_name, match.kwargs) if match else ("", {})
    # Only keys and case numbers: whatever else stands in an address was typed by somebody.
    about = {key: str(each) for key, each in parts.items() if isinstance(each, UUID) or _CASE.fullmatch(str(each))}
    detail = {"method": request.method or "", **about}
    audit.record_refusal("web.page.refused", by=actor, kind="page", id=name[:60], detail=detail)
