"""「附件管理」: lines that follow from the records, files in order, gaps with reasons; and the files themselves."""

from pathlib import PurePath
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Attachment
from bole.cases.terms import AuditWord, Purpose
from bole.definitions.terms import SectionKind
from bole.documents import queries as documents
from bole.documents.models import StoredFile
from bole.documents.terms import UPLOAD_LIMIT, MediaType
from bole.kernel.errors import Absent, Invalid
from bole.web.flash import say
from bole.web.pages.filling.casework import CasePage
from bole.web.pages.filling.sections import around
from bole.web.pages.filling.slots import anchor_of, places
from bole.web.requests import PageRequest, is_partial, wants_json

THUMB, WIDE = 300, 1400  # pixels across
_ENDINGS = {MediaType.JPEG: {".jpg", ".jpeg"}}  # what a file of the type may end in besides its own ending


def _evidence_code(page: CasePage) -> str:
    code = next((s.section for s in page.service.sections if s.kind is SectionKind.EVIDENCE), None)
    if code is None:
        raise Absent
    return code


@require_safe
def evidence(request: PageRequest, number: str) -> HttpResponse:
    """Every line with its thumbnails, its declared gap and its place to add."""
    return _page(request, CasePage(request, number))


def _page(
    request: PageRequest, page: CasePage, *, wrong: str = "", error: str = "", reason: str = "", status: int = 200
) -> HttpResponse:
    code = _evidence_code(page)
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
            most_bytes=UPLOAD_LIMIT,
            around=around(page, code),
        ),
        status=status,
    )


def _uploaded(request: PageRequest) -> list[tuple[bytes, str]]:
    files = request.FILES.getlist("file")
    if not files:
        raise Invalid.at("file", "请选择要上传的文件。")
    for file in files:
        if file.size is not None and file.size > UPLOAD_LIMIT:
            raise Invalid.at("file", f"「{file.name}」超过 20 MB。请压缩或分成几个文件后再传。")
    return [(file.read(), file.name or "附件") for file in files]


def _back(page: CasePage, section: str, record: str) -> HttpResponse:
    """To the line on the page that it was changed from."""
    from_section = page.request.POST.get("back") == "section"
    address = page.section_url(section) if from_section else page.url("evidence")
    return redirect(f"{address}#{anchor_of(section, record)}")


def _hang(
    page: CasePage, section: str, record: str, purpose: Purpose, files: list[tuple[bytes, str]]
) -> list[Attachment]:
    """Hang the files one by one; of several the sentence names the one that could not be taken."""
    rows = []
    for data, name in files:
        try:
            rows.append(
                cases.attach(
                    case=page.case, section=section, record=record, data=data, name=name, by=page.by, purpose=purpose
                )
            )
        except Invalid as error:
            raise Invalid.at("file", f"「{name}」：{error.sentence}" if len(files) > 1 else error.sentence) from None
    return rows


