"""The form of a 普通申报 of 深圳: its sections and steps in the manual's order, what is kept, what prints."""

import pypdfium2
import pytest

from bole.cases import queries as case_queries
from bole.definitions import queries as definitions
from bole.people import queries as people
from tests.factories import cases as made
from tests.factories.browsers import as_person, text_of
from tests.journeys.declaring_shenzhen import MIDDLE, SITE, Stand, fill, hand_in, ready_case
from tests.journeys.declaring_shenzhen import stand as stand
from tests.web.staff.seats import words_of

SECTIONS = [
    "基本申报信息",
    "学历学位教育情况",
    "非学历教育情况",
    "主要工作经历",
    "国内外进修情况",
    "指导研究生和专业技术人员进修情况",
    "专业实践能力考试成绩",
    "职称外语考试",
    "计算机应用能力考试",
    "获现资格以来完成继续教育任务情况",
    "获现资格之前主要专业技术工作及取得的业绩成果情况",
    "获现资格以来获奖情况",
    "获现资格以来承担已完成或结项的科学研究项目情况",
    "获现资格以来发明专利情况",
    "获现资格以来独立完成的专业技术工作及取得的业绩成果情况",
    "获现资格以来多方(多人)合作完成的专业技术工作及取得的业绩成果",
    "获现资格以来完成发包承揽关系甲乙双方项目的专业技术工作及取得的业绩成果",
    "获现资格以来取得其他类型的专业技术工作业绩成果",
    "公开发表(出版)的论文、著作、译著",
    "学术会议宣读的论文",
    "专项技术分析报告、实例材料(含未发表但提交评审用)",
    "申报者自我评价",
    "工作负面情况说明",
]
pytestmark = pytest.mark.django_db


def test_twenty_three_sections_in_the_manuals_order_and_words():
    for code in ("title-ordinary", "title-innovation"):
        service = definitions.catalogue().services[SITE, code]
        told = [each.name for each in service.sections if service.group_of(each.section) == "填写申报信息"]
        assert told == SECTIONS
    basic = definitions.catalogue().services[SITE, "title-ordinary"].section("basic")
    assert [part.name for part in basic.parts] == [
        "个人基本信息", "工作信息", "现资格信息", "申报资格信息", "联系方式",
    ]  # fmt: skip
    first = definitions.catalogue().services[SITE, "title-innovation"].sections[0]
    assert len(definitions.catalogue().services[SITE, "title-innovation"].sections) == len(SECTIONS) + 3
    assert (first.name, first.fields[0].table) == ("选择类型", "innovation-condition-shenzhen")


def test_changing_the_series_keeps_what_was_filled_and_nothing_leaks_between_kinds_of_achievements(stand: Stand):
    ground, service = stand("title-ordinary")
    case = ready_case(ground, service)
    before = case_queries.typed_answers(case)
    fill(ground, case, only=("plan",), title=MIDDLE)
    after = case_queries.typed_answers(case)
    assert {code: typed for code, typed in after.items() if code != "plan"} == {
        code: typed for code, typed in before.items() if code != "plan"
    }
    form = case_queries.form_of(made.fresh(case), service)
    assert form.sections["basic"].values["applied_title"] == ground.titles[MIDDLE]["title"]
    # The committee now chosen reads on paper: of all that is listed only the photograph is demanded.
    assert [slot.category for slot in form.slots if slot.required] == ["photo"]
    assert len({slot.heading for slot in form.slots}) >= 10
    hand_in(ground, case)
    kinds = [entry.data["kind"] for entry in people.archive(ground.person.pk, "achievement")]
    assert sorted(kinds) == ["1", "2", "3", "4", "5"]


@pytest.mark.one_database
def test_four_steps_the_basic_section_first_and_the_manuals_button(stand: Stand):
    ground, service = stand("title-ordinary")
    case = made.open_case(ground.person, ground.me, service)
    browser, place = as_person(ground.person), f"/{SITE}/cases/{case.number}/"
    page = words_of(browser.get(place))
    for step in (
        "1 选择申报资格",
        "2 填写申报信息",
        "3 上传申报材料",
        "4 提交单位审核",
        "选填",
        "先填前面的",
        "未填报",
    ):
        assert step in page
    away = browser.get(f"{place}sections/honors/", follow=True)
    assert away.request["PATH_INFO"] == f"{place}sections/plan/"
    assert "请先填写「选择资格名称」，再填写「获现资格以来获奖情况」。" in words_of(away)
    fill(ground, case, only=("plan",))
    assert browser.get(f"{place}sections/honors/")["Location"] == f"{place}sections/basic/"
    fill(ground, case, only=("basic",))
    page = words_of(browser.get(f"{place}sections/honors/"))
    assert "上一项" in page
    assert "下一项" in page
    fill(ground, case)
    made.prove(case, ground.me)
    assert ">提交单位审核</button>" in text_of(browser.get(f"{place}preview/"))
    seen = made.fresh(case).revision
    page = words_of(browser.post(f"{place}submit/", {"seen": seen}, follow=True))
    assert case.number in page
    assert "提交时间" in page


@pytest.mark.one_database
def test_kinds_of_nothing_control_characters_and_rare_names_from_word(stand: Stand):
    ground, service = stand("title-ordinary")
    case = ready_case(ground, service)
    rare = "𠮷𬍛\u200b㐂\x0b䶮·阿卜杜"
    more = {
        ("basic", "birthplace"): rare, ("basic", "insurance_card"): {"nothing": "inapplicable", "reason": "在外地参保"},
        ("basic", "telephone"): {"nothing": "none"},
    }  # fmt: skip
    fill(ground, case, more, only=("basic",))
    hand_in(ground, case)
    values = case_queries.form_of(made.fresh(case), service).sections["basic"].values
    assert values["birthplace"] == "𠮷𬍛㐂䶮·阿卜杜"
    paper = as_person(ground.person).get(f"/{SITE}/cases/{case.number}/print/")
    document = pypdfium2.PdfDocument(paper.content)
    told = "".join("".join(page.get_textpage().get_text_range() for page in document).split())
    assert "不适用（在外地参保）" in told
    assert "𬍛㐂" in told
    assert [name for name in SECTIONS if name not in told] == []
