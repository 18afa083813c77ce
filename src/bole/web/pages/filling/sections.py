"""One section: read, typed into, saved by itself, and settled when two windows disagree."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from bole.bindings import queries as bindings
from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.terms import SectionMoved
from bole.definitions import answers as cleaning
from bole.definitions.faces.reading import read_section
from bole.definitions.terms import Section, SectionKind
from bole.kernel import clock
from bole.kernel.errors import Absent
from bole.web.pages.filling.casework import CasePage
from bole.web.requests import PageRequest, posted_number


def _fields(page: CasePage, code: str) -> Section:
    section = page.section(code)
    if section.kind is not SectionKind.FIELDS:
        raise Absent
    return section


@require_http_methods(["GET", "POST"])
def section(request: PageRequest, number: str, code: str) -> HttpResponse:
    """A section of one record as a form, a section of many as its list."""
    page = CasePage(request, number)
    definition = _fields(page, code)
    if definition.many is not None:
        return _list(request, page, definition)
    if request.method == "POST":
        return _save_single(request, page, definition)
    return _single(request, page, definition, show_faults="check" in request.GET)


def _single(
    request: PageRequest, page: CasePage, definition: Section, *, show_faults: bool, saved: bool = False
) -> HttpResponse:
    state = page.form.sections[definition.section]
    context = page.form.context
    editable = bool(case_queries.may_edit_section(page.by, page.case, definition.section))
    faults = state.faults if show_faults else ()
    body, shown = "", None
    if editable:
        body = page.fields(definition.section, state.typed, faults)
    else:
        shown = read_section(page.service, definition.section, state.typed, context=context, mask=False)
    return render(
        request,
        "web/filling/single.html",
        page.shell(
            definition.section,
            section=definition,
            state=state,
            body=body,
            shown=shown,
            faults=faults,
            section_editable=editable,
            mark=_marks(page).get((definition.section, "")),
            around=_around(page, definition.section),
            autosave_key=f"{page.case.number}/{definition.section}",
        ),
        status=422 if faults and request.method == "POST" else 200,
    )


def _save_single(request: PageRequest, page: CasePage, definition: Section) -> HttpResponse:
    typed = cleaning.typed_of(definition, request.POST.getlist)
    try:
        cases.save_section(
            case=page.case, section=definition.section, typed=typed, seen=posted_number(request, "seen"), by=page.by
        )
    except SectionMoved as moved:
        return _conflict(request, page, definition, moved)
    fresh = CasePage(request, page.case.number)
    if fresh.form.sections[definition.section].faults:
        return _single(request, fresh, definition, show_faults=True)
    following = _around(fresh, definition.section)["next"]
    return redirect(following["url"] if following else fresh.url("case"))


def _around(page: CasePage, code: str) -> dict[str, Any]:
    """The sections before and after this one."""
    order = [section.section for section in page.service.sections]
    at = order.index(code)

    def link(index: int) -> dict[str, str] | None:
        if not 0 <= index < len(order):
            return None
        return {"name": page.service.by_code[order[index]].name, "url": page.section_url(order[index])}

    return {"before": link(at - 1), "next": link(at + 1)}


def _marks(page: CasePage) -> Any:
    if page.case.person_id is None:
        return {}
    return bindings.archive_marks(page.service, page.case.person_id, page.form)


def _list(request: PageRequest, page: CasePage, definition: Section) -> HttpResponse:
    """The records of a section with what is wrong with each."""
    if request.method == "POST":
        raise Absent
    state = page.form.sections[definition.section]
    marks = _marks(page)
    shown = read_section(page.service, definition.section, state.typed, context=page.form.context, mask=False)
    by_record: dict[str, list[str]] = {}
    for fault in state.faults:
        by_record.setdefault(fault.at.partition(".")[0], []).append(fault.say)
    slots = {slot.record: slot for slot in page.form.slots if slot.section == definition.section}
    rows = [
        {
            "id": row.id,
            "caption": row.caption,
            "cells": row.cells,
            "faults": by_record.get(row.id, []),
            "mark": marks.get((definition.section, row.id)),
            "slot": slots.get(row.id),
            "edit_url": page.url("record", definition.section, row.id),
            "remove_url": page.url("record-remove", definition.section, row.id),
        }
        for row in shown.rows
    ]
    most = definition.many.max if definition.many else 0
    editable = bool(case_queries.may_edit_section(page.by, page.case, definition.section))
    return render(
        request,
        "web/filling/records.html",
        page.shell(
            definition.section,
            section=definition,
            state=state,
            heads=shown.heads,
            rows=rows,
            most=most,
            full=len(rows) >= most,
            whole_faults=by_record.get("", []),
            drafts=list(case_queries.drafts_in(page.case, definition.section, page.by)),
            section_editable=editable,
            around=_around(page, definition.section),
            add_url=page.url("record-new", definition.section),
        ),
    )


@require_POST
def autosave(request: PageRequest, number: str, code: str) -> HttpResponse:
    """Keep a section of one record as typed, while it is being typed. Answers {state, version, at}."""
    page = CasePage(request, number)
    definition = _fields(page, code)
    if definition.many is not None:
        raise Absent
    typed = cleaning.typed_of(definition, request.POST.getlist)
    try:
        answer = cases.save_section(
            case=page.case, section=code, typed=typed, seen=posted_number(request, "seen"), by=page.by
        )
    except SectionMoved as moved:
        address = page.url("conflict", code)
        return JsonResponse({"error": moved.sentence, "conflict": address}, status=409)
    return JsonResponse(
        {"state": answer.state, "version": answer.version, "at": f"{clock.china(answer.changed_at):%H:%M}"}
    )


@require_http_methods(["GET", "POST"])
def conflict(request: PageRequest, number: str, code: str) -> HttpResponse:
    """Both texts of a section that was saved in two windows. POST tries again with the typed text."""
    page = CasePage(request, number)
    definition = _fields(page, code)
    if request.method == "POST":
        return _save_single(request, page, definition)
    return redirect(page.section_url(code))


def _conflict(request: PageRequest, page: CasePage, definition: Section, moved: SectionMoved) -> HttpResponse:
    """Show what stands and what was typed, side by side; either can be taken."""
    context = page.form.context
    theirs, mine, code = moved.theirs, moved.mine, definition.section
    differing = [
        field
        for field in definition.fields
        if isinstance(theirs, dict) and isinstance(mine, dict) and theirs.get(field.field) != mine.get(field.field)
    ]
    service = page.service
    left = {cell.field: cell for cell in read_section(service, code, theirs, context=context, mask=False).pairs}
    right = {cell.field: cell for cell in read_section(service, code, mine, context=context, mask=False).pairs}
    rows = [
        {
            "label": field.name,
            "theirs": left[field.field].text if field.field in left else "",
            "mine": right[field.field].text if field.field in right else "",
        }
        for field in differing
    ]
    body = page.fields(code, mine)
    return render(
        request,
        "web/filling/conflict.html",
        page.shell(
            definition.section,
            section=definition,
            rows=rows,
            body=body,
            moved=moved,
            section_url=page.section_url(definition.section),
        ),
        status=409,
    )


@require_POST
def none(request: PageRequest, number: str, code: str) -> HttpResponse:
    """Declare 「无此项」 or take it back."""
    page = CasePage(request, number)
    _fields(page, code)
    declare = request.POST.get("none") == "1"
    cases.declare_none(case=page.case, section=code, none=declare, seen=posted_number(request, "seen"), by=page.by)
    return redirect(page.section_url(code))
