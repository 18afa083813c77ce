"""Browsers of people who are logged in already; the log-in itself is tested in tests/web/test_log_in.py."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from bole.accounts.models import Account
from bole.kernel.actors import Way
from bole.organizations.models import Unit
from bole.people.models import Person
from bole.web.sessions import open_session


def at_unit(account: Account, unit: Unit) -> Client:
    """Logged in the 「单位」 way for this unit."""
    return _browser(account, Way.UNIT, None, unit.pk)


def as_administrator(account: Account, unit: Unit) -> Client:
    """Logged in as the unit's administrator or deputy."""
    return _browser(account, Way.ADMINISTRATOR, None, unit.pk)


def as_unit_account(account: Account, unit: Unit) -> Client:
    """Logged in with the unit's own account."""
    return _browser(account, Way.UNIT_ACCOUNT, None, unit.pk)


def as_person(person: Person) -> Client:
    """Logged in the 「个人」 way."""
    assert person.account is not None
    return _browser(person.account, Way.PERSON, person.pk, None)


def _browser(account: Account, way: Way, person: UUID | None, unit: UUID | None) -> Client:
    client = Client()
    request = RequestFactory().get("/")
    request.session = client.session
    open_session(request, account, way=way, person=person, unit=unit)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client


def text_of(response: HttpResponse) -> str:
    """The page as text."""
    return response.content.decode()
