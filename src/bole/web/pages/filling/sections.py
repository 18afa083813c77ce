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
from bole.definitions.terms import Origin, Section, SectionKind
from bole.kernel import clock
from bole.kernel.errors import Absent
from bole.people.terms import Entry
from bole.web.flash import say
from bole.web.pages.filling.casework import CasePage
from bole.web.pages.filling.comparing import differences
from bole.web.pages.filling.slots import places
from bole.web.requests import PageRequest, posted_number


def fields_of(page: CasePage, code: str) -> Section:
    """A section of fields. Raises Absent for a forged one and for 「附件管理」."""
    section = page.section(code)
    if section.kind is not SectionKind.FIELDS:
        raise Absent
    return section


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: PageRequest, number: str, code: str) -> HttpResponse:
    """A section of one record as a form, a section of many as its list."""
    page = CasePage(request, number)
    definition = fields_of(page, code)
    waited = page.waits_for(code) if request.method != "POST" else ""
    if waited:
        say(request, f"请先填写「{page.service.by_code[waited].name}」，再填写「{definition.name}」。")
        return redirect(page.section_url(waited))
    if definition.many is not None:
        return _list(request, page, definition)
    if request.method == "POST":
        return _save_single(request, page, definition)
    return _single(request, page, definition, show_faults="check" in request.GET)


def _single(
    request: PageRequest, page: CasePage, definition: Section, *, show_faults: bool, status: int = 200
) -> HttpResponse:
    state = page.form.sections[definition.section]
    context = page.form.context
    editable = page.is_open(definition.section)
    faults = state.faults if show_faults else ()
    body, shown = "", None
    marks, parts = _marks(page, definition.section)
    if editable:
        body = page.fields(definition.section, state.typed, faults, origins=parts)
    else:
        shown = read_section(page.service, definition.section, state.typed, context=context, mask=page.masked)
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
            focus_faults=request.method == "POST",
            section_editable=editable,
            partly=editable and bool(page.closed(definition.section)),
            dependent=editable and any(field.parent for field in definition.fields),
            has_fixed=editable and any(field.fixed for field in definition.fields),
            mark=marks.get((definition.section, "")),
            places=places(page, definition.section),
            files_only=page.files_only(definition.section),
            around=around(page, definition.section),
            autosave_key=f"{page.case.number}/{definition.section}",
        ),
        status=status,
    )


def _save_single(request: PageRequest, page: CasePage, definition: Section) -> HttpResponse:
    code = definition.section
    typed = page.kept(code, "", cleaning.typed_of(definition, request.POST.getlist))
    try:
        cases.save_section(case=page.case, section=code, typed=typed, seen=posted_number(request, "seen"), by=page.by)
    except SectionMoved as moved:
        return _conflict(request, page, definition, moved)
    fresh = CasePage(request, page.case.number)
    if "refresh" in request.POST:
        return _single(request, fresh, definition, show_faults=False)
    if fresh.form.sections[code].faults:
        return _single(request, fresh, definition, show_faults=True, status=422)
    say(request, f"「{definition.name}」已保存。")
    following = around(fresh, code)["next"]
    return redirect(following["url"] if following else fresh.url("case"))


def around(page: CasePage, code: str) -> dict[str, Any]:
    """The sections before and after this one."""
    order = [section.section for section in page.service.sections]
    at = order.index(code)

    def link(index: int) -> dict[str, str] | None:
        if not 0 <= index < len(order):
            return None
        return {"name": page.service.by_code[order[index]].name, "url": page.section_url(order[index])}

    return {"before": link(at - 1), "next": link(at + 1)}


def _marks(page: CasePage, code: str) -> tuple[dict[tuple[str, str], Entry], dict[str, Origin]]:
    """What the archive knows of the records of a section, and, by their names, of the parts that draw from it."""
    if page.case.person_id is None:
        return {}, {}
    found = bindings.archive_origins(page.service, page.case.person_id, page.form, only=code)
    # What the archive only knows from this very case says nothing about where it comes from.
    marks = {
        at: entry for at, entry in found.records.items() if entry.verified or entry.source_case != page.case.number
    }
    parts = {
        part: Origin(entry.verified, entry.verified_by or entry.source)
        for (_, part), entry in found.parts.items()
    }  # fmt: skip
    return marks, parts


