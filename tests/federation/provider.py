"""The real provider (provider/provider.mjs) behind a proxy that can change what it answers, and a browser for it."""

import base64
import http.client
import json
import re
import socket
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

HERE = Path(__file__).with_name("provider")
SECRET = "a secret / with + signs & of 40 characters"
CLIENT = "bole:test"
STRONG, PLAIN = "urn:example:strong", "urn:example:password"


@dataclass
class Answer:
    """An answer on its way from the provider; a tampering changes it."""

    path: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def put(self, value: Any) -> None:
        self.body = json.dumps(value).encode()


@dataclass
class RealProvider:
    """The running provider, its keys, and what stands between it and us."""

    issuer: str
    keys: list[RSAKey | ECKey]
    _inner: int
    asked: list[tuple[str, str]] = field(default_factory=list)
    tamper: Callable[[Answer], None] | None = None

    def restore(self) -> None:
        """Honest again, with nothing asked yet."""
        self.tamper = None
        self.asked.clear()

    def put_keys(self, *keys: RSAKey | ECKey) -> None:
        """The provider signs with other keys from now on."""
        self.keys[:] = keys
        line = http.client.HTTPConnection("127.0.0.1", self._inner, timeout=10)
        line.request("POST", "/test/keys", json.dumps(key_set(*keys)).encode())
        assert line.getresponse().status == 200
        line.close()

    def resigned(self, **changes: Any) -> Callable[[Answer], None]:
        """A tampering: the identity token with other claims (None: without), under the provider's own key."""

        def change(answer: Answer) -> None:
            if answer.path != "/token":
                return
            said = answer.json()
            claims = claims_of(said["id_token"])
            claims.update(changes)
            kept = {name: value for name, value in claims.items() if value is not None}
            key = self.keys[0]
            answer.put({**said, "id_token": jwt.encode({"alg": "RS256", "kid": key.kid}, kept, key)})

        return change


def claims_of(token: str) -> dict[str, Any]:
    """What a token says; unchecked."""
    body = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


def signing_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": kid, "use": "sig", "alg": "RS256"}, private=True)


def key_set(*keys: RSAKey | ECKey) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=True) for key in keys]}


def start(people: dict[str, Any], redirects: list[str], homes: list[str]) -> tuple[RealProvider, Callable[[], None]]:
    """Provider and proxy; the second value ends both."""
    if not (HERE / "node_modules" / "oidc-provider").exists():
        raise RuntimeError("The OpenID provider of these tests is not installed. Run: sh tools/provider.sh")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        inner = free.getsockname()[1]
    found = RealProvider("", [signing_key("first")], inner)
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), _handler(found))
    found.issuer = f"http://127.0.0.1:{proxy.server_port}"
    threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True).start()
    client = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": redirects,
        "post_logout_redirect_uris": homes,
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
    }
    setup = {
        "issuer": found.issuer,
        "port": inner,
        "jwks": key_set(*found.keys),
        "people": people,
        "clients": [client, {**client, "client_id": "post", "token_endpoint_auth_method": "client_secret_post"}],
    }
    node = subprocess.Popen(
        ["node", "provider.mjs"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert node.stdin is not None
    assert node.stdout is not None
    node.stdin.write(json.dumps(setup).encode() + b"\n")
    node.stdin.flush()
    while (line := node.stdout.readline()) and not line.startswith(b"ready"):
        pass
    assert line, "the provider did not start"

    def end() -> None:
        proxy.shutdown()
        proxy.server_close()
        node.kill()
        node.wait()
        node.stdin.close()  # type: ignore[union-attr]  # both are pipes
        node.stdout.close()  # type: ignore[union-attr]  # both are pipes

    return found, end


def _handler(found: RealProvider) -> type[BaseHTTPRequestHandler]:
    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found.asked.append((self.command, self.path.partition("?")[0]))
            line = http.client.HTTPConnection("127.0.0.1", found._inner, timeout=10)
            line.request(self.command, self.path, body or None, dict(self.headers))
            got = line.getresponse()
            answer = Answer(self.path.partition("?")[0], got.status, got.getheaders(), got.read())
            line.close()
            if found.tamper is not None:
                found.tamper(answer)
            self.send_response(answer.status)
            for name, value in answer.headers:
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "date"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Proxy


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


class Browser:
    """A browser at the provider: keeps its cookies, follows it within its own host, stops where it leads elsewhere."""

    def __init__(self) -> None:
        self._open = build_opener(HTTPCookieProcessor(CookieJar()), _Stay()).open

    def go(self, address: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """(address, page) where it ends; the page is blank when that is another host."""
        home = urlsplit(address).netloc
        for _ in range(10):
            body = urlencode(form).encode() if form is not None else None
            try:
                with self._open(Request(address, body), timeout=10) as answer:
                    return address, answer.read().decode()
            except HTTPError as moved:
                with moved:
                    if moved.code not in (302, 303):
                        return address, moved.read().decode()
                    address, form = urljoin(address, moved.headers["Location"]), None
            if urlsplit(address).netloc != home:
                return address, ""
        raise AssertionError("went in circles")

    def log_in(self, address: str, who: str) -> str:
        """Through log-in and consent; the address to which the provider sends the browser back."""
        at, page = self.go(address)
        for form in ({"prompt": "login", "login": who, "password": "x"}, {"prompt": "consent"}):
            if not page or f'value="{form["prompt"]}"' not in page:
                continue
            found = re.search(r'<form[^>]* action="([^"]+)"', page)
            assert found is not None, page
            at, page = self.go(urljoin(at, found[1]), form)
        assert page == "", page
        return at


def parameters(address: str) -> dict[str, str]:
    """The query of an address."""
    return dict(parse_qsl(urlsplit(address).query))
