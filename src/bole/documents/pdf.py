"""PDF from typst templates; the only file that imports typst.

One compiler per process, made at first use and guarded by a lock: it is not thread-safe, and a child forked
after a compile hangs for ever in the next one. So nothing is compiled at import time, and a forked child of a
process that has compiled is told so instead of hanging. Scale by worker processes.
"""

import base64
import hashlib
import json
import logging
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from bole.documents.glyphs import Coverage
from bole.documents.terms import PrintFailed

_HERE = Path(__file__).parent
_PACKAGES = _HERE / "typst"
_STANDARDS: list[Any] = ["a-2a", "ua-1"]
_FAMILIES = ("Noto Serif SC", "Bole Rare Han A", "Bole Rare Han B")
_log = logging.getLogger(__name__)


class _Engine:
    """The compiler of this process and what it was made from."""

    def __init__(self) -> None:
        self.root: Path | None = None
        self.font_folders: tuple[Path, ...] = ()
        self.reset()

    def reset(self) -> None:
        """Forget the compiler; the next compile makes another."""
        self.lock = threading.Lock()
        self.compiler: typst.Compiler | None = None
        self.families: list[str] = []
        self.coverage: Coverage | None = None
        self.forked_late = False

    def after_fork(self) -> None:
        late = self.compiler is not None or self.forked_late
        self.reset()
        self.forked_late = late

    def start(self) -> tuple[typst.Compiler, Coverage]:
        """The compiler, made if need be. Raises RuntimeError in a child forked after its parent compiled."""
        if self.forked_late:
            raise RuntimeError("this process was forked after a PDF was made; start workers with spawn instead")
        if self.compiler is None or self.coverage is None:
            if self.root is None:
                raise RuntimeError("the folder of print templates is not configured")
            folders = [_HERE / "fonts", *self.font_folders]
            fonts = typst.Fonts(False, False, list(folders))
            extra = sorted(set(fonts.families()) - set(_FAMILIES))
            self.families = [*_FAMILIES, *extra]
            self.coverage = Coverage({Path(font.path) for font in fonts.fonts() if font.path})
            self.compiler = typst.Compiler(
                root=self.root, font_paths=fonts, package_path=_PACKAGES, package_cache_path=_PACKAGES
            )
        return self.compiler, self.coverage


_engine = _Engine()
_MOST_KEPT = 8
_kept: dict[bytes, bytes] = {}  # papers by what they were made from; never on the disk
_kept_lock = threading.Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_engine.after_fork)


def configure(root: Path, font_paths: Iterable[Path] = ()) -> None:
    """Say where print templates lie (nothing outside is readable by them) and where more fonts are."""
    _engine.root = root.resolve()
    _engine.font_folders = tuple(Path(folder) for folder in font_paths)
    _engine.reset()


def render(
    template: Path, data: Mapping[str, Any], files: Mapping[str, bytes], stamp: datetime, *, strict: bool = False
) -> bytes:
    """Compile a template of the catalogue into a tagged PDF/A-2a, PDF/UA-1 file; same input, same bytes.

    The template reads `data` as JSON and pictures by name; no text of a user ever becomes typst source.
    If the standards cannot be kept, a plain PDF is made and the reason logged, unless `strict`.
    Raises PrintFailed when the template is wrong, ValueError when it lies outside the configured folder.
    """
    path = _inside(template)
    with _engine.lock:
        compiler, coverage = _engine.start()
        inputs = {
            "data": json.dumps(coverage.drawable_in(data), ensure_ascii=False),
            "fonts": json.dumps(_engine.families),
            "files": json.dumps(sorted(files)),
            **{f"file-{name}": picture(content) for name, content in files.items()},
        }
        try:
            return _compile(compiler, path, inputs, stamp, _STANDARDS, strict)
        except typst.TypstError as error:
            if strict:
                raise PrintFailed(_told(path, error)) from error
            _log.error("PDF made without PDF/A: %s", _told(path, error))
        try:
            return _compile(compiler, path, inputs, stamp, [], strict)
        except typst.TypstError as error:
            raise PrintFailed(_told(path, error)) from error


def remembered(template: Path, data: Mapping[str, Any], files: Mapping[str, bytes], stamp: datetime) -> bytes:
    """The same file as `render`, made once for those who look at its pages one after the other."""
    said = json.dumps([str(template), template.stat().st_mtime_ns, data, stamp.isoformat()], sort_keys=True)
    key = hashlib.sha256(said.encode())
    for name, content in sorted(files.items()):
        key.update(name.encode() + hashlib.sha256(content).digest())
    with _kept_lock:
        made = _kept.pop(key.digest(), None)
    made = made or render(template, data, files, stamp)
    with _kept_lock:
        _kept[key.digest()] = made  # the last one looked at stands last
        while len(_kept) > _MOST_KEPT:
            del _kept[next(iter(_kept))]
    return made


def _compile(
    compiler: typst.Compiler, path: Path, inputs: dict[str, str], stamp: datetime, standards: list[Any], strict: bool
) -> bytes:
    made, warnings = compiler.compile_with_warnings(
        path, format="pdf", sys_inputs=inputs, pdf_standards=standards, timestamp=int(stamp.timestamp())
    )
    notes = [warning.message for warning in warnings]
    if notes and strict:
        raise PrintFailed(f"{path.name}: " + "; ".join(notes))
    if notes:
        _log.warning("%s: %s", path.name, "; ".join(notes))
    if not isinstance(made, bytes):
        raise PrintFailed(f"{path.name}: no single PDF was made")
    return made


def _inside(template: Path) -> Path:
    path = template.resolve()
    if _engine.root is None or not path.is_relative_to(_engine.root):
        raise ValueError("print templates lie under the configured folder")
    if "@preview/" in path.read_text(encoding="utf-8"):
        raise PrintFailed(f"{path.name}: packages from the network are not used")
    return path


def _told(path: Path, error: typst.TypstError) -> str:
    parts: Sequence[str] = (error.message, *error.hints, *error.trace)
    return f"{path.name}: " + " | ".join(part.strip() for part in parts)


def picture(content: bytes) -> str:
    """A JPEG, PNG or SVG as SVG text, the one form in which pictures reach typst without files or arrays."""
    if content.lstrip()[:4] == b"<svg":
        return content.decode()
    kind = {b"\xff\xd8\xff": "jpeg", b"\x89PN": "png"}.get(content[:3])
    if kind is None:
        raise ValueError("pictures in print are JPEG, PNG or SVG")
    width, height = _png_size(content) if kind == "png" else _jpeg_size(content)
    body = base64.b64encode(content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'href="data:image/{kind};base64,{body}"/></svg>'
    )


def _png_size(content: bytes) -> tuple[int, int]:
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height from the frame header, the first SOF segment."""
    at = 2
    while at + 9 <= len(content):
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        at += 2 + length
    raise ValueError("a JPEG without a frame header")
