"""Who may do what with a case in which state: the whole table, and every answer says why not."""

from collections.abc import Callable

import pytest

from bole.cases import actions, queries, rules
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions.terms import Opener
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Absent, Refused
from bole.organizations import actions as organizations
from bole.organizations.models import Appointment
from bole.review import actions as review
from bole.review.queries import case_visible
from tests.cases.conftest import Desk, version
from tests.factories import cases as made
from tests.factories.organizations import SETUP

STATES = ("draft", "in_review", "returned", "completed", "terminated", "cancelled")
WHO = ("lin", "clerk", "sun", "stranger", "county", "nobody")


def in_state(case: Case, state: str) -> Case:
    """The case as it would be read in this state; how it comes there is the review room's business."""
    case.status = state
    case.open_sections = ["honors"] if state == "returned" else None
    case.round = 0 if state == "draft" else 1
    return case


def actor(desk: Desk, name: str) -> Actor:
    return Actor(way=Way.PERSON) if name == "nobody" else getattr(desk, name)


def allowed(act: str, who: str, opener: str, state: str) -> bool:
    """The table, told in words of its own."""
    editable = state in ("draft", "returned")
    filler = who == "lin" or (opener == "unit" and who == "clerk")
    match act:
        case "view":
            return who == "lin" or (who == "clerk" and (opener == "unit" or state != "draft"))
        case "fill" | "edit honors":
            return filler and editable
        case "edit contact":
            return filler and state == "draft"
        case "hand in":
            return who == ("lin" if opener == "subject" else "clerk")
        case "attest":
            return opener == "unit" and who == "lin" and editable
        case "bring attestation":
            return opener == "unit" and who == "clerk" and editable
    raise AssertionError(act)


ASKED: dict[str, Callable[[Actor, Case], object]] = {
    "view": rules.may_view,
    "fill": rules.may_fill,
    "edit honors": lambda by, case: rules.may_edit_section(by, case, "honors"),
    "edit contact": lambda by, case: rules.may_edit_section(by, case, "contact"),
    "hand in": rules.may_hand_in,
    "attest": rules.may_attest,
    "bring attestation": rules.may_bring_attestation,
}


@pytest.mark.parametrize("act", ASKED)
def test_whole_table(desk: Desk, act: str):
    mine = made.open_case(desk.world.lin, desk.lin)
    found, wanted = {}, {}
    for opener in Opener:
        mine.opener = opener
        for state in STATES:
            for who in WHO:
                answer = ASKED[act](actor(desk, who), in_state(mine, state))
                place = (opener.value, state, who)
                found[place], wanted[place] = bool(answer), allowed(act, who, opener.value, state)
                assert bool(answer) or answer.reason.endswith("。"), place  # type: ignore[attr-defined]  # an Answer
    assert found == wanted


@pytest.mark.parametrize("who", WHO)
def test_list_and_look_agree(desk: Desk, who: str):
    draft = made.open_case(desk.world.lin, desk.lin)
    filed = made.submitted_case(desk.world.sun, desk.sun)
    by = actor(desk, who)
    seen = set(rules.cases_visible_to(by).values_list("number", flat=True))
    assert seen == {case.number for case in (draft, filed) if rules.may_view(by, case)}


@pytest.mark.parametrize("who", ["sun", "stranger", "clerk", "nobody"])
def test_foreign_numbers_look_like_unknown_ones(desk: Desk, who: str):
    case = made.open_case(desk.world.lin, desk.lin)
    said = set()
    for number in (case.number, "CJ2026-0101-99999"):
        with pytest.raises(Absent) as absent:
            case_visible(number, actor(desk, who))
        said.add(absent.value.sentence)
    assert len(said) == 1


def test_role_that_ended_shuts_at_once(desk: Desk):
    case = made.open_case(desk.world.lin, desk.clerk)
    assert rules.may_fill(desk.clerk, case)
    for appointment in Appointment.objects.filter(account=desk.world.cast.zhou):
        organizations.end_appointment(appointment=appointment.pk, reason="离职", by=SETUP)
    assert not rules.may_fill(desk.clerk, case)
    assert not rules.may_view(desk.clerk, case)


def test_section_that_a_change_calls_for_opens_as_well(desk: Desk):
    """Without it the case could never be handed in again."""
    case = made.open_case(desk.world.lin, desk.lin)
    made.fill(case, desk.lin)
    skills = made.sample_record(queries.service_of(case).by_code["skills"])
    key = queries.form_of(case).sections["skills"].typed[0]["id"]
    actions.remove_record(case=case, section="skills", record=key, seen=1, by=desk.lin)
    made.prove(case, desk.lin)
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=desk.lin)
    case = made.send_back(case, desk.clerk, "basic")
    with pytest.raises(Refused, match="这个模块不能修改"):
        actions.save_record(case=case, section="skills", record="", typed=skills, seen=2, by=desk.lin)

    typed = {**queries.typed_answers(case)["basic"], "talent_category": "4"}
    basic = version(case, "basic")
    actions.save_section(case=case, section="basic", typed=typed, seen=basic, by=desk.lin)
    assert queries.form_of(case).sections["skills"].faults
    actions.save_record(case=case, section="skills", record="", typed=skills, seen=2, by=desk.lin)
    made.prove(case, desk.lin)

    actions.save_record(
        case=case, section="skills", record="", typed={**skills, "trade": "钳工"}, seen=3, by=desk.lin
    )  # once opened it stays open
    made.prove(case, desk.lin)
    with pytest.raises(Refused, match="这个模块不能修改"):
        actions.save_section(case=case, section="contact", typed={}, seen=1, by=desk.lin)
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=desk.lin)
    assert made.fresh(case).status == Status.IN_REVIEW
