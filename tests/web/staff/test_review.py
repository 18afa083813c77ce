"""The review page: opened, decided, refused, stale, pressed twice, forged, and by whom not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bole.audit import queries as ledger
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Movement, Task
from tests.factories import cases as made
from tests.factories.organizations import give_role, make_account
from tests.factories.people import as_self, register
from tests.web.staff.seats import Staff, as_person, at_unit, page_of, words_of

PAGE_QUERIES = 34  # two of them: files that lie in other visible cases too


def address(case: Case, *more: str) -> str:
    return "/".join(["/ningxia/work", case.number, *more]) + "/"


def decision(case: Case, verdict: str, **more: object) -> dict[str, object]:
    return {"seen": case.revision, "step": case.step, "verdict": verdict, "opinion": "", **more}


@pytest.fixture
def submitted(staff: Staff) -> Case:
    return made.submitted_case(staff.world.lin, as_self(staff.world.lin))


@pytest.fixture
def at_county(staff: Staff, submitted: Case) -> Case:
    return made.approve(submitted, staff.zhou, "情况属实")


def test_opening_shows_everything_begins_the_task_and_is_written_down(staff: Staff, submitted: Case):
    page = staff.clerk.get(address(submitted))

    words = words_of(page)
    assert page.status_code == 200
    for section in made.published().sections:
        assert section.heading in words
    assert "确认无误上报" in words
    assert "送「县（区）人社部门审核」（银川市兴庆区人力资源和社会保障局）" in words
    assert Task.objects.get(case=submitted).begun_name == "周敏"
    assert list(ledger.about("case", submitted.number).values_list("action", flat=True)).count("cases.case.viewed") == 1


def test_identity_number_is_masked_until_asked_for_and_the_look_is_written_down(staff: Staff, at_county: Case):
    clear = "640104199001010050"
    assert clear not in page_of(staff.county.get(address(at_county)))

    shown = staff.county.post(
        address(at_county, "unmask"), decision(at_county, "send_back", show="basic", opinion="待查")
    )

    assert clear in page_of(shown)
    assert "待查" in page_of(shown)
    assert "cases.case.unmasked" in list(ledger.about("case", at_county.number).values_list("action", flat=True))


def test_section_that_does_not_exist_or_holds_files_is_not_unmasked(staff: Staff, at_county: Case):
    for code in ("attachments", "secrets", ""):
        assert staff.county.post(address(at_county, "unmask"), {"show": code}).status_code == 404


def test_unit_confirms_and_the_case_goes_to_its_county(staff: Staff, submitted: Case):
    done = staff.clerk.post(address(submitted), decision(submitted, "approve"), follow=True)

    case = made.fresh(submitted)
    assert (case.step, case.seat_unit_id) == ("county", staff.world.ground.xingqing.pk)
    assert "林致远的申报已上报，送「县（区）人社部门审核」" in words_of(done)
    assert f"/ningxia/cases/{case.number}/print/" in page_of(done)


def test_return_marks_sections_in_either_place_with_what_to_change(staff: Staff, at_county: Case):
    typed = {"mark-work": "是", "say-work": "起止年月与证明不一致", "faulty": ["education"], "target": "applicant"}
    staff.county.post(address(at_county), decision(at_county, "send_back", opinion="请核对", **typed))

    case = made.fresh(at_county)
    assert (case.status, case.open_sections) == (Status.RETURNED, ["work", "education"])
    assert queries.history(case)[0].faulty == (("工作经历", "起止年月与证明不一致"), ("学习经历", ""))


def test_return_can_go_to_the_unit_that_confirmed(staff: Staff, at_county: Case):
    assert "单位确认　兴庆区第一中学" in page_of(staff.county.get(address(at_county)))

    staff.county.post(address(at_county), decision(at_county, "send_back", opinion="请单位再核", target="unit"))

    assert made.fresh(at_county).step == "unit"


def test_nothing_typed_is_lost_when_a_decision_is_incomplete(staff: Staff, at_county: Case):
    typed = {"mark-work": "是", "say-work": "缺公章", "opinion": ""}
    page = staff.county.post(address(at_county), decision(at_county, "send_back", **typed))

    assert page.status_code == 422
    assert "退回或终止时请写明审核意见" in words_of(page)
    assert "缺公章" in page_of(page)
    assert made.fresh(at_county).step == "county"


def test_without_a_result_nothing_is_decided(staff: Staff, at_county: Case):
    page = staff.county.post(address(at_county), decision(at_county, ""))

    assert page.status_code == 422
    assert "请选择审核结果" in words_of(page)


def test_marked_sections_do_not_pass(staff: Staff, at_county: Case):
    page = staff.county.post(address(at_county), decision(at_county, "approve", **{"mark-work": "是"}))

    assert page.status_code == 403
    assert "已标出有误的模块，不能审核通过" in words_of(page)
    assert made.fresh(at_county).step == "county"


def test_stale_decision_tells_who_moved_it_and_keeps_the_opinion(staff: Staff, at_county: Case):
    late = decision(at_county, "send_back", opinion="我写了很久的意见", faulty=["work"])
    second = make_account("段审核", "640104199001010018")
    give_role(staff.world.ground.xingqing, Role.REVIEWER, second)
    made.approve(at_county, staff.chen)

    page = at_unit(second, staff.world.ground.xingqing).post(address(at_county), late)

    assert page.status_code == 409
    assert "陈国栋" in words_of(page)
    assert "我写了很久的意见" in page_of(page)
    assert made.fresh(at_county).step == "city"


def test_pressed_twice_it_is_decided_once_and_tells_success_both_times(staff: Staff, at_county: Case):
    press = decision(at_county, "approve", opinion="同意")

    first = staff.county.post(address(at_county), press)
    second = staff.county.post(address(at_county), press)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert Movement.objects.filter(case=at_county, step="county").count() == 1


def test_same_press_with_another_verdict_is_no_repetition(staff: Staff, at_county: Case):
    staff.county.post(address(at_county), decision(at_county, "approve", opinion="同意"))

    page = staff.county.post(address(at_county), decision(at_county, "terminate", opinion="同意"))

    assert page.status_code == 409


@pytest.mark.parametrize(
    "forged",
    [{"step": "region"}, {"step": "nowhere"}, {"faulty": ["secrets"], "verdict": "send_back", "opinion": "改"}],
)
def test_forged_steps_and_sections_are_refused(staff: Staff, at_county: Case, forged: dict[str, object]):
    page = staff.county.post(address(at_county), {**decision(at_county, "approve"), **forged})

    assert page.status_code == 403
    assert made.fresh(at_county).revision == at_county.revision


def test_target_that_the_step_does_not_have_is_refused(staff: Staff, at_county: Case):
    typed = decision(at_county, "send_back", opinion="改", target="city", faulty=["work"])
    assert staff.county.post(address(at_county), typed).status_code == 403


def test_foreign_and_unknown_numbers_look_alike(staff: Staff, submitted: Case):
    for browser in (staff.hospital, staff.county):
        foreign = browser.get(address(submitted))
        unknown = browser.get("/ningxia/work/CJ2026-0101-99999/")
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert words_of(foreign) == words_of(unknown)


def test_case_of_another_site_is_not_found_here(staff: Staff, submitted: Case):
    Case.objects.filter(pk=submitted.pk).update(site="jilin")
    assert staff.clerk.get(address(submitted)).status_code == 404


def test_draft_is_nobodys_to_review(staff: Staff):
    draft = made.open_case(staff.world.lin, staff.zhou)
    assert staff.clerk.get(address(draft)).status_code == 404


def test_persons_do_not_review(staff: Staff, submitted: Case):
    assert as_person(staff.world.lin).get(address(submitted)).status_code == 403


def test_own_declaration_is_read_but_not_decided(staff: Staff, at_county: Case):
    give_role(staff.world.ground.xingqing, Role.REVIEWER, staff.world.cast.lin)
    own = at_unit(staff.world.cast.lin, staff.world.ground.xingqing)

    assert "不能审核自己的申报" in words_of(own.get(address(at_county)))
    assert own.post(address(at_county), decision(at_county, "approve")).status_code == 403
    assert Task.objects.get(case=at_county, step="county").begun_at is None


def test_after_a_role_ended_the_page_is_closed(staff: Staff, at_county: Case):
    browser: Client = staff.county
    assert browser.get(address(at_county)).status_code == 200
    staff.world.cast.chen.appointments.update(ended_at=at_county.changed_at)

    assert browser.post(address(at_county), decision(at_county, "approve")).status_code == 403
    assert made.fresh(at_county).step == "county"


def test_changes_since_the_last_look_are_marked_and_can_be_compared(staff: Staff, at_county: Case):
    me = as_self(staff.world.lin)
    case = made.send_back(at_county, staff.chen, "supplement")
    made.fill(case, me, only=("supplement",))
    version = case.answers.get(section="supplement")
    version.typed = {"text": "改过的个人简介"}
    version.version += 1
    version.save()
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=me)
    made.approve(case, staff.zhou)

    words = words_of(staff.county.get(address(case)))
    assert "与本部门上次审核时相比，修改了：补充信息。" in words
    assert "上次退回：需要修改" not in words  # the unit has passed it since
    before = staff.county.get(address(case, "before", "supplement"))
    assert "改过的个人简介" not in words_of(before)
    assert staff.county.get(address(case, "before", "attachments")).status_code == 404


def test_what_an_applicant_changes_after_a_return_is_not_shown_before_it_is_sent(staff: Staff, at_county: Case):
    me = as_self(staff.world.lin)
    case = made.send_back(at_county, staff.chen, "supplement")
    answer = case.answers.get(section="supplement")
    answer.typed = {"text": "还没想好怎么写"}
    answer.save()

    assert "还没想好怎么写" not in page_of(staff.county.get(address(case)))
    assert me.person == case.person_id


def test_next_case_follows_and_then_the_list(staff: Staff, at_county: Case):
    second = register("马学礼", number="640104199001010018", unit=staff.world.ground.school)
    waiting = made.approve(made.submitted_case(second, as_self(second)), staff.zhou)
    assert "第 1 件，共 2 件" in words_of(staff.county.get(address(at_county)))
    done = staff.county.post(address(at_county), decision(at_county, "approve", next="1"))

    assert done.headers["Location"] == address(waiting)
    last = staff.county.post(address(waiting), decision(waiting, "approve", next="1"))
    assert last.headers["Location"] == "/ningxia/work/"


def test_phrases_are_kept_and_removed_without_losing_the_form(staff: Staff, at_county: Case):
    typed = decision(at_county, "send_back", opinion="业绩证明缺单位盖章", faulty=["work"], keep="1")
    kept = staff.county.post(address(at_county, "phrases"), typed)
    assert kept.status_code == 200
    phrase = queries.phrases(staff.world.cast.chen.pk).get()
    assert phrase.text == "业绩证明缺单位盖章"

    again = staff.county.post(address(at_county, "phrases"), typed)
    assert again.status_code == 422
    assert "已经有这一条常用意见" in words_of(again)

    removed = staff.county.post(address(at_county, "phrases"), {**typed, "keep": "", "remove": str(phrase.pk)})
    assert 'id="m-s-work" data-module checked' in page_of(removed)
    assert not queries.phrases(staff.world.cast.chen.pk).exists()
    words = ledger.about("phrase", str(phrase.pk)).values_list("action", flat=True)
    assert sorted(words) == ["review.phrase.kept", "review.phrase.removed"]


def test_somebody_elses_phrase_stays(staff: Staff, at_county: Case):
    phrase = review.keep_phrase(text="材料齐全", by=staff.zhou)
    staff.county.post(address(at_county, "phrases"), {"remove": str(phrase.pk)})
    assert queries.phrases(staff.world.cast.zhou.pk).count() == 1


def test_missing_evidence_is_shown_with_its_reason(staff: Staff):
    me = as_self(staff.world.lin)
    case = made.open_case(staff.world.lin, me)
    made.fill(case, me)
    slot = next(slot for slot in made.queries.form_of(case).slots if slot.required)
    made.actions.declare_gap(case=case, section=slot.section, record=slot.record, reason="证书在火灾中烧毁", by=me)
    made.actions.attach(
        case=case, section=slot.section, record=slot.record, data=made.picture(), name="说明.jpg", by=me,
        purpose=made.queries.Purpose.EXPLANATION,
    )  # fmt: skip
    made.prove(case, me)
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=me)

    words = words_of(staff.clerk.get(address(case)))
    assert "没有证明材料：证书在火灾中烧毁" in words
    assert "1 项用说明代替" in words


def test_page_costs_the_same_however_many_records_there_are(staff: Staff, at_county: Case):
    browser = staff.county
    browser.get(address(at_county))  # begins the task and gives the session its token
    with CaptureQueriesContext(connection) as few:
        browser.get(address(at_county))

    answer = at_county.answers.get(section="work")
    answer.typed = [{**answer.typed[0], "id": f"rec{n}"} for n in range(3)]
    answer.save()
    with CaptureQueriesContext(connection) as many:
        browser.get(address(at_county))

    assert (len(few), len(many)) == (PAGE_QUERIES, PAGE_QUERIES)


def test_whoever_has_no_role_in_the_unit_is_put_out(staff: Staff, at_county: Case):
    stranger = at_unit(staff.world.cast.sun, staff.world.ground.xingqing)
    assert stranger.get(address(at_county)).status_code == 403
