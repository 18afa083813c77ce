"""A published 通过 that ends: an objection to its publicity is upheld, or it is revoked later. What rests on it goes."""

import pytest

from bole.bindings import actions as bindings
from bole.cases import queries as cases
from bole.cases.models import Case, IssuedPaper
from bole.definitions import actions as publishing
from bole.kernel import clock
from bole.kernel.errors import Refused
from bole.notices.models import Message
from bole.people import queries as people
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Outcome
from bole.review.terms import PaperState
from tests.factories.browsers import as_person
from tests.factories.organizations import SETUP
from tests.journeys.declaring_shenzhen import SITE, Shenzhen, make_shenzhen
from tests.journeys.test_titles_won import award, correct, judged, keeper_of, service_of, titles
from tests.web.staff.seats import words_of

pytestmark = pytest.mark.django_db
WHY = "公示期间收到实名反映，经核实代表作不是本人完成。"


@pytest.fixture
def ground() -> Shenzhen:
    publishing.publish_catalogue(by=SETUP)
    return make_shenzhen()


def end(ground: Shenzhen, case: Case, end: str) -> Outcome:
    seen = Outcome.objects.get(case=case).revision
    return review.end_outcome(number=case.number, seen=seen, end=end, reason=WHY, by=keeper_of(ground, case))


@pytest.mark.parametrize(("code", "word"), [("objected", "公示未通过"), ("revoked", "资格撤销")])
def test_the_title_leaves_the_archive_the_paper_holds_no_more_and_the_applicant_reads_why(
    ground: Shenzhen, code: str, word: str, django_capture_on_commit_callbacks
):
    case = judged(ground)
    award(ground, case)
    assert ground.person is not None
    (won,), mine = titles(case), as_person(ground.person)
    printed = mine.get(f"/{SITE}/cases/{case.number}/print/")
    paper = IssuedPaper.objects.get(case=case)
    check = queries.paper_check(SITE, paper.code)
    assert check is not None
    assert (check.state, check.ended) == (PaperState.GENUINE, "")

    with django_capture_on_commit_callbacks(execute=True):
        end(ground, case, code)

    assert titles(case) == ()
    assert [each.data for each in people.history(ground.person.pk, "title", won.key)][-1] == won.data
    (told,) = Message.objects.filter(account_id=ground.me.account, title__contains="已失效")
    assert told.title.endswith(f"评审结果已失效：{word}")
    page = words_of(mine.get(f"/{SITE}/cases/{case.number}/"))
    assert word in page
    assert f"原因：{WHY}" in page
    assert f"{word}{WHY}" in words_of(mine.get(f"/{SITE}/my/cases/")).replace(" ", "")

    found = words_of(mine.get(f"/{SITE}/verify/{paper.code}/"))
    assert f"打印件已作废：{word}" in found
    assert f"已于 {clock.today():%Y-%m-%d} 失效" in found
    assert "打印件属实" not in found
    assert WHY not in found  # the reason is for whom it concerns, not for who holds a paper
    again = mine.get(f"/{SITE}/cases/{case.number}/print/")
    assert again.content != printed.content
    assert IssuedPaper.objects.filter(case=case).count() == 1  # a watermark, and nothing given out
    assert "结果已失效，打印件带有水印" in words_of(mine.get(f"/{SITE}/cases/{case.number}/print/pages/"))
    output = service_of().outputs[0]
    form = cases.form_of(case, service_of(), submitted=True)
    shown = queries.paper_shown(case, service_of(), form, output, final=queries.is_final(case, service_of(), output))
    assert shown["watermark"] == word


def test_what_the_title_barred_is_open_again_and_on_re_examination_all_comes_back(ground: Shenzhen):
    case = judged(ground)
    award(ground, case)

    def first() -> Case:
        return bindings.open_case(
            service=service_of("title-first"), person=ground.person, unit=ground.units["works"], by=ground.me
        )

    with pytest.raises(Refused, match="已有中级以上职称"):
        first()
    end(ground, case, "revoked")
    assert first().number
    correct(ground, case, reason="申诉成立，撤销原处理决定")
    (entry,) = titles(case)
    assert (entry.data["obtained"], entry.verified) == ("2026-03", True)
    output = service_of().outputs[0]
    assert queries.is_final(case, service_of(), output)
