"""HTTPS to a provider: its certificate must be of its name and of an authority that is trusted for it."""

import datetime
import http.server
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bole.accounts.actions.federation.outbound import Unreachable, fetch
from bole.accounts.actions.federation.providers import Provider
from bole.kernel.clock import now


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 by an authority of nobody's, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now() - datetime.timedelta(days=1))
        .not_valid_after(now() + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    place = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    place.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return place


@pytest.fixture
def sealed(certificate: Path) -> Iterator[Provider]:
    """A provider over HTTPS that answers {}."""

    class Empty(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Quiet(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A refused handshake is what some tests want."""

    server = Quiet(("127.0.0.1", 0), Empty)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield Provider("p", "某平台", f"https://127.0.0.1:{server.server_port}", "c", "s")
    server.shutdown()
    server.server_close()


def test_an_unknown_authority_is_not_believed(db: None, sealed: Provider):
    with pytest.raises(Unreachable, match="certificate"):
        fetch(sealed, sealed.issuer)


def test_the_configured_authority_is(db: None, sealed: Provider, certificate: Path):
    assert fetch(replace(sealed, ca_file=str(certificate)), sealed.issuer).body == b"{}"


def test_the_certificate_of_another_name_is_not(db: None, sealed: Provider, certificate: Path):
    other = replace(sealed, issuer=sealed.issuer.replace("127.0.0.1", "localhost"), ca_file=str(certificate))

    with pytest.raises(Unreachable, match="certificate"):
        fetch(other, other.issuer)
