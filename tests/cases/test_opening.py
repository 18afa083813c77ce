"""Opening a case: once, in its window, with what the archive offers typed in; and what a hand-in keeps."""

import re
from datetime import date, timedelta

import pytest

from bole.bindings import queries as bindings
from bole.bindings.records import record_key
from bole.cases import actions, queries
from bole.cases.models import Case, SubmittedAnswer, Typist
from bole.definitions import queries as definitions
from bole.definitions.terms import Opener, Window
from bole.kernel import clock
from bole.kernel.errors import Refused
from bole.people import actions as people
from bole.people.terms import Offered
from bole.review import actions as review
from tests.cases.conftest import Desk, version, words
from tests.factories import cases as made
from tests.factories.organizations import SETUP, SITE

WORK = {"start": "2012-09", "employer": "兴庆区第一中学", "duty": "教师", "responsibility": "语文教学"}


def service():
    return definitions.service(SITE, made.SERVICE)


def test_numbers_are_given_in_order_and_never_twice(desk: Desk):
    mine = made.open_case(desk.world.lin, desk.lin)
    theirs = made.open_case(desk.world.sun, desk.sun)
    day = clock.today()
    assert re.fullmatch(rf"CJ{day:%Y}-{day:%m%d}-\d{{5}}", mine.number)
    assert int(theirs.number[-5:]) == int(mine.number[-5:]) + 1
    assert words(mine) == ["cases.case.opened"]


def test_second_open_case_is_refused_and_takes_no_number(desk: Desk):
    made.open_case(desk.world.lin, desk.lin)
    with pytest.raises(Refused, match="已有一份「高层次人才采集」正在办理，不能重复申报。请在原来那份上继续。"):
        made.open_case(desk.world.lin, desk.lin)
    assert Case.objects.count() == 1


@pytest.mark.parametrize(("opens", "closes", "say"), [(1, 2, "还没有开始"), (-2, -1, "已经截止")])
def test_outside_the_window_nothing_is_opened(desk: Desk, opens: int, closes: int, say: str):
    def day(days: int) -> date:
        return clock.today() + timedelta(days=days)

    shut = service().model_copy(update={"window": Window.model_validate({"from": day(opens), "to": day(closes)})})
    with pytest.raises(
        Refused, match=f"「高层次人才采集」申报时间是.*至.*日，{say}，现在不能新增申报。请留意通知公告。"
    ):
        made.open_case(desk.world.lin, desk.lin, shut)


def test_who_opens_is_the_services_choice(desk: Desk):
    for opener, by, said in (
        (Opener.SUBJECT, desk.clerk, "这项业务不接受单位代为填报。"),
        (Opener.UNIT, desk.lin, "这项业务由单位办理，请联系所在单位。"),
    ):
        with pytest.raises(Refused, match=said):
            made.open_case(desk.world.lin, by, service().model_copy(update={"opened_by": (opener,)}))


def test_archive_is_typed_in_marked_and_nobodys_typing(desk: Desk):
    kept = {**WORK, "salary": "此表不问"}  # another service asked for more
    key = record_key(service().by_code["work"], WORK)
    people.give_back(
        person=desk.world.lin.pk, kind="work", records=[Offered(key, kept)], source="2025年职称评审", by=SETUP
    )
    case = made.open_case(desk.world.lin, desk.lin)
    form = queries.form_of(case)
    typed = form.sections["work"].typed
    assert isinstance(typed, list)
    assert [{**each, "id": ""} for each in typed] == [{**WORK, "id": ""}]
    assert form.sections["work"].version == 1
    assert not Typist.objects.exists()
    marks = bindings.archive_marks(service(), desk.world.lin.pk, form)
    assert [entry.source for entry in marks.values()] == ["2025年职称评审"]

    changed = {**WORK, "duty": "副校长"}
    actions.save_record(case=case, section="work", record=typed[0]["id"], typed=changed, seen=1, by=desk.lin)
    assert bindings.archive_marks(service(), desk.world.lin.pk, queries.form_of(case)) == {}


def test_hand_in_keeps_what_changed_in_each_round(desk: Desk):
    case = made.submitted_case(desk.world.lin, desk.lin)
    whole = SubmittedAnswer.objects.filter(case=case, round=1).count()
    case = made.send_back(case, desk.clerk, "contact")
    typed = {**queries.typed_answers(case)["contact"], "employer": "新单位"}
    seen = version(case, "contact")
    actions.save_section(case=case, section="contact", typed=typed, seen=seen, by=desk.lin)
    assert queries.form_of(case, submitted=True).sections["contact"].typed["employer"] != "新单位"

    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=desk.lin)

    assert whole == 16
    assert list(SubmittedAnswer.objects.filter(case=case, round=2).values_list("section", flat=True)) == ["contact"]
    assert queries.submitted_before(made.fresh(case), "contact")["employer"] != "新单位"
    assert made.fresh(case).has_gaps is False


def test_gap_of_a_deleted_record_marks_no_case(desk: Desk):
    case = made.open_case(desk.world.lin, desk.lin)
    made.fill(case, desk.lin)
    honors = made.sample_record(queries.service_of(case).by_code["honors"])
    _, key = actions.save_record(case=case, section="honors", record="", typed=honors, seen=1, by=desk.lin)
    actions.declare_gap(case=case, section="honors", record=key, reason="遗失", by=desk.lin)
    actions.remove_record(case=case, section="honors", record=key, seen=2, by=desk.lin)
    made.prove(case, desk.lin)
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=desk.lin)
    assert made.fresh(case).has_gaps is False


def test_looks_of_others_are_recorded_and_ones_own_are_not(desk: Desk):
    case = made.submitted_case(desk.world.lin, desk.lin)
    actions.look(case=case, by=desk.lin)
    assert "cases.case.viewed" not in words(case)
    actions.look(case=case, by=desk.clerk)
    assert words(case)[-1] == "cases.case.viewed"
