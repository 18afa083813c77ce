"""Files that grow in slices: a workbook row by row, a bundle file by file, each written on to where it is kept.

Cells are text written in place: nothing is ever a formula, a number or a link (AC-06). Nothing is gone back to, so the
memory needed does not grow with rows or files.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO, Protocol, cast

from bole.documents.sheets import fitting
from bole.documents.terms import Column, MediaType

_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_NAMESPACE}"><fonts count="2"><font><sz val="11"/></font>'
    '<font><b/><sz val="11"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE9EEF5"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf fontId="1" fillId="2" applyFont="1" applyFill="1"/></cellXfs></styleSheet>',
}
_TEXT, _HEAD = 1, 2
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML, so no workbook, can hold them
_NAMED = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x0041_ as a character


class Sink(Protocol):
    """Where a file is written on to; never read, never gone back in."""

    def write(self, data: bytes, /) -> object:
        """Further bytes."""


class _Onwards:
    """A sink as the archive writer needs it: it asks where it is, and is told that there is no way back."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write(self, data: bytes) -> int:
        self._sink.write(data)
        return len(data)

    def flush(self) -> None:
        """Whatever there is to be flushed is the sink's business."""


def _archive(sink: Sink, compression: int, level: int | None = None) -> zipfile.ZipFile:
    onwards = cast(IO[bytes], _Onwards(sink))
    return zipfile.ZipFile(onwards, "w", compression, compresslevel=level)


class Bundle:
    """A ZIP that grows file by file; papers are compressed already, so they are put in as they are."""

    media_type = MediaType.BUNDLE

    def __init__(self, sink: Sink) -> None:
        self._zip = _archive(sink, zipfile.ZIP_STORED)

    def add(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Further files, as (name, content); signs that no file system takes are left out of the name."""
        for name, content in files:
            self._zip.writestr(_NAMED.sub("", name), content)

    def finish(self) -> None:
        """Write the end; nothing can be added afterwards."""
        self._zip.close()


class SheetStream:
    """One sheet that grows: header, rows, `finish`. Not for use by two at once."""

    media_type = MediaType.WORKBOOK

    def __init__(self, sink: Sink, columns: Sequence[Column], *, name: str = "数据") -> None:
        self._book = _archive(sink, zipfile.ZIP_DEFLATED, 3)
        title = _escaped(re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:31] or "数据")
        sheet = f'<sheet name="{title}" sheetId="1" r:id="rId1"/>'
        head = f'<workbook xmlns="{_NAMESPACE}" xmlns:r="{_RELATIONS}"><sheets>{sheet}</sheets></workbook>'
        for place, text in {**_PARTS, "xl/workbook.xml": head}.items():
            self._book.writestr(place, _DECLARATION + text)
        self._page = self._book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True)
        widths = "".join(
            f'<col min="{place}" max="{place}" width="{column.width}" customWidth="1"/>'
            for place, column in enumerate(columns, start=1)
        )
        self._write(
            f'{_DECLARATION}<worksheet xmlns="{_NAMESPACE}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f"<cols>{widths}</cols><sheetData>{_row([column.name for column in columns], _HEAD)}"
        )

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        """Further rows of text."""
        self._write("".join([_row(row, _TEXT) for row in rows]))

    def finish(self) -> None:
        """Write the end; nothing can be added afterwards."""
        self._write("</sheetData></worksheet>")
        self._page.close()
        self._book.close()

    def _write(self, text: str) -> None:
        self._page.write(text.encode())


def _row(cells: Sequence[str], style: int) -> str:
    form = f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">'
    return f"<row>{''.join([f'{form}{_escaped(fitting(cell))}</t></is></c>' for cell in cells])}</row>"


def _escaped(text: str) -> str:
    if "_x" in text:
        text = _CODED.sub("_x005F_", text)
    text = _UNFIT.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
