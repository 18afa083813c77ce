"""Second factors: authenticator apps, recovery codes, a code to the phone; each code opens once (C7)."""

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import time_machine

from bole.accounts import actions, queries
from bole.accounts.events import FactorChanged
from bole.accounts.models import Factor, RecoveryCode
from bole.audit.models import Entry
from bole.kernel import events
from bole.kernel.clock import now
from bole.kernel.errors import Absent, BoleError, Invalid, Refused, TooMany


def refused(call, *args, **kwargs) -> BoleError:
    with pytest.raises(BoleError) as caught:
        call(*args, **kwargs)
    return caught.value


def shown(secret: str, later: timedelta = timedelta(0)) -> str:
    """What the app shows at this moment."""
    return pyotp.TOTP(secret).at(now() + later)


def enrolled(owner, name: str = "") -> str:
    """An authenticator app that was set up two minutes ago; its secret."""
    with time_machine.travel(now() - timedelta(minutes=2), tick=False):
        secret = actions.begin_totp(by=owner)
        actions.confirm_totp(code=shown(secret), name=name, by=owner)
    return secret


class TestAuthenticator:
    """身份验证器."""

    def test_it_counts_once_a_first_code_was_right(self, account, owner):
        secret = actions.begin_totp(by=owner)
        assert queries.factors(account.pk) == []
        assert isinstance(refused(actions.confirm_totp, code="123456", by=owner), Invalid)
        assert queries.factors(account.pk) == []
        actions.confirm_totp(code=shown(secret), name="我的手机", by=owner)
        assert [each.name for each in queries.factors(account.pk)] == ["我的手机"]

    def test_a_reload_of_the_page_shows_the_same_secret(self, account, owner):
        assert actions.begin_totp(by=owner) == actions.begin_totp(by=owner)
        assert Factor.objects.count() == 1

    def test_one_left_undone_is_given_up_after_ten_minutes(self, account, owner):
        with time_machine.travel(now() - timedelta(minutes=11), tick=False):
            former = actions.begin_totp(by=owner)
        assert queries.begun_totp(account.pk) == ""
        assert actions.begin_totp(by=owner) != former
        assert Factor.objects.count() == 1

    def test_the_secret_is_sealed_in_the_database(self, account, owner):
        secret = actions.begin_totp(by=owner)
        raw = Factor.objects.values_list("secret", flat=True).get()
        assert secret.encode() not in bytes(getattr(raw, "body", b"") or b"")
        assert Factor.objects.get().secret == secret

    def test_a_code_is_taken_once(self, account, owner):
        secret = enrolled(owner)
        with time_machine.travel(now(), tick=False):
            code = shown(secret)
            actions.check_totp(code=code, by=owner)
            assert isinstance(refused(actions.check_totp, code=code, by=owner), Invalid)

    def test_an_older_code_is_no_good_after_a_newer_one(self, account, owner):
        secret = enrolled(owner)
        with time_machine.travel(now(), tick=False):
            former = shown(secret, -timedelta(seconds=30))
            actions.check_totp(code=shown(secret), by=owner)
            refused(actions.check_totp, code=former, by=owner)

    def test_the_code_that_confirmed_opens_nothing_again(self, account, owner):
        with time_machine.travel(now(), tick=False):
            secret = actions.begin_totp(by=owner)
            actions.confirm_totp(code=shown(secret), by=owner)
            refused(actions.check_totp, code=shown(secret), by=owner)

    @pytest.mark.parametrize(("drift", "good"), [(-60, False), (-30, True), (30, True), (60, False)])
    def test_a_clock_may_be_half_a_minute_wrong(self, account, owner, drift, good):
        secret = enrolled(owner)
        with time_machine.travel(now(), tick=False):
            code = shown(secret, timedelta(seconds=drift))
            if good:
                actions.check_totp(code=code, by=owner)
            else:
                refused(actions.check_totp, code=code, by=owner)

    def test_three_wrong_codes_make_a_pause_even_for_the_right_one(self, account, owner):
        secret = enrolled(owner)
        with time_machine.travel(now(), tick=False):
            for _ in range(3):
                assert isinstance(refused(actions.check_totp, code="000001", by=owner), Invalid)
            waits = refused(actions.check_totp, code=shown(secret), by=owner)
        assert isinstance(waits, TooMany)
        assert "15 分钟后可以再试" in waits.sentence

    def test_the_code_of_another_account_opens_nothing(self, account, owner, other_owner):
        secret = enrolled(owner)
        refused(actions.check_totp, code=shown(secret), by=other_owner)

    def test_the_demonstrations_code_is_good_only_where_an_app_was_set_up(self, account, owner, other_owner):
        enrolled(owner)
        actions.configure(fixed_code="000000")
        try:
            actions.check_totp(code="000000", by=owner)
            actions.check_totp(code="000000", by=owner)
            refused(actions.check_totp, code="000000", by=other_owner)
        finally:
            actions.configure()
        refused(actions.check_totp, code="000000", by=owner)

    def test_who_has_not_proved_just_now_changes_no_factor(self, account, owner):
        secret = enrolled(owner)
        stale, factor = replace(owner, fresh=False), Factor.objects.get()
        for call, given in (
            (actions.begin_totp, {}),
            (actions.confirm_totp, {"code": shown(secret)}),
            (actions.remove_factor, {"factor": factor.pk}),
            (actions.make_recovery_codes, {}),
            (actions.begin_passkey, {"rp_id": "testserver", "rp_name": "伯乐"}),
        ):
            assert isinstance(refused(call, by=stale, **given), Refused), call
        assert Factor.objects.count() == 1

    def test_only_ten_can_be_set_up(self, account, owner):
        for _ in range(10):
            with time_machine.travel(now(), tick=False):
                secret = actions.begin_totp(by=owner)
                actions.confirm_totp(code=shown(secret), by=owner)
        assert "最多设置 10 个" in refused(actions.begin_totp, by=owner).sentence


