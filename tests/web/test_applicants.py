"""「申报人员」 and 「人员调转」 in the browser (SZ-03, HA-13)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bole.cases.models import Case
from bole.definitions import actions as publishing
from bole.kernel import clock
from bole.organizations.terms import Role
from bole.people import actions as people
from bole.people import queries
from bole.people.models import Invitation, Person
from bole.review import actions as review
from bole.review.terms import Verdict
from tests.factories.browsers import as_administrator, as_person, at_unit, text_of
from tests.factories.habits import Employer, make_employer
from tests.factories.habits import as_administrator as administrator_of
from tests.factories.organizations import NUMBERS, PASSWORD, SETUP, SPARE_NUMBERS, give_role, make_account
from tests.factories.people import fresh_phone

pytestmark = pytest.mark.django_db
LIN = NUMBERS["林致远"]
TYPED = {"kind": "resident", "number": LIN, "name": "林致远", "phone": "13800001111", "alias": "zhangsan008"}


@pytest.fixture
def employer(db: None) -> Employer:
    """A unit of 深圳 with its administrator."""
    return make_employer("shenzhen")


@pytest.fixture
def office(employer: Employer) -> Client:
    """The administrator's browser."""
    return as_administrator(employer.administrator, employer.unit)


def member(employer: Employer, number: str = LIN, name: str = "林致远") -> Person:
    """Somebody of the unit with an account."""
    return people.install_person(
        site=employer.site, kind="resident", number=number, name=name, phone=fresh_phone(), password=PASSWORD,
        unit=employer.unit.pk, by=SETUP,
    )  # fmt: skip


def test_the_list_shows_what_the_manual_names(employer: Employer, office: Client):
    member(employer)
    page = text_of(office.get("/shenzhen/people/"))
    for word in ("用户姓名", "用户账号", "身份证号", "所在单位名称", "注册日期", "新增", "修改", "重置密码", "删除"):
        assert word in page
    assert "林致远" in page
    assert LIN not in page
    assert "6401**********0050" in page


def test_a_person_is_invited_changed_sent_again_and_withdrawn(employer: Employer, office: Client):
    done = office.post("/shenzhen/people/new/", TYPED, follow=True)
    assert "已向 林*远" in text_of(done)
    row = Invitation.objects.get()
    assert "ZHANGSAN008" in text_of(office.get("/shenzhen/people/?tab=waiting"))
    office.post(f"/shenzhen/people/invitations/{row.pk}/renew/")
    changed = office.post(f"/shenzhen/people/invitations/{row.pk}/", TYPED | {"name": "林志远"})
    assert changed.status_code == 302
    row = Invitation.objects.open().get()
    assert row.name == "林志远"
    asked = office.get(f"/shenzhen/people/invitations/{row.pk}/withdraw/")
    assert "删除林志远？" in text_of(asked)
    assert Invitation.objects.open().exists()  # asks first
    office.post(f"/shenzhen/people/invitations/{row.pk}/withdraw/")
    assert not Invitation.objects.open().exists()
    assert office.get(f"/shenzhen/people/invitations/{row.pk}/").status_code == 404


def test_bad_input_keeps_what_was_typed(employer: Employer, office: Client):
    office.post("/shenzhen/people/new/", TYPED)
    for other, status, said in (
        ({"number": "640104199001010051"}, 422, "核对"),
        ({"phone": "1"}, 422, "手机号码"),
        ({"number": SPARE_NUMBERS[0]}, 422, "已有人使用"),
        ({}, 403, "还在等待本人接受"),
        ({"alias": "", "number": NUMBERS["周敏"]}, 403, "不能邀请自己"),
        ({"alias": "", "number": SPARE_NUMBERS[0], "department": "x"}, 302, ""),
    ):
        response = office.post("/shenzhen/people/new/", TYPED | other)
        assert response.status_code == status, other
        if said:
            assert said in text_of(response)
            assert 'value="林致远"' in text_of(response)


def test_an_expired_invitation_is_marked(employer: Employer, office: Client):
    office.post("/shenzhen/people/new/", TYPED)
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert "邀请已过期" in text_of(office.get("/shenzhen/people/?tab=waiting"))


def test_the_invited_person_answers_on_the_home_page(employer: Employer, office: Client):
    person = people.install_person(
        site="shenzhen", kind="resident", number=LIN, name="林致远", phone=fresh_phone(), password=PASSWORD, by=SETUP
    )
    office.post("/shenzhen/people/new/", TYPED)
    own = as_person(person)
    assert "第一设计院</b> 邀请您成为该单位的申报人员" in text_of(own.get("/shenzhen/me/"))
    own.post(f"/shenzhen/invitations/{Invitation.objects.get().pk}/", {"do": "accept"})
    assert queries.current_unit(person.pk) == employer.unit
    assert "邀请您成为" not in text_of(own.get("/shenzhen/me/"))


def test_resetting_and_removing_ask_first(employer: Employer, office: Client):
    person = member(employer)
    assert "为林致远重置密码？" in text_of(office.get(f"/shenzhen/people/{person.pk}/reset/"))
    sent = office.post(f"/shenzhen/people/{person.pk}/reset/", follow=True)
    assert "已发起重置" in text_of(sent)
    assert "删除林致远？" in text_of(office.get(f"/shenzhen/people/{person.pk}/remove/"))
    assert queries.current_unit(person.pk) == employer.unit
    office.post(f"/shenzhen/people/{person.pk}/remove/")
    assert queries.current_tie(person.pk) is None
    for place in ("", "reset/", "remove/"):
        assert office.get(f"/shenzhen/people/{person.pk}/{place}").status_code == 404


