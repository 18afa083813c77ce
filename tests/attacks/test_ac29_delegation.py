"""AC-29 and AC-28: a unit acts for its own people only, only as long as they are, and never in their name."""

import pytest

from bole.accounts import actions as accounts
from bole.accounts.events import CodeIssued
from bole.accounts.models import Throttle
from bole.accounts.terms import Purpose
from bole.cases import actions
from bole.cases import queries as cases
from bole.cases.models import Attestation, Case
from bole.cases.terms import Confirmation
from bole.kernel import events
from bole.kernel.errors import Absent, Refused
from bole.organizations.terms import Role
from bole.people import actions as people
from bole.people.models import Lookup
from bole.review import actions as review
from tests.attacks.conftest import Stage
from tests.attacks.test_ac01_foreign_objects import same
from tests.factories import cases as made
from tests.factories.browsers import at_unit, text_of
from tests.factories.organizations import (
    NUMBERS,
    SITE,
    SPARE_NUMBERS,
    UNKNOWN_NUMBER,
    as_unit,
    give_role,
    make_account,
)
from tests.factories.people import VISITOR, as_self
from tests.web.staff.conftest import describe as describe_school

_codes: list[CodeIssued] = []
events.listen(CodeIssued, _codes.append)


def describe(stage: Stage) -> None:
    """The school has said who it is."""
    describe_school(stage.world)


def test_unknown_untied_and_foreign_numbers_get_one_answer(stage: Stage):
    """Body, status and headers; each question counts."""
    describe(stage)
    clerk = stage.browser("clerk")
    numbers = (NUMBERS["孙晓"], NUMBERS["周敏"], UNKNOWN_NUMBER, SPARE_NUMBERS[1])
    answers = [clerk.post(f"/{SITE}/unit/new/", {"kind": "resident", "number": number}) for number in numbers]
    assert {answer.status_code for answer in answers} == {403}
    assert len({same(answer).replace(number, "") for answer, number in zip(answers, numbers, strict=True)}) == 1
    assert len({tuple(sorted(set(answer.headers) - {"X-Request-ID"})) for answer in answers}) == 1
    assert Lookup.objects.count() == len(numbers)
    assert not Case.objects.exists()


def test_nothing_is_said_of_who_is_registered_when_a_role_is_offered(stage: Stage):
    operator, unit = stage.browser("operator"), stage.world.ground.hospital
    numbers = {"林致远": NUMBERS["林致远"], "王不在": UNKNOWN_NUMBER, "周敏": SPARE_NUMBERS[1]}
    pages = []
    for name, number in numbers.items():
        for press in ({}, {"appoint": "1"}):
            typed = {"kind": "resident", "number": number, "name": name, **press}
            answer = operator.post(f"/{SITE}/authority/units/{unit.pk}/", typed)
            said = same(answer).replace(number, "").replace(name, "") if not press else str(answer.status_code)
            pages.append((bool(press), said))
    asked = {said.replace("林*远", "").replace("王*在", "").replace("周*", "") for press, said in pages if not press}
    assert {said for press, said in pages if press} == {"302"}
    assert len({len(said) - said.count("*") for said in asked}) <= len(asked)


def test_the_unit_stops_where_the_person_leaves(stage: Stage):
    """AC-29: consent withdrawn in the middle, the next save is refused; nothing goes on in the person's name."""
    case = made.complete_case(stage.world.lin, stage.clerk)
    actions.attest(case=case, way=Confirmation.LOG_IN, by=stage.lin)
    people.tie_person(person=stage.world.lin.pk, unit=stage.world.ground.hospital.pk, by=stage.lin)
    version = cases.form_of(case).sections["supplement"].version

    for act in (
        lambda: actions.save_section(
            case=case, section="supplement", typed={"text": "改"}, seen=version, by=stage.clerk
        ),
        lambda: actions.keep_draft(case=case, section="work", record="", typed={"duty": "x"}, by=stage.clerk),
        lambda: review.submit_case(case=case, seen=0, by=stage.clerk),
        lambda: actions.attest(case=case, way=Confirmation.PAPER, by=stage.clerk, data=made.picture(), name="a.jpg"),
    ):
        with pytest.raises(Refused, match="已不在本单位"):
            act()
    assert made.fresh(case).round == 0
    review.cancel_case(case=case, seen=0, by=stage.clerk)
    assert made.fresh(case).status == "cancelled"


def test_only_the_person_stands_by_what_the_unit_typed(stage: Stage):
    case = stage.by_unit()
    stranger, clerk = as_self(stage.world.sun), stage.clerk
    for by in (stranger, clerk, stage.foreign_clerk, stage.county):
        with pytest.raises((Refused, Absent)):
            actions.attest(case=case, way=Confirmation.LOG_IN, by=by)
    sun, zhou = stage.browser("sun"), stage.browser("clerk")
    assert sun.post(f"/{SITE}/cases/{case.number}/attest/").status_code == 404
    assert zhou.post(f"/{SITE}/cases/{case.number}/attest/").status_code == 403
    assert not Attestation.objects.exists()


