"""Passkeys: bound to the server, the origin, the account and a challenge that is good once."""

import json

import pytest

from bole.accounts import actions, queries
from bole.accounts.models import Challenge, Factor
from bole.kernel.errors import Invalid, TooMany
from tests.factories.passkeys import Authenticator, written

HERE = {"rp_id": "testserver", "origin": "http://testserver"}


@pytest.fixture
def key() -> Authenticator:
    return Authenticator()


def begin(owner) -> str:
    return actions.begin_passkey(rp_id="testserver", rp_name="伯乐", by=owner)


def add(owner, key: Authenticator) -> Factor:
    return actions.finish_passkey(answer=key.create(begin(owner)), name="办公室电脑", by=owner, **HERE)


def question(owner) -> str:
    return actions.begin_passkey_proof(rp_id="testserver", by=owner)


def prove(owner, answer: str) -> None:
    actions.check_passkey(answer=answer, by=owner, **HERE)


def test_a_passkey_is_made_and_proves(account, owner, key):
    add(owner, key)
    assert [each.name for each in queries.factors(account.pk)] == ["办公室电脑"]
    assert json.loads(question(owner))["allowCredentials"][0]["id"] == written(key.id)
    prove(owner, key.get(question(owner)))
    assert Factor.objects.get().uses == 1
    assert Factor.objects.get().used_at is not None


def test_an_answer_is_good_once(account, owner, key):
    add(owner, key)
    answer = key.get(question(owner))
    prove(owner, answer)
    with pytest.raises(Invalid):
        prove(owner, answer)


@pytest.mark.parametrize(
    "other",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://testserver:8000"},
        {"rp_id": "evil.example"},
        {"challenge": written(b"x" * 48)},
        {"challenge": written(b"short")},
    ],
)
def test_another_origin_server_or_challenge_proves_nothing(account, owner, key, other):
    add(owner, key)
    with pytest.raises(Invalid):
        prove(owner, key.get(question(owner), **other))
    with pytest.raises(Invalid) as caught:
        actions.finish_passkey(answer=Authenticator().create(begin(owner), **other), name="", by=owner, **HERE)
    assert caught.value.faults[0].at == "passkey"
    assert Factor.objects.count() == 1


def test_the_challenge_of_a_registration_is_no_question_for_a_proof(account, owner, key):
    add(owner, key)
    with pytest.raises(Invalid):
        prove(owner, key.get(begin(owner)))


def test_the_challenge_of_another_account_is_refused(account, owner, other_owner, key):
    add(owner, key)
    with pytest.raises(Invalid):
        prove(owner, key.get(question(other_owner)))
    with pytest.raises(Invalid):
        prove(other_owner, key.get(question(other_owner)))


def test_a_counter_that_does_not_grow_is_a_copy(account, owner, key):
    add(owner, key)
    prove(owner, key.get(question(owner)))
    key.uses = 0
    with pytest.raises(Invalid):
        prove(owner, key.get(question(owner)))


def test_a_signature_by_another_key_is_refused(account, owner, key):
    add(owner, key)
    forger = Authenticator()
    forger.id = key.id
    with pytest.raises(Invalid):
        prove(owner, forger.get(question(owner)))


@pytest.mark.parametrize(
    "answer", ["", "[]", "{}", "null", '{"id": 1, "response": {}}', '{"response": []}', "x" * 9000]
)
def test_whatever_is_no_answer_is_refused_with_a_sentence(account, owner, key, answer):
    add(owner, key)
    with pytest.raises(Invalid):
        prove(owner, answer)
    with pytest.raises(Invalid):
        actions.finish_passkey(answer=answer, name="", by=owner, **HERE)


def test_three_wrong_answers_make_a_pause(account, owner, key):
    add(owner, key)
    for _ in range(3):
        with pytest.raises(Invalid):
            prove(owner, "{}")
    with pytest.raises(TooMany):
        prove(owner, key.get(question(owner)))


def test_the_same_passkey_is_not_added_twice(account, owner, other_owner, key):
    add(owner, key)
    with pytest.raises(Invalid) as caught:
        actions.finish_passkey(answer=key.create(begin(other_owner)), name="", by=other_owner, **HERE)
    assert "已经添加过了" in caught.value.sentence


def test_challenges_that_nobody_answered_are_cleared(account, owner):
    begin(owner)
    Challenge.objects.update(expires_at=account.created_at)
    actions.clear_expired()
    assert not Challenge.objects.exists()
