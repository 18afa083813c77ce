"""An account, its phone, and the codes that reach it."""

from collections.abc import Iterator

import pytest

from bole.accounts import actions
from bole.accounts.events import CodeIssued
from bole.accounts.models import Account
from bole.kernel import events
from bole.kernel.actors import Actor, Way, system

LOGIN = "SYNTHETIC-19280229-X"
PASSWORD = "骆驼 台灯 六月 北窗口"
PHONE = "13800000000"
STRANGER = Actor(way=Way.PERSON, address="10.0.0.1", assured=False)


@pytest.fixture
def account(db: None) -> Account:
    return actions.create_account(login=LOGIN, name="林知远", phone=PHONE, password=PASSWORD, by=system("tests"))


@pytest.fixture
def owner(account: Account) -> Actor:
    return Actor(way=Way.PERSON, account=account.pk, name=account.name, address="10.0.0.1")


@pytest.fixture
def other_owner(db: None) -> Actor:
    """Somebody else with an account."""
    other = actions.create_account(
        login="SYNTHETIC-19300101-Y", name="程又青", phone="13900000001", password=PASSWORD, by=system("tests")
    )
    return Actor(way=Way.PERSON, account=other.pk, name=other.name, address="10.0.0.2")


@pytest.fixture
def issued() -> Iterator[list[CodeIssued]]:
    """Codes as they arrive on phones; real listeners of the event are left as they are."""
    heard: list[CodeIssued] = []
    listener = heard.append
    events.listen(CodeIssued, listener)
    yield heard
    events._listeners[CodeIssued].remove(listener)
