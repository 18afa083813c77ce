"""The block `results` of a service, and what is wrong with it."""

import pytest

from bole.definitions import catalogue
from bole.definitions.compare import compare
from bole.definitions.terms import Known, ResultEnd
from tests.definitions.ground import small, write

ROLES = frozenset({"reviewer", "collection-administrator"})
KNOWN = Known(roles=ROLES, tables=frozenset({"sex", "degree"}))


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
    ("results: {level: city, publicity: 4}", "「publicity」超出范围（界限 5）"),
    ("results: {level: city, ends: [revoked]}", "「ends」应为「键: 值」"),
    ("results: {level: city, ends: {revoked: null}}", "「revoked」应为文字"),
    ("results: {level: city, ends: {lost: 失去资格}}",
     "没有失效情形「lost」，只能写 objected（公示未通过）、revoked（资格撤销）"),
    ("results: {level: city, ends: {revoked: ' '}}", "失效情形 revoked 要写明叫法，例如「资格撤销」"),
    ("results: {level: city, ends: {revoked: 未通过}}", "失效情形不能叫「未通过」，与结果状态的叫法相同"),
    ("results: {level: city, ends: {revoked: 一二三四五六七八九十一二三}}", "失效情形的叫法最多12个字，现在是13个"),
    ("results: {level: city, publicity: 5, ends: {objected: 作废, revoked: 作废}}", "两种失效情形都叫「作废」"),
    ("results: {level: city, ends: {objected: 公示未通过}}", "没有写 publicity（结果公示几个工作日）"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "say"), WRONG)
def test_wrong_results_are_told(tmp_path, block, say):
    found = [str(each) for each in catalogue.problems(write(tmp_path, service=results(block)), KNOWN)]
    assert any(say in each for each in found), found


def test_effects_of_results_need_results(tmp_path):
    change = ("  completed: [people.verify_archive]", "  awarded: [people.verify_archive]")
    found = [str(each) for each in catalogue.problems(write(tmp_path, service=change), KNOWN)]
    assert any("没有写 results" in each for each in found)


ENDS = """\
results:
  level: city
  ends:
    lost: 失去资格
    objected: 通过
    revoked: ""
"""


def test_everything_wrong_with_the_ends_is_told_at_once_where_it_stands(tmp_path):
    found = [str(each) for each in catalogue.problems(write(tmp_path, service=results(ENDS)), KNOWN)]
    text = (tmp_path / "here/services/small.yaml").read_text(encoding="utf-8").splitlines()
    lines = {name: text.index(row) + 1 for row in text for name in ("lost", "objected", "revoked") if name in row}
    wanted = [
        (lines["lost"], "没有失效情形「lost」"),
        (lines["objected"], "失效情形不能叫「通过」"),
        (lines["objected"], "没有写 publicity"),
        (lines["revoked"], "失效情形 revoked 要写明叫法"),
    ]
    assert len(found) == len(wanted)
    for line, say in wanted:
        assert any(each.startswith(f"here/services/small.yaml:{line}: ") and say in each for each in found), found


def test_ends_have_the_words_of_the_service_and_what_says_none_has_none(tmp_path):
    block = "results: {level: city, publicity: 5, ends: {revoked: 资格取消, objected: 公示不通过}}"
    directory = write(tmp_path, service=results(block))
    assert catalogue.problems(directory, KNOWN) == []
    service = catalogue.load(directory).services["here", "small"]
    assert list(service.endings.items()) == [(ResultEnd.OBJECTED, "公示不通过"), (ResultEnd.REVOKED, "资格取消")]
    plain = small(tmp_path / "plain", service=results("results: {level: city}"))
    assert (plain.endings, small(tmp_path / "none").endings) == ({}, {})
    (said,) = compare(plain, service)
    assert "公示不通过" in said
    assert "{" not in said


COMPLETED = """\
enters:
  - {record: work, on: completed, fields: [{field: employer, value: 某单位}]}
"""
GIVEN = [
    ("ends: {revoked: 资格撤销}\n", "没有可以撤销的"),
    (f"{COMPLETED}ends: {{objected: 公示未通过}}\n", "没有写 results，不公布结果，不会有公示未通过"),
    (f"{COMPLETED}ends: {{lost: 失去资格}}\n", "没有失效情形「lost」"),
    ("results: {level: city}\nends: {revoked: 资格撤销}\n", "失效情形写在 results 的 ends 里"),
]


@pytest.mark.parametrize(("block", "say"), GIVEN)
def test_wrong_ends_of_what_completion_gives_are_told(tmp_path, block, say):
    found = [str(each) for each in catalogue.problems(write(tmp_path, service=results(block)), KNOWN)]
    assert any(say in each for each in found), found


def test_what_completion_gives_can_be_revoked(tmp_path):
    block = f"{COMPLETED}ends: {{revoked: 资格撤销}}"
    directory = write(tmp_path, service=results(block))
    path = directory / "here/services/small.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[people.verify_archive]", "[people.enter_records]"), encoding="utf-8")
    assert catalogue.problems(directory, KNOWN) == []
    service = catalogue.load(directory).services["here", "small"]
    assert (service.endings, service.keeping) == ({ResultEnd.REVOKED: "资格撤销"}, "reviewer")
