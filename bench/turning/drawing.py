"""Pages of many kinds, upright, drawn by dice: what the network learns from and is measured on."""

import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

ROOT = Path(__file__).parents[2]
WIDE = 1240
_DIGITS = "0123456789"
_LATIN = re.compile("Liberation|DejaVu")  # faces without Chinese characters
_fonts: dict[tuple[str, int, int], ImageFont.FreeTypeFont] = {}


class Words:
    """Texts of this repository, and characters by their place in GB 2312, the common ones most."""

    def __init__(self) -> None:
        texts = [path.read_text(encoding="utf-8") for path in ROOT.glob("catalogue/**/*.yaml")]
        texts += [path.read_text(encoding="utf-8") for path in ROOT.glob("docs/**/*.md")]
        whole = "\n".join(texts)
        self.chinese = "".join(re.findall(r"[一-鿿，。、：；（）《》]{4,}", whole))
        self.latin = re.findall(r"[A-Za-z]{2,}[,.;]?", whole)
        self.common = [bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFA)]

    def text(self, dice: Random, length: int) -> str:
        """So many Chinese characters, with digits and Latin words among them now and then."""
        if dice.random() < 0.35:
            return "".join(dice.choice(self.common) for _ in range(length))
        at = dice.randrange(len(self.chinese) - length)
        text = self.chinese[at : at + length]
        if dice.random() < 0.2:
            spot = dice.randrange(length + 1)
            text = (text[:spot] + self.number(dice) + text[spot:])[:length]
        return text

    def number(self, dice: Random) -> str:
        """A day, a mark, a sum, a number."""
        form = dice.choice(["####年##月##日", "####-##-##", "##.#", "###", "######", "#,###.##", "##%", "##X####"])
        return "".join(dice.choice(_DIGITS) if each == "#" else each for each in form)

    def line(self, dice: Random, length: int) -> str:
        """Latin words up to so many letters."""
        words: list[str] = []
        while sum(map(len, words)) + len(words) < length:
            words.append(dice.choice(self.latin) if dice.random() < 0.9 else self.number(dice)[:4].strip("年"))
        line = " ".join(words)[:length]
        return line.upper() if dice.random() < 0.1 else line


WORDS = Words()


def font(path: str, size: float) -> ImageFont.FreeTypeFont:
    """Of a collection, the simplified one: `path#2`."""
    name, _, index = path.partition("#")
    key = (name, round(size), int(index or 0))
    return _fonts.setdefault(key, ImageFont.truetype(name, key[1], index=key[2]))


class Sheet:
    """A page in the making, with the faces that this one uses."""

    def __init__(self, dice: Random, faces: Sequence[str], high: float) -> None:
        self.dice, self.face = dice, dice.choice(faces)
        self.head = dice.choice(faces) if dice.random() < 0.5 else self.face
        self.page = Image.new("L", (WIDE, round(WIDE * high)), dice.randrange(225, 256))
        self.draw, self.size = ImageDraw.Draw(self.page), WIDE * dice.uniform(0.014, 0.027)
        self.ink = dice.randrange(0, 90)

    def put(self, x: float, y: float, text: str, *, times: float = 1.0, anchor: str = "la") -> None:
        """Write a line."""
        face = self.head if times > 1.3 else self.face
        self.draw.text((x, y), text, font=font(face, self.size * times), fill=self.ink, anchor=anchor)


