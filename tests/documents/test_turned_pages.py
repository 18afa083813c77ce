"""Pages that lie upside down or on their side, held to rates: most are found, upright ones are left alone (C10)."""

import io
from collections import Counter
from functools import cache
from random import Random

import pytest
from PIL import Image, ImageDraw

from bole.documents import actions, images, turns
from bole.documents import queries as documents
from bole.documents.terms import TURNED, Flaw
from tests.documents import odd_pages, pages
from tests.documents.conftest import OPERATOR

EACH = 4  # pages of every kind
SEED = 20261122
TEXT = (*pages.KINDS, *odd_pages.WRITTEN)


def lies(page: Image.Image) -> set[Flaw]:
    return set(images.check(page)[0]) & set(TURNED)


@cache
def drawn(*, text: bool) -> tuple[tuple[str, Image.Image], ...]:
    """Every other page as a flat scan, the rest as photographs."""
    dice = Random(SEED)
    whole = [(kind.__name__, kind(dice)) for kind in (TEXT if text else odd_pages.OTHERS) for _ in range(EACH)]
    return tuple((name, pages.photographed(page, dice) if at % 2 else page) for at, (name, page) in enumerate(whole))


@pytest.mark.parametrize("text", [True, False])
def test_upright_pages_raise_no_alarm(text):
    assert Counter(name for name, page in drawn(text=text) if lies(page)) == {}


def test_upright_pages_out_of_focus_or_small_or_noisy_raise_none_either():
    dice = Random(SEED + 1)
    worse = [(name, pages.blurred(page, dice.uniform(0.5, 2))) for name, page in drawn(text=True)]
    worse += [(name, page.resize((page.width // 2, page.height // 2))) for name, page in drawn(text=True)]
    assert Counter(name for name, page in worse if lies(page)) == {}


@pytest.mark.parametrize("flaw", TURNED)
def test_turned_pages_are_found_and_put_upright_they_are_none(flaw: Flaw):
    told = [(name, lies(images.turned(page, TURNED[flaw]))) for name, page in drawn(text=True)]
    missed = Counter(name for name, each in told if not each)
    assert all(each <= {flaw} for _, each in told), "called the wrong way round"
    assert sum(missed.values()) <= 0.1 * len(told), missed
    for _, page in drawn(text=True)[::EACH]:
        assert lies(images.turned(images.turned(page, TURNED[flaw]), 360 - TURNED[flaw])) == set()


@pytest.mark.parametrize("kind", odd_pages.OTHERS)
def test_what_has_few_words_is_never_called_the_wrong_way_round(kind):
    dice = Random(SEED + 2)
    for turn in TURNED.values():
        assert lies(images.turned(kind(dice), turn)) <= {flaw for flaw, way in TURNED.items() if way == turn}


def test_too_few_squares_of_ink_say_nothing():
    page = images.turned(pages.letter(Random(SEED + 3)), 180)
    squares = images.squares(images.in_grey(page))
    assert turns.turned(squares) == 180
    assert turns.turned(squares[: turns.LEAST - 1]) == 0
    assert turns.turned([]) == 0


@pytest.mark.parametrize("sign", "√✓WMV9否↓pu")
def test_a_page_of_one_sign_again_and_again_says_nothing(sign: str):
    """Upright, each of these alone looks like another sign, or like itself, upside down."""
    page = Image.new("L", (pages.WIDE, round(pages.WIDE * 1.414)), 255)
    for at in range(360):
        place = (120 + at % 12 * 85, 120 + at // 12 * 50)
        ImageDraw.Draw(page).text(place, sign, font=pages._font(26), fill=10)
    assert not lies(page)
    assert not lies(pages.photographed(page, Random(SEED)))


def test_each_page_of_a_scanned_pdf_is_looked_at_and_seen_as_its_file_is_turned(kept, db):
    dice, out = Random(SEED + 4), io.BytesIO()
    leaves = [images.turned(kind(dice), turn) for kind, turn in zip(pages.KINDS[:3], (180, 0, 270), strict=True)]
    leaves[0].save(out, "PDF", save_all=True, append_images=leaves[1:], resolution=150)
    file = actions.store(out.getvalue(), name="材料.pdf", purpose="evidence", by=OPERATOR)
    assert file.flaws == [["upside-down", 1], ["head-left", 3]]
    assert list(documents.flaws(file)) == [(Flaw.UPSIDE_DOWN, 1), (Flaw.HEAD_LEFT, 3)]
    assert list(documents.flaws(file, 90)) == [(Flaw.HEAD_LEFT, 1)]
    assert list(documents.flaws(file, 180)) == [(Flaw.HEAD_RIGHT, 3)]
    assert list(documents.flaws(file, 270)) == [(Flaw.HEAD_RIGHT, 1), (Flaw.UPSIDE_DOWN, 3)]
