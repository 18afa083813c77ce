"""Pages on which one may go wrong about how they lie: figures, Latin, columns, drawings, photographs; drawn by dice."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.documents import pages
from tests.documents.pages import WIDE

_LATIN = (
    "This is to certify that the above named candidate has completed all requirements of the programme in clinical "
    "medicine and was awarded the degree on the recommendation of the faculty. The study was carried out at the "
    "provincial hospital between March and October; results were published in a journal with peer review."
)
_SUBJECTS = ("高等数学", "大学英语", "有机化学", "生理学", "病理学", "统计学", "计算机基础", "体育", "马克思主义原理")


def _sheet(high: float = 1.414) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = Image.new("L", (WIDE, round(WIDE * high)), 252)
    return page, ImageDraw.Draw(page)


def latin(dice: Random) -> Image.Image:
    """A reference in English."""
    page, draw = _sheet()
    size, y = WIDE * dice.choice([0.016, 0.019, 0.022]), WIDE * 0.2
    draw.text((WIDE / 2, WIDE * 0.12), "CERTIFICATE OF COMPLETION", font=pages._font(size * 1.8), anchor="mm")
    while y < page.height * dice.uniform(0.6, 0.9):
        line = (_LATIN[dice.randrange(len(_LATIN)) :] + " " + _LATIN)[: round(WIDE * 0.75 / size * 1.9)]
        draw.text((WIDE * 0.12, y), line.strip(), font=pages._font(size), fill=30)
        y += size * 1.5
    return page


def transcript(dice: Random) -> Image.Image:
    """Subjects with hours and marks; half of what stands there are figures."""
    page, draw = _sheet()
    size, y = WIDE * dice.choice([0.016, 0.019]), WIDE * 0.2
    draw.text((WIDE / 2, WIDE * 0.12), "学生成绩单", font=pages._font(size * 2), anchor="mm")
    while y < page.height * 0.85:
        for left in (0.08, 0.54):
            cells = (dice.choice(_SUBJECTS), str(dice.randrange(16, 96)), str(dice.randrange(60, 100)), "2016-09-01")
            for x, text in zip((0, 0.16, 0.22, 0.28), cells, strict=True):
                draw.text((WIDE * (left + x), y), text, font=pages._font(size), fill=20)
        draw.line((WIDE * 0.07, y + size * 1.5, WIDE * 0.94, y + size * 1.5), fill=60, width=2)
        y += size * 2
    return page


def figures(dice: Random) -> Image.Image:
    """An account: numbers and nothing else."""
    page, draw = _sheet()
    size, y = WIDE * 0.018, WIDE * 0.1
    while y < page.height * 0.9:
        for column in range(5):
            number = f"{dice.randrange(10**6):,}.{dice.randrange(100):02d}"
            draw.text((WIDE * (0.25 + column * 0.17), y), number, font=pages._font(size), fill=20, anchor="ra")
        y += size * 1.7
    return page


def columns(dice: Random) -> Image.Image:
    """Read downwards, from the right, as genealogies and old letters are."""
    page, draw = _sheet()
    size, x = WIDE * dice.choice([0.02, 0.024]), WIDE * 0.88
    while x > WIDE * 0.12:
        for row, each in enumerate(pages._text(dice, round(page.height * 0.75 / size / 1.1))):
            draw.text((x, WIDE * 0.12 + row * size * 1.1), each, font=pages._font(size), fill=30, anchor="mt")
        x -= size * 1.8
    return page


def written(dice: Random) -> Image.Image:
    """A letter bent here and there, as a hand would write it."""
    page, step = pages.letter(dice), 48
    across, down = range(0, page.width + step, step), range(0, page.height + step, step)
    bent = {(x, y): (x + dice.uniform(-4, 4), y + dice.uniform(-4, 4)) for x in across for y in down}
    mesh = [
        ((x, y, x + step, y + step), (*bent[x, y], *bent[x, y + step], *bent[x + step, y + step], *bent[x + step, y]))
        for x in across[:-1]
        for y in down[:-1]
    ]
    return page.transform(page.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor=255)


def diagram(dice: Random) -> Image.Image:
    """Boxes and arrows with a word here and there, a curve."""
    page, draw = _sheet(dice.choice([0.7, 1.414]))
    for _ in range(10):
        x, y = dice.uniform(0.05, 0.75) * WIDE, dice.uniform(0.05, 0.8) * page.height
        draw.rounded_rectangle((x, y, x + 200, y + 90), 14, outline=40, width=3)
        draw.text((x + 100, y + 45), dice.choice(_SUBJECTS), font=pages._font(WIDE * 0.018), fill=30, anchor="mm")
        draw.line((x + 200, y + 45, x + 320, y + dice.randrange(-80, 160)), fill=40, width=3)
    curve = [(x, page.height * (0.5 + 0.25 * math.sin(x / dice.uniform(90, 100)))) for x in range(60, 1180, 6)]
    draw.line(curve, fill=70, width=4)
    return page


def portrait(dice: Random) -> Image.Image:
    """Head and shoulders before a wall: nothing is written there."""
    page, draw = _sheet()
    wide, high = page.size
    draw.rectangle((0, 0, wide, high), fill=dice.randrange(150, 230))
    draw.ellipse((wide * 0.1, high * 0.62, wide * 0.9, high * 1.3), fill=dice.randrange(20, 110))
    draw.ellipse((wide * 0.3, high * 0.2, wide * 0.7, high * 0.66), fill=dice.randrange(170, 225))
    draw.pieslice((wide * 0.28, high * 0.15, wide * 0.72, high * 0.6), 180, 360, fill=dice.randrange(10, 60))
    for x in (0.4, 0.54):
        draw.ellipse((wide * x, high * 0.4, wide * (x + 0.07), high * 0.42), fill=30)
    draw.arc((wide * 0.42, high * 0.48, wide * 0.58, high * 0.58), 20, 160, fill=90, width=8)
    soft = page.filter(ImageFilter.GaussianBlur(2))
    return ImageChops.add(soft, Image.effect_noise(page.size, dice.uniform(8, 30)), 1, -128)


def landscape(dice: Random) -> Image.Image:
    """Light and dark without end, coarse and fine, as woods and walls have it."""
    page, _ = _sheet(dice.choice([0.7, 1.3]))
    for step in (3, 9, 30, 90):
        size = (page.width // step + 1, page.height // step + 1)
        noise = Image.effect_noise(size, dice.uniform(20, 60)).resize(page.size, Image.Resampling.BICUBIC)
        page = ImageChops.add(page.point([level * 3 // 4 for level in range(256)]), noise, 1, -64)
    return page


WRITTEN = (latin, transcript, columns, written)
OTHERS = (figures, diagram, portrait, landscape)
