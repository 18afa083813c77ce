"""The files of 「附件管理」 one by one: their order, their pictures, what is done to them."""

from pathlib import PurePath
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.cases import actions as cases
from bole.cases.models import Attachment
from bole.cases.terms import AuditWord
from bole.documents import queries as documents
from bole.documents.models import StoredFile
from bole.documents.terms import MediaType
from bole.kernel.errors import Absent, Invalid
from bole.web.flash import say
from bole.web.pages.filling.casework import CasePage
from bole.web.pages.filling.evidence import back_to, evidence_code, evidence_page, told_of, uploaded
from bole.web.pages.filling.slots import anchor_of, spot_of
from bole.web.pages.spots import drawn
from bole.web.requests import PageRequest, is_partial, page_number, wants_json
from bole.web.scans import righted

WIDE, SHARP = 1400, 2400  # pixels across
AT_ONCE = 24  # pages of a long file shown at a time
_ENDINGS = {MediaType.JPEG: {".jpg", ".jpeg"}}  # what a file of the type may end in besides its own ending


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
    """Move a file forward or back, turn it, replace or delete it, hang it elsewhere, keep it with a reason."""
    page = CasePage(request, number)
    row = page.file(attachment)
    page.demand_files_open(row.section)
    match request.POST.get("act", ""):
        case "turn":
            turn = cases.turn_attachment(case=page.case, attachment=attachment, by=page.by)
            if wants_json(request):
                fresh = CasePage(request, number)
                said = told_of(fresh, [fresh.file(attachment)]).get(attachment)
                return JsonResponse({"turn": turn, "said": said.brief if said else ""})
        case "upright":
            if (to := righted(row)) is not None:
                cases.turn_attachment(case=page.case, attachment=attachment, by=page.by, to=to)
                say(request, f"已转正「{row.file.name}」。")
        case "answer":
            reason = request.POST.get("reason", "")
            try:
                cases.answer_check(case=page.case, attachment=attachment, reason=reason, by=page.by)
            except Invalid as error:
                return _change(request, page, row, "check", error=error.sentence, reason=reason, status=422)
        case "forward":
            cases.move_attachment(case=page.case, attachment=attachment, step=-1, by=page.by)
        case "back":
            cases.move_attachment(case=page.case, attachment=attachment, step=1, by=page.by)
        case "replace":
            try:
                data, name = uploaded(request)[0]
                cases.replace_attachment(case=page.case, attachment=attachment, data=data, name=name, by=page.by)
            except Invalid as error:
                return _change(request, page, row, "replace", error=error.sentence, status=422)
            say(request, f"已替换「{row.file.name}」。")
        case "place":
            section, _, spot = request.POST.get("to", "").partition("/")
            record, category = spot_of(spot)
            place = {"section": section, "record": record, "category": category}
            try:
                row = cases.place_attachment(case=page.case, attachment=attachment, **place, by=page.by)
            except Invalid as error:
                fresh = CasePage(request, number)
                return evidence_page(
                    request, fresh, wrong="loose", error=f"「{row.file.name}」：{error.sentence}", status=422
                )
            say(request, f"已移动「{row.file.name}」。")
        case "delete":
            cases.detach(case=page.case, attachment=attachment, by=page.by)
            say(request, f"已删除「{row.file.name}」。")
        case _:
            raise Absent
    if is_partial(request):
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return back_to(page, anchor_of(row.section, row.record, row.category), row.section)


@require_safe
def change(request: PageRequest, number: str, attachment: UUID) -> HttpResponse:
    """Where a file is replaced, deleted after a question, or kept though the check of scans found something."""
    page = CasePage(request, number)
    row = page.file(attachment)
    if row.removed_at is not None:
        raise Absent("这个附件已经删除或替换，请刷新页面查看。")
    asked = request.GET.get("act", "")
    what = asked if asked in ("delete", "check") else "replace"
    return _change(request, page, row, what)


def _change(
    request: PageRequest,
    page: CasePage,
    row: Attachment,
    what: str,
    *,
    error: str = "",
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    page.demand_files_open(row.section)
    said = told_of(page, [row]).get(row.pk) if what == "check" else None
    template = "web/filling/attachment_dialog.html" if is_partial(request) else "web/filling/attachment_change.html"
    shell = page.shell(evidence_code(page), file=row, back=_line(page, row), what=what, error=error, said=said,
                       reason=reason or row.answered or "", righted=righted(row))  # fmt: skip
    return render(request, template, shell, status=status)


@require_safe
def attachment(request: PageRequest, number: str, attachment: UUID) -> HttpResponse:
    """The file itself, to those who may see the case; each look by somebody else is recorded."""
    page = CasePage(request, number)
    row = page.file(attachment)
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
    """One page of a file as a picture: the thumbnail, or for the viewer ?w=, where 2 is the sharper one."""
    page = CasePage(request, number)
    row = page.file(attachment)
    if not 1 <= leaf <= max(row.file.pages, 1):
        raise Absent
    if "w" in request.GET:
        cases.look(case=page.case, by=page.by, word=AuditWord.ATTACHMENT_VIEWED, attachment=row)
    if "w" in request.GET:
        picture = documents.preview(row.file, page=leaf, width=_width(request), turn=row.turn)
    else:
        picture = documents.thumbnail(row.file, leaf, row.turn)
    answer = HttpResponse(picture, content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


def _width(request: PageRequest) -> int:
    return SHARP if request.GET.get("w") == "2" else WIDE


@require_safe
def leaves(request: PageRequest, number: str, attachment: UUID) -> HttpResponse:
    """「查看全部」 of a file of many pages: small pictures, a few at a time."""
    page = CasePage(request, number)
    row = page.file(attachment)
    sheets = Paginator(range(1, row.file.pages + 1), AT_ONCE)
    shown = sheets.get_page(request.GET.get("page"))
    shell = page.shell(evidence_code(page), file=row, sheets=shown, back=_line(page, row))
    return render(request, "web/filling/leaves.html", shell)


@require_safe
def marks(request: PageRequest, number: str, attachment: UUID) -> HttpResponse:
    """A page of a file with what the return marked on it, and where the file is replaced. Without a mark, the line."""
    page = CasePage(request, number)
    row = page.file(attachment)
    here = [spot for spot in page.spots if spot.row.pk == row.pk]
    if not here:
        return redirect(_line(page, row))
    leaf = page_number(request)
    if leaf > max(row.file.pages, 1):
        raise Absent("这个附件没有这一页。")
    shown = [spot for spot in here if spot.page == leaf]
    over = [drawn(number, spot.say, spot.spot.fault.box, row.turn) for number, spot in enumerate(shown, 1)]
    shell = page.shell(
        evidence_code(page),
        file=row,
        leaf=leaf,
        over=over,
        marks=[(spot, shown.index(spot) + 1 if spot in shown else 0) for spot in here],
        back=_line(page, row),
        replaceable=not here[0].gone and page.files_open(row.section, row.record),
    )
    return render(request, "web/filling/spots.html", shell)


def _line(page: CasePage, row: Attachment) -> str:
    return f"{page.url('evidence')}#{anchor_of(row.section, row.record, row.category)}"
