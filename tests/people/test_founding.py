"""「单位用户注册」 with the check that the administrator is insured at the unit (SZ-01)."""

import pytest
from django.test import TestCase

from bole.accounts import actions as accounts
from bole.accounts import queries as account_queries
from bole.accounts.models import Account
from bole.audit import queries as ledger
from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.terms import Column
from bole.kernel import events
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Invalid, Refused, TooMany
from bole.organizations import actions as organizing
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions, queries
from bole.people.actions import insuring
from bole.people.events import UnitRegistered
from bole.people.models import Insured
from bole.people.terms import UNIT_SENTENCE, InsuranceFinding, InsuranceQuestion, Registration
from tests.factories.organizations import NUMBERS, PASSWORD, SETUP, SPARE_NUMBERS, UNKNOWN_NUMBER
from tests.factories.people import as_self, fresh_phone, obtain_code

pytestmark = pytest.mark.django_db
SITE = "shenzhen"
CODE = "400000376"  # the inner code of a synthetic credit code: its check character is right
LIN = NUMBERS["林致远"]
VISITOR = Actor(Way.PERSON, site=SITE)
LINE = [CODE, "SZ100001", "深圳市第一设计院", "", "林致远", LIN, "6012345678"]


@pytest.fixture(autouse=True)
def register() -> None:
    """The authority, and what the insurance register says of its ground."""
    organizing.create_unit(
        site=SITE, kind=UnitKind.AUTHORITY, name="深圳市人力资源和社会保障局", region="440300", by=SETUP
    )
    load(LINE, [CODE, "SZ100001", "深圳市第一设计院", "", "王娜", SPARE_NUMBERS[0], "6087654321"])


def load(*rows: list[str]) -> dict[str, int]:
    """Import lines of the register; what became of them."""
    columns = [Column(name) for name in insuring.HEADER]
    report = actions.import_insurance(documents.write_sheet(columns, rows), site=SITE, by=SETUP)
    return {
        "created": report.created,
        "unchanged": report.unchanged,
        "updated": report.updated,
        "failed": report.failed,
    }


def found(by: Actor = VISITOR, **other: str) -> Registration:
    """Send the form of the manual."""
    phone = other.pop("phone", "") or fresh_phone()
    typed = {
        "organization_code": CODE, "insurance_number": "SZ100001", "name": "林致远", "number": LIN,
        "computer_number": "6012345678", "email": "AA@163.com", "user_name": "zhangshan", "password": PASSWORD,
        "telephone": "0755-82123456", "phone": phone,
    } | other  # fmt: skip
    code = typed.pop("code", "") or obtain_code(phone)
    return actions.found_unit(site=SITE, code=code, by=by, **typed)


def unit() -> Unit | None:
    """The unit, if it is there."""
    return Unit.objects.filter(site=SITE, organization_code=CODE).first()


def test_unit_account_person_and_administrator_come_to_be_at_once():
    assert found() == Registration(UNIT_SENTENCE)
    row = unit()
    assert row is not None
    assert (row.name, row.region, row.parent.name if row.parent else "") == (
        "深圳市第一设计院",
        "440300",
        "深圳市人力资源和社会保障局",
    )
    account = accounts.log_in(login="ZhangShan", password=PASSWORD, device=None, address="")
    assert organizations.holds(account.pk, row.pk, Role.ADMINISTRATOR)
    person = queries.person_of(account.pk)
    assert person is not None
    assert queries.current_unit(person.pk) == row  # insured there: that is what the tie rests on
    assert person.telephone == "0755-82123456"
    assert account_queries.contact(account.pk).email == "AA@163.com"


def test_the_unit_can_do_its_business_and_has_an_account_that_its_administrator_activates():
    found(phone="13900000007")
    row = unit()
    assert row is not None
    assert row.collection_enabled_at is not None
    held = row.unit_account
    assert (held.holder_name, held.account.login, held.account.phone) == ("林致远", CODE, "13900000007")
    assert not held.account.has_usable_password()  # waits for its activation
    recorded = ledger.about("unit", str(row.pk)).values_list("action", flat=True)
    assert {"organizations.unit_account.made", "organizations.unit_account.passed_on"} <= set(recorded)


