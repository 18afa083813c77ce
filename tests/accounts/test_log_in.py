"""The log-in limiter and what a stranger can learn from it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from bole.accounts import actions
from bole.accounts.actions import limiter
from bole.accounts.models import Throttle
from bole.accounts.terms import LOG_IN, Limit
from bole.audit.models import Entry
from bole.kernel.actors import Actor, Way
from bole.kernel.clock import now
from bole.kernel.errors import BoleError, Invalid, Refused, TooMany
from tests.accounts.conftest import LOGIN, PASSWORD


def guess(login: str = LOGIN, password: str = "falsch", device: str | None = None, address: str = "") -> BoleError:
    with pytest.raises(BoleError) as refused:
        actions.log_in(login=login, password=password, device=device, address=address)
    return refused.value


def outcome(error: BoleError) -> tuple[type[BoleError], str]:
    return type(error), error.sentence


@pytest.mark.parametrize("login", [LOGIN, LOGIN.lower(), f" {LOGIN}　", "ＳＹＮＴＨＥＴＩＣ-19280229-X"])
def test_the_owner_gets_in_however_the_name_is_typed(account, login):
    assert actions.log_in(login=login, password=PASSWORD, device=None, address="10.0.0.1") == account


def test_after_three_wrong_passwords_the_right_one_is_not_tried(account):
    assert [type(guess()) for _ in range(4)] == [Invalid, Invalid, Invalid, TooMany]
    assert isinstance(guess(password=PASSWORD), TooMany)


def test_known_and_unknown_names_cannot_be_told_apart(account):
    with time_machine.travel(now(), tick=False):
        known = [outcome(guess(LOGIN)) for _ in range(5)]
        unknown = [outcome(guess("NOBODY")) for _ in range(5)]
    assert known == unknown
    assert known[0] == (Invalid, "账户或密码错误")
    assert known[3][0] is TooMany


@pytest.mark.parametrize("login", ["", "\0", " ", "x" * 100_000, "ａｂｃ", "' OR 1=1 --"])
def test_odd_names_lock_nobody_else(account, login):
    assert [type(guess(login)) for _ in range(4)] == [Invalid, Invalid, Invalid, TooMany]
    assert actions.log_in(login=LOGIN, password=PASSWORD, device=None, address="") == account


def test_success_forgets_earlier_failures(account):
    for _ in range(3):
        guess()
        guess()
        actions.log_in(login=LOGIN, password=PASSWORD, device=None, address="")


def test_the_lock_ends_by_itself_and_grows(account):
    waits, start = [], now()
    for _ in range(4):
        with time_machine.travel(start, tick=False):
            for _ in range(3):
                assert isinstance(guess(), Invalid)
            assert isinstance(guess(), TooMany)
            row = Throttle.objects.get(scope=LOG_IN.scope)
            assert row.locked_until is not None
            waits.append(row.locked_until - start)
            start = row.locked_until
    assert waits == [timedelta(minutes=minutes) for minutes in (15, 30, 60, 120)]
    with time_machine.travel(start, tick=False):
        assert actions.log_in(login=LOGIN, password=PASSWORD, device=None, address="") == account
    with time_machine.travel(start - timedelta(seconds=1), tick=False):
        guess()


def test_the_owner_on_a_known_device_gets_in_during_an_attack(account, owner):
    device = actions.remember_device(name="Firefox", by=owner)
    for _ in range(10):
        guess()
    assert isinstance(guess(password=PASSWORD), TooMany)
    assert actions.log_in(login=LOGIN, password=PASSWORD, device=device, address="") == account
    assert isinstance(guess(password=PASSWORD), TooMany)  # and the attacker gains nothing by it


def test_a_known_device_has_three_tries_of_its_own(account, owner):
    device = actions.remember_device(name="Firefox", by=owner)
    assert [type(guess(device=device)) for _ in range(4)] == [Invalid, Invalid, Invalid, TooMany]
    assert actions.log_in(login=LOGIN, password=PASSWORD, device=None, address="") == account


def test_a_device_known_to_another_account_is_unknown_here(account, owner):
    actions.create_account(login="OTHER", name="许南乔", phone=None, password="灯塔 橘子 算盘 十一月雨", by=owner)
    device = actions.remember_device(name="Firefox", by=owner)
    for _ in range(3):
        guess("OTHER", device=device)
    assert isinstance(guess("OTHER"), TooMany)
    assert actions.log_in(login=LOGIN, password=PASSWORD, device=device, address="") == account


def test_a_code_ends_the_lock_at_once_and_makes_the_device_known(account, issued, django_capture_on_commit_callbacks):
    for _ in range(3):
        guess()
    with django_capture_on_commit_callbacks(execute=True):
        actions.send_account_code(purpose="unlock", login=LOGIN, by=Actor(way=Way.PERSON))
    device = actions.unlock(login=LOGIN, code=issued[0].code, name="Firefox", address="")
    for _ in range(4):  # the attack goes on before the owner has typed the password
        guess()
    assert isinstance(guess(password=PASSWORD), TooMany)
    assert actions.log_in(login=LOGIN, password=PASSWORD, device=device, address="") == account


def test_an_administrator_ends_a_lock_without_touching_the_password(account, owner):
    for _ in range(3):
        guess()
    actions.lift_lock(account=account.pk, by=owner)
    assert actions.log_in(login=LOGIN, password=PASSWORD, device=None, address="") == account


def test_every_attempt_is_on_record(account):
    for _ in range(4):
        guess(address="10.0.0.7")
    rows = Entry.objects.filter(action="accounts.account.logged_in", subject=str(account.pk)).order_by("at")
    assert [(row.outcome, row.detail["locked"], row.address) for row in rows] == [
        ("refused", False, "10.0.0.7"),
        ("refused", False, "10.0.0.7"),
        ("refused", True, "10.0.0.7"),
    ]


@pytest.mark.parametrize("most", [1, 2, 5])
def test_a_limit_of_n_lets_n_through(db, most):
    limit = Limit(scope="trial", most=most, within=timedelta(minutes=1), sentence="请{wait}后再试。")
    start = now()
    with time_machine.travel(start, tick=False):
        lasts = [limiter.reserve(limit, "x").last for _ in range(most)]
        with pytest.raises(TooMany, match="请 60 秒后再试"):
            limiter.reserve(limit, "x")
        assert not limiter.reserve(limit, "y").last or most == 1
    assert lasts == [False] * (most - 1) + [True]
    with time_machine.travel(start + timedelta(minutes=1), tick=False):
        limiter.reserve(limit, "x")


def test_attempts_cannot_be_taken_back_by_a_transaction_around_them(account):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        actions.log_in(login=LOGIN, password=PASSWORD, device=None, address="")


class TestDevices:
    """「两周内免登录」 and the list of devices."""

    def test_a_remembered_device_resumes_for_two_weeks(self, account, owner):
        start = now()
        with time_machine.travel(start, tick=False):
            token = actions.remember_device(name="Firefox", stay=True, by=owner)
        with time_machine.travel(start + timedelta(days=14, seconds=-1), tick=False):
            assert actions.resume(token=token) == account
        with time_machine.travel(start + timedelta(days=14), tick=False):
            assert actions.resume(token=token) is None

    def test_a_known_device_does_not_resume(self, account, owner):
        assert actions.resume(token=actions.remember_device(name="Firefox", by=owner)) is None

    def test_units_are_not_remembered(self, account, owner):
        by = Actor(way=Way.UNIT, account=account.pk)
        with pytest.raises(Refused, match="个人方式"):
            actions.remember_device(name="Firefox", stay=True, by=by)
        actions.remember_device(name="Firefox", by=by)

    def test_a_forgotten_device_is_a_stranger(self, account, owner):
        from bole.accounts import queries
        from bole.kernel.errors import Absent

        token = actions.remember_device(name="Firefox", stay=True, by=owner)
        (device,) = queries.devices(account.pk)
        with pytest.raises(Absent):
            actions.forget_device(device=device.id, by=Actor(way=Way.PERSON, account=device.id))
        actions.forget_device(device=device.id, by=owner)
        assert actions.resume(token=token) is None
        assert queries.devices(account.pk) == []
        for _ in range(3):
            guess(device=token)
        assert isinstance(guess(), TooMany)

    @pytest.mark.parametrize("end", ["sessions", "close"])
    def test_what_ends_sessions_ends_remembering(self, account, owner, end):
        token = actions.remember_device(name="Firefox", stay=True, by=owner)
        assert actions.resume(token=token) == account
        if end == "sessions":
            actions.end_sessions(account=account.pk, by=owner)
        else:
            actions.close_account(account=account.pk, by=owner)
        assert actions.resume(token=token) is None

    @pytest.mark.parametrize("token", ["", ".", "x.y", "中.文", "a" * 10_000])
    def test_made_up_tokens_are_nobody(self, account, token, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert actions.resume(token=token) is None

    def test_only_the_last_twenty_devices_stay_known(self, account, owner):
        from bole.accounts import queries

        for number in range(22):
            actions.remember_device(name=f"B{number}", by=owner)
        assert {device.name for device in queries.devices(account.pk)} == {f"B{number}" for number in range(2, 22)}
