"""Which characters the fonts can draw, read from their character maps; makes what they cannot draw visible.

The PDF engine draws an empty box for a missing character, or fails when PDF/A is asked for. Neither will do
for a name: what cannot be drawn is replaced by its code, 〔U+1F600〕, which the sheet library sets in a frame.
"""

import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

# Drawn as nothing by every engine: joiners, variation selectors, soft hyphen.
_INVISIBLE = {0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
# Would let printed text read in another order than it was approved in.
_BIDI = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_LINES = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})


class _Seen(dict[int, str]):
    """How each character met so far is drawn; a form repeats its few hundred characters thousands of times."""

    def __init__(self, drawable: Callable[[str], str]) -> None:
        super().__init__()
        self._drawable = drawable

    def __missing__(self, code: int) -> str:
        drawn = self[code] = self._drawable(chr(code))
        return drawn


class Coverage:
    """The characters that at least one of some fonts can draw."""

    def __init__(self, fonts: Iterable[Path]) -> None:
        spans = sorted(span for font in fonts for span in _spans(font))
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._seen = _Seen(self._drawable)
        for start, end in spans:
            if self._ends and start <= self._ends[-1] + 1:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, character: str) -> bool:
        code = ord(character)
        at = bisect_right(self._starts, code) - 1
        return (at >= 0 and code <= self._ends[at]) or code in _INVISIBLE or character in "\n\t"

    def drawable(self, text: str) -> str:
        """The text with every character drawable: controls dropped, the others replaced by their code."""
        text = text.replace("\r\n", "\n").translate(_LINES)
        if text.isascii() and text.isprintable():
            return text
        return text.translate(self._seen)

    def _drawable(self, character: str) -> str:
        if character in self and ord(character) not in _BIDI:
            return character
        if unicodedata.category(character) in {"Cc", "Cs"} or ord(character) in _BIDI:
            return ""
        return f"〔U+{ord(character):04X}〕"

    def drawable_in(self, value: Any) -> Any:
        """The same JSON value with every text in it drawable."""
        if isinstance(value, str):
            return self.drawable(value)
        if isinstance(value, dict):
            return {key: self.drawable_in(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.drawable_in(item) for item in value]
        return value


def _spans(font: Path) -> list[tuple[int, int]]:
    """Ranges of code points in the font's widest Unicode character map (formats 12 and 4)."""
    data = font.read_bytes()
    offset = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    count = struct.unpack_from(">H", data, offset + 4)[0]
    records = (struct.unpack_from(">4sIII", data, offset + 12 + 16 * n) for n in range(count))
    table = next((start for tag, _, start, _ in records if tag == b"cmap"), None)
    if table is None:
        return []
    maps = [
        struct.unpack_from(">HHI", data, table + 4 + 8 * n) for n in range(struct.unpack_from(">H", data, table + 2)[0])
    ]
    for wanted in ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3)):
        for platform, encoding, at in maps:
            if (platform, encoding) == wanted:
                return _read_map(data, table + at)
    return []


def _read_map(data: bytes, at: int) -> list[tuple[int, int]]:
    kind = struct.unpack_from(">H", data, at)[0]
    if kind == 12:
        groups = struct.unpack_from(">I", data, at + 12)[0]
        return [struct.unpack_from(">II", data, at + 16 + 12 * n) for n in range(groups)]
    if kind != 4:
        return []
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start != 0xFFFF]
