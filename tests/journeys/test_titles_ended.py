"""A published 通过 ends: an objection to its publicity is upheld, or it is revoked. What rests on it goes."""

from dataclasses import replace

import pytest

from bole.accounts.models import Account
from bole.bindings import actions as bindings
from bole.cases import queries as cases
from bole.cases.models import Case, IssuedPaper
from bole.cases.terms import Status
from bole.definitions import actions as publishing
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Refused, Unproved
from bole.notices.models import Message
from bole.people import queries as people
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Outcome
from bole.review.terms import PaperState
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit
from tests.factories.organizations import SETUP
from tests.journeys.declaring_shenzhen import (
    SITE,
    Shenzhen,
    hand_in,
    make_shenzhen,
    publish,
    ready_case,
    recommend,
)
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
    with pytest.raises(Refused, match="公布的结果有误的，请更正"):
        review.restore_outcome(number=case.number, seen=3, reason=WHY, by=keeper_of(ground, case))
    assert first().number
    correct(ground, case, reason="申诉成立，撤销原处理决定")
    (entry,) = titles(case)
    assert (entry.data["obtained"], entry.verified) == ("2026-03", True)
    output = service_of().outputs[0]
    assert queries.is_final(case, service_of(), output)


def recognized(ground: Shenzhen, code: str) -> tuple[Case, Actor]:
    """A case whose completion gave the title, and who decided it."""
    case, desk = hand_in(ground, ready_case(ground, service_of(code))), None
    while case.status == Status.IN_REVIEW:
        desk, unit = ground.keeper(case), case.step == "unit"
        case = made.approve(case, desk, "材料齐全")
        case = recommend(publish(case, desk), desk) if unit else case
    assert desk is not None
    return case, desk


@pytest.mark.parametrize("code", ["title-first", "title-elsewhere"])
def test_what_completion_gave_is_revoked_by_who_decided_it(
    ground: Shenzhen, code: str, django_capture_on_commit_callbacks
):
    case, city = recognized(ground, code)
    assert ground.person is not None
    mine = as_person(ground.person)
    own = [each for each in titles(case) if each.key.startswith("case/")]
    assert [each.source for each in own] == [f"{service_of(code).name}（审核通过）"]
    mine.get(f"/{SITE}/cases/{case.number}/print/")
    paper = IssuedPaper.objects.get(case=case)
    assert "登记失效" not in words_of(mine.get(f"/{SITE}/cases/{case.number}/"))

    desk = at_unit(Account.objects.get(pk=city.account), ground.units["city"])
    address = f"/{SITE}/work/results/{case.number}/end/"
    assert address in desk.get(f"/{SITE}/work/{case.number}/").content.decode()
    assert "办结时认定的资格自登记时起不再有效" in words_of(desk.get(address))
    assert desk.post(address, {"seen": "0", "end": "revoked", "reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(address, {"seen": "0", "end": "revoked", "reason": WHY})
    page = words_of(desk.get(answer.headers["Location"]))
    assert f"资格撤销 办结时认定的资格自 {clock.today():%Y-%m-%d} 起不再有效" in page.replace("　", " ")
    assert WHY in page

    assert not [each for each in titles(case) if each.key.startswith("case/")]
    verified = [each.verified for each in titles(case)]
    assert verified == [True] * len(verified)  # what the form proved of others stands as it was
    (told,) = Message.objects.filter(account_id=ground.me.account, title__contains="已失效")
    assert told.title.endswith("结果已失效：资格撤销")
    assert "办结时认定的资格不再有效" in told.body
    assert f"资格撤销{WHY}" in words_of(mine.get(f"/{SITE}/my/cases/")).replace(" ", "")
    assert "打印件已作废：资格撤销" in words_of(mine.get(f"/{SITE}/verify/{paper.code}/"))

    again = f"/{SITE}/work/results/{case.number}/restore/"
    assert again in desk.get(f"/{SITE}/work/{case.number}/").content.decode()
    assert "办结时认定的资格重新有效" in words_of(desk.get(again))
    assert "请写明恢复的原因和依据。" in words_of(desk.post(again, {"seen": "1", "reason": " "}))
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(again, {"seen": "1", "reason": "行政复议撤销原决定"}).status_code == 302
    assert [each.data for each in titles(case) if each.key.startswith("case/")] == [each.data for each in own]
    assert Message.objects.filter(account_id=ground.me.account, title__endswith="结果已恢复").count() == 1
    assert "打印件属实" in words_of(mine.get(f"/{SITE}/verify/{paper.code}/"))
    assert desk.get(again).status_code == 403


def test_who_may_not_revoke_what_completion_gave(ground: Shenzhen):
    case, city = recognized(ground, "title-first")

    def revoke(by: Actor, seen: int = 0, **typed: str) -> Outcome:
        asked = {"end": "revoked", "reason": WHY, **typed}
        return review.end_outcome(number=case.number, seen=seen, by=by, **asked)

    employer = ground.keepers[ground.units["works"].pk][0]
    for stranger in (employer, ground.keepers[ground.units["water"].pk][0]):
        with pytest.raises(Absent):
            revoke(stranger)
    with pytest.raises(Unproved):
        revoke(replace(city, fresh=False))
    with pytest.raises(Invalid, match="请选择失效情形：资格撤销。"):
        revoke(city, end="objected")
    assert Outcome.objects.get(case=case).state == "passed"
    with pytest.raises(Refused, match="后来失效的资格在这里恢复"):
        review.restore_outcome(number=case.number, seen=0, reason=WHY, by=city)
    revoke(city)
    for stranger, refusal in ((employer, Absent), (replace(city, fresh=False), Unproved)):
        with pytest.raises(refusal):
            review.restore_outcome(number=case.number, seen=1, reason=WHY, by=stranger)
    with pytest.raises(Refused, match="只有公布为「通过」的结果才能登记失效"):
        revoke(city, seen=1)
    with pytest.raises(Refused, match="办结就是结果"):
        review.correct_outcome(
            number=case.number,
            seen=1,
            typed={"state": "passed", "decided_on": "2026-03-01"},
            reason="申诉成立",
            by=city,
        )
