"""「附件管理」: lines that follow from the records, files in order, gaps with reasons; and the files themselves."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Attachment
from bole.cases.terms import Purpose
from bole.definitions.terms import SectionKind
from bole.documents.terms import UPLOAD_LIMIT
from bole.kernel.errors import Absent, Invalid
from bole.review import queries as review
from bole.web.pages.filling.casework import CasePage
from bole.web.pages.filling.sections import around
from bole.web.pages.filling.slots import anchor_of, places, spot_of, spot_word
from bole.web.pages.spots import at_lines
from bole.web.requests import PageRequest, is_partial, wants_json
from bole.web.scans import Told, told


def evidence_code(page: CasePage) -> str:
    code = next((s.section for s in page.service.sections if s.kind is SectionKind.EVIDENCE), None)
    if code is None:
        raise Absent
    return code


def told_of(page: CasePage, rows: Sequence[Attachment]) -> Mapping[UUID, Told]:
    """What is said of these files to whoever fills the case in: scans that may be bad, files that lie elsewhere too.

    Three queries at most, however many files there are; nothing is said to others here.
    """
    if not page.owned or not rows:
        return {}
    case, slots = page.case, page.form.slots
    every = [file for slot in slots for file in (*slot.attachments, *slot.explanations)]
    own = review.visible_cases(page.by).filter(person=case.person_id, unit=case.unit_id)
    if case.person_id is not None:
        own = review.visible_cases(page.by).filter(person=case.person_id)
    twins = [*case_queries.twins_here(rows, every), *case_queries.twins_elsewhere(rows, own)]
    return told(page.service, slots, twins, own=True)


@require_safe
def evidence(request: PageRequest, number: str) -> HttpResponse:
    """Every line with its thumbnails, its declared gap and its place to add."""
    return evidence_page(request, CasePage(request, number))


def evidence_page(
    request: PageRequest, page: CasePage, *, wrong: str = "", error: str = "", reason: str = "", status: int = 200
) -> HttpResponse:
    code = evidence_code(page)
    slots = page.form.slots
    rows = places(page, wrong=wrong, error=error, reason=reason)
    only_missing = request.GET.get("show") == "missing"
    files = [file.file for slot in slots for file in (*slot.attachments, *slot.explanations)]
    return render(
        request,
        "web/filling/evidence.html",
        page.shell(
            code,
            section=page.service.by_code[code],
            places=[row for row in rows if row.slot.required and not row.slot.answered] if only_missing else rows,
            required=sum(1 for slot in slots if slot.required),
            settled=sum(1 for slot in slots if slot.required and slot.answered),
            lacking=sum(1 for slot in slots if slot.required and not slot.answered),
            sheets=sum(file.pages for file in files),
            size=sum(file.size for file in files),
            only_missing=only_missing,
            loose=[(file, page.service.by_code[file.section].name) for file in page.form.loose if page.owned],
            loose_error=error if wrong == "loose" else "",
            targets=[(row, spot_word(row.slot.record, row.slot.category)) for row in rows if row.open and not row.full],
            unasked=page.form.unasked,
            told=told_of(page, [file for slot in slots for file in (*slot.attachments, *slot.explanations)]),
            around=around(page, code),
        ),
        status=status,
    )


def uploaded(request: PageRequest) -> list[tuple[bytes, str]]:
    files = request.FILES.getlist("file")
    if not files:
        raise Invalid.at("file", "请选择要上传的文件。")
    for file in files:
        if file.size is not None and file.size > UPLOAD_LIMIT:
            raise Invalid.at("file", f"「{file.name}」超过 20 MB。请压缩或分成几个文件后再传。")
    return [(file.read(), file.name or "附件") for file in files]


def back_to(page: CasePage, anchor: str, section: str) -> HttpResponse:
    """To the line on the page that it was changed from."""
    from_section = page.request.POST.get("back") == "section"
    address = page.section_url(section) if from_section else page.url("evidence")
    return redirect(f"{address}#{anchor}")


def _hang(
    page: CasePage, section: str, spot: str, purpose: Purpose, files: list[tuple[bytes, str]]
) -> list[Attachment]:
    """Hang the files one by one; of several the sentence names the one that could not be taken."""
    record, category = spot_of(spot)
    place: dict[str, Any] = {"section": section, "record": record, "category": category, "purpose": purpose}
    rows = []
    for data, name in files:
        try:
            rows.append(cases.attach(case=page.case, **place, data=data, name=name, by=page.by))
        except Invalid as error:
            raise Invalid.at("file", f"「{name}」：{error.sentence}" if len(files) > 1 else error.sentence) from None
    return rows


def _take(request: PageRequest, page: CasePage, section: str, spot: str, purpose: Purpose) -> HttpResponse:
    """Add the files that were sent. The script gets the new entry or JSON, a person the page again."""
    anchor = anchor_of(section, *spot_of(spot))
    page.section(section)
    page.demand_files_open(section)
    try:
        rows = _hang(page, section, spot, purpose, uploaded(request))
    except Invalid as error:
        if wants_json(request) or is_partial(request):
            raise
        return evidence_page(
            request, CasePage(request, page.case.number), wrong=anchor, error=error.sentence, status=422
        )
    if is_partial(request):
        context = {
            "case": page.case, "file": rows[0], "open": True, "position": rows[0].position,
            "told": told_of(CasePage(request, page.case.number), rows),
        }  # fmt: skip
        return render(request, "web/filling/thumb.html", context)
    return back_to(page, anchor, section)


@require_safe
def place(request: PageRequest, number: str, section: str, spot: str) -> HttpResponse:
    """One line with all its files: a page of its own, or the part that a long list fetches when it is opened."""
    page = CasePage(request, number)
    anchor = anchor_of(section, *spot_of(spot))
    row = next((each for each in places(page) if each.anchor == anchor), None)
    if row is None:
        raise Absent("这条记录已经删除，或者这类材料已不需要。")
    template = "web/filling/slot.html" if is_partial(request) else "web/filling/place.html"
    files = [*row.slot.attachments, *row.slot.explanations]
    shown: dict[str, Any] = {"place": row, "slot": row.slot, "told": told_of(page, files)}
    shown |= {"spots": at_lines(page.spots), "spotted": frozenset(each.row.pk for each in page.spots)}
    if is_partial(request):
        return render(request, template, {"case": page.case, **shown})
    code = evidence_code(page)
    return render(request, template, page.shell(code, section=page.service.by_code[code], **shown))


@require_POST
def attach(request: PageRequest, number: str, section: str, spot: str) -> HttpResponse:
    """Add files to a line."""
    return _take(request, CasePage(request, number), section, spot, Purpose.EVIDENCE)


@require_POST
def explain(request: PageRequest, number: str, section: str, spot: str) -> HttpResponse:
    """Upload the explanation that stands in for missing evidence."""
    return _take(request, CasePage(request, number), section, spot, Purpose.EXPLANATION)


@require_POST
def gap(request: PageRequest, number: str, section: str, spot: str) -> HttpResponse:
    """Declare evidence missing with the reason and its explanation, or take that back.

    The reason is kept even when the explanation could not be taken.
    """
    page = CasePage(request, number)
    record, category = spot_of(spot)
    place, anchor = {"section": section, "record": record, "category": category}, anchor_of(section, record, category)
    page.section(section)
    page.demand_files_open(section)
    if request.POST.get("act") == "withdraw":
        cases.withdraw_gap(case=page.case, **place, by=page.by)
        return back_to(page, anchor, section)
    reason = request.POST.get("reason", "")
    try:
        cases.declare_gap(case=page.case, **place, reason=reason, by=page.by)
        if request.FILES:
            _hang(page, section, spot, Purpose.EXPLANATION, uploaded(request))
    except Invalid as error:
        fresh = CasePage(request, number)
        return evidence_page(request, fresh, wrong=anchor, error=error.sentence, reason=reason, status=422)
    return back_to(page, anchor, section)
