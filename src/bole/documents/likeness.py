"""When two files are the same, or look alike: by the digest of what was received, and by the fingerprint of page 1."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bole.documents.models import StoredFile
from bole.documents.terms import PRINT_NEAR, PRINT_SIDE

_BANDS = PRINT_NEAR + 1  # prints that differ in so many bits at most agree in one band at least
_BITS = PRINT_SIDE * PRINT_SIDE
_WIDE = -(-_BITS // _BANDS)
_EMPTY = 3  # bits; a band with fewer is blank paper, which everybody has


def near(one: str, other: str) -> bool:
    """Whether two fingerprints are of pictures that look alike."""
    return bool(one and other) and (int(one, 16) ^ int(other, 16)).bit_count() <= PRINT_NEAR


def bands(fingerprint: str) -> Iterator[int]:
    """The parts of a fingerprint, each with its place in it, for the index."""
    bits = int(fingerprint, 16) if fingerprint else 0
    for place in range(_BANDS):
        part = (bits >> (place * _WIDE)) & ((1 << _WIDE) - 1)
        if part.bit_count() >= _EMPTY:
            yield place << _WIDE | part


def pairs(mine: Sequence[StoredFile], others: Sequence[StoredFile]) -> Iterator[tuple[int, int, bool]]:
    """Which of mine are the same as which others (True) or look alike (False), by their places in the two lists.

    A file is not compared with itself. Three hundred files with one another take some milliseconds.
    """
    received: dict[str, list[int]] = defaultdict(list)
    for at, other in enumerate(others):
        received[other.sha256].append(at)
    prints = [(at, int(other.fingerprint, 16)) for at, other in enumerate(others) if other.fingerprint]
    for place, one in enumerate(mine):
        same = received.get(one.sha256, ())
        yield from ((place, at, True) for at in same if others[at].pk != one.pk)
        bits = int(one.fingerprint, 16) if one.fingerprint else None
        if bits is not None:
            yield from (
                (place, at, False)
                for at, other in prints
                if (bits ^ other).bit_count() <= PRINT_NEAR and others[at].sha256 != one.sha256
            )