def test_the_list_is_searched_by_name_pinyin_and_number_without_numbers_in_addresses(
    employer: Employer, office: Client
):
    member(employer)
    member(employer, SPARE_NUMBERS[0], "王娜")
    for typed, seen, gone in (
        ({"name": "wangna"}, "王娜", "林致远"),
        ({"number": LIN}, "林致远", "王娜"),
    ):
        response = office.post("/shenzhen/people/", typed)
        address = response.headers["Location"]
        assert LIN not in address
        rows = text_of(office.get(address)).partition("<tbody>")[2]
        assert seen in rows
        assert gone not in rows


def test_the_list_asks_as_often_for_one_as_for_three(employer: Employer, office: Client):
    counts = []
    for number, name in ((LIN, "林致远"), (SPARE_NUMBERS[0], "王娜"), (SPARE_NUMBERS[1], "钱思远")):
        member(employer, number, name)
        office.get("/shenzhen/people/")
        with CaptureQueriesContext(connection) as asked:
            assert office.get("/shenzhen/people/").status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_only_who_keeps_the_units_people_comes_in(employer: Employer):
    clerk = make_account("吴海燕")
    give_role(employer.unit, Role.REVIEWER, clerk)
    assert at_unit(clerk, employer.unit).get("/shenzhen/people/").status_code == 403
    give_role(employer.unit, Role.REGISTRAR, clerk)
    assert at_unit(clerk, employer.unit).get("/shenzhen/people/").status_code == 200
    assert at_unit(clerk, employer.unit).get("/shenzhen/transfers/").status_code == 403  # no transfers on this site


@pytest.fixture
def henan(db: None) -> Employer:
    """Two units of 河南, where people are transferred."""
    made = make_employer("henan")
    publishing.publish_catalogue(by=SETUP)
    return made


def test_a_person_is_sent_out_confirmed_and_listed(henan: Employer):
    person = member(henan)
    receiver = make_account("吴海燕")
    give_role(henan.other, Role.ADMINISTRATOR, receiver)
    out = as_administrator(henan.administrator, henan.unit)
    into = as_administrator(receiver, henan.other)
    found = text_of(out.post("/henan/transfers/new/", {"do": "who", "who": "lzy", "where": "第二"}))
    assert "林致远" in found
    assert "第二设计院" in found
    typed = {"who": "lzy", "where": "第二", "person": str(person.pk), "to": str(henan.other.pk), "reason": "工作调动"}
    assert "把林致远调到第二设计院？" in text_of(out.post("/henan/transfers/new/", typed | {"do": "plan"}))
    assert not Case.objects.exists()  # nothing before the confirmation
    sent = out.post("/henan/transfers/new/", typed | {"do": "send"}, follow=True)
    assert "待调入单位确认" in text_of(sent)
    assert "第二设计院" in text_of(sent)
    again = out.post("/henan/transfers/new/", typed | {"do": "send"})
    assert again.status_code == 403
    waiting = text_of(into.get("/henan/transfers/"))
    assert "确认调转" in waiting
    assert "林致远" in waiting
    case = Case.objects.get()
    by = administrator_of(receiver, henan.other)
    review.decide(case=case, step=case.step, seen=case.revision, verdict=Verdict.APPROVE, opinion="", by=by)
    assert queries.current_unit(person.pk) == henan.other
    for browser, way in ((out, "调出"), (into, "调入")):
        page = text_of(browser.get("/henan/transfers/?tab=records"))
        assert f'<span class="tag">{way}</span>' in page


@pytest.mark.parametrize(
    ("other", "status", "said"),
    [
        ({"person": ""}, 422, "选择调出人员"),
        ({"to": ""}, 422, "选择调入单位"),
        ({"person": "00000000-0000-0000-0000-000000000000"}, 422, "选择调出人员"),
        ({"to": "00000000-0000-0000-0000-000000000000"}, 422, "没有找到这个单位"),
        ({"to": "own"}, 422, "就是现在的单位"),
    ],
)
def test_a_transfer_that_cannot_be_opens_nothing(henan: Employer, other: dict[str, str], status: int, said: str):
    person = member(henan)
    give_role(henan.other, Role.ADMINISTRATOR, make_account("吴海燕"))
    if other.get("to") == "own":
        other = {"to": str(henan.unit.pk)}
    typed = {"person": str(person.pk), "to": str(henan.other.pk), "do": "send", "who": "林", "where": "设计院"} | other
    response = as_administrator(henan.administrator, henan.unit).post("/henan/transfers/new/", typed)
    assert response.status_code == status
    assert said in text_of(response)
    assert not Case.objects.exists()


def test_a_unit_that_nobody_keeps_takes_nobody_in(henan: Employer):
    person = member(henan)
    typed = {"person": str(person.pk), "to": str(henan.other.pk), "do": "send"}
    response = as_administrator(henan.administrator, henan.unit).post("/henan/transfers/new/", typed)
    assert response.status_code == 403
    assert not Case.objects.exists()
