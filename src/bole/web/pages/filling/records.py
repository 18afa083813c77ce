"""One record of a section: typed in a dialog or on a page of its own, kept while typing, saved, deleted."""

from dataclasses import dataclass
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
from bole.kernel.errors import Absent, Fault, Invalid, Refused
from bole.web.flash import say
from bole.web.pages.filling.casework import CasePage
from bole.web.pages.filling.comparing import differences, their_record
from bole.web.requests import PageRequest, is_partial, posted_number

_GONE = "这条记录已在别处删除。点「保存」，把下面的内容作为新记录保存。"


@dataclass(frozen=True)
class _Sheet:
    """The form of one record as it is drawn."""

    record: str
    typed: dict[str, Any]
    faults: tuple[Fault, ...] = ()
    restored: bool = False
    gone: bool = False
    moved: SectionMoved | None = None


def _many(page: CasePage, code: str) -> Section:
    section = page.section(code)
    if section.many is None:
        raise Absent
    return section


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: PageRequest, number: str, code: str, record: str = "") -> HttpResponse:
    """The form of one record; `record` empty adds one. 「保存」 saves it, 「关闭」 keeps it as a draft."""
    page = CasePage(request, number)
    definition = _many(page, code)
    page.demand_open(code, record)
    if request.method == "POST":
        return _save(request, page, definition, record)
    stored = _stored(page, code, record)
    draft = case_queries.draft_for(page.case, code, record, page.by)
    if draft is not None:
        kept = _Sheet(record, draft.typed, restored=True, gone=stored is None)
        return _form(request, page, definition, kept)
    if stored is None:
        raise Absent("这条记录已经删除。")
    if not record:
        _demand_room(page, definition)
    return _form(request, page, definition, _Sheet(record, stored, _own_faults(page, code, record)))


def _stored(page: CasePage, code: str, record: str) -> dict[str, Any] | None:
    """The record as it stands, nothing for a new one; None when it was deleted."""
    if not record:
        return {}
    typed = page.form.sections[code].typed
    rows = typed if isinstance(typed, list) else []
    return next((row for row in rows if row["id"] == record), None)


def _demand_room(page: CasePage, definition: Section) -> None:
    typed = page.form.sections[definition.section].typed
    most = definition.many.max if definition.many else 0
    if isinstance(typed, list) and len(typed) >= most:
        raise Refused(f"「{definition.name}」最多填报{most}条，已经有{most}条。要新增请先删除一条。")


def _own_faults(page: CasePage, code: str, record: str) -> tuple[Fault, ...]:
    found = []
    for fault in page.form.sections[code].faults:
        key, dot, field = fault.at.partition(".")
        if record and key == record:
            found.append(Fault(field if dot else "", fault.say))
    return tuple(found)


def _form(request: PageRequest, page: CasePage, definition: Section, sheet: _Sheet, status: int = 200) -> HttpResponse:
    code, moved = definition.section, sheet.moved
    theirs = their_record(moved, sheet.record) if moved is not None else None
    template = "web/filling/record_dialog.html" if is_partial(request) else "web/filling/record.html"
    return render(
        request,
        template,
        page.shell(
            code,
            section=definition,
            sheet=sheet,
            record=sheet.record,
            body=page.fields(code, sheet.typed, sheet.faults, sheet.record),
            faults=sheet.faults,
            focus_faults=True,
            gone=_GONE if sheet.gone else "",
            rows=differences(page, definition, theirs, sheet.typed) if theirs is not None else (),
            seen=moved.version if moved is not None else page.form.sections[code].version,
            dependent=any(field.parent or field.show for field in definition.fields),
            form_url=page.url("record", code, sheet.record) if sheet.record else page.url("record-new", code),
            autosave_url=page.url("record-autosave", code, sheet.record or "new"),
            drop_url=page.url("record-drop", code, sheet.record or "new"),
            list_url=page.section_url(code),
            autosave_key=f"{page.case.number}/{code}/{sheet.record or 'new'}",
        ),
        status=status,
    )


