"""Files as people and attackers send them."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
import xlsxwriter
from PIL import Image

GPS = b"GPS-39.9042-116.4074"


def image(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: Any) -> bytes:
    out = io.BytesIO()
    picture = Image.linear_gradient("L").resize(size).convert(mode)
    picture.save(out, kind, **more)
    return out.getvalue()


def photograph() -> bytes:
    """A phone's JPEG: lying on its side, with the place in its EXIF."""
    picture = Image.new("RGB", (80, 40), "red")
    picture.paste("blue", (0, 0, 40, 40))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    exif[0x010E] = GPS.decode()
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=GPS, quality=95)
    return out.getvalue()


def giant_png(width: int, height: int) -> bytes:
    """A small file that claims, and would unfold to, width x height pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 1) * 64))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf(pages: int = 1, *, encryption: pikepdf.Encryption | None = None) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(595, 842))
        made.save(out, encryption=encryption or False)
    return out.getvalue()


def active_pdf() -> bytes:
    """A PDF with a script at opening, a script in a name tree, a launch link and an embedded file."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(300, 300))
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('evil')"))
        made.Root.OpenAction = made.make_indirect(script)
        made.Root.AA = pikepdf.Dictionary(WC=script)
        names = pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("x"), script]))
        made.Root.Names = pikepdf.Dictionary(JavaScript=names)
        made.attachments["evil.exe"] = b"MZ evil payload"
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch)
        good = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.cn/"))
        kept = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[9, 9, 18, 18], A=good)
        made.pages[0].Annots = pikepdf.Array([link, kept])
        made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def archive(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in entries.items():
            packed.writestr(name, body)
    return out.getvalue()


def workbook(sheet: bytes, **entries: bytes) -> bytes:
    """A workbook of one sheet with the given sheetData, and further parts."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("S")
    book.close()
    with zipfile.ZipFile(out) as plain:
        parts = {name: plain.read(name) for name in plain.namelist()}
    main = "xl/worksheets/sheet1.xml"
    parts[main] = parts[main].replace(b"<sheetData/>", b"<sheetData>" + sheet + b"</sheetData>")
    return archive(**(parts | entries))


def cell(place: str, text: str) -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()
