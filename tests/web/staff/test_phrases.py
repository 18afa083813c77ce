"""「常用意见」: maintained on a page, put into the opinion with the words of the case."""

import pytest

from bole.cases.models import Case
from bole.review import actions as review
from bole.review import queries
from bole.review.actions.phrasing import MOST
from tests.factories import cases as made
from tests.factories.people import as_self
from tests.web.staff.seats import Staff, page_of, words_of

PAGE = "/ningxia/work/phrases/"


def own(staff: Staff) -> list[str]:
    return list(queries.phrases(staff.world.cast.chen.pk).values_list("text", flat=True))


@pytest.fixture
def at_county(staff: Staff) -> Case:
    return made.approve(made.submitted_case(staff.world.lin, as_self(staff.world.lin)), staff.zhou)


def test_phrases_are_added_changed_ordered_and_deleted(staff: Staff):
    for text in ("材料齐全", "附件不清晰", "缺公章"):
        staff.county.post(PAGE, {"act": "add", "text": text})
    first, second, _ = queries.phrases(staff.world.cast.chen.pk)

    staff.county.post(PAGE, {"act": "back", "phrase": str(first.pk)})
    assert own(staff) == ["附件不清晰", "材料齐全", "缺公章"]
    staff.county.post(PAGE, {"act": "forward", "phrase": str(second.pk)})  # it is the first already
    staff.county.post(PAGE, {"act": "change", "phrase": str(second.pk), "text": "{材料}不清晰"})
    staff.county.post(PAGE, {"act": "remove", "phrase": str(first.pk)})

    assert own(staff) == ["{材料}不清晰", "缺公章"]
    assert "{材料}不清晰" in page_of(staff.county.get(PAGE))


def test_what_cannot_be_taken_stays_typed(staff: Staff):
    review.keep_phrase(text="材料齐全", by=staff.chen)
    kept = review.keep_phrase(text="缺公章", by=staff.chen)

    page = staff.county.post(PAGE, {"act": "change", "phrase": str(kept.pk), "text": "材料齐全"})
    assert page.status_code == 422
    assert "已经有这一条常用意见" in words_of(page)
    long = staff.county.post(PAGE, {"act": "add", "text": "长" * 201})
    assert long.status_code == 422
    assert "长" * 201 in page_of(long)
    assert own(staff) == ["材料齐全", "缺公章"]


def test_somebody_elses_phrase_is_not_there(staff: Staff):
    phrase = review.keep_phrase(text="材料齐全", by=staff.zhou)
    for act in ("change", "forward"):
        assert staff.county.post(PAGE, {"act": act, "phrase": str(phrase.pk), "text": "改"}).status_code == 404
    staff.county.post(PAGE, {"act": "remove", "phrase": str(phrase.pk)})
    assert queries.phrases(staff.world.cast.zhou.pk).get().text == "材料齐全"


def test_no_more_than_the_most(staff: Staff):
    for number in range(MOST):
        review.keep_phrase(text=f"第{number}条", by=staff.chen)
    page = staff.county.post(PAGE, {"act": "add", "text": "再一条"})
    assert page.status_code == 422
    assert len(own(staff)) == MOST


def test_placeholders_take_the_words_of_the_case_and_of_the_marks(staff: Staff, at_county: Case):
    phrase = review.keep_phrase(text="{姓名}：请修改{问题模块}，补充{材料}。", by=staff.chen)
    typed = {"seen": at_county.revision, "step": "county", "opinion": "您好", "mark-honors": "是"}
    page = page_of(staff.county.post(f"/ningxia/work/{at_county.number}/phrases/", {**typed, "insert": str(phrase.pk)}))

    assert "您好\n林致远：请修改荣誉奖项，补充" in page
    assert "{材料}" not in page[page.index("您好") : page.index("</textarea>", page.index("您好"))]


def test_placeholder_that_nothing_fills_is_asked_for(staff: Staff, at_county: Case):
    typed = {"seen": at_county.revision, "step": "county", "verdict": "terminate", "opinion": "请修改{问题模块}"}
    page = staff.county.post(f"/ningxia/work/{at_county.number}/", typed)
    assert page.status_code == 422
    assert "{问题模块} 还没有填上" in words_of(page)
    assert made.fresh(at_county).step == "county"