def _save(request: PageRequest, page: CasePage, definition: Section, record: str) -> HttpResponse:
    code, case, by = definition.section, page.case, page.by
    typed = page.kept(code, record, cleaning.typed_of(definition, request.POST.getlist))
    if "refresh" in request.POST:
        cases.keep_draft(case=case, section=code, record=record, typed=typed, by=by)
        return _form(request, page, definition, _Sheet(record, typed))
    anew = "gone" in request.POST and _stored(page, code, record) is None
    try:
        _, key = cases.save_record(
            case=case,
            section=code,
            record="" if anew else record,
            typed=typed,
            seen=posted_number(request, "seen"),
            by=by,
        )
    except Invalid as error:
        cases.keep_draft(case=case, section=code, record=record, typed=typed, by=by)
        fresh = CasePage(request, case.number)
        gone = _stored(fresh, code, record) is None
        faults = error.faults if anew or not gone else ()
        return _form(request, fresh, definition, _Sheet(record, typed, faults, gone=gone), 422)
    except SectionMoved as moved:
        cases.keep_draft(case=case, section=code, record=record, typed=typed, by=by)
        fresh = CasePage(request, case.number)
        return _form(request, fresh, definition, _Sheet(record, typed, gone=anew, moved=moved), 409)
    if anew:
        cases.drop_draft(case=case, section=code, record=record, by=by)
    _say_saved(request, page, code, key)
    return _to_list(request, page, code)


def _say_saved(request: PageRequest, page: CasePage, code: str, key: str) -> None:
    """What follows from a saved record: papers, where it wants some."""
    slot = case_queries.slot_of(page.case, page.service, code, key)
    wanted = slot is not None and slot.required and not slot.answered
    say(request, "已保存这条记录。请在下方上传它的证明材料。" if wanted else "已保存这条记录。")


def _to_list(request: PageRequest, page: CasePage, code: str) -> HttpResponse:
    """Back to the list: as a redirect, or for a dialog by the script."""
    if is_partial(request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = page.section_url(code)
        return answer
    return redirect(page.section_url(code))


@require_POST
def autosave(request: PageRequest, number: str, code: str, record: str) -> HttpResponse:
    """Keep a record as a draft while it is typed. Answers {at, kept}."""
    page = CasePage(request, number)
    definition = _many(page, code)
    key = "" if record == "new" else record
    typed = page.kept(code, key, cleaning.typed_of(definition, request.POST.getlist))
    kept = cases.keep_draft(case=page.case, section=code, record=key, typed=typed, by=page.by)
    return JsonResponse({"state": "", "version": None, "kept": kept, "at": f"{clock.china(clock.now()):%H:%M}"})


@require_POST
def drop(request: PageRequest, number: str, code: str, record: str) -> HttpResponse:
    """Throw away what was typed and not saved."""
    page = CasePage(request, number)
    _many(page, code)
    cases.drop_draft(case=page.case, section=code, record="" if record == "new" else record, by=page.by)
    return _to_list(request, page, code)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PageRequest, number: str, code: str, record: str) -> HttpResponse:
    """Ask, then delete one record; its files stay with the case or go with it, as was chosen."""
    page = CasePage(request, number)
    definition = _many(page, code)
    page.demand_open(code, record)
    if request.method != "POST":
        return _ask(request, page, definition, record)
    seen = posted_number(request, "seen")
    try:
        with_files = request.POST.get("files") == "delete"
        cases.remove_record(case=page.case, section=code, record=record, seen=seen, by=page.by, files=with_files)
    except SectionMoved:
        fresh = CasePage(request, number)
        return _ask(request, fresh, definition, record, note="这个栏目刚从别处改过，请核对后再删除。", status=409)
    kept = sum(1 for file in CasePage(request, number).form.loose if (file.section, file.record) == (code, record))
    say(request, f"已删除这条记录。它的 {kept} 个附件在附件栏目的「未归属材料」里。" if kept else "已删除这条记录。")
    return _to_list(request, page, code)


def _ask(
    request: PageRequest, page: CasePage, definition: Section, record: str, note: str = "", status: int = 200
) -> HttpResponse:
    code = definition.section
    typed, context = page.form.sections[code].typed, page.form.context
    shown = read_section(page.service, code, typed, context=context, mask=page.masked)
    row = next((row for row in shown.rows if row.id == record), None)
    if row is None:
        raise Absent("这条记录已经删除。")
    slots = [slot for slot in page.form.slots if slot.section == code and slot.record == record]
    return render(
        request,
        "web/filling/record_remove_dialog.html" if is_partial(request) else "web/filling/record_remove.html",
        page.shell(
            code,
            section=definition,
            row=row,
            note=note,
            with_files=request.POST.get("files") == "delete",
            files=sum(len(slot.attachments) + len(slot.explanations) for slot in slots),
            form_url=page.url("record-remove", code, record),
            list_url=page.section_url(code),
            seen=page.form.sections[code].version,
        ),
        status=status,
    )
