"""Typeset pages as scanners and phones would bring them, and what may go wrong with them; all drawn by dice."""

import io
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

import bole.documents

_FONT = Path(bole.documents.__file__).parent / "fonts" / "NotoSerifSC_400Regular.ttf"
_WORDS = (
    "本人自二〇一二年起在云川市第一人民医院从事心血管内科临床与科研工作，主持省级科技计划项目两项，发表论文十余篇，"
    "获得授权发明专利三项。任现职以来认真履行岗位职责，积极承担教学任务，指导研究生六名，多次被评为先进工作者。"
)
WIDE = 1240  # A4 at 150 dots an inch
_fonts: dict[int, ImageFont.FreeTypeFont] = {}


def _font(size: float) -> ImageFont.FreeTypeFont:
    return _fonts.setdefault(round(size), ImageFont.truetype(_FONT, round(size)))


def _text(dice: Random, length: int) -> str:
    start = dice.randrange(len(_WORDS))
    return ((_WORDS[start:] + _WORDS) * 3)[:length]


def letter(dice: Random) -> Image.Image:
    """Paragraphs under a heading, a signature."""
    page = Image.new("L", (WIDE, round(WIDE * 1.414)), 255)
    draw, size, margin = ImageDraw.Draw(page), WIDE * dice.choice([0.0177, 0.02, 0.024]), WIDE * 0.12
    across, y = int((WIDE - 2 * margin) / size), WIDE * 0.2
    heading = dice.choice(["工作总结", "在职证明", "情况说明"])
    draw.text((WIDE / 2, WIDE * 0.14), heading, font=_font(size * 1.8), anchor="mm")
    while y < page.height * 0.8:
        text = "　　" + _text(dice, dice.randrange(across, across * 4))
        for at in range(0, len(text), across):
            draw.text((margin, y), text[at : at + across], font=_font(size), fill=20)
            y += size * 1.7
    draw.text((WIDE - margin, y + size), "2024年5月18日", font=_font(size), fill=20, anchor="rm")
    return page


def certificate(dice: Random, *, form: int | None = None) -> Image.Image:
    """A frame, a great heading, a few lines, a seal; those of one `form` differ in name and number alone."""
    page = Image.new("L", (WIDE, round(WIDE * 0.7)), 245)
    draw, size, high = ImageDraw.Draw(page), WIDE * 0.025, WIDE * 0.7
    body = dice if form is None else Random(form)
    draw.rectangle((40, 40, WIDE - 40, high - 40), outline=150, width=8)
    heading = body.choice(["荣誉证书", "专业技术资格证书", "毕业证书"])
    draw.text((WIDE / 2, high * 0.2), heading, font=_font(WIDE * 0.06), fill=60, anchor="mm")
    lines = [f"{_text(dice, 3)}同志：", *(_text(body, body.randrange(15, 26)) for _ in range(body.randrange(2, 5)))]
    for row, line in enumerate([*lines, f"编号：{dice.randrange(10**6):06d}"]):
        draw.text((WIDE * 0.14, high * 0.36 + row * size * 2), line, font=_font(size), fill=30)
    draw.ellipse((WIDE * 0.65, high * 0.62, WIDE * 0.8, high * 0.62 + WIDE * 0.15), outline=120, width=8)
    return page


def table(dice: Random) -> Image.Image:
    """A form of ruled cells, some of them blank."""
    page = Image.new("L", (WIDE, round(WIDE * 1.414)), 255)
    draw, size, margin, y = ImageDraw.Draw(page), WIDE * 0.017, WIDE * 0.08, WIDE * 0.16
    cell = (WIDE - 2 * margin) / dice.choice([4, 5, 6])
    draw.text((WIDE / 2, WIDE * 0.1), "专业技术人员考核登记表", font=_font(size * 1.8), anchor="mm")
    while y < page.height * 0.9:
        high = size * dice.choice([2.4, 3])
        x = margin
        while x < WIDE - margin - 1:
            draw.rectangle((x, y, x + cell, y + high), outline=0, width=2)
            if dice.random() < 0.8:
                text = _text(dice, dice.randrange(2, int(cell / size) - 1))
                draw.text((x + 8, y + high / 2), text, font=_font(size), fill=10, anchor="lm")
            x += cell
        y += high
    return page


def sparse(dice: Random) -> Image.Image:
    """Three short lines on a page."""
    page = Image.new("L", (WIDE, round(WIDE * 1.414)), 255)
    for row in range(3):
        text = _text(dice, dice.randrange(6, 20))
        ImageDraw.Draw(page).text((WIDE * 0.15, WIDE * (0.2 + row * 0.05)), text, font=_font(WIDE * 0.022), fill=20)
    return page


KINDS = (letter, certificate, table, sparse)


def photographed(page: Image.Image, dice: Random) -> Image.Image:
    """Tilted by two degrees at most, unevenly lit, with the noise of a sensor."""
    page = page.rotate(dice.uniform(-2, 2), Image.Resampling.BICUBIC, fillcolor=255)
    dark = dice.randrange(150, 235)
    light = Image.linear_gradient("L").rotate(dice.choice([0, 90, 180, 270])).resize(page.size)
    lit = ImageChops.multiply(page, light.point([dark + (255 - dark) * level // 255 for level in range(256)]))
    return ImageChops.add(lit, Image.effect_noise(page.size, dice.uniform(3, 9)), 1, -128)


def blurred(page: Image.Image, points: float) -> Image.Image:
    """Out of focus by so many pixels of a page 1000 across (standard deviation); from 2 on nobody reads 10.5 points."""
    return page.filter(ImageFilter.GaussianBlur(points * page.width / 1000))


def blank(dice: Random) -> Image.Image:
    """Nothing but a page number and dust."""
    page = Image.new("L", (WIDE, round(WIDE * 1.414)), dice.randrange(225, 256))
    draw = ImageDraw.Draw(page)
    draw.text((WIDE / 2, page.height * 0.92), f"- {dice.randrange(1, 200)} -", font=_font(WIDE * 0.0177), anchor="mm")
    for _ in range(dice.randrange(20)):
        x, y = dice.randrange(WIDE), dice.randrange(page.height)
        draw.ellipse((x, y, x + 2, y + 2), fill=120)
    return page


def jpeg(page: Image.Image, quality: int = 80) -> bytes:
    out = io.BytesIO()
    page.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()
