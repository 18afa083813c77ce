"""AC-15: units that come to be, change or hang under others: no ground, office or code is taken that way."""

import pytest

from bole.cases.terms import Status
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Invalid, Refused
from bole.organizations import actions as organizing
from bole.organizations import queries as organizations
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from bole.review import rules
from bole.review.engine import step_of
from tests.bindings.test_affairs import faults, retyped
from tests.factories import cases as made
from tests.factories.organizations import PASSWORD, SETUP, make_administrator
from tests.factories.people import fresh_phone
from tests.journeys.offices import ask, make_offices
from tests.journeys.test_affairs import handed_in
from tests.people import test_founding as founding

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_an_authority_lets_in_none_for_ground_that_is_not_its_own():
    """The county could otherwise make a friend the authority of another city that has none yet."""
    offices = make_offices("henan")
    affair = retyped(ask(offices, "unit-registration-authority"), organization__region="410200")
    assert faults(affair) == ["organization.region"]
    county, applicant = offices.at("county"), offices.person("first")
    assert applicant.account_id is not None
    with pytest.raises(Invalid, match="上级单位所属地区范围内"):
        organizing.register_unit(
            site="henan", kind=UnitKind.AUTHORITY, name="另一市人社部门", region="410200", parent=county.pk,
            credit_code="11410200005312345X", administrator=applicant.account_id, by=SETUP,
        )  # fmt: skip


@pytest.fixture
def shenzhen() -> Unit:
    """The city's authority, with the insurance register of its ground."""
    authority = organizing.create_unit(
        site="shenzhen", kind=UnitKind.AUTHORITY, name="深圳市人力资源和社会保障局", region="440300", by=SETUP
    )
    founding.load(founding.LINE)
    return authority


def test_a_removed_administrator_does_not_come_back_by_registering_the_unit_again(shenzhen: Unit):
    founding.found()
    unit = founding.unit()
    assert unit is not None
    removed = Appointment.objects.get(unit=unit, role=Role.ADMINISTRATOR.value)
    above = make_administrator(shenzhen, "市管理", 2)
    organizing.remove_administrator(unit=unit.pk, reason="违规", by=above)

    person = removed.account.person if removed.account else None
    assert person is not None
    himself = Actor(Way.PERSON, account=removed.account_id, person=person.pk, site="shenzhen")
    with pytest.raises(Refused, match="应急指定管理员"):
        founding.found(by=himself)
    assert organizations.holders(unit.pk, Role.ADMINISTRATOR) == ()


def test_staff_insured_at_an_authority_do_not_make_themselves_its_administrator(shenzhen: Unit):
    Unit.objects.filter(pk=shenzhen.pk).update(organization_code=founding.CODE)
    with pytest.raises(Refused, match="由上级人社部门设置"):
        founding.found()
    assert organizations.holders(shenzhen.pk, Role.ADMINISTRATOR) == ()


def test_no_unit_passes_its_own_request_as_overseer_of_the_unit_it_names():
    """An authority has ground over a department that it asks to hang under: it is not the other pair of eyes."""
    offices = make_offices("henan")
    affair = ask(offices, "superior-binding")
    case = handed_in(affair)
    service = made.queries.service_of(case)
    step = step_of(service.route, case.step)
    city, province = offices.at("city"), offices.at("province")
    assert step.overseen
    assert case.status == Status.IN_REVIEW
    assert rules.may_decide(offices.keeper(city.pk), case, step)  # above the seat: may decide in its stead
    case.unit = city
    assert not rules.may_decide(offices.keeper(city.pk), case, step)
    assert rules.may_decide(offices.keeper(province.pk), case, step)


def test_only_the_platform_registers_changes_and_attaches_units():
    offices = make_offices("henan")
    by, unit = offices.administrator("first"), offices.at("first")
    applicant = offices.person("first")
    assert applicant.account_id is not None
    with pytest.raises(Refused):
        organizing.register_unit(
            site="henan", kind=UnitKind.UNIT, name="自立单位", region=unit.region, parent=unit.pk,
            credit_code="x", administrator=applicant.account_id, by=by,
        )  # fmt: skip
    with pytest.raises(Refused):
        organizing.change_unit(unit=unit.pk, values={"name": "改名单位"}, by=by)
    with pytest.raises(Refused):
        organizing.attach_unit(unit=offices.at("second").pk, parent=unit.pk, by=by)
    with pytest.raises(Refused):
        people.transfer(person=applicant.pk, to=unit.pk, by=by)


def test_a_remembered_device_makes_nobody_an_administrator(shenzhen: Unit):
    person = people.install_person(
        site="shenzhen", kind="resident", number=founding.LIN, name="林致远", phone=fresh_phone(), password=PASSWORD,
        by=SETUP,
    )  # fmt: skip
    resumed = Actor(Way.PERSON, account=person.account_id, person=person.pk, site="shenzhen", assured=False)
    with pytest.raises(Refused, match="重新输入密码"):
        founding.found(by=resumed)
    assert founding.unit() is None
