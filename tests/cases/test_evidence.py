"""Files in their places and order; missing ones declared with a reason."""

from pathlib import Path
from uuid import uuid4

import pytest

from bole.cases import actions, queries
from bole.cases.models import Attachment, Case, EvidenceGap
from bole.cases.terms import EvidenceSlot, Purpose, Status
from bole.kernel.errors import Absent, Invalid, Refused
from tests.cases.conftest import Desk, words
from tests.cases.test_filling import add
from tests.documents.samples import pdf
from tests.factories import cases as made

HEIC = (Path(__file__).parents[1] / "documents" / "photograph.heic").read_bytes()
pytestmark = pytest.mark.usefixtures("kept")


@pytest.fixture
def honor(case: Case, desk: Desk) -> str:
    """The key of a record that wants papers."""
    return add(case, desk)


def attach(case: Case, desk: Desk, record: str, name: str = "证书.jpg", shade: int = 200, **more) -> Attachment:
    data = more.pop("data", made.picture(shade))
    return actions.attach(
        case=case, section="honors", record=record, data=data, name=name, by=more.pop("by", desk.lin), **more
    )


def slot(case: Case, record: str, section: str = "honors") -> EvidenceSlot:
    return next(each for each in queries.form_of(case).slots if (each.section, each.record) == (section, record))


def names(case: Case, record: str) -> list[str]:
    return [row.file.name for row in slot(case, record).attachments]


def erased(kept: Path) -> bool:
    return not [path for path in kept.rglob("*") if path.is_file()]


def test_files_hang_on_their_record_in_order(case: Case, desk: Desk, honor: str):
    for name in ("甲.jpg", "乙.jpg", "丙.jpg"):
        attach(case, desk, honor, name)
    assert names(case, honor) == ["甲.jpg", "乙.jpg", "丙.jpg"]
    assert slot(case, honor).answered
    assert words(case).count("cases.attachment.added") == 3


def test_photograph_of_a_phone_is_taken_and_kept_as_jpeg(case: Case, desk: Desk, honor: str):
    row = attach(case, desk, honor, "IMG_0001.HEIC", data=HEIC)
    assert row.file.media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "文件是空的。请检查后重新选择。"),
        (b"MZ\x90\x00" + b"0" * 100, "您选择的文件是程序，这里不能使用。请上传PDF、JPG、PNG、HEIC格式的文件。"),
        (b"<html><script>alert(1)</script>", "您选择的文件是网页"),
    ],
)
def test_what_is_no_paper_is_refused_and_not_kept(case: Case, desk: Desk, honor: str, kept: Path, data: bytes, said):
    with pytest.raises(Invalid, match=said):
        attach(case, desk, honor, "证书.jpg", data=data)
    assert not Attachment.objects.exists()
    assert erased(kept)


def test_place_has_room_for_twenty(case: Case, desk: Desk, honor: str, kept: Path):
    for _ in range(20):
        attach(case, desk, honor)
    before = len([path for path in kept.rglob("*") if path.is_file()])
    with pytest.raises(Invalid, match="这一项最多上传20个附件。请合并同类材料，或先删除一个。"):
        attach(case, desk, honor)
    assert len(names(case, honor)) == 20
    assert before == 20


def test_place_of_one_photograph_holds_one(case: Case, desk: Desk):
    place = {"case": case, "section": "basic", "record": "", "by": desk.lin}
    actions.attach(**place, data=made.picture(), name="照片.jpg")
    with pytest.raises(Invalid, match="这一项最多上传1个附件"):
        actions.attach(**place, data=made.picture(), name="照片.jpg")


def test_place_that_is_gone_takes_nothing(
    case: Case, desk: Desk, honor: str, kept: Path, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Absent, match="这条记录已经删除"):
        attach(case, desk, "zzzz")
    assert erased(kept)


def test_file_never_submitted_is_erased(
    case: Case, desk: Desk, honor: str, kept: Path, django_capture_on_commit_callbacks
):
    row = attach(case, desk, honor)
    with django_capture_on_commit_callbacks(execute=True):
        actions.detach(case=case, attachment=row.pk, by=desk.lin)
    assert erased(kept)
    assert names(case, honor) == []
    with pytest.raises(Absent):
        actions.detach(case=case, attachment=row.pk, by=desk.lin)


