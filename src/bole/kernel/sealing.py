"""Encryption of single values, keyed look-up indexes and MACs, in an international and a Chinese suite.

A sealed value begins with the suite and the key number, so that keys can be rotated and suites changed
while old rows stay readable. `context` (table, column, row) is authenticated: a value moved elsewhere does not open.
"""

import secrets
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_TAG = 16


class Suite(IntEnum):
    """intl: AES-256-GCM and HMAC-SHA-256. sm: SM4-GCM and HMAC-SM3 (GB/T 32907, GB/T 32905)."""

    INTL = 1
    SM = 2


class Unsealable(Exception):
    """The value was changed, moved from its place, or sealed with a key that is not here."""


@dataclass(frozen=True)
class Keys:
    """Master keys by number (each 32 random bytes); `current` seals new values, `index` keys the look-ups."""

    masters: dict[int, bytes]
    current: int
    index: bytes
    suite: Suite = Suite.INTL


class _Box:
    """The keys of this process; set once at start-up by `configure`."""

    def __init__(self) -> None:
        self.keys: Keys | None = None
        self.derived: dict[tuple[int, bytes, int], bytes] = {}
        self.aead: dict[int, AESGCM] = {}
        self.macs: dict[tuple[Suite, bytes], hmac.HMAC] = {}


_box = _Box()


def configure(keys: Keys) -> None:
    """Give this process its keys. Called by the project at start-up and by tests; nobody else."""
    _box.keys = keys
    _box.derived.clear()
    _box.aead.clear()
    _box.macs.clear()


def _keys() -> Keys:
    if _box.keys is None:
        raise RuntimeError("sealing keys are not configured")
    return _box.keys


def _derive(master: bytes, purpose: bytes, length: int) -> bytes:
    slot = (length, purpose, hash(master))
    if slot not in _box.derived:
        _box.derived[slot] = HKDF(hashes.SHA256(), length, None, purpose).derive(master)
    return _box.derived[slot]


def _gcm(number: int) -> AESGCM:
    if number not in _box.aead:
        try:
            master = _keys().masters[number]
        except KeyError:
            raise Unsealable(f"no sealing key {number}") from None
        _box.aead[number] = AESGCM(_derive(master, b"field/aes", 32))
    return _box.aead[number]


def seal(plain: bytes, context: str) -> bytes:
    """Encrypt; the result is suite, key number, nonce, ciphertext with tag."""
    keys, nonce, bound = _keys(), secrets.token_bytes(_NONCE), context.encode()
    head = bytes((keys.suite, keys.current))
    if keys.suite is Suite.INTL:
        return head + nonce + _gcm(keys.current).encrypt(nonce, plain, bound)
    key = _derive(keys.masters[keys.current], b"field/sm4", 16)
    enc = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    enc.authenticate_additional_data(bound)
    body = enc.update(plain) + enc.finalize()
    return head + nonce + body + enc.tag


def unseal(sealed: bytes, context: str) -> bytes:
    """Decrypt what `seal` made for the same context. Raises Unsealable."""
    if len(sealed) < 2 + _NONCE + _TAG:
        raise Unsealable("too short")
    suite, number, nonce, body = sealed[0], sealed[1], sealed[2 : 2 + _NONCE], sealed[2 + _NONCE :]
    try:
        if suite == Suite.INTL:
            return _gcm(number).decrypt(nonce, body, context.encode())
        if number not in _keys().masters:
            raise Unsealable(f"no sealing key {number}")
        key = _derive(_keys().masters[number], b"field/sm4", 16)
        dec = Cipher(algorithms.SM4(key), modes.GCM(nonce, body[-_TAG:])).decryptor()
        dec.authenticate_additional_data(context.encode())
        return dec.update(body[:-_TAG]) + dec.finalize()
    except InvalidTag:
        raise Unsealable("changed, or not from this place") from None


def mac(message: bytes, purpose: str) -> bytes:
    """A keyed digest (32 bytes): who lacks the key can neither make nor change it."""
    keys = _keys()
    key = _derive(keys.index, b"mac/" + purpose.encode(), 32)
    slot = (keys.suite, key)
    if slot not in _box.macs:
        algorithm: hashes.HashAlgorithm = hashes.SM3() if keys.suite is Suite.SM else hashes.SHA256()
        _box.macs[slot] = hmac.HMAC(key, algorithm)
    engine = _box.macs[slot].copy()
    engine.update(message)
    return engine.finalize()


def blind_index(value: str, purpose: str) -> str:
    """A look-up key for an encrypted value: equal values, equal keys, nothing to be read from it (AC-01, C25)."""
    return mac(value.strip().upper().encode(), "index/" + purpose).hex()[:40]