def test_the_account_of_the_unit_is_nobodys_until_an_offered_role_is_accepted():
    person = actions.install_person(
        site=SITE, kind="resident", number=LIN, name="林致远", phone="13900000008", password=PASSWORD, by=SETUP
    )
    found(phone="13900000009")  # whoever fills in the form has this phone, not the one on record
    row = unit()
    assert row is not None
    assert (row.unit_account.holder_name, row.unit_account.account.phone) == ("", None)
    [offer] = organizations.invitations_for(login=LIN, name="林致远")
    organizing.accept_appointment(appointment=offer.id, by=as_self(person))
    row = Unit.objects.get(pk=row.pk)
    assert (row.unit_account.holder_name, row.unit_account.account.phone) == ("林致远", "13900000008")


def test_a_unit_account_that_is_there_stays_whose_it_is():
    row = organizing.create_unit(
        site=SITE, kind=UnitKind.UNIT, name="第一设计院", region="440300", organization_code=CODE, by=SETUP
    )
    organizing.open_unit_account(unit=row.pk, holder_name="办公室", phone="13900000010", by=SETUP)
    found()
    assert Unit.objects.get(pk=row.pk).unit_account.holder_name == "办公室"


def test_a_code_that_is_a_log_in_already_leaves_the_unit_without_an_account():
    elsewhere = organizing.create_unit(
        site="jilin", kind=UnitKind.UNIT, name="吉林分院", region="220100", organization_code=CODE, by=SETUP
    )
    organizing.open_unit_account(unit=elsewhere.pk, holder_name="办公室", phone="13900000010", by=SETUP)
    found()
    row = unit()
    assert row is not None
    assert not hasattr(row, "unit_account")
    assert organizations.holders(row.pk, Role.ADMINISTRATOR)


def test_a_unit_that_is_there_is_taken():
    row = organizing.create_unit(
        site=SITE, kind=UnitKind.UNIT, name="第一设计院", region="440300", organization_code=CODE, by=SETUP
    )
    found()
    assert Unit.objects.filter(organization_code=CODE).count() == 1
    assert organizations.holders(row.pk, Role.ADMINISTRATOR)


def test_a_second_registration_names_the_ways_to_change_the_administrator():
    found()
    for _ in range(2):
        with pytest.raises(Refused, match=r"移交管理员.*应急指定管理员"):
            found(number=SPARE_NUMBERS[0], name="王娜", computer_number="6087654321", user_name="wangna01")
    assert account_queries.account_by_login(SPARE_NUMBERS[0]) is None


@pytest.mark.parametrize(
    ("field", "value", "at"),
    [
        ("insurance_number", "SZ999999", "insurance_number"),
        ("computer_number", "6099999999", "computer_number"),
        ("name", "林志远", "computer_number"),
        ("number", UNKNOWN_NUMBER, "computer_number"),
        ("number", SPARE_NUMBERS[0], "computer_number"),  # insured there, but somebody else
    ],
)
def test_what_does_not_agree_is_named_without_whose_it_is(field: str, value: str, at: str):
    with pytest.raises(Invalid) as wrong:
        found(code="000000", **{field: value})
    assert [fault.at for fault in wrong.value.faults] == [at]
    for secret in ("王娜", "林致远", "6012345678", "6087654321", SPARE_NUMBERS[0], "第一设计院"):
        assert secret not in wrong.value.sentence
    assert unit() is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organization_code", "12345"),
        ("organization_code", "400000377"),
        ("insurance_number", " "),
        ("name", ""),
        ("number", "640104199001010051"),
        ("computer_number", ""),
        ("email", "nobody"),
        ("user_name", "abc"),
        ("user_name", "张三李四王五"),
        ("telephone", ""),
        ("phone", "12345"),
    ],
)
def test_bad_input_is_named_at_its_place(field: str, value: str):
    with pytest.raises(Invalid) as wrong:
        found(code="000000", **{"phone": fresh_phone(), field: value})
    assert field in {fault.at for fault in wrong.value.faults}
    assert unit() is None


def test_our_password_rule_holds():
    with pytest.raises(Invalid, match="至少 12 个字符"):
        found(password="Abc12345", code="000000")


def test_a_wrong_code_registers_nothing():
    with pytest.raises(Invalid) as wrong:
        found(code="999999")
    assert [fault.at for fault in wrong.value.faults] == ["code"]
    assert unit() is None
    assert not Account.objects.exists()


