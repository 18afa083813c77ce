"""What a password must be like (ASVS 6.2: length and an offline list, no composition rules).

With twelve characters as the least, nobody meets the plain list of common passwords any more; people join two of
them. So a password is weighed: what a guesser tries anyway weighs little, everything else one per character.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from bole.accounts.terms import PASSWORD_LEAST, PASSWORD_MOST, clean_login
from bole.kernel.errors import Fault

_LIST = Path(__file__).with_name("common.txt")
_OURS = ("伯乐", "bole", "12333", "人社", "renshe")
_ENOUGH = 7
_STEM, _RUN = 2, 1  # what a listed word and a run on the keyboard or in counting weigh, whatever their length
_WALKS = tuple(
    walk[::step]
    for walk in (
        "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "!@#$%^&*()_+",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p",
        "q1w2e3r4t5y6u7i8o9p0", "qawsedrftgyhujikolp", "147258369", "741852963", "123654789", "a1b2c3d4e5f6g7h8i9",
    )
    for step in (1, -1)
)  # fmt: skip
_DATE = re.compile(r"(19|20)\d\d((0\d|1[0-2])([0-2]\d|3[01])?)?")
_LEET = str.maketrans("0134578@$!", "oieastbasi")


def password_faults(password: str, *, login: str = "", name: str = "", phone: str = "") -> list[Fault]:
    """What is wrong with a new password; empty when nothing is. The account's own words count as known."""
    if len(password) < PASSWORD_LEAST:
        return [_fault(f"密码至少 {PASSWORD_LEAST} 个字符，可以是一句话，中间可以有空格")]
    if len(password) > PASSWORD_MOST:
        return [_fault(f"密码最多 {PASSWORD_MOST} 个字符")]
    own = _own_words(login, name, phone)
    plain = _folded(password)
    if any(word in plain for word in own):
        return [_fault("密码不能包含您的姓名、证件号码或手机号码")]
    known = frozenset((*_OURS, *_parts(login, phone)))
    if min(_weight(plain, known), _weight(plain.translate(_LEET), known)) < _ENOUGH:
        return [_fault("这个密码太常见，容易被猜到。可以用几个互不相干的词连成一句")]
    return []


def _fault(say: str) -> Fault:
    return Fault("password", say)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _own_words(login: str, name: str, phone: str) -> list[str]:
    words = (_folded(clean_login(login)), _folded(name).strip(), phone)
    return [word for word in words if len(word) >= 2]


def _parts(login: str, phone: str) -> list[str]:
    """Pieces of the identity number and the phone that people take: birth date, ends, halves."""
    number = clean_login(login).lower()
    parts = [number[6:14], number[8:14], number[-6:], number[-4:], phone[-8:], phone[-4:], phone[:7]]
    return [part for part in parts if len(part) >= 4]


@lru_cache(maxsize=1)
def _common() -> dict[str, tuple[str, ...]]:
    """The list by its first character, longest words first."""
    words = [line for line in _LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        found.setdefault(word[0], []).append(word)
    return {sign: tuple(group) for sign, group in found.items()}


def _weight(text: str, known: frozenset[str]) -> int:
    text, seen, weight, at = _once(text), set[str](), 0, 0
    while at < len(text):
        piece, worth = _piece(text[at:], known)
        if piece not in seen:
            weight += worth
        if len(piece) > 1:
            seen.add(piece)
        at += len(piece)
    return weight


def _once(text: str) -> str:
    """A text that repeats itself says no more than its first round: abcabcabcabc is abc."""
    for length in range(1, len(text) // 2 + 1):
        if (text[:length] * (len(text) // length + 1))[: len(text)] == text:
            return text[:length]
    return text


def _piece(rest: str, known: frozenset[str]) -> tuple[str, int]:
    """The longest piece at the beginning that a guesser would try, and what it weighs."""
    found = [(word, 0) for word in known if rest.startswith(word)]
    found += [(word, _STEM) for word in _common().get(rest[0], ()) if rest.startswith(word)][:1]
    run = max((_run(rest, walk) for walk in _WALKS), default=0)
    same = len(rest) - len(rest.lstrip(rest[0]))
    dated = _DATE.match(rest)
    for length in (run, same, len(dated[0]) if dated else 0):
        if length >= 3:
            found.append((rest[:length], _RUN))
    return max(found, key=lambda piece: (len(piece[0]), -piece[1]), default=(rest[0], 1))


def _run(rest: str, walk: str) -> int:
    """How far the text follows the walk."""
    best = 0
    start = walk.find(rest[0])
    while start >= 0:
        length = 0
        for have, want in zip(rest, walk[start:], strict=False):
            if have != want:
                break
            length += 1
        best = max(best, length)
        start = walk.find(rest[0], start + 1)
    return best
