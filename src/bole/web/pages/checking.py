"""「打印件查验」: whoever holds a final paper learns by its check code, or by its file, whether it holds."""

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bole.documents.terms import UPLOAD_LIMIT
from bole.kernel import clock
from bole.kernel.errors import Fault, Invalid, TooMany
from bole.review import actions as review
from bole.review.terms import FileCheck, PaperCheck
from bole.web.doors import public
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

_UNKNOWN = "没有查到这个校验码。请核对打印件上的 12 位校验码；核对无误仍查不到的，这份打印件不是本平台出具的。"
_PDF = b"%PDF-"


@require_http_methods(["GET", "HEAD", "POST"])
@public
def check(request: PageRequest, code: str = "") -> HttpResponse:
    """The code is typed, or comes with the address in the QR code; a file may be posted with it, or by itself. Nobody
    needs a log-in; of a file the digest is taken and nothing kept."""
    code = (code or request.POST.get("code", "") or request.GET.get("code", "")).strip()
    form, found, held, status = Typed({"code": code}, prefix="v"), None, None, 200
    try:
        if request.method == "POST":
            found, held = _held(request, code)
        elif code:
            found = review.check_paper(site=request.here.code, code=code, by=request.actor)
        if code and found is None and held is None:
            form, status = form.with_faults([Fault("code", _UNKNOWN)]), 404
    except Invalid as error:
        form, status = form.with_faults(error), 422
    except TooMany as error:
        form, status = form.with_faults([Fault("", error.sentence)]), 429
    context = {
        "here": "check",
        "form": form,
        "found": found,
        "held": held,
        "at": clock.now(),
        "digest": _grouped(found),
        "most": UPLOAD_LIMIT // 1024 // 1024,
        "file_fault": form.fault_of("file"),
    }
    return render(request, "web/portal/check.html", context, status=status)


def _held(request: PageRequest, code: str) -> tuple[PaperCheck | None, FileCheck | None]:
    """What the posted file is, and the paper that it was compared with. Raises Invalid at "file", TooMany."""
    digest = _digest(request.FILES.get("file"))
    held = review.check_file(site=request.here.code, code=code, sha256=digest, by=request.actor)
    return held.paper if held is not None else None, held


def _digest(file: "UploadedFile[Any] | None") -> str:
    """SHA-256 of an uploaded PDF. Raises Invalid for anything else."""
    if file is None or not file.size:
        raise Invalid.at("file", "请选择手里的 PDF 文件。")
    if file.size > UPLOAD_LIMIT:
        raise Invalid.at("file", "文件超过 20 MB，本平台出具的打印件没有这么大，请核对选的是不是这份文件。")
    taken, first = hashlib.sha256(), b""
    for chunk in file.chunks():
        first = first or chunk[: len(_PDF)]
        taken.update(chunk)
    if first != _PDF:
        raise Invalid.at("file", "这不是 PDF 文件。请选择从平台下载的 PDF；拍照、截图或扫描的，请用校验码查验。")
    return taken.hexdigest()


def _grouped(found: PaperCheck | None) -> str:
    """The beginning of the digest as it stands on the paper."""
    text = found.digest[:16].upper() if found is not None else ""
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))
