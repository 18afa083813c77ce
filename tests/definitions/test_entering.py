"""What a case enters in the archive, what a part draws from it, and what is wrong with either, with file and line."""

import pytest

from bole.definitions import answers, catalogue
from bole.definitions.terms import Entering, Known, RecordKind
from tests.definitions.ground import context, small, with_section, write
from tests.definitions.test_governed import PLAN, WATER, WORK

KNOWN = Known(
    roles=frozenset({"reviewer", "collection-administrator"}), tables=frozenset({"sex", "degree"}),
    effects=frozenset({"people.verify_archive", "people.enter_records"}), lookups=frozenset({"invented-lines"}),
)  # fmt: skip
ENTERS = "  completed: [people.enter_records]\nenters:\n  - record: work\n    on: completed\n    fields:\n"
GOOD = ENTERS + "      - {field: start, from: result.decided_on}\n      - {field: employer, from: result.unit}\n"
SERVICE = "here/services/small.yaml"


def told(tmp_path, text: str, known: Known = KNOWN) -> list[str]:
    changed = write(tmp_path, service=("  completed: [people.verify_archive]\n", text))
    return [str(each) for each in catalogue.problems(changed, known)]


def test_a_right_mapping_is_published_with_its_record_kind(tmp_path):
    service = small(tmp_path, service=("  completed: [people.verify_archive]\n", GOOD))
    assert told(tmp_path / "again", GOOD) == []
    assert [each.field for each in service.enters[0].fields] == ["start", "employer"]
    assert service.kept("work").name == "工作经历"
    assert service.body()["enters"][0]["fields"][0] == {"field": "start", "from": "result.decided_on"}


FIELD = "      - {field: start, from: result.decided_on}\n"
MORE = 'from: basic.sex, codes: {"1": "2"}'
# What is written, the words that stand on the line that is told, and the sentence.
WRONG = [
    (GOOD.replace("record: work", "record: stars"), "stars", "没有档案记录种类「stars」"),
    (GOOD.replace("[people.enter_records]", "[people.verify_archive]"), "on: completed", "没有写 people.enter_records"),
    ("  completed: [people.enter_records]\n", "enter_records", "但 enters 里没有 on: completed 的记录"),
    (GOOD.replace("on: completed", "on: awarded"), "on: awarded", "没有写 results，不会公布结果，应写 on: completed"),
    (GOOD.replace("on: completed", "on: returned"), "on: returned", "只能是 completed（办结）或 awarded"),
    (GOOD + "results: {level: city}\n", "on: completed", "办结时还没有结果，应写 on: awarded"),
    (GOOD.replace("field: employer, from", "field: boss, from"), "boss", "「工作经历」里没有栏目「boss」"),
    (GOOD.replace(FIELD, FIELD + "      - {field: start, value: '1'}\n"), "'1'", "栏目「起始年月」写了两次"),
    (GOOD.replace(", from: result.unit", ""), "{field: employer}", "要写 from（取自哪里）或 value（固定的值）"),
    (GOOD.replace("result.unit", "basic.size"), "basic.size", "没有「basic.size」：应为 栏目.字段，或 result."),
    (GOOD.replace("result.unit", "work.employer"), "from: work", "「工作经历」可以有多条，不知道取哪一条"),
    (GOOD.replace("result.unit", "basic.phone"), "basic.phone", "隐私级别是 sensitive，「工作单位」只是 plain"),
    (GOOD.replace("result.decided_on", "basic.sex"), "from: basic.sex", "（month）不能取自「性别」（code）"),
    (GOOD.replace("result.decided_on", "case.number"), "case.number", "「起始年月」是 month 类型，不能取自文字"),
    (GOOD.replace("result.unit", "result.document"), "result.document", "只有公布结果（on: awarded）时才有"),
    (GOOD.replace("from: result.decided_on", 'value: "2020-01"'), "2020-01", "是 month 类型，不能写固定的值"),
    (GOOD.replace("from: result.unit", f"value: {'长' * 61}"), "长长", "「工作单位」最多60个字符"),
    (GOOD.replace("from: result.unit", MORE), "codes:", "不是代码栏目，不能写 codes"),
    (GOOD.replace("result.unit", "result.unit, colour: red"), "colour", "不认识的键「colour」"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "say"), WRONG)
