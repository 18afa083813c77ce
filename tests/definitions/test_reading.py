"""What preview, review, print, lists and machines get."""

import json
from pathlib import Path

import pytest

from bole.definitions import answers, queries
from bole.definitions.faces import columns
from bole.definitions.faces.schema import service_schema
from bole.definitions.fields import TYPES
from bole.definitions.terms import SectionKind, SectionState
from tests.definitions.ground import TODAY, context, every_type, ningxia, small, with_section

GOLDEN = Path(__file__).parent / "small.schema.json"
TITLE = {"series": "04", "level": "04-2", "title": "0402", "number": "1", "obtained": "2018-09", "issuer": "厅"}


def read(section, typed, *, mask=False, service=None):
    return queries.reading(service or ningxia(), section, typed, context(), mask=mask)


def pairs(found):
    return {pair.field: pair.text for pair in found.pairs}


def test_pairs_show_names_masks_and_what_is_missing():
    typed = {"phone": "13800000000", "talent_category": "3", "specialty_fields": ["01", "19"], "nationality": "中国"}
    found = read("basic", typed, mask=True)
    shown = pairs(found)
    assert (shown["talent_category"], shown["specialty_fields"], shown["nationality"]) == (
        "专业技术人才",
        "农业、医疗卫生",
        "中国",
    )
    assert (shown["identity_number"], shown["phone"]) == ("1101**********002X", "138****0000")
    assert (shown["duty"], shown["english_name"]) == ("未填写", "—")
    missing = [pair.field for pair in found.pairs if pair.missing]
    assert "duty" in missing
    assert "english_name" not in missing
    assert pairs(read("basic", typed))["phone"] == "13800000000"
    assert found.pairs[0].at == "basic.identity_kind"


def test_rows_in_order_with_places_and_hidden_fields_blank():
    one = {"id": "b", "start": "2015-07", "employer": "乙院", "duty": "主治", "responsibility": "临床"}
    two = {
        "id": "a",
        "start": "2010-07",
        "end": "2015-06",
        "employer": "甲院",
        "duty": "住院",
        "responsibility": "临床",
    }
    found = read("work", [one, two])
    assert (found.kind, found.heading) == ("table", "工作经历 (参加工作经历)")
    assert [row.id for row in found.rows] == ["a", "b"]
    assert found.heads == ("起始年月", "结束年月", "工作单位", "职务", "专业或岗位职责")
    assert [cell.at for cell in found.rows[0].cells][:2] == ["work[a].start", "work[a].end"]
    assert found.rows[1].caption == "2015-07 乙院"
    project = read("projects", [{"id": "p", "kind": "22", "kind_note": "旧的"}])
    assert {cell.field: cell.text for cell in project.rows[0].cells}["kind_note"] == "—"


def test_sensitive_names_do_not_stand_in_masked_captions():
    member = {"id": "f", "relation": "配偶", "name": "王小明", "sex": "女", "employer": {"nothing": "none"}}
    row = read("family", [member], mask=True).rows[0]
    assert "王小明" not in row.caption + "".join(cell.text for cell in row.cells)
    assert {cell.field: cell.text for cell in read("family", [member]).rows[0].cells}["employer"] == "无"


def test_declared_none_and_wrong_entries():
    assert read("papers", {"nothing": "none"}).state is SectionState.NONE
    assert pairs(read("basic", {"phone": "138"}))["phone"] == "138"


@pytest.mark.parametrize("code", TYPES)
def test_every_type_can_be_read_printed_and_described(code):
    section = every_type()
    service = with_section(section)
    field = next(each for each in section.fields if each.type == code)
    typed = {field.field: TYPES[code].sample(field)}
    cell = next(each for each in read("all", typed, service=service).pairs if each.field == field.field)
    printed = queries.print_data(service, {"all": typed}, context())
    assert cell.text
    assert not cell.blank
    assert printed["texts"]["all"][field.field] == cell.text
    assert "type" in service_schema(service, TODAY)["properties"]["all"]["properties"][field.field]


def test_print_data_is_plain_json_with_all_sections():
    typed = {"titles": [{"id": "t", **TITLE}], "basic": {"phone": "13800000000"}}
    data = json.loads(json.dumps(queries.print_data(ningxia(), typed, context()), ensure_ascii=False))
    assert [each["name"] for each in data["sections"]][:2] == ["基本信息", "工作经历"]
    assert data["texts"]["titles"][0]["title"] == "副主任医师"
    assert data["texts"]["basic"]["english_name"] == ""
    assert data["texts"]["basic"]["identity_number"] == "11010519491231002X"


def test_columns_take_the_highest():
    typed = {
        "basic": {"talent_category": "3", "discipline": "320"},
        "titles": [{"id": "a", **TITLE}, {"id": "b", **TITLE, "level": "04-1", "title": "0401"}],
        "education": [
            {"id": "x", "start": "2002-09", "school": "甲", "major": "乙", "education": "大学本科", "mode": "1"},
            {"id": "y", "start": "2007-09", "school": "甲", "major": "乙", "education": "硕士研究生", "mode": "1"},
        ],
        "skills": [{"id": "s", "trade": "焊工", "grade": "2", "number": "1", "obtained": "2018-01-01"},
                   {"id": "t", "trade": "焊工", "grade": "1", "number": "2", "obtained": "2010-01-01"}],
    }  # fmt: skip
    values = {code: each.values for code, each in answers.clean_all(ningxia(), typed, context()).items()}
    assert queries.facts_of(ningxia(), values) == {
        "basic.talent_category": "专业技术人才",
        "basic.discipline": "临床医学",
        "titles.title": "主任医师",
        "skills.grade": "高级技师(一级)",
        "education.education": "硕士研究生",
    }
    assert [fact.value for fact in columns.facts(ningxia(), values)][:2] == ["3", "320"]
    assert queries.facts_of(ningxia(), {}) == {}


def test_schema_is_the_golden_one(tmp_path):
    """To renew after a wanted change: write `found` to the golden file and look at the difference."""
    found = service_schema(small(tmp_path), TODAY)
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_schema_covers_the_whole_service():
    schema = service_schema(ningxia(), TODAY)
    sections = [each for each in ningxia().sections if each.kind is SectionKind.FIELDS]
    assert list(schema["properties"]) == [each.section for each in sections]
    assert schema["required"] == ["basic", "work", "education", "family", "contact"]
    papers = schema["properties"]["papers"]["anyOf"][0]
    assert papers["maxItems"] == 10
    assert schema["properties"]["basic"]["properties"]["name"]["readOnly"] is True
    assert schema["properties"]["titles"]["x-required"] == 'basic.talent_category == "专业技术人才"'


def test_as_json_tells_sections_fields_evidence_and_route():
    told = json.loads(json.dumps(queries.as_json(ningxia()), ensure_ascii=False))
    assert len(told["sections"]) == 17
    papers = next(each for each in told["sections"] if each["key"] == "papers")
    assert (papers["many"], papers["max"]) == (True, 10)
    name = told["sections"][0]["fields"][2]
    assert (name["key"], name["name"], name["required"], name["fixed"]) == ("name", "中文姓名", True, True)
    assert [step["step"] for step in told["route"]["steps"]] == ["unit", "county", "city", "region"]
