"""Each site's own way for persons and ties: themselves, approved, invited; choice or case (HA-02, JL-03)."""

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from bole.accounts import actions as accounts
from bole.accounts import queries as account_queries
from bole.accounts.models import OneTimeCode, Throttle
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Absent, Invalid, Refused
from bole.organizations import actions as organizing
from bole.organizations.models import Appointment
from bole.organizations.terms import Role, UnitKind
from bole.people import actions, queries
from bole.people.models import Admission, Person, Tie
from bole.people.terms import APPROVAL_SENTENCE, PersonState, Registration, TieBasis
from tests.factories.habits import Employer, make_employer
from tests.factories.organizations import NUMBERS, PASSWORD, SETUP, SPARE_NUMBERS, UNKNOWN_NUMBER, give_role, make_unit
from tests.factories.people import World, as_self, fresh_phone, obtain_code, roster_person

pytestmark = pytest.mark.django_db
LIN = NUMBERS["林致远"]
OTHER_PASSWORD = "he-Nan-zhong-Yuan-8"


@pytest.fixture
def henan() -> Employer:
    """A unit of 河南, where the unit approves registrations."""
    return make_employer("henan")


class Opened:
    """Stands for what opens the case: remembers whom it was called with, or refuses."""

    def __init__(self) -> None:
        self.calls: list[tuple[Person, Actor]] = []
        self.refuse = False

    def __call__(self, person: Person, owner: Actor) -> None:
        """Called inside the registration's transaction."""
        if self.refuse:
            raise Refused("不在申报时间内。")
        self.calls.append((person, owner))


def apply(employer: Employer, then: Opened, *, number: str = LIN, phone: str = "", **other: object) -> Registration:
    """Register for approval."""
    phone = phone or fresh_phone()
    typed = {
        "site": employer.site, "kind": "resident", "number": number, "name": "林致远", "phone": phone,
        "code": obtain_code(phone), "password": PASSWORD, "ethnic_group": "01", "unit": employer.unit.pk,
        "email": "lin@example.cn", "details": {"school": "郑州大学", "major": "土木工程"}, "then": then,
    } | other  # fmt: skip
    return actions.register_person(by=Actor(Way.PERSON, site=employer.site), **typed)  # type: ignore[arg-type]  # the action's own arguments


def applied(employer: Employer, **other: str) -> Person:
    """Somebody who waits for approval."""
    apply(employer, Opened(), **other)
    person = queries.person_by_identity("resident", LIN)
    assert person is not None
    return person


def test_a_registration_waits_for_the_unit_and_opens_the_case_with_it(henan: Employer):
    then = Opened()
    done = apply(henan, then)
    assert done.sentence == APPROVAL_SENTENCE == "注册信息已经提交审核，请耐心等待"
    person, owner = then.calls[0]
    assert (owner.way, owner.person, owner.account) == (Way.PERSON, person.pk, person.account_id)
    assert (person.school, person.major, person.sex) == ("郑州大学", "土木工程", "1")
    assert account_queries.contact(owner.who).email == "lin@example.cn"
    assert not Tie.objects.filter(person=person).exists()  # who waits belongs to nobody
    assert list(queries.persons_below(henan.authority, PersonState.WAITING)) == [person]


def test_before_the_approval_the_log_in_says_so_only_after_the_right_password(henan: Employer):
    applied(henan)
    with pytest.raises(Refused, match="此账号还未被审核"):
        accounts.log_in(login=LIN, password=PASSWORD, device=None, address="")
    with pytest.raises(Invalid, match="账户或密码错误"):
        accounts.log_in(login=LIN, password=OTHER_PASSWORD, device=None, address="")


def test_the_approval_opens_account_and_tie_at_once(henan: Employer):
    person = applied(henan)
    for _ in range(2):  # twice is once
        actions.admit(person=person.pk, by=SETUP)
    assert accounts.log_in(login=LIN, password=PASSWORD, device=None, address="").pk == person.account_id
    tie = queries.current_tie(person.pk)
    assert tie is not None
    assert (tie.unit, tie.basis) == (henan.unit, TieBasis.CASE.value)
    assert list(queries.persons_below(henan.authority, PersonState.ACTIVE)) == [person]
    assert not queries.persons_below(henan.authority, PersonState.WAITING).exists()


def test_who_was_refused_registers_again_with_the_proven_phone(henan: Employer):
    phone = fresh_phone()
    person = applied(henan, phone=phone)
    actions.refuse_registration(person=person.pk, by=SETUP)
    with pytest.raises(Refused, match="此账号还未被审核"):
        accounts.log_in(login=LIN, password=PASSWORD, device=None, address="")
    then = Opened()
    foreign = apply(henan, then, phone=fresh_phone(), password=OTHER_PASSWORD)  # somebody with another phone
    assert (foreign.sentence, then.calls) == (APPROVAL_SENTENCE, [])
    Throttle.objects.all().delete()
    OneTimeCode.objects.all().delete()
    assert apply(henan, then, phone=phone, password=OTHER_PASSWORD) == foreign
    assert [called for called, _ in then.calls] == [person]
    actions.admit(person=person.pk, by=SETUP)
    assert accounts.log_in(login=LIN, password=OTHER_PASSWORD, device=None, address="").pk == person.account_id


def test_while_one_registration_waits_a_second_changes_nothing(henan: Employer):
    phone = fresh_phone()
    applied(henan, phone=phone)
    then = Opened()
    apply(henan, then, password=OTHER_PASSWORD)
    assert (then.calls, Admission.objects.count()) == ([], 1)
    with pytest.raises(Refused, match="此账号还未被审核"):  # the first password still stands
        accounts.log_in(login=LIN, password=PASSWORD, device=None, address="")


def test_the_answer_is_the_same_for_known_and_unknown_numbers(henan: Employer):
    applied(henan)
    assert apply(henan, Opened()) == apply(henan, Opened(), number=UNKNOWN_NUMBER)


def test_what_cannot_open_its_case_leaves_nothing_behind(henan: Employer):
    then = Opened()
    then.refuse = True
    with pytest.raises(Refused):
        apply(henan, then)
    assert account_queries.account_by_login(LIN) is None
    assert queries.person_by_identity("resident", LIN) is None


def test_a_unit_that_nobody_manages_is_named_before_anything_is_looked_up(henan: Employer):
    for number in (LIN, NUMBERS["周敏"]):
        with pytest.raises(Invalid, match="还没有管理员") as wrong:
            apply(henan, Opened(), number=number, unit=henan.other.pk)
        assert [fault.at for fault in wrong.value.faults] == ["unit"]
    with pytest.raises(Invalid, match="请选择所在单位"):
        apply(henan, Opened(), unit=None)
    with pytest.raises(Invalid, match="所属工作部门"):
        apply(henan, Opened(), department=henan.unit.pk)


def test_somebody_on_another_units_roster_is_held(henan: Employer):
    person = actions.install_person(
        site="henan", kind="resident", number=LIN, name="林致远", phone=fresh_phone(), password=PASSWORD,
        unit=henan.other.pk, by=SETUP,
    )  # fmt: skip
    Person.objects.filter(pk=person.pk).update(account=None, phone=None)
    account_queries.account(person.account_id).delete()  # type: ignore[arg-type]  # has one
    then = Opened()
    assert apply(henan, then).sentence == APPROVAL_SENTENCE
    assert then.calls == []
    assert queries.current_unit(person.pk) == henan.other


def test_effects_are_the_platforms_alone(henan: Employer):
    person = applied(henan)
    for by in (henan.by, as_self(person)):
        for act in (
            lambda by=by: actions.admit(person=person.pk, by=by),
            lambda by=by: actions.refuse_registration(person=person.pk, by=by),
            lambda by=by: actions.transfer(person=person.pk, to=henan.other.pk, by=by),
            lambda by=by: actions.bind_person(person=person.pk, unit=henan.unit.pk, by=by),
            lambda by=by: actions.change_person(person=person.pk, values={"title": "工程师"}, by=by),
        ):
            with pytest.raises(Refused):
                act()
    with pytest.raises(Absent):
        actions.admit(person=henan.unit.pk, by=SETUP)


