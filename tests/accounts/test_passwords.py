"""What a password must be like, and changing it."""

import pytest
from django.test import override_settings

from bole.accounts import actions, queries
from bole.accounts.models import Account
from bole.accounts.rules import password_faults
from bole.audit.models import Entry
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Invalid, Refused, TooMany
from tests.accounts.conftest import LOGIN, PASSWORD, PHONE

GOOD = "灯塔 橘子 算盘 十一月雨"


@pytest.mark.parametrize("password", [
    "123456789012", "qwertyuiop123", "Password2024!", "P@ssw0rd1234", "passwordpassword", "1qaz2wsx3edc",
    "woaini5201314", "woaini1314520!", "bole12333bole", "伯乐12333伯乐12333", "abcabcabcabc", "aaaaaaaaaaaaaa",
    "zhangwei19900101", "ningxia12333rs", "iloveyou123456", "admin123admin", "unbelievable", "147258369147",
    "q1w2e3r4t5y6", "a123456789012", "20240101abcdef", "ＱＷＥＲＴＹ１２３４５６",
])  # fmt: skip
def test_common_passwords_are_refused(password):
    assert [fault.at for fault in password_faults(password)] == ["password"]


@pytest.mark.parametrize("password", [
    "correct horse battery staple", "xK9#mPq2vL5w", "lantern-otter-field", "wo ai ni zhong guo", PASSWORD, GOOD,
    "Ж" * 6 + "щука лес", "x1y" * 2 + "kz84-wq", "词" + "kq7 zd2 vm9 xp4 " * 7,
])  # fmt: skip
def test_other_passwords_are_taken_without_rules_of_composition(password):
    assert password_faults(password) == []


@pytest.mark.parametrize(("length", "taken"), [(11, False), (12, True), (128, True), (129, False)])
def test_a_password_has_12_to_128_characters(length, taken):
    text = ("kq7#zd2vmw9xp4&h" * 5 + "灯塔橘子算盘十一月雨" * 6)[:length]
    assert (password_faults(text) == []) is taken


@pytest.mark.parametrize("password", [
    f"x{LOGIN.lower()}x", f"my phone {PHONE}!", "林知远 kq7 zd2 vm9", "19280229-1928", "bole 13800000000",
])  # fmt: skip
def test_own_words_are_refused(password):
    assert password_faults(password, login=LOGIN, name="林知远", phone=PHONE) != []


def test_what_are_own_words_for_one_are_none_for_another():
    assert password_faults("林知远 kq7 zd2 vm9", login="OTHER", name="许南乔", phone="13900000000") == []


def test_a_new_password_ends_all_sessions(account, owner):
    before = account.get_session_auth_hash()
    assert queries.session_account(account.pk, before) == account
    changed = actions.set_password(old=PASSWORD, new=GOOD, by=owner)
    assert queries.session_account(account.pk, before) is None
    assert queries.session_account(account.pk, changed.get_session_auth_hash()) == account
    assert actions.log_in(login=LOGIN, password=GOOD, device=None, address="") == account
    with pytest.raises(Invalid, match="账户或密码错误"):
        actions.log_in(login=LOGIN, password=PASSWORD, device=None, address="")


def test_the_same_password_again_ends_sessions_too(account, owner):
    """Not the hash alone but the epoch stands behind a session."""
    before = account.get_session_auth_hash()
    actions.end_sessions(account=account.pk, by=owner)
    assert queries.session_account(account.pk, before) is None


@pytest.mark.parametrize(("old", "new", "at"), [
    ("falsch falsch falsch", GOOD, "old"), (PASSWORD, "123456789012", "password"), (PASSWORD, PASSWORD, "password"),
    (PASSWORD, "林知远 kq7 zd2 vm9", "password"),
])  # fmt: skip
def test_a_password_is_not_changed(account, owner, old, new, at):
    with pytest.raises(Invalid) as refused:
        actions.set_password(old=old, new=new, by=owner)
    assert [fault.at for fault in refused.value.faults] == [at]
    assert Account.objects.get().password == account.password


