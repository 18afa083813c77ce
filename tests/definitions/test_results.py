"""The block `results` of a service, and what is wrong with it."""

import pytest

from bole.definitions import catalogue
from bole.definitions.terms import Known
from tests.definitions.ground import small, write

KNOWN = Known(roles=frozenset({"reviewer"}), tables=frozenset({"sex", "degree"}))


def results(block: str) -> tuple[str, str]:
    return ("route: two-level", f"route: two-level\n{block}")


def test_results_are_read_and_change_what_is_published(tmp_path):
    plain = small(tmp_path)
    service = small(tmp_path / "more", service=results("results: {applied: basic.sex, table: sex, level: city}"))
    assert service.results is not None
    assert (service.results.name, service.results.role) == ("评定", "reviewer")
    assert plain.results is None
    assert plain.hash != service.hash


WRONG = [
    ("results: {level: moon}", "「level」只能是 county、city、province"),
    ("results: {name: 评审}", "由谁录入结果要写 level（哪一级人社部门）或 seat（席位），只写一个"),
    ("results: {level: city, seat: {kind: authority, level: city}}", "或 seat（席位），只写一个"),
    ("results: {seat: subject_unit}", "结果由 authority（人社部门）或 answer（表中填写的单位）录入"),
    ("results: {seat: {kind: answer}}", "席位 answer 要写明 field"),
    ("results: {seat: authority}", "席位 authority 要写明 level"),
    ("results: {seat: {kind: answer, field: basic.size}}", "席位引用的「basic.size」不存在"),
    ("results: {seat: {kind: answer, field: basic.sex}}", "应为 unit 类型或以单位为值的目录字段"),
    ("results: {level: city, role: king}", "没有角色「king」"),
    ("results: {level: city, table: stars}", "没有代码表「stars」"),
    ("results: {level: city, applied: basic.size}", "申请级别引用的「basic.size」不存在"),
    ("results: {level: city, applied: work.employer}", "应为不在多条栏目里的代码字段"),
    ("results: {level: city, applied: basic.name}", "应为不在多条栏目里的代码字段"),
    ("results: {level: city, applied: basic.sex, table: degree}", "申请级别的代码表是 sex，与评定级别的 degree"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "say"), WRONG)
def test_wrong_results_are_told(tmp_path, block, say):
    found = [str(each) for each in catalogue.problems(write(tmp_path, service=results(block)), KNOWN)]
    assert any(say in each for each in found), found


def test_effects_of_results_need_results(tmp_path):
    change = ("  completed: [people.verify_archive]", "  awarded: [people.verify_archive]")
    found = [str(each) for each in catalogue.problems(write(tmp_path, service=change), KNOWN)]
    assert any("没有写 results" in each for each in found)
