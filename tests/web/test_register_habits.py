"""Registration pages by the habits of the sites: doors, approved registration, invitations, checked units."""

import re

import pytest
from django.test import Client

from bole.accounts import queries as account_queries
from bole.cases.models import Case
from bole.definitions import actions as publishing
from bole.organizations import actions as organizing
from bole.organizations import queries as organizations
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from bole.people import queries
from bole.people.terms import TAKEN_SENTENCE, UNIT_SENTENCE
from tests.factories.browsers import as_person, text_of
from tests.factories.habits import Employer, make_employer, obtain_invitation
from tests.factories.organizations import NUMBERS, PASSWORD, SETUP, SPARE_NUMBERS, UNKNOWN_NUMBER
from tests.factories.people import fresh_phone
from tests.people.test_founding import CODE, LINE, load

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("easy_captcha")]
LIN = NUMBERS["林致远"]


def told(response: object) -> str:
    """The words of the page, without what differs from visit to visit."""
    page = text_of(response).partition("<main")[2]  # type: ignore[arg-type]  # an HttpResponse
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


DOORS = {
    "shenzhen": {
        "申报个人入口": "login/?way=person",
        "用人单位入口": "login/?way=unit",
        "用人单位注册入口": "register/unit/",
    },
    "jilin": {"没有账号？立即注册": "register/", "忘记密码": "forgot/", "账号激活": "activate/"},
    "henan": {
        '登录<span class="vh">：专业技术人员': "login/?way=person",
        '注册<span class="vh">：专业技术人员': "register/",
        '登录<span class="vh">：用人单位': "login/?way=unit",
        '注册<span class="vh">：用人单位': "register/unit/unit-registration-employer/",
        '注册<span class="vh">：主管部门': "register/unit/unit-registration-department/",
        '注册<span class="vh">：继续教育基地': "register/unit/unit-registration-base/",
        '登录<span class="vh">：人社部门': "login/?way=unit",
    },
}


@pytest.mark.parametrize("site", list(DOORS))
def test_the_service_window_of_a_site_leads_to_its_pages(client: Client, site: str):
    publishing.publish_catalogue(by=SETUP)
    page = text_of(client.get(f"/{site}/"))
    assert "服务窗口" in page
    for words, address in DOORS[site].items():
        assert f'href="/{site}/{address}"' in page
        assert words in page
        assert client.get(f"/{site}/{address}").status_code == 200
    assert 'class="vh">：人社部门' not in page.partition("注册<span")[2].partition("人社部门")[0]


def test_a_site_without_entries_has_no_window(client: Client):
    assert "服务窗口" not in text_of(client.get("/ningxia/"))


def test_where_units_invite_the_registration_says_so(client: Client):
    page = text_of(client.get("/shenzhen/register/"))
    assert "由所在单位新增" in page
    assert 'href="/shenzhen/invitation/"' in page
    assert client.post("/shenzhen/register/", {"step": "3"}).status_code == 200
    assert not account_queries.account_by_login(LIN)


@pytest.fixture
def henan(db: None) -> Employer:
    """河南 with its services published."""
    employer = make_employer("henan")
    publishing.publish_catalogue(by=SETUP)
    return employer


def form_for(employer: Employer, number: str = LIN, phone: str = "") -> dict[str, str]:
    """Everything that the steps ask, as the last step posts it."""
    return {
        "kind": "resident", "number": number, "name": "林致远", "agreed": "1", "phone": phone or fresh_phone(),
        "code": "000000", "email": "lin@example.cn", "unit_region": employer.unit.region, "employer": "设计院",
        "unit": str(employer.unit.pk), "ethnic_group": "01", "native_place": "410000", "school": "郑州大学",
        "major": "土木工程", "step": "4", "do": "next", "password": PASSWORD, "again": PASSWORD,
    }  # fmt: skip


def register(client: Client, employer: Employer, **other: str) -> object:
    """Get the code, then send the last step."""
    typed = form_for(employer) | other
    client.post("/henan/register/", typed | {"step": "2", "do": "send"})
    return client.post("/henan/register/", typed)


def test_an_approved_registration_goes_step_by_step_to_the_units_desk(client: Client, henan: Employer):
    address, typed = "/henan/register/", form_for(henan)
    first = text_of(client.get(address))
    assert all(step in first for step in ("核对身份", "验证手机", "个人信息", "设置密码", "完成"))
    assert "电子邮箱" in text_of(client.post(address, typed | {"step": "1"}))
    third = text_of(client.post(address, typed | {"step": "2"}))
    for label in ("用人单位所属区域", "所在单位", "性别", "出生日期", "民族", "籍贯", "毕业院校", "所学专业"):
        assert label in third
    assert "1990-01-01" in third or "1990年1月1日" in third
    found = text_of(client.post(address, typed | {"step": "3", "do": "look", "unit": ""}))
    assert "第一设计院" in found
    assert "第二设计院" in found
    assert "确认密码" in text_of(client.post(address, typed | {"step": "3"}))
    done = register(client, henan)
    assert "注册信息已经提交审核，请耐心等待" in told(done)
    case = Case.objects.get(service="person-registration")
    assert (case.unit, case.status) == (henan.unit, "in_review")
    person = queries.person_by_identity("resident", LIN)
    assert person is not None
    assert queries.current_tie(person.pk) is None