def _take(request: PageRequest, page: CasePage, section: str, record: str, purpose: Purpose) -> HttpResponse:
    """Add the files that were sent. The script gets the new entry or JSON, a person the page again."""
    record = "" if record == "-" else record
    page.section(section)
    page.demand_files_open(section)
    try:
        rows = _hang(page, section, record, purpose, _uploaded(request))
    except Invalid as error:
        if wants_json(request) or is_partial(request):
            raise
        wrong = anchor_of(section, record)
        return _page(request, CasePage(request, page.case.number), wrong=wrong, error=error.sentence, status=422)
    if is_partial(request):
        context = {"case": page.case, "file": rows[0], "open": True, "position": rows[0].position}
        return render(request, "web/filling/thumb.html", context)
    return _back(page, section, record)


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
    """Declare evidence missing with the reason and its explanation, or take that back.

    The reason is kept even when the explanation could not be taken.
    """
    page = CasePage(request, number)
    place = "" if record == "-" else record
    page.section(section)
    page.demand_files_open(section)
    if request.POST.get("act") == "withdraw":
        cases.withdraw_gap(case=page.case, section=section, record=place, by=page.by)
        return _back(page, section, place)
    reason = request.POST.get("reason", "")
    try:
        cases.declare_gap(case=page.case, section=section, record=place, reason=reason, by=page.by)
        if request.FILES:
            _hang(page, section, place, Purpose.EXPLANATION, _uploaded(request))
    except Invalid as error:
        fresh, wrong = CasePage(request, number), anchor_of(section, place)
        return _page(request, fresh, wrong=wrong, error=error.sentence, reason=reason, status=422)
    return _back(page, section, place)


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
    """Move a file forward or back, replace or delete it."""
    page = CasePage(request, number)
    row = case_queries.attachment_in(page.case, attachment)
    page.demand_files_open(row.section)
    match request.POST.get("act", ""):
        case "forward":
            cases.move_attachment(case=page.case, attachment=attachment, step=-1, by=page.by)
        case "back":
            cases.move_attachment(case=page.case, attachment=attachment, step=1, by=page.by)
        case "replace":
            try:
                data, name = _uploaded(request)[0]
                cases.replace_attachment(case=page.case, attachment=attachment, data=data, name=name, by=page.by)
            except Invalid as error:
                return _change(request, page, row, "replace", error=error.sentence, status=422)
            say(request, f"已替换「{row.file.name}」。")
        case "delete":
            cases.detach(case=page.case, attachment=attachment, by=page.by)
            say(request, f"已删除「{row.file.name}」。")
        case _:
            raise Absent
    if is_partial(request):
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return _back(page, row.section, row.record)


@require_safe
def change(request: PageRequest, number: str, attachment: UUID) -> HttpResponse:
    """Where a file is replaced, or deleted after a question."""
    page = CasePage(request, number)
    row = case_queries.attachment_in(page.case, attachment)
    if row.removed_at is not None:
        raise Absent("这个附件已经删除或替换，请刷新页面查看。")
    what = "delete" if request.GET.get("act") == "delete" else "replace"
    return _change(request, page, row, what)


def _change(
    request: PageRequest, page: CasePage, row: Attachment, what: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    page.demand_files_open(row.section)
    template = "web/filling/attachment_dialog.html" if is_partial(request) else "web/filling/attachment_change.html"
    back = f"{page.url('evidence')}#{anchor_of(row.section, row.record)}"
    shell = page.shell(_evidence_code(page), file=row, back=back, what=what, error=error)
    return render(request, template, shell, status=status)


@require_safe
def attachment(request: PageRequest, number: str, attachment: UUID) -> HttpResponse:
    """The file itself, to those who may see the case; each look by somebody else is recorded."""
    page = CasePage(request, number)
    row = case_queries.attachment_in(page.case, attachment)
    cases.look(case=page.case, by=page.by, word=AuditWord.ATTACHMENT_VIEWED, attachment=row)
    answer = HttpResponse(documents.content(row.file), content_type=row.file.media_type)
    # Somebody's PDF is never opened beside these pages: its pages are shown as pictures, the file itself is saved.
    saved = "download" in request.GET or row.file.media_type == MediaType.PDF
    name = content_disposition_header(saved, file_name(row.file))
    answer["Content-Disposition"] = name or "inline"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


def file_name(file: StoredFile) -> str:
    """The name it came with, ending as what it is now: a HEIC photograph is kept as JPEG."""
    kind, name = MediaType(file.media_type), str(file.name)
    path = PurePath(name)
    if path.suffix.lower() in {kind.suffix, *_ENDINGS.get(kind, ())}:
        return name
    return f"{path.stem or '附件'}{kind.suffix}"


@require_http_methods(["GET", "HEAD"])
def page_image(request: PageRequest, number: str, attachment: UUID, leaf: int = 1) -> HttpResponse:
    """One page of a file as a picture: the thumbnail, or ?w= for the viewer."""
    page = CasePage(request, number)
    row = case_queries.attachment_in(page.case, attachment)
    if not 1 <= leaf <= max(row.file.pages, 1):
        raise Absent
    wide = "w" in request.GET
    if wide:
        cases.look(case=page.case, by=page.by, word=AuditWord.ATTACHMENT_VIEWED, attachment=row)
    picture = documents.preview(row.file, page=leaf, width=WIDE if wide else THUMB)
    answer = HttpResponse(picture, content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer
