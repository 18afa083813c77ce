"""Errors as answers: a page, a part of an open page, or JSON, always with the right status and a sentence."""

import logging
import secrets
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader

from bole.kernel.clock import today
from bole.kernel.errors import Absent, BoleError, Busy, Invalid, Moved, Refused, TooMany
from bole.web.requests import is_partial, wants_json

_log = logging.getLogger("bole.web")

STATUS: dict[type[BoleError], int] = {
    Refused: HTTPStatus.FORBIDDEN,
    Absent: HTTPStatus.NOT_FOUND,
    Moved: HTTPStatus.CONFLICT,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
}
TITLES = {
    400: "这次请求不完整",
    403: "您没有权限办理",
    404: "没有找到这一页",
    405: "不能这样打开这一页",
    409: "内容已经变化",
    413: "提交的内容太大",
    422: "填写的内容需要修改",
    429: "操作太频繁",
    500: "系统出了点问题",
    503: "这一次没有办成",
}


def status_of(error: BoleError) -> int:
    """The HTTP status of an error."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def answer_error(request: HttpRequest, error: BoleError) -> HttpResponse:
    """The error as the asker can read it."""
    return answer(request, status_of(error), error.sentence, error=error)


def answer(
    request: HttpRequest, status: int, sentence: str, *, error: BoleError | None = None, link: str = "", word: str = ""
) -> HttpResponse:
    """A sentence with a status: JSON for the page script, a note (with a link) for htmx, a page for a person."""
    if wants_json(request):
        faults = [{"at": each.at, "say": each.say} for each in error.faults] if isinstance(error, Invalid) else []
        return JsonResponse({"error": sentence, "faults": faults}, status=status)
    if is_partial(request):
        shown = {"kind": "bad", "icon": "alert", "text": sentence, "link": link, "link_text": word}
        note = loader.render_to_string("web/parts/note.html", shown)
        response = HttpResponse(note, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#page-notes", "innerHTML show:top"
        return response
    context = {"status": status, "title": TITLES.get(status, TITLES[400]), "sentence": sentence}
    context |= {"link": link, "word": word}
    return HttpResponse(loader.render_to_string("web/errors/page.html", context, request), status=status)


def incident_number() -> str:
    """A number to read out on the telephone: E-20260418-7C21."""
    return f"E-{today():%Y%m%d}-{secrets.token_hex(3).upper()}"


def answer_failure(request: HttpRequest) -> HttpResponse:
    """What went wrong here is ours: a number, no details, and nothing that could fail again (C44)."""
    number = getattr(request, "incident", "") or incident_number()
    sentence = f"系统出了点问题，不是您的操作造成的。请过几分钟再试；仍有问题请告知错误编号 {number}。"
    if wants_json(request):
        return JsonResponse({"error": sentence, "incident": number}, status=500)
    if is_partial(request):
        return answer(request, 500, sentence)
    try:
        site = getattr(request, "portal", None)
        # Without the request: no session, no database, no context processor takes part.
        page = loader.get_template("web/errors/failure.html").render({"number": number, "site": site})
    except Exception:
        _log.exception("the error page itself failed, incident %s", number)
        page = (
            f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>500</title><h1>500</h1><p>{sentence}</p>'
        )
    return HttpResponse(page, status=500)