def letter(sheet: Sheet) -> None:
    dice, size, margin = sheet.dice, sheet.size, WIDE * sheet.dice.uniform(0.06, 0.15)
    across, pitch = int((WIDE - 2 * margin) / size), sheet.size * sheet.dice.uniform(1.3, 2.2)
    sheet.put(WIDE / 2, WIDE * 0.1, WORDS.text(dice, dice.randrange(3, 12)), times=1.8, anchor="mm")
    y, end = WIDE * 0.16, sheet.page.height * dice.uniform(0.3, 0.93)
    while y < end:
        text = "　　" + WORDS.text(dice, dice.randrange(across // 2, across * 4))
        for at in range(0, len(text), across):
            sheet.put(margin, y, text[at : at + across])
            y += pitch
    sheet.put(WIDE - margin, min(y + pitch, sheet.page.height - 40), WORDS.number(dice), anchor="rm")
    if dice.random() < 0.4:
        seal(sheet, WIDE * 0.75, min(y, sheet.page.height - 150))


def seal(sheet: Sheet, x: float, y: float) -> None:
    radius, dice = WIDE * sheet.dice.uniform(0.05, 0.09), sheet.dice
    sheet.draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=120, width=6)
    text = WORDS.text(dice, dice.randrange(8, 16))
    for at, each in enumerate(text):
        turn = math.radians(-210 + 240 * at / (len(text) - 1))
        glyph = Image.new("L", (60, 60), 0)
        ImageDraw.Draw(glyph).text((30, 30), each, font=font(sheet.face, radius * 0.24), fill=255, anchor="mm")
        glyph = glyph.rotate(-math.degrees(turn) - 90, Image.Resampling.BICUBIC)
        spot = (round(x + radius * 0.8 * math.cos(turn) - 30), round(y + radius * 0.8 * math.sin(turn) - 30))
        sheet.page.paste(120, spot, glyph)
    sheet.draw.regular_polygon((x, y, radius * 0.3), 5, fill=120)


def certificate(sheet: Sheet) -> None:
    dice, high = sheet.dice, sheet.page.height
    sheet.draw.rectangle((40, 40, WIDE - 40, high - 40), outline=dice.randrange(80, 200), width=dice.randrange(2, 12))
    sheet.size = WIDE * dice.uniform(0.018, 0.034)
    sheet.put(WIDE / 2, high * 0.2, WORDS.text(dice, dice.randrange(3, 9)), times=2.2, anchor="mm")
    for row in range(dice.randrange(3, 9)):
        y = high * 0.36 + row * sheet.size * 2
        if y < high * 0.9:
            sheet.put(WIDE * dice.choice([0.14, 0.14, 0.2, 0.4]), y, WORDS.text(dice, dice.randrange(5, 24)))
    sheet.put(WIDE * 0.14, high * 0.9, "No. " + WORDS.number(dice))
    seal(sheet, WIDE * dice.uniform(0.6, 0.8), high * 0.75)
    if dice.random() < 0.5:
        left, top = round(WIDE * 0.12), round(high * 0.6)
        sheet.page.paste(face_of(dice).resize((150, 210)), (left, top))


def table(sheet: Sheet) -> None:
    """Cells with words, or with marks and days as in a transcript."""
    dice, size, margin = sheet.dice, sheet.size * 0.9, WIDE * 0.07
    cell, digits = (WIDE - 2 * margin) / dice.randrange(3, 9), dice.random() * 0.8
    sheet.put(WIDE / 2, WIDE * 0.08, WORDS.text(dice, dice.randrange(5, 14)), times=1.6, anchor="mm")
    y, ruled = WIDE * 0.13, dice.random() < 0.8
    while y < sheet.page.height * 0.93:
        x, high = margin, size * dice.choice([1.8, 2.4, 3])
        while x < WIDE - margin - 1:
            if ruled:
                sheet.draw.rectangle((x, y, x + cell, y + high), outline=sheet.ink, width=2)
            if dice.random() < 0.8:
                room = max(2, int(cell / size) - 1)
                text = WORDS.number(dice)[: room * 2] if dice.random() < digits else WORDS.text(dice, room)
                where = (x + cell / 2, "mm") if dice.random() < 0.5 else (x + 8, "lm")
                sheet.put(where[0], y + high / 2, text, times=0.85, anchor=where[1])
            x += cell
        y += high


def form(sheet: Sheet) -> None:
    """Captions with short answers on rules."""
    dice, y = sheet.dice, WIDE * 0.2
    sheet.put(WIDE / 2, WIDE * 0.1, WORDS.text(dice, dice.randrange(4, 10)), times=2, anchor="mm")
    while y < sheet.page.height * 0.9:
        for x in (WIDE * 0.1, WIDE * 0.55):
            sheet.put(x, y, WORDS.text(dice, dice.randrange(2, 6)) + "：")
            answer = WORDS.number(dice) if dice.random() < 0.3 else WORDS.text(dice, dice.randrange(2, 8))
            sheet.put(x + sheet.size * 6, y, answer)
            sheet.draw.line((x + sheet.size * 6, y + sheet.size * 1.2, x + WIDE * 0.38, y + sheet.size * 1.2), fill=90)
        y += sheet.size * dice.uniform(1.8, 3)


def sparse(sheet: Sheet) -> None:
    for row in range(sheet.dice.randrange(2, 7)):
        sheet.put(WIDE * 0.15, WIDE * (0.15 + row * 0.06), WORDS.text(sheet.dice, sheet.dice.randrange(6, 26)))


def latin(sheet: Sheet) -> None:
    dice, y, columns = sheet.dice, WIDE * 0.15, sheet.dice.choice([1, 1, 2])
    sheet.put(WIDE / 2, WIDE * 0.08, WORDS.line(dice, 24), times=1.6, anchor="mm")
    sheet.size *= 0.9
    letters = int(WIDE * 0.8 / columns / sheet.size * 1.75)
    while y < sheet.page.height * 0.92:
        for column in range(columns):
            short = letters if dice.random() < 0.85 else letters // 2
            sheet.put(WIDE * (0.1 + 0.43 * column), y, WORDS.line(dice, short))
        y += sheet.size * 1.35


def vertical(sheet: Sheet) -> None:
    """Columns from the right, read downwards: upright characters."""
    dice, x = sheet.dice, WIDE * 0.9
    while x > WIDE * 0.1:
        y = WIDE * 0.1
        for each in WORDS.text(dice, int((sheet.page.height * dice.uniform(0.5, 0.85)) / sheet.size / 1.08)):
            sheet.put(x, y, each, anchor="mt")
            y += sheet.size * 1.08
        x -= sheet.size * 1.7


def listing(sheet: Sheet) -> None:
    """A transcript or an account: columns of subjects and figures without rules."""
    dice, y = sheet.dice, WIDE * 0.18
    sheet.put(WIDE / 2, WIDE * 0.1, WORDS.text(dice, dice.randrange(4, 10)), times=1.6, anchor="mm")
    while y < sheet.page.height * 0.9:
        for x in (0.08, 0.53):
            sheet.put(WIDE * x, y, WORDS.text(dice, dice.randrange(3, 9)))
            for more in (0.24, 0.31, 0.38):
                sheet.put(WIDE * (x + more), y, WORDS.number(dice)[:5])
        y += sheet.size * 1.6


def figure(sheet: Sheet) -> None:
    """A diagram: boxes with a word, arrows, a curve; few words for much ink."""
    dice = sheet.dice
    for _ in range(dice.randrange(6, 16)):
        x, y = dice.uniform(0.05, 0.8) * WIDE, dice.uniform(0.05, 0.85) * sheet.page.height
        sheet.draw.rectangle((x, y, x + 190, y + 80), outline=sheet.ink, width=3)
        sheet.put(x + 95, y + 40, WORDS.text(dice, dice.randrange(2, 6)), times=0.9, anchor="mm")
        sheet.draw.line((x + 95, y + 80, x + 95 + dice.randrange(-200, 200), y + 180), fill=sheet.ink, width=3)
    points = [(x, sheet.page.height * (0.5 + 0.3 * math.sin(x / dice.uniform(80, 90)))) for x in range(80, 1160, 8)]
    sheet.draw.line(points, fill=sheet.ink, width=3)


def face_of(dice: Random) -> Image.Image:
    """A portrait as far as light and dark go."""
    photo = Image.effect_noise((300, 420), dice.uniform(10, 60)).filter(ImageFilter.GaussianBlur(dice.uniform(0, 6)))
    draw = ImageDraw.Draw(photo)
    draw.ellipse((20, 300, 280, 560), fill=dice.randrange(20, 120))
    draw.ellipse((85, 90, 215, 290), fill=dice.randrange(150, 230))
    draw.pieslice((80, 70, 220, 260), 180, 360, fill=dice.randrange(10, 70))
    for x in (115, 165):
        draw.ellipse((x, 175, x + 20, 187), fill=40)
    draw.arc((120, 210, 180, 250), 20, 160, fill=80, width=4)
    return photo.filter(ImageFilter.GaussianBlur(dice.uniform(0.5, 3)))


def portrait(sheet: Sheet) -> None:
    """A photograph, of a person or of nothing to be known, over the whole page; no writing."""
    dice, size = sheet.dice, sheet.page.size
    if dice.random() < 0.4:
        sheet.page.paste(face_of(dice).resize(size))
        return
    photo = Image.new("L", size, 128)
    for step in (4, 12, 40, 120):
        noise = Image.effect_noise((size[0] // step + 1, size[1] // step + 1), dice.uniform(10, 70))
        photo = ImageChops.add(photo, noise.resize(size, Image.Resampling.BICUBIC), 1, -128)
    sheet.page.paste(photo)


Kind = Callable[[Sheet], None]
WRITTEN: tuple[Kind, ...] = (letter, certificate, table, form, sparse, latin, vertical, listing)
DUMB: tuple[Kind, ...] = (figure, portrait)


def drawn(kind: Kind, dice: Random, faces: Sequence[str]) -> Image.Image:
    """An upright page of the kind, as a scanner or a phone would bring it."""
    han = [each for each in faces if not _LATIN.search(each)]
    sheet = Sheet(dice, faces if kind is latin else han, 0.7 if kind is certificate or dice.random() < 0.15 else 1.414)
    kind(sheet)
    page = sheet.page
    if dice.random() < 0.12:
        page = waved(page, dice)
    if dice.random() < 0.15:
        page = page.filter(ImageFilter.MinFilter(3))  # a copy of a copy: strokes have grown
    elif dice.random() < 0.15:
        faint = dice.uniform(0.3, 0.7)
        page = page.point([round(255 - (255 - level) * faint) for level in range(256)])
    if dice.random() < 0.5:
        page = page.rotate(dice.uniform(-2.5, 2.5), Image.Resampling.BICUBIC, fillcolor=255)
    if dice.random() < 0.4:
        dark = dice.randrange(120, 235)
        light = Image.linear_gradient("L").rotate(dice.choice([0, 90, 180, 270])).resize(page.size)
        page = ImageChops.multiply(page, light.point([dark + (255 - dark) * level // 255 for level in range(256)]))
    if dice.random() < 0.5:
        page = page.filter(ImageFilter.GaussianBlur(dice.uniform(0.2, 1.2)))
    if dice.random() < 0.5:
        page = ImageChops.add(page, Image.effect_noise(page.size, dice.uniform(2, 14)), 1, -128)
    return page


def waved(page: Image.Image, dice: Random) -> Image.Image:
    """Bent here and there, as what is written by hand."""
    step, swing = 40, dice.uniform(2, 7)
    across, down = range(0, page.width + step, step), range(0, page.height + step, step)
    bent = {(x, y): (x + dice.uniform(-swing, swing), y + dice.uniform(-swing, swing)) for x in across for y in down}
    mesh = [
        ((x, y, x + step, y + step), (*bent[x, y], *bent[x, y + step], *bent[x + step, y + step], *bent[x + step, y]))
        for x in across[:-1]
        for y in down[:-1]
    ]
    return page.transform(page.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor=255)
