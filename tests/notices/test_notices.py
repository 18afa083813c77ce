"""Messages, deliveries and the ways out."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from bole.accounts import actions as accounts
from bole.accounts.models import Account
from bole.accounts.terms import PURPOSE_NAMES, Purpose
from bole.kernel.actors import Actor, Way, system
from bole.kernel.clock import now
from bole.kernel.errors import Refused
from bole.notices import actions, connectors, queries, tasks
from bole.notices.models import Delivery, Message
from bole.notices.terms import BACK_OFF, Channel, Note, Route

pytestmark = pytest.mark.django_db
PHONE = "13800000000"
PASSWORD = "骆驼 台灯 六月 北窗口"


class Gateway:
    """A gateway of a provider: fails as often as it is told, then takes what it is given."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.taken: list[tuple[str, str, str]] = []

    def send(self, channel: str, target: str, text: str) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError(f"gateway said no to {target}")
        self.taken.append((channel, target, text))


@pytest.fixture
def account() -> Account:
    made = accounts.create_account(
        login="SYNTHETIC-19280229-X", name="林知远", phone=PHONE, password=PASSWORD, by=system("tests")
    )
    accounts.change_email(email="lin@example.cn", password=PASSWORD, by=by(made))
    return made


def by(account: Account) -> Actor:
    return Actor(way=Way.PERSON, account=account.pk)


@pytest.fixture
def outbox(tmp_path) -> Path:
    path = tmp_path / "outbox.jsonl"
    route = Route(connectors.FileOutbox(path), at_once=True)
    actions.configure({Channel.SMS: route, Channel.MAIL: route})
    return path


@pytest.fixture
def tell(account, django_capture_on_commit_callbacks):
    """Tell the account something, to the end of the transaction."""

    def call(**said) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            actions.tell(account.pk, **({"title": "「高层次人才采集」退回修改", "body": "请修改 2 处。"} | said))

    return call


def lines(outbox: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in outbox.read_text().splitlines()] if outbox.exists() else []


def gateway(at_once: bool = True, failures: int = 0) -> Gateway:
    made = Gateway(failures)
    actions.configure({Channel.SMS: Route(made, at_once)})
    return made


def test_a_message_reaches_inbox_mail_and_phone(account, outbox, tell):
    tell(link="/ningxia/cases/1/")
    (message,) = queries.inbox(account.pk)
    assert (message.title, message.link, message.read_at) == ("「高层次人才采集」退回修改", "/ningxia/cases/1/", None)
    assert [(line["channel"], line["to"]) for line in lines(outbox)] == [("mail", "lin@example.cn"), ("sms", PHONE)]
    sent_mail, sms = (line["text"] for line in lines(outbox))
    assert sent_mail.startswith("【伯乐】「高层次人才采集」退回修改\n林知远：\n\n请修改 2 处。")
    assert sms == "【伯乐】您有一条新消息。详情请登录平台查看。"


def test_only_the_named_channels_are_used(account, outbox, tell):
    tell(channels=("inbox",))
    assert lines(outbox) == []
    tell(channels=("sms",), sms="请查收")
    assert [line["text"] for line in lines(outbox)] == ["【伯乐】请查收。详情请登录平台查看。"]
    assert queries.inbox(account.pk).count() == 1


def test_told_twice_with_one_key_is_told_once(account, outbox, tell):
    tell(key="case-1/returned")
    tell(key="case-1/returned")
    assert (Message.objects.count(), len(lines(outbox))) == (1, 2)
    tell()
    tell()
    assert (Message.objects.count(), len(lines(outbox))) == (3, 6)


def test_of_several_notes_those_told_before_are_left_out(account, outbox, django_capture_on_commit_callbacks):
    note = Note(account.pk, "case-1/returned", "退回修改", "请修改 2 处。", channels=(Channel.INBOX,))
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            actions.tell_all([note])
    with django_capture_on_commit_callbacks(execute=True):
        actions.tell_all([note, Note(account.pk, "case-1/passed", "审核通过", "已办结。")])

    assert {message.key for message in Message.objects.all()} == {"case-1/returned", "case-1/passed"}
    assert [line["channel"] for line in lines(outbox)] == ["mail", "sms"]


def test_nothing_goes_out_of_a_transaction_that_fails(account, outbox):
    def failing() -> None:
        with transaction.atomic():
            actions.tell(account.pk, title="x", body="y")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert (Message.objects.count(), Delivery.objects.count(), lines(outbox)) == (0, 0, [])


def test_who_has_no_address_gets_the_inbox_only(outbox, django_capture_on_commit_callbacks):
    bare = accounts.create_account(login="BARE", name="许南乔", phone=None, password=None, by=system("tests"))
    with django_capture_on_commit_callbacks(execute=True):
        actions.tell(bare.pk, title="x", body="y")
    assert (queries.inbox(bare.pk).count(), lines(outbox)) == (1, [])


def test_texts_are_erased_once_sent_and_never_stored_in_plain(account, outbox, tell):
    tell()
    for row in Delivery.objects.all():
        assert (row.state, row.text, row.sent_at is not None) == ("sent", None, True)
        assert row.target in {PHONE, "lin@example.cn"}
    raw = str(list(Delivery.objects.values()))
    assert [word for word in (PHONE, "lin@example.cn", "退回修改") if word in raw] == []


def test_the_worker_sends_what_a_slow_connector_left(account, tell):
    slow = gateway(at_once=False)
    tell()
    assert (slow.taken, Delivery.objects.get().state) == ([], "pending")
    assert (tasks.deliver_pending(), tasks.deliver_pending()) == (1, 0)
    assert [(channel, target) for channel, target, _ in slow.taken] == [("sms", PHONE)]


