"""What must not be believed: everything that a thief, a second provider or a broken one may answer. Nobody gets in."""

import base64
import json
import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from bole.accounts.models import ExternalIdentity
from bole.audit.models import Entry
from bole.kernel import clock
from bole.people import actions as people
from bole.people.models import Person
from tests.factories.browsers import text_of
from tests.factories.organizations import NUMBERS, PASSWORD, SETUP
from tests.federation.conftest import Visitor
from tests.federation.provider import (
    CLIENT,
    PLAIN,
    SECRET,
    STRONG,
    Answer,
    RealProvider,
    claims_of,
    parameters,
    signing_key,
)


@pytest.fixture
def world(db: None) -> Person:
    """Lin alone: whoever is taken in would get into this account."""
    return people.install_person(
        site="ningxia", kind="resident", number=NUMBERS["林致远"], name="林致远", phone="13895100099",
        password=PASSWORD, by=SETUP,
    )  # fmt: skip


def refused(visitor: Visitor, address: str, why: str) -> None:
    """Nobody is logged in or linked, the person is told, and the ledger says which check it was."""
    response = visitor.back(address)
    assert response.status_code == 403, text_of(response)
    assert 'role="alert"' in text_of(response)
    assert visitor.name == ""
    assert not ExternalIdentity.objects.exists()
    refusals = Entry.objects.filter(action="accounts.identity.asserted", outcome="refused")
    assert [entry.detail["why"] for entry in refusals] == ([why] if why else [])


def now() -> int:
    return int(time.time())


@pytest.mark.parametrize(("why", "changes"), [
    ("nonce", {"nonce": "of another log-in"}),
    ("nonce", {"nonce": None}),
    ("iss", {"iss": "https://other.example"}),
    ("aud", {"aud": "another client"}),
    ("aud", {"aud": [CLIENT, "another client"]}),
    ("aud", {"aud": None}),
    ("azp", {"azp": "another client"}),
    ("exp", {"exp": now() - 3600}),
    ("exp", {"exp": None}),
    ("exp", {"exp": "soon"}),
    ("iat", {"iat": now() + 3600}),
    ("iat", {"iat": now() - 3600}),
    ("sub", {"sub": None}),
    ("sub", {"sub": ""}),
    ("sub", {"sub": "x" * 256}),
    ("at_hash", {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}),
])  # fmt: skip
def test_claims_that_are_wrong(visitor: Visitor, provider: RealProvider, why, changes):
    provider.tamper = provider.resigned(**changes)

    refused(visitor, visitor.answered("lin"), why)


def replaced(make) -> object:
    """A tampering: another identity token, made of the claims of the right one."""

    def change(answer: Answer) -> None:
        if answer.path == "/token":
            said = answer.json()
            answer.put({**said, "id_token": make(said["id_token"])})

    return change


def unsigned(token: str) -> str:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."


def test_unsigned_tokens(visitor: Visitor, provider: RealProvider):
    provider.tamper = replaced(unsigned)

    refused(visitor, visitor.answered("lin"), "signature")


@pytest.mark.parametrize("make", [
    lambda token: ".".join([*token.split(".")[:2], ""]),
    lambda token: token[:-8] + ("AAAAAAAA" if token[-8:] != "AAAAAAAA" else "BBBBBBBB"),
    lambda token: jwt.encode({"alg": "RS256", "kid": "first"}, claims_of(token), signing_key("first")),
    lambda token: jwt.encode({"alg": "RS256", "kid": "unheard-of"}, claims_of(token), signing_key("unheard-of")),
    lambda token: jwt.encode({"alg": "HS256"}, claims_of(token), OctKey.import_key(SECRET), algorithms=["HS256"]),
    lambda token: "not a token",
    lambda token: "a.b.c",
    lambda token: "x" * 500_000,
], ids=["cut", "bent", "own-key", "unknown-key", "shared-secret", "nonsense", "dots", "huge"])  # fmt: skip
def test_tokens_that_the_provider_did_not_sign(visitor: Visitor, provider: RealProvider, make):
    provider.tamper = replaced(make)

    refused(visitor, visitor.answered("lin"), "signature")


def test_public_key_as_shared_secret(visitor: Visitor, provider: RealProvider):
    """The classic confusion: the provider's public key, known to all, used as the key of an HMAC."""
    public = provider.keys[0].as_pem(private=False)

    def forge(token: str) -> str:
        head, body = ({"alg": "HS256", "kid": "first"}, claims_of(token))
        return jwt.encode(head, body, OctKey.import_key(base64.urlsafe_b64encode(public)), algorithms=["HS256"])

    provider.tamper = replaced(forge)

    refused(visitor, visitor.answered("lin"), "signature")


def test_algorithms_that_are_not_configured(visitor: Visitor, provider: RealProvider, trust):
    trust(provider, algorithms=("ES256",))

    refused(visitor, visitor.answered("lin"), "signature")


def test_a_spent_code_opens_nothing(visitor: Visitor, provider: RealProvider, world):
    first = Visitor()
    address = first.answered("lin")
    assert first.back(address).status_code == 302
    ExternalIdentity.objects.all().delete()
    code = parameters(address)["code"]
    mine = parameters(visitor.depart())["state"]

    again = urlencode({"code": code, "state": mine, "iss": provider.issuer})

    refused(visitor, f"/ningxia/login/with/shebao/return/?{again}", "code")


