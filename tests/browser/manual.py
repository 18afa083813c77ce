"""The words of the 宁夏 manual as a person types them: what goes into each of the 17 tabs, by the labels on paper."""

from playwright.sync_api import Locator, Page

from tests.factories.cases import picture

# (label, what to do, value): text is typed, pick chooses from a list, tick marks one of several, search looks up.
Entry = tuple[str, str, str]

BASIC: list[Entry] = [
    ("英文姓名", "text", "Lin Zhiyuan"),
    ("政治面貌", "pick", "中共党员"),
    ("婚姻状况", "pick", "已婚"),
    ("国籍", "search", "中国"),
    ("户籍所在地", "text", "宁夏银川市兴庆区"),
    ("参加工作时间", "text", "2012-07"),
    ("联系电话", "text", "13895100001"),
    ("邮箱地址", "text", "linzhiyuan@example.org"),
    ("通讯地址", "text", "银川市兴庆区解放街 1 号"),
    ("家庭地址", "text", "银川市兴庆区玉皇阁街 6 号"),
    ("专业技术人才", "tick", ""),
    ("教育", "tick", ""),
    ("从事学科分类", "search", "教育学"),
    ("现从事专业", "text", "高中数学教学"),
    ("专业特长", "text", "竞赛辅导、教研"),
    ("职务", "text", "教研组长"),
    ("在编在岗", "tick", ""),
    ("专技岗聘任级别", "pick", "专业技术五级"),
    ("聘任时间", "text", "2020-09"),
]
RECORDS: dict[str, list[Entry]] = {
    "工作经历": [
        ("起始年月", "text", "2012-07"),
        ("工作单位", "text", "兴庆区第一中学"),
        ("职务", "text", "教师"),
        ("专业或岗位职责", "text", "高中数学教学与教研"),
    ],
    "学习经历": [
        ("起始年月", "text", "2008-09"),
        ("结束年月", "text", "2012-07"),
        ("毕业院校", "text", "西北师范学院"),
        ("所学专业", "text", "数学与应用数学"),
        ("学历", "pick", "大学本科"),
        ("学位", "pick", "理学学士学位"),
        ("教育类别", "pick", "全日制教育"),
        ("学位排名", "pick", "第一学位"),
    ],
    "访学/进修": [
        ("起始年月", "text", "2018-03"),
        ("国内/国(境)外", "pick", "国内"),
        ("类别", "pick", ""),
        ("访学/进修学校", "text", "东部师范大学"),
        ("访学/进修专业", "text", "课程与教学论"),
        ("访学/进修内容", "text", "数学教学设计"),
    ],
    "家庭成员": [
        ("与本人关系", "pick", "配偶"),
        ("姓名", "text", "阿依古丽·买买提"),
        ("性别", "pick", "女性"),
        ("工作单位及职务", "text", "兴庆区图书馆馆员"),
    ],
    "人才工程": [
        ("人才工程名称", "pick", "其他"),
        ("人才工程备注", "text", "银川市学科带头人"),
        ("专业或技术领域", "pick", ""),
        ("级别", "pick", "市级"),
        ("入选年度", "text", "2019"),
    ],
    "专技资格": [
        ("专技系列", "pick", "中小学教师"),
        ("等级", "pick", "副高级"),
        ("专业技术职称", "pick", "高级教师"),
        ("证书编号", "text", "NX2019-0321"),
        ("取得资格时间", "text", "2019-12"),
        ("发证机构", "text", "自治区人力资源和社会保障厅"),
    ],
    "技能鉴定": [
        ("职业工种", "text", "心理咨询"),
        ("等级", "pick", ""),
        ("证书编号", "text", "JN-0001"),
        ("取得时间", "text", "2017-06-01"),
    ],
    "科研项目": [
        ("项目名称", "text", "课堂提问的有效性研究"),
        ("项目编号", "text", "NXJY2018-33"),
        ("项目类型", "pick", "其他"),
        ("项目类型备注", "text", "市级教研课题"),
        ("立项部门", "text", "银川市教育局"),
        ("立项年月", "text", "2018-09"),
        ("是否结题", "pick", "是"),
        ("项目描述", "text", "研究课堂提问对学习效果的影响。"),
        ("参与角色", "pick", "主持人"),
    ],
    "论文专著": [
        ("论文(专著)名称", "text", "数学课堂提问的层次"),
        ("期刊/出版社/获奖机构", "text", "教学月刊"),
        ("发表时间/获奖时间", "text", "2018-11-06"),
        ("排名/担任角色", "text", "一作"),
    ],
    "鉴定成果": [
        ("鉴定成果名称", "text", "分层作业设计"),
        ("评审或鉴定机构", "text", "自治区教研室"),
        ("鉴定通过时间", "text", "2018-10-31"),
        ("排名", "text", "3"),
        ("成果级别", "pick", ""),
        ("成果等级", "pick", "一等"),
        ("成果登记号", "text", "44444"),
    ],
    "授权专利": [
        ("专利名称", "text", "几何教具"),
        ("专利类型", "pick", "实用新型"),
        ("授权时间", "text", "2018-11-05"),
        ("专利号/登记号", "text", "3333"),
        ("排名", "text", "1"),
    ],
    "荣誉奖项": [
        ("荣誉(奖项)名称", "text", "优秀教师"),
        ("颁奖单位", "text", "银川市人民政府"),
        ("获奖级别", "pick", "市级"),
        ("获奖时间", "text", "2018-09-10"),
        ("获奖等级", "pick", "一等奖"),
        ("排名", "text", "1"),
    ],
    "兼职情况": [
        ("兼职机构", "text", "银川市数学学会"),
        ("职务", "text", "理事"),
        ("任职时间", "text", "2017-05"),
        ("主要工作职责", "text", "组织学术活动"),
        ("聘期", "text", "5年"),
        ("备注", "text", "连任"),
    ],
}
CONTACT: list[Entry] = [
    ("姓名", "text", "周远"),
    ("性别", "pick", "男性"),
    ("与委托人关系", "pick", ""),
    ("联系电话", "text", "13895100009"),
    ("联系地址", "text", "银川市金凤区"),
]
EVIDENCE = (
    "毕业学校: 西北师范学院-数学与应用数学-大学本科-全日制教育, 学历证书和学位证书",
    "专利名称: 几何教具-实用新型-20181105-3333, 相关证明材料",
)


def enter(where: Page | Locator, entries: list[Entry]) -> None:
    """Type and choose by label, one after the other, as the paper says."""
    for label, act, value in entries:
        if act == "tick":
            where.get_by_label(label, exact=True).first.check(force=True)
            continue
        control = where.get_by_label(label, exact=False).first
        if act == "pick":
            pick(where, label, control, value)
        elif act == "search":
            control.fill(value)
            where.get_by_role("option", name=value).first.click()
        else:
            control.fill(value)


def pick(where: Page | Locator, label: str, control: Locator, value: str) -> None:
    """Choose from a select, or from radio buttons of that group; the first choice where the paper names none."""
    group = where.get_by_role("group", name=label, exact=False)
    if group.count() and group.first.get_by_role("radio").count():
        radios = group.first.get_by_role("radio")
        (group.first.get_by_label(value, exact=True) if value else radios).first.check(force=True)
        return
    if value:
        control.locator("option", has_text=value).first.wait_for(state="attached")
        control.select_option(label=value)
    else:
        control.select_option(index=1)


def certificate(shade: int) -> dict[str, object]:
    """A picture as a phone sends it."""
    return {"name": "证书.jpg", "mimeType": "image/jpeg", "buffer": picture(shade, (600, 800))}