def test_failures_are_tried_again_later_and_later_and_then_given_up(account, tell):
    broken = gateway(failures=100)
    moment = now()
    with time_machine.travel(moment, tick=False):
        tell()
    for pause in BACK_OFF:
        with time_machine.travel(moment + pause - timedelta(seconds=1), tick=False):
            tasks.deliver_pending()
        moment += pause
        row = Delivery.objects.get()
        tries = row.tries
        with time_machine.travel(moment, tick=False):
            tasks.deliver_pending()
        assert Delivery.objects.get().tries == tries + 1
    row = Delivery.objects.get()
    assert (row.state, row.text, row.fault, row.tries) == ("dead", None, "ConnectionError", len(BACK_OFF) + 1)
    assert queries.dead_count() == 1
    assert (tasks.deliver_pending(), broken.taken) == (0, [])


def test_a_failure_that_passes_is_sent_once(account, tell):
    shaky = gateway(failures=2)
    start = now()
    with time_machine.travel(start, tick=False):
        tell()
    for hours in range(1, 4):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            tasks.deliver_pending()
    assert len(shaky.taken) == 1


def test_a_process_that_died_while_sending_leaves_the_delivery_to_others(account, tell):
    class Dying(Gateway):
        def send(self, channel: str, target: str, text: str) -> None:
            raise KeyboardInterrupt

    actions.configure({Channel.SMS: Route(Dying(), at_once=False)})
    start = now()
    with time_machine.travel(start, tick=False):
        tell()
        with pytest.raises(KeyboardInterrupt):
            tasks.deliver_pending()
        whole = gateway(at_once=False)
        assert tasks.deliver_pending() == 0
    with time_machine.travel(start + timedelta(minutes=2), tick=False):
        assert tasks.deliver_pending() == 1
    assert len(whole.taken) == 1


def test_a_one_time_code_reaches_the_phone(outbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        accounts.send_code(purpose="register", phone=PHONE, by=Actor(way=Way.PERSON))
    (line,) = lines(outbox)
    assert (line["channel"], line["to"]) == ("sms", PHONE)
    code = line["text"].removeprefix("【伯乐】验证码 ")[:6]
    assert line["text"].startswith(f"【伯乐】验证码 {code}，用于注册账户，10 分钟内有效。")
    accounts.check_code(purpose="register", phone=PHONE, code=code)
    row = Delivery.objects.get()
    assert (row.text, row.message) == (None, None)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_code_says_what_it_is_for_and_who_may_hear_it(outbox, purpose, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        accounts.send_code(purpose=purpose, phone=PHONE, by=Actor(way=Way.PERSON))
    (line,) = lines(outbox)
    assert f"，用于{PURPOSE_NAMES[purpose]}，" in line["text"]
    assert ("不会向您索要" in line["text"]) is (purpose is not Purpose.ATTEST)


def test_an_expired_code_is_not_sent_any_more(django_capture_on_commit_callbacks):
    slow = gateway(at_once=False)
    start = now()
    with time_machine.travel(start, tick=False), django_capture_on_commit_callbacks(execute=True):
        accounts.send_code(purpose="register", phone=PHONE, by=Actor(way=Way.PERSON))
    with time_machine.travel(start + timedelta(minutes=10), tick=False):
        assert tasks.deliver_pending() == 0
    row = Delivery.objects.get()
    assert (slow.taken, row.state, row.text, row.fault) == ([], "dead", None, "expired")


def test_owners_hear_of_changes_to_their_access(account, outbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        accounts.set_password(old=PASSWORD, new="灯塔 橘子 算盘 十一月雨", by=by(account))
        accounts.send_code(purpose="phone", phone="13900000000", by=by(account))
    code = next(line["text"] for line in lines(outbox) if line["to"] == "13900000000")[8:14]
    with django_capture_on_commit_callbacks(execute=True):
        accounts.change_phone(phone="13900000000", code=code, password="灯塔 橘子 算盘 十一月雨", by=by(account))
    titles = {message.title for message in queries.inbox(account.pk)}
    assert titles == {"您的登录密码已修改", "您的手机号码已更换"}
    former = [line["text"] for line in lines(outbox) if line["to"] == PHONE]
    assert ["手机号码已更换" in text for text in former] == [False, True]


def test_reading(account, outbox, tell):
    for number in range(3):
        tell(title=str(number), channels=("inbox",))
    newest = queries.inbox(account.pk)[0]
    assert (newest.title, queries.unread_count(account.pk)) == ("2", 3)
    actions.mark_read(message=newest.pk, by=Actor(way=Way.PERSON, account=uuid4()))
    assert queries.unread_count(account.pk) == 3
    actions.mark_read(message=newest.pk, by=by(account))
    assert queries.unread_count(account.pk) == 2
    assert (actions.mark_all_read(by=by(account)), queries.unread_count(account.pk)) == (2, 0)
    assert [row.title for row in queries.inbox(account.pk, before=newest.created_at)] == ["1", "0"]
    with pytest.raises(Refused):
        actions.mark_read(message=newest.pk, by=Actor(way=Way.PERSON))


def test_counting_unread_is_one_query(account, outbox, tell, django_assert_num_queries):
    tell()
    with django_assert_num_queries(1):
        queries.unread_count(account.pk)


def test_the_database_keeps_no_text_of_a_sent_delivery(account, tell):
    gateway(at_once=False)
    tell()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.update(state="sent", sent_at=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.update(state="sent", text=None)


def test_mail_goes_through_smtp_with_its_subject():
    connectors.Smtp().send("mail", "lin@example.cn", "【伯乐】标题\n正文\n第二行")
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("【伯乐】标题", "正文\n第二行", ["lin@example.cn"])