def test_departments_are_offered_once_the_unit_is_chosen(client: Client, henan: Employer):
    department = organizing.keep_department(unit=henan.unit.pk, name="设计一所", by=henan.by)
    typed = form_for(henan) | {"step": "3", "do": "look", "department": str(department.pk)}
    page = text_of(client.post("/henan/register/", typed))
    assert f'<option value="{department.pk}" selected>设计一所' in page
    typed = form_for(henan) | {"department": str(department.pk)}
    client.post("/henan/register/", typed | {"step": "2", "do": "send"})
    client.post("/henan/register/", typed)
    person = queries.person_by_identity("resident", LIN)
    assert person is not None
    people.admit(person=person.pk, by=SETUP)
    tie = queries.current_tie(person.pk)
    assert tie is not None
    assert tie.department_id == department.pk


def test_the_approved_registration_says_the_same_for_known_and_unknown_numbers(client: Client, henan: Employer):
    register(client, henan)
    answers = [register(Client(), henan, number=number) for number in (LIN, UNKNOWN_NUMBER)]
    assert told(answers[0]) == told(answers[1])
    assert {answer.status_code for answer in answers} == {200}  # type: ignore[attr-defined]  # HttpResponses


@pytest.mark.parametrize(
    ("step", "field", "value", "said"),
    [
        ("1", "name", "", "请填写姓名"),
        ("1", "number", "410104199001010051", "证件号码"),
        ("2", "email", "nobody", "电子邮箱"),
        ("2", "email", "a" * 60 + "@b.cn", "最多 60 个字符"),
        ("3", "unit", "", "选定所在单位"),
        ("3", "unit_region", "", "请选择用人单位所属区域"),
        ("3", "ethnic_group", "", "请选择民族"),
        ("4", "again", "another-Password-1", "两次输入的密码不一致"),
        ("4", "unit", "00000000-0000-0000-0000-000000000000", "没有找到所在单位"),
        ("4", "school", "长" * 61, "毕业院校最多 60 个字"),
    ],
)
def test_faults_are_told_at_their_step_with_everything_kept(
    client: Client, henan: Employer, step: str, field: str, value: str, said: str
):
    response = client.post("/henan/register/", form_for(henan) | {"step": step, field: value})
    assert response.status_code == 422
    page = text_of(response)
    assert said in page
    assert 'value="土木工程"' in page
    assert PASSWORD not in page


def test_who_registers_a_unit_first_gets_an_account(client: Client, henan: Employer):
    page = text_of(client.get("/henan/register/unit/unit-registration-employer/"))
    assert "/henan/register/?founder=1" in page
    assert "注册单位管理员账号" in text_of(client.get("/henan/register/?founder=1"))
    typed = form_for(henan) | {"founder": "1", "step": "3", "unit": ""}
    client.post("/henan/register/", typed | {"step": "2", "do": "send"})
    assert "现在可以用证件号码和密码登录" in told(client.post("/henan/register/", typed))
    account = account_queries.account_by_login(LIN)
    assert account is not None
    assert account.is_active
    person = queries.person_of(account.pk)
    assert person is not None
    at = as_person(person).get("/henan/register/unit/unit-registration-employer/")
    assert at.headers["Location"] == "/henan/services/unit-registration-employer/"
    assert client.get("/henan/register/unit/person-registration/").status_code == 404


@pytest.fixture
def shenzhen(db: None) -> Employer:
    """深圳: persons are invited, units checked."""
    return make_employer("shenzhen")


def invite(employer: Employer, number: str = LIN) -> str:
    """An invitation's code."""
    return obtain_invitation(
        lambda: people.invite(unit=employer.unit.pk, number=number, name="林致远", phone=fresh_phone(), by=employer.by)
    )


def take(code: str, number: str = LIN) -> object:
    """Both steps of 「激活账户」."""
    client, typed = Client(), {"kind": "resident", "number": number, "name": "林致远", "invitation": code, "step": "1"}
    second = client.post("/shenzhen/invitation/", typed | {"do": "next"})
    assert "第一设计院" in text_of(second)
    client.post("/shenzhen/invitation/", typed | {"step": "2", "do": "send"})
    typed |= {"step": "2", "do": "next", "phone_code": "000000", "password": PASSWORD, "again": PASSWORD}
    return client.post("/shenzhen/invitation/", typed)


