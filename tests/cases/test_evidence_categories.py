"""Categories of evidence from the definition: what a committee demands and why, files whose place is gone (SZ-11)."""

from pathlib import Path

import pytest

from bole.cases import actions, queries
from bole.cases.models import Attachment, Case
from bole.kernel.errors import Absent, Invalid, Refused
from bole.review import actions as review
from tests.cases.conftest import Desk, words
from tests.factories import cases as made
from tests.factories import proving
from tests.factories.proving import say, slots

pytestmark = pytest.mark.usefixtures("kept")


@pytest.fixture
def titled(desk: Desk, tmp_path: Path):
    """Lin's declaration for a title, with one patent."""
    with proving.in_force(tmp_path / "catalogue") as service:
        case = made.open_case(desk.world.lin, desk.lin, service)
        say(case, "choice", {"online": "1", "exempt": "1"}, desk.lin)
        say(case, "patents", [{"id": "p1", "title": "采集装置"}], desk.lin)
        yield case


def put(case: Case, desk: Desk, caption: str, shade: int = 200) -> Attachment:
    slot = slots(case)[caption]
    place = {"section": slot.section, "record": slot.record, "category": slot.category}
    return actions.attach(case=case, **place, data=made.picture(shade), name=f"{caption}.jpg", by=desk.lin)


def test_a_committee_online_demands_all_and_one_on_paper_only_what_comes_before(titled: Case, desk: Desk):
    online = {caption: (slot.required, slot.reason) for caption, slot in slots(titled).items()}
    assert online == {
        "最高学历证书": (True, "网上评审的评委会要求上传"),
        "个人总结": (False, ""),
        "职称外语免考证明材料": (True, ""),
        "采集装置, 证书": (True, ""),
    }
    wanting = {item.say for item in queries.form_of(titled).missing}
    assert wanting == {"缺附件：最高学历证书", "缺附件：职称外语免考证明材料", "缺附件：采集装置, 证书"}

    say(titled, "choice", {"online": "0", "exempt": "1"}, desk.lin)

    paper = {caption: (slot.required, slot.reason) for caption, slot in slots(titled).items()}
    assert paper["最高学历证书"] == (False, "该评委会不在网上评审，可以不传")
    assert [caption for caption, (required, _) in paper.items() if required] == ["职称外语免考证明材料"]

    say(titled, "choice", {"online": "0", "exempt": "0"}, desk.lin)
    say(titled, "patents", [], desk.lin)

    form = queries.form_of(titled)
    assert not form.missing
    assert [(each.heading, each.reason) for each in form.unasked] == [
        ("职称外语免考证明材料", "没有申请外语免考"),
        ("获专利情况证明材料", "「获专利情况」没有需要证明的内容"),
    ]


def test_categories_of_one_place_keep_their_files_apart(titled: Case, desk: Desk):
    put(titled, desk, "个人总结")
    put(titled, desk, "职称外语免考证明材料", 9)
    held = {caption: [row.file.name for row in slot.attachments] for caption, slot in slots(titled).items()}
    assert held["个人总结"] == ["个人总结.jpg"]
    assert held["职称外语免考证明材料"] == ["职称外语免考证明材料.jpg"]
    with pytest.raises(Absent, match="这类材料已不需要"):
        actions.attach(case=titled, section="papers", record="", data=made.picture(), name="甲.jpg", by=desk.lin)
    with pytest.raises(Refused, match="这一项不能用说明代替"):
        actions.declare_gap(case=titled, section="papers", record="", category="summary", reason="没有", by=desk.lin)
    actions.declare_gap(case=titled, section="choice", record="", category="degree", reason="遗失", by=desk.lin)
    assert [slot.gap_reason for slot in slots(titled).values()] == ["遗失", None, None, None]


def test_files_whose_category_is_not_asked_for_any_more_are_kept_and_can_be_moved(titled: Case, desk: Desk):
    row = put(titled, desk, "职称外语免考证明材料")
    say(titled, "choice", {"online": "1", "exempt": "0"}, desk.lin)
    assert [each.pk for each in queries.form_of(titled).loose] == [row.pk]
    place = {"case": titled, "attachment": row.pk, "section": "choice", "record": "", "by": desk.lin}
    with pytest.raises(Absent):
        actions.place_attachment(**place)

    moved = actions.place_attachment(**place, category="degree")

    assert not queries.form_of(titled).loose
    assert [each.pk for each in slots(titled)["最高学历证书"].attachments] == [moved.pk]
    assert moved.file_id == row.file_id
    assert "cases.attachment.placed" in words(titled)


def test_files_of_a_deleted_record_stay_unless_they_are_to_go(titled: Case, desk: Desk):
    put(titled, desk, "采集装置, 证书")
    actions.remove_record(case=titled, section="patents", record="p1", seen=1, by=desk.lin)
    loose = queries.form_of(titled).loose
    assert [(row.section, row.record) for row in loose] == [("patents", "p1")]
    assert "cases.attachment.loosened" in words(titled)
    actions.detach(case=titled, attachment=loose[0].pk, by=desk.lin)
    assert not queries.form_of(titled).loose


def test_a_full_place_takes_no_moved_file(titled: Case, desk: Desk):
    for shade in range(20):
        put(titled, desk, "最高学历证书", shade)
    row = put(titled, desk, "个人总结", 77)
    with pytest.raises(Invalid, match="这一项最多上传20个附件"):
        actions.place_attachment(
            case=titled, attachment=row.pk, section="choice", record="", category="degree", by=desk.lin
        )
    assert [each.pk for each in slots(titled)["个人总结"].attachments] == [row.pk]


def test_what_was_handed_in_stays_where_it_was_when_it_is_moved_later(titled: Case, desk: Desk):
    for caption in ("最高学历证书", "职称外语免考证明材料", "采集装置, 证书", "个人总结"):
        put(titled, desk, caption, len(caption))
    case = made.fresh(titled)
    review.submit_case(case=case, seen=case.revision, by=desk.lin)
    case = made.send_back(case, desk.clerk, "papers", "choice")
    row = slots(case)["个人总结"].attachments[0]

    moved = actions.place_attachment(
        case=case, attachment=row.pk, section="choice", record="", category="degree", by=desk.lin
    )
    actions.detach(case=case, attachment=moved.pk, by=desk.lin)

    then = {slot.caption: slot for slot in queries.form_of(case, submitted=True).slots}
    assert [each.pk for each in then["个人总结"].attachments] == [row.pk]
    assert queries.attachment_in(case, row.pk).file.name == "个人总结.jpg"
