"""The lines of a governed catalogue that a field of a case offers, while somebody chooses what they hang under."""

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from bole.definitions import queries as definitions
from bole.definitions.terms import Section
from bole.kernel.errors import Absent
from bole.web.pages.filling.casework import CasePage
from bole.web.requests import PageRequest


@require_safe
def choices(request: PageRequest, number: str, code: str, field: str) -> JsonResponse:
    """?parent=KEY: what the field offers below it for this case today, and if nothing, why.

    Answers {"entries": [{"code": key, "name", "is": what conditions see}], "vacant": sentence}. Raises Absent for a
    field that is none of a catalogue.
    """
    page = CasePage(request, number)
    section: Section = page.section(code)
    if field not in section.by_code or section.by_code[field].type != "governed":
        raise Absent
    offered, vacant = definitions.governed_choices(
        section.by_code[field], request.GET.get("parent", "")[:40] or None, page.form.context
    )
    answer = JsonResponse({"entries": offered, "vacant": vacant})
    answer["Cache-Control"] = "private, no-store"
    return answer
