"""The shipped service against the manual (宁夏高层次人才信息采集操作手册, 2018-10): labels, duties, limits."""

import pytest

from bole.definitions.terms import SeatKind, Verdict
from bole.kernel.privacy import Privacy
from tests.definitions.ground import ningxia

# Labels in order; * required, = not changeable.
FORM = {
    "基本信息": "=证件类型 =证件号码 =中文姓名 英文姓名 =性别 =出生日期 =民族 *政治面貌 *婚姻状况 *国籍 *户籍所在地 "
    "*参加工作时间 *联系电话 *邮箱地址 *通讯地址 *家庭地址 *人才类别 高层次人才类型 *专业领域 *从事学科分类 "
    "*现从事专业 专业特长 =所在单位 *职务 *在编在岗情况 专技岗聘任级别 聘任时间 管理岗聘任级别",
    "工作经历": "*起始年月 结束年月 *工作单位 *职务 *专业或岗位职责",
    "学习经历": "*起始年月 结束年月 *毕业院校 *所学专业 *学历 学位 *教育类别 学位排名",
    "访学/进修": "*起始年月 结束年月 *国内/国(境)外 *类别 *访学/进修学校 *访学/进修专业 *访学/进修内容",
    "家庭成员": "*与本人关系 *姓名 *性别 出生年月 政治面貌 *工作单位及职务",
    "委托联系人": "*姓名 *性别 *与委托人关系 委托人所在单位 *联系电话 联系地址",
    "人才工程": "*人才工程名称 *人才工程备注 *专业或技术领域 *专业或技术备注 *级别 *入选年度",
    "专技资格": "*专技系列 *等级 *专业技术职称 *证书编号 *取得资格时间 *发证机构 备注",
    "技能鉴定": "*职业工种 *等级 *证书编号 *取得时间",
    "科研项目": "*项目名称 *项目编号 *项目类型 *项目类型备注 *立项部门 *立项年月 *是否结题 *项目描述 *参与角色 "
    "成果转化情况",
    "论文专著": "*论文(专著)名称 *期刊/出版社/获奖机构 *发表时间/获奖时间 *排名/担任角色",
    "鉴定成果": "*鉴定成果名称 *评审或鉴定机构 *鉴定通过时间 *排名 *成果级别 *成果等级 *成果登记号",
    "授权专利": "*专利名称 *专利类型 *授权时间 *专利号/登记号 *排名",
    "荣誉奖项": "*荣誉(奖项)名称 *颁奖单位 *获奖级别 *获奖时间 *获奖等级 *排名",
    "兼职情况": "*兼职机构 *职务 *任职时间 *主要工作职责 *聘期 *备注",
    "补充信息": "补充信息",
    "附件管理": "",
}
HINTS = {
    ("work", "employer"): (20, "必填,最多20个字符!"),
    ("work", "responsibility"): (50, "必填,最多50个字符!"),
    ("visits", "school"): (20, "必填,最多20个字符!"),
    ("visits", "major"): (20, "必填,最多20个字符!"),
    ("visits", "content"): (50, "必填,最多50个字符!"),
    ("skills", "trade"): (30, "必填,最多30个字符!"),
    ("skills", "number"): (30, "必填,最多30个字符!"),
    ("appraisals", "title"): (30, "必填,最多30个字符!"),
    ("appraisals", "agency"): (30, "必填,最多30个字符!"),
    ("appraisals", "number"): (15, "至少1个字符,最多15个字符!"),
    ("patents", "title"): (30, "必填,最多30个字符!"),
    ("patents", "number"): (20, "必填,最多20个字符!"),
    ("honors", "title"): (30, "必填,最多30个字符!"),
    ("honors", "issuer"): (30, "必填,最多30个字符!"),
}


def test_seventeen_tabs_in_the_manuals_order():
    assert [section.name for section in ningxia().sections] == list(FORM)


@pytest.mark.parametrize("name", FORM)
def test_labels_duties_and_fixed_facts(name):
    section = next(each for each in ningxia().sections if each.name == name)
    marks = {field.name: "=" if field.fixed else "*" if field.required else "" for field in section.fields}
    assert " ".join(mark + label for label, mark in marks.items()) == FORM[name]


@pytest.mark.parametrize("place", HINTS)
def test_limits_and_hints_word_for_word(place):
    field = ningxia().section(place[0]).by_code[place[1]]
    assert (field.max, field.help) == HINTS[place]


def test_ten_at_most_and_headings():
    most = {section.section: section.many.max for section in ningxia().sections if section.many}
    assert {most[code] for code in ("papers", "appraisals", "patents", "honors")} == {10}
    headings = {section.section: section.heading for section in ningxia().sections}
    assert headings["projects"] == "承担的主要科研项目"
    assert headings["appraisals"] == "取得的代表性鉴定成果"
    assert headings["honors"] == "获得的主要荣誉和奖项"


def test_progress_and_route():
    service = ningxia()
    assert [stage.name for stage in service.progress] == ["未上报", "待单位确认", "待审核", "审核通过"]
    steps = {step.step: step for step in service.route.steps}
    assert [step.name for step in steps.values()] == [
        "单位确认",
        "县（区）人社部门审核",
        "市人社部门审核",
        "自治区人社厅审核",
    ]
    assert steps["unit"].seat.kind is SeatKind.SUBJECT_UNIT
    assert [option.verdict for option in steps["unit"].verdicts] == [Verdict.APPROVE, Verdict.SEND_BACK]
    for code in ("county", "city", "region"):
        assert {option.name for option in steps[code].verdicts} == {"审核通过", "退回修改", "资格不符，终止审核"}


def test_delicate_facts_are_sensitive():
    service = ningxia()
    for section, fields in {
        "basic": {"identity_number", "phone", "email", "address", "home_address"},
        "family": {field.field for field in service.section("family").fields},
        "contact": {field.field for field in service.section("contact").fields},
    }.items():
        found = service.section(section).by_code
        assert {code for code in fields if found[code].privacy is not Privacy.SENSITIVE} == set()


def test_supplement_has_a_sample_for_the_medical_trade():
    samples = {sample.name: sample.text for sample in ningxia().section("supplement").samples}
    assert samples["医疗行业"].startswith("XXXX姓名，主任医师，教授硕士生导师。长期从事XXXX学临床、教学及科研工作")
