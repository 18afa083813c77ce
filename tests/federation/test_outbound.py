"""The way out to providers: only their hosts, no redirects, no long waits, no locks held (AC-23)."""

import re
import socket
import threading
import time
from dataclasses import replace

import pytest
from django.db import transaction
from tools.files import texts

from bole.accounts.actions.federation import ProviderDown, depart, discovery, outbound
from bole.accounts.actions.federation.outbound import Unreachable, allowed, fetch, origin_of
from bole.accounts.actions.federation.providers import Provider
from bole.audit.models import Entry
from bole.kernel.actors import Actor, Way
from tests.factories.browsers import text_of
from tests.federation.conftest import Visitor
from tests.federation.provider import Answer, RealProvider

NOBODY = Actor(way=Way.PERSON, address="127.0.0.1", assured=False)
PUBLIC = Provider("p", "某平台", "https://id.example.gov.cn", "c", "s")


@pytest.mark.parametrize("address", [
    "https://id.example.gov.cn.evil.example/x", "https://evil.example/https://id.example.gov.cn",
    "https://id.example.gov.cn@evil.example/", "https://id.example.gov.cn:8443/", "http://id.example.gov.cn/",
    "https://id.example.gov.cn/#x", "ftp://id.example.gov.cn/", "file:///etc/passwd", "//id.example.gov.cn/", "", "x",
    "https://[::1]/", "https://[bad/", "https://id.example.gov.cn:99999/", "http://169.254.169.254/latest/",
])  # fmt: skip
def test_other_addresses_are_not_opened(db, address, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up"))

    with pytest.raises(Unreachable, match="foreign-host"):
        fetch(PUBLIC, address)


@pytest.mark.parametrize("address", [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "169.254.169.254", "10.0.0.8", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::", "fe80::1%eth0", "fd00:ec2::254", "x",
])  # fmt: skip
def test_a_public_name_leads_to_no_inner_address(db, address, monkeypatch):
    """Also when the name server changes its mind: what was checked is what is connected to."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (address, 443))])
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))

    with pytest.raises(Unreachable, match="forbidden-address"):
        fetch(PUBLIC, "https://id.example.gov.cn/x")


def test_one_inner_address_among_public_ones_is_enough_to_refuse(db, monkeypatch):
    found = [(0, 0, 0, "", (each, 443)) for each in ("93.184.215.14", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(Unreachable, match="forbidden-address"):
        fetch(PUBLIC, "https://id.example.gov.cn/x")


@pytest.mark.parametrize(("address", "public", "private"), [
    ("93.184.215.14", True, True), ("2400:3200::1", True, True), ("10.1.2.3", False, True), ("fc00::1", False, True),
    ("127.0.0.1", False, False), ("169.254.169.254", False, False), ("::ffff:10.1.2.3", False, True),
    ("::1", False, False), ("0.0.0.0", False, False),
])  # fmt: skip
def test_government_networks_are_reached_where_that_is_configured(address, public, private):
    assert allowed(address, "id.example.gov.cn", private=False) is public
    assert allowed(address, "id.example.gov.cn", private=True) is private


def test_a_loopback_name_stays_on_this_machine():
    assert allowed("127.0.0.1", "localhost", private=False)
    assert not allowed("10.0.0.1", "localhost", private=True)


def test_addresses_have_one_origin():
    assert origin_of("https://ID.example.gov.cn:443/x?y") == origin_of("https://id.example.gov.cn") != ""
    assert origin_of("http://id.example.gov.cn/") == ""
    assert origin_of("http://127.0.0.1:8080/x") == "http://127.0.0.1:8080"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_inside_a_transaction(provider: RealProvider, trust):
    found = trust(provider)
    with transaction.atomic(), pytest.raises(RuntimeError):
        depart(provider=found, back="http://testserver/", by=NOBODY)
    assert provider.asked == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(db, provider: RealProvider, trust, status):
    def change(answer: Answer) -> None:
        answer.status, answer.headers = status, [("Location", f"{provider.issuer}/jwks")]

    provider.tamper = change
    with pytest.raises(ProviderDown, match="暂时连接不上「电子社保卡」"):
        depart(provider=trust(provider), back="http://testserver/", by=NOBODY)
    assert Entry.objects.get(action="accounts.identity.asserted").detail["why"] == "redirect"
    assert [path for _, path in provider.asked] == ["/.well-known/openid-configuration"]


def test_answers_end_at_one_megabyte(db, provider: RealProvider, trust):
    def change(answer: Answer) -> None:
        answer.body = b" " * (outbound.MOST + 1)

    provider.tamper = change
    with pytest.raises(Unreachable, match="too-large"):
        discovery.metadata(trust(provider))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_answers_that_are_no_object(db, provider: RealProvider, trust, body):
    def change(answer: Answer) -> None:
        answer.body = body

    provider.tamper = change
    with pytest.raises(Unreachable, match="no-json"):
        discovery.metadata(trust(provider))


@pytest.fixture
def dripping():
    """A server that answers one byte at a time, for ever."""
    door = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        line, _ = door.accept()
        with line:
            line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not over.wait(0.05):
                try:
                    line.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield door.getsockname()[1]
    over.set()
    door.close()
    thread.join(2)


def test_who_drips_is_cut_off(db, dripping, monkeypatch):
    monkeypatch.setattr(outbound, "LONGEST", 0.4)
    found = replace(PUBLIC, issuer=f"http://127.0.0.1:{dripping}")
    began = time.monotonic()

    with pytest.raises(Unreachable):
        fetch(found, found.issuer)

    assert time.monotonic() - began < 3


def test_a_provider_that_is_not_there(visitor: Visitor, provider: RealProvider, trust):
    with socket.create_server(("127.0.0.1", 0)) as door:
        free = door.getsockname()[1]
    trust(provider, issuer=f"http://127.0.0.1:{free}")

    response = visitor.us.post("/ningxia/login/with/shebao/")

    assert response.status_code == 503
    assert "暂时连接不上「电子社保卡」。请稍后再试，或用密码登录。" in text_of(response)
    assert 'id="login"' in text_of(response)
    assert str(free) not in text_of(response)


@pytest.mark.parametrize(("why", "changes"), [
    ("issuer", {"issuer": "https://other.example"}),
    ("issuer", {"issuer": None}),
    ("token_endpoint", {"token_endpoint": "https://evil.example/token"}),
    ("jwks_uri", {"jwks_uri": "http://169.254.169.254/keys"}),
    ("userinfo_endpoint", {"userinfo_endpoint": "http://127.0.0.1:1/me"}),
    ("authorization_endpoint", {"authorization_endpoint": "javascript:alert(1)"}),
    ("authorization_endpoint", {"authorization_endpoint": None}),
    ("end_session_endpoint", {"end_session_endpoint": "https://evil.example/"}),
    ("no-code-flow", {"response_types_supported": ["id_token"]}),
    ("no-pkce", {"code_challenge_methods_supported": ["plain"]}),
])  # fmt: skip
def test_what_a_provider_says_of_itself_is_checked(db, provider: RealProvider, trust, why, changes):
    def change(answer: Answer) -> None:
        if answer.path.endswith("openid-configuration"):
            said = {**answer.json(), **changes}
            answer.put({name: value for name, value in said.items() if value is not None})

    provider.tamper = change
    with pytest.raises(discovery.Mistrusted) as wrong:
        discovery.metadata(trust(provider))
    assert wrong.value.why == why


def test_an_issuer_is_equal_to_the_letter(db, provider: RealProvider, trust):
    with pytest.raises(discovery.Mistrusted):
        discovery.metadata(trust(provider, issuer=provider.issuer + "/"))


def test_private_and_shared_keys_are_no_keys_of_a_provider(db, provider: RealProvider, trust):
    def change(answer: Answer) -> None:
        if answer.path == "/jwks":
            answer.put(
                {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "first"}, provider.keys[0].as_dict(private=True)]}
            )

    provider.tamper = change
    with pytest.raises(discovery.Mistrusted, match="keys"):
        discovery.keys(trust(provider), "first")


def test_metadata_and_keys_are_asked_for_once(visitor: Visitor, provider: RealProvider):
    for _ in range(3):
        Visitor().log_in("lin")

    asked = [path for _, path in provider.asked]
    assert asked.count("/.well-known/openid-configuration") == 1
    assert asked.count("/jwks") == 1


def test_there_is_one_way_out():
    """No other file opens connections: what is checked there cannot be gone around (C37)."""
    ways = re.compile(
        r"^\s*(?:import|from) (?:socket|ssl|http\.client|http import client|urllib\.request|urllib import request|"
        r"urllib3|requests|httpx|aiohttp|asyncio|ftplib)\b",
        re.MULTILINE,
    )
    found = [path for path, text in texts(".py") if path.startswith("src/bole/") and ways.search(text)]

    assert found == ["src/bole/accounts/actions/federation/outbound.py"]
