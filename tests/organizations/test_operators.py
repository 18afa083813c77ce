"""Operators from a workbook: rows taken, rows refused with the reason, twice is once."""

from collections.abc import Iterator

import pytest

from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.intake import REASON
from bole.documents.terms import Column, ImportReport
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid, Refused
from bole.organizations import actions, queries
from bole.organizations.actions.operators import HEADER
from bole.organizations.models import Appointment
from bole.organizations.terms import Role
from tests.factories.organizations import (
    SCHOOL_CODE,
    SETUP,
    SITE,
    Ground,
    as_unit_account,
    make_administrator,
    resident_number,
)


@pytest.fixture
def head(ground: Ground) -> Actor:
    """The school's administrator; the province keeps one business role."""
    actions.keep_role(unit=ground.province.pk, name="职称审核", functions=[Role.REVIEWER], by=SETUP)
    return make_administrator(ground.school, "赵管理", 1)


def book(*rows: list[str]) -> bytes:
    return documents.write_sheet([Column(name) for name in HEADER], rows)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.failed


def failures(report: ImportReport) -> Iterator[tuple[str, str]]:
    assert report.failures is not None
    for row in sheets.read_rows(report.failures, header=["姓名", REASON], optional=HEADER):
        yield row.values["姓名"], row.values[REASON]


GOOD = [
    [SCHOOL_CODE, "李经办", resident_number(5), "审核员", "", ""],
    ["兴庆区第一中学", "周专家", resident_number(6), "评审专家", "2026-01-01", "2099/12/31"],
    ["兴庆区第一中学", "李经办", resident_number(5), "职称审核", "", ""],
]


def test_rows_become_offers_and_twice_is_once(ground: Ground, head: Actor):
    assert counts(actions.import_operators(book(*GOOD), site=SITE, by=SETUP)) == (3, 0, 0, 0)
    assert counts(actions.import_operators(book(*GOOD), site=SITE, unit=ground.school.pk, by=head)) == (0, 0, 3, 0)
    assert Appointment.objects.waiting().filter(unit=ground.school).count() == 3
    titles = [each.title for each in queries.invitations_for(login=resident_number(5), name="李经办")]
    assert sorted(titles) == ["审核员", "职称审核"]
    changed = [[*GOOD[0][:5], "2099-01-01"]]
    assert counts(actions.import_operators(book(*changed), site=SITE, by=SETUP)) == (0, 1, 0, 0)


BAD = [
    (["", "甲", resident_number(9), "审核员"], "请填写单位的统一社会信用代码或名称"),
    (["没有的单位", "乙", resident_number(9), "审核员"], "没有找到这个单位，请核对代码或名称，或先导入单位"),
    ([SCHOOL_CODE, "丙", "123", "审核员"], "身份证号"),
    ([SCHOOL_CODE, "丁", resident_number(9), "帮主"], "角色「帮主」不在该单位可以授予的角色中"),
    ([SCHOOL_CODE, "戊", resident_number(9), "单位管理员"], "角色「单位管理员」不在该单位可以授予的角色中"),
    ([SCHOOL_CODE, "己", resident_number(9), "审核员", "昨天"], "起始日期应为「年-月-日」"),
    ([SCHOOL_CODE, "庚", resident_number(9), "审核员", "", "2020-01-01"], "截止日期已经过去"),
    ([SCHOOL_CODE, "辛", resident_number(9), "经办员"], "单位不能设置「经办员」"),
]


def test_faulty_rows_come_back_with_their_reasons(ground: Ground, head: Actor):
    report = actions.import_operators(book(*[row for row, _ in BAD], GOOD[0]), site=SITE, by=SETUP)
    assert counts(report) == (1, 0, 0, len(BAD))
    for (name, told), (row, said) in zip(failures(report), BAD, strict=True):
        assert name == row[1]
        assert said in told


def test_an_administrator_imports_for_his_own_unit_only(ground: Ground, head: Actor):
    own = book(
        ["", "李经办", resident_number(5), "审核员", "", ""], ["", "赵管理", resident_number(1), "审核员", "", ""]
    )
    report = actions.import_operators(own, site=SITE, unit=ground.school.pk, by=head)
    assert counts(report) == (1, 0, 0, 1)
    assert "不能把自己" in next(failures(report))[1]
    for unit, by in ((ground.hospital.pk, head), (ground.school.pk, as_unit_account(ground.school)), (None, head)):
        with pytest.raises(Refused):
            actions.import_operators(own, site=SITE, unit=unit, by=by)


def test_the_template_is_what_the_import_reads(ground: Ground, head: Actor):
    for unit, by in ((None, SETUP), (ground.school.pk, head)):
        template = actions.operator_template(unit=unit)
        assert counts(actions.import_operators(template, site=SITE, unit=unit, by=by)) == (0, 0, 0, 0)


def test_a_workbook_without_its_columns_is_refused_whole(ground: Ground, head: Actor):
    with pytest.raises(Invalid) as caught:
        actions.import_operators(documents.write_sheet([Column("名称")], [["甲"]]), site=SITE, by=SETUP)
    assert [fault.at for fault in caught.value.faults] == ["file"]
