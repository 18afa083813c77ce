"""Entries of code tables for cascades and search boxes. Public reference data: no session, cacheable."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from bole.kernel.clock import today
from bole.kernel.errors import Absent
from bole.standards import queries as standards
from bole.standards.terms import CodeEntry
from bole.web.doors import sessionless

FOUND_MAX = 50
CHILDREN_MAX = 500
_HOUR = 3600


@require_safe
@sessionless
def codes(request: HttpRequest, table: str) -> HttpResponse:
    """?parent=CODE: the entries below it. ?q=WORDS: those that fit name, code, pinyin or initials.

    Answers {"entries": [{"code", "name"}], "complete": bool}. Raises Absent for an unknown table.
    """
    try:
        found = standards.table(table)
    except KeyError:
        raise Absent("没有这个代码表。") from None
    words, parent = request.GET.get("q", "").strip()[:50], request.GET.get("parent")
    most = FOUND_MAX if words else CHILDREN_MAX
    rows: tuple[CodeEntry, ...]
    if words:
        rows = found.search(words, limit=most + 1, under=parent)
    elif parent is not None:
        rows = found.children(parent or None)[: most + 1]
    else:
        rows = found.entries_on(today())[: most + 1]
    entries = [{"code": row.code, "name": row.name} for row in rows[:most]]
    response = JsonResponse({"entries": entries, "complete": len(rows) <= most})
    patch_cache_control(response, public=True, max_age=_HOUR)
    return response
