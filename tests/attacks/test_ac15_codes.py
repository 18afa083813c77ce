"""AC-15: however a unit's code is written, it has one form, and no two codes share it; 10⁶ spellings."""

import random
from collections.abc import Iterator

from bole.kernel.errors import Invalid
from bole.standards import queries as standards

SPELLINGS = 1_000_000
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CATEGORIES = ("11", "12", "31", "51", "52", "91", "92", "93", "A1", "N2", "Y1")
_PLAIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FULL = str.maketrans(_PLAIN, "".join(chr(ord(char) + 0xFEE0) for char in _PLAIN))
_BOLD = str.maketrans(
    _PLAIN, "".join(chr(0x1D7CE + at) for at in range(10)) + "".join(chr(0x1D400 + at) for at in range(26))
)
_FULL_LOWER = str.maketrans(_PLAIN[10:], "".join(chr(ord(char) + 0xFEE0) for char in _PLAIN[10:].lower()))
_BLANKS = (" ", "\u3000", "\u00a0", "\t", "\u200b", "\ufeff", "-", "\u2060", "\u202e")
# Letters of other scripts that look like those of the code and are none, and letters that the code does not use.
_ALIKE = {
    "A": "АΑᎪ", "B": "ВΒᏴ", "C": "СϹ", "E": "ЕΕ", "H": "НΗ", "K": "КΚ", "M": "МΜ", "N": "Ν", "P": "РΡ", "T": "ТΤ",
    "X": "ХΧ", "Y": "ҮΥ", "0": "OОΟ०", "1": "Ilᛁ١", "2": "ZΖ", "5": "SЅ",
}  # fmt: skip
_WEIGHTS = [pow(3, at, 31) for at in range(17)]  # GB 32100-2015, 4.6


def _check(first17: str) -> str:
    """The standard's own sum, written apart from the one that is tried."""
    return _LETTERS[-sum(_LETTERS.index(char) * weight for char, weight in zip(first17, _WEIGHTS, strict=True)) % 31]


def _code(draw: random.Random) -> str:
    first17 = draw.choice(_CATEGORIES) + f"{draw.randrange(10**6):06}" + "".join(draw.choices(_LETTERS, k=9))
    return first17 + _check(first17)


def _spread(draw: random.Random, code: str) -> str:
    """With blanks, hyphens and marks that nobody sees in between."""
    at, mark, other = draw.randrange(19), draw.choice(_BLANKS), draw.choice(_BLANKS)
    return f"{mark}{code[:at]}{other}{code[at:]}{mark}"


def _spellings(draw: random.Random, code: str) -> Iterator[str]:
    """Ways in which people and programs write the same code."""
    yield code
    yield code.lower()
    yield code.translate(_FULL)
    yield _spread(draw, code.translate(_FULL_LOWER))
    yield _spread(draw, code.translate(_BOLD))


def _others(draw: random.Random, code: str) -> Iterator[str]:
    """What looks like the code and is not: another character, a neighbour exchanged, a letter of another script."""
    at = draw.randrange(18)
    yield code[:at] + draw.choice(_LETTERS.replace(code[at], "")) + code[at + 1 :]
    at = draw.randrange(17)
    yield code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    start = draw.randrange(18)
    at = next((place % 18 for place in range(start, start + 18) if code[place % 18] in _ALIKE), -1)
    if at >= 0:
        yield code[:at] + draw.choice(_ALIKE[code[at]]) + code[at + 1 :]


def _form(text: str) -> str | None:
    try:
        return standards.credit_code(text).code
    except Invalid:
        return None


def test_a_million_spellings_have_the_form_of_the_code_that_they_write_and_of_no_other():
    """With the constraint that the stored form is unique (tests/organizations/test_constraints.py, on both databases)
    no two units share a code. What is drawn is the same in every run."""
    draw, tried = random.Random(2100), 0
    while tried < SPELLINGS:
        code = _code(draw)
        for text in _spellings(draw, code):
            tried += 1
            assert _form(text) == code, ascii(text)
        for text in _others(draw, code):
            tried += 1
            assert _form(text) == (code if text == code else None), ascii(text)  # neighbours may be alike
