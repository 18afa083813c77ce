"""Invitations: the unit invites, the person sets the secret, and nobody learns who is registered (SZ-03, AC-09)."""

from datetime import timedelta

import pytest
from django.test import TestCase

from bole.accounts import actions as accounts
from bole.accounts import queries as account_queries
from bole.accounts.models import Account
from bole.kernel import clock, events
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Absent, Invalid, Moved, Refused, TooMany
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.people import actions, queries
from bole.people.actions import inviting
from bole.people.events import InvitationRepeated
from bole.people.models import Invitation, Person, Tie
from bole.people.terms import TAKEN_SENTENCE, TieBasis
from tests.factories.habits import Employer, make_employer, obtain_invitation
from tests.factories.organizations import NUMBERS, PASSWORD, SETUP, SPARE_NUMBERS, UNKNOWN_NUMBER, as_unit, give_role
from tests.factories.people import as_self, fresh_phone, obtain_code

pytestmark = pytest.mark.django_db
SHENZHEN = "shenzhen"
LIN = NUMBERS["林致远"]
VISITOR = Actor(Way.PERSON, site=SHENZHEN)


@pytest.fixture
def employer() -> Employer:
    """A unit of 深圳, where persons are invited."""
    return make_employer(SHENZHEN)


def invite(employer: Employer, number: str = LIN, name: str = "林致远", phone: str = "", alias: str = "") -> str:
    """Invite; the code as the text message brings it."""
    return obtain_invitation(
        lambda: actions.invite(
            unit=employer.unit.pk, number=number, name=name, phone=phone or fresh_phone(), alias=alias, by=employer.by
        )
    )


def take(code: str, number: str = LIN, name: str = "林致远", phone: str = "", user_name: str = "") -> str:
    """Open the account by the invitation's code; what the page says."""
    row = Invitation.objects.open().order_by("-invited_at").first()
    sent = obtain_code(phone or (row.phone if row else "13800000000"))
    done = actions.take_invitation(
        site=SHENZHEN, code=code, kind="resident", number=number, name=name, phone_code=sent, password=PASSWORD,
        user_name=user_name, by=VISITOR,
    )  # fmt: skip
    return done.sentence


def registered(number: str = LIN, name: str = "林致远") -> Person:
    """Somebody with an account and no unit."""
    return actions.install_person(
        site=SHENZHEN, kind="resident", number=number, name=name, phone=fresh_phone(), password=PASSWORD, by=SETUP
    )


def test_the_invited_person_sets_the_secret_and_belongs_to_the_unit(employer: Employer):
    code = invite(employer, alias="zhangsan008")
    assert account_queries.account_by_login(LIN) is None  # nothing is made in advance that could be squatted on
    assert take(code.upper(), user_name="zhangsan008") == TAKEN_SENTENCE
    person = queries.person_by_identity("resident", LIN)
    assert person is not None
    tie = queries.current_tie(person.pk)
    assert tie is not None
    assert (tie.unit, tie.basis) == (employer.unit, TieBasis.INVITED.value)
    for login in (LIN, "zhangsan008", "ZHANGSAN008"):
        assert accounts.log_in(login=login, password=PASSWORD, device=None, address="").pk == person.account_id
    assert not queries.invitations_of(employer.unit.pk).exists()


def test_who_has_an_account_accepts_after_the_log_in(employer: Employer):
    person = registered()
    invite(employer)
    waiting = queries.invitations_for(number=LIN, name="林致远")
    assert [each.unit_name for each in waiting] == ["第一设计院"]
    tie = actions.accept_invitation(invitation=waiting[0].id, by=as_self(person))
    assert tie.unit == employer.unit
    assert queries.invitations_for(number=LIN, name="林致远") == ()
    with pytest.raises(Absent):
        actions.accept_invitation(invitation=waiting[0].id, by=as_self(person))


def test_a_known_number_taken_with_the_code_changes_nothing_and_says_the_same(employer: Employer):
    person = registered()
    told: list[InvitationRepeated] = []
    events.listen(InvitationRepeated, told.append)
    code = invite(employer)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert take(code) == TAKEN_SENTENCE
    assert [each.account for each in told] == [person.account_id]
    assert queries.current_tie(person.pk) is None
    assert queries.invitations_for(number=LIN, name="林致远")  # still waits for the owner's log-in


def test_the_inviting_side_sees_the_same_for_known_and_unknown_numbers(employer: Employer):
    registered()
    known = actions.invite(unit=employer.unit.pk, number=LIN, name="林致远", phone="13800001111", by=employer.by)
    unknown = actions.invite(
        unit=employer.unit.pk, number=UNKNOWN_NUMBER, name="林致远", phone="13800001111", by=employer.by
    )
    assert known.sentence.replace(known.invitee, "") == unknown.sentence.replace(unknown.invitee, "")
    rows = queries.invitations_of(employer.unit.pk)
    assert {row.person_id for row in rows} == {None}


