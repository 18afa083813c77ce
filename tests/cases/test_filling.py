"""Typing into a case: kept as typed, never over somebody else's text, only where it is open."""

import pytest

from bole.cases import actions, queries
from bole.cases.models import Attachment, Case, Draft, EvidenceGap, SectionAnswer, Typist
from bole.cases.terms import SectionMoved
from bole.definitions.terms import SectionState
from bole.kernel.errors import Absent, Invalid, Refused
from tests.cases.conftest import Desk, version, words
from tests.factories import cases as made


def honor(case: Case, **changes: str) -> dict[str, str]:
    """A valid record of 荣誉奖项."""
    return {**made.sample_record(queries.service_of(case).by_code["honors"]), **changes}


def add(case: Case, desk: Desk, title: str = "科技进步奖") -> str:
    """One more 荣誉奖项; its key."""
    seen = version(case, "honors")
    _, key = actions.save_record(
        case=case, section="honors", record="", typed=honor(case, title=title), seen=seen, by=desk.lin
    )
    return key


def titles(case: Case) -> list[str]:
    typed = queries.form_of(case).sections["honors"].typed
    assert isinstance(typed, list)
    return [record["title"] for record in typed]


def test_section_is_kept_as_typed_with_its_faults(case: Case, desk: Desk):
    answer = actions.save_section(case=case, section="contact", typed={"phone": "138001"}, seen=0, by=desk.lin)

    assert (answer.version, answer.state) == (1, SectionState.INCOMPLETE)
    form = queries.form_of(case).sections["contact"]
    assert form.typed == {"phone": "138001"}
    assert "联系电话应为11位手机号码" in [fault.say.replace(" ", "") for fault in form.faults]
    assert words(case) == ["cases.case.opened", "cases.section.saved"]
    assert list(Typist.objects.filter(case=case).values_list("account", flat=True)) == [desk.lin.account]


def test_same_text_again_changes_nothing(case: Case, desk: Desk):
    for _ in range(2):
        answer = actions.save_section(case=case, section="contact", typed={"name": "钱思远"}, seen=0, by=desk.lin)
    assert answer.version == 1
    assert words(case).count("cases.section.saved") == 1


def test_text_begun_on_an_older_version_is_refused_with_both_texts(case: Case, desk: Desk):
    actions.save_section(case=case, section="contact", typed={"name": "甲"}, seen=0, by=desk.lin)

    with pytest.raises(SectionMoved, match=r"这个栏目您在.+从别处保存过。两份内容都保留着") as moved:
        actions.save_section(case=case, section="contact", typed={"name": "乙"}, seen=0, by=desk.lin)

    assert (moved.value.theirs, moved.value.mine, moved.value.version) == ({"name": "甲"}, {"name": "乙"}, 1)
    assert queries.typed_answers(case)["contact"] == {"name": "甲"}
    actions.save_section(case=case, section="contact", typed={"name": "乙"}, seen=1, by=desk.lin)
    assert queries.typed_answers(case)["contact"] == {"name": "乙"}


def test_conflict_names_who_saved(desk: Desk):
    case = made.open_case(desk.world.lin, desk.clerk)
    actions.save_section(case=case, section="contact", typed={"name": "甲"}, seen=0, by=desk.clerk)
    with pytest.raises(SectionMoved, match="这个栏目周敏在"):
        actions.save_section(case=case, section="contact", typed={"name": "乙"}, seen=0, by=desk.lin)


@pytest.mark.parametrize("section", ["attachments", "nothing-such", "../basic"])
def test_forged_sections_are_absent(case: Case, desk: Desk, section: str):
    with pytest.raises(Absent):
        actions.save_section(case=case, section=section, typed={}, seen=0, by=desk.lin)


