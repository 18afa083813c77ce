"""Browsers of people who are logged in already, by either way; log-in itself is tested elsewhere."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client, RequestFactory

from bole.accounts.models import Account
from bole.kernel.actors import Actor, Way
from bole.organizations.models import Unit
from bole.people.models import Person
from bole.web.sessions import open_session
from tests.factories.organizations import as_unit
from tests.factories.people import World


def _browser(account: Account, way: Way, person: UUID | None, unit: UUID | None) -> Client:
    client = Client()
    request = RequestFactory().get("/")
    request.session = client.session
    open_session(request, account, way=way, person=person, unit=unit)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client


def at_unit(account: Account, unit: Unit) -> Client:
    """Logged in the 「单位」 way for this unit."""
    return _browser(account, Way.UNIT, None, unit.pk)


def as_person(person: Person) -> Client:
    """Logged in the 「个人」 way."""
    assert person.account is not None
    return _browser(person.account, Way.PERSON, person.pk, None)


@dataclass(frozen=True)
class Staff:
    """The world with browsers and actors of the school's clerk and of three reviewers."""

    world: World
    ding: Account

    @property
    def clerk(self) -> Client:
        return at_unit(self.world.cast.zhou, self.world.ground.school)

    @property
    def county(self) -> Client:
        return at_unit(self.world.cast.chen, self.world.ground.xingqing)

    @property
    def operator(self) -> Client:
        return at_unit(self.world.cast.ma, self.world.ground.xingqing)

    @property
    def hospital(self) -> Client:
        return at_unit(self.world.cast.sun, self.world.ground.hospital)

    @property
    def zhou(self) -> Actor:
        return as_unit(self.world.cast.zhou, self.world.ground.school)

    @property
    def chen(self) -> Actor:
        return as_unit(self.world.cast.chen, self.world.ground.xingqing)


def page_of(response: Any) -> str:
    """The page as it is."""
    return unescape(response.content.decode())


def words_of(response: Any) -> str:
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page_of(response)))