def test_wrong_mapping_is_told_with_file_and_line(tmp_path, text, words, say):
    hits = [each for each in told(tmp_path, text) if say in each]
    lines = (tmp_path / SERVICE).read_text(encoding="utf-8").splitlines()
    (line,) = [place for place, each in enumerate(lines, 1) if words in each]
    assert hits
    assert all(f"{SERVICE}:{line}:" in each for each in hits), hits


KIND = RecordKind.model_validate(
    {
        "record": "title", "name": "资格", "key": ["title"],
        "fields": [
            {"field": "series", "name": "系列", "type": "code", "table": "title", "roots": True},
            {"field": "level", "name": "等级", "type": "code", "table": "title", "parent": "series"},
            {"field": "title", "name": "名称", "type": "text", "max": 2},
            {"field": "way", "name": "方式", "type": "code", "table": "title-way"},
            {"field": "obtained", "name": "时间", "type": "month"},
            {"field": "remark", "name": "备注", "type": "text", "max": 9},
        ],
    }
)  # fmt: skip


def entered(fields, values):
    service = with_section(PLAN).model_copy(update={"archive": (KIND,)})
    entering = {"record": "title", "on": "completed", "fields": fields}
    told = {"result.decided_on": "2026-03-18"}
    return answers.entered_record(service, Entering.model_validate(entering), {"plan": values}, told)


def test_a_line_becomes_the_code_or_the_name_of_the_table_and_what_has_none_is_left_out():
    fields = [
        {"field": "series", "from": "plan.series"},
        {"field": "level", "from": "plan.major"},
        {"field": "title", "from": "plan.note"},
        {"field": "way", "from": "plan.series", "codes": {"05": "1"}},
        {"field": "obtained", "from": "result.decided_on"},
        {"field": "remark", "value": "市级"},
    ]
    assert entered(fields, {"series": WORK, "major": WATER, "note": "很长的话"}) == {
        "series": "05", "title": "很长", "way": "1", "obtained": "2026-03", "remark": "市级",
    }  # fmt: skip
    nothing = {"series": "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e61", "note": {"nothing": "none"}}
    assert entered(fields, nothing) == {"obtained": "2026-03", "remark": "市级"}


DRAWN = (
    "      - {field: phone, name: 电话, type: phone, privacy: sensitive, purpose: 联系}\n",
    "      - {field: phone, name: 电话, type: phone, privacy: sensitive, purpose: 联系}\n"
    "    parts:\n      - {name: 甲, fields: [name, sex, note, phone], drawn: DRAWN}\n",
)
WRONG_DRAWN = [
    ("{record: stars, latest: start, fields: {note: employer}}", "没有档案记录种类「stars」"),
    ("{record: work, latest: employer, fields: {note: employer}}", "latest 应为「工作经历」的日期栏目"),
    ("{record: work, latest: start, fields: {size: employer}}", "「size」应为「甲」里可以填写的字段"),
    ("{record: work, latest: start, fields: {name: employer}}", "「name」应为「甲」里可以填写的字段"),
    ("{record: work, latest: start, fields: {note: boss}}", "「工作经历」里没有栏目「boss」"),
    ("{record: work, latest: start, fields: {sex: employer}}", "「性别」（code）不能取自「工作单位」（text）"),
    ("{record: work, latest: start, fields: {note: wage}}", "「工资」的隐私级别是 personal，「备注」只是 plain"),
]


@pytest.mark.parametrize(("drawn", "say"), WRONG_DRAWN)
def test_wrong_drawing_is_told_with_file_and_line(tmp_path, drawn, say):
    change = (DRAWN[0], DRAWN[1].replace("DRAWN", drawn))
    found = [str(each) for each in catalogue.problems(write(tmp_path, service=change), KNOWN)]
    assert any(say in each and "here/services/small.yaml:" in each for each in found), found


def test_a_part_draws_the_first_that_is_filled_as_it_would_be_typed(tmp_path):
    drawn = "{record: work, latest: start, fields: {note: [end, employer]}}"
    service = small(tmp_path, service=(DRAWN[0], DRAWN[1].replace("DRAWN", drawn)))
    section = service.section("basic")
    data = {"start": "2020-01", "employer": "安澜市第一人民医院"}
    assert answers.drawn_values(service, section, section.parts[0], data, context()) == {"note": "安澜市第一"}
    data |= {"end": "2021-02"}
    assert answers.drawn_values(service, section, section.parts[0], data, context()) == {"note": "2021-"}
