"""From answers as typed to values and faults."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.definitions import answers
from bole.definitions.terms import SectionState
from bole.kernel.errors import Fault
from tests.definitions.ground import context, ningxia, small
from tests.definitions.test_fields import JUNK

WORK = {
    "id": "k1",
    "start": "2010-07",
    "end": "2015-06",
    "employer": "清和县人民医院",
    "duty": "无",
    "responsibility": "临床",
}


def clean(section, typed, **others):
    return answers.clean_section(ningxia(), section, typed, context=context(others))


def test_a_whole_record_is_valid_and_normalised():
    found = clean("work", [{**WORK, "start": "2010年7月"}])
    assert found.faults == ()
    assert found.state is SectionState.VALID
    assert found.values == [WORK]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"start": ""}, Fault("k1.start", "请填写起始年月")),
        ({"start": "2018-13"}, Fault("k1.start", "起始年月有误，2018-13 不是正确的年月")),
        ({"start": "2016-01"}, Fault("k1.end", "结束年月不能早于起始年月")),
        ({"start": "1930-01"}, Fault("k1.start", "起始年月不能早于出生日期")),
        ({"end": "2026-12"}, Fault("k1.end", "结束年月晚于今天，请核对")),
        ({"employer": "安" * 26}, Fault("k1.employer", "工作单位最多20个字符，现在是26个")),
        ({"employer": " \u3000\u200b"}, Fault("k1.employer", "请填写工作单位")),
        ({"employer": 7}, Fault("k1.employer", "工作单位应为文字，请重新填写")),
        ({"employer": {"nothing": "none"}}, Fault("k1.employer", "工作单位不能这样填写，请填写内容")),
    ],
)
def test_one_fault_at_its_place(changed, fault):
    found = clean("work", [{**WORK, **changed}])
    assert found.faults == (fault,)
    assert found.state is SectionState.INCOMPLETE


def test_an_open_end_is_no_fault_and_a_check_is_not_made_on_a_faulty_field():
    assert clean("work", [{**WORK, "end": ""}]).faults == ()
    assert [fault.at for fault in clean("work", [{**WORK, "start": "x", "end": "1900-01"}]).faults] == ["k1.start"]


def paper(place):
    return {"id": f"p{place}", "title": f"论文{place}", "publisher": "刊", "published": "2018-11-06", "rank": "一作"}


def test_the_eleventh_paper_is_too_many():
    assert clean("papers", [paper(place) for place in range(10)]).state is SectionState.VALID
    found = clean("papers", [paper(place) for place in range(11)])
    assert found.faults == (Fault("", "「论文专著」最多填写10项，现在是11项，请删去多余的"),)


def test_states_of_sections():
    assert clean("papers", []).state is SectionState.EMPTY
    assert clean("papers", None).faults == ()
    assert clean("papers", {"nothing": "none"}).state is SectionState.NONE
    assert clean("work", []).faults == (Fault("", "「工作经历」尚未填写"),)
    assert clean("work", {"nothing": "none"}).faults == (Fault("", "「工作经历」必须填写，不能声明无此项"),)
    assert clean("supplement", {"text": " "}).state is SectionState.EMPTY
    assert clean("supplement", {"text": "长期从事\r\n临床"}).values == {"text": "长期从事\n临床"}
    assert clean("contact", {}).state is SectionState.EMPTY
    assert [fault.say for fault in clean("contact", {}).faults] == [
        "请填写姓名",
        "请选择性别",
        "请选择与委托人关系",
        "请填写联系电话",
    ]


@pytest.mark.parametrize(("category", "titles", "skills"), [("专业技术人才", 1, 0), ("4", 0, 1), ("", 0, 0)])
def test_which_qualification_is_required_follows_the_talent_category(category, titles, skills):
    basic = {"talent_category": category}
    assert len(clean("titles", [], basic=basic).faults) == titles
    assert len(clean("skills", [], basic=basic).faults) == skills


def test_other_demands_its_remark_and_hidden_answers_are_left_out():
    typed = {"id": "x", "project": "其他", "technology": "03", "technology_note": "旧的", "level": "2", "year": "2016"}
    found = clean("talent_projects", [typed])
    assert found.faults == (Fault("x.project_note", "请填写人才工程备注"),)
    assert "technology_note" not in found.values[0]
    assert clean("talent_projects", [{**typed, "project_note": "凤城名师"}]).state is SectionState.VALID


def test_the_title_cascade_holds_together():
    title = {
        "id": "t",
        "series": "03",
        "level": "03-2",
        "title": "0302",
        "number": "1",
        "obtained": "2018-09",
        "issuer": "厅",
    }
    assert clean("titles", [title]).state is SectionState.VALID
    moved = clean("titles", [{**title, "series": "04"}])
    assert [fault.at for fault in moved.faults] == ["t.level", "t.title"]
    low = clean("titles", [{**title, "level": "03-3", "title": "0303"}])
    assert low.faults == (Fault("t.level", "本次采集从副高及以上职称开始填报，请选择正高级或副高级"),)


def test_fixed_fields_come_from_the_facts_whatever_is_posted():
    found = clean("basic", {"name": "别人", "identity_number": "1", "employer": "别处"})
    assert (found.values["name"], found.values["employer"]) == ("林知远", "安澜市第一人民医院")
    assert found.values["identity_number"] == "11010519491231002X"
    missing = answers.clean_section(ningxia(), "basic", {}, context=context(person={}))
    assert Fault("name", "中文姓名缺失，请先在账号或档案中补全") in missing.faults


def test_kinds_of_nothing():
    member = {
        "id": "f",
        "relation": "配偶",
        "name": "王",
        "sex": "女",
        "born": {"nothing": "unknown"},
        "employer": {"nothing": "none"},
    }
    found = clean("family", [member])
    assert found.faults == ()
    assert found.values[0]["employer"] == {"nothing": "none"}
    wrong = clean("family", [{**member, "born": {"nothing": "none"}}])
    assert [fault.at for fault in wrong.faults] == ["f.born"]


def test_inapplicable_demands_its_reason(tmp_path):
    service = small(tmp_path, service=("max: 5, show", "max: 5, nothing: [inapplicable], show"))
    typed = {"sex": "女", "note": {"nothing": "inapplicable"}}
    found = answers.clean_section(service, "basic", typed, context=context())
    assert found.faults == (Fault("note", "请填写备注不适用的原因"),)
    typed["note"] = {"nothing": "inapplicable", "reason": " 未满一年 "}
    cleaned = answers.clean_section(service, "basic", typed, context=context())
    assert cleaned.values["note"] == {"nothing": "inapplicable", "reason": "未满一年"}
    assert answers.shown_text(service.section("basic").by_code["note"], cleaned.values["note"]) == "不适用（未满一年）"


CAPTIONS = {
    "education": (
        {"start": "2002-09", "school": "毕业院校", "major": "所学专业", "education": "大学本科", "mode": "全日制教育"},
        "毕业学校: 毕业院校-所学专业-大学本科-全日制教育, 学历证书和学位证书",
    ),
    "talent_projects": (
        {"project": "Z05", "technology": "生态环境保护", "level": "省部级", "year": "2016"},
        "人才工程名称: 青年拔尖人才-自治区级学术技术带头人后备人选-生态环境保护-省部级-2016, 相关证明材料",
    ),
    "titles": (
        {"series": "03", "level": "03-2", "title": "0302", "number": "22222", "obtained": "2018-09",
         "issuer": "发证机构"},
        "专技系列: 自然科学研究人员-副高级-副研究员-201809-22222-发证机构, 证书",
    ),
    "skills": (
        {"trade": "职业工种", "grade": "2", "number": "4444", "obtained": "2018-10-30"},
        "职业工种: 职业工种-技师(二级)-4444-20181030, 证书",
    ),
    "projects": (
        {"title": "项目名称", "number": "33", "approved": "2018-09", "kind": "22", "role": "主持人"},
        "科研项目名称: 项目名称-33-201809-宁夏哲学社会科学规划项目-主持人, 相关证明材料",
    ),
    "papers": (
        {"title": "论文(专著)名称", "publisher": "期刊/出版社/获奖机构", "published": "2018-11-06", "rank": "一作"},
        "论文专著名称: 论文(专著)名称-期刊/出版社/获奖机构-20181106-一作, 相关证明材料",
    ),
    "appraisals": (
        {"title": "鉴定成果名称", "agency": "评审或鉴定机构", "passed": "2018-10-31", "rank": "3",
         "level": "自治区", "grade": "一等", "number": "44444"},
        "科研成果名称: 鉴定成果名称-评审或鉴定机构-20181031-3-自治区-一等-44444, 相关证明材料",
    ),
    "patents": (
        {"title": "专利名称", "kind": "发明专利", "granted": "2018-11-05", "number": "3333"},
        "专利名称: 专利名称-发明专利-20181105-3333, 相关证明材料",
    ),
    "honors": (
        {"title": "荣誉(奖项)名称", "issuer": "颁奖单位", "level": "市级", "awarded": "2018-11-06", "grade": "一等奖"},
        "荣誉奖项名称: 荣誉(奖项)名称-颁奖单位-市级-20181106-一等奖, 相关证明材料",
    ),
}  # fmt: skip


@pytest.mark.parametrize("section", CAPTIONS)
def test_captions_read_as_in_the_manual(section):
    record, caption = CAPTIONS[section]
    typed = {section: [{"id": "r1", **record}]}
    cleaned = answers.clean_all(ningxia(), typed, context())
    lines = [line for line in answers.captions(ningxia(), cleaned, context(typed)) if line.section == section]
    assert [(line.key, line.caption, line.min, line.instead) for line in lines] == [
        (f"{section}:r1", caption, 1, "explanation")
    ]


def test_a_blank_slot_takes_its_hyphen_along(tmp_path):
    service = small(tmp_path)
    for record, caption in (
        ({"employer": "甲"}, "工作单位: 甲, 证明"),
        ({"start": "2018-09"}, "工作单位: 201809, 证明"),
    ):
        assert answers.filled(service.evidence[0].caption, service.section("work"), record) == caption


POSTED = {
    "born": [""], "born__nothing": ["unknown"], "name": ["王"], "employer": ["甲厂"], "employer__nothing": ["none"],
    "id": ["evil"], "__class__": ["x"],
}  # fmt: skip


def test_posted_inputs_become_answers_as_typed():
    found = answers.typed_of(ningxia().section("family"), lambda name: POSTED.get(name, []))
    assert found == {"name": "王", "born": {"nothing": "unknown"}, "employer": "甲厂"}
    basic = answers.typed_of(
        ningxia().section("basic"), lambda name: {"specialty_fields": ["01", "19"], "name": ["别人"]}.get(name, [])
    )
    assert basic == {"specialty_fields": ["01", "19"]}


@given(typed=JUNK, section=st.sampled_from(["basic", "work", "titles", "family", "supplement", "attachments"]))
def test_nothing_that_can_be_stored_makes_cleaning_raise(typed, section):
    found = answers.clean_all(ningxia(), {section: typed}, context())[section]
    assert found.state in SectionState
