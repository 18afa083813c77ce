"""Further log-in names: user names of 6 to 14 letters or digits, the proven phone; one limit for all of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from bole.accounts import actions, queries
from bole.accounts.actions import passwords
from bole.accounts.terms import Purpose
from bole.kernel.actors import system
from bole.kernel.clock import now
from bole.kernel.errors import Absent, BoleError, Invalid, Refused, TooMany
from tests.accounts.conftest import LOGIN, PASSWORD, PHONE


def refused(call, *args, **kwargs) -> BoleError:
    with pytest.raises(BoleError) as caught:
        call(*args, **kwargs)
    return caught.value


def enter(login: str, password: str = PASSWORD):
    return actions.log_in(login=login, password=password, device=None, address="")


@pytest.fixture
def phone_named(account, owner, issued, django_capture_on_commit_callbacks):
    """The owner logs in by the phone as well."""
    with django_capture_on_commit_callbacks(execute=True):
        actions.send_code(purpose=Purpose.PHONE_NAME, phone=PHONE, by=owner)
    return actions.add_phone_alias(code=issued[-1].code, by=owner)


def test_a_user_name_opens_the_account_in_any_case_and_width(account, owner):
    actions.add_alias(name="zhangShan7", by=owner)
    assert [enter(name) for name in ("zhangshan7", "ZHANGSHAN7", "ｚｈａｎｇshan7", LOGIN)] == [account] * 4


def test_a_new_user_name_takes_the_place_of_the_former(account, owner):
    actions.add_alias(name="zhangshan", by=owner)
    actions.add_alias(name="zhangshan88", by=owner)
    refused(enter, "zhangshan")
    assert enter("zhangshan88") == account


@pytest.mark.parametrize(
    "name", ["", "short", "x" * 15, "with space", "名字名字名字", "abc-def", "123456", "13800000000"]
)
def test_a_user_name_has_6_to_14_letters_or_digits_and_is_no_number(account, owner, name):
    if name == "with space":  # spaces are left out, as everywhere in log-in names
        assert actions.add_alias(name=name, by=owner).text == "WITHSPACE"
        return
    error = refused(actions.add_alias, name=name, by=owner)
    assert isinstance(error, Invalid)
    assert error.faults[0].at == "name"


def test_a_taken_name_is_refused_with_a_free_one_to_take(account, owner, other_owner):
    actions.add_alias(name="zhangshan", by=owner)
    error = refused(actions.add_alias, name="ZhangShan", by=other_owner)
    assert error.sentence == "用户名「ZHANGSHAN」已有人使用，请另取一个，例如「ZHANGSHAN1」"
    actions.add_alias(name=actions.suggest_alias("zhangshan"), by=other_owner)
    assert actions.suggest_alias("zhangshan") == "ZHANGSHAN2"
    assert queries.aliases(account.pk)[0].text == "ZHANGSHAN"


def test_the_suggestion_keeps_to_fourteen_signs(account, owner):
    assert actions.suggest_alias("x" * 14) == "X" * 13 + "1"


def test_the_number_of_an_account_comes_before_any_user_name(account, owner):
    """Who squats on a passport number loses it to whoever registers with it."""
    actions.add_alias(name="E12345678", by=owner)
    late = actions.create_account(login="E12345678", name="E", phone=None, password=PASSWORD, by=system("tests"))
    assert enter("E12345678") == late
    assert queries.aliases(account.pk) == []
    assert isinstance(refused(actions.add_alias, name="E12345678", by=owner), Invalid)


def test_an_account_begins_with_a_user_name(db):
    made = actions.create_account(
        login="A1", name="林", phone=None, password=PASSWORD, user_name="linzhiyuan", by=system("tests")
    )
    assert enter("LinZhiYuan") == made
    given = {"name": "周", "phone": None, "password": PASSWORD, "by": system("tests")}
    error = refused(actions.create_account, login="A2", user_name="linzhiyuan", **given)
    assert isinstance(error, Invalid)
    assert queries.account_by_login("A2") is None


def test_the_phone_opens_the_account_once_it_was_proved(account, owner, phone_named):
    assert enter(PHONE) == account
    assert enter("138 0000 0000") == account


def test_a_phone_logs_in_one_account_only(
    account, owner, other_owner, phone_named, issued, django_capture_on_commit_callbacks
):
    row = queries.account(other_owner.account)
    row.phone = PHONE
    row.save(update_fields=["phone"])
    with time_machine.travel(now() + timedelta(minutes=2)):
        with django_capture_on_commit_callbacks(execute=True):
            actions.send_code(purpose=Purpose.PHONE_NAME, phone=PHONE, by=other_owner)
        error = refused(actions.add_phone_alias, code=issued[-1].code, by=other_owner)
    assert "一个号码只能用来登录一个账号" in error.sentence


def test_a_phone_that_is_given_up_opens_nothing(
    account, owner, phone_named, issued, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        actions.send_code(purpose=Purpose.PHONE, phone="13911111111", by=owner)
    actions.change_phone(phone="13911111111", code=issued[-1].code, password=PASSWORD, by=owner)
    refused(enter, PHONE)
    assert queries.aliases(account.pk) == []


def test_names_are_changed_by_their_owner_who_proved_it_just_now(account, owner, other_owner):
    made = actions.add_alias(name="zhangshan", by=owner)
    assert isinstance(refused(actions.remove_alias, alias=made.pk, by=other_owner), Absent)
    for call, given in ((actions.add_alias, {"name": "zhangshan2"}), (actions.remove_alias, {"alias": made.pk})):
        assert isinstance(refused(call, by=replace(owner, fresh=False), **given), Refused)
    actions.remove_alias(alias=made.pk, by=owner)
    refused(enter, "zhangshan")


class TestOneLimit:
    """However many names an account has, three wrong passwords are looked at (G14), and no lock tells of a name."""

    @pytest.fixture
    def looked_at(self, monkeypatch) -> list[str]:
        """The passwords that were compared with the account's own."""
        found: list[str] = []
        compare = passwords.Account.check_password

        def check(row, password):
            found.append(password)
            return compare(row, password)

        monkeypatch.setattr(passwords.Account, "check_password", check)
        return found

    def test_three_tries_for_all_names_together(self, account, owner, looked_at):
        actions.add_alias(name="zhangshan", by=owner)
        with time_machine.travel(now(), tick=False):
            for name in (LOGIN, LOGIN, "zhangshan", "zhangshan", "zhangshan", LOGIN):
                refused(enter, name, "falsch")
        assert looked_at == ["falsch"] * 3

    def test_the_lock_of_one_name_does_not_show_on_another(self, account, owner):
        """Else three tries on one name and one on another would tell that both are one person's."""
        actions.add_alias(name="zhangshan", by=owner)
        with time_machine.travel(now(), tick=False):
            for _ in range(3):
                refused(enter, LOGIN, "falsch")
            known, unknown = refused(enter, "zhangshan", "falsch"), refused(enter, "nobody99", "falsch")
            assert isinstance(refused(enter, LOGIN, "falsch"), TooMany)
        assert (type(known), known.sentence) == (type(unknown), unknown.sentence) == (Invalid, "账户或密码错误")

    def test_the_owners_code_lifts_it_for_every_name(self, account, owner, issued, django_capture_on_commit_callbacks):
        actions.add_alias(name="zhangshan", by=owner)
        for _ in range(4):
            refused(enter, "zhangshan", "falsch")
        with django_capture_on_commit_callbacks(execute=True):
            actions.send_account_code(purpose="unlock", login="zhangshan", by=owner)
        actions.unlock(login="zhangshan", code=issued[-1].code, name="Firefox", address="")
        assert enter("zhangshan") == account