def test_who_registers_a_unit_needs_none(henan: Employer):
    phone = fresh_phone()
    actions.register_person(
        site="henan", kind="resident", number=LIN, name="林致远", phone=phone, code=obtain_code(phone),
        password=PASSWORD, founder=True, by=Actor(Way.PERSON, site="henan"),
    )  # fmt: skip
    assert accounts.log_in(login=LIN, password=PASSWORD, device=None, address="")
    with pytest.raises(Refused, match="由所在单位新增"):
        actions.register_person(
            site="shenzhen", kind="resident", number=UNKNOWN_NUMBER, name="王娜", phone=phone, code="", password="",
            founder=True, by=Actor(Way.PERSON, site="shenzhen"),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("site", "said"),
    [("jilin", "个人绑定推荐单位"), ("guizhou", "个人绑定推荐单位"), ("shenzhen", "申报人员"), ("henan", "个人绑定")],
)
def test_where_a_case_decides_nobody_chooses_the_unit(site: str, said: str):
    employer = make_employer(site)
    person = actions.install_person(
        site=site, kind="resident", number=LIN, name="林致远", phone=fresh_phone(), password=PASSWORD, by=SETUP
    )
    with pytest.raises(Refused, match=said):
        actions.tie_person(person=person.pk, unit=employer.unit.pk, by=as_self(person))
    assert queries.current_tie(person.pk) is None
    actions.bind_person(person=person.pk, unit=employer.unit.pk, by=SETUP)
    with pytest.raises(Refused, match="人员调转"):
        actions.tie_person(person=person.pk, unit=employer.other.pk, by=as_self(person))
    with pytest.raises(Refused, match="人员调转"):
        actions.bind_person(person=person.pk, unit=employer.other.pk, by=SETUP)


def test_a_registration_chooses_no_unit_where_a_case_decides():
    employer = make_employer("jilin")
    with pytest.raises(Invalid, match="个人绑定推荐单位"):
        apply(employer, Opened())


def test_a_transfer_moves_person_and_ends_roles(world: World):
    give_role(world.ground.school, Role.REVIEWER, world.lin.account)  # type: ignore[arg-type]  # has one
    kept = give_role(world.ground.hospital, Role.REVIEWER, world.lin.account)  # type: ignore[arg-type]  # has one
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.transfer(person=world.lin.pk, to=world.ground.hospital.pk, by=SETUP)
    ties = list(Tie.objects.filter(person=world.lin).order_by("-until_on"))
    assert {(tie.unit_id, tie.until_on == tie.since_on or tie.until_on is None) for tie in ties} == {
        (world.ground.school.pk, True),
        (world.ground.hospital.pk, True),
    }
    live = Appointment.objects.live().filter(account=world.lin.account)
    assert list(live) == [kept]
    for unit in (world.ground.school, world.ground.hospital):
        assert [(tie.came_from, tie.unit) for tie in queries.moves(unit.pk)] == [
            (world.ground.school, world.ground.hospital)
        ]
    assert not queries.moves(world.ground.institute.pk).exists()
    assert actions.transfer(person=world.lin.pk, to=world.ground.hospital.pk, by=SETUP).unit == world.ground.hospital


def test_transfers_that_cannot_be(world: World):
    with pytest.raises(Invalid, match="没有找到所在单位"):
        actions.transfer(person=world.lin.pk, to=world.lin.pk, by=SETUP)
    foreign = organizing.create_unit(
        site="jilin", kind=UnitKind.UNIT, name="长春设计院", region="220000", parent=None, by=SETUP
    )
    with pytest.raises(Invalid, match="不在本办事大厅"):
        actions.transfer(person=world.lin.pk, to=foreign.pk, by=SETUP)
    actions.end_tie(person=world.lin.pk, by=as_self(world.lin))
    with pytest.raises(Refused, match="没有所在单位"):
        actions.transfer(person=world.lin.pk, to=world.ground.hospital.pk, by=SETUP)


