"""「忘记密码」, 「账号激活」, and resets that others start: nothing is told before it is proved (AC-09, AC-28)."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bole.accounts import actions, queries
from bole.accounts.events import AccountActivated, ResetStarted
from bole.accounts.models import OneTimeCode, Throttle
from bole.accounts.terms import AccountKind, Purpose
from bole.audit.models import Entry
from bole.kernel import events
from bole.kernel.actors import Actor, Way, system
from bole.kernel.clock import now
from bole.kernel.errors import BoleError, Invalid, Refused, TooMany
from tests.accounts.conftest import LOGIN, PASSWORD, PHONE, STRANGER

GOOD = "灯塔 橘子 算盘 十一月雨"
CODE = "126401004000004210"
MANAGER = Actor(way=Way.ADMINISTRATOR, name="单位管理员甲", address="10.0.0.9")


def refused(call, *args, **kwargs) -> BoleError:
    with pytest.raises(BoleError) as caught:
        call(*args, **kwargs)
    return caught.value


@pytest.fixture
def waiting(db):
    """A unit account made in advance: no password, a phone on file."""
    return actions.create_account(
        login=CODE, name="兴庆区第一中学", phone=PHONE, password=None, kind=AccountKind.UNIT, by=system("tests")
    )


@pytest.fixture
def without_phone(db):
    return actions.create_account(login="A123456", name="阿依", phone=None, password=None, by=system("tests"))


@pytest.fixture
def sent(db, issued, django_capture_on_commit_callbacks):
    """Ask for a code as a stranger does; what the phone shows, or nothing."""

    def send(purpose: str, login: str) -> str:
        before = len(issued)
        with django_capture_on_commit_callbacks(execute=True):
            actions.send_account_code(purpose=purpose, login=login, by=STRANGER)
        return issued[-1].code if len(issued) > before else ""

    return send


@pytest.fixture
def started(issued, django_capture_on_commit_callbacks):
    """An administrator starts a reset; the slip as the owner's phone shows it."""

    def start(account) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            assert actions.start_reset(account=account.pk, by=MANAGER) is None
        return issued[-1].code

    return start


def enter(login: str, password: str):
    return actions.log_in(login=login, password=password, device=None, address="")


def recover(**given):
    return actions.recover(**{"purpose": "reset", "login": LOGIN, "password": GOOD, "by": STRANGER, **given})


class TestActivation:
    """账号激活."""

    def test_an_account_made_in_advance_lets_nobody_in(self, waiting):
        assert not waiting.is_activated
        for password in ("", "!", PASSWORD, waiting.password):
            refused(enter, CODE, password)

    def test_the_code_to_the_phone_activates_it(self, waiting, sent):
        assert actions.activate(login=CODE, code=sent("activate", CODE), password=GOOD, by=STRANGER) == waiting
        assert enter(CODE, GOOD) == waiting
        assert queries.account(waiting.pk).is_activated

    @pytest.mark.parametrize("purpose", ["activate", "reset"])
    def test_either_entry_does_what_applies_and_tells_it_afterwards(self, account, waiting, sent, purpose):
        assert recover(purpose=purpose, login=CODE, code=sent(purpose, CODE)).activated
        assert not recover(purpose=purpose, code=sent(purpose, LOGIN)).activated
        assert (enter(CODE, GOOD), enter(LOGIN, GOOD)) == (waiting, account)

    def test_a_code_for_one_entry_does_not_open_the_other(self, account, sent):
        refused(recover, purpose="reset", code=sent("activate", LOGIN))

    def test_the_owner_hears_of_it(self, waiting, sent, django_capture_on_commit_callbacks):
        heard: list[AccountActivated] = []
        events.listen(AccountActivated, heard.append)
        with django_capture_on_commit_callbacks(execute=True):
            actions.activate(login=CODE, code=sent("activate", CODE), password=GOOD, by=STRANGER)
        events._listeners[AccountActivated].pop()
        assert [each.account for each in heard] == [waiting.pk]

    def test_a_closed_account_is_activated_by_nobody(self, waiting, sent):
        code = sent("activate", CODE)
        actions.close_account(account=waiting.pk, by=system("tests"))
        refused(actions.activate, login=CODE, code=code, password=GOOD, by=STRANGER)


