"""Rosters: rows taken, rows refused with the reason, twice is once, nobody is taken from another unit."""

from collections.abc import Iterator

import pytest

from bole.audit import queries as ledger
from bole.documents import queries as sheets
from bole.documents.intake import REASON
from bole.documents.terms import ImportReport
from bole.kernel.errors import Refused
from bole.people import actions, queries
from bole.people.actions.importing import HEADER
from bole.people.models import Person
from tests.factories.organizations import (
    HOSPITAL_CODE,
    NUMBERS,
    SCHOOL_CODE,
    SETUP,
    SITE,
    SPARE_NUMBERS,
    as_unit,
)
from tests.factories.people import World, register, roster

A, B, C = SPARE_NUMBERS[:3]


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.failed


def failures(report: ImportReport) -> Iterator[tuple[str, str]]:
    assert report.failures is not None
    for row in sheets.read_rows(report.failures, header=[*HEADER, REASON]):
        yield row.values["姓名"], row.values[REASON]


GOOD = [
    ["王娜", "居民身份证", A, "回族", "138 0951 7001", SCHOOL_CODE],
    ["买买提•艾力", "", B.lower(), "维吾尔", "", SCHOOL_CODE],
    ["Anna Smith", "护照", "e1234567x", "", "", HOSPITAL_CODE],
]


def test_persons_come_without_account_and_tied(world: World):
    assert counts(actions.import_persons(roster(*GOOD), site=SITE, by=SETUP)) == (3, 0, 0, 0)
    person = queries.person_by_identity("resident", A)
    assert person is not None
    assert (person.account_id, person.ethnic_group, person.phone) == (None, "03", "13809517001")
    assert queries.current_unit(person.pk) == world.ground.school
    other = queries.person_by_identity("resident", B)
    assert other is not None
    assert (other.name, other.ethnic_group, other.phone) == ("买买提·艾力", "05", None)
    guest = queries.person_by_identity("passport", "E1234567X")
    assert guest is not None
    assert (guest.birth_on, guest.sex, queries.current_unit(guest.pk)) == (None, "", world.ground.hospital)


def test_twice_is_once(world: World):
    actions.import_persons(roster(*GOOD), site=SITE, by=SETUP)
    before, written = Person.objects.count(), ledger.about("site", SITE).count()
    assert counts(actions.import_persons(roster(*GOOD), site=SITE, by=SETUP)) == (0, 0, 3, 0)
    assert Person.objects.count() == before
    assert ledger.about("site", SITE).count() == written + 1


def test_a_later_roster_fills_in_until_the_person_registers(world: World):
    actions.import_persons(roster(GOOD[0]), site=SITE, by=SETUP)
    better = [*GOOD[0][:4], "13809517002", SCHOOL_CODE]
    assert counts(actions.import_persons(roster(better), site=SITE, by=SETUP)) == (0, 1, 0, 0)
    person = register("王娜", A, phone="13809517002")
    assert counts(actions.import_persons(roster(GOOD[0]), site=SITE, by=SETUP)) == (0, 0, 1, 0)
    assert queries.person(person.pk).phone == "13809517002"


BAD = [
    (["", "", A, "", "", SCHOOL_CODE], "请填写姓名，与证件保持一致"),
    (["甲", "图书证", A, "", "", SCHOOL_CODE], "证件类型应为"),
    (["乙", "", A[:-1] + "8", "", "", SCHOOL_CODE], "身份证号码校验位不正确，请对照证件核对"),
    (["丙", "", A, "火星族", "", SCHOOL_CODE], "民族「火星族」不在选项中，请填写如「汉族」「回族」"),
    (["丁", "", A, "", "12345", SCHOOL_CODE], "手机号码应为 11 位数字，以 1 开头"),
    (["戊", "", A, "", "", ""], "请填写单位的统一社会信用代码"),
    (["己", "", A, "", "", "91350100M000100Y43"], "管辖范围内没有这个单位，请核对代码，或先导入单位"),
    (["林某", "", NUMBERS["林致远"], "", "", SCHOOL_CODE], "姓名与已登记的不一致，请对照证件核对"),
    (
        ["林致远", "", NUMBERS["林致远"], "", "", HOSPITAL_CODE],
        "该人员登记在其他单位，请由本人登录后变更所在单位，或先由原单位解除",
    ),
]


def test_faulty_rows_come_back_with_their_reasons(world: World):
    before = Person.objects.count()
    report = actions.import_persons(roster(*[row for row, _ in BAD], GOOD[1]), site=SITE, by=SETUP)
    assert counts(report) == (1, 0, 0, len(BAD))
    told = list(failures(report))
    assert [name for name, _ in told] == [row[0] for row, _ in BAD]
    assert all(reason.startswith(said) for (_, reason), (_, said) in zip(told, BAD, strict=True))
    assert Person.objects.count() == before + 1
    assert queries.current_unit(world.lin.pk) == world.ground.school


def test_an_authority_imports_for_its_own_ground(world: World):
    ma, he = as_unit(world.cast.ma, world.ground.xingqing), as_unit(world.cast.he, world.ground.shizuishan)
    assert counts(actions.import_persons(roster(GOOD[0]), site=SITE, by=he)) == (0, 0, 0, 1)
    assert counts(actions.import_persons(roster(GOOD[0]), site=SITE, by=ma)) == (1, 0, 0, 0)


def test_the_template_is_what_the_import_reads(world: World):
    assert counts(actions.import_persons(actions.person_template(), site=SITE, by=SETUP)) == (0, 0, 0, 0)


def test_a_unit_imports_nobody(world: World):
    """AC-29: a clerk who could put any number on a roster could open any file."""
    with pytest.raises(Refused):
        actions.import_persons(roster(GOOD[0]), site=SITE, by=as_unit(world.cast.zhou, world.ground.school))
    assert queries.person_by_identity("resident", A) is None
