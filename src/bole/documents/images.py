"""Photographs and scans: decoded, turned upright, written anew without what does not show; draws the captcha.

The only file that imports Pillow and pi-heif.
"""

import io
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from operator import sub
from random import Random
from secrets import SystemRandom

import pi_heif  # type: ignore[import-untyped]  # ships no types
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

from bole.documents import turns
from bole.documents.terms import (
    BLANK_DEPTH,
    BLANK_INK,
    BLURRED_NOISE,
    BLURRED_STEEPNESS,
    PIXEL_LIMIT,
    PRINT_LEAST,
    PRINT_SIDE,
    PRINT_STEP,
    SCAN_EDGE,
    SCAN_WIDTH,
    TINY_SIDE,
    TURNED,
    Flaw,
    Inspected,
    MediaType,
)
from bole.kernel.errors import Invalid

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT

_FORMATS = ("JPEG", "PNG", "HEIF")
_BROKEN = "图片不完整或已损坏，无法打开。请重新拍照或重新扫描后上传。"
_LARGE = f"图片超过{PIXEL_LIMIT // 10_000:,}万像素的上限。请缩小尺寸后再上传。"
_random = SystemRandom()

_ALIKE = 25  # levels by which squares of ink differ at most, on an average, when they show the same character
_STRIPE = 120  # pixels: seven characters of 10.5 pt
_RUN = re.compile(rb"(?<!\x01)\x01{9,64}(?!\x01)")  # a line of writing, by its rows


def inspect(data: bytes) -> Inspected:
    """Decode and re-encode; raises Invalid at "file".

    The new file is made from pixels alone: position, camera, comments, colour profile, trailing bytes and further
    frames stay behind (AC-07, AC-08). PNG stays PNG; everything else becomes JPEG.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > PIXEL_LIMIT:
                raise Invalid.at("file", _LARGE)
            keep_png = image.format == "PNG"
            image.load()
            upright = _upright(image)
            flaws, print_ = check(upright)
            tiny = (Flaw.TINY,) if max(upright.size) < TINY_SIDE else ()
            found = tuple((flaw, 1) for flaw in (*tiny, *flaws))
            return replace(_written(upright, keep_png), flaws=found, fingerprint=print_)
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid.at("file", _LARGE) from None
    except Exception as error:  # decoders of damaged images raise whatever comes; to the person it is all one
        raise Invalid.at("file", _BROKEN) from error


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # damaged notes of the camera are no reason to refuse the picture
        return image


def _written(image: Image.Image, keep_png: bool) -> Inspected:
    out = io.BytesIO()
    if keep_png:
        mode = image.mode if image.mode in {"1", "L", "RGB", "RGBA"} else _png_mode(image)
        _bare(image.convert(mode)).save(out, "PNG", compress_level=4)
    else:
        _bare(image.convert("L" if image.mode in {"1", "L"} else "RGB")).save(out, "JPEG", quality=90)
    kind = MediaType.PNG if keep_png else MediaType.JPEG
    return Inspected(out.getvalue(), kind, 1, image.width, image.height)


def _png_mode(image: Image.Image) -> str:
    return "RGBA" if image.mode in {"LA", "PA"} or "transparency" in image.info else "RGB"


def _bare(image: Image.Image) -> Image.Image:
    image.info = {}
    image.getexif().clear()
    return image


def check(image: Image.Image) -> tuple[tuple[Flaw, ...], str]:
    """What is wrong with the picture of a page, and its fingerprint."""
    grey = in_grey(image)
    if _ink(grey) < BLANK_INK:
        return (Flaw.BLANK,), ""
    # A small picture has no room for the fourth pixel: that it is small is said anyway.
    if grey.width >= SCAN_WIDTH * 0.9 and _steepness(grey) < BLURRED_STEEPNESS:
        return (Flaw.BLURRED,), _fingerprint(grey)
    lies = turns.turned(squares(grey))
    return tuple(flaw for flaw, turn in TURNED.items() if turn == lies), _fingerprint(grey)


def in_grey(image: Image.Image) -> Image.Image:
    """The page in grey, of the width that the thresholds are made for, transparency over white."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    grey = image.convert("L")
    side, top = round(grey.width * SCAN_EDGE), round(grey.height * SCAN_EDGE)
    box = (side, top, max(grey.width - side, side + 1), max(grey.height - top, top + 1))
    if grey.width <= SCAN_WIDTH:
        return grey.crop(box)
    height = max(1, round((box[3] - box[1]) * SCAN_WIDTH / (box[2] - box[0])))
    return grey.resize((SCAN_WIDTH, height), Image.Resampling.BOX, box=box)


