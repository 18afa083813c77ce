"""An authenticator in software: what a browser answers when a passkey is made or used (WebAuthn, ES256)."""

import hashlib
import json
import os
from base64 import urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT_AND_VERIFIED = 0x05
WITH_CREDENTIAL = 0x40


def written(raw: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Authenticator:
    """One passkey; its counter grows with every use unless it is a copy."""

    def __init__(self, rp_id: str = "testserver", origin: str = "http://testserver") -> None:
        self.rp_id, self.origin, self.uses = rp_id, origin, 0
        self.id = os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: str, **other: Any) -> str:
        """The answer to a registration; `other` replaces origin, challenge or rp_id."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        data = self._data(PRESENT_AND_VERIFIED | WITH_CREDENTIAL, other)
        data += bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options, other)
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def get(self, options: str, **other: Any) -> str:
        """The answer to a question for a proof."""
        self.uses += 1
        data, client = self._data(PRESENT_AND_VERIFIED, other), self._client("webauthn.get", options, other)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, flags: int, other: dict[str, Any]) -> bytes:
        rp_id = hashlib.sha256(other.get("rp_id", self.rp_id).encode()).digest()
        return rp_id + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _client(self, kind: str, options: str, other: dict[str, Any]) -> bytes:
        challenge = other.get("challenge") or json.loads(options)["challenge"]
        said = {"type": kind, "challenge": challenge, "origin": other.get("origin", self.origin), "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, **response: bytes) -> str:
        said = {name: written(raw) for name, raw in response.items()}
        return json.dumps(
            {"id": written(self.id), "rawId": written(self.id), "type": "public-key", "response": said,
             "clientExtensionResults": {}}
        )  # fmt: skip
