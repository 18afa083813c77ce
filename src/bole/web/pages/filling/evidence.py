"""「附件管理」: lines that follow from the records, files in order, gaps with reasons; and the files themselves."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.terms import AuditWord, Purpose
from bole.definitions.terms import SectionKind
from bole.documents import queries as documents
from bole.kernel.errors import Absent, Invalid
from bole.web.pages.filling.casework import CasePage
from bole.web.requests import PageRequest, is_partial

MOST_BYTES = 20 * 1024 * 1024


@require_GET
def evidence(request: PageRequest, number: str) -> HttpResponse:
    """Every line with its thumbnails, its declared gap and its place to add."""
    page = CasePage(request, number)
    code = next((s.section for s in page.service.sections if s.kind is SectionKind.EVIDENCE), None)
    if code is None:
        raise Absent
    slots = [
        {
            "slot": slot,
            "anchor": slot.key.replace(":", "-"),
            "section_name": page.service.by_code[slot.section].name,
            "open": bool(case_queries.may_edit_section(page.by, page.case, slot.section)),
            "upload_url": page.url("attach", slot.section, slot.record or "-"),
            "explain_url": page.url("explain", slot.section, slot.record or "-"),
            "gap_url": page.url("gap", slot.section, slot.record or "-"),
            "order_url": page.url("attachment-order"),
        }
        for slot in page.form.slots
    ]
    only_missing = request.GET.get("show") == "missing"
    if only_missing:
        slots = [row for row in slots if not row["slot"].answered]
    order = [section.section for section in page.service.sections]
    before = page.service.by_code[order[order.index(code) - 1]]
    return render(
        request,
        "web/filling/evidence.html",
        page.shell(
            code,
            section=page.service.by_code[code],
            slots=slots,
            lacking=sum(1 for slot in page.form.slots if slot.required and not slot.answered),
            only_missing=only_missing,
            most_bytes=MOST_BYTES,
            before={"name": before.name, "url": page.section_url(before.section)},
        ),
    )


def _uploaded(request: PageRequest) -> list[tuple[bytes, str]]:
    files = request.FILES.getlist("file")
    if not files:
        raise Invalid.at("file", "请选择要上传的文件。")
    for file in files:
        if file.size is not None and file.size > MOST_BYTES:
            raise Invalid.at("file", f"「{file.name}」超过 20 MB。请压缩或分成几个文件后再传。")
    return [(file.read(), file.name or "附件") for file in files]


def _take(request: PageRequest, page: CasePage, section: str, record: str, purpose: Purpose) -> HttpResponse:
    record = "" if record == "-" else record
    anchor = f"{page.url('evidence')}#slot-{section}-{record}"
    case_queries.may_edit_section(page.by, page.case, section).demand()
    try:
        rows = [
            cases.attach(
                case=page.case, section=section, record=record, data=data, name=name, by=page.by, purpose=purpose
            )
            for data, name in _uploaded(request)
        ]
    except Invalid as error:
        if is_partial(request):
            return JsonResponse({"error": error.sentence}, status=422)
        raise
    if is_partial(request):
        return render(
            request, "web/filling/thumb.html", {"page": page, "case": page.case, "file": rows[0], "open": True}
        )
    return redirect(anchor)


@require_POST
def attach(request: PageRequest, number: str, section: str, record: str) -> HttpResponse:
    """Add files to a line."""
    return _take(request, CasePage(request, number), section, record, Purpose.EVIDENCE)


@require_POST
def explain(request: PageRequest, number: str, section: str, record: str) -> HttpResponse:
    """Upload the explanation that stands in for missing evidence."""
    return _take(request, CasePage(request, number), section, record, Purpose.EXPLANATION)


@require_POST
def gap(request: PageRequest, number: str, section: str, record: str) -> HttpResponse:
    """Declare evidence missing with the reason, or take that back."""
    page = CasePage(request, number)
    place = "" if record == "-" else record
    case_queries.may_edit_section(page.by, page.case, section).demand()
    if request.POST.get("act") == "withdraw":
        cases.withdraw_gap(case=page.case, section=section, record=place, by=page.by)
    else:
        cases.declare_gap(
            case=page.case, section=section, record=place, reason=request.POST.get("reason", ""), by=page.by
        )
        if request.FILES:
            for data, name in _uploaded(request):
                cases.attach(case=page.case, section=section, record=place, data=data, name=name, by=page.by,
                             purpose=Purpose.EXPLANATION)  # fmt: skip
    return redirect(f"{page.url('evidence')}#slot-{section}-{place}")


@require_POST
def order(request: PageRequest, number: str) -> HttpResponse:
    """Put the files of one line into the order posted."""
    page = CasePage(request, number)
    wanted = []
    for text in request.POST.getlist("order"):
        try:
            wanted.append(UUID(text))
        except ValueError:
            raise Absent from None
    cases.order_attachments(case=page.case, order=wanted, by=page.by)
    return JsonResponse({"state": "saved"})


@require_POST
def act(request: PageRequest, number: str, attachment: UUID) -> HttpResponse:
    """Move a file forward or back, replace or delete it: the buttons under each thumbnail."""
    page = CasePage(request, number)
    row = case_queries.attachment_in(page.case, attachment)
    what = request.POST.get("act", "")
    if what in ("forward", "back"):
        step = -1 if what == "forward" else 1
        cases.move_attachment(case=page.case, attachment=attachment, step=step, by=page.by)
    elif what == "replace":
        data, name = _uploaded(request)[0]
        cases.replace_attachment(case=page.case, attachment=attachment, data=data, name=name, by=page.by)
    elif what == "delete":
        cases.detach(case=page.case, attachment=attachment, by=page.by)
    else:
        raise Absent
    return redirect(f"{page.url('evidence')}#slot-{row.section}-{row.record}")


@require_GET
def change(request: PageRequest, number: str, attachment: UUID) -> HttpResponse:
    """Where a file is replaced, or deleted after a question."""
    page = CasePage(request, number)
    row = case_queries.attachment_in(page.case, attachment)
    case_queries.may_edit_section(page.by, page.case, row.section).demand()
    back = f"{page.url('evidence')}#slot-{row.section}-{row.record}"
    return render(request, "web/filling/attachment_change.html", page.shell(file=row, back=back))


@require_GET
def attachment(request: PageRequest, number: str, attachment: UUID) -> HttpResponse:
    """The file itself, to those who may see the case; each look by somebody else is recorded."""
    page = CasePage(request, number)
    row = case_queries.attachment_in(page.case, attachment)
    cases.look(case=page.case, by=page.by, word=AuditWord.ATTACHMENT_VIEWED, attachment=row)
    answer = HttpResponse(documents.content(row.file), content_type=row.file.media_type)
    kind = "attachment" if "download" in request.GET else "inline"
    extension = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}.get(row.file.media_type, "bin")
    answer["Content-Disposition"] = f'{kind}; filename="{row.id}.{extension}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'self'"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
def page_image(request: PageRequest, number: str, attachment: UUID, leaf: int = 1) -> HttpResponse:
    """One page of a file as a picture: the thumbnail, or ?w= for the viewer."""
    page = CasePage(request, number)
    row = case_queries.attachment_in(page.case, attachment)
    if not 1 <= leaf <= max(row.file.pages, 1):
        raise Absent
    wide = "w" in request.GET
    if wide:
        cases.look(case=page.case, by=page.by, word=AuditWord.ATTACHMENT_VIEWED, attachment=row)
    answer = HttpResponse(
        documents.preview(row.file, page=leaf, width=1400 if wide else 300), content_type="image/jpeg"
    )
    answer["Cache-Control"] = "private, max-age=300"
    return answer