def test_a_change_voids_the_confirmation(stage: Stage):
    case = stage.by_unit()
    actions.attest(case=case, way=Confirmation.LOG_IN, by=stage.lin)
    version = cases.form_of(case).sections["supplement"].version
    actions.save_section(case=case, section="supplement", typed={"text": "偷偷改"}, seen=version, by=stage.clerk)
    with pytest.raises(Refused, match="还没有本人确认"):
        review.submit_case(case=case, seen=0, by=stage.clerk)


def test_with_paper_alone_the_typist_sends_nothing_on(stage: Stage):
    """Whether by submission or by the decision at the unit's own desk."""
    case = stage.by_unit()
    actions.attest(case=case, way=Confirmation.PAPER, by=stage.clerk, data=made.picture(), name="a.jpg")
    review.submit_case(case=case, seen=0, by=stage.clerk)
    case = made.fresh(case)
    assert (case.status, case.step) == ("in_review", "unit")
    with pytest.raises(Refused, match="由您填写"):
        made.approve(case, stage.clerk)


@pytest.fixture
def asked(live_stage: Stage) -> tuple[Stage, Case]:
    """The clerk has filled in for Lin and asked for a code; it went to Lin's phone."""
    case = live_stage.by_unit()
    describe(live_stage)
    answer = live_stage.browser("clerk").post(f"/{SITE}/cases/{case.number}/attest/code/")
    assert answer.status_code == 302
    return live_stage, case


def confirm(stage: Stage, case: Case, code: str) -> int:
    return stage.browser("clerk").post(f"/{SITE}/cases/{case.number}/attest/code/check/", {"code": code}).status_code


def test_a_code_confirms_the_answers_it_was_sent_for(asked: tuple[Stage, Case]):
    """The person checks, reads the code out, and something else is written before it is entered."""
    stage, case = asked
    code = _codes[-1].code
    version = cases.form_of(case).sections["supplement"].version
    actions.save_section(case=case, section="supplement", typed={"text": "偷偷改"}, seen=version, by=stage.clerk)

    assert confirm(stage, case, code) == 422
    assert not Attestation.objects.exists()


def test_a_code_says_what_it_is_for(asked: tuple[Stage, Case]):
    assert _codes[-1].purpose == Purpose.ATTEST.value


def test_a_code_is_good_once_and_for_one_case(asked: tuple[Stage, Case]):
    stage, case = asked
    code = _codes[-1].code
    assert confirm(stage, case, code) == 302
    version = cases.form_of(case).sections["supplement"].version
    actions.save_section(case=case, section="supplement", typed={"text": "又改"}, seen=version, by=stage.clerk)
    assert confirm(stage, case, code) == 422
    assert Attestation.objects.count() == 1


def test_codes_of_other_purposes_confirm_nothing(asked: tuple[Stage, Case]):
    stage, case = asked
    Throttle.objects.all().delete()  # an hour later
    accounts.send_code(purpose=Purpose.REGISTER.value, phone=str(stage.world.lin.phone), by=VISITOR)
    assert _codes[-1].purpose == "register"
    assert confirm(stage, case, _codes[-1].code) == 422


def test_five_wrong_codes_end_the_code(asked: tuple[Stage, Case]):
    stage, case = asked
    code = _codes[-1].code
    wrong = "000000" if code != "000000" else "111111"
    assert [confirm(stage, case, wrong) for _ in range(5)] == [422] * 5
    assert confirm(stage, case, code) == 422


def test_nobody_decides_twice_on_one_case(stage: Stage):
    """AC-17: the same account at the unit and at the authority is one pair of eyes."""
    case = made.submitted_case(stage.world.lin, stage.lin)
    both = make_account("两头任职", SPARE_NUMBERS[3])
    give_role(stage.world.ground.school, Role.COLLECTION_ADMINISTRATOR, both)
    give_role(stage.world.ground.xingqing, Role.REVIEWER, both)
    case = made.approve(case, as_unit(both, stage.world.ground.school))
    with pytest.raises(Refused, match="前面的环节"):
        made.approve(case, as_unit(both, stage.world.ground.xingqing))
    page = at_unit(both, stage.world.ground.xingqing).get(f"/{SITE}/work/{case.number}/")
    assert "前面的环节" in text_of(page)
    assert made.approve(case, stage.county).step == "city"


def test_the_person_ends_what_a_unit_began(stage: Stage):
    """AC-29: refusal is possible, or the open case of a unit would keep the person from declaring."""
    case = made.open_case(stage.world.lin, stage.clerk)
    answer = stage.browser("lin").post(f"/{SITE}/cases/{case.number}/cancel/", {"seen": "0", "number": case.number})
    assert answer.status_code == 302
    assert made.fresh(case).status == "cancelled"
    assert made.open_case(stage.world.lin, stage.lin).opener == "subject"