def test_another_name_or_number_opens_nothing(employer: Employer):
    code = invite(employer)
    tries = [(code, LIN, "林致"), (code, UNKNOWN_NUMBER, "林致远"), ("aaaaaaaaaa", LIN, "林致远")]
    said = set()
    for each, number, name in tries:
        with pytest.raises(Invalid) as wrong:
            actions.open_invitation(site=SHENZHEN, code=each, kind="resident", number=number, name=name, by=VISITOR)
        said.add(wrong.value.sentence)
    assert len(said) == 1
    with pytest.raises(Invalid):
        actions.open_invitation(site="ningxia", code=code, kind="resident", number=LIN, name="林致远", by=VISITOR)


def test_guessing_codes_is_slowed_down(employer: Employer):
    by = Actor(Way.PERSON, site=SHENZHEN, address="192.0.2.7")

    def guess() -> None:
        actions.open_invitation(site=SHENZHEN, code="bbbbbbbbbb", kind="resident", number=LIN, name="林致远", by=by)

    for _ in range(30):
        with pytest.raises(Invalid):
            guess()
    with pytest.raises(TooMany, match="邀请码的次数过多"):
        guess()


def test_an_expired_invitation_says_whom_to_ask_and_can_be_sent_again(employer: Employer):
    code = invite(employer)
    row = queries.invitations_of(employer.unit.pk).get()
    with clock.travel(clock.now() + timedelta(days=31)):
        with pytest.raises(Refused, match=r"已过期.*第一设计院"):
            actions.open_invitation(site=SHENZHEN, code=code, kind="resident", number=LIN, name="林致远", by=VISITOR)
        assert queries.invitations_for(number=LIN, name="林致远") == ()
        fresh = obtain_invitation(lambda: actions.renew_invitation(invitation=row.pk, by=employer.by))
        with pytest.raises(Invalid):
            actions.open_invitation(site=SHENZHEN, code=code, kind="resident", number=LIN, name="林致远", by=VISITOR)
        assert take(fresh) == TAKEN_SENTENCE


def test_an_expired_invitation_may_be_made_anew(employer: Employer):
    invite(employer)
    with clock.travel(clock.now() + timedelta(days=31)):
        invite(employer)
    assert queries.invitations_of(employer.unit.pk).count() == 1


def test_a_second_invitation_waits_for_the_first(employer: Employer):
    invite(employer)
    with pytest.raises(Refused, match="还在等待本人接受"):
        invite(employer)


def test_somebody_of_the_unit_is_not_invited_again(employer: Employer):
    take(invite(employer))
    with pytest.raises(Refused, match="已在本单位"):
        invite(employer)


def test_nobody_invites_oneself(employer: Employer):
    with pytest.raises(Refused, match="不能邀请自己"):
        invite(employer, NUMBERS["周敏"], "周敏")


def test_a_closed_unit_invites_nobody_and_keeps_no_promise(employer: Employer):
    person = registered()
    code = invite(employer)
    waiting = queries.invitations_for(number=LIN, name="林致远")[0]
    Unit.objects.filter(pk=employer.unit.pk).update(closed_on=clock.today())
    with pytest.raises(Refused):
        actions.open_invitation(site=SHENZHEN, code=code, kind="resident", number=LIN, name="林致远", by=VISITOR)
    with pytest.raises(Refused, match="已停用"):
        actions.accept_invitation(invitation=waiting.id, by=as_self(person))
    with pytest.raises(Refused):
        invite(employer, SPARE_NUMBERS[0])
    assert queries.current_tie(person.pk) is None


def test_a_person_of_another_unit_moves_by_a_transfer_alone(employer: Employer):
    person = registered()
    actions.tie_person(person=person.pk, unit=employer.other.pk, by=SETUP)
    invite(employer)
    waiting = queries.invitations_for(number=LIN, name="林致远")[0]
    with pytest.raises(Refused, match=r"第二设计院.*人员调转"):
        actions.accept_invitation(invitation=waiting.id, by=as_self(person))
    assert queries.current_unit(person.pk) == employer.other


def test_an_invitation_belongs_to_its_person_alone(employer: Employer):
    other = registered(SPARE_NUMBERS[0], "钱思远")
    registered()
    invite(employer)
    waiting = queries.invitations_for(number=LIN, name="林致远")[0]
    for act in (actions.accept_invitation, actions.decline_invitation):
        with pytest.raises(Absent):
            act(invitation=waiting.id, by=as_self(other))
    assert queries.invitations_for(number=LIN, name="林志远") == ()


def test_declining_ends_it(employer: Employer):
    person = registered()
    invite(employer)
    waiting = queries.invitations_for(number=LIN, name="林致远")[0]
    actions.decline_invitation(invitation=waiting.id, by=as_self(person))
    assert queries.invitations_for(number=LIN, name="林致远") == ()
    assert queries.current_tie(person.pk) is None


