"""Spreadsheets: text in, text out; bombs and macros refused before they are opened (AC-06)."""

import datetime as dt
import io
import random
import re
import zipfile

import pytest
import xlsxwriter

from bole.documents import actions, queries
from bole.documents.terms import Column, Sheet
from bole.kernel.errors import Invalid
from tests.documents import samples

HEADER = ["姓名", "身份证号", "联系电话"]
COLUMNS = [Column("姓名"), Column("身份证号", 22), Column("联系电话")]


def made(rows, *, name="S") -> bytes:
    """A workbook as Excel would write it, cells of the types of the values."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_numbers": False})
    page = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, cells in rows.items():
        for column, value in enumerate(cells):
            if isinstance(value, dt.date):
                page.write_datetime(row - 1, column, dt.datetime.combine(value, dt.time()), day)
            else:
                page.write(row - 1, column, value)
    book.close()
    return out.getvalue()


def refusal(data: bytes, **more) -> str:
    with pytest.raises(Invalid) as caught:
        queries.read_rows(data, header=HEADER, **more)
    assert [fault.at for fault in caught.value.faults] == ["file"]
    return caught.value.sentence


def test_round_trip_keeps_every_text():
    values = ["买买提·吐尔逊𠮷", "99010119280101241X", "013800000000"]
    evil = [
        '=HYPERLINK("http://evil")',
        "+1+1",
        "@SUM(A1)",
        "-2",
        "http://evil.example",
        "a\nb",
        "_x0041_",
        "\x01",
        "001",
    ]
    rows = [values, *[[text, "1", "2"] for text in evil]]
    data = actions.write_workbook([Sheet("人员", COLUMNS, rows), Sheet("人员", COLUMNS)])
    read = queries.read_rows(data, header=HEADER)
    assert [row.values["姓名"] for row in read] == [values[0], *evil]
    assert (read[0].number, list(read[0].values.values())) == (2, values)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        text = "".join(book.read(name).decode() for name in book.namelist())
    assert "<f>" not in text
    assert "<hyperlink" not in text
    assert 'state="frozen"' in text


def test_drop_downs_stand_on_a_hidden_sheet_however_many():
    choices = [f"选项{n}" for n in range(500)]
    columns = [
        Column("姓名", note="与身份证一致"),
        Column("身份证号", choices=choices),
        Column("联系电话", choices=choices),
    ]
    data = actions.write_sheet(columns, [], name="导入[模板]", room_for=1000)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        main = book.read("xl/worksheets/sheet1.xml").decode()
        outline = book.read("xl/workbook.xml").decode()
    assert re.findall(r"<formula1>(.*?)</formula1>", main) == ["选项!$A$1:$A$500"] * 2
    assert 'sqref="B2:B1002"' in main.replace("B2:B1001", "B2:B1002")
    assert 'name="选项" sheetId="2" state="hidden"' in outline
    assert "与身份证一致" in main


def test_over_long_text_says_that_it_is_cut():
    data = actions.write_sheet(COLUMNS, [["长" * 40_000, "1", "2"]])
    (row,) = queries.read_rows(data, header=HEADER)
    assert len(row.values["姓名"]) == 32_767
    assert row.values["姓名"].endswith("（超出Excel单元格的长度，以下略）")


def test_header_is_found_in_any_order_with_blanks_and_marks():
    data = made({
        1: ["人员导入表"],
        3: ["* 联系电话", "备注", " 姓 名 ", "身份证号（公民）"],
        4: ["13800000000", "x", " 林思远 ", "A1"],
        7: ["", "只有备注", "", ""],
        8: [13800000001, "", "许南乔", "A2"],
    })  # fmt: skip
    rows = queries.read_rows(data, header=["姓名", "身份证号(公民)"], optional=["联系电话", "没有的列"])
    assert [(row.number, row.values) for row in rows] == [
        (4, {"姓名": "林思远", "身份证号(公民)": "A1", "联系电话": "13800000000"}),
        (8, {"姓名": "许南乔", "身份证号(公民)": "A2", "联系电话": "13800000001"}),
    ]


def test_row_numbers_are_those_of_excel_below_empty_rows():
    rows = queries.read_rows(made({5: HEADER, 6: ["a", "b", "c"], 9: ["d", "e", "f"]}), header=HEADER)
    assert [row.number for row in rows] == [6, 9]


def test_cells_are_read_as_they_are_seen():
    data = made({1: HEADER, 2: [dt.date(2018, 9, 1), 3.5, True], 3: [4, 0.1, "007"]})
    assert [list(row.values.values()) for row in queries.read_rows(data, header=HEADER)] == [
        ["2018-09-01", "3.5", "是"],
        ["4", "0.1", "007"],
    ]


def test_identity_number_typed_as_a_number_is_a_problem_of_its_row():
    rows = queries.read_rows(
        made({1: HEADER, 2: ["甲", 990101192801012418, 13800000000], 3: ["乙", "1", "2"]}), header=HEADER
    )
    assert rows[0].values == {"姓名": "甲", "身份证号": "", "联系电话": "13800000000"}
    assert rows[0].problems == (
        "第2行「身份证号」是数字格式，超过15位的数字末尾已经丢失。请把这一列设为文本格式后重新填写",
    )
    assert rows[1].problems == ()


def test_missing_and_repeated_columns_are_named():
    assert (
        refusal(made({1: ["姓名", "电话"]}))
        == "表格缺少「身份证号」、「联系电话」列。请使用下载的模板填写，不要删改表头。"
    )
    assert refusal(made({1: [*HEADER, "姓 名"]})) == "表头中「姓名」出现了不止一次。请删除重复的列。"
    assert refusal(made({1: []})).startswith("表格缺少「姓名」")


def test_sheet_by_name():
    data = made({1: HEADER, 2: ["a", "b", "c"]}, name="人员")
    assert len(queries.read_rows(data, header=HEADER, sheet="人员")) == 1
    assert refusal(data, sheet="单位") == "没有找到名为「单位」的工作表。请使用下载的模板填写。"


def test_row_limit():
    data = made({1: HEADER, **{n: ["a", "b", "c"] for n in range(2, 13)}})
    assert len(queries.read_rows(data, header=HEADER, max_rows=11)) == 11
    assert "10行" in refusal(data, max_rows=10)


def cells(*places: str) -> bytes:
    return b"".join(b"<row>" + samples.cell(place, "姓名") + b"</row>" for place in places)


WIDE = "表格的列数或行数超过上限（200列、20,000行）"
LARGE = "表格文件过大"
BROKEN = "表格文件不完整或已损坏"
ACTIVE = "表格中含有宏或外部链接"
NOT_XLSX = "请上传Excel文件（.xlsx格式）"


@pytest.mark.parametrize(
    ("data", "say"),
    [
        (samples.workbook(cells("A1", "XFD1048576")), WIDE),
        (samples.workbook(cells("A1", "A1048576")), WIDE),
        (samples.workbook(cells("A1", "ZZZZ1")), WIDE),
        (samples.workbook(b'<row r="9999999999"/>'), WIDE),
        (samples.workbook(b"<c " + b" " * 3_000_000 + b' r="XFD1048576"/>'), WIDE),
        (samples.workbook(b"<c " + b" " * 1_048_000 + b' r="XFD1048576"/>'), WIDE),
        (samples.workbook(b"<v>" + b"0" * 9_000_000 + b"</v>"), BROKEN),
        (samples.workbook(b"<c><v>0</v></c>" * 2_000_000), LARGE),
        (samples.workbook(b"", **{"xl/bomb.bin": bytes(50_000_000)}), ACTIVE),
        (samples.workbook(b"", **{"xl/media/a.png": bytes(120_000_000)}), LARGE),
        (samples.workbook(b"", **{"xl/vbaProject.bin": b"x"}), ACTIVE),
        (samples.workbook(b"", **{"xl/externalLinks/externalLink1.xml": b"<x/>"}), ACTIVE),
        (samples.workbook(b"", **{"xl/x.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), BROKEN),
        (samples.workbook(b"", **{"xl/x.xml": "<a/>".encode("utf-16")}), BROKEN),
        (samples.workbook(b"", **{f"xl/{n}.xml": b"<a/>" for n in range(200)}), LARGE),
        (samples.archive(a=b"b"), NOT_XLSX),
        (b"name,number\n1,2\n", NOT_XLSX),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), NOT_XLSX),
        (b"PK\x03\x04" + bytes(100), BROKEN),
    ],
)  # fmt: skip
def test_bombs_and_active_workbooks_are_refused_before_they_are_opened(data, say):
    assert refusal(data).startswith(say)


def test_damaged_workbooks_are_read_or_refused_and_nothing_else():
    whole = samples.workbook(
        b"<row r='1'>" + b"".join(samples.cell(f"{c}1", h) for c, h in zip("ABC", HEADER, strict=True)) + b"</row>"
    )
    assert queries.read_rows(whole, header=HEADER) == []
    parts = {
        i.filename: zipfile.ZipFile(io.BytesIO(whole)).read(i) for i in zipfile.ZipFile(io.BytesIO(whole)).infolist()
    }
    dice, refused = random.Random(7), 0
    for turn in range(300):
        if turn % 2:
            data = bytearray(whole)
            data[dice.randrange(len(data))] ^= dice.randrange(1, 256)
        else:
            name = dice.choice(sorted(parts))
            body = bytearray(parts[name])
            at = dice.randrange(len(body))
            body[at : at + dice.randrange(4)] = dice.randbytes(dice.randrange(4))
            data = bytearray(samples.archive(**(parts | {name: bytes(body)})))
        try:
            queries.read_rows(bytes(data), header=HEADER)
        except Invalid:
            refused += 1
    assert 50 < refused < 300
