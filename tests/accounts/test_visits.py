"""Open log-ins: listed for their owner, ended one by one or all together (AC-12)."""

from datetime import timedelta

import pytest
import time_machine

from bole.accounts import actions, queries
from bole.accounts.models import AccountSession
from bole.kernel.clock import now
from bole.kernel.errors import Absent


def opened(account, name: str = "Firefox"):
    return actions.open_visit(account=account, name=name, address="10.0.0.1")


def is_open(account, visit) -> bool:
    return queries.session_account(account.pk, account.get_session_auth_hash(), visit) is not None


def test_a_log_in_is_open_until_it_is_ended(account, owner):
    here, there = opened(account), opened(account, "微信")
    assert {each.name for each in queries.open_sessions(account.pk)} == {"Firefox", "微信"}
    actions.end_visit(visit=there, by=owner)
    assert (is_open(account, here), is_open(account, there)) == (True, False)
    assert [each.id for each in queries.open_sessions(account.pk)] == [here]
    with pytest.raises(Absent):
        actions.end_visit(visit=there, by=owner)


def test_ending_all_others_keeps_this_one_and_what_it_remembers(account, owner):
    here, there = opened(account), opened(account)
    mine = actions.remember_device(name="Firefox", stay=True, by=owner)
    theirs = actions.remember_device(name="Chrome", stay=True, by=owner)
    own_device = actions.known_device(mine, account)
    assert own_device is not None
    actions.place_visit(visit=here, device=own_device.pk)
    assert actions.end_other_visits(keep=here, by=owner) == 1
    assert (is_open(account, here), is_open(account, there)) == (True, False)
    assert (actions.resume(token=mine), actions.resume(token=theirs)) == (account, None)


def test_an_ended_log_in_resumes_nothing_by_itself(account, owner):
    visit, token = opened(account), actions.remember_device(name="Firefox", stay=True, by=owner)
    device = actions.known_device(token, account)
    assert device is not None
    actions.place_visit(visit=visit, device=device.pk)
    actions.end_visit(visit=visit, by=owner)
    assert actions.resume(token=token) is None


def test_nobody_ends_or_opens_with_the_log_in_of_another(account, owner, other_owner):
    visit = opened(account)
    with pytest.raises(Absent):
        actions.end_visit(visit=visit, by=other_owner)
    other = queries.account(other_owner.account)
    assert queries.session_account(other.pk, other.get_session_auth_hash(), visit) is None
    assert actions.end_other_visits(keep=visit, by=other_owner) == 0
    assert is_open(account, visit)


def test_what_lasted_twelve_hours_is_no_longer_listed_and_goes_after_a_month(account, owner):
    opened(account)
    with time_machine.travel(now() + timedelta(hours=12, seconds=1)):
        assert queries.open_sessions(account.pk) == []
        actions.clear_expired()
        assert AccountSession.objects.count() == 1
    with time_machine.travel(now() + timedelta(days=32)):
        actions.clear_expired()
        assert AccountSession.objects.count() == 0


def test_the_browser_of_a_cookie_is_forgotten_and_no_other(account, owner, other_owner):
    mine = actions.remember_device(name="Firefox", stay=True, by=owner)
    later = actions.remember_device(name="Firefox", stay=True, by=owner)
    actions.forget_browser(token=mine, by=other_owner)
    assert actions.resume(token=mine) == account
    actions.forget_browser(token=mine, by=owner)
    assert (actions.resume(token=mine), actions.resume(token=later)) == (None, account)
    actions.forget_browser(token="", by=owner)
    actions.forget_browser(token="made.up", by=owner)


def test_the_last_log_ins_are_listed_from_the_ledger(account, owner):
    actions.log_in(login=account.login, password="骆驼 台灯 六月 北窗口", device=None, address="10.0.0.7")
    with pytest.raises(Exception, match="账户或密码错误"):
        actions.log_in(login=account.login, password="falsch", device=None, address="10.9.9.9")
    found = queries.recent_log_ins(account.pk)
    assert [(each.way, each.address, each.done) for each in found] == [
        ("密码登录", "10.9.9.9", False),
        ("密码登录", "10.0.0.7", True),
    ]


def test_who_takes_over_a_unit_account_finds_nothing_of_the_former_holder(account, owner):
    visit, token = opened(account), actions.remember_device(name="Firefox", stay=True, by=owner)
    actions.add_alias(name="zhangshan", by=owner)
    actions.begin_totp(by=owner)
    actions.pass_on(account=account.pk, phone="13911111111", by=owner)
    later = queries.account(account.pk)
    assert not later.is_activated
    assert (later.phone, later.email, queries.aliases(later.pk), list(later.factors.all())) == (
        "13911111111", None, [], [],
    )  # fmt: skip
    assert (is_open(later, visit), actions.resume(token=token)) == (False, None)
