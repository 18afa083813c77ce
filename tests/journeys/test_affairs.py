"""Every service of account affairs on every site that has it, walked to each of its ends through the real actions."""

from collections.abc import Callable

import pytest
from django.test import TestCase

from bole.audit import queries as ledger
from bole.bindings import actions as bindings
from bole.bindings.effects.organizations import REGISTERS
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions import queries as definitions
from bole.definitions.terms import SeatKind, SubjectKind, Verdict
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.people import queries as people
from bole.review import actions as review
from bole.review import queries
from bole.review.models import EffectRun
from tests.factories import cases as made
from tests.journeys.offices import Affair, Offices, ask, make_offices

AFFAIRS = sorted(
    key for key, service in definitions.catalogue().services.items() if service.category.endswith("基础业务")
)
# Who registers cannot log in before the unit decided, so there is nothing to withdraw or to cancel.
MENDABLE = [key for key in AFFAIRS if key[1] != bindings.PERSON_REGISTRATION]
pytestmark = pytest.mark.django_db


def handed_in(affair: Affair) -> Case:
    if affair.case.status == Status.DRAFT:
        with TestCase.captureOnCommitCallbacks(execute=True):
            review.submit_case(case=affair.case, seen=affair.case.revision, by=affair.by)
    affair.case = made.fresh(affair.case)
    return affair.case


def desk(offices: Offices, case: Case) -> Actor:
    return offices.keeper(case.seat_unit_id)


def pass_all(affair: Affair) -> Case:
    case = handed_in(affair)
    with TestCase.captureOnCommitCallbacks(execute=True):
        while case.status == Status.IN_REVIEW:
            case = made.approve(case, desk(affair.offices, case), "同意")
    affair.case = case
    return case


def world(affair: Affair) -> dict[str, object]:
    """What an affair may change: the person's unit and title, whether the account is open, the unit, all units."""
    person = people.person(affair.case.person_id) if affair.case.person_id else None
    tie = people.current_unit(person.pk) if person else None
    unit = organizations.unit(affair.case.unit_id)
    return {
        "tie": tie.pk if tie else None,
        "title": person.title if person else None,
        "open": bool(person and person.account and person.account.is_active),
        "unit": (unit.name, unit.credit_code, unit.parent_id),
        "units": Unit.objects.count(),
    }


def expected(affair: Affair) -> dict[str, object]:
    """What is different once the affair was passed."""
    typed = {code: form.typed for code, form in made.queries.form_of(affair.case).sections.items()}
    unit = organizations.unit(affair.case.unit_id)
    match affair.service.service:
        case "person-registration":
            return {"tie": unit.pk, "open": True}
        case "person-change":
            return {"title": typed["change"]["title"]}
        case "unit-binding":
            return {"tie": unit.pk}
        case "transfer":
            return {"tie": affair.offices.units["second"].pk}
        case "superior-binding":
            return {"unit": (unit.name, unit.credit_code, affair.offices.units["county"].pk)}
        case "unit-change":
            return {"unit": (typed["change"]["name"], typed["change"]["credit_code"], unit.parent_id)}
        case _:
            return {"units": Unit.objects.count() + 1}


@pytest.fixture
def stand() -> Callable[[str, str], Affair]:
    """Makes the offices of a site and the affair."""
    return lambda site, code: ask(make_offices(site), code)


def test_every_site_but_the_one_with_imported_units_has_affairs():
    assert {site for site, _ in AFFAIRS} == {"guizhou", "henan", "jilin", "shenzhen"}
    assert {code for _, code in AFFAIRS if code.startswith("unit-registration")} == set(REGISTERS)


@pytest.mark.parametrize(("site", "code"), AFFAIRS)
def test_passed_by_every_desk_it_comes_true_once(stand, site, code):
    affair = stand(site, code)
    case = handed_in(affair)
    before, comes = world(affair), expected(affair)

    case = pass_all(affair)

    assert case.status == Status.COMPLETED
    assert world(affair) == before | comes
    assert before != before | comes
    ran = sorted(EffectRun.objects.filter(case=case).values_list("effect", flat=True))
    assert ran == sorted((*affair.service.on.submitted, *affair.service.on.completed))
    assert queries.replay(case).status is Status.COMPLETED
    assert ledger.about("case", case.number).filter(action="review.case.decided").exists()


