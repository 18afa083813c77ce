"""Photographs and scans: decoded, turned upright, written anew without what does not show; draws the captcha.

The only file that imports Pillow and pi-heif.
"""

import io
import math
from secrets import SystemRandom

import pi_heif  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont, ImageOps

from bole.documents.terms import PIXEL_LIMIT, Inspected, MediaType
from bole.kernel.errors import Invalid

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT

_FORMATS = ("JPEG", "PNG", "HEIF")
_BROKEN = "图片不完整或已损坏，无法打开。请重新拍照或重新扫描后上传。"
_LARGE = f"图片超过{PIXEL_LIMIT // 10_000:,}万像素的上限。请缩小尺寸后再上传。"
_random = SystemRandom()


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
            return _written(_upright(image), keep_png)
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


def thumbnail(content: bytes, width: int) -> bytes:
    """A JPEG at most so wide, of an image this room has stored."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
        height = max(1, round(image.height * width / image.width))
        image.draft("RGB", (width, height))
        image.thumbnail((width, height * 2))
        return jpeg(image)


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
        draw.point((_random.randrange(width), _random.randrange(height)), fill=_ink(150))
    out = io.BytesIO()
    _waved(paper).save(out, "PNG")
    return out.getvalue()


def _ink(most: int) -> tuple[int, int, int]:
    return _random.randint(10, most), _random.randint(10, most), _random.randint(10, most)


def _glyph(character: str) -> Image.Image:
    glyph = Image.new("RGBA", (44, 52), (0, 0, 0, 0))
    ImageDraw.Draw(glyph).text((9, 2), character, font=ImageFont.load_default(_random.randint(34, 40)), fill=_ink(110))
    return glyph.rotate(_random.uniform(-22, 22), Image.Resampling.BICUBIC)


def _curve(draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    middle, swing = _random.uniform(0.25, 0.75) * height, _random.uniform(6, 16)
    length, start = _random.uniform(40, 90), _random.uniform(0, 6)
    line = [(x, middle + swing * math.sin(x / length * math.tau + start)) for x in range(0, width, 3)]
    draw.line(line, fill=_ink(150), width=1)


def _waved(image: Image.Image) -> Image.Image:
    """Shifts thin columns up and down along a wave."""
    swing, length, start = _random.uniform(2, 3.5), _random.uniform(50, 90), _random.uniform(0, 6)
    out = Image.new("RGB", image.size, (246, 248, 251))
    for x in range(image.width):
        shift = round(swing * math.sin(x / length * math.tau + start))
        out.paste(image.crop((x, 0, x + 1, image.height)), (x, shift))
    return out
