"""Excel in and out; the only file that imports python-calamine and XlsxWriter.

A workbook of 12 KB can ask the reader for 550 GB and abort the process, so the archive is scanned before it is
opened (AC-06). Cells come out as text and go in as text: nothing is inferred, nothing becomes a formula.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from python_calamine import CalamineWorkbook

from bole.documents.terms import COLUMN_LIMIT, SHEET_LIMIT, Column, Sheet, SheetRow
from bole.kernel.errors import Invalid

_ENTRIES = 200
_UNPACKED = 100 * 1024 * 1024
_RATIO = 100
_CHUNK = 1 << 20
_HEADER_WITHIN = 10  # rows; a title and an explanation may stand above the header
_CELL_LIMIT = 32_767
_EXACT = 10**15  # Excel keeps 15 digits of a number

_NOT_XLSX = "请上传Excel文件（.xlsx格式）。其他格式请先在Excel或WPS中另存为.xlsx。"
_LARGE = "表格文件过大。请拆分成每个不超过{rows:,}行的文件后分别导入。"
_BROKEN = "表格文件不完整或已损坏，无法打开。请重新保存后再导入。"
_ACTIVE = "表格中含有宏或外部链接，不能导入。请把数据复制到下载的模板中再导入。"
_LOCKED = "表格设有打开密码，无法读取。请取消密码后再导入。"
_WIDE = "表格的列数或行数超过上限（{columns}列、{rows:,}行）。请删除多余的行列，或拆分后分别导入。"
_MISSING = "表格缺少{names}列。请使用下载的模板填写，不要删改表头。"
_TWICE = "表头中{names}出现了不止一次。请删除重复的列。"
_NO_SHEET = "没有找到名为「{name}」的工作表。请使用下载的模板填写。"
_DIGITS = "「{name}」是数字格式，超过15位的数字末尾已经丢失。请把这一列设为文本格式后重新填写"

_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
_ACTIVE_PARTS = re.compile(r"vbaProject|externalLinks?/|/activeX|/embeddings/|macrosheets|\.bin$", re.IGNORECASE)
_HARMLESS_BIN = re.compile(r"printerSettings\d*\.bin$")


def read(
    data: bytes, header: Sequence[str], optional: Sequence[str], sheet: str | None, max_rows: int
) -> list[SheetRow]:
    """The filled rows below the header, by header name; raises Invalid at "file"."""
    _scan(data, max_rows)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(data)) as book:
            if sheet is not None and sheet not in book.sheet_names:
                raise Invalid.at("file", _NO_SHEET.format(name=sheet))
            page = book.get_sheet_by_name(sheet) if sheet is not None else book.get_sheet_by_index(0)
            grid = list(enumerate(page.iter_rows(), start=1))
    except (Invalid, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        raise Invalid.at("file", _BROKEN) from error
    return _rows(grid, header, optional, max_rows)


def _scan(data: bytes, max_rows: int) -> None:
    """Refuse what is no plain workbook or would unfold beyond the limits, without unpacking more than those."""
    if len(data) > SHEET_LIMIT:
        raise Invalid.at("file", _LARGE.format(rows=max_rows))
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" and b"E\0n\0c\0r\0y\0p\0t" in data:
        raise Invalid.at("file", _LOCKED)
    if data[:4] != b"PK\x03\x04":
        raise Invalid.at("file", _NOT_XLSX)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, max_rows)
            left = min(_UNPACKED, max(len(data) * _RATIO, 10 * _CHUNK))
            for entry in entries:
                left -= _scan_entry(archive, entry, left, max_rows)
    except Invalid:
        raise
    except Exception as error:  # damaged archives raise many kinds
        raise Invalid.at("file", _BROKEN) from error


def _check_entries(entries: list[zipfile.ZipInfo], max_rows: int) -> None:
    names = [entry.filename for entry in entries]
    if "xl/workbook.xml" not in names or "content.xml" in names:
        raise Invalid.at("file", _NOT_XLSX)
    if len(names) != len({name.lower() for name in names}):
        raise Invalid.at("file", _BROKEN)
    if any(_ACTIVE_PARTS.search(name) and not _HARMLESS_BIN.search(name) for name in names):
        raise Invalid.at("file", _ACTIVE)
    if len(entries) > _ENTRIES or sum(entry.file_size for entry in entries) > _UNPACKED:
        raise Invalid.at("file", _LARGE.format(rows=max_rows))


def _scan_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, max_rows: int) -> int:
    """Stream one part: count its bytes, look at the place of every cell; returns the bytes.

    Any part may be a sheet, whatever its name; cells are only read within an element sheetData.
    """
    seen, rest, in_cells = 0, b"", False
    is_markup = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            if seen == 0 and is_markup:
                _check_markup(chunk)
            seen += len(chunk)
            if seen > left:
                raise Invalid.at("file", _LARGE.format(rows=max_rows))
            if not is_markup:
                continue
            rest += chunk
            if b"<!DOCTYPE" in rest or b"<!ENTITY" in rest:
                raise Invalid.at("file", _BROKEN)
            cut = rest.rfind(b">") + 1
            in_cells = in_cells or b"sheetData" in rest
            if in_cells:
                _check_places(rest[:cut], max_rows)
            rest = rest[cut:]
            if len(rest) > 2 * _CHUNK:
                raise Invalid.at("file", _BROKEN)
    return seen


def _check_markup(start: bytes) -> None:
    if b"\0" in start[:200] or start[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise Invalid.at("file", _BROKEN)


def _check_places(text: bytes, max_rows: int) -> None:
    rows = max_rows + _HEADER_WITHIN + 1000  # formatted but empty rows below the last filled one
    for column, row in _PLACE.findall(text):
        if len(row) > 7 or int(row) > rows or (column and _column(column) > COLUMN_LIMIT):
            raise Invalid.at("file", _WIDE.format(columns=COLUMN_LIMIT, rows=max_rows))


def _column(letters: bytes) -> int:
    if len(letters) > 3:
        return COLUMN_LIMIT + 1
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _plain(name: str) -> str:
    """A header name as compared: without blanks, marks of obligation and width of brackets."""
    text = re.sub(r"[\s*＊\u3000\u200b\ufeff]+", "", name)
    return text.replace("（", "(").replace("）", ")").replace("：", "").replace(":", "")


def _rows(
    grid: list[tuple[int, list[Any]]], header: Sequence[str], optional: Sequence[str], max_rows: int
) -> list[SheetRow]:
    wanted = {_plain(name): name for name in (*header, *optional)}
    at, places = _find_header(grid, wanted, [_plain(name) for name in header])
    rows = []
    for number, cells in grid[at + 1 :]:
        if row := _row(number, cells, places):
            rows.append(row)
            if len(rows) > max_rows:
                raise Invalid.at("file", _LARGE.format(rows=max_rows))
    return rows


def _find_header(
    grid: list[tuple[int, list[Any]]], wanted: dict[str, str], needed: list[str]
) -> tuple[int, dict[str, int]]:
    """Where the header is and which column holds what; the nearest candidate decides what is said to be missing."""
    best: list[str] = needed
    for at, (_, cells) in enumerate(grid[:_HEADER_WITHIN]):
        names = [_plain(_text(cell)) for cell in cells]
        missing = [name for name in needed if name not in names]
        if not missing:
            twice = [wanted[name] for name in wanted if names.count(name) > 1]
            if twice:
                raise Invalid.at("file", _TWICE.format(names="、".join(f"「{name}」" for name in twice)))
            return at, {wanted[name]: names.index(name) for name in wanted if name in names}
        if len(missing) < len(best):
            best = missing
    raise Invalid.at("file", _MISSING.format(names="、".join(f"「{wanted[name]}」" for name in best)))


def _row(number: int, cells: list[Any], places: dict[str, int]) -> SheetRow | None:
    values, problems = {}, []
    for name, place in places.items():
        cell = cells[place] if place < len(cells) else ""
        if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _EXACT:
            problems.append(f"第{number}行{_DIGITS.format(name=name)}")
            values[name] = ""
        else:
            values[name] = _text(cell)
    return SheetRow(number, values, tuple(problems)) if problems or any(values.values()) else None


def _text(cell: Any) -> str:
    """A cell as the person sees it, dates as 2018-09-01."""
    match cell:
        case str():
            return cell.strip()
        case bool():
            return "是" if cell else "否"
        case int():
            return str(cell)
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ", "minutes")
        case dt.date():
            return cell.isoformat()
        case dt.time():
            return cell.isoformat("minutes")
        case _:
            return "" if cell is None else str(cell)


def write(sheets: Sequence[Sheet]) -> bytes:
    """An xlsx of text cells with frozen headers and drop-downs."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    options = _Options(book)
    for name, sheet in zip(_sheet_names(sheets), sheets, strict=True):
        _write_sheet(book, name, sheet, options)
    options.finish()
    book.close()
    return out.getvalue()


