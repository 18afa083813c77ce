"""One-time codes, captchas, and what rests on them."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from bole.accounts import actions, queries
from bole.accounts.models import Challenge, OneTimeCode, Throttle
from bole.audit.models import Entry
from bole.kernel.actors import Actor, Way
from bole.kernel.clock import now
from bole.kernel.errors import BoleError, Invalid, TooMany
from tests.accounts.conftest import LOGIN, PASSWORD, PHONE, STRANGER

GOOD = "灯塔 橘子 算盘 十一月雨"


@pytest.fixture
def sent(db, issued, django_capture_on_commit_callbacks):
    """Send a code to the phone and hand it over as the phone shows it."""

    def send(purpose: str = "register", phone: str = PHONE, by: Actor = STRANGER) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            actions.send_code(purpose=purpose, phone=phone, by=by)
        return issued[-1].code

    return send


@pytest.fixture
def sent_to_account(db, issued, django_capture_on_commit_callbacks):
    """The same for the phone registered with an account; no code where nothing was sent."""

    def send(purpose: str, login: str = LOGIN) -> str:
        before = len(issued)
        with django_capture_on_commit_callbacks(execute=True):
            actions.send_account_code(purpose=purpose, login=login, by=STRANGER)
        return issued[-1].code if len(issued) > before else ""

    return send


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def check(code: str, purpose: str = "register", phone: str = PHONE) -> None:
    actions.check_code(purpose=purpose, phone=phone, code=code)


def refused(call, *args, **kwargs) -> BoleError:
    with pytest.raises(BoleError) as caught:
        call(*args, **kwargs)
    return caught.value


def test_a_code_is_good_once(sent):
    code = sent()
    check(code)
    assert refused(check, code).sentence == "验证码错误"


def test_a_code_is_six_digits_and_nowhere_in_the_database(sent):
    code = sent()
    assert (len(code), code.isdigit()) == (6, True)
    stored = str(OneTimeCode.objects.get().__dict__) + "".join(str(entry.__dict__) for entry in Entry.objects.all())
    assert [word for word in (code, PHONE) if word in stored] == []


def test_a_code_opens_only_what_it_was_sent_for(sent):
    code = sent("register")
    refused(check, code, "phone")
    refused(check, code, "register", "13900000000")
    check(code, phone=" +86 138-0000-0000")


@pytest.mark.parametrize(("wrong", "good"), [(4, True), (5, False)])
def test_a_code_stands_five_tries(sent, wrong, good):
    code = sent()
    for _ in range(wrong):
        refused(check, other(code))
    if good:
        check(code)
    else:
        assert refused(check, code).sentence == "验证码错误"


@pytest.mark.parametrize(("age", "good"), [(timedelta(minutes=10, seconds=-1), True), (timedelta(minutes=10), False)])
def test_a_code_is_good_for_ten_minutes(sent, age, good):
    start = now()
    with time_machine.travel(start, tick=False):
        code = sent()
    with time_machine.travel(start + age, tick=False):
        if good:
            check(code)
        else:
            refused(check, code)


def test_a_new_code_ends_the_former(sent):
    start = now()
    with time_machine.travel(start, tick=False):
        former = sent()
    with time_machine.travel(start + timedelta(minutes=1), tick=False):
        code = sent()
        if former != code:
            refused(check, former)
        check(code)


def test_codes_are_sent_once_a_minute_and_five_times_an_hour(sent):
    start = now()
    for number in range(5):
        with time_machine.travel(start + timedelta(minutes=number), tick=False):
            sent()
            assert isinstance(refused(actions.send_code, purpose="register", phone=PHONE, by=STRANGER), TooMany)
    with time_machine.travel(start + timedelta(minutes=59), tick=False):
        assert isinstance(refused(actions.send_code, purpose="phone", phone=PHONE, by=STRANGER), TooMany)
    with time_machine.travel(start + timedelta(minutes=60), tick=False):
        sent()


def test_one_address_gets_thirty_codes_an_hour(sent):
    for number in range(30):
        sent(phone=f"139000000{number:02d}")
    asked = {"purpose": "register", "phone": "13700000000"}
    assert isinstance(refused(actions.send_code, **asked, by=STRANGER), TooMany)
    sent(phone="13700000000", by=Actor(way=Way.PERSON, address="10.0.0.2"))


@pytest.mark.parametrize("phone", ["", "12800000000", "1380000000", "138000000000", "电话"])
def test_a_code_goes_to_a_mobile_phone(db, phone):
    error = refused(actions.send_code, purpose="register", phone=phone, by=STRANGER)
    assert isinstance(error, Invalid)
    assert [fault.at for fault in error.faults] == ["phone"]
    assert not Throttle.objects.exists()


def test_tries_cannot_be_taken_back_by_a_transaction_around_them(sent):
    code = sent()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        check(code)


class TestReset:
    """「忘记密码」."""

    def test_the_code_sets_a_new_password_and_ends_lock_and_sessions(self, account, owner, sent_to_account):
        stamp, device = account.get_session_auth_hash(), actions.remember_device(name="F", stay=True, by=owner)
        for _ in range(4):
            refused(actions.log_in, login=LOGIN, password="falsch", device=None, address="")
        code = sent_to_account("reset")
        assert actions.reset_password(login=LOGIN, code=code, password=GOOD, by=STRANGER) == account
        assert queries.session_account(account.pk, stamp) is None
        assert actions.resume(token=device) is None
        assert actions.log_in(login=LOGIN, password=GOOD, device=None, address="") == account

    def test_known_and_unknown_names_cannot_be_told_apart(self, account, sent_to_account):
        def course(login: str) -> list[tuple[type[BoleError], str]]:
            calls = [refused(actions.reset_password, login=login, code="x", password=GOOD, by=STRANGER)]
            sent_to_account("reset", login)
            calls.append(refused(actions.send_account_code, purpose="reset", login=login, by=STRANGER))
            for _ in range(6):
                calls.append(refused(actions.reset_password, login=login, code="x", password=GOOD, by=STRANGER))
            calls.append(refused(actions.reset_password, login=login, code="x", password="kurz", by=STRANGER))
            calls.append(refused(actions.unlock, login=login, code="x", name="", address=""))
            calls.append(refused(actions.log_in_by_code, login=login, code="x", device=None, address=""))
            return [(type(call), call.sentence) for call in calls]

        with time_machine.travel(now(), tick=False):
            known, unknown = course(LOGIN), course("NOBODY")
        assert known == unknown
        assert known[0] == (Invalid, "验证码错误")

    def test_strangers_and_owners_leave_the_same_rows(self, account, sent_to_account):
        assert sent_to_account("reset") != ""
        rows = (OneTimeCode.objects.count(), Throttle.objects.count(), Entry.objects.count())
        assert sent_to_account("reset", "NOBODY") == ""
        after = (OneTimeCode.objects.count(), Throttle.objects.count(), Entry.objects.count())
        # one code, the pause and the counter of the target (the address has one already), one entry
        assert [later - earlier for earlier, later in zip(rows, after, strict=True)] == [1, 2, 1]

    def test_a_code_for_unlocking_does_not_reset(self, account, sent_to_account):
        code = sent_to_account("unlock")
        refused(actions.reset_password, login=LOGIN, code=code, password=GOOD, by=STRANGER)
        assert actions.log_in(login=LOGIN, password=PASSWORD, device=None, address="") == account

    def test_a_person_logs_in_by_code(self, account, sent_to_account):
        code = sent_to_account("log-in")
        assert actions.log_in_by_code(login=LOGIN, code=code, device=None, address="") == account
        refused(actions.log_in_by_code, login=LOGIN, code=code, device=None, address="")


class TestPhone:
    """Another phone, another address."""

    def test_the_new_phone_proves_itself_and_codes_go_there(self, account, owner, sent, issued, sent_to_account):
        code = sent("phone", "13900000000", owner)
        actions.change_phone(phone="13900000000", code=code, password=PASSWORD, by=owner)
        assert queries.contact(account.pk).phone == "13900000000"
        sent_to_account("reset")
        assert issued[-1].phone == "13900000000"

    @pytest.mark.parametrize("wrong", ["code", "password"])
    def test_it_stays_without_password_or_code(self, account, owner, sent, wrong):
        code = sent("phone", "13900000000", owner)
        given = {"code": code, "password": PASSWORD} | {wrong: other(code) if wrong == "code" else "falsch"}
        refused(actions.change_phone, phone="13900000000", by=owner, **given)
        assert queries.contact(account.pk).phone == PHONE

    def test_a_mail_address_is_checked_and_taken_away_again(self, account, owner):
        for wrong in ("x", "a@b", "a b@c.de", "<a@b.cn>", "a@b.cn,c@d.cn"):
            refused(actions.change_email, email=wrong, password=PASSWORD, by=owner)
        actions.change_email(email="lin@example.cn", password=PASSWORD, by=owner)
        assert queries.contact(account.pk).email == "lin@example.cn"
        actions.change_email(email="", password=PASSWORD, by=owner)
        assert queries.contact(account.pk).email == ""


class TestCaptcha:
    """Captchas, and the fixed answers of demonstrations."""

    @pytest.fixture
    def fixed(self):
        actions.configure(fixed_captcha="0000", fixed_code="000000")
        yield
        actions.configure()

    def test_nothing_is_fixed_unless_configured(self, sent, db):
        texts = set()
        for number in range(12):
            texts.add(sent(phone=f"139000000{number:02d}"))
        assert len(texts) > 1
        refused(actions.check_captcha, token=actions.make_captcha().token, answer="0000")

    def test_the_fixed_answers_pass(self, db, fixed, sent):
        assert sent() == "000000"
        captcha = actions.make_captcha()
        assert captcha.image[:4] == b"\x89PNG"
        actions.check_captcha(token=captcha.token, answer="0000")

    def test_a_captcha_is_used_up_by_right_and_wrong_answers(self, db, fixed):
        for answer in ("0000", "1111"):
            token = actions.make_captcha().token
            if answer == "0000":
                actions.check_captcha(token=token, answer=answer)
            else:
                refused(actions.check_captcha, token=token, answer=answer)
            assert refused(actions.check_captcha, token=token, answer="0000").sentence == "验证码错误"
        assert Challenge.objects.count() == 0

    def test_a_captcha_is_bound_to_purpose_visitor_and_time(self, db, fixed):
        start = now()

        def made() -> str:
            return actions.make_captcha(purpose="register", visitor="a").token

        with time_machine.travel(start, tick=False):
            tokens = [made() for _ in range(5)]
            actions.check_captcha(token=tokens[0], answer="0000", purpose="register", visitor="a")
            refused(actions.check_captcha, token=tokens[1], answer="0000", purpose="log-in", visitor="a")
            refused(actions.check_captcha, token=tokens[2], answer="0000", purpose="register", visitor="b")
        with time_machine.travel(start + timedelta(minutes=10), tick=False):
            refused(actions.check_captcha, token=tokens[3], answer="0000", purpose="register", visitor="a")
        for token in ("", "x", str(tokens[4])[:-1]):
            refused(actions.check_captcha, token=token, answer="0000", purpose="register", visitor="a")

    def test_what_expired_is_cleared_away(self, db, sent):
        start = now()
        with time_machine.travel(start, tick=False):
            sent()
            actions.make_captcha()
        with time_machine.travel(start + timedelta(days=4), tick=False):
            actions.clear_expired()
        assert (OneTimeCode.objects.count(), Challenge.objects.count(), Throttle.objects.count()) == (0, 0, 0)