def test_replacing_keeps_the_place_and_a_bad_file_keeps_the_old_one(case: Case, desk: Desk, honor: str):
    first = attach(case, desk, honor, "甲.jpg")
    attach(case, desk, honor, "乙.jpg")
    with pytest.raises(Invalid):
        actions.replace_attachment(case=case, attachment=first.pk, data=b"no", name="丙.jpg", by=desk.lin)
    assert names(case, honor) == ["甲.jpg", "乙.jpg"]

    actions.replace_attachment(case=case, attachment=first.pk, data=made.picture(9), name="丙.jpg", by=desk.lin)

    assert names(case, honor) == ["丙.jpg", "乙.jpg"]
    with pytest.raises(Absent):
        actions.replace_attachment(case=case, attachment=first.pk, data=made.picture(9), name="丁.jpg", by=desk.lin)


def test_full_place_still_lets_a_file_be_replaced(case: Case, desk: Desk):
    place = {"case": case, "section": "basic", "record": "", "by": desk.lin}
    old = actions.attach(**place, data=made.picture(), name="旧.jpg")
    actions.replace_attachment(case=case, attachment=old.pk, data=made.picture(7), name="新.jpg", by=desk.lin)
    assert [row.file.name for row in slot(case, "", "basic").attachments] == ["新.jpg"]


def test_files_move_forward_and_back_and_stop_at_the_ends(case: Case, desk: Desk, honor: str):
    first, second, third = (attach(case, desk, honor, name) for name in ("甲.jpg", "乙.jpg", "丙.jpg"))
    assert actions.move_attachment(case=case, attachment=third.pk, step=-1, by=desk.lin) == 2
    assert names(case, honor) == ["甲.jpg", "丙.jpg", "乙.jpg"]
    assert actions.move_attachment(case=case, attachment=first.pk, step=-1, by=desk.lin) == 1
    assert actions.move_attachment(case=case, attachment=second.pk, step=1, by=desk.lin) == 3
    assert names(case, honor) == ["甲.jpg", "丙.jpg", "乙.jpg"]
    assert words(case).count("cases.attachment.reordered") == 1


def test_whole_order_is_taken_only_for_exactly_the_files_of_one_place(case: Case, desk: Desk, honor: str):
    first, second = (attach(case, desk, honor, name).pk for name in ("甲.jpg", "乙.jpg"))
    elsewhere = attach(case, desk, add(case, desk, "乙")).pk
    actions.order_attachments(case=case, order=[second, first], by=desk.lin)
    assert names(case, honor) == ["乙.jpg", "甲.jpg"]
    for wrong in ([first], [first, first], [first, second, elsewhere], [first, elsewhere], [uuid4()], []):
        with pytest.raises(Absent):
            actions.order_attachments(case=case, order=wrong, by=desk.lin)
    assert names(case, honor) == ["乙.jpg", "甲.jpg"]


def test_missing_papers_are_answered_by_a_reason_and_an_explanation(case: Case, desk: Desk, honor: str):
    place = {"case": case, "section": "honors", "record": honor, "by": desk.lin}
    with pytest.raises(Refused, match="请先写明没有证明材料的原因，再上传说明。"):
        attach(case, desk, honor, purpose=Purpose.EXPLANATION)
    actions.declare_gap(**place, reason="证书遗失")
    assert not slot(case, honor).answered
    attach(case, desk, honor, purpose=Purpose.EXPLANATION)
    assert slot(case, honor).answered
    assert slot(case, honor).gap_reason == "证书遗失"
    actions.declare_gap(**place, reason="证书在火灾中烧毁")
    assert EvidenceGap.objects.get().reason == "证书在火灾中烧毁"

    for _ in range(2):
        actions.withdraw_gap(**place)

    assert not slot(case, honor).answered
    assert not Attachment.objects.exists()
    assert words(case).count("cases.gap.withdrawn") == 1


@pytest.mark.parametrize(
    ("reason", "said"), [("  ", "请写明没有证明材料的原因。"), ("长" * 201, "原因最多200个字符，现在是201个。")]
)
def test_reason_is_told_and_short(case: Case, desk: Desk, honor: str, reason: str, said: str):
    with pytest.raises(Invalid, match=said):
        actions.declare_gap(case=case, section="honors", record=honor, reason=reason, by=desk.lin)
    assert not EvidenceGap.objects.exists()


