"""One record of a section: typed in a dialog or on a page of its own, kept while typing, saved, deleted."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.terms import SectionMoved
from bole.definitions import answers as cleaning
from bole.definitions.faces.reading import read_section
from bole.definitions.terms import Section
from bole.kernel import clock
from bole.kernel.errors import Absent, Fault, Invalid
from bole.web.pages.filling.casework import CasePage
from bole.web.requests import PageRequest, is_partial, posted_number


def _many(page: CasePage, code: str) -> Section:
    section = page.section(code)
    if section.many is None:
        raise Absent
    return section


@require_http_methods(["GET", "POST"])
def record(request: PageRequest, number: str, code: str, record: str = "") -> HttpResponse:
    """The form of one record; `record` empty adds one. 「保存」 saves it, 「关闭」 keeps it as a draft."""
    page = CasePage(request, number)
    definition = _many(page, code)
    case_queries.may_edit_section(page.by, page.case, code).demand()
    if request.method == "POST":
        return _save(request, page, definition, record)
    stored = _stored(page, code, record)
    draft = case_queries.draft_for(page.case, code, record, page.by)
    typed = draft.typed if draft is not None else stored
    faults: tuple[Fault, ...] = ()
    if record and draft is None:
        faults = _own_faults(page, code, record)
    return _form(request, page, definition, record, typed, faults, restored=draft is not None)


def _stored(page: CasePage, code: str, record: str) -> dict[str, Any]:
    if not record:
        return {}
    typed = page.form.sections[code].typed
    rows = typed if isinstance(typed, list) else []
    for row in rows:
        if row["id"] == record:
            return row
    raise Absent("这条记录已经删除。")


def _own_faults(page: CasePage, code: str, record: str) -> tuple[Fault, ...]:
    found = []
    for fault in page.form.sections[code].faults:
        key, dot, field = fault.at.partition(".")
        if key == record:
            found.append(Fault(field if dot else "", fault.say))
    return tuple(found)


def _form(
    request: PageRequest,
    page: CasePage,
    definition: Section,
    record: str,
    typed: dict[str, Any],
    faults: tuple[Fault, ...],
    *,
    restored: bool = False,
    moved: SectionMoved | None = None,
    status: int = 200,
) -> HttpResponse:
    code = definition.section
    body = page.fields(code, typed, faults)
    template = "web/filling/record_dialog.html" if is_partial(request) else "web/filling/record.html"
    return render(
        request,
        template,
        page.shell(
            code,
            section=definition,
            record=record,
            body=body,
            faults=faults,
            restored=restored,
            moved=moved,
            seen=moved.version if moved is not None else page.form.sections[code].version,
            form_url=page.url("record", code, record) if record else page.url("record-new", code),
            autosave_url=page.url("record-autosave", code, record or "new"),
            drop_url=page.url("record-drop", code, record or "new"),
            list_url=page.section_url(code),
            autosave_key=f"{page.case.number}/{code}/{record or 'new'}",
        ),
        status=status,
    )


def _save(request: PageRequest, page: CasePage, definition: Section, record: str) -> HttpResponse:
    code = definition.section
    typed = cleaning.typed_of(definition, request.POST.getlist)
    try:
        cases.save_record(
            case=page.case, section=code, record=record, typed=typed, seen=posted_number(request, "seen"), by=page.by
        )
    except Invalid as error:
        cases.keep_draft(case=page.case, section=code, record=record, typed=typed, by=page.by)
        return _form(request, page, definition, record, typed, error.faults, status=422)
    except SectionMoved as moved:
        cases.keep_draft(case=page.case, section=code, record=record, typed=typed, by=page.by)
        fresh = CasePage(request, page.case.number)
        return _form(request, fresh, definition, record, typed, (), moved=moved, status=409)
    if is_partial(request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = page.section_url(code)
        return answer
    return redirect(page.section_url(code))


@require_POST
def autosave(request: PageRequest, number: str, code: str, record: str) -> HttpResponse:
    """Keep a record as a draft while it is typed. Answers {state, at}."""
    page = CasePage(request, number)
    definition = _many(page, code)
    typed = cleaning.typed_of(definition, request.POST.getlist)
    key = "" if record == "new" else record
    cases.keep_draft(case=page.case, section=code, record=key, typed=typed, by=page.by)
    return JsonResponse({"state": "", "version": None, "at": f"{clock.china(clock.now()):%H:%M}"})


@require_POST
def drop(request: PageRequest, number: str, code: str, record: str) -> HttpResponse:
    """Throw away what was typed and not saved."""
    page = CasePage(request, number)
    cases.drop_draft(case=page.case, section=code, record="" if record == "new" else record, by=page.by)
    return redirect(page.section_url(code))


@require_http_methods(["GET", "POST"])
def remove(request: PageRequest, number: str, code: str, record: str) -> HttpResponse:
    """Ask, then delete one record with its evidence."""
    page = CasePage(request, number)
    definition = _many(page, code)
    if request.method == "POST":
        cases.remove_record(
            case=page.case, section=code, record=record, seen=posted_number(request, "seen"), by=page.by
        )
        return redirect(page.section_url(code))
    shown = read_section(page.service, code, page.form.sections[code].typed, context=page.form.context, mask=False)
    row = next((row for row in shown.rows if row.id == record), None)
    if row is None:
        raise Absent("这条记录已经删除。")
    files = sum(len(slot.attachments) for slot in page.form.slots if slot.section == code and slot.record == record)
    return render(
        request,
        "web/filling/record_remove.html",
        page.shell(
            code,
            section=definition,
            row=row,
            files=files,
            list_url=page.section_url(code),
            seen=page.form.sections[code].version,
        ),
    )