def test_a_known_number_waits_for_its_owner_and_says_the_same():
    owner = actions.install_person(
        site=SITE, kind="resident", number=LIN, name="林致远", phone=fresh_phone(), password=PASSWORD, by=SETUP
    )
    told: list[UnitRegistered] = []
    events.listen(UnitRegistered, told.append)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert found(password="hai-Kuo-tian-Kong-5") == Registration(UNIT_SENTENCE)
    assert told[-1].account == owner.account_id
    row = unit()
    assert row is not None
    assert not organizations.holders(row.pk, Role.ADMINISTRATOR)
    assert queries.current_tie(owner.pk) is None
    offers = organizations.invitations_for(login=LIN, name="林致远")
    assert [each.unit for each in offers] == [row.pk]
    organizing.accept_appointment(appointment=offers[0].id, by=as_self(owner))
    assert organizations.holds(owner.account_id, row.pk, Role.ADMINISTRATOR)  # type: ignore[arg-type]  # has one
    with pytest.raises(Invalid):
        accounts.log_in(login=LIN, password="hai-Kuo-tian-Kong-5", device=None, address="")


def test_who_is_logged_in_registers_with_the_own_account():
    owner = actions.install_person(
        site=SITE, kind="resident", number=LIN, name="林致远", phone=fresh_phone(), password=PASSWORD, by=SETUP
    )
    found(as_self(owner), number="", name="", password="", user_name="")
    row = unit()
    assert row is not None
    assert organizations.holds(owner.account_id, row.pk, Role.ADMINISTRATOR)  # type: ignore[arg-type]  # has one
    assert queries.current_unit(owner.pk) == row


def test_a_taken_user_name_is_refused_with_another():
    accounts.create_account(
        login=UNKNOWN_NUMBER, name="王娜", phone=None, password=PASSWORD, user_name="zhangshan", by=SETUP
    )
    with pytest.raises(Invalid, match="已有人使用，请另取一个") as wrong:
        found(code="000000")
    assert [fault.at for fault in wrong.value.faults] == ["user_name"]


def test_other_sites_register_units_in_other_ways():
    with pytest.raises(Refused):
        actions.found_unit(
            site="ningxia", organization_code=CODE, insurance_number="1", name="林致远", number=LIN,
            computer_number="1", email="a@b.cn",
            user_name="zhangshan", password=PASSWORD, telephone="1", phone=fresh_phone(), code="",
            by=VISITOR,
        )  # fmt: skip


def test_an_address_and_a_unit_have_limits():
    visitor = Actor(Way.PERSON, site=SITE, address="192.0.2.9")
    for _ in range(20):
        with pytest.raises(Invalid):
            found(visitor, code="000000", computer_number="1")
    with pytest.raises(TooMany, match="网络提交单位注册的次数过多"):
        found(visitor, code="000000")
    with pytest.raises(TooMany, match="该单位的注册信息核对次数过多"):
        found(code="000000")


def test_another_register_can_be_bound(monkeypatch: pytest.MonkeyPatch):
    asked: list[InsuranceQuestion] = []

    class Service:
        """A service of the authority in place of the table."""

        def ask(self, question: InsuranceQuestion) -> InsuranceFinding:
            """Everything agrees."""
            asked.append(question)
            return InsuranceFinding(True, True, "另一家单位", "440300")

    monkeypatch.setattr(insuring, "_register", insuring._register)
    actions.bind_insurance_register(Service())
    found()
    row = unit()
    assert row is not None
    assert row.name == "另一家单位"
    assert LIN not in repr(asked)  # nothing of it falls into a log


def test_the_register_is_taken_over_row_by_row():
    assert load(LINE) == {"created": 0, "unchanged": 1, "updated": 0, "failed": 0}
    assert Insured.objects.count() == 1  # a unit of the file stands there in full
    bad = [["12345", "", "", "999999", "", "1", ""]]
    assert load(*bad)["failed"] == 1
    changed = [*LINE]
    changed[2] = "深圳市第一设计研究院"
    assert load(changed)["updated"] == 1
    person = actions.install_person(
        site=SITE, kind="resident", number=UNKNOWN_NUMBER, name="王娜", phone=fresh_phone(), password=PASSWORD, by=SETUP
    )
    with pytest.raises(Refused):
        actions.import_insurance(b"", site=SITE, by=as_self(person))
    assert sheets.read_rows(actions.insurance_template(), header=insuring.HEADER) == []


def test_no_number_of_the_register_stands_open():
    row = Insured.objects.filter(name_index=insuring.name_index("林致远")).values().get()
    assert not {LIN, "6012345678", "林致远"} & {str(value) for value in row.values()}
