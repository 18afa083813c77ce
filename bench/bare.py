"""The bare pages: one query and one Django template each, for the same bytes as Bole's page.

What each does at a request is written in its docstring; what stays the same is prepared once by `prepare_…`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template import engines

from bench import cutting
from bole.cases.models import Attachment, SectionAnswer
from bole.kernel import clock
from bole.kernel.privacy import mask_number
from bole.organizations.models import Unit
from bole.review.models import Task
from bole.review.terms import NEVER

_ROWS = Path(__file__).parent / "templates" / "bench" / "rows.html"


@dataclass
class _Prepared:
    """What a bare page has at hand when a request comes."""

    template: Any = None
    fields: list[dict[str, Any]] = field(default_factory=list)
    unit: UUID | None = None
    chip: str = ""
    dues: dict[date | None, tuple[str, bool]] = field(default_factory=dict)
    waits: dict[date, str] = field(default_factory=dict)
    columns: Sequence[str] = ()


_basic, _work, _tree, _scans = _Prepared(), _Prepared(), _Prepared(), _Prepared()


def prepare_basic(page: str, typed: dict[str, Any]) -> None:
    """Cut Bole's page into the template of the bare one."""
    source, _basic.fields = cutting.form_template(page, typed)
    _basic.template = engines["django"].from_string(source)


def basic(request: HttpRequest, number: str) -> HttpResponse:
    """One query: the section's answer with its case, person and unit. Opens the answer, fills the template."""
    answer = SectionAnswer.objects.select_related("case__person", "case__unit").get(
        case__number=number, section="basic"
    )
    return HttpResponse(_basic.template.render({"fields": cutting.filled(_basic.fields, answer.typed)}, request))


def prepare_scans(page: str) -> None:
    """Bole's page of a case with three hundred scans as plain text."""
    _scans.template = engines["django"].from_string(cutting.literal(page))


def scans(request: HttpRequest, number: str) -> HttpResponse:
    """Two queries: the answers, and the files with their places. Opens every answer and every name of a file."""
    answers = {row.section: row.typed for row in SectionAnswer.objects.filter(case__number=number)}
    rows = Attachment.objects.filter(case__number=number, removed_at=None).select_related("file")
    names = [row.file.name for row in rows]
    return HttpResponse(_scans.template.render({"answers": answers, "names": names}, request))


def prepare_work(
    page: str,
    unit: UUID,
    *,
    columns: Sequence[str],
    dues: dict[date | None, tuple[str, bool]],
    waits: dict[date, str],
) -> None:
    """Cut Bole's list into a template, with the rows in a loop.

    What the service shows in lists and the words for days are worked out here, once, and looked up at each request.
    """
    _work.template = engines["django"].from_string(cutting.list_template(page, _ROWS.read_text()))
    _work.unit, _work.chip = unit, cutting.chip(page)
    _work.columns, _work.dues, _work.waits = columns, dues, waits


def work(request: HttpRequest) -> HttpResponse:
    """One query, in the order of the same index: 50 open tasks of the desk with case, person and unit.

    Masks the numbers, looks up the words, fills the template.
    """
    tasks = Task.objects.filter(unit_id=_work.unit, role="reviewer", closed_at=None)
    found = tasks.select_related("case__person", "case__unit").order_by(
        Coalesce("due_on", Value(NEVER)), "opened_at", "id"
    )[:50]
    return HttpResponse(_work.template.render({"rows": [_row(task) for task in found], "chip": _work.chip}, request))


def _row(task: Task) -> dict[str, Any]:
    case, (left, pressing) = task.case, _work.dues.get(task.due_on, ("", False))
    told = [case.facts.get(column, "") for column in _work.columns]
    return {
        "case": case,
        "person": case.person,
        "masked": mask_number(case.person.identity_number) if case.person else "",
        "category": told[0],
        "title": "、".join(text for text in told[1:] if text),
        "waited": _work.waits[task.opened_at.astimezone(clock.CHINA).date()],
        "left": left,
        "pressing": pressing,
        "begun_by": task.begun_name,
    }


def prepare_tree(head: str, tail: str, unit: UUID) -> None:
    """Take the page of a unit's tree as a template, with the units under it in a loop."""
    _tree.template, _tree.unit = engines["django"].from_string(head + tail), unit


def tree(request: HttpRequest) -> HttpResponse:
    """One query: 50 open units under one, in the order of the tree. Fills the template."""
    rows = Unit.objects.filter(parent_id=_tree.unit, closed_on=None).order_by("path")[:50]
    return HttpResponse(_tree.template.render({"rows": rows}, request))
