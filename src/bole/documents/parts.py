"""Contents too large to be sealed as a whole: sealed part by part, so that neither writing nor reading holds them.

Each part is bound to its content's key, its number and whether it is the last, so that no part can be left out,
repeated, moved or taken from another content unnoticed; nor can the end be cut off.
"""

from collections.abc import Iterator
from typing import BinaryIO

from bole.kernel import sealing

MARK = 0x80  # the first byte of such a content; one sealed as a whole begins with its suite, 1 or 2
SIZE = 1024 * 1024  # bytes of a part before sealing
_LENGTH = 4  # bytes that say how long the sealed part is


class Parts:
    """Writes a content to a file, part by part; `finish` makes it whole."""

    def __init__(self, out: BinaryIO, context: str) -> None:
        self._out, self._context = out, context
        self._waiting = bytearray()
        self._number = 0
        out.write(bytes((MARK,)))

    def write(self, data: bytes) -> None:
        """Further bytes. The last part is held back until it is known to be the last."""
        self._waiting += data
        while len(self._waiting) > SIZE:
            self._seal(bytes(self._waiting[:SIZE]), last=False)
            del self._waiting[:SIZE]

    def finish(self) -> None:
        """Write the last part; nothing can be added afterwards."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        sealed = sealing.seal(plain, _bound(self._context, self._number, last=last))
        self._out.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        self._number += 1


def read(file: BinaryIO, context: str) -> Iterator[bytes]:
    """The parts of a content whose mark was read already. Raises sealing.Unsealable for one that is not as written,
    after the parts before it: who needs the whole must read to the end."""
    number, sealed = 0, _next(file)
    while sealed:
        following = _next(file)
        yield sealing.unseal(sealed, _bound(context, number, last=not following))
        number, sealed = number + 1, following
    if not number:
        raise sealing.Unsealable("no part at all")


def _next(file: BinaryIO) -> bytes:
    head = file.read(_LENGTH)
    if not head:
        return b""
    length = int.from_bytes(head, "big")
    sealed = file.read(length) if len(head) == _LENGTH and 0 < length <= 2 * SIZE else b""
    if not sealed or len(sealed) < length:
        raise sealing.Unsealable("cut off")
    return sealed


def _bound(context: str, number: int, *, last: bool) -> str:
    return f"{context}#{number}{'.' if last else ''}"