def test_an_invitation_is_taken_in_two_steps(shenzhen: Employer):
    assert TAKEN_SENTENCE in told(take(invite(shenzhen)))
    person = queries.person_by_identity("resident", LIN)
    assert person is not None
    assert queries.current_unit(person.pk) == shenzhen.unit


def test_taking_an_invitation_says_the_same_for_known_and_unknown_numbers(shenzhen: Employer):
    people.install_person(
        site="shenzhen", kind="resident", number=UNKNOWN_NUMBER, name="林致远", phone=fresh_phone(), password=PASSWORD,
        by=SETUP,
    )  # fmt: skip
    known, unknown = take(invite(shenzhen, UNKNOWN_NUMBER), UNKNOWN_NUMBER), take(invite(shenzhen))
    assert told(known) == told(unknown)


def test_a_wrong_code_keeps_what_was_typed(shenzhen: Employer):
    invite(shenzhen)
    typed = {"kind": "resident", "number": LIN, "name": "林致远", "invitation": "wrongcode1", "step": "1", "do": "next"}
    response = Client().post("/shenzhen/invitation/", typed)
    assert response.status_code == 422
    assert "邀请码、证件号码或姓名不对" in text_of(response)
    assert 'value="林致远"' in text_of(response)
    assert Client().get("/shenzhen/invitation/").status_code == 200


@pytest.fixture
def insured(db: None) -> None:
    """The authority of 深圳 with a line of its insurance register."""
    organizing.create_unit(
        site="shenzhen", kind=UnitKind.AUTHORITY, name="深圳市人力资源和社会保障局", region="440300", by=SETUP
    )
    load(LINE)


def unit_form(**other: str) -> dict[str, str]:
    """「注册信息」 as the manual has it."""
    return {
        "organization_code": CODE, "insurance_number": "SZ100001", "name": "林致远", "number": LIN,
        "computer_number": "6012345678", "email": "AA@163.com", "user_name": "zhangshan", "password": PASSWORD,
        "again": PASSWORD, "telephone": "0755-82123456", "phone": fresh_phone(), "code": "000000", "do": "save",
    } | other  # fmt: skip


def found(client: Client, **other: str) -> object:
    """Get the code, then 「保存」."""
    typed = unit_form(**other)
    client.post("/shenzhen/register/unit/", typed | {"do": "send"})
    return client.post("/shenzhen/register/unit/", typed)


@pytest.mark.usefixtures("insured")
def test_a_unit_registers_itself_with_the_fields_of_the_manual(client: Client):
    page = text_of(client.get("/shenzhen/register/unit/"))
    for label in (
        "机构代码", "单位社保号", "管理员姓名", "管理员身份证号", "管理员社保电脑号", "管理员电子邮箱", "管理员用户名",
        "管理员密码", "确认管理员密码", "管理员电话", "管理员手机", "验证码", "保存",
    ):  # fmt: skip
        assert label in page
    assert UNIT_SENTENCE in told(found(client))
    account = account_queries.account_by_login(LIN)
    assert account is not None
    assert [each.roles[0] for each in organizations.capacities(account.pk)] == [Role.ADMINISTRATOR]
    second = found(Client(), user_name="another01")
    assert "移交管理员" in told(second)
    assert 'value="SZ100001"' in told(second)


@pytest.mark.usefixtures("insured")
def test_registering_a_unit_says_the_same_for_known_and_unknown_numbers(client: Client):
    unknown = told(found(client))
    other = ["400000421", "SZ100002", "深圳市第二设计院", "", "王娜", SPARE_NUMBERS[0], "6087654321"]
    load(other)
    people.install_person(
        site="shenzhen", kind="resident", number=SPARE_NUMBERS[0], name="王娜", phone=fresh_phone(), password=PASSWORD,
        by=SETUP,
    )  # fmt: skip
    known = told(
        found(
            Client(), organization_code=other[0], insurance_number=other[1], name="王娜", number=SPARE_NUMBERS[0],
            computer_number=other[6], user_name="wangna01",
        )
    )  # fmt: skip
    assert known == unknown


@pytest.mark.usefixtures("insured")
def test_a_failing_check_keeps_the_form(client: Client):
    response = found(client, computer_number="6000000000")
    page = told(response)
    assert "和本单位的参保登记不一致" in page
    assert 'value="zhangshan"' in page
    assert PASSWORD not in page


def test_the_other_sites_say_how_units_come_to_be(client: Client):
    assert "由上级单位创建" in text_of(client.get("/guizhou/register/unit/"))
    assert "账号激活" in text_of(client.get("/jilin/register/unit/"))
    assert "注册后审核" in text_of(client.get("/henan/register/unit/"))
    assert "采集管理员" in text_of(client.get("/ningxia/register/unit/"))