def test_only_who_keeps_the_units_people_invites_and_withdraws(employer: Employer):
    invite(employer)
    row = queries.invitations_of(employer.unit.pk).get()
    clerk = accounts.create_account(
        login=NUMBERS["吴海燕"], name="吴海燕", phone="13800000000", password=PASSWORD, by=SETUP
    )
    stranger = as_unit(clerk, employer.other)
    give_role(employer.other, Role.REGISTRAR, clerk)
    for act in (actions.renew_invitation, actions.withdraw_invitation):
        with pytest.raises(Absent):
            act(invitation=row.pk, by=stranger)
    for by in (stranger, as_unit(clerk, employer.unit), VISITOR):
        with pytest.raises(Refused):
            actions.invite(unit=employer.unit.pk, number=SPARE_NUMBERS[0], name="王娜", phone=fresh_phone(), by=by)
    give_role(employer.unit, Role.REGISTRAR, clerk)
    actions.withdraw_invitation(invitation=row.pk, by=as_unit(clerk, employer.unit))
    assert not queries.invitations_of(employer.unit.pk).exists()


def test_withdrawn_means_that_the_code_opens_nothing(employer: Employer):
    code = invite(employer)
    actions.withdraw_invitation(invitation=queries.invitations_of(employer.unit.pk).get().pk, by=employer.by)
    with pytest.raises(Invalid):
        actions.open_invitation(site=SHENZHEN, code=code, kind="resident", number=LIN, name="林致远", by=VISITOR)


def test_a_change_sends_another_code_or_changes_nothing(employer: Employer):
    code = invite(employer, name="林志远")
    row = queries.invitations_of(employer.unit.pk).get()
    values = {"kind": "resident", "number": LIN, "phone": fresh_phone()}
    with pytest.raises(Invalid):
        actions.change_invitation(invitation=row.pk, name="", by=employer.by, **values)
    assert queries.invitations_of(employer.unit.pk).get() == row
    fresh = obtain_invitation(
        lambda: actions.change_invitation(invitation=row.pk, name="林致远", by=employer.by, **values)
    )
    with pytest.raises(Invalid):
        actions.open_invitation(site=SHENZHEN, code=code, kind="resident", number=LIN, name="林志远", by=VISITOR)
    assert take(fresh) == TAKEN_SENTENCE


def test_a_taken_log_in_name_is_refused_with_another(employer: Employer):
    invite(employer, alias="zhangsan008")
    with pytest.raises(Invalid, match="已有人使用，请另取一个，例如「ZHANGSAN") as wrong:
        invite(employer, SPARE_NUMBERS[0], "王娜", alias="ZhangSan008")
    assert [fault.at for fault in wrong.value.faults] == ["alias"]
    accounts.create_account(
        login=UNKNOWN_NUMBER, name="钱思远", phone=None, password=PASSWORD, user_name="lisi2026", by=SETUP
    )
    with pytest.raises(Invalid, match="已有人使用"):
        invite(employer, SPARE_NUMBERS[0], "王娜", alias="lisi2026")
    with pytest.raises(Invalid, match="6 到 14 位"):
        invite(employer, SPARE_NUMBERS[0], "王娜", alias="张三")


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", "640104199001010051"), ("name", ""), ("name", "林<b>"), ("phone", "12345"), ("phone", "")],
)
def test_bad_input_is_named_at_its_place(employer: Employer, field: str, value: str):
    typed = {"number": LIN, "name": "林致远", "phone": "13800001111", field: value}
    with pytest.raises(Invalid) as wrong:
        actions.invite(unit=employer.unit.pk, by=employer.by, **typed)
    assert field in {fault.at for fault in wrong.value.faults}


def test_a_day_has_two_hundred_invitations(employer: Employer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inviting, "MOST_INVITATIONS_A_DAY", 1)
    invite(employer)
    with pytest.raises(TooMany):
        invite(employer, SPARE_NUMBERS[0], "王娜")


def test_somebody_on_a_roster_with_another_name_is_not_taken_over(employer: Employer):
    person = actions.install_person(
        site=SHENZHEN, kind="resident", number=LIN, name="林志远", phone=fresh_phone(), password=PASSWORD, by=SETUP
    )
    Person.objects.filter(pk=person.pk).update(account=None)
    Account.objects.filter(pk=person.account_id).delete()
    assert take(invite(employer)) == TAKEN_SENTENCE
    assert account_queries.account_by_login(LIN) is None


def test_an_invitation_ended_meanwhile(employer: Employer, monkeypatch: pytest.MonkeyPatch):
    code = invite(employer)
    row = queries.invitations_of(employer.unit.pk).get()
    original = inviting.accounts.check_code

    def withdrawn_while_checking(**given: str) -> None:
        original(**given)
        actions.withdraw_invitation(invitation=row.pk, by=employer.by)

    monkeypatch.setattr(inviting.accounts, "check_code", withdrawn_while_checking)
    with pytest.raises(Moved):
        take(code)
    assert not Tie.objects.exists()
