"""What a reviewer is told of uploaded files: what the check found, what the applicant said to it; nobody is accused."""

from random import Random

import pytest

from bole.cases import actions, queries
from bole.cases.models import Case
from bole.documents import images
from bole.organizations.terms import Role
from bole.review import actions as review
from tests.documents import pages
from tests.factories import cases as made
from tests.factories.organizations import as_unit, give_role
from tests.factories.people import as_self
from tests.web.staff.seats import Staff, words_of

BLURRED = pages.jpeg(pages.blurred(pages.letter(Random(2)), 4))


def attach(case: Case, data: bytes) -> None:
    slot = next(slot for slot in queries.form_of(case).slots if slot.section == "honors")
    by = as_self(case.person)
    row = actions.attach(case=case, section="honors", record=slot.record, data=data, name="证书.jpg", by=by)
    actions.answer_check(case=case, attachment=row.pk, reason="原件字迹已淡", by=by)


def test_a_bad_scan_is_told_with_its_reason_and_the_same_file_once_another_handed_it_in(staff: Staff):
    lin, sun = staff.world.lin, staff.world.sun
    case, other = made.complete_case(lin, as_self(lin)), made.complete_case(sun, as_self(sun))
    attach(case, BLURRED)
    attach(other, BLURRED)
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=as_self(lin))
    case = made.approve(case, staff.zhou)

    words = words_of(staff.county.get(f"/ningxia/work/{case.number}/"))

    assert "自动检查，仅供参考" in words
    assert "这一页可能模糊，看不清字" in words
    assert "申报人说明：原件字迹已淡" in words
    assert other.number not in words

    other = made.fresh(other)
    review.submit_case(case=other, seen=other.revision, by=as_self(sun))
    give_role(staff.world.ground.hospital, Role.COLLECTION_ADMINISTRATOR, staff.ding)
    made.approve(made.fresh(other), as_unit(staff.ding, staff.world.ground.hospital))
    words = words_of(staff.county.get(f"/ningxia/work/{case.number}/"))
    assert f"与另一件申报（{other.number}，{sun.name}）的材料相同，请核对" in words


@pytest.mark.parametrize(("turn", "told"), [(0, True), (180, False)])
def test_a_page_upside_down_is_told_unless_it_was_turned_upright(staff: Staff, turn: int, told: bool):
    lin = as_self(staff.world.lin)
    case = made.complete_case(staff.world.lin, lin)
    slot = next(slot for slot in queries.form_of(case).slots if slot.section == "honors")
    data = pages.jpeg(images.turned(pages.letter(Random(3)), 180))
    row = actions.attach(case=case, section="honors", record=slot.record, data=data, name="倒.jpg", by=lin)
    actions.turn_attachment(case=case, attachment=row.pk, by=lin, to=turn)
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=lin)
    case = made.approve(case, staff.zhou)
    words = words_of(staff.county.get(f"/ningxia/work/{case.number}/"))
    assert ("这一页可能上下颠倒" in words) is told