@pytest.mark.parametrize(("site", "code"), AFFAIRS)
def test_terminated_nothing_comes_true_and_it_can_be_asked_again(stand, site, code):
    affair = stand(site, code)
    case = handed_in(affair)
    before = world(affair)

    with TestCase.captureOnCommitCallbacks(execute=True):
        case = made.terminate(case, desk(affair.offices, case), "信息不符")

    assert (case.status, case.open_key) == (Status.TERMINATED, None)
    assert world(affair) == before
    if code != bindings.PERSON_REGISTRATION:
        assert affair.again().status == Status.DRAFT


@pytest.mark.parametrize(("site", "code"), MENDABLE)
def test_withdrawn_it_can_be_handed_in_again(stand, site, code):
    affair = stand(site, code)
    case = handed_in(affair)
    before = world(affair)

    review.withdraw_case(case=case, seen=case.revision, by=affair.by)

    affair.case = made.fresh(case)
    assert (affair.case.status, world(affair)) == (Status.DRAFT, before)
    assert pass_all(affair).status == Status.COMPLETED


@pytest.mark.parametrize(("site", "code"), MENDABLE)
def test_cancelled_it_is_over_and_frees_the_subject(stand, site, code):
    affair = stand(site, code)
    before = world(affair)

    review.cancel_case(case=affair.case, seen=affair.case.revision, by=affair.by)

    affair.case = made.fresh(affair.case)
    assert (affair.case.status, affair.case.open_key, world(affair)) == (Status.CANCELLED, None, before)
    assert affair.again().pk != affair.case.pk


@pytest.mark.parametrize(("site", "code"), [key for key in MENDABLE if "transfer" not in key])
def test_sent_back_it_can_be_mended_to_the_end(stand, site, code):
    affair = stand(site, code)
    case = handed_in(affair)
    step = next(step for step in affair.service.route.steps if step.step == case.step)
    assert step.option(Verdict.SEND_BACK) is not None
    section = next(one.section for one in affair.service.sections if any(not each.fixed for each in one.fields))

    case = made.send_back(case, desk(affair.offices, case), section)
    assert (case.status, case.open_sections) == (Status.RETURNED, [section])

    review.submit_case(case=case, seen=case.revision, by=affair.by)
    assert pass_all(affair).status == Status.COMPLETED


@pytest.mark.parametrize(("site", "code"), AFFAIRS)
def test_nobody_decides_on_what_they_asked_for(stand, site, code):
    affair = stand(site, code)
    case = handed_in(affair)
    with pytest.raises(Refused):
        made.approve(case, affair.by)
    stranger = affair.offices.keeper(affair.offices.units["loose"].pk)
    with pytest.raises(Refused, match="其他单位"):
        made.approve(case, stranger)


@pytest.mark.parametrize(("site", "code"), AFFAIRS)
def test_an_overseen_desk_is_decided_by_the_authority_above_and_no_other(stand, site, code):
    affair = stand(site, code)
    case = handed_in(affair)
    step = next(step for step in affair.service.route.steps if step.step == case.step)
    province = affair.offices.keeper(next(iter(affair.offices.units.values())).pk)
    if step.overseen and case.seat_unit_id != province.unit:
        assert made.approve(case, province).revision > case.revision
    else:
        with pytest.raises(Refused):
            made.approve(case, province)


@pytest.mark.parametrize(("site", "code"), [key for key in AFFAIRS if key[1].startswith("unit-registration")])
def test_who_registered_a_unit_administers_it(stand, site, code):
    affair = stand(site, code)
    pass_all(affair)

    unit = Unit.objects.latest("created_at")
    assert (unit.kind, unit.parent_id) == (REGISTERS[code].value, affair.case.unit_id)
    assert affair.by.account is not None
    assert organizations.holds(affair.by.account, unit.pk, Role.ADMINISTRATOR)
    if code == "unit-registration-base":
        assert [set(row) for row in unit.details["venues"]] == [{"place", "address", "area", "seats", "facilities"}]
        assert len(unit.details["teachers"]) == 1


def test_every_desk_of_the_affairs_is_kept_by_the_same_role():
    roles = {step.role for key in AFFAIRS for step in definitions.catalogue().services[key].route.steps}
    assert roles == {Role.REGISTRAR.value}
    seats = {step.seat.kind for key in AFFAIRS for step in definitions.catalogue().services[key].route.steps}
    assert SeatKind.ANSWER in seats
    units = [key for key in AFFAIRS if definitions.catalogue().services[key].subject is SubjectKind.UNIT]
    assert {definitions.catalogue().services[key].filed_by for key in units} == {Role.ADMINISTRATOR.value}
