"""What the benchmarks stand on: the world of the tests, made through the rooms' actions, and requests to it."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory
from django.test.utils import override_settings
from django.utils.module_loading import import_string
from tests.factories.people import World, make_world

from bole.accounts.models import Account
from bole.kernel.actors import Way
from bole.web.sessions import open_session

# What a bare page is served behind: what Django's own project template has, without sessions, log-ins and messages.
# The token of its form is made afresh by the template, as Django does, without a session to keep it in.
BARE_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


@cache
def world() -> World:
    """Ningxia with its cast; Lin of the school has no case yet."""
    return make_world()


@cache
def whole() -> WSGIHandler:
    """The application as it is served, all of its middleware included."""
    return WSGIHandler()


@cache
def bare() -> WSGIHandler:
    """Django with the least middleware; reads no session."""
    with override_settings(MIDDLEWARE=BARE_MIDDLEWARE):
        return WSGIHandler()


def session_of(account: Account, way: Way, *, person: UUID | None = None, unit: UUID | None = None) -> str:
    """The cookie of somebody logged in."""
    request: Any = RequestFactory().get("/")
    request.session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    open_session(request, account, way=way, person=person, unit=unit)
    request.session.save()
    return f"{settings.SESSION_COOKIE_NAME}={request.session.session_key}"


def getter(application: WSGIHandler, path: str, cookie: str = "") -> Callable[[], bytes]:
    """A GET of the page, as the server makes it: no test client between, so nothing is added to either side."""

    def get() -> bytes:
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000", "HTTP_ACCEPT": "text/html",
            "HTTP_COOKIE": cookie,
            "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "wsgi.errors": BytesIO(),
            "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False, "wsgi.version": (1, 0),
        }  # fmt: skip
        status: list[str] = []
        response = application(environ, lambda line, headers, *_: status.append(line))
        body = b"".join(response)
        response.close()
        if status[0] != "200 OK":
            raise RuntimeError(f"{path}: {status[0]}")
        return body

    return get


def queries(run: Callable[[], object]) -> int:
    """How many statements a run sends."""
    sent = []
    with connection.execute_wrapper(lambda execute, *words: sent.append(1) or execute(*words)):
        run()
    return len(sent)
