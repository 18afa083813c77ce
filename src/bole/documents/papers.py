"""Uploaded PDFs: structure checked, active content taken out, pages counted and drawn.

The only file that imports pikepdf and pypdfium2. PDFium is not thread-safe, hence the lock.
"""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # ships no types

from bole.documents import images
from bole.documents.terms import CHECKED_PAGES, CHECKED_SECONDS, PAGE_LIMIT, SCAN_WIDTH, Flaw, Inspected, MediaType
from bole.kernel.errors import Invalid

_LOCKED = "PDF文件设有打开密码，审核人员无法查看。请用打开密码打开文件，另存或打印成一份没有密码的PDF后再上传。"
_BROKEN = "PDF文件不完整或已损坏，无法打开。请重新生成或重新扫描后上传。"
_EMPTY = "PDF文件没有页面。请检查后重新上传。"
_LONG = "PDF文件有{now}页，超过{most}页的上限。请拆分后分别上传。"
_HEAVY = "PDF文件里的图片尺寸过大，无法处理。请降低扫描分辨率后再上传。"

_OBJECT_LIMIT = 200_000
_PICTURE_LIMIT = 150_000_000  # pixels of one picture inside; a 600 dpi A3 scan has 70 million
_DEPTH_LIMIT = 60

# Keys that run, open or carry something when a reader opens the file or a page.
_ACTIVE_KEYS = (
    "/AA", "/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/EF", "/AF", "/Collection", "/RichMediaContent",
    "/RichMediaSettings", "/Renditions",
)  # fmt: skip
_ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute", "/GoTo3DView", "/ResetForm", "/Hide",
}  # fmt: skip
_ACTIVE_NOTES = {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"}
_SAFE_LINKS = ("http://", "https://", "mailto:")

_pdfium = threading.Lock()


def inspect(data: bytes) -> Inspected:
    """Check and strip; raises Invalid at "file".

    A file without active content is kept byte for byte, so that an electronic signature in it stays valid.
    A file that opens without a password but restricts printing or copying is taken: it can be read.
    """
    content = _stripped(data)
    pages, flaws, print_ = _looked_at(content)
    return Inspected(content, MediaType.PDF, pages, None, None, flaws, print_)


def _stripped(data: bytes) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pages = len(pdf.pages)
            if pages == 0:
                raise Invalid.at("file", _EMPTY)
            if pages > PAGE_LIMIT:
                raise Invalid.at("file", _LONG.format(now=pages, most=PAGE_LIMIT))
            changed = _strip(pdf)
            if not changed and _tidy(data):
                return data
            out = io.BytesIO()
            pdf.remove_unreferenced_resources()
            pdf.save(out)
            return out.getvalue()
    except Invalid:
        raise
    except pikepdf.PasswordError:
        raise Invalid.at("file", _LOCKED) from None
    except Exception as error:  # qpdf on damaged files raises many kinds; to the person it is all one
        raise Invalid.at("file", _BROKEN) from error


def _tidy(data: bytes) -> bool:
    """Nothing before the header and nothing but blanks after the last end mark, as in a file of two kinds."""
    tail = data[data.rfind(b"%%EOF") + 5 :] if b"%%EOF" in data else data
    return data.startswith(b"%PDF-") and not tail.strip(b"\0 \t\r\n")


def _strip(pdf: pikepdf.Pdf) -> bool:
    changed = False
    if len(pdf.objects) > _OBJECT_LIMIT:
        raise Invalid.at("file", _BROKEN)
    for thing in pdf.objects:
        for part in _parts(thing, 0):
            changed = _strip_one(part) or changed
    return changed


def _parts(thing: Any, depth: int) -> Iterator[Any]:
    """The dictionaries of an object: itself and those written inside it; references are objects of their own."""
    if depth > _DEPTH_LIMIT:
        raise Invalid.at("file", _BROKEN)
    if isinstance(thing, pikepdf.Stream):
        _check_picture(thing)
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield thing
        inside: Any = [thing[key] for key in list(thing.keys())]
    elif isinstance(thing, pikepdf.Array):
        inside = list(thing)
    else:
        return
    for item in inside:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Array) and not item.is_indirect:
            yield from _parts(item, depth + 1)