@pytest.mark.parametrize(
    ("section", "typed"),
    [
        ("contact", [{"name": "甲"}]),
        ("honors", {"title": "甲"}),
        ("honors", ["甲"]),
        ("honors", [{"id": "a"}, {"id": "a"}]),
        ("honors", [{"id": "../x"}]),
        ("honors", [{"id": 7}]),
    ],
)
def test_what_is_no_section_at_all_is_refused(case: Case, desk: Desk, section: str, typed):
    with pytest.raises(Invalid, match="无法保存"):
        actions.save_section(case=case, section=section, typed=typed, seen=0, by=desk.lin)
    assert not SectionAnswer.objects.exists()


def test_records_without_a_key_get_one(case: Case, desk: Desk):
    answer = actions.save_section(case=case, section="honors", typed=[{"title": "甲"}], seen=0, by=desk.lin)
    assert isinstance(answer.typed, list)
    assert len(answer.typed[0]["id"]) == 8


def test_endless_text_is_refused(case: Case, desk: Desk):
    typed = {"text": "长" * 200_001}
    with pytest.raises(Invalid, match="内容太长，无法保存。请分成几条填写，或作为附件上传。"):
        actions.save_section(case=case, section="supplement", typed=typed, seen=0, by=desk.lin)
    with pytest.raises(Invalid, match="内容太长"):
        actions.keep_draft(case=case, section="honors", record="", typed=typed, by=desk.lin)


def test_record_is_added_changed_and_deleted(case: Case, desk: Desk):
    key = add(case, desk, "甲")
    add(case, desk, "乙")
    actions.save_record(case=case, section="honors", record=key, typed=honor(case, title="丙"), seen=2, by=desk.lin)
    assert titles(case) == ["丙", "乙"]

    actions.remove_record(case=case, section="honors", record=key, seen=3, by=desk.lin)

    assert titles(case) == ["乙"]
    with pytest.raises(Absent, match="这条记录已经删除。"):
        actions.remove_record(case=case, section="honors", record=key, seen=4, by=desk.lin)


def test_record_with_faults_is_not_saved_and_every_fault_is_told(case: Case, desk: Desk):
    with pytest.raises(Invalid) as wrong:
        actions.save_record(
            case=case, section="honors", record="", typed=honor(case, title="", awarded="2018-13"), seen=0, by=desk.lin
        )
    assert {fault.at for fault in wrong.value.faults} == {"title", "awarded"}
    assert not SectionAnswer.objects.exists()


def test_record_added_by_pressing_twice_is_there_once(case: Case, desk: Desk):
    typed = honor(case)
    first, key = actions.save_record(case=case, section="honors", record="", typed=typed, seen=0, by=desk.lin)
    again, same = actions.save_record(case=case, section="honors", record="", typed=typed, seen=0, by=desk.lin)
    assert (again.version, same) == (first.version, key)
    assert len(titles(case)) == 1


def test_record_from_two_windows_keeps_both_texts(case: Case, desk: Desk):
    add(case, desk, "甲")
    with pytest.raises(SectionMoved):
        actions.save_record(case=case, section="honors", record="", typed=honor(case, title="乙"), seen=0, by=desk.lin)
    assert titles(case) == ["甲"]


def test_eleventh_representative_work_is_refused(case: Case, desk: Desk):
    for number in range(10):
        add(case, desk, f"第{number}项")
    with pytest.raises(Invalid, match="「荣誉奖项」最多填报10条，已经有10条。要换成这一条，请先删除一条。"):
        add(case, desk, "第十一项")
    assert len(titles(case)) == 10


def test_record_deleted_elsewhere_is_told_and_its_text_stays(case: Case, desk: Desk):
    key = add(case, desk)
    actions.keep_draft(case=case, section="honors", record=key, typed=honor(case, title="改"), by=desk.lin)
    Draft.objects.update(account=desk.clerk.who)  # what somebody else was typing for it
    actions.remove_record(case=case, section="honors", record=key, seen=1, by=desk.lin)

    assert Draft.objects.get().typed["title"] == "改"
    with pytest.raises(Invalid, match="这条记录已在别处删除。请核对后作为新记录保存。"):
        actions.save_record(case=case, section="honors", record=key, typed=honor(case), seen=2, by=desk.lin)