def test_confirming_is_limited_to_three_wrong_passwords(account, owner):
    for _ in range(3):
        with pytest.raises(Invalid, match="密码错误"):
            actions.confirm_password(password="falsch", by=owner)
    with pytest.raises(TooMany):
        actions.confirm_password(password=PASSWORD, by=owner)


def test_nobody_changes_without_an_account(account):
    with pytest.raises(Refused):
        actions.set_password(old=PASSWORD, new=GOOD, by=Actor(way=Way.PERSON))


def test_closing_and_activating(account, owner):
    stamp = account.get_session_auth_hash()
    actions.close_account(account=account.pk, by=owner)
    assert queries.session_account(account.pk, stamp) is None
    with pytest.raises(Refused, match="此账号已停用"):
        actions.log_in(login=LOGIN, password=PASSWORD, device=None, address="")
    with pytest.raises(Invalid, match="账户或密码错误"):
        actions.log_in(login=LOGIN, password="falsch", device=None, address="")
    actions.activate_account(account=account.pk, by=owner)
    assert queries.session_account(account.pk, stamp) is None
    assert actions.log_in(login=LOGIN, password=PASSWORD, device=None, address="") == account


def test_an_account_that_waits_for_approval_is_told_so_after_the_right_password_only(account):
    Account.objects.update(is_active=False)
    with pytest.raises(Refused, match="此账号还未被审核"):
        actions.log_in(login=LOGIN, password=PASSWORD, device=None, address="")
    with pytest.raises(Invalid, match="账户或密码错误"):
        actions.log_in(login=LOGIN, password="falsch", device=None, address="")


def test_one_account_per_login(account, owner):
    with pytest.raises(Invalid) as refused:
        actions.create_account(login=f" {LOGIN.lower()} ", name="别人", phone=None, password=None, by=owner)
    assert [fault.at for fault in refused.value.faults] == ["login"]
    assert Account.objects.count() == 1


def test_no_password_means_no_way_in(db, owner):
    actions.create_account(login="OTHER", name="许南乔", phone=PHONE, password=None, by=owner)
    with pytest.raises(Invalid, match="账户或密码错误"):
        actions.log_in(login="OTHER", password="", device=None, address="")


@override_settings(PASSWORD_HASHERS=["bole.project.hashing.Argon2id"])
def test_passwords_are_stored_as_argon2id(db, owner):
    made = actions.create_account(login="OTHER", name="许南乔", phone=None, password=GOOD, by=owner)
    assert made.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_nothing_personal_goes_into_the_ledger(account, owner):
    with pytest.raises(Invalid):
        actions.log_in(login=LOGIN, password="falsch", device=None, address="10.0.0.1")
    with pytest.raises(Invalid):
        actions.log_in(login="990101192802291234", password="falsch", device=None, address="10.0.0.1")
    actions.log_in(login=LOGIN, password=PASSWORD, device=None, address="10.0.0.1")
    written = "".join(str(entry.__dict__) for entry in Entry.objects.all())
    assert Entry.objects.count() == 4
    assert [word for word in (LOGIN, PHONE, PASSWORD, "990101192802291234", "falsch") if word in written] == []


def test_the_installation_may_hand_in_a_password_hashed_before(db, owner):
    hashed = actions.hash_password(PASSWORD)

    made = actions.create_account(login="OTHER", name="许南乔", phone=None, password=hashed, by=Actor(way=Way.SYSTEM))

    assert made.check_password(PASSWORD)
    with pytest.raises(Refused):
        actions.create_account(login="ANOTHER", name="许南乔", phone=None, password=hashed, by=owner)


def test_a_weak_password_is_not_hashed_before_either():
    with pytest.raises(Invalid):
        actions.hash_password("123456789012")
