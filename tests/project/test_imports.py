"""`bole import`: rosters from Excel, the refused rows in a workbook beside the file, twice is once."""

from argparse import Namespace
from pathlib import Path

import pytest

from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.terms import Column
from bole.organizations.models import Unit
from bole.people.models import Person
from bole.project.commands import import_
from tests.factories.organizations import make_ground

UNITS = ("单位名称", "统一社会信用代码", "所属地区")
PERSONS = ("姓名", "证件类型", "证件号码", "民族", "手机号", "单位")
GOOD_UNIT = ["兴庆区新建学校", "11320482014138860P", "640104"]
BAD_UNIT = ["代码错误的学校", "126401004000004211", "640104"]
GOOD_PERSON = ["阿依古丽·买买提", "居民身份证", "64010419900101019X", "回族", "13895100001", "11320482014138860P"]
BAD_PERSON = ["校验错误", "居民身份证", "640104199001010191", "回族", "", "11320482014138860P"]


def book(path: Path, header: tuple[str, ...], *rows: list[str]) -> Path:
    path.write_bytes(documents.write_sheet([Column(name) for name in header], rows))
    return path


def run(what: str, path: Path) -> int:
    return import_.run(Namespace(what=what, file=path, site="ningxia", template=False))


@pytest.mark.django_db
def test_rosters_are_taken_row_by_row_and_twice_is_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    make_ground()
    units = book(tmp_path / "units.xlsx", UNITS, GOOD_UNIT, BAD_UNIT)
    persons = book(tmp_path / "persons.xlsx", PERSONS, GOOD_PERSON, BAD_PERSON)

    codes = [run("units", units), run("persons", persons), run("units", units), run("persons", persons)]

    said = capsys.readouterr().out
    assert codes == [1, 1, 1, 1]
    assert said.count("新增 1 条，更新 0 条，没有变化 0 条。") == 2
    assert said.count("新增 0 条，更新 0 条，没有变化 1 条。") == 2
    assert Unit.objects.filter(name="兴庆区新建学校").count() == 1
    assert Person.objects.filter(name="阿依古丽·买买提").count() == 1
    assert not Unit.objects.filter(name="代码错误的学校").exists()
    refused = sheets.read_rows((tmp_path / "units-未导入.xlsx").read_bytes(), header=UNITS, max_rows=10)
    assert [row.values["单位名称"] for row in refused] == ["代码错误的学校"]
