"""The ground of the filling pages' tests: Lin with a case of their own, in a browser that is logged in."""

import re
from dataclasses import dataclass
from html import unescape

from django.http import HttpResponse
from django.test import Client

from bole.cases import actions, queries
from bole.cases.models import Case
from bole.kernel.actors import Actor
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit, text_of
from tests.factories.organizations import as_unit
from tests.factories.people import World, as_self, make_world

JSON = {"Accept": "application/json"}
PARTIAL = {"HX-Request": "true"}


@dataclass
class Desk:
    """Who sits where. `case` is Lin's, opened and empty unless a test fills it."""

    world: World
    case: Case
    lin: Actor
    clerk: Actor
    own: Client
    unit: Client
    other: Client
    stranger: Client

    def at(self, *parts: str) -> str:
        """An address below the case."""
        return "/".join([f"/ningxia/cases/{self.case.number}", *parts]) + "/"

    def section(self, code: str, *parts: str) -> str:
        return self.at("sections", code, *parts)

    def version(self, code: str) -> int:
        return queries.form_of(self.case).sections[code].version

    def typed(self, code: str) -> object:
        return queries.form_of(self.case).sections[code].typed

    def fresh(self) -> Case:
        self.case = made.fresh(self.case)
        return self.case

    def add(self, title: str = "优秀教师", code: str = "honors") -> str:
        """One more record, past the pages; its key."""
        record = made.sample_record(queries.service_of(self.case).by_code[code])
        seen = self.version(code)
        _, key = actions.save_record(
            case=self.case, section=code, record="", typed={**record, "title": title}, seen=seen, by=self.lin
        )
        return key


def make_desk(case: Case | None = None, *, by_unit: bool = False) -> Desk:
    """Lin at the school, Zhou its clerk, Sun and the hospital's clerk next door."""
    world = make_world()
    made.published()
    lin, clerk = as_self(world.lin), as_unit(world.cast.zhou, world.ground.school)
    return Desk(
        world,
        case or made.open_case(world.lin, clerk if by_unit else lin),
        lin,
        clerk,
        as_person(world.lin),
        at_unit(world.cast.zhou, world.ground.school),
        as_person(world.sun),
        at_unit(world.cast.sun, world.ground.hospital),
    )


def words_of(response: HttpResponse) -> str:
    """The page as it is read: without tags, with single spaces."""
    text = re.sub(r"<(script|style|noscript)\b.*?</\1>", " ", text_of(response), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def squeezed(response: HttpResponse) -> str:
    """The same without any spaces, for sentences that markup interrupts."""
    return re.sub(r"\s+", "", words_of(response))
