"""Who sits at the desks of the staff pages, each with a browser that is logged in already."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.test import Client

from bole.accounts.models import Account
from bole.kernel.actors import Actor
from tests.factories.browsers import as_person, at_unit
from tests.factories.organizations import as_unit
from tests.factories.people import World

__all__ = ["Staff", "as_person", "at_unit", "page_of", "words_of"]


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
