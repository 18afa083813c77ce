"""What stands against affairs of accounts: told where it was typed, refused where it is decided, nothing half-done."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import TestCase

from bole.accounts.models import Account
from bole.bindings import actions as bindings
from bole.bindings import queries as plans
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions import queries as definitions
from bole.definitions.terms import Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Invalid, Moved, Refused
from bole.notices import queries as inbox
from bole.organizations import actions as organizations
from bole.organizations import queries as units
from bole.organizations.models import Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from bole.people import queries
from bole.people.models import Person
from bole.review import actions as review
from tests.factories import cases as made
from tests.factories.browsers import at_unit, text_of
from tests.factories.organizations import PASSWORD, SETUP
from tests.factories.people import obtain_code
from tests.journeys.offices import (
    Affair,
    Offices,
    as_self,
    ask,
    fill,
    fresh_number,
    fresh_phone,
    make_offices,
    own_answers,
    register_to_wait,
)
from tests.journeys.test_affairs import handed_in, pass_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices() -> Offices:
    return make_offices("henan")


def retyped(affair: Affair, **typed: Any) -> Affair:
    """The same with other answers; names are "section__field"."""
    own: Mapping[tuple[str, str], Any] = {
        **own_answers(affair.offices, affair.service),
        **{tuple(name.split("__")): value for name, value in typed.items()},
    }
    sections = {name.partition("__")[0] for name in typed}
    for section in affair.service.sections:
        if section.section in sections and section.many is None:
            record = {**made.sample_record(section), **{n: v for (s, n), v in own.items() if s == section.section}}
            seen = made.queries.form_of(affair.case).sections[section.section].version
            record = {name: value for name, value in record.items() if name in section.by_code}
            made.actions.save_section(case=affair.case, section=section.section, typed=record, seen=seen, by=affair.by)
    affair.case = made.fresh(affair.case)
    return affair


def faults(affair: Affair) -> list[str]:
    """Where it stands against the hand-in."""
    with pytest.raises(Invalid) as wrong:
        review.submit_case(case=affair.case, seen=affair.case.revision, by=affair.by)
    assert made.fresh(affair.case).status == Status.DRAFT
    return [fault.at for fault in wrong.value.faults]


def test_a_code_that_a_unit_has_is_told_where_it_was_typed(offices: Offices):
    taken = offices.units["second"].credit_code
    affair = retyped(ask(offices, "unit-registration-employer"), organization__credit_code=taken)
    assert faults(affair) == ["organization.credit_code"]
    change = retyped(ask(offices, "unit-change"), change__credit_code=taken)
    assert faults(change) == ["change.credit_code"]


@pytest.mark.parametrize("region", ["640104", "110101"])
def test_ground_of_another_site_is_told_where_it_was_chosen(offices: Offices, region: str):
    affair = retyped(ask(offices, "unit-registration-employer"), organization__region=region)
    assert faults(affair) == ["organization.region"]


def test_a_second_authority_of_a_region_is_told(offices: Offices):
    affair = ask(offices, "unit-registration-authority")
    assert faults(retyped(affair, organization__region=offices.units["county"].region)) == ["organization.region"]


def test_a_code_taken_meanwhile_is_a_refusal_to_who_decides(offices: Offices):
    affair = ask(offices, "unit-registration-employer")
    case = handed_in(affair)
    code = made.queries.form_of(case).sections["organization"].typed["credit_code"]
    organizations.create_unit(
        site="henan", kind=UnitKind.UNIT, name="抢先登记的单位",
        region=offices.units["county"].region, credit_code=code, by=SETUP,
    )  # fmt: skip
    before = Unit.objects.count()

    with pytest.raises(Refused, match="已经登记"):
        made.approve(case, offices.keeper(case.seat_unit_id))

    assert (made.fresh(case).status, Unit.objects.count()) == (Status.IN_REVIEW, before)


def test_who_administers_a_unit_registers_no_other(offices: Offices):
    affair = ask(offices, "unit-registration-employer")
    case = handed_in(affair)
    assert affair.by.account is not None
    loose = offices.units["loose"]
    held = units.holders(loose.pk, Role.ADMINISTRATOR)
    assert len(held) == 1
    for row in loose.appointments.filter(role=Role.ADMINISTRATOR.value):
        organizations.end_appointment(appointment=row.pk, reason="离岗", by=SETUP)
    organizations.install_holder(unit=loose.pk, role=Role.ADMINISTRATOR, account=affair.by.account, by=SETUP)

    with pytest.raises(Refused, match="申请人已是无上级单位的单位管理员"):
        made.approve(case, offices.keeper(case.seat_unit_id))
    case = made.terminate(case, offices.keeper(case.seat_unit_id))
    affair.case = affair.again()
    fill(affair.case, own_answers(offices, affair.service), affair.by)
    made.prove(affair.case, affair.by)
    with pytest.raises(Refused, match="您已是无上级单位的单位管理员"):
        review.submit_case(case=made.fresh(affair.case), seen=0, by=affair.by)


def test_who_belongs_to_a_unit_binds_no_other_and_not_the_same_again(offices: Offices):
    service = definitions.service("henan", "unit-binding")
    person = offices.person("first")
    for name, say in (("first", "已经是「第一中学」的人员"), ("second", "请由该单位办理「人员调转」")):
        case = bindings.open_case(service=service, person=person, unit=offices.at(name), by=as_self(person))
        fill(case, {}, as_self(person))
        case = made.fresh(case)
        with pytest.raises(Refused, match=say):
            review.submit_case(case=case, seen=case.revision, by=as_self(person))
        review.cancel_case(case=case, seen=case.revision, by=as_self(person))


def test_nobody_opens_for_somebody_else_or_in_a_unit_that_cannot_be_chosen(offices: Offices):
    binding = definitions.service("henan", "unit-binding")
    one, other = offices.person(None), offices.person(None)
    with pytest.raises(Refused, match="只能为本人"):
        bindings.open_case(service=binding, person=one, unit=offices.at("first"), by=as_self(other))
    with pytest.raises(Invalid):
        bindings.open_case(service=binding, person=one, unit=None, by=as_self(one))
    register = definitions.service("henan", "unit-registration-employer")
    with pytest.raises(Refused, match="请选择主管部门、人社部门"):
        bindings.open_case(service=register, person=one, unit=offices.at("second"), by=as_self(one))
    transfer = definitions.service("henan", "transfer")
    with pytest.raises(Refused):
        bindings.open_case(
            service=transfer, person=offices.person("second"), unit=offices.at("first"),
            by=offices.keeper(offices.units["first"].pk),
        )  # fmt: skip


def test_a_transfer_goes_to_another_unit_and_of_somebody_still_here(offices: Offices):
    affair = ask(offices, "transfer")
    assert affair.person is not None
    assert faults(retyped(affair, target__unit=str(offices.units["first"].pk))) == ["target.unit"]
    case = handed_in(retyped(affair, target__unit=str(offices.units["second"].pk)))
    people.end_tie(person=affair.person.pk, by=SETUP)
    with pytest.raises(Refused, match="已经不在调出单位"):
        made.approve(case, offices.keeper(case.seat_unit_id))
    assert queries.current_unit(affair.person.pk) is None


def test_rights_in_the_former_unit_end_with_the_transfer_and_open_cases_go_along(offices: Offices):
    affair = ask(offices, "transfer")
    person = affair.person
    assert person is not None
    assert person.account_id is not None
    first, second = offices.units["first"], offices.units["second"]
    organizations.install_holder(unit=first.pk, role=Role.REGISTRAR, account=person.account_id, by=SETUP)
    own = definitions.service("henan", "person-change")
    change = bindings.open_case(service=own, person=person, unit=offices.at("first"), by=as_self(person))
    fill(change, {}, as_self(person))
    review.submit_case(case=made.fresh(change), seen=0, by=as_self(person))

    pass_all(affair)

    assert not units.holds(person.account_id, first.pk, Role.REGISTRAR)
    change = made.fresh(change)
    assert (change.unit_id, change.seat_unit_id) == (second.pk, second.pk)
    with pytest.raises(Refused):
        made.approve(change, offices.keeper(first.pk))
    assert made.approve(change, offices.keeper(second.pk)).status == Status.COMPLETED
    told = [message.title for message in inbox.inbox(person.account_id)]
    assert "您已调转到第二医院" in told
    assert "申请人已调转到第二医院" not in told


def test_what_the_former_unit_has_begun_it_finishes(offices: Offices):
    affair = ask(offices, "transfer")
    person = affair.person
    assert person is not None
    own = definitions.service("henan", "person-change")
    change = bindings.open_case(service=own, person=person, unit=offices.at("first"), by=as_self(person))
    fill(change, {}, as_self(person))
    review.submit_case(case=made.fresh(change), seen=0, by=as_self(person))
    keeper = offices.keeper(offices.units["first"].pk)
    review.begin(case=made.fresh(change), by=keeper)

    pass_all(affair)

    assert made.approve(change, keeper).status == Status.COMPLETED


def test_what_was_asked_of_a_chosen_unit_stays_there_when_the_person_moves(offices: Offices):
    affair = ask(offices, "transfer")
    person = affair.person
    assert person is not None
    service = definitions.service("henan", "unit-registration-employer")
    register = bindings.open_case(service=service, person=person, unit=offices.at("department"), by=as_self(person))
    pass_all(affair)
    assert made.fresh(register).unit_id == offices.units["department"].pk


def register(offices: Offices, unit: Unit, number: str = "", phone: str = "") -> str:
    """「注册」 of a technician; what was answered."""
    phone = phone or fresh_phone()
    done = bindings.register_for_approval(
        site="henan", kind="resident", number=number or fresh_number(), name="新注册人员", phone=phone,
        code=obtain_code(phone), password=PASSWORD, ethnic_group="01", unit=unit.pk, email="a@example.org",
        details={"native_place": "410902", "school": "郑州大学", "major": "临床医学", "telephone": ""},
        by=Actor(Way.PERSON),
    )  # fmt: skip
    return f"{done.sentence} {done.hint}"


def test_a_registration_waits_with_what_was_typed_and_opens_nothing(offices: Offices):
    with TestCase.captureOnCommitCallbacks(execute=True):
        register(offices, offices.at("first"))
    case = Case.objects.get()
    person = case.person
    assert person is not None
    assert person.account is not None
    assert (case.status, case.seat_unit_id) == (Status.IN_REVIEW, offices.units["first"].pk)
    assert not person.account.is_active
    assert queries.current_tie(person.pk) is None
    typed = made.queries.form_of(case).sections["registrant"].typed
    assert typed == {
        "email": "a@example.org", "native_place": "河南省濮阳市华龙区", "school": "郑州大学", "major": "临床医学",
    }  # fmt: skip


def test_the_answer_is_the_same_for_a_number_that_is_registered(offices: Offices):
    known = offices.person("first")
    before = (Account.objects.count(), Person.objects.count(), Case.objects.count())
    fresh = register(offices, offices.at("first"))
    assert register(offices, offices.at("first"), number=known.identity_number) == fresh
    after = (Account.objects.count(), Person.objects.count(), Case.objects.count())
    assert after == tuple(count + 1 for count in before)


def test_where_nobody_can_pass_it_nothing_is_registered_whoever_asks(offices: Offices):
    loose = offices.units["loose"]
    for row in loose.appointments.all():
        organizations.end_appointment(appointment=row.pk, reason="离岗", by=SETUP)
    known = offices.person("first")
    before = Account.objects.count()
    said = []
    for number in (fresh_number(), known.identity_number):
        with pytest.raises(Invalid) as wrong:
            register(offices, loose, number=number)
        said.append(wrong.value.sentence)
    assert said[0] == said[1]
    assert Account.objects.count() == before


def test_who_was_rejected_registers_again_with_the_same_phone(offices: Offices):
    case = register_to_wait(offices, offices.at("first"))
    person = case.person
    assert person is not None
    made.terminate(case, offices.keeper(case.seat_unit_id), "不是本单位人员")
    assert person.phone is not None

    with clock.travel(clock.now() + timedelta(minutes=2)):  # one code a minute to a phone
        register(offices, offices.at("second"), number=person.identity_number, phone=person.phone)

    again = Case.objects.latest("opened_at")
    assert (again.person_id, again.unit_id, again.status) == (person.pk, offices.units["second"].pk, Status.IN_REVIEW)
    made.approve(again, offices.keeper(again.seat_unit_id))
    assert queries.current_unit(person.pk) == offices.at("second")


def test_who_passes_sees_what_follows_and_passes_exactly_that(offices: Offices):
    affair = ask(offices, "transfer")
    person = affair.person
    assert person is not None
    case = handed_in(affair)
    plan = plans.plan_of(case)
    assert plan is not None
    assert plan.lines == ()
    own = definitions.service("henan", "person-change")
    change = bindings.open_case(service=own, person=person, unit=offices.at("first"), by=as_self(person))

    def decide(word: str) -> None:
        bindings.decide(
            case=case, step=case.step, seen=case.revision, verdict=Verdict.APPROVE, opinion="", seen_plan=word,
            by=offices.keeper(case.seat_unit_id),
        )  # fmt: skip

    with pytest.raises(Moved, match="未办结的申报有变化"):
        decide(plan.word)
    assert made.fresh(case).status == Status.IN_REVIEW
    fresh = plans.plan_of(case)
    assert fresh is not None
    assert [(line.number, line.after) for line in fresh.lines] == [(change.number, "第二医院")]
    decide(fresh.word)
    assert made.fresh(change).unit_id == offices.units["second"].pk
    assert plans.plan_of(made.fresh(change)) is None


def test_the_plan_stands_on_the_review_page(offices: Offices):
    affair = ask(offices, "transfer")
    person = affair.person
    assert person is not None
    own = definitions.service("henan", "person-change")
    change = bindings.open_case(service=own, person=person, unit=offices.at("first"), by=as_self(person))
    case = handed_in(affair)
    keeper = Account.objects.get(pk=offices.keeper(case.seat_unit_id).account)

    page = text_of(at_unit(keeper, offices.at("second")).get(f"/henan/work/{case.number}/"))

    assert "通过后，其他在办申报的去向（1 件）" in page
    assert change.number in page
