"""Marks on a spot of a page of a file (C4): what they open, what they belong to, what is refused."""

from typing import Any
from uuid import uuid4

import pytest

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Attachment, Case
from bole.cases.terms import FILES, place_of, place_text
from bole.kernel.errors import Invalid, Refused
from bole.review import queries
from bole.review.terms import Box, Faulty, Spot, box_of, turned
from tests.factories import cases as made
from tests.factories.people import as_self
from tests.review.steps import Play, works

BOX: Box = (0.1, 0.2, 0.3, 0.1)


def file_of(case: Case, record: str) -> Attachment:
    return case_queries.attachments_of(case).get(section="works", record=record)


def on(row: Attachment, say: str = "公章看不清", **more: Any) -> Faulty:
    place = {"record": row.record, "file": str(row.pk), "page": 1, "box": BOX}
    return Faulty("works", say, **{**place, **more})


def spots(case: Case, *, submitted: bool = True) -> tuple[Spot, ...]:
    return queries.spots_of(case, queries.returned_with(case), case_queries.form_of(case, submitted=submitted))


def test_a_marked_file_opens_the_evidence_of_its_record_alone(play: Play):
    case = play.submitted()
    first, second = works(case)
    play.send_back(case, play.unit, on(file_of(case, first)))
    case, me = made.fresh(case), as_self(play.world.lin)

    assert case.open_sections == [f"works[{first}].@files"]
    seen = case.answers.get(section="works").version
    with pytest.raises(Refused, match="只退回了有问题的"):
        cases.save_record(case=case, section="works", record=first, typed={"name": "专著"}, seen=seen, by=me)
    with pytest.raises(Refused, match="附件不能修改"):
        cases.detach(case=case, attachment=file_of(case, second).pk, by=me)
    new = cases.replace_attachment(
        case=case, attachment=file_of(case, first).pk, data=made.picture(), name="清晰.jpg", by=me
    )
    assert new.file.name == "清晰.jpg"


def test_with_a_field_the_field_opens_and_the_file_shows_why(play: Play):
    case = play.submitted()
    first, _ = works(case)
    play.send_back(case, play.unit, on(file_of(case, first), "名称与证书不一致", field="name"))
    case, me = made.fresh(case), as_self(play.world.lin)

    assert case.open_sections == [f"works[{first}].name"]
    with pytest.raises(Refused, match="附件不能修改"):
        cases.detach(case=case, attachment=file_of(case, first).pk, by=me)
    seen = case.answers.get(section="works").version
    cases.save_record(case=case, section="works", record=first, typed={"name": "专著"}, seen=seen, by=me)


def test_the_mark_stays_with_its_file_through_hand_ins_and_says_when_it_was_replaced(play: Play):
    case, me = play.submitted(), as_self(play.world.lin)
    first, second = works(case)
    kept, bad = file_of(case, first), file_of(case, second)
    play.send_back(case, play.unit, on(kept, "缺第二页"), on(bad), on(bad, "日期不对", box=None))
    case = made.fresh(case)
    assert [(spot.number, spot.fault.box, spot.gone) for spot in spots(case)] == [
        (1, BOX, ""),
        (1, BOX, ""),
        (2, None, ""),
    ]

    cases.replace_attachment(case=case, attachment=bad.pk, data=made.picture(), name="新.jpg", by=me)
    assert [spot.gone for spot in spots(case)] == ["", "", ""]  # not handed in yet: nobody else's to know
    assert [spot.gone for spot in spots(case, submitted=False)] == ["", "已替换", "已替换"]
    case = made.approve(play.hand_in(case), play.unit)

    assert case.faults is None  # the desk passed it
    found = spots(case)
    assert [(spot.row.pk, spot.gone) for spot in found] == [(kept.pk, ""), (bad.pk, "已替换"), (bad.pk, "已替换")]
    assert [line.faulty for line in queries.history(case) if line.faulty] == [
        (("业绩　附件第 1 页", "缺第二页"), ("业绩　附件第 1 页", "公章看不清"), ("业绩　附件第 1 页", "日期不对"))
    ]