def _ink(grey: Image.Image) -> float:
    """The share of the page that is darker than the paper around it; shade across the page does not count."""
    small = grey.reduce(2) if min(grey.size) > 1 else grey
    around = small.filter(ImageFilter.BoxBlur(small.width // 20))
    deeper = ImageChops.subtract(around, small).histogram()
    return sum(deeper[BLANK_DEPTH:]) / (small.width * small.height)


def _steepness(grey: Image.Image) -> float:
    """How steep the steepest edges are, from 0 to 1, less what noise adds.

    An edge that is blurred rises over several pixels, so that the step to the next is a small part of the step to the
    fourth. Half of a page is paper: what differs there is noise, and five times that is what noise reaches at most.
    """
    near, far = _steps(grey, 1), _steps(grey, 4)
    noise = 5.2 * max(0.0, _at(near, 0.5) - 0.5) if _at(near, 0.5) > 1 else 0.0
    steep, rise = (math.sqrt(max(0.0, _at(each, 0.999) ** 2 - noise**2)) for each in (near, far))
    return 0.0 if steep < BLURRED_NOISE * noise else steep / max(rise, 1.0)


def _steps(grey: Image.Image, far: int) -> list[int]:
    """How many pixels differ by how much from the one so far to the left, and above."""
    edge = far + 1
    found = [0] * 256
    for x, y in ((far, 0), (0, far)):
        step = ImageChops.difference(grey, ImageChops.offset(grey, x, y))
        inner = step.crop((edge, edge, step.width - edge, step.height - edge))
        found = [one + more for one, more in zip(found, inner.histogram(), strict=True)]
    return found


def _at(histogram: list[int], share: float) -> float:
    """The level that this share of all lies below, between the levels in proportion."""
    left = sum(histogram) * share
    for level, count in enumerate(histogram):
        if count and left <= count:
            return level + left / count
        left -= count
    return 256.0


def squares(grey: Image.Image) -> list[bytes]:
    """Squares of ink as high as the lines that they stand in, some characters or parts of them, each but once, picked
    by fixed dice; lines are looked for both across the page and along it."""
    depth = ImageChops.subtract(grey.filter(ImageFilter.BoxBlur(grey.width // 40)), grey)
    dark = max(BLANK_DEPTH / 2, _at(depth.histogram(), 0.99) * 0.4)
    ink = depth.point([255 if level > dark else 0 for level in range(256)])
    found: list[tuple[bool, tuple[int, int, int, int]]] = []
    for along in (False, True):
        seen = ink.transpose(Image.Transpose.ROTATE_90) if along else ink
        found += [(along, box) for left in range(0, seen.width - _STRIPE, _STRIPE) for box in _boxes(seen, left)]
    picked = Random(len(found)).sample(found, min(turns.MOST, len(found)))  # noqa: S311  # no secret: the same each time
    upended, size = depth.transpose(Image.Transpose.ROTATE_90), (turns.SIDE, turns.SIDE)
    cut = []
    for along, box in picked:
        square = (upended if along else depth).resize(size, Image.Resampling.BILINEAR, box=box)
        cut.append(square.transpose(Image.Transpose.ROTATE_270) if along else square)
    return [square.tobytes() for square in _unlike(cut)]


def _unlike(squares: list[Image.Image]) -> Iterator[Image.Image]:
    """One of each: a hundred ticks on a page are no hundred opinions about it."""
    seen: list[list[int]] = []
    for square in squares:
        top = max(square.tobytes())
        if top == 0:
            continue
        coarse = [level * 255 // top for level in square.resize((6, 6), Image.Resampling.BOX).tobytes()]
        if all(sum(map(abs, map(sub, coarse, other))) > _ALIKE * len(coarse) for other in seen):
            seen.append(coarse)
            yield square


def _boxes(ink: Image.Image, left: int) -> Iterator[tuple[int, int, int, int]]:
    """The squares of a stripe of the page: narrow enough that a tilted page's lines stay apart in it."""
    stripe = ink.crop((left, 0, left + _STRIPE, ink.height))
    rows = stripe.resize((1, ink.height), Image.Resampling.BOX).tobytes()
    ruled = min(sorted(rows)[len(rows) // 5], 40)  # strokes that run down the whole stripe are the rules of a table
    marked = rows.translate(bytes(ruled + 5 < level < 215 for level in range(256)))
    for line in _RUN.finditer(marked):
        top, side = line.start(), line.end() - line.start()
        columns = stripe.crop((0, top, _STRIPE, top + side)).resize((_STRIPE, 1), Image.Resampling.BOX).tobytes()
        filled = columns.translate(bytes(8 < level < 240 for level in range(256)))
        at = filled.find(0) if left else 0  # what stands on the edge is cut in two
        while (at := filled.find(1, max(at, 0))) >= 0 and left + at + side < ink.width:
            if 0.08 < sum(columns[at : at + side]) / (255 * side) < 0.65:
                yield max(left + at - 1, 0), max(top - 1, 0), left + at + side, min(top + side + 1, ink.height)
            gap = filled.find(0, at + side * 4 // 5, at + side * 4 // 3)
            at = gap if gap >= 0 else at + side


def _fingerprint(grey: Image.Image) -> str:
    """dHash: whether each field of a coarse grid is darker than its neighbour to the right.

    It stays when the picture is saved anew, scaled, lighter or darker; pages of one form with other names look alike.
    """
    even = ImageOps.autocontrast(grey, cutoff=1)
    fields = even.resize((PRINT_SIDE + 1, PRINT_SIDE), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(PRINT_SIDE):
        start = row * (PRINT_SIDE + 1)
        for at in range(start, start + PRINT_SIDE):
            bits = bits << 1 | (fields[at] > fields[at + 1] + PRINT_STEP)
    return f"{bits:064x}" if bits.bit_count() >= PRINT_LEAST else ""


def thumbnail(content: bytes, width: int, turn: int = 0) -> bytes:
    """A JPEG at most so wide, of an image this room has stored; turned clockwise by so many degrees."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
        height = max(1, round(image.height * width / image.width))
        image.draft("RGB", (width, height))
        image.thumbnail((width, height * 2))
        return jpeg(turned(image, turn))


def turned(image: Image.Image, turn: int) -> Image.Image:
    """Turned clockwise by 0, 90, 180 or 270 degrees."""
    return image.rotate(-turn, expand=True) if turn else image


def jpeg(image: Image.Image) -> bytes:
    """The picture as JPEG, transparency over white."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=82)
    return out.getvalue()


def captcha(text: str) -> bytes:
    """The characters as a distorted PNG of 160 by 56, readable by people."""
    width, height = 160, 56
    paper = Image.new("RGB", (width, height), (246, 248, 251))
    step = (width - 20) // max(len(text), 1)
    for place, character in enumerate(text):
        glyph = _glyph(character)
        paper.paste(glyph, (8 + place * step + _random.randint(-2, 3), _random.randint(-3, 5)), glyph)
    draw = ImageDraw.Draw(paper)
    for _ in range(3):
        _curve(draw, width, height)
    for _ in range(160):
        draw.point((_random.randrange(width), _random.randrange(height)), fill=_colour(150))
    out = io.BytesIO()
    _waved(paper).save(out, "PNG")
    return out.getvalue()


def _colour(most: int) -> tuple[int, int, int]:
    return _random.randint(10, most), _random.randint(10, most), _random.randint(10, most)


def _glyph(character: str) -> Image.Image:
    glyph = Image.new("RGBA", (44, 52), (0, 0, 0, 0))
    ImageDraw.Draw(glyph).text(
        (9, 2), character, font=ImageFont.load_default(_random.randint(34, 40)), fill=_colour(110)
    )
    return glyph.rotate(_random.uniform(-22, 22), Image.Resampling.BICUBIC)


def _curve(draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    middle, swing = _random.uniform(0.25, 0.75) * height, _random.uniform(6, 16)
    length, start = _random.uniform(40, 90), _random.uniform(0, 6)
    line = [(x, middle + swing * math.sin(x / length * math.tau + start)) for x in range(0, width, 3)]
    draw.line(line, fill=_colour(150), width=1)


def _waved(image: Image.Image) -> Image.Image:
    """Shifts thin columns up and down along a wave."""
    swing, length, start = _random.uniform(2, 3.5), _random.uniform(50, 90), _random.uniform(0, 6)
    out = Image.new("RGB", image.size, (246, 248, 251))
    for x in range(image.width):
        shift = round(swing * math.sin(x / length * math.tau + start))
        out.paste(image.crop((x, 0, x + 1, image.height)), (x, shift))
    return out