class TestSlip:
    """一次性凭条."""

    def test_a_printed_slip_activates_and_registers_the_phone(
        self, without_phone, issued, django_capture_on_commit_callbacks
    ):
        slip = actions.issue_activation_slip(account=without_phone.pk, by=MANAGER)
        with django_capture_on_commit_callbacks(execute=True):
            actions.send_code(purpose=Purpose.PHONE, phone=PHONE, by=STRANGER)
        code = issued[-1].code
        done = recover(login="a123456", code=slip.lower(), phone=PHONE, phone_code=code)
        assert done.activated
        assert queries.contact(without_phone.pk).phone == PHONE
        assert enter("A123456", GOOD) == without_phone

    def test_a_phone_on_file_is_not_changed_by_a_slip(
        self, account, started, issued, django_capture_on_commit_callbacks
    ):
        slip = started(account)
        with django_capture_on_commit_callbacks(execute=True):
            actions.send_code(purpose=Purpose.PHONE, phone="13911111111", by=STRANGER)
        recover(code=slip, phone="13911111111", phone_code=issued[-1].code)
        assert queries.contact(account.pk).phone == PHONE

    def test_a_wrong_code_of_the_phone_stops_before_the_slip_is_spent(self, without_phone):
        slip = actions.issue_activation_slip(account=without_phone.pk, by=MANAGER)
        error = refused(recover, login="A123456", code=slip, phone=PHONE, phone_code="000001")
        assert isinstance(error, Invalid)
        assert error.faults[0].at == "phone_code"
        assert recover(login="A123456", code=slip).activated

    @pytest.mark.parametrize(("age", "good"), [(timedelta(hours=24, seconds=-1), True), (timedelta(hours=24), False)])
    def test_it_is_good_for_a_day_and_once(self, without_phone, age, good):
        with time_machine.travel(now() - age, tick=False):
            slip = actions.issue_activation_slip(account=without_phone.pk, by=MANAGER)
        if good:
            recover(login="A123456", code=slip)
        refused(recover, login="A123456", code=slip)

    def test_asking_for_a_code_does_not_end_it(self, without_phone, sent):
        """Else any stranger could make a slip worthless."""
        slip = actions.issue_activation_slip(account=without_phone.pk, by=MANAGER)
        sent("activate", "A123456")
        sent("reset", "A123456")
        recover(login="A123456", code=slip)

    def test_a_new_one_ends_the_former(self, without_phone):
        former = actions.issue_activation_slip(account=without_phone.pk, by=MANAGER)
        actions.issue_activation_slip(account=without_phone.pk, by=MANAGER)
        refused(recover, login="A123456", code=former)

    def test_it_exists_only_without_a_phone_and_is_nowhere_in_the_database(self, account, without_phone):
        assert "已登记手机号码" in refused(actions.issue_activation_slip, account=account.pk, by=MANAGER).sentence
        slip = actions.issue_activation_slip(account=without_phone.pk, by=MANAGER)
        stored = str(list(OneTimeCode.objects.values())) + str(list(Entry.objects.values()))
        assert slip not in stored
        assert slip.replace("-", "") not in stored


class TestStartedByOthers:
    """发起密码重置: the actor sees no secret, the owner is told, the old password stays good until the owner acts."""

    def test_the_slip_goes_to_the_owner_alone(self, account, started, issued):
        slip = started(account)
        assert (issued[-1].phone, issued[-1].purpose) == (PHONE, "slip")
        assert enter(LOGIN, PASSWORD) == account
        recover(code=slip)
        refused(enter, LOGIN, PASSWORD)
        assert enter(LOGIN, GOOD) == account

    def test_the_owner_hears_who_started_it(self, account, django_capture_on_commit_callbacks):
        heard: list[ResetStarted] = []
        events.listen(ResetStarted, heard.append)
        with django_capture_on_commit_callbacks(execute=True):
            actions.start_reset(account=account.pk, by=MANAGER)
        events._listeners[ResetStarted].pop()
        assert [(each.account, each.by_name) for each in heard] == [(account.pk, "单位管理员甲")]

    def test_it_lifts_the_lock(self, account, started):
        for _ in range(4):
            refused(enter, LOGIN, "falsch")
        started(account)
        assert enter(LOGIN, PASSWORD) == account

    def test_nobody_is_pestered(self, account, started):
        started(account)
        assert isinstance(refused(actions.start_reset, account=account.pk, by=MANAGER), TooMany)

    def test_without_a_phone_a_slip_is_printed_instead(self, without_phone):
        assert "一次性凭条" in refused(actions.start_reset, account=without_phone.pk, by=MANAGER).sentence

    def test_it_asks_for_a_fresh_proof(self, account, without_phone):
        stale = replace(MANAGER, fresh=False)
        assert isinstance(refused(actions.start_reset, account=account.pk, by=stale), Refused)
        assert isinstance(refused(actions.issue_activation_slip, account=without_phone.pk, by=stale), Refused)


class TestNobodyLearnsWhoExists:
    """Equal answers, equal rows, equal work for names known by number, by alias, made in advance, and unknown (G15)."""

    @pytest.fixture
    def names(self, account, other_owner, waiting, without_phone) -> list[str]:
        actions.add_alias(name="zhangshan", by=other_owner)
        return [LOGIN, "zhangshan", CODE, "A123456", "nobody99", "11010519491231002X"]

    def test_sending_answers_and_works_alike(self, names):
        for purpose in ("log-in", "reset", "activate", "unlock"):
            found = set()
            for number, name in enumerate(names):
                by = replace(STRANGER, address=f"10.1.{number}.{len(purpose)}")
                before = (OneTimeCode.objects.count(), Throttle.objects.count(), Entry.objects.count())
                with CaptureQueriesContext(
                    connection,
                ) as asked:
                    actions.send_account_code(purpose=purpose, login=name, by=by)
                    again = refused(actions.send_account_code, purpose=purpose, login=name, by=by)
                after = (OneTimeCode.objects.count(), Throttle.objects.count(), Entry.objects.count())
                grown = tuple(later - earlier for earlier, later in zip(before, after, strict=True))
                found.add((len(asked), type(again), again.sentence, grown[0], grown[2]))
            assert len(found) == 1, (purpose, found)

    def test_wrong_answers_are_alike(self, names, sent):
        for purpose in ("reset", "activate"):
            found = set()
            for name in names:
                sent(purpose, name)
                with CaptureQueriesContext(connection) as asked:
                    wrong = refused(recover, purpose=purpose, login=name, code="x")
                    slip = refused(recover, purpose=purpose, login=name, code="AAAAA-AAAAA")
                found.add((len(asked), type(wrong), wrong.sentence, type(slip), slip.sentence))
            assert len(found) == 1, (purpose, found)

    def test_wrong_passwords_and_codes_are_alike(self, names, sent):
        found = set()
        for name in names:
            sent("log-in", name)
            with CaptureQueriesContext(connection) as asked:
                wrong = refused(enter, name, "falsch und lang genug")
                code = refused(actions.log_in_by_code, login=name, code="x", device=None, address="")
                unlock = refused(actions.unlock, login=name, code="x", name="", address="")
            found.add((len(asked), wrong.sentence, code.sentence, unlock.sentence))
        assert len(found) == 1, found
