"""An authority's reviewer may decide for all units below it, and change nothing there (GZ-05); ranges of business;
desks whose reviewing was closed from above (HA-11)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Refused
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Movement, Task
from tests.factories import cases as made
from tests.factories.organizations import as_unit, give_role, make_account
from tests.review.affairs import NUMBERS, Affairs, applicants


def below(by: Actor) -> list[str]:
    return [task.case.number for task in queries.overseen_tasks(by, roles=queries.REGISTRY)]


def waiting(by: Actor) -> list[str]:
    return [task.case.number for task in queries.inbox(by, roles=queries.REGISTRY)]


def limit(account: object, *services: str) -> None:
    """Narrow what the account was granted to these services."""
    Appointment.objects.filter(account=account).update(services=list(services))


def test_authority_above_decides_in_the_units_stead_and_says_so(affairs: Affairs):
    case = affairs.change()
    assert (waiting(affairs.at_county), below(affairs.at_county)) == ([], [case.number])
    assert queries.case_visible(case.number, affairs.at_county) == case

    case = made.approve(case, affairs.at_county)

    row = Movement.objects.get(case=case, step="superior")
    assert (case.status, row.unit, row.unit_name) == ("completed", affairs.world.ground.xingqing, row.unit.name)
    task = Task.objects.get(case=case)
    assert (task.unit, task.decided_unit) == (affairs.world.ground.education, affairs.world.ground.xingqing)
    assert list(queries.done_tasks(affairs.at_county)) == [task]
    assert list(queries.done_tasks(affairs.at_department)) == []


def test_opening_it_above_begins_the_task(affairs: Affairs):
    case = affairs.change()

    task = review.begin(case=case, by=affairs.at_county)

    assert task is not None
    assert task.begun_name == "区账户审核"


def test_region_reaches_all_units_below_by_tree_or_by_ground(affairs: Affairs):
    ground = affairs.world.ground
    head = make_account("厅账户审核", NUMBERS[0])
    give_role(ground.province, Role.REGISTRAR, head)
    case = affairs.change()
    assert below(as_unit(head, ground.province)) == [case.number]

    # Taken out of the tree, the department still lies on the county's ground.
    Unit.objects.filter(pk=ground.education.pk).update(path="zzzz", parent=None)
    assert below(affairs.at_county) == [case.number]
    made.approve(case, affairs.at_county)


@pytest.mark.parametrize("where", ["jinfeng", "shizuishan", "hospital"])
def test_neighbours_and_other_kinds_of_unit_oversee_nothing(affairs: Affairs, where: str):
    unit = getattr(affairs.world.ground, where)
    stranger = make_account("别处账户审核", NUMBERS[0])
    give_role(unit, Role.REGISTRAR, stranger)
    case = affairs.change()

    assert below(as_unit(stranger, unit)) == []
    with pytest.raises(Refused, match="在其他单位的办理环节"):
        made.approve(case, as_unit(stranger, unit))
    with pytest.raises(Absent):
        queries.case_visible(case.number, as_unit(stranger, unit))


def test_steps_that_are_not_overseen_stay_with_their_unit(affairs: Affairs):
    case = affairs.join(applicants()[0])

    assert below(affairs.at_county) == []
    with pytest.raises(Refused, match="在其他单位的办理环节"):
        made.approve(case, affairs.at_county)


def test_another_role_in_the_authority_does_not_do(affairs: Affairs):
    """Chen reviews business for the county; what waits is a registrar's."""
    case = affairs.change()
    chen = as_unit(affairs.world.cast.chen, affairs.world.ground.xingqing)

    with pytest.raises(Refused, match="没有这个环节的审核权限"):
        made.approve(case, chen)


def test_what_waits_below_is_found_in_one_query_and_counted_with_the_rest(affairs: Affairs):
    affairs.change()
    by = affairs.at_county
    with CaptureQueriesContext(connection) as listed:
        assert len(list(queries.overseen_tasks(by))) == 1
    with CaptureQueriesContext(connection) as counted:
        counts = queries.inbox_counts(by, clock.today(), overseen=True)

    assert (counts["waiting"], counts["below"]) == (0, 1)
    # What is held, the unit acted for, and the list or the counters.
    assert (len(listed), len(counted)) == (2, 2)
    assert '."path" >= ' in listed[-1]["sql"]


def test_grant_for_some_services_opens_only_those(affairs: Affairs):
    join, change = affairs.join(applicants()[0]), affairs.change()
    give_role(affairs.school, Role.REVIEWER, affairs.registrar)
    limit(affairs.registrar, "unit-facts")
    limit(affairs.above, "joining")

    for by, case in ((affairs.at_school, join), (affairs.at_department, change)):
        assert waiting(by) == []
        assert queries.inbox_counts(by, clock.today())["waiting"] == 0
        assert review.begin(case=case, by=by) is None
        with pytest.raises(Refused, match="没有这个环节的审核权限"):
            made.approve(case, by)
    with pytest.raises(Absent):
        queries.case_visible(join.number, affairs.at_school)
    assert waiting(affairs.administrator) == [join.number]
    made.approve(join, affairs.administrator)


def test_neighbours_stay_in_the_range(affairs: Affairs):
    one, two = [affairs.join(person) for person in applicants()[:2]]
    task = Task.objects.get(case=one)
    assert queries.neighbours(task, affairs.at_school)[1] == 2

    limit(affairs.registrar, "joining")
    assert queries.neighbours(task, affairs.at_school)[3] == Task.objects.get(case=two)
    limit(affairs.registrar, "sending")
    assert queries.neighbours(task, affairs.at_school) == (0, 0, None, None)


def test_desk_whose_holders_are_all_out_of_range_is_vacant(affairs: Affairs):
    limit(affairs.above, "joining")

    with pytest.raises(Refused, match="还没有设置办理「上级审核」的人员"):
        affairs.change()


def test_unit_whose_reviewing_was_closed_decides_nothing_and_says_whom_to_ask(affairs: Affairs):
    case = affairs.change()
    Unit.objects.filter(pk=affairs.world.ground.education.pk).update(review_closed_at=clock.now())

    with pytest.raises(
        Refused, match=r"「兴庆区教育局」的审核权限已经关闭.*上级单位「银川市兴庆区人力资源和社会保障局」"
    ):
        made.approve(case, affairs.at_department)
    # Whoever oversees it still may: the authority's desk is not the unit's.
    assert made.approve(case, affairs.at_county).status == "completed"


def test_nothing_is_handed_in_to_a_desk_that_was_closed(affairs: Affairs):
    Unit.objects.filter(pk=affairs.world.ground.education.pk).update(review_closed_at=clock.now())

    with pytest.raises(Refused, match="现在没有部门办理「上级审核」：「兴庆区教育局」的审核权限已经关闭"):
        affairs.change()
