"""The searches that fields of units are picked by, while somebody types."""

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from bole.definitions import queries as definitions
from bole.web.requests import PageRequest

FOUND_MAX = 20


@require_safe
def lookup(request: PageRequest, lookup: str) -> JsonResponse:
    """?q=WORDS: what fits them on this site, as the combobox reads it. Raises Absent for a name that is none."""
    search = definitions.lookup(lookup)
    words = request.GET.get("q", "").strip()[:50]
    rows = search.search(words, request.here.code, FOUND_MAX + 1) if words else ()
    entries = [{"code": value, "name": label, "note": ""} for value, label in rows[:FOUND_MAX]]
    answer = JsonResponse({"entries": entries, "complete": len(rows) <= FOUND_MAX})
    answer["Cache-Control"] = "private, no-store"
    return answer