def test_what_became_of_a_file_without_another_in_its_place(play: Play):
    case, me = play.submitted(), as_self(play.world.lin)
    first, second = works(case)
    play.send_back(case, play.unit, on(file_of(case, first)), on(file_of(case, second)), Faulty("works"))
    case = made.fresh(case)
    cases.detach(case=case, attachment=file_of(case, first).pk, by=me)
    seen = case.answers.get(section="works").version
    cases.remove_record(case=case, section="works", record=second, seen=seen, by=me)
    assert [spot.gone for spot in spots(made.fresh(case), submitted=False)] == ["已删除", "已移出"]


def test_a_file_counts_as_itself_when_faults_are_old_or_new(play: Play):
    case, me = play.submitted(), as_self(play.world.lin)
    first, second = works(case)
    play.send_back(case, play.unit, on(file_of(case, first)))
    case = made.fresh(case)
    new = cases.replace_attachment(
        case=case, attachment=file_of(case, first).pk, data=made.picture(), name="新.jpg", by=me
    )
    case = play.hand_in(case)

    play_unit = play.world.ground.school.pk
    assert queries.late_faults(case, [on(new)], play_unit) == ()  # what replaced it is new, in the same place
    old = on(file_of(case, second))
    assert queries.late_faults(case, [on(new), old], play_unit) == (old,)
    with pytest.raises(Invalid, match="1处问题本单位上次退回时就在"):
        play.send_back(case, play.unit, old)


@pytest.mark.parametrize(
    ("more", "say"),
    [
        ({"file": str(uuid4())}, "不在这份申报里"),
        ({"file": "x"}, "不在这份申报里"),
        ({"file": ""}, "不在这份申报里"),
        ({"record": "other"}, "不在这份申报里"),
        ({"page": 2}, "没有第2页"),
        ({"page": 0}, "没有第0页"),
        ({"box": (0.9, 0.9, 0.0, 0.0)}, "不在页面内"),
        ({"box": (-1, 0.2, 0.3, 0.1)}, "不在页面内"),
        ({"box": (0.1, 0.2)}, "不在页面内"),
    ],
)
def test_a_mark_that_lies_on_no_page_of_the_case_is_refused(play: Play, more: dict[str, Any], say: str):
    case = play.submitted()
    with pytest.raises(Refused, match=say):
        play.send_back(case, play.unit, on(file_of(case, works(case)[0]), **more))
    assert made.fresh(case).revision == case.revision


def test_a_file_that_was_not_handed_in_cannot_be_marked(play: Play):
    case, me = play.submitted(), as_self(play.world.lin)
    first, _ = works(case)
    play.send_back(case, play.unit, Faulty("works"))
    case = made.fresh(case)
    new = cases.attach(case=case, section="works", record=first, data=made.picture(), name="新.jpg", by=me)
    case = play.hand_in(case)
    play.send_back(case, play.unit, on(new))  # handed in by now
    case = made.fresh(case)
    newer = cases.replace_attachment(case=case, attachment=new.pk, data=made.picture(), name="再.jpg", by=me)
    Attachment.objects.filter(pk=newer.pk).update(round=case.round + 1)
    with pytest.raises(Refused, match="不在这份申报里"):
        play.send_back(play.hand_in(case), play.unit, on(newer))


def test_a_spot_turns_with_its_page_and_comes_back():
    assert turned(BOX, 90) == pytest.approx((0.7, 0.1, 0.1, 0.3))
    assert turned(BOX, 180) == pytest.approx((0.6, 0.7, 0.3, 0.1))
    assert turned(BOX, 270) == pytest.approx((0.2, 0.6, 0.1, 0.3))
    for degrees in (0, 90, 180, 270):
        assert turned(turned(BOX, degrees), 360 - degrees) == pytest.approx(BOX)
    assert box_of([0.95, 0.5, 0.2, 0.2]) == (0.95, 0.5, 0.05, 0.2)  # cut to the page


def test_the_files_of_a_record_are_a_place_of_their_own():
    assert place_of(place_text("works", "a1", FILES)) == ("works", "a1", FILES)
    assert place_of("works.@files") == ("works", "", FILES)
