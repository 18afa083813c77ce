"""「请本人确认」: what the unit filled in stands only by the person's own word, given in one of three ways."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bole.accounts.events import CodeIssued
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import Confirmation
from bole.kernel import events
from bole.notices import queries as notices
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS
from tests.factories.people import as_self, roster_person
from tests.web.staff.seats import Staff, as_person, words_of

_issued: list[CodeIssued] = []
events.listen(CodeIssued, _issued.append)


def address(case: Case, *more: str) -> str:
    return "/".join(["/ningxia/cases", case.number, "attest", *more]) + "/"


def preview(case: Case) -> str:
    return f"/ningxia/cases/{case.number}/preview/"


@pytest.fixture
def filled(staff: Staff) -> Case:
    """Filled in by the school for Lin, complete."""
    return made.complete_case(staff.world.lin, staff.zhou)


def way_of(case: Case) -> str | None:
    found = cases.attestation_of(made.fresh(case))
    return found.way if found is not None else None


def test_preview_offers_three_ways(staff: Staff, filled: Case):
    words = words_of(staff.clerk.get(preview(filled)))
    for way in ("请本人确认", "发送验证码", "签字的信息采集表"):
        assert way in words


def test_person_confirms_logged_in_and_the_unit_may_send_it(staff: Staff, filled: Case):
    asked = staff.clerk.post(address(filled, "ask"), follow=True)
    assert "已请本人登录确认" in words_of(asked)

    lin = as_person(staff.world.lin)
    assert "本人确认" in words_of(lin.get(preview(filled)))
    lin.post(address(filled))

    assert way_of(filled) == Confirmation.LOG_IN
    assert "确认无误上报" in words_of(staff.clerk.get(preview(filled)))
    staff.clerk.post(f"/ningxia/cases/{filled.number}/submit/", {"seen": filled.revision})
    assert made.fresh(filled).step == "county"


def test_asking_tells_the_person_once_for_the_same_answers(staff: Staff, filled: Case):
    for _ in range(2):
        staff.clerk.post(address(filled, "ask"))

    assert staff.world.lin.account_id is not None
    titles = [row.title for row in notices.inbox(staff.world.lin.account_id)]
    assert titles == ["请确认单位为您填写的「高层次人才采集」"]


def test_code_of_the_registered_phone_confirms(live_staff: Staff):
    filled = made.complete_case(live_staff.world.lin, live_staff.zhou)
    live_staff.clerk.post(address(filled, "code"))
    assert _issued[-1].phone == live_staff.world.lin.phone

    wrong = live_staff.clerk.post(address(filled, "code", "check"), {"code": "not-it"})
    assert wrong.status_code == 422
    assert "验证码错误" in words_of(wrong)
    assert way_of(filled) is None

    live_staff.clerk.post(address(filled, "code", "check"), {"code": _issued[-1].code})
    assert way_of(filled) == Confirmation.CODE


def test_signed_paper_confirms_but_somebody_else_must_send_it(staff: Staff, filled: Case):
    paper = SimpleUploadedFile("采集表.jpg", made.picture(), "image/jpeg")
    staff.clerk.post(address(filled, "paper"), {"file": paper})

    assert way_of(filled) == Confirmation.PAPER
    staff.clerk.post(f"/ningxia/cases/{filled.number}/submit/", {"seen": filled.revision})
    case = made.fresh(filled)
    assert case.step == "unit"
    assert "这份申报由您填写，不能由您审核" in words_of(staff.clerk.get(f"/ningxia/work/{case.number}/"))


@pytest.mark.parametrize("file", [None, SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")])
def test_paper_that_is_none_is_told(staff: Staff, filled: Case, file: SimpleUploadedFile | None):
    page = staff.clerk.post(address(filled, "paper"), {"file": file} if file else {})

    assert page.status_code == 422
    assert way_of(filled) is None


def test_confirmation_covers_only_the_answers_as_they_were(staff: Staff, filled: Case):
    as_person(staff.world.lin).post(address(filled))
    version = cases.form_of(filled).sections["supplement"].version
    made.actions.save_section(
        case=filled, section="supplement", typed={"text": "后来加的"}, seen=version, by=staff.zhou
    )

    assert way_of(filled) is None


def test_incomplete_form_is_not_asked_about(staff: Staff):
    case = made.open_case(staff.world.lin, staff.zhou)
    page = staff.clerk.post(address(case, "ask"))

    assert page.status_code == 403
    assert "没有填写，补全后再请本人确认" in words_of(page)


def test_person_without_account_or_phone_is_confirmed_by_paper_only(staff: Staff):
    person = roster_person("马学礼", SPARE_NUMBERS[1], staff.world.ground.school)
    case = made.complete_case(person, staff.zhou)

    assert "还没有注册账号" in words_of(staff.clerk.post(address(case, "ask")))
    assert "没有登记手机号" in words_of(staff.clerk.post(address(case, "code")))


def test_others_do_not_confirm(staff: Staff, filled: Case):
    assert as_person(staff.world.sun).post(address(filled)).status_code == 404
    assert staff.hospital.post(address(filled, "ask")).status_code == 404
    assert staff.clerk.post(address(filled)).status_code == 403
    assert as_person(staff.world.lin).post(address(filled, "code")).status_code == 403
    assert way_of(filled) is None


def test_own_declaration_needs_no_confirmation(staff: Staff):
    case = made.submitted_case(staff.world.lin, as_self(staff.world.lin))
    page = staff.clerk.post(address(case, "ask"))

    assert page.status_code == 403
    assert "本人填报的不需要再次确认" in words_of(page)
