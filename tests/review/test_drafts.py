"""The draft of a decision: the own, kept through reloads, gone with the decision."""

import pytest

from bole.kernel.errors import Absent, Invalid
from bole.review import actions as review
from bole.review import queries
from tests.factories import cases as made
from tests.review.steps import Play

TYPED = {"opinion": "起止年月与证明不一致", "marks": {"works": "bad"}}


def test_kept_for_the_own_eyes_until_decided(play: Play):
    case = play.at_county()

    review.keep_draft(case=case, step="county", seen=case.revision, typed={"opinion": "起"}, by=play.county)
    review.keep_draft(case=case, step="county", seen=case.revision, typed=TYPED, by=play.county)

    kept = queries.draft_of(case, play.county)
    assert kept is not None
    assert (kept.typed, kept.step, kept.seen) == (TYPED, "county", case.revision)
    assert queries.draft_of(case, play.colleague) is None
    review.keep_draft(case=case, step="county", seen=case.revision, typed=TYPED, by=play.colleague)
    made.approve(case, play.county)
    assert queries.draft_of(case, play.county) is None
    assert queries.draft_of(case, play.colleague) is not None  # nothing typed is lost by somebody else's decision


def test_empty_is_none_and_nobody_keeps_one_on_what_they_may_not_see(play: Play):
    case = play.at_county()
    review.keep_draft(case=case, step="county", seen=case.revision, typed=TYPED, by=play.county)

    assert review.keep_draft(case=case, step="county", seen=case.revision, typed={}, by=play.county) is None
    assert queries.draft_of(case, play.county) is None
    with pytest.raises(Absent):
        review.keep_draft(case=case, step="county", seen=case.revision, typed=TYPED, by=play.region)
    with pytest.raises(Invalid, match="暂存的内容太长"):
        review.keep_draft(case=case, step="county", seen=1, typed={"opinion": "长" * 100_001}, by=play.county)