class TestRecoveryCodes:
    """恢复码."""

    def test_ten_are_made_and_each_opens_once(self, account, owner):
        enrolled(owner)
        codes = actions.make_recovery_codes(by=owner)
        assert (len(codes), len(set(codes))) == (10, 10)
        assert actions.check_recovery_code(code=codes[0].lower().replace("-", " "), by=owner) == 9
        assert isinstance(refused(actions.check_recovery_code, code=codes[0], by=owner), Invalid)

    def test_only_keyed_hashes_are_kept(self, account, owner):
        enrolled(owner)
        codes = actions.make_recovery_codes(by=owner)
        stored = str(list(RecoveryCode.objects.values())) + str(list(Entry.objects.values()))
        assert [code for code in codes if code in stored or code.replace("-", "") in stored] == []

    def test_new_ones_end_the_former(self, account, owner):
        enrolled(owner)
        former = actions.make_recovery_codes(by=owner)
        actions.make_recovery_codes(by=owner)
        refused(actions.check_recovery_code, code=former[0], by=owner)

    def test_they_stand_in_for_a_factor_and_go_with_the_last_one(self, account, owner):
        assert isinstance(refused(actions.make_recovery_codes, by=owner), Refused)
        enrolled(owner)
        actions.make_recovery_codes(by=owner)
        actions.remove_factor(factor=queries.factors(account.pk)[0].id, by=owner)
        assert queries.recovery_codes_left(account.pk) == 0

    def test_those_of_another_account_open_nothing(self, account, owner, other_owner):
        enrolled(owner)
        codes = actions.make_recovery_codes(by=owner)
        refused(actions.check_recovery_code, code=codes[0], by=other_owner)
        assert queries.recovery_codes_left(account.pk) == 10


class TestCodeToThePhone:
    """For want of another second factor."""

    def test_it_proves_where_nothing_is_set_up(self, account, owner, issued, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            actions.send_factor_code(by=owner)
        assert issued[-1].phone == account.phone
        actions.check_factor_code(code=issued[-1].code, by=owner)
        refused(actions.check_factor_code, code=issued[-1].code, by=owner)

    def test_it_proves_nothing_beside_a_stronger_one(self, account, owner, issued, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            actions.send_factor_code(by=owner)
        enrolled(owner)
        refused(actions.check_factor_code, code=issued[-1].code, by=owner)
        assert isinstance(refused(actions.send_factor_code, by=owner), Refused)

    def test_without_a_phone_it_says_whom_to_ask(self, account, owner):
        type(account).objects.filter(pk=account.pk).update(phone=None, phone_index="")
        assert "请联系上级单位的管理员" in refused(actions.send_factor_code, by=owner).sentence


def test_the_owner_hears_of_every_change_and_nobody_else_can_make_one(
    account, owner, other_owner, django_capture_on_commit_callbacks
):
    heard: list[FactorChanged] = []
    events.listen(FactorChanged, heard.append)
    with django_capture_on_commit_callbacks(execute=True):
        enrolled(owner)
        factor = queries.factors(account.pk)[0].id
        assert isinstance(refused(actions.remove_factor, factor=factor, by=other_owner), Absent)
        actions.remove_factor(factor=factor, by=owner)
    events._listeners[FactorChanged].pop()
    assert [each.verb for each in heard] == ["added", "removed"]
    assert Entry.objects.filter(action__startswith="accounts.factor.").count() == 2