class _Options:
    """The hidden sheet whose columns the drop-downs show; made at the first need.

    A list written into the rule itself may hold 255 characters and is left out without a word beyond that.
    """

    def __init__(self, book: Any) -> None:
        self._book = book
        self._lists: dict[tuple[str, ...], str] = {}

    def source(self, choices: tuple[str, ...]) -> str:
        if choices not in self._lists:
            letter = xlsxwriter.utility.xl_col_to_name(len(self._lists), True)
            self._lists[choices] = f"=选项!{letter}$1:{letter}${len(choices)}"
        return self._lists[choices]

    def finish(self) -> None:
        if self._lists:
            page = self._book.add_worksheet("选项")
            page.hide()
            for column, choices in enumerate(self._lists):
                for row, choice in enumerate(choices):
                    page.write_string(row, column, choice)


def _sheet_names(sheets: Sequence[Sheet]) -> list[str]:
    names: list[str] = []
    for sheet in sheets:
        name = base = (re.sub(r"[\[\]:*?/\\']", " ", sheet.name).strip() or "数据")[:28]
        while name.lower() in {other.lower() for other in names} | {"选项", "history"}:
            name = f"{base}{len(names) + 1}"
        names.append(name)
    return names


def _write_sheet(book: Any, name: str, sheet: Sheet, options: _Options) -> None:
    page = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#E9EEF5", "border": 1, "text_wrap": True, "valign": "vcenter"})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    page.freeze_panes(1, 0)
    last = 0
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.name, head)
        page.set_column(place, place, column.width, text)
    for last, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            page.write_string(last, place, fitting(value), text)
    for place, column in enumerate(sheet.columns):
        _limit(page, place, column, max(last, 1) + sheet.room_for, options)


def _limit(page: Any, place: int, column: Column, last: int, options: _Options) -> None:
    rule: dict[str, Any] = {"validate": "any"}
    if column.choices:
        rule = {
            "validate": "list",
            "source": options.source(tuple(column.choices)),
            "error_title": "请从列表中选择",
            "error_message": f"「{column.name}」请从下拉列表中选择。"[:255],
        }
    if column.note:
        rule |= {"input_title": column.name[:32], "input_message": column.note[:255]}
    if len(rule) > 1:
        page.data_validation(1, place, last, place, rule)


def fitting(value: str) -> str:
    """Excel's cells end at 32,767 characters; what is over is said to be missing, not dropped without a word."""
    mark = "……（超出Excel单元格的长度，以下略）"
    return value if len(value) <= _CELL_LIMIT else value[: _CELL_LIMIT - len(mark)] + mark