def _list(request: PageRequest, page: CasePage, definition: Section) -> HttpResponse:
    """The records of a section with what is wrong with each, and the papers they want."""
    if request.method == "POST":
        raise Absent
    code = definition.section
    state = page.form.sections[code]
    shown = read_section(page.service, code, state.typed, context=page.form.context, mask=page.masked)
    most = definition.many.max if definition.many else 0
    return render(
        request,
        "web/filling/records.html",
        page.shell(
            code,
            section=definition,
            state=state,
            heads=shown.heads,
            rows=_rows(page, code, shown.rows),
            most=most,
            full=len(shown.rows) >= most,
            order_name=definition.by_code[definition.order_by].name if definition.order_by else "",
            whole_faults=[fault.say for fault in state.faults if not fault.at],
            drafts=[(draft, page.record_url(draft)) for draft in case_queries.drafts_in(page.case, code, page.by)],
            places=places(page, code),
            files_only=page.files_only(definition.section),
            section_editable=page.is_open(code),
            section_whole=page.touches(code, ""),
            around=around(page, code),
            add_url=page.url("record-new", code),
            local_key=f"{page.case.number}/{code}/",
        ),
    )


def _rows(page: CasePage, code: str, shown: Any) -> list[dict[str, Any]]:
    """The records as the table draws them, each with its faults and its origin."""
    faults: dict[str, list[str]] = {}
    for fault in page.form.sections[code].faults:
        faults.setdefault(fault.at.partition(".")[0], []).append(fault.say)
    marks, _ = _marks(page, code)
    lacking = {slot.record for slot in page.form.slots if slot.section == code and slot.required and not slot.answered}
    return [
        {
            "id": row.id,
            "caption": row.caption,
            "cells": row.cells,
            "faults": faults.get(row.id, []),
            "unproved": row.id in lacking,
            "mark": marks.get((code, row.id)),
            "edit_url": page.url("record", code, row.id),
            "remove_url": page.url("record-remove", code, row.id),
            "open": page.touches(code, row.id),
            "removable": page.fillable and page.open.record(code, row.id),
        }
        for row in shown
    ]


@require_POST
def autosave(request: PageRequest, number: str, code: str) -> HttpResponse:
    """Keep a section of one record as typed, while it is being typed. Answers {state, version, at}."""
    page = CasePage(request, number)
    definition = fields_of(page, code)
    if definition.many is not None:
        raise Absent
    typed = page.kept(code, "", cleaning.typed_of(definition, request.POST.getlist))
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


@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: PageRequest, number: str, code: str) -> HttpResponse:
    """Both texts of a section that was saved in two windows. POST tries again with the typed text."""
    page = CasePage(request, number)
    definition = fields_of(page, code)
    if request.method == "POST" and definition.many is None:
        return _save_single(request, page, definition)
    return redirect(page.section_url(code))


def _conflict(request: PageRequest, page: CasePage, definition: Section, moved: SectionMoved) -> HttpResponse:
    """Show what stands and what was typed, side by side; either can be taken."""
    return render(
        request,
        "web/filling/conflict.html",
        page.shell(
            definition.section,
            section=definition,
            rows=differences(page, definition, moved.theirs, moved.mine),
            body=page.fields(definition.section, moved.mine),
            moved=moved,
            section_url=page.section_url(definition.section),
            autosave_key=f"{page.case.number}/{definition.section}",
        ),
        status=409,
    )


@require_POST
def none(request: PageRequest, number: str, code: str) -> HttpResponse:
    """Declare 「无此项」 or take it back."""
    page = CasePage(request, number)
    definition = fields_of(page, code)
    declare = request.POST.get("none") == "1"
    try:
        cases.declare_none(case=page.case, section=code, none=declare, seen=posted_number(request, "seen"), by=page.by)
        say(
            request, f"「{definition.name}」已声明无此项。" if declare else f"已取消「{definition.name}」的无此项声明。"
        )
    except SectionMoved:
        say(request, f"「{definition.name}」刚从别处改过，请核对后再声明。")
    return redirect(page.section_url(code))