def test_cleaning_up_leavers_says_for_each_what_became_of_it(henan: Employer):
    person = applied(henan)
    actions.admit(person=person.pk, by=SETUP)
    stranger = actions.install_person(
        site="henan", kind="resident", number=SPARE_NUMBERS[0], name="王娜", phone=fresh_phone(), password=PASSWORD,
        unit=henan.other.pk, by=SETUP,
    )  # fmt: skip
    give_role(henan.unit, Role.REVIEWER, account_queries.account(person.account_id))  # type: ignore[arg-type]  # has one
    done = actions.clean_up(unit=henan.unit.pk, persons=[person.pk, stranger.pk], reason="离职", by=henan.by)
    assert [each.ok for each in done] == [True, False]
    assert queries.current_tie(person.pk) is None
    assert not Appointment.objects.live().filter(account_id=person.account_id).exists()
    assert queries.current_unit(stranger.pk) == henan.other
    with pytest.raises(Invalid):
        actions.clean_up(unit=henan.unit.pk, persons=[], reason=" ", by=henan.by)
    with pytest.raises(Refused):
        actions.clean_up(unit=henan.other.pk, persons=[stranger.pk], reason="离职", by=henan.by)


def test_a_reset_is_started_for_own_people_alone(henan: Employer):
    person = applied(henan)
    with pytest.raises(Refused, match="不是本单位"):
        actions.start_reset(person=person.pk, by=henan.by)
    actions.admit(person=person.pk, by=SETUP)
    assert "原密码在重设前仍然有效" in actions.start_reset(person=person.pk, by=henan.by)
    assert accounts.log_in(login=LIN, password=PASSWORD, device=None, address="")


def test_departments_are_kept_by_the_unit(henan: Employer):
    person = applied(henan)
    actions.admit(person=person.pk, by=SETUP)
    department = organizing.keep_department(unit=henan.unit.pk, name="设计一所", by=henan.by)
    tie = actions.place_person(person=person.pk, department=department.pk, by=henan.by)
    assert tie.department_id == department.pk
    with pytest.raises(Invalid):
        actions.place_person(person=person.pk, department=henan.unit.pk, by=henan.by)
    assert actions.place_person(person=person.pk, department=None, by=henan.by).department_id is None


def test_people_below_by_state_in_one_query(world: World):
    roster_person("王娜", SPARE_NUMBERS[0], world.ground.school)
    ground = world.ground
    with CaptureQueriesContext(connection) as asked:
        names = {person.name for person in queries.persons_below(ground.xingqing)}
    assert len(asked) == 1
    assert names == {"林致远", "孙晓", "王娜"}
    assert [each.name for each in queries.persons_below(ground.education, PersonState.ROSTER)] == ["王娜"]
    assert {each.name for each in queries.persons_below(ground.education, PersonState.ACTIVE)} == {"林致远"}
    with CaptureQueriesContext(connection) as asked:
        counts = queries.counts_below(ground.province)
    assert len(asked) == 2
    assert counts == {PersonState.ACTIVE: 2, PersonState.ROSTER: 1, PersonState.WAITING: 0}
    assert not queries.persons_below(make_unit("空单位", "640104", ground.xingqing)).exists()


def test_people_of_a_unit_by_name_pinyin_and_number(world: World):
    roster_person("王娜", SPARE_NUMBERS[0], world.ground.school)
    for text, found in [("林", ["林致远"]), ("wangna", ["王娜"]), ("wn", ["王娜"]), ("", ["林致远", "王娜"])]:
        names = [tie.person.name for tie in queries.people_of(world.ground.school.pk, text=text)]
        assert sorted(names) == found
    rows = queries.people_of(world.ground.school.pk, number=SPARE_NUMBERS[0].lower())
    assert [tie.person.name for tie in rows] == ["王娜"]
