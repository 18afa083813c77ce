"""Fixtures of tests that drive Chromium: one for the session, a fresh window for each test."""

import os
import shutil
import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bole.accounts import actions as accounts
from bole.accounts.actions.fixed import fixed

# Playwright runs an event loop in the thread of the tests; their own queries are no danger to it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Two cores may carry two browsers and a database: patience costs nothing where all is well.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def chromium_of_the_run() -> Iterator[Browser]:
    """Debian's Chromium, or the one that BOLE_CHROMIUM names."""
    with sync_playwright() as playwright:
        path = os.environ.get("BOLE_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def chromium(chromium_of_the_run: Browser) -> Iterator[Browser]:
    """The browser; no window outlives its test, else the server keeps a connection to the database for it."""
    yield chromium_of_the_run
    for context in chromium_of_the_run.contexts:
        context.close()
    let_the_server_finish()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window that fails the test when a script fails or the content policy is broken."""
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    window = context.new_page()
    wrong: list[str] = []
    window.on("pageerror", lambda error: wrong.append(str(error)))
    window.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    yield window
    context.close()
    let_the_server_finish()
    assert wrong == []


def let_the_server_finish() -> None:
    """Wait for the requests under way: a page saves when it goes, and the database is emptied after the test."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any("process_request" in each.name for each in threading.enumerate()):
        time.sleep(0.02)


@pytest.fixture
def easy_captcha() -> Iterator[None]:
    """The captcha and one-time code of demonstrations."""
    before = (fixed.captcha, fixed.code)
    accounts.configure(fixed_captcha="0000", fixed_code="000000")
    yield
    accounts.configure(fixed_captcha=before[0], fixed_code=before[1])
