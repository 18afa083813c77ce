"""The door of every page: site, visitor, default refusal, errors as answers, headers."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from bole.documents.terms import UPLOAD_LIMIT
from bole.kernel.actors import STAFF
from bole.kernel.contention import busy
from bole.kernel.errors import BoleError, Refused, Unproved
from bole.organizations import queries as organizations
from bole.organizations.terms import Capacity
from bole.web import capacities, sessions
from bole.web.answers import answer, answer_error, incident_number
from bole.web.doors import assure_address, is_open
from bole.web.refusals import note_refusal
from bole.web.requests import is_partial, wants_json

Next = Callable[[HttpRequest], HttpResponse]
_log = logging.getLogger("bole.web")

_OTHER_CAPACITY = (
    "这一页是以另一个身份打开的，您已在别的窗口切换了身份，所以这次提交没有办理，什么也没有改变。"
    "请在右上角「切换身份」换回原来的身份后重新提交，或刷新这一页。"
)
_DJANGO_ANSWERS = (Http404, PermissionDenied, SuspiciousOperation)  # not failures: Django gives them their status
MEGABYTE = 1024 * 1024
OPEN_BODY = UPLOAD_LIMIT + MEGABYTE  # a file and the fields beside it
MOST_BODY = 12 * UPLOAD_LIMIT  # a dozen of the largest files at once, from a page without script
POLICY = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policy_headers(get_response: Next) -> Next:
    """Headers that every answer carries, static files included; the rest comes from Django and django-csp (C12)."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in POLICY.items():
            response.headers.setdefault(name, value)
        return response

    return respond


def bounded_body(get_response: Next) -> Next:
    """Refuses a body larger than any form can need before anything of it is read (AC-08): an open address, and who has
    no session, gets one file's worth."""

    def respond(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        length = request.headers.get("Content-Length", "")
        stranger = is_open(view) or settings.SESSION_COOKIE_NAME not in request.COOKIES
        most = OPEN_BODY if stranger else MOST_BODY
        if not length.isascii() or not length.isdigit() or int(length) <= most:
            return None  # without a length nothing is read of the body
        sentence = f"提交的内容超过 {most // MEGABYTE} MB，没有接收。请换较小的文件，或分几次提交。"
        return answer(request, 413, sentence)

    respond.process_view = process_view  # type: ignore[attr-defined]  # how Django finds it
    return respond


def acting_identity(get_response: Next) -> Next:
    """Refuses a form that was opened in another capacity than the one now acted in; nothing of it is looked at (AC-12).

    Every form carries its capacity beside the token (templatetags/acting.py), page scripts send it as a header. A
    switch also changes the token; this comes before that check, so that the person is told what happened.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE") or is_open(view):
            return None
        carried = request.headers.get("X-Acting", "") or request.POST.get("acting", "")
        now_acting = sessions.mark(request)
        if not carried or not now_acting or carried == now_acting:
            return None  # without any mark the token alone decides, and it changes with each switch
        return answer(request, 409, _OTHER_CAPACITY)

    respond.process_view = process_view  # type: ignore[attr-defined]  # how Django finds it
    return respond


class Door:
    """Puts `portal`, `actor`, `account` and `capacity` on the request and keeps out who may not come in.

    A view under /<site>/ does not get the site as an argument: it is taken out of the address here and is
    `request.here`. Nobody reaches a view that is not marked open without a log-in (C1).
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _put(request, sessions.stranger(request), None)
        request.portal, request.incident = None, ""  # type: ignore[attr-defined]  # see PageRequest
        response = self.get_response(request)
        # What a form got shows what was typed: a registration's number, a complaint's reference.
        if request.actor.account is not None or request.method == "POST":  # type: ignore[attr-defined]  # see PageRequest
            response.headers.setdefault("Cache-Control", "no-store, private")
        if response.has_header("HX-Retarget") or is_partial(request):
            patch_vary_headers(response, ["HX-Request"])
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        try:
            code = kwargs.pop("site", "")
            if code:
                request.portal = request.here = organizations.site(code)  # type: ignore[attr-defined]  # see PageRequest
            if _has_nul(request):
                return answer(request, 400, "提交的内容里有无法识别的字符。请删除后再提交。")
            if getattr(view, "sessionless", False):
                return None
            return self._admit(request, view, code)
        except BoleError as error:
            return _refuse(request, error)

    def _admit(self, request: HttpRequest, view: Callable[..., Any], site: str) -> HttpResponse | None:
        visit = sessions.resume(request, site)
        _put(request, visit, None)
        if visit.actor.account is None:
            return None if is_open(view) else to_login(request, site)
        if visit.actor.way not in STAFF:
            return None
        if visit.actor.unit is None:
            free = is_open(view) or getattr(view, "without_unit", False)
            return None if free else HttpResponseRedirect(reverse("choose-unit", args=[site or _first_site()]))
        capacity = capacities.held(visit)
        _put(request, visit, capacity)
        if is_open(view):
            return None
        if capacity is None:
            sessions.close_session(request)
            raise Refused("您在这个单位已没有任何权限，可能刚刚被解除。需要办理的，请联系上级人社部门授权后重新登录。")
        if site and capacity.site != site:
            own = organizations.site(capacity.site)
            raise Refused(f"您代表的单位属于「{own.name}」，不能在这里办理。请从该办事大厅进入。")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, BoleError):
            return _refuse(request, exception)
        contended = busy(exception)
        if contended is not None:
            _log.warning("gave way to others: %s", exception.__cause__.__class__.__name__)
            return answer_error(request, contended)
        if isinstance(exception, RequestDataTooBig):
            return answer(request, 413, "提交的内容太大。请减少文字，或把文件分开上传。")
        if not isinstance(exception, _DJANGO_ANSWERS):
            request.incident = incident_number()  # type: ignore[attr-defined]  # see PageRequest
            _log.error("incident %s", request.incident)  # type: ignore[attr-defined]  # see PageRequest
        return None


