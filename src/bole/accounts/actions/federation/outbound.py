"""The one way out to identity providers (C37, AC-23).

Only addresses of the configured hosts; the network address is checked at the moment of connecting, and the connection
goes to the very address that was checked, so that no name server can change its mind in between. No redirects, no
proxies of the environment, ten seconds and one megabyte at most, never inside a database transaction.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction

from bole.accounts.actions.federation.providers import Provider, on_loopback, origin

MOST = 1024 * 1024
PATIENCE = 5.0  # for one step: connecting, one read
LONGEST = 10.0  # for the whole
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NO_REDIRECT = range(300, 400)


class Unreachable(Exception):
    """No usable answer. `why` is for the log: it holds neither addresses nor anything that was answered."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    kind: str
    body: bytes


def fetch(
    provider: Provider,
    address: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Reply:
    """Ask the provider. Raises Unreachable; RuntimeError inside a transaction."""
    with transaction.atomic(durable=True):
        """Refuses to run inside a transaction: a slow provider must hold no locks."""
    if origin_of(address) not in provider.origins:
        raise Unreachable("foreign-host")
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    until = time.monotonic() + LONGEST
    try:
        line = _connected(host, port, provider)
        timer = threading.Timer(LONGEST, _cut, [line])
        timer.daemon = True
        timer.start()
        try:
            sealed = _sealed(line, host, provider) if parts.scheme == "https" else line
            return _asked(sealed, host, port, method, path, {"Host": parts.netloc, **(headers or {})}, body, until)
        finally:
            timer.cancel()
            line.close()
    except ssl.SSLError:
        raise Unreachable("certificate") from None
    except (OSError, http.client.HTTPException, ValueError) as wrong:
        raise Unreachable(type(wrong).__name__) from None


def origin_of(address: str) -> str:
    """The origin of an address; blank when it has none, has a user in it, or leads over http to another machine."""
    try:
        found, parts = origin(address), urlsplit(address)
    except ValueError:
        return ""
    if parts.fragment or (parts.scheme == "http" and not on_loopback(parts.hostname or "")):
        return ""
    return found


def _connected(host: str, port: int, provider: Provider) -> socket.socket:
    """A connection to an address that may be reached: all that the name stands for must be allowed."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    reached = [str(each[4][0]) for each in found]
    if not reached or not all(allowed(each, host, private=provider.private_network) for each in reached):
        raise Unreachable("forbidden-address")
    wrong: OSError | None = None
    for each in dict.fromkeys(reached):
        try:
            return socket.create_connection((each, port), timeout=PATIENCE)
        except OSError as refused:
            wrong = refused
    raise wrong or Unreachable("no-address")


def allowed(address: str, host: str, *, private: bool) -> bool:
    """Whether the network address may be connected to for this host.

    A host written as loopback stays on loopback. Any other must be public; with `private` also of the government's
    private networks, but never this machine or the link's own addresses, where clouds keep their secrets.
    """
    try:
        ip = _plain(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if on_loopback(host):
        return ip.is_loopback
    if ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        return False
    return ip.is_global or (private and ip.is_private)


def _plain(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address inside an IPv6 one, where there is one."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip


def _sealed(line: socket.socket, host: str, provider: Provider) -> socket.socket:
    context = ssl.create_default_context(cafile=provider.ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context.wrap_socket(line, server_hostname=host)


def _cut(line: socket.socket) -> None:
    """Whoever drips byte by byte is cut off."""
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _asked(
    line: socket.socket,
    host: str,
    port: int,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes | None,
    until: float,
) -> Reply:
    connection = http.client.HTTPConnection(host, port)
    connection.sock = line
    try:
        connection.request(method, path, body=body, headers={"Accept": "application/json", **headers})
        answer = connection.getresponse()
        if answer.status in _NO_REDIRECT:
            raise Unreachable("redirect")
        return Reply(answer.status, answer.headers.get_content_type(), _read(answer, until))
    finally:
        connection.close()


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    parts, size = [], 0
    while part := answer.read1(65536):
        parts.append(part)
        size += len(part)
        if size > MOST:
            raise Unreachable("too-large")
    if time.monotonic() > until:  # cut off: what came is not the whole of it
        raise Unreachable("too-slow")
    return b"".join(parts)