def test_photograph_is_not_replaced_by_words(case: Case, desk: Desk):
    with pytest.raises(Refused, match="这一项不能用说明代替，请上传材料。"):
        actions.declare_gap(case=case, section="basic", record="", reason="没有", by=desk.lin)


def returned(desk: Desk, *sections: str) -> Case:
    case = made.submitted_case(desk.world.lin, desk.lin)
    return made.send_back(case, desk.clerk, *sections)


def honor_of(case: Case) -> EvidenceSlot:
    return next(each for each in queries.form_of(case).slots if each.section == "honors")


def test_after_a_return_files_change_only_where_it_is_open(desk: Desk):
    case = returned(desk, "titles")
    place, said = honor_of(case), "审核人只退回了有问题的模块，这个模块不能修改。"
    held = place.attachments[0].pk
    for act in (
        lambda: attach(case, desk, place.record),
        lambda: actions.detach(case=case, attachment=held, by=desk.lin),
        lambda: actions.replace_attachment(case=case, attachment=held, data=made.picture(), name="乙.jpg", by=desk.lin),
        lambda: actions.move_attachment(case=case, attachment=held, step=1, by=desk.lin),
        lambda: actions.order_attachments(case=case, order=[held], by=desk.lin),
        lambda: actions.declare_gap(case=case, section="honors", record=place.record, reason="甲", by=desk.lin),
        lambda: actions.withdraw_gap(case=case, section="honors", record=place.record, by=desk.lin),
    ):
        with pytest.raises(Refused, match=said):
            act()
    assert honor_of(case) == place


def test_return_of_the_papers_alone_opens_every_place_and_no_section(desk: Desk):
    case = returned(desk, "attachments")
    place = honor_of(case)
    attach(case, desk, place.record, "补充.jpg")
    assert len(honor_of(case).attachments) == 2
    with pytest.raises(Refused, match="这个模块不能修改"):
        actions.save_section(case=case, section="contact", typed={}, seen=1, by=desk.lin)


def test_what_was_submitted_stays_readable_while_it_is_changed(desk: Desk):
    case = returned(desk, "honors")
    place = honor_of(case)
    held = place.attachments[0]
    actions.detach(case=case, attachment=held.pk, by=desk.lin)
    attach(case, desk, place.record, "新.jpg")

    then = next(each for each in queries.form_of(case, submitted=True).slots if each.section == "honors")
    assert [row.pk for row in then.attachments] == [held.pk]
    assert [row.file.name for row in honor_of(case).attachments] == ["新.jpg"]
    assert queries.attachment_in(case, held.pk).removed_at is not None
    assert made.fresh(case).status == Status.RETURNED


def test_strangers_and_the_unit_do_not_touch_a_persons_files(case: Case, desk: Desk, honor: str):
    held = attach(case, desk, honor).pk
    for by in (desk.sun, desk.clerk, desk.stranger, desk.county):
        with pytest.raises(Refused, match="只有申报人本人可以修改"):
            attach(case, desk, honor, by=by)
        with pytest.raises(Refused, match="只有申报人本人可以修改"):
            actions.detach(case=case, attachment=held, by=by)
    other = made.open_case(desk.world.sun, desk.sun)
    with pytest.raises(Absent):
        actions.detach(case=other, attachment=held, by=desk.sun)


def test_portrait_is_taken_upright_only(case: Case, desk: Desk):
    def send(data: bytes, name: str) -> Attachment:
        return actions.attach(case=case, section="basic", record="", data=data, name=name, by=desk.lin)

    for data, name, said in (
        (made.picture(size=(80, 60)), "横.jpg", "80×60像素，一寸照应为竖版"),
        (made.picture(size=(40, 90)), "窄.jpg", "请裁剪成竖版后再上传"),
        (pdf(), "照片.pdf", "不能是 PDF"),
    ):
        with pytest.raises(Invalid, match=said):
            send(data, name)
    assert slot(case, "", "basic").attachments == ()
    row = send(made.picture(size=(250, 350)), "一寸.jpg")
    with pytest.raises(Invalid, match="一寸照应为竖版"):
        actions.replace_attachment(
            case=case, attachment=row.pk, data=made.picture(size=(80, 60)), name="横.jpg", by=desk.lin
        )
    assert [each.file.name for each in slot(case, "", "basic").attachments] == ["一寸.jpg"]
