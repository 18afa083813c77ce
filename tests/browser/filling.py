"""Walks of the filling pages: somebody who is logged in already, with a case of their own."""

from django.conf import settings
from playwright.sync_api import Browser, Locator, Page

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.people.models import Person
from tests.factories import cases as made
from tests.factories.browsers import as_person


def enter(page: Page, site: str, person: Person) -> None:
    """Give the window the session of a person; the log-in itself is tested elsewhere."""
    cookie = as_person(person).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])


def unscripted(chromium: Browser, site: str, person: Person) -> Page:
    """A window in which no script runs."""
    page = chromium.new_context(locale="zh-CN", java_script_enabled=False).new_page()
    enter(page, site, person)
    return page


def typed(case: Case, section: str) -> list[dict[str, str]]:
    """What the server has of a section of records."""
    found = cases.form_of(made.fresh(case)).sections[section].typed
    assert isinstance(found, list)
    return found


def dialog(page: Page) -> Locator:
    """The open dialog."""
    return page.get_by_role("dialog")
