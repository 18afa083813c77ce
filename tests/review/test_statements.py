"""A decision asks for each thing once, under the lock of its case; a batch asks for the desk ahead once."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bole.cases.models import Case
from bole.definitions.terms import Verdict
from bole.kernel.actors import Actor
from bole.organizations.models import Appointment
from bole.organizations.terms import Role
from bole.people.models import Person
from bole.review import actions as review
from bole.review import queries
from bole.review.actions import deciding
from bole.review.actions.moving import append
from bole.review.models import Movement
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS, as_unit, give_role, make_account
from tests.factories.people import World, as_self, register


def reads(act: Callable[[], object]) -> Counter[str]:
    """How often each table stood first in a question."""
    with CaptureQueriesContext(connection) as sent:
        act()
    asked = [each["sql"] for each in sent if each["sql"].startswith("SELECT")]
    return Counter(sql.partition(" FROM ")[2].split()[0].strip('"') for sql in asked)


@pytest.fixture
def county(world: World) -> Actor:
    give_role(world.ground.yinchuan, Role.REVIEWER, make_account("银川审核", SPARE_NUMBERS[2]))
    return as_unit(world.cast.chen, world.ground.xingqing)


def at_county(world: World, person: Person) -> Case:
    case = made.submitted_case(person, as_self(person))
    return made.approve(case, as_unit(world.cast.zhou, world.ground.school))


def test_a_decision_asks_for_each_thing_once(world: World, county: Actor):
    case = at_county(world, world.lin)

    found = reads(
        lambda: review.decide(
            case=case, step=case.step, seen=case.revision, verdict=Verdict.APPROVE, opinion="", by=county
        )
    )

    assert found.pop("organizations_appointment") == 2  # who decides, and whether anybody sits at the next desk
    assert found == Counter(dict.fromkeys(found, 1)), found
    assert {"cases_case", "cases_typist", "review_movement", "review_task", "organizations_unit"} <= set(found)


def test_a_case_is_looked_up_without_asking_twice_what_its_reviewer_holds(world: World, county: Actor):
    case = at_county(world, world.lin)

    found = reads(lambda: queries.case_visible(case.number, county))

    assert found == {"organizations_appointment": 1, "cases_case": 1}


def test_who_loses_the_role_in_the_middle_of_a_batch_decides_no_further(
    world: World, county: Actor, monkeypatch: pytest.MonkeyPatch
):
    other = register("柳知远", SPARE_NUMBERS[3], unit=world.ground.school)
    cases = [at_county(world, person) for person in (world.lin, other)]

    def append_and_end(**values: Any) -> Movement:
        row = append(**values)
        held = Appointment.objects.filter(account_id=county.account, ended_at=None)
        held.update(ended_at=row.moved_at)
        return row

    monkeypatch.setattr(deciding, "append", append_and_end)
    chosen = [(case.number, case.revision) for case in cases]
    first, second = review.decide_many(cases=chosen, verdict=Verdict.APPROVE, opinion="", by=county)

    assert (first.ok, second.ok) == (True, False)
    assert "没有这个环节的审核权限" in second.say
    assert made.fresh(cases[1]).step == "county"
