"""What an uploaded file is, by its content; anything but PDF, JPEG, PNG and HEIC is refused with a sentence.

The name it came with decides nothing: a certificate called `.pdf` that is a JPEG is a JPEG (AC-07).
"""

import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum

import puremagic

from bole.documents import sandbox
from bole.documents.terms import EVIDENCE, IMAGES, NAME_LIMIT, UPLOAD_LIMIT, Inspected, MediaType
from bole.kernel.errors import Invalid

_ACCEPTED = {
    True: "请上传PDF、JPG、PNG、HEIC格式的文件。",
    False: "请上传JPG、PNG、HEIC格式的图片。",
}
_EMPTY = "文件是空的。请检查后重新选择。"
_LARGE = "文件大小超过{most}MB的上限。请压缩或拆分后再上传。"
_ONLY_PDF = "请上传PDF格式的文件。"
_DOUBLE = "文件里夹带了其他内容（{what}），不能接收。请用看图或办公软件重新导出后上传。"

# What a person would call the things that are sent most often and cannot be taken.
_NAMES = {
    "压缩包": ("zip", "rar", "7z", "gz", "tar", "bz2", "xz", "cbr", "cb7", "tgz"),
    "Word文档": ("docx", "doc", "wps", "rtf", "odt"),
    "Excel表格": ("xlsx", "xls", "csv", "ods", "xlsm"),
    "演示文稿": ("pptx", "ppt"),
    "网页": ("html", "htm", "xhtml", "mhtml"),
    "程序": ("exe", "dll", "msi", "apk", "jar", "elf", "com", "bat", "sh", "drv", "appimage"),
    "SVG图形": ("svg",),
    "其他格式的图片": ("gif", "bmp", "dib", "tif", "tiff", "webp", "avif", "ico", "psd"),
    "视频": ("mp4", "mov", "avi", "mkv", "m4v"),
    "音频": ("mp3", "wav", "m4a", "ogg"),
}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|script|svg|body|iframe)[\s>]|<\?php", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"


class _Shape(StrEnum):
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"


def inspect(data: bytes, *, accept: Collection[MediaType] = EVIDENCE) -> Inspected:
    """Say what the content is and make it fit to keep; raises Invalid at "file".

    `accept` narrows what is taken, as a photograph may not be a PDF.
    """
    if not data:
        raise Invalid.at("file", _EMPTY)
    if len(data) > UPLOAD_LIMIT:
        raise Invalid.at("file", _LARGE.format(most=UPLOAD_LIMIT // 1024 // 1024))
    shape = _shape(data)
    if shape is None or not _fits(shape, accept):
        raise Invalid.at("file", _refusal(data, shape, accept))
    if shape is _Shape.PDF:
        return sandbox.inspect(data, paper=True)
    _refuse_double(data, shape)
    return sandbox.inspect(data, paper=False)


def _fits(shape: _Shape, accept: Collection[MediaType]) -> bool:
    return MediaType.PDF in accept if shape is _Shape.PDF else bool(IMAGES & set(accept))


def _shape(data: bytes) -> _Shape | None:
    """By the first bytes; a PDF may have a few blanks or a byte order mark before its header."""
    if data.startswith(b"\xff\xd8\xff"):
        return _Shape.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _Shape.PNG
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return _Shape.HEIC
    if data[:16].lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-"):
        return _Shape.PDF
    return None


def _refusal(data: bytes, shape: _Shape | None, accept: Collection[MediaType]) -> str:
    what = "PDF文件" if shape is _Shape.PDF else "图片" if shape else _called(data)
    wanted = _ACCEPTED[MediaType.PDF in accept] if IMAGES & set(accept) else _ONLY_PDF
    return f"您选择的文件是{what}，这里不能使用。{wanted}" if what else f"无法识别这个文件的格式。{wanted}"


def _called(data: bytes) -> str:
    """What people call a file of this content; "" when it is not known."""
    if _MARKUP.search(data[:1024]):
        return "SVG图形" if b"<svg" in data[:1024].lower() else "网页"
    try:
        found = {match.extension.lstrip(".").lower() for match in puremagic.magic_string(data[:4096])}
    except Exception:  # its readers of inner structure raise anything on damaged files
        found = set()
    if data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return _archive(data)
    if data[:2] == b"MZ" or data[:4] == b"\x7fELF":
        return "程序"
    return next((name for name, endings in _NAMES.items() if found & set(endings)), "")


def _archive(data: bytes) -> str:
    for mark, name in ((b"word/", "Word文档"), (b"xl/", "Excel表格"), (b"ppt/", "演示文稿"), (b"OFD.xml", "OFD文件")):
        if mark in data:
            return name
    return "压缩包"


def _refuse_double(data: bytes, shape: _Shape) -> None:
    """Refuse an image that is a page or an archive as well. Nobody makes one in error; re-encoding would do."""
    if _MARKUP.search(data):
        raise Invalid.at("file", _DOUBLE.format(what="网页代码"))
    if _ZIP_END in data[-66_000:] and b"PK\x01\x02" in data:
        raise Invalid.at("file", _DOUBLE.format(what="压缩包"))
    end = data.rfind(b"IEND") if shape is _Shape.PNG else -1
    if end >= 0 and data[end + 8 :].strip(b"\0\r\n "):
        raise Invalid.at("file", _DOUBLE.format(what="图片以外的数据"))


def clean_name(name: str) -> str:
    """A name for display: the last part of a path, NFC, no controls and no characters that turn the reading order.

    It is never used as a path (AC-24).
    """
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    text = re.sub(r'[<>:"|?*]', "_", " ".join(text.split())).strip(". ")
    if len(text) > NAME_LIMIT:
        stem, dot, ending = text.rpartition(".")
        text = f"{stem[: NAME_LIMIT - 1 - len(ending)]}.{ending}" if dot and len(ending) <= 8 else text[:NAME_LIMIT]
    return text or "未命名"
