"""Log lines: one JSON object each, with the request they belong to and without personal data."""

import contextvars
import json
import logging
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from bole.kernel.ids import short_id

_request: contextvars.ContextVar[str] = contextvars.ContextVar("bole_request", default="")
_access = logging.getLogger("bole.access")

# Identity numbers (15 or 18 characters), mobile numbers, e-mail addresses: whatever wrote them, they do not get out.
_PERSONAL = [
    (re.compile(r"(?<![0-9A-Za-z-])\d{17}[\dXx](?![0-9A-Za-z-])|(?<![0-9A-Za-z-])\d{15}(?![0-9A-Za-z-])"), "[证件号]"),
    (re.compile(r"(?<![0-9A-Za-z-])1[3-9]\d{9}(?![0-9A-Za-z-])"), "[手机号]"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[邮箱]"),
]


def scrub(text: str) -> str:
    """The text with everything that looks like personal data replaced by its kind."""
    for pattern, kind in _PERSONAL:
        text = pattern.sub(kind, text)
    return text


class JsonLines(logging.Formatter):
    """at, level, logger, message, request, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrub(record.getMessage()),
        }
        if _request.get():
            line["request"] = _request.get()
        if record.exc_info:
            line["trace"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def request_log(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: names each request, says so in the answer, and writes one line of what it came to.

    The query string is left out on purpose: searches carry names.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        token = _request.set(short_id(12))
        began = time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-ID"] = _request.get()
            spent = round((time.perf_counter() - began) * 1000)
            _access.info("%s %s %s %d ms", request.method, request.path, response.status_code, spent)
            return response
        finally:
            _request.reset(token)

    return answer


def request_id() -> str:
    """The name of the request being answered, for the error page; empty outside a request."""
    return _request.get()