def test_deleting_a_record_erases_its_files_and_its_gap(
    case: Case, desk: Desk, kept, django_capture_on_commit_callbacks
):
    key = add(case, desk)
    place = {"case": case, "section": "honors", "record": key, "by": desk.lin}
    actions.attach(**place, data=made.picture(), name="证书.jpg")
    actions.declare_gap(**place, reason="证书遗失")

    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_record(case=case, section="honors", record=key, seen=1, by=desk.lin, files=True)

    assert not Attachment.objects.exists()
    assert not EvidenceGap.objects.exists()
    assert [path for path in kept.rglob("*") if path.is_file()] == []
    assert "cases.attachment.removed" in words(case)


def test_files_of_a_record_left_out_of_a_whole_section_are_not_lost(case: Case, desk: Desk, kept):
    key = add(case, desk)
    actions.attach(case=case, section="honors", record=key, data=made.picture(), name="证书.jpg", by=desk.lin)
    actions.save_section(case=case, section="honors", typed=[], seen=1, by=desk.lin)
    assert [row.file.name for row in queries.form_of(case).loose] == ["证书.jpg"]


def test_none_is_declared_and_taken_back(case: Case, desk: Desk):
    actions.declare_none(case=case, section="visits", none=True, seen=0, by=desk.lin)
    assert queries.form_of(case).sections["visits"].state is SectionState.NONE
    actions.declare_none(case=case, section="visits", none=False, seen=1, by=desk.lin)
    assert queries.form_of(case).sections["visits"].state is SectionState.EMPTY


def test_none_never_wipes_records(case: Case, desk: Desk):
    add(case, desk)
    with pytest.raises(Invalid, match="「荣誉奖项」已有记录，不能声明无此项。请先删除记录。"):
        actions.declare_none(case=case, section="honors", none=True, seen=1, by=desk.lin)
    actions.declare_none(case=case, section="honors", none=False, seen=1, by=desk.lin)
    assert len(titles(case)) == 1
    with pytest.raises(Absent):
        actions.declare_none(case=case, section="contact", none=True, seen=0, by=desk.lin)


def test_draft_is_kept_offered_again_and_gone_once_saved(case: Case, desk: Desk):
    half = {"title": "科技进"}
    assert actions.keep_draft(case=case, section="honors", record="", typed=half, by=desk.lin)
    found = queries.draft_for(case, "honors", "", desk.lin)
    assert found is not None
    assert found.typed == half
    assert queries.draft_for(case, "honors", "", desk.sun) is None

    add(case, desk)

    assert list(queries.drafts_of(case, desk.lin)) == []


def test_blank_and_unchanged_text_is_no_draft(case: Case, desk: Desk):
    key = add(case, desk)
    saved = honor(case, title="科技进步奖")
    assert not actions.keep_draft(case=case, section="honors", record=key, typed=saved, by=desk.lin)
    actions.keep_draft(case=case, section="honors", record="", typed={"title": "甲"}, by=desk.lin)
    assert not actions.keep_draft(case=case, section="honors", record="", typed={"title": ""}, by=desk.lin)
    assert not Draft.objects.exists()


def test_draft_is_dropped_at_its_typists_wish_only(case: Case, desk: Desk):
    actions.keep_draft(case=case, section="honors", record="", typed={"title": "甲"}, by=desk.lin)
    actions.drop_draft(case=case, section="honors", record="", by=desk.sun)
    assert Draft.objects.count() == 1
    actions.drop_draft(case=case, section="honors", record="", by=desk.lin)
    assert Draft.objects.count() == 0


def test_nothing_changes_under_review(desk: Desk):
    case = made.submitted_case(desk.world.lin, desk.lin)
    said = "已经上报，正在审核，不能修改。单位尚未开始审核时可以撤回。"
    with pytest.raises(Refused, match=said):
        actions.save_section(case=case, section="contact", typed={}, seen=1, by=desk.lin)
    with pytest.raises(Refused, match=said):
        add(case, desk)
    with pytest.raises(Refused, match=said):
        actions.keep_draft(case=case, section="honors", record="", typed={"title": "甲"}, by=desk.lin)
