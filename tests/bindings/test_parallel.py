"""Two decisions at once, on PostgreSQL: units that would be each other's superior, one code registered twice.

The first race has a twin with the lock of the tree taken away that must go wrong; so we know that it is really run.
"""

from contextlib import ExitStack, suppress
from threading import Barrier, BrokenBarrierError
from typing import Any
from unittest.mock import patch

import pytest

from bole.bindings import actions as bindings
from bole.cases import actions as cases
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions import queries as definitions
from bole.kernel.errors import BoleError
from bole.organizations.actions import attaching, tree
from bole.organizations.models import SEGMENT, Unit
from bole.organizations.terms import UnitKind
from bole.review import actions as review
from tests.factories import cases as made
from tests.journeys.offices import Offices, fresh_code, make_offices, open_office
from tests.review.test_parallel import race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def asks_for(offices: Offices, lower: str, upper: str) -> Case:
    """A request of one unit to be attached to the other, handed in."""
    by = offices.administrator(lower)
    service = definitions.service(offices.site, "superior-binding")
    case = bindings.open_case(service=service, person=None, unit=offices.at(lower), by=by)
    typed = {"unit": str(offices.units[upper].pk)}
    version = case.answers.get(section="target").version if case.answers.exists() else 0
    cases.save_section(case=case, section="target", typed=typed, seen=version, by=by)
    review.submit_case(case=case, seen=case.revision, by=by)
    return made.fresh(case)


def two_that_ask_for_each_other() -> tuple[Offices, list[Case]]:
    offices = make_offices("jilin")
    open_office(offices, "other", offices.units["loose"].region, None, UnitKind.UNIT, "另一单位")
    return offices, [asks_for(offices, "loose", "other"), asks_for(offices, "other", "loose")]


def is_forest() -> bool:
    """Every path is the parent's and one segment more."""
    rows = Unit.objects.select_related("parent")
    return all(row.path[:-SEGMENT] == (row.parent.path if row.parent else "") for row in rows)


def decide_at_once(offices: Offices, asked: list[Case]) -> list[Any]:
    def act(case: Case) -> Any:
        return lambda: made.approve(case, offices.keeper(case.seat_unit_id))

    return race(*(act(case) for case in asked))


def test_two_units_passed_as_each_others_superior_at_once_leave_a_tree():
    offices, asked = two_that_ask_for_each_other()

    outcomes = decide_at_once(offices, asked)

    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert [isinstance(each, BoleError) for each in refused] == [True]
    assert "下级单位" in str(refused[0])
    assert is_forest()
    states = sorted(Case.objects.filter(pk__in=[case.pk for case in asked]).values_list("status", flat=True))
    assert states == [Status.COMPLETED, Status.IN_REVIEW]


def test_without_the_lock_of_the_tree_the_two_collide():
    offices, asked = two_that_ask_for_each_other()
    gate, rewrite = Barrier(2, timeout=5), tree._rewrite

    def late(before: str, after: str) -> None:
        """Both have looked before either writes."""
        with suppress(BrokenBarrierError):
            gate.wait()
        rewrite(before, after)

    with ExitStack() as stack:
        stack.enter_context(patch.object(tree, "hold_tree", lambda site: None))
        stack.enter_context(patch.object(attaching, "hold_tree", lambda site: None))
        stack.enter_context(patch.object(tree, "_rewrite", late))
        outcomes = decide_at_once(offices, asked)

    refused = [each for each in outcomes if isinstance(each, BoleError)]
    broken = [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, BoleError)]
    assert broken or not is_forest() or not refused


def test_one_code_registered_twice_and_passed_at_once_makes_one_unit():
    offices = make_offices("henan")
    asked = []
    code = fresh_code(offices.units["county"].region)
    for name in ("department", "county"):
        person = offices.person(None, f"申请人{'甲' if name == 'county' else '乙'}")
        asked.append(offices.registration(person, name, code))

    outcomes = decide_at_once(offices, asked)

    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert [isinstance(each, BoleError) for each in refused] == [True]
    assert Unit.objects.filter(credit_code=code).count() == 1
