"""The check of scans, held to its rates over pages drawn here: good ones, and ones with graded damage (C10, C9)."""

import io
from functools import cache
from random import Random

import pikepdf
import pytest
from PIL import Image

from bole.documents import actions, images, likeness, queries
from bole.documents.terms import Flaw, Inspected
from tests.documents import pages
from tests.documents.conftest import OPERATOR

EACH = 5  # pages of every kind
SEED = 20261121


def seen(page: Image.Image, quality: int = 80) -> Inspected:
    return images.inspect(pages.jpeg(page, quality))


def flaws(page: Image.Image) -> set[Flaw]:
    return {flaw for flaw, _ in seen(page).flaws}


@cache
def good() -> tuple[Image.Image, ...]:
    """Every other page as a flat scan, the rest as photographs."""
    dice = Random(SEED)
    drawn = [kind(dice) for kind in pages.KINDS for _ in range(EACH)]
    return tuple(pages.photographed(page, dice) if at % 2 else page for at, page in enumerate(drawn))


def test_good_pages_raise_no_alarm():
    alarms = [page for page in good() if flaws(page)]
    slightly = [page for page in good() if flaws(pages.blurred(page, 0.5))]
    assert len(alarms) == 0
    assert len(slightly) <= 0.05 * len(good())


@pytest.mark.parametrize("points", [2, 4])
def test_pages_that_nobody_can_read_are_called_blurred(points: float):
    dice = Random(SEED + 1)
    drawn = [pages.blurred(kind(dice), points) for kind in pages.KINDS for _ in range(EACH)]
    taken = [pages.photographed(page, dice) if at % 2 else page for at, page in enumerate(drawn)]
    found = [page for page in taken if flaws(page) & {Flaw.BLURRED, Flaw.BLANK}]
    assert len(found) >= 0.95 * len(taken)


def test_blank_pages_are_called_blank_and_three_lines_are_not():
    dice = Random(SEED + 2)
    drawn = [pages.blank(dice) for _ in range(EACH)]
    drawn += [pages.photographed(pages.blank(dice), dice) for _ in range(EACH)]
    drawn.append(Image.new("L", (1600, 1200), 4))  # the lens was covered
    assert all(flaws(page) == {Flaw.BLANK} for page in drawn)
    assert all(not seen(page).fingerprint for page in drawn)


def test_small_pictures_are_called_tiny():
    page = good()[0]
    assert flaws(page.resize((500, 707))) == {Flaw.TINY}
    assert Flaw.TINY not in flaws(page.resize((600, 848)))


def test_pages_of_a_pdf_are_looked_at_each_and_the_damaged_are_named(kept, db):
    dice, out = Random(SEED + 3), io.BytesIO()
    leaves = [pages.letter(dice), pages.blank(dice), pages.blurred(pages.letter(dice), 4), pages.table(dice)]
    leaves[0].save(out, "PDF", save_all=True, append_images=leaves[1:], resolution=150)
    file = actions.store(out.getvalue(), name="材料.pdf", purpose="evidence", by=OPERATOR)
    assert file.flaws == [["blank", 2], ["blurred", 3]]
    turned = queries.preview(file, 1, 300, 90)
    with Image.open(io.BytesIO(turned)) as picture:
        assert picture.width > picture.height


def test_a_page_saved_anew_scaled_or_lighter_is_known_again_and_other_pages_are_not():
    whole = [page for page in good() if seen(page).fingerprint]  # three lines on a page are too little to be known by
    assert len(whole) >= 0.7 * len(good())
    prints = [seen(page).fingerprint for page in whole]
    again = {
        "saved anew": [seen(page, 50) for page in whole],
        "scaled": [seen(page.resize((page.width * 4 // 5, page.height * 4 // 5))) for page in whole],
        "lighter": [seen(page.point([min(255, level * 9 // 10 + 20) for level in range(256)])) for page in whole],
    }
    for way, found in again.items():
        known = sum(likeness.near(mine.fingerprint, was) for mine, was in zip(found, prints, strict=True))
        assert known >= 0.85 * len(prints), way
        for mine, was in zip(found, prints, strict=True):
            shared = set(likeness.bands(mine.fingerprint)) & set(likeness.bands(was))
            assert shared or not likeness.near(mine.fingerprint, was), "the index finds what is near"
    pairs = [(one, other) for at, one in enumerate(prints) for other in prints[:at]]
    assert sum(likeness.near(*pair) for pair in pairs) <= 0.01 * len(pairs)


def test_certificates_of_one_form_look_alike_whoever_they_are_of():
    """Why pages that only look alike are told with care, and not at all where many have them."""
    dice = Random(SEED + 4)
    prints = [seen(pages.certificate(dice, form=7)).fingerprint for _ in range(6)]
    assert all(likeness.near(prints[0], other) for other in prints[1:])


@pytest.mark.django_db
def test_thumbnails_are_drawn_once_kept_sealed_and_go_with_their_file(
    kept, derived_in, monkeypatch, django_capture_on_commit_callbacks
):
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(200):
            made.add_blank_page(page_size=(595, 842))
        made.save(out)
    file = actions.store(out.getvalue(), name="长.pdf", purpose="evidence", by=OPERATOR)
    assert file.pages == 200
    first = queries.thumbnail(file, 200)
    assert not any(first[:200] in path.read_bytes() for path in derived_in.rglob("*") if path.is_file())
    with monkeypatch.context() as broken:
        broken.setattr("bole.documents.sandbox.draw", lambda *args, **more: b"drawn again")
        assert queries.thumbnail(file, 200) == first
        assert queries.thumbnail(file, 200, 90) == b"drawn again"
    with pytest.raises(IndexError):
        queries.thumbnail(file, 201)
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard(file)
    assert not list(derived_in.rglob("*-300-0"))
