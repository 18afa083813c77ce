"""Words of the ledger."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

# No floating point: databases write such numbers back differently, and the keyed digest is over the exact value.
JSON: TypeAlias = "bool | int | str | Sequence[JSON] | Mapping[str, JSON] | None"

# room.subject.verb, the verb in the past tense: cases.case.submitted
ACTION = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")

# Verbs that mean: somebody saw more of a person's data than a masked list shows (ALL-09).
LOOKS = ("viewed", "unmasked", "downloaded", "printed", "exported")


class Outcome(StrEnum):
    """Whether the act took place or was refused."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking the whole ledger found; `faults` are sentences, at most a hundred of them."""

    sound: bool
    entries: int
    faults: list[str] = field(default_factory=list)


class LedgerError(Exception):
    """The last checkpoint does not fit its own keyed digest: sealing on would cover the tampering up."""
