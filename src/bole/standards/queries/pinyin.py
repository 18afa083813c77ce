"""Pinyin of names, for searching and sorting."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, islice, product

from pypinyin import Style
from pypinyin import pinyin as spell

MOST_READINGS = 16
MOST_LETTERS = 400

# Readings as surnames, which the dictionary does not prefer.
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "朴": "piao", "查": "zha", "区": "ou", "盖": "ge",
    "乐": "yue", "种": "chong", "召": "shao", "员": "yun", "缪": "miao", "翟": "zhai", "覃": "qin", "洗": "xian",
    "冼": "xian", "隗": "wei", "秘": "bi", "薄": "bo", "折": "she", "繁": "po", "祭": "zhai", "能": "nai", "卜": "bu",
    "都": "du", "牟": "mu", "阚": "kan", "么": "yao", "黑": "he",
}  # fmt: skip
_COMPOUND = ("长孙", "尉迟", "单于", "万俟", "澹台", "宇文", "令狐", "皇甫", "呼延")
_PARTS = re.compile(r"[a-z0-9]+|[^a-z0-9]+")


@lru_cache(maxsize=20_000)
def pinyin(name: str, *, surname: bool = True) -> tuple[str, str]:
    """Every reading of a name in full and as initials, spaces between, the likeliest first.

    A person's first character is read as a surname; pass surname=False for other names, which only changes the order.
    ü is spelt v, u and yu (passports write LYU). Characters without a known reading are left out, so a name made of
    them alone gives ("", "").
    """
    text = unicodedata.normalize("NFKC", name).casefold().strip()
    syllables = [readings for part in _PARTS.findall(text) for readings in _readings(part)]
    if not syllables:
        return "", ""
    own = None if text.startswith(_COMPOUND) else SURNAMES.get(text[0])
    if own:
        spare = [reading for reading in syllables[0] if reading != own]
        syllables[0] = [own, *spare] if surname or not spare else [spare[0], own, *spare[1:]]
    whole = [len(readings) == 1 and not readings[0].isalpha() for readings in syllables]
    spellings = list(islice(_combined(syllables), MOST_READINGS))
    full = _joined("".join(reading.lstrip("\0") for reading in spelling) for spelling in spellings)
    initials = _joined(
        "".join(reading.lstrip("\0") if kept else reading[:1] for reading, kept in zip(spelling, whole, strict=True))
        for spelling in spellings
    )
    return full, initials


def _readings(part: str) -> list[list[str]]:
    """The readings of each syllable; a run of letters and digits is one, marked by a NUL so that it stays whole."""
    if part[0].isascii() and part[0].isalnum():
        return [["\0" + part]]
    found = spell(part, style=Style.NORMAL, heteronym=True, errors="ignore")
    return [_with_umlauts([reading for reading in dict.fromkeys(each) if reading]) for each in found if any(each)]


def _with_umlauts(readings: list[str]) -> list[str]:
    spellings = [
        spelling
        for reading in readings
        for spelling in (
            (reading, reading.replace("v", "u"), reading.replace("v", "yu")) if "v" in reading else (reading,)
        )
    ]
    return list(dict.fromkeys(spellings))


def _combined(syllables: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """All spellings: first the likeliest, then those that differ in one syllable, then in two, and so on."""
    first = [readings[0] for readings in syllables]
    varying = [place for place, readings in enumerate(syllables) if len(readings) > 1]
    for changes in range(len(varying) + 1):
        for places in combinations(varying, changes):
            for others in product(*(syllables[place][1:] for place in places)):
                spelling = list(first)
                for place, other in zip(places, others, strict=True):
                    spelling[place] = other
                yield tuple(spelling)


def _joined(spellings: Iterator[str]) -> str:
    """Distinct spellings with spaces between, as many as fit into a column."""
    text = ""
    for spelling in dict.fromkeys(spellings):
        longer = f"{text} {spelling}".strip()
        if len(longer) > MOST_LETTERS:
            break
        text = longer
    return text
