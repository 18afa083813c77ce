"""A hundred guesses at once: no more passwords are evaluated than the limit says (G14)."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, BoundedSemaphore, Lock
from typing import Any

import pyotp
import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.db.models import QuerySet

from bole.accounts import actions
from bole.accounts.actions import limiter
from bole.accounts.events import CodeIssued
from bole.accounts.models import Account, Factor, Throttle
from bole.accounts.terms import Limit
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import BoleError, Invalid, TooMany
from tests.accounts.conftest import LOGIN, PASSWORD, PHONE

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
GUESSES = 100
CONNECTIONS = 25  # the server has a hundred for everybody


class CountingHasher(MD5PasswordHasher):
    """Counts how many passwords are evaluated."""

    algorithm = "counting"
    evaluated = 0
    _lock = Lock()

    def verify(self, password: str, encoded: str) -> bool:
        with self._lock:
            type(self).evaluated += 1
        return super().verify(password, encoded)


@pytest.fixture
def counted(settings) -> type[CountingHasher]:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.evaluated = 0
    return CountingHasher


def burst(work: Callable[[int], object], count: int = GUESSES) -> list[object]:
    """Call `work` from so many threads, released together."""
    together, connections = Barrier(count), BoundedSemaphore(CONNECTIONS)

    def one(number: int) -> object:
        together.wait(30)
        with connections:
            try:
                return work(number)
            except BoleError as refused:
                return type(refused)
            finally:
                connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def guess(number: int) -> Account:
    return actions.log_in(login=LOGIN, password=f"falsch {number}", device=None, address=f"10.0.0.{number}")


def test_a_hundred_guesses_evaluate_three_passwords(counted, account):
    found = burst(guess)
    assert counted.evaluated == 3
    assert (found.count(Invalid), found.count(TooMany)) == (3, 97)


def test_a_hundred_guesses_at_nobody_evaluate_three_passwords_too(counted, db):
    found = burst(guess)
    assert (counted.evaluated, found.count(Invalid), found.count(TooMany)) == (3, 3, 97)


def test_a_hundred_guesses_by_two_names_look_at_three_passwords_of_the_account(account, owner, monkeypatch):
    """The limit is the account's, not the name's; what is tried beyond it is compared with nobody's password."""
    actions.add_alias(name="zhangshan", by=owner)
    looked, compare = [], Account.check_password

    def check(row: Account, password: str) -> bool:
        looked.append(password)
        return compare(row, password)

    monkeypatch.setattr(Account, "check_password", check)
    names = (LOGIN, "zhangshan")
    found = burst(lambda number: actions.log_in(login=names[number % 2], password="falsch", device=None, address=""))
    assert len(looked) == 3
    assert (found.count(Invalid), found.count(TooMany)) == (6, 94)


def test_a_code_of_an_authenticator_tried_by_many_at_once_opens_once(account, owner):
    secret = actions.begin_totp(by=owner)
    Factor.objects.update(confirmed_at=account.created_at)
    code = pyotp.TOTP(secret).now()
    found = burst(lambda _: actions.check_totp(code=code, by=owner), 40)
    assert found.count(None) == 1


def test_a_recovery_code_tried_by_many_at_once_opens_once(account, owner):
    actions.begin_totp(by=owner)
    Factor.objects.update(confirmed_at=account.created_at)
    code = actions.make_recovery_codes(by=owner)[0]
    found = burst(lambda _: actions.check_recovery_code(code=code, by=owner), 40)
    assert [each for each in found if isinstance(each, int)] == [9]


def test_an_attempt_whose_row_is_forgotten_at_the_same_moment_is_still_counted(db):
    """Every right answer clears the row while the others make it anew: nobody may meet an error of the database."""
    limit = Limit("test", most=5, within=timedelta(minutes=10), sentence="请在{wait}后再试。")

    def answer(number: int) -> None:
        limiter.reserve(limit, "the same person")
        limiter.clear(limit, "the same person")

    for _ in range(5):
        assert set(burst(answer)) <= {None, TooMany}


def test_without_the_lock_the_test_above_would_fail(counted, account, monkeypatch):
    """The twin: the same burst with the row lock off, and a pause between reading and writing."""
    save = Throttle.save

    def slowly(row: Throttle, **kwargs: Any) -> None:
        time.sleep(0.05)
        save(row, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    monkeypatch.setattr(Throttle, "save", slowly)
    burst(guess)
    assert counted.evaluated > 3


def test_the_owner_on_a_known_device_gets_in_at_the_first_try_during_the_burst(counted, account, owner):
    device = actions.remember_device(name="Firefox", by=owner)

    def one(number: int) -> object:
        if number == 50:
            return actions.log_in(login=LOGIN, password=PASSWORD, device=device, address="10.0.1.1").pk
        return guess(number)

    found = burst(one)
    assert found[50] == account.pk
    assert counted.evaluated == 4


def test_a_code_tried_by_many_at_once_opens_once(account, issued: list[CodeIssued]):
    actions.send_code(purpose="register", phone=PHONE, by=Actor(way=Way.PERSON))
    code = issued[0].code
    found = burst(lambda _: actions.check_code(purpose="register", phone=PHONE, code=code), 40)
    assert (found.count(None), found.count(Invalid)) == (1, 39)


def test_a_captcha_answered_by_many_at_once_passes_once(db):
    actions.configure(fixed_captcha="0000")
    try:
        token = actions.make_captcha().token
        found = burst(lambda _: actions.check_captcha(token=token, answer="0000"))
    finally:
        actions.configure()
    assert (found.count(None), found.count(Invalid)) == (1, 99)
