"""Identifiers and digests."""

import hashlib
import json
import secrets
from typing import Any
from uuid import UUID, uuid4

# No vowels and nothing that reads alike: safe in addresses, never a word.
_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


def new_id() -> UUID:
    """A random row identifier; says nothing of order or time."""
    return uuid4()


def short_id(length: int = 8) -> str:
    """A random key for a record inside an answer; unique within one case is enough."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def digest(value: Any) -> str:
    """SHA-256 in hex of a JSON value in canonical form: equal values, equal digests."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