def _has_nul(request: HttpRequest) -> bool:
    """Whether a NUL came along: no keyboard types one, and PostgreSQL fails on it (AC-13)."""
    typed = (text for data in (request.GET, request.POST) for name in data for text in (name, *data.getlist(name)))
    return "\0" in request.path or any("\0" in text for text in typed)


def _put(request: HttpRequest, visit: sessions.Visit, capacity: Capacity | None) -> None:
    values: Mapping[str, object] = {"actor": visit.actor, "account": visit.account, "capacity": capacity}
    for name, value in values.items():
        setattr(request, name, value)


def _first_site() -> str:
    return organizations.sites()[0].code


def to_login(request: HttpRequest, site: str) -> HttpResponse:
    """Off to the log-in page of the site; scripts are told where it is, so that they can keep what was typed."""
    address = reverse("login", args=[site]) if site else resolve_url("root")
    if wants_json(request) or is_partial(request):
        sentence = "登录已过期，请重新登录。填写的内容会保留。"
        if wants_json(request):
            return JsonResponse({"error": sentence, "login": address}, status=401)
        link = f"{address}?{urlencode({'next': _open_page(request)})}"
        return answer(request, 401, sentence, link=link, word="重新登录")
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return HttpResponseRedirect(f"{address}?{urlencode({'next': back})}" if site else address)


def _open_page(request: HttpRequest) -> str:
    """The page into which an answer for htmx goes: where to come back to after the log-in."""
    return urlsplit(request.headers.get("HX-Current-URL", "")).path


def _refuse(request: HttpRequest, error: BoleError) -> HttpResponse:
    """Answer an error; a refusal of somebody known is written down, now that its transaction is over."""
    note_refusal(request, error)
    if isinstance(error, Unproved) and getattr(request, "portal", None) is not None:
        return answer(request, 403, error.sentence, error=error, link=assure_address(request), word="验证身份")  # type: ignore[arg-type]  # see PageRequest
    return answer_error(request, error)
