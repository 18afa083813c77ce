"""The person's own word for what the unit filled in: bound to exactly these answers."""

import pytest

from bole.cases import actions, queries
from bole.cases.models import Attachment, Attestation, Case
from bole.cases.terms import Confirmation
from bole.kernel.errors import Invalid, Refused
from tests.cases.conftest import Desk, version, words
from tests.factories import cases as made

pytestmark = pytest.mark.usefixtures("kept")


@pytest.fixture
def filled(desk: Desk) -> Case:
    """Filled in by the clerk for Lin, complete."""
    return made.complete_case(desk.world.lin, desk.clerk)


def way_of(case: Case) -> str | None:
    found = queries.attestation_of(case)
    return found.way if found else None


def test_person_stands_by_the_answers_once(filled: Case, desk: Desk):
    for _ in range(2):
        actions.attest(case=filled, way=Confirmation.LOG_IN, by=desk.lin)
    assert way_of(filled) == Confirmation.LOG_IN
    assert Attestation.objects.count() == 1
    assert words(filled).count("cases.case.attested") == 1


def test_incomplete_form_is_not_confirmed(desk: Desk):
    case = made.open_case(desk.world.lin, desk.clerk)
    with pytest.raises(Invalid) as wrong:
        actions.attest(case=case, way=Confirmation.LOG_IN, by=desk.lin)
    assert "contact.name" in {fault.at for fault in wrong.value.faults}
    assert not Attestation.objects.exists()


def changes(case: Case, desk: Desk) -> dict[str, object]:
    """Everything that makes a confirmation void, by name."""
    slot = next(each for each in queries.form_of(case).slots if each.section == "honors")
    file = slot.attachments[0].pk
    typed = {**queries.typed_answers(case)["contact"], "employer": "另一家单位"}
    seen = version(case, "contact")
    return {
        "an answer": lambda: actions.save_section(case=case, section="contact", typed=typed, seen=seen, by=desk.clerk),
        "a file more": lambda: actions.attach(
            case=case, section="honors", record=slot.record, data=made.picture(3), name="b.jpg", by=desk.clerk
        ),
        "a file less": lambda: actions.detach(case=case, attachment=file, by=desk.clerk),
        "another file": lambda: actions.replace_attachment(
            case=case, attachment=file, data=made.picture(4), name="b.jpg", by=desk.clerk
        ),
        "a reason": lambda: actions.declare_gap(
            case=case, section="honors", record=slot.record, reason="遗失", by=desk.clerk
        ),
    }


@pytest.mark.parametrize("change", ["an answer", "a file more", "a file less", "another file", "a reason"])
def test_every_later_change_makes_it_void(filled: Case, desk: Desk, change: str):
    actions.attest(case=filled, way=Confirmation.LOG_IN, by=desk.lin)
    assert way_of(filled) == Confirmation.LOG_IN
    changes(filled, desk)[change]()
    assert way_of(filled) is None


def test_opening_a_section_and_leaving_it_empty_changes_nothing(filled: Case, desk: Desk):
    key = queries.form_of(filled).sections["part_time"].typed[0]["id"]
    actions.remove_record(case=filled, section="part_time", record=key, seen=1, by=desk.clerk)
    before = queries.answers_digest(filled)
    filled.answers.filter(section="part_time").delete()
    assert queries.answers_digest(filled) == before


def test_changing_back_makes_it_good_again(filled: Case, desk: Desk):
    actions.attest(case=filled, way=Confirmation.LOG_IN, by=desk.lin)
    old = queries.typed_answers(filled)["contact"]
    for typed in ({**old, "employer": "另一家单位"}, old):
        seen = version(filled, "contact")
        actions.save_section(case=filled, section="contact", typed=typed, seen=seen, by=desk.clerk)
    assert way_of(filled) == Confirmation.LOG_IN


def test_paper_does_not_weaken_the_persons_own_act(filled: Case, desk: Desk):
    paper = {"case": filled, "way": Confirmation.PAPER, "by": desk.clerk, "data": made.picture(), "name": "签字.jpg"}
    actions.attest(**paper)
    assert way_of(filled) == Confirmation.PAPER
    actions.attest(case=filled, way=Confirmation.LOG_IN, by=desk.lin)
    actions.attest(**paper)
    assert way_of(filled) == Confirmation.LOG_IN
    assert Attestation.objects.filter(way=Confirmation.PAPER).count() == 1


def test_refusals(filled: Case, desk: Desk):
    own = made.complete_case(desk.world.sun, desk.sun)
    for case, way, by, said in (
        (filled, Confirmation.LOG_IN, desk.sun, "只有申报人本人可以确认。"),
        (filled, Confirmation.LOG_IN, desk.clerk, "只有申报人本人可以确认。"),
        (filled, Confirmation.CODE, desk.lin, "单位代为填报的，由本单位采集管理员办理。"),
        (filled, Confirmation.CODE, desk.stranger, "单位代为填报的，由本单位采集管理员办理。"),
        (own, Confirmation.LOG_IN, desk.sun, "本人填报的不需要再次确认。"),
        (own, Confirmation.CODE, desk.stranger, "本人填报的不需要再次确认。"),
    ):
        with pytest.raises(Refused, match=said):
            actions.attest(case=case, way=way, by=by)
    files = Attachment.objects.count()
    with pytest.raises(Refused, match="由本单位采集管理员办理"):
        actions.attest(case=filled, way=Confirmation.PAPER, by=desk.stranger, data=made.picture(), name="签字.jpg")
    assert (Attachment.objects.count(), Attestation.objects.count()) == (files, 0)
