"""Of many rows, each in its own transaction, one gives way to others: it is told so, the others are done."""

import pytest
from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from bole.organizations import actions as organizations
from bole.organizations.actions import leaving
from bole.organizations.terms import Role
from bole.review import actions, queries
from bole.review.actions import rerouting, results
from tests.factories import cases as made
from tests.factories.grading import applicants, completed, desks, grading_in_force
from tests.factories.organizations import give_role, make_administrator
from tests.factories.people import World, as_self
from tests.review.test_results import workbook

WAY_OUT = "这一次没有办成，什么也没有改变。请过几秒再办理一次"


class Once:
    """The act itself, which others let wait for too long when it is called for the time named."""

    def __init__(self, module: object, name: str, turn: int, patch: pytest.MonkeyPatch) -> None:
        self._act, self._left = getattr(module, name), turn
        patch.setattr(module, name, self)

    def __call__(self, *given: object, **named: object) -> object:
        self._left -= 1
        if self._left == 0:
            raise OperationalError("canceling statement due to lock timeout") from LockNotAvailable()
        return self._act(*given, **named)


def test_a_row_of_results_that_gave_way_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch):
    with grading_in_force() as service:
        region = desks(world)[2]
        first, second, third = [completed(world, service, person) for person in applicants(world)]
        names = {first: "林致远", second: "艾学礼", third: "白云飞"}
        rows = [(case.number, name, "通过", "C", "8号", "2026-04-18") for case, name in names.items()]
        lines = queries.read_outcomes(workbook(*rows), service=service, most=10, by=region)
        assert [line.ok for line in lines] == [True, True, True]
        Once(results, "enter_outcome", 2, monkeypatch)
        done = actions.import_outcomes(lines=lines, service="grading", by=region)
        assert [row.ok for row in done] == [True, False, True]
        assert WAY_OUT in done[1].say

        Once(results, "_publish", 1, monkeypatch)
        chosen = [(case.number, 1) for case in (first, third)]
        published = actions.publish_outcomes(chosen=chosen, by=region)
        assert [row.ok for row in published] == [False, True]
        assert WAY_OUT in published[0].say


def test_a_case_that_gave_way_is_rerouted_next_time(world: World, monkeypatch: pytest.MonkeyPatch):
    case = made.submitted_case(world.lin, as_self(world.lin))
    by = make_administrator(world.ground.school, "赵管理", 1)
    Once(rerouting, "reroute", 1, monkeypatch)
    chosen = [(case.number, case.revision)]
    (row,) = actions.reroute_many(cases=chosen, unit=world.ground.school.pk, by=by)
    assert not row.ok
    assert WAY_OUT in row.say
    (row,) = actions.reroute_many(cases=chosen, unit=world.ground.school.pk, by=by)
    assert row.ok


def test_a_leaver_whose_turn_gave_way_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch):
    school, by = world.ground.school, make_administrator(world.ground.school, "赵管理", 1)
    leavers = [world.cast.chen, world.cast.sun]
    for each in leavers:
        give_role(school, Role.EXPERT, each)
    Once(leaving, "end_all", 1, monkeypatch)
    one, other = organizations.clean_up(unit=school.pk, accounts=[each.pk for each in leavers], reason="离职", by=by)
    assert (one.ok, other.ok) == (False, True)
    assert WAY_OUT in one.say