def test_a_code_stolen_from_another_browser_lacks_the_verifier(visitor: Visitor, provider: RealProvider):
    """PKCE: the provider itself refuses, since the thief's session holds another verifier."""
    stolen = parameters(Visitor().answered("lin"))["code"]
    mine = parameters(visitor.depart())["state"]

    again = urlencode({"code": stolen, "state": mine, "iss": provider.issuer})

    refused(visitor, f"/ningxia/login/with/shebao/return/?{again}", "code")


def test_an_answer_for_another_browser_is_not_taken(visitor: Visitor):
    """The victim is made to open the thief's answer: no session has that state (log-in CSRF)."""
    visitor.depart()

    refused(visitor, Visitor().answered("lin"), "")


def test_the_same_answer_twice(visitor: Visitor, provider: RealProvider, world):
    address = visitor.answered("lin")
    visitor.back(address)
    visitor.us.post("/ningxia/logout/")
    ExternalIdentity.objects.all().delete()

    refused(visitor, address, "")


def test_a_departure_is_over_after_ten_minutes(visitor: Visitor):
    address = visitor.answered("lin")
    with clock.travel(clock.now() + timedelta(minutes=11)):
        refused(visitor, address, "")


@pytest.mark.parametrize("named", ["https://other.example", ""])
def test_an_answer_in_the_name_of_another_provider(visitor: Visitor, provider: RealProvider, named):
    """RFC 9207: the answer says who gave it; without, or with another name, the code goes nowhere."""
    said = {**parameters(visitor.answered("lin")), "iss": named}
    provider.asked.clear()

    refused(visitor, f"/ningxia/login/with/shebao/return/?{urlencode(said)}", "iss-parameter")
    assert ("POST", "/token") not in provider.asked


def test_an_answer_without_the_name_that_was_promised(visitor: Visitor):
    said = parameters(visitor.answered("lin"))
    del said["iss"]

    refused(visitor, f"/ningxia/login/with/shebao/return/?{urlencode(said)}", "iss-parameter")


def test_an_answer_brought_to_the_address_of_another_provider(visitor: Visitor, provider: RealProvider, trust):
    """Mix-up: whoever runs the second provider gets no code of the first."""
    trust(provider, code="other", issuer="http://127.0.0.1:1")
    address = visitor.answered("lin").replace("/with/shebao/", "/with/other/")

    refused(visitor, address, "")


def test_parameters_given_twice(visitor: Visitor):
    refused(visitor, visitor.answered("lin") + "&code=second", "")


def test_an_error_with_our_state_from_elsewhere(visitor: Visitor):
    state = parameters(visitor.depart())["state"]
    said = urlencode({"error": "<script>alert(1)</script>", "state": state, "iss": "https://other.example"})

    refused(visitor, f"/ningxia/login/with/shebao/return/?{said}", "iss-parameter")


def test_further_claims_of_somebody_else(visitor: Visitor, provider: RealProvider):
    def change(answer: Answer) -> None:
        if answer.path == "/me":
            answer.put({**answer.json(), "sub": "zhou"})

    provider.tamper = change

    refused(visitor, visitor.answered("lin"), "userinfo")


@pytest.mark.parametrize("acr", [None, PLAIN])
def test_a_demanded_assurance_that_is_missing(visitor: Visitor, provider: RealProvider, trust, acr):
    trust(provider, acr_values=(STRONG,), factor_acr=(STRONG,))
    provider.tamper = provider.resigned(acr=acr)

    refused(visitor, visitor.answered("lin"), "acr")


@pytest.mark.parametrize(
    "told", [None, now() - 3600, now() + 3600, "now", True], ids=["none", "old", "future", "words", "yes"]
)
def test_a_log_in_there_that_is_too_old(visitor: Visitor, provider: RealProvider, trust, told):
    trust(provider, max_age=300)
    provider.tamper = provider.resigned(auth_time=told)

    refused(visitor, visitor.answered("lin"), "auth_time")


def test_max_age_is_asked_and_kept_by_the_real_provider(visitor: Visitor, provider: RealProvider, trust):
    trust(provider, max_age=300)

    visitor.log_in("lin")

    assert visitor.name == "林致远"


@pytest.fixture
def _old_keys_back(provider: RealProvider):
    kept = list(provider.keys)
    yield
    provider.put_keys(*kept)


@pytest.mark.usefixtures("_old_keys_back")
def test_new_keys_are_fetched_and_withdrawn_ones_are_not_believed(visitor: Visitor, provider: RealProvider):
    visitor.log_in("lin")
    former = provider.keys[0]
    provider.put_keys(signing_key("second"))
    second = Visitor()
    second.log_in("lin")
    assert second.name == "林致远"

    ExternalIdentity.objects.all().delete()
    provider.tamper = replaced(lambda token: jwt.encode({"alg": "RS256", "kid": former.kid}, claims_of(token), former))
    third = Visitor()
    refused(third, third.answered("lin"), "signature")


@pytest.mark.usefixtures("_old_keys_back")
def test_several_keys_and_kinds_stand_beside_each_other(visitor: Visitor, provider: RealProvider):
    elliptic = ECKey.generate_key("P-256", parameters={"kid": "third", "use": "sig", "alg": "ES256"}, private=True)
    provider.put_keys(signing_key("second"), elliptic)

    visitor.log_in("lin")

    assert visitor.name == "林致远"
