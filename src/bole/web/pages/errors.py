"""Answers to what Django itself refuses, and the page for a lost network."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bole.kernel.errors import Absent
from bole.organizations import queries as organizations
from bole.web.answers import answer, answer_failure
from bole.web.doors import sessionless
from bole.web.middleware import to_login


def _place(request: HttpRequest) -> str:
    """The site in whose address the failed request lies; the door may not have been reached."""
    portal = getattr(request, "portal", None)
    if portal is not None:
        return str(portal.code)
    match = request.resolver_match
    code = str(match.kwargs.get("site", "")) if match else request.path.strip("/").partition("/")[0]
    try:
        request.portal = organizations.site(code)  # type: ignore[attr-defined]  # see PageRequest
    except Absent:
        return ""
    return code


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 for what is too big."""
    _place(request)
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return answer(request, 413, "提交的内容太大。请减少文字，或把文件分开上传。")
    return answer(request, 400, "浏览器发来的请求不完整。请返回上一页，刷新后再试。")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 of Django's own checks."""
    _place(request)
    return answer(request, 403, "这一页属于其他单位或其他角色。如果您应当能看到，请联系本单位管理员授权。")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for an address that nothing lies at."""
    _place(request)
    return answer(request, 404, "网址可能写错了，或者这一页已经移走。您填写的内容不受影响。")


def failure(request: HttpRequest) -> HttpResponse:
    """500, with a number and nothing else (C44)."""
    return answer_failure(request)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened in another session. Scripts of ended sessions are told where to log in (C11)."""
    site = _place(request)
    if not request.session.get("account"):
        if request.headers.get("Accept", "").startswith("application/json") or request.headers.get("HX-Request"):
            return to_login(request, site)
        return answer(request, 403, "这一页打开太久，已经过期。请返回上一页，刷新后再提交；已登录过的请重新登录。")
    return answer(request, 403, "这一页打开太久，已经过期。请返回上一页，刷新后再提交，填写的内容不会丢失。")


@require_safe
@sessionless
def offline(request: HttpRequest) -> HttpResponse:
    """What the browser shows without a network; lists what is kept on the device."""
    return render(request, "web/errors/offline.html")
