"""Lower units from a workbook, each with its account and the offer to its first administrator."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.intake import REASON
from bole.documents.terms import Column, ImportReport
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused
from bole.organizations import actions
from bole.organizations.actions.importing_subordinates import HEADER
from bole.organizations.models import Appointment, Unit, UnitAccount
from tests.factories.organizations import (
    BUREAU_CODE,
    HOSPITAL_CODE,
    Ground,
    as_unit_account,
    make_administrator,
    resident_number,
)

NEW_CODE = "91350100M000100Y43"


@pytest.fixture
def above(ground: Ground) -> Actor:
    return make_administrator(ground.xingqing, "区管理", 2)


def row(name: str, serial: int, code: str = "", kind: str = "", region: str = "", parent: str = "") -> list[str]:
    phone = f"137000000{serial}"
    return [name, code, kind, region, parent, "公共服务", f"管理{serial}", resident_number(serial), phone]


def book(*rows: list[str]) -> bytes:
    return documents.write_sheet([Column(name) for name in HEADER], rows)


def taken(data: bytes, *, unit: UUID, by: Actor) -> ImportReport:
    return documents.take_all(actions.subordinates_import(unit=unit, by=by), data)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.failed


def failures(report: ImportReport) -> Iterator[tuple[str, str]]:
    assert report.failures is not None
    for each in sheets.read_rows(report.failures, header=["单位名称", REASON], optional=HEADER):
        yield each.values["单位名称"], each.values[REASON]


GOOD = [
    row("兴庆区水务局", 20, NEW_CODE, "主管部门", "兴庆区"),
    row("水文站", 21, "", "单位", "", "兴庆区水务局"),
    row("图书馆", 22),
]


def test_rows_become_units_with_accounts_and_offers_and_twice_is_once(ground: Ground, above: Actor):
    assert counts(taken(book(*GOOD), unit=ground.xingqing.pk, by=above)) == (3, 0, 0, 0)
    station, library = (Unit.objects.get(name=name) for name in ("水文站", "图书馆"))
    assert station.parent is not None
    assert (station.parent.name, station.provisional_code) == ("兴庆区水务局", f"{NEW_CODE}01")
    assert library.provisional_code == f"{BUREAU_CODE}01"
    assert UnitAccount.objects.count() == Appointment.objects.waiting().count() == 3
    assert counts(taken(book(*GOOD), unit=ground.xingqing.pk, by=above)) == (0, 0, 3, 0)
    assert UnitAccount.objects.count() == 3


def test_faulty_rows_come_back_with_their_reasons(ground: Ground, above: Actor):
    bad = [
        (row("甲馆", 20, HOSPITAL_CODE), "已经登记"),
        (row("乙馆", 21, "", "俱乐部"), "单位类别应为"),
        (row("丙馆", 22, "", "", "640202"), "所属地区应在上级单位所属地区范围内"),
        (row("丁馆", 23, "", "", "", "金凤区人社局"), "没有找到上级单位「金凤区人社局」"),
        ([*row("戊馆", 24)[:6], "", "", ""], "请填写与证件一致的姓名"),
    ]
    before = Unit.objects.count()
    report = taken(book(*[each for each, _ in bad], GOOD[2]), unit=ground.xingqing.pk, by=above)
    assert counts(report) == (1, 0, 0, len(bad))
    for (name, told), (each, said) in zip(failures(report), bad, strict=True):
        assert name == each[0]
        assert said in told
    assert Unit.objects.count() == before + 1
    assert UnitAccount.objects.count() == 1


def test_only_whoever_may_create_units_imports_them(ground: Ground, above: Actor):
    for unit, by in ((ground.jinfeng, above), (ground.xingqing, as_unit_account(ground.xingqing))):
        with pytest.raises(Refused):
            taken(book(*GOOD), unit=unit.pk, by=by)


def test_the_template_is_what_the_import_reads(ground: Ground, above: Actor):
    template = actions.subordinates_template(unit=ground.xingqing.pk)
    assert counts(taken(template, unit=ground.xingqing.pk, by=above)) == (0, 0, 0, 0)
