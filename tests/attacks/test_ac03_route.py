"""AC-03: the way of a case is the one it was sent on; who is judged does not choose the judge meanwhile."""

from bole.cases import queries as cases
from bole.organizations import actions as organizing
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Task
from tests.attacks.conftest import Stage
from tests.factories import cases as made
from tests.factories.organizations import as_unit, give_role, make_account


def settle(stage: Stage, region: str) -> None:
    """The school says that it lies elsewhere."""
    school = Unit.objects.get(pk=stage.world.ground.school.pk)
    superior = str(stage.world.ground.education.pk)
    values = {
        "address": "解放东街1号", "leader": "周校长", "leader_phone": "13800000001", "unit_type": "20",
        "affiliation": "50", "economic_type": "110", "industry": "83", "region": region,
        "administrative_superior": superior, "industry_superior": superior,
    }  # fmt: skip
    organizing.describe_unit(unit=school.pk, values=values, seen=school.revision, by=stage.clerk)


def test_a_unit_does_not_choose_the_next_desk_while_the_case_is_on_its_way(stage: Stage):
    """From the county's desk to another city's, or past the city by calling itself the region's own."""
    elsewhere = make_account("石审核", "640104199001010018")
    give_role(stage.world.ground.shizuishan, Role.REVIEWER, elsewhere)
    for region in ("640202", "640000"):
        case = made.submitted_case(stage.world.lin, stage.lin)
        case = made.approve(case, stage.clerk)
        settle(stage, region)

        case = made.approve(case, stage.county)

        assert (case.step, case.seat_unit) == ("city", stage.world.ground.yinchuan)
        assert {step.unit for step in queries.route_preview(case)} >= {stage.world.ground.yinchuan.name}
        made.terminate(case, as_unit(stage.city, stage.world.ground.yinchuan))
        settle(stage, "640104")


def test_a_returned_case_goes_by_where_the_unit_is_when_it_is_sent_again(stage: Stage):
    give_role(stage.world.ground.dawukou, Role.REVIEWER, make_account("武审核", "640104199001010018"))
    case = made.submitted_case(stage.world.lin, stage.lin)
    case = made.send_back(case, stage.clerk, "supplement")
    settle(stage, "640202")
    review.submit_case(case=case, seen=case.revision, by=stage.lin)
    case = made.approve(case, stage.clerk)
    assert case.seat_unit == stage.world.ground.dawukou
    assert Task.objects.get(case=case, closed_at=None).unit == stage.world.ground.dawukou
    assert cases.context_of(case).facts["unit"]["region"] == "640202"
