"""Hashes of the ledger: the chain from leaf to leaf and the Merkle tree of RFC 9162 §2.1.

Only the roots of the perfect subtrees (the peaks) are kept, so a tree of any size grows in constant memory.
"""

import hashlib
from collections.abc import Iterable

EMPTY = hashlib.sha256(b"").digest()


def leaf(body: bytes) -> bytes:
    """The hash of one entry (RFC 9162: 0x00 before the data)."""
    return hashlib.sha256(b"\x00" + body).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees (RFC 9162: 0x01 before them)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def link(head: bytes, leaf_hash: bytes) -> bytes:
    """The head of the chain after one more leaf; 0x02 keeps chain hashes apart from tree hashes."""
    return hashlib.sha256(b"\x02" + head + leaf_hash).digest()


class Tree:
    """A growing Merkle tree."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)

    def add(self, leaf_hash: bytes) -> None:
        """Append a leaf; equal-sized neighbours melt into one."""
        self.peaks.append(leaf_hash)
        self.size += 1
        rest = self.size
        while rest % 2 == 0:
            right = self.peaks.pop()
            self.peaks.append(node(self.peaks.pop(), right))
            rest //= 2

    def root(self) -> bytes:
        """The Merkle tree hash of everything added so far."""
        if not self.peaks:
            return EMPTY
        top = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            top = node(peak, top)
        return top