def _check_picture(stream: Any) -> None:
    try:
        pixels = int(stream.get("/Width", 0)) * int(stream.get("/Height", 0))
    except (TypeError, ValueError):
        return
    if pixels > _PICTURE_LIMIT:
        raise Invalid.at("file", _HEAVY)


def _strip_one(part: Any) -> bool:
    changed = False
    for key in _ACTIVE_KEYS:
        if key in part:
            del part[key]
            changed = True
    for key in ("/A", "/PA", "/Next", "/OpenAction"):
        if key in part and _is_active(part[key]):
            del part[key]
            changed = True
    notes = part.get("/Annots")
    if isinstance(notes, pikepdf.Array):
        kept = [note for note in notes if not _is_active_note(note)]
        if len(kept) != len(notes):
            part["/Annots"] = pikepdf.Array(kept)
            changed = True
    return changed


def _is_active(action: Any) -> bool:
    if isinstance(action, pikepdf.Array):
        return any(_is_active(item) for item in action)
    if not isinstance(action, pikepdf.Dictionary):
        return False
    kind = str(action.get("/S", ""))
    if kind == "/URI":
        return not str(action.get("/URI", "")).strip().lower().startswith(_SAFE_LINKS)
    return kind in _ACTIVE_ACTIONS


def _is_active_note(note: Any) -> bool:
    return isinstance(note, pikepdf.Dictionary) and str(note.get("/Subtype", "")) in _ACTIVE_NOTES


def _looked_at(content: bytes) -> tuple[int, tuple[tuple[Flaw, int], ...], str]:
    """The number of pages, and what the check of scans finds on the first one: its flaws and its fingerprint.

    The first page must draw, so that who uploads learns at once if nobody can see it.
    """
    try:
        count = page_count(content)
        if count == 0:
            raise Invalid.at("file", _EMPTY)
        found, print_ = images.check(_drawn(content, 1, SCAN_WIDTH))
        return count, tuple((flaw, 1) for flaw in found), print_
    except Invalid:
        raise
    except Exception as error:  # PDFium reports damaged pages in several ways
        raise Invalid.at("file", _BROKEN) from error


def check_further(content: bytes) -> tuple[tuple[Flaw, int], ...]:
    """What the check of scans finds from page 2 on, as far as there is time."""
    until = time.monotonic() + CHECKED_SECONDS
    flaws: list[tuple[Flaw, int]] = []
    for page in range(2, min(page_count(content), CHECKED_PAGES) + 1):
        if time.monotonic() > until:
            break
        with suppress(Exception):  # a damaged page further back is told to whoever opens it
            flaws += [(flaw, page) for flaw in images.check(_drawn(content, page, SCAN_WIDTH))[0]]
    return tuple(flaws)


def page_count(content: bytes) -> int:
    """Number of pages."""
    with _pdfium:
        pdf = pypdfium2.PdfDocument(content)
        try:
            return len(pdf)
        finally:
            pdf.close()


def page_image(content: bytes, page: int, width: int, turn: int = 0) -> bytes:
    """One page (from 1) as a JPEG, turned clockwise by so many degrees.

    Raises IndexError for a page that is not there.
    """
    return images.jpeg(images.turned(_drawn(content, page, width), turn))


def _drawn(content: bytes, page: int, width: int) -> Any:
    """A page as a picture; the scale comes from the page's size, so a giant page costs no more memory."""
    with _pdfium:
        pdf = pypdfium2.PdfDocument(content)
        try:
            if not 1 <= page <= len(pdf):
                raise IndexError(page)
            leaf = pdf[page - 1]
            wide, high = leaf.get_size()
            scale = min((width - 0.01) / max(wide, 1), 3 * width / max(high, 1))  # pixels are rounded up
            return leaf.render(scale=scale, may_draw_forms=False).to_pil()
        finally:
            pdf.close()
