"""Importing units: rows taken, rows refused with the reason, twice is once."""

from collections.abc import Iterator

import pytest

from bole.audit import queries as ledger
from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.intake import REASON
from bole.documents.terms import Column, ImportReport
from bole.kernel.errors import Invalid, Refused
from bole.organizations import actions, queries
from bole.organizations.actions.importing import HEADER
from bole.organizations.models import Unit
from tests.factories.organizations import (
    BUREAU_CODE,
    HOSPITAL_CODE,
    SCHOOL_CODE,
    SETUP,
    SITE,
    Cast,
    Ground,
    as_unit,
)

NEW_CODE = "91350100M000100Y43"


def book(*rows: list[str]) -> bytes:
    return documents.write_sheet([Column(name) for name in HEADER], rows)


def failures(report: ImportReport) -> Iterator[tuple[str, str]]:
    assert report.failures is not None
    for row in sheets.read_rows(report.failures, header=[*HEADER, REASON]):
        yield row.values["单位名称"], row.values[REASON]


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.failed


GOOD = [
    ["兴庆区卫生健康局", "", "D2143569-X", "", "宁夏回族自治区银川市兴庆区", BUREAU_CODE, "主管部门", "机关"],
    ["兴庆区中医院", NEW_CODE, "", "NX640104009", "640104", "兴庆区卫生健康局", "", "事业单位(公益二类)"],
    ["兴庆区第一中学", SCHOOL_CODE, "", "NX640104001", "兴庆区", "兴庆区教育局", "单位", "20"],
    ["兴庆区人民医院", HOSPITAL_CODE, "", "", "640104", "", "单位", ""],
]


def test_rows_create_update_and_leave(ground: Ground):
    report = actions.import_units(book(*GOOD), site=SITE, by=SETUP)
    assert (counts(report), report.failures) == ((2, 1, 1, 0), None)
    clinic = Unit.objects.get(credit_code=NEW_CODE)
    assert clinic.parent is not None
    assert (clinic.parent.name, clinic.parent.kind, clinic.unit_type, clinic.insurance_number) == (
        "兴庆区卫生健康局",
        "department",
        "21",
        "NX640104009",
    )
    assert clinic.parent.organization_code == "D2143569X"
    school = queries.unit(ground.school.pk)
    assert (school.insurance_number, school.unit_type, school.path) == ("NX640104001", "20", ground.school.path)


def test_twice_is_once(ground: Ground):
    actions.import_units(book(*GOOD), site=SITE, by=SETUP)
    before = Unit.objects.count()
    written = ledger.about("unit", str(ground.school.pk)).count()
    assert counts(actions.import_units(book(*GOOD), site=SITE, by=SETUP)) == (0, 0, 4, 0)
    assert Unit.objects.count() == before
    assert ledger.about("unit", str(ground.school.pk)).count() == written


BAD = [
    (["", NEW_CODE, "", "", "640104"], "单位名称应为 2 到 120 个字"),
    (["甲公司", NEW_CODE[:-1] + "4", "", "", "640104"], "统一社会信用代码校验位不正确，请对照登记证书核对"),
    (["乙公司", "", "", "", ""], "请填写所属地区"),
    (["丙公司", "", "", "", "雁塔区"], "所属地区应在宁夏范围内"),
    (["丁公司", "", "", "", "640104", "不存在的局"], "没有找到上级单位，请核对名称或代码，或先导入上级单位"),
    (["戊公司", "", "", "", "640104", "", "俱乐部"], "类别应为单位、人社部门、主管部门、继续教育基地之一"),
    (["己公司", "", "", "", "640104", "", "", "帮会"], "单位类型「帮会」不在选项中，请按下拉选项填写"),
    (["第二人社局", "", "", "", "640104", "", "人社部门"], "该地区已经有人社部门，一个地区只能登记一个"),
]


def test_faulty_rows_come_back_with_their_reasons(ground: Ground):
    before = Unit.objects.count()
    report = actions.import_units(book(*[row for row, _ in BAD], GOOD[1][:5]), site=SITE, by=SETUP)
    assert counts(report) == (1, 0, 0, len(BAD))
    assert list(failures(report)) == [(row[0], said) for row, said in BAD]
    assert Unit.objects.count() == before + 1


def test_two_superiors_of_one_name_need_the_code(ground: Ground):
    rows = [["城关小学", "", "", "", region, parent] for region, parent in (("640104", "兴庆区教育局"), ("640202", ""))]
    actions.import_units(book(*rows), site=SITE, by=SETUP)
    report = actions.import_units(book(["分校", "", "", "", "640104", "城关小学"]), site=SITE, by=SETUP)
    assert list(failures(report)) == [("分校", "有多个同名的上级单位，请改填统一社会信用代码")]


def test_an_authority_imports_on_its_own_ground_and_moves_nobody(ground: Ground, cast: Cast):
    ma = as_unit(cast.ma, ground.xingqing)
    rows = [
        ["兴庆区图书馆", "", "", "", "640104", BUREAU_CODE],
        ["金凤区图书馆", "", "", "", "640106"],
        ["兴庆区第一中学", SCHOOL_CODE, "", "", "640104", BUREAU_CODE],
    ]
    report = actions.import_units(book(*rows), site=SITE, by=ma)
    assert counts(report) == (1, 0, 0, 2)
    assert list(failures(report)) == [
        ("金凤区图书馆", "所属地区不在您所在部门的管辖范围内。"),
        ("兴庆区第一中学", "上级单位与登记的不一致，请由单位提交「主管部门更改」申请。"),
    ]
    assert queries.unit(ground.school.pk).parent_id == ground.education.pk
    assert counts(actions.import_units(book(rows[2]), site=SITE, by=SETUP)) == (0, 1, 0, 0)
    assert queries.unit(ground.school.pk).parent_id == ground.xingqing.pk


def test_the_template_is_what_the_import_reads(ground: Ground):
    assert counts(actions.import_units(actions.unit_template(), site=SITE, by=SETUP)) == (0, 0, 0, 0)


def test_a_workbook_without_its_columns_is_refused_whole(ground: Ground):
    data = documents.write_sheet([Column("名称")], [["甲"]])
    with pytest.raises(Invalid) as caught:
        actions.import_units(data, site=SITE, by=SETUP)
    assert [fault.at for fault in caught.value.faults] == ["file"]


def test_others_import_nothing(ground: Ground, cast: Cast):
    with pytest.raises(Refused):
        actions.import_units(book(*GOOD), site=SITE, by=as_unit(cast.zhou, ground.school))
