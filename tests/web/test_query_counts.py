"""List pages cost three rows what they cost one. The work list and the unit's list have their pins in staff/."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bole.cases import actions as cases
from bole.cases.terms import AuditWord
from bole.notices import actions as notices
from bole.organizations.terms import Role
from bole.people import actions as people
from bole.people.terms import Offered
from bole.portal.terms import ArticleKind
from bole.review import actions as review
from tests.factories import cases as made
from tests.factories import portal
from tests.factories.browsers import as_person, at_unit
from tests.factories.organizations import as_unit, give_role
from tests.factories.people import World, as_self, make_world

pytestmark = pytest.mark.both_databases

Add = Callable[[World, int], None]


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    made.published()
    give_role(world.ground.province, Role.EDITOR, world.cast.wu)
    return world


def person(world: World) -> Client:
    return as_person(world.lin)


def editor(world: World) -> Client:
    return at_unit(world.cast.wu, world.ground.province)


def visitor(world: World) -> Client:
    return Client()


def declare(world: World, number: int) -> None:
    """A declaration that was begun and cancelled, so that another can be begun."""
    case = made.open_case(world.lin, as_self(world.lin))
    review.cancel_case(case=case, seen=case.revision, by=as_self(world.lin))


def enter(world: World, number: int) -> None:
    """A record of the archive."""
    record = Offered(f"key-{number}", {"start": f"20{10 + number}-07", "employer": "兴庆区第一中学"})
    people.give_back(person=world.lin.pk, kind="work", records=[record], source="导入", by=as_self(world.lin))


def look(world: World, number: int) -> None:
    """A look at a declaration by the unit."""
    case = made.open_case(world.lin, as_self(world.lin)) if number == 0 else made.Case.objects.latest("opened_at")
    cases.look(case=case, by=as_unit(world.cast.zhou, world.ground.school), word=AuditWord.VIEWED)


def tell(world: World, number: int) -> None:
    assert world.lin.account_id is not None
    notices.tell(world.lin.account_id, title=f"第{number}条消息", body="请查收。")


def announce(world: World, number: int) -> None:
    portal.publish(f"通知第{number}号")


def decree(world: World, number: int) -> None:
    portal.publish(f"政策第{number}号", kind=ArticleKind.POLICY)


def complain(world: World, number: int) -> None:
    portal.complain(about=f"第{number}件")


@pytest.mark.parametrize(
    ("address", "browser", "add", "queries"),
    [
        ("me/", person, declare, 12),
        ("me/", person, tell, 12),
        ("my/cases/", person, declare, 4),
        ("my/archive/", person, enter, 6),
        ("my/looks/", person, look, 6),
        ("messages/", person, tell, 4),
        ("", visitor, announce, 6),
        ("announcements/", visitor, announce, 2),
        ("policies/", visitor, decree, 2),
        ("portal/", editor, announce, 7),
        ("portal/complaints/", editor, complain, 7),
    ],
)
def test_three_rows_cost_what_one_costs(
    world: World, address: str, browser: Callable[[World], Client], add: Add, queries: int
):
    client = browser(world)

    def cost() -> tuple[int, bytes]:
        with CaptureQueriesContext(connection) as sent:
            response = client.get(f"/ningxia/{address}")
        assert response.status_code == 200
        return len(sent), response.content

    add(world, 0)
    cost()
    one, page = cost()
    add(world, 1)
    add(world, 2)
    three, longer = cost()

    assert len(longer) != len(page)
    assert (one, three) == (queries, queries)
