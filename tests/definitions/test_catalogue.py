"""Faults of a catalogue are found with file, line and sentence; nothing that could approve by itself gets through."""

import pytest

from bole.definitions import catalogue, queries
from bole.definitions.terms import DefinitionInvalid, Known
from tests.definitions.ground import FILES, shipped_problems, small, write

PATHS = {"record": "records/work.yaml", "route": "here/routes/two-level.yaml", "service": "here/services/small.yaml"}


def problems_of(directory, **changes):
    return [str(each) for each in catalogue.problems(write(directory, **changes), Known())]


def place(file, new, old=""):
    """The file and line at which the changed text stands."""
    text = FILES[PATHS[file]].replace(old, new, 1)
    return f"{PATHS[file]}:{text[: text.index(new)].count(chr(10)) + 1}: "


def test_small_and_shipped_catalogues_are_sound(tmp_path):
    assert problems_of(tmp_path) == []
    assert shipped_problems() == []


FORM = [
    ("service", "name: 小事项", "nmae: 小事项", "不认识的键「nmae」，是不是「name」？"),
    ("service", "subject: person", "subject: dog", "「subject」只能是 person、unit，现在是「dog」"),
    ("service", 'version: "1.0"', "version: [1]", "「version」应为文字（数字请加引号），现在是「[1]」"),
    ("service", "many: {max: 3}", "many: {max: 0}", "「max」超出范围（界限 1）"),
    ("service", "many: {max: 3}", "many: {max: 三}", "「max」应为整数，现在是「三」"),
    ("service", "number: XS", "number: xs", "「number」的写法不对：xs（应符合 ^[A-Z]{1,4}$）"),
    ("service", "number: XS", "number: XS\nnumber: XT", "「number」写了两次，上一次在第5行"),
    ("service", "site: here", "site: there", "site 应与目录名一致，写作「here」"),
    ("service", "service: small", "service: big", "service 应与文件名一致，写作「small」"),
    ("service", "route: two-level", "route: three-level", "没有流程「three-level」，现有：two-level"),
    ("service", "record: work", "record: wrok", "没有档案记录种类「wrok」，应在 records/ 中声明"),
    ("service", "      - end\n", "      - ende\n", "记录种类没有栏目「ende」；本表自有的栏目要写 name 和 type"),
    ("service", "      - end\n", "      - {field: end, type: date}\n", "不能改动记录种类已定的 type（month）"),
    ("service", "max: 20, help", "max: 90, help", "max 不能大于记录种类的 60"),
    ("service", "      - end\n", "      - {field: wage, privacy: plain}\n", "privacy 不能比记录种类的 personal 宽"),
    ("service", "numb", "\tnumb", "YAML 格式有误，请检查缩进、冒号和引号"),
]


@pytest.mark.parametrize(("file", "old", "new", "say"), FORM, ids=[case[3][:24] for case in FORM])
def test_form(tmp_path, file, old, new, say):
    found = problems_of(tmp_path, **{file: (old, new)})
    # A key written twice is reported where it stands the second time.
    at = place(file, new.split("\n")[1], old) if "\nnumber: XT" in new else place(file, new.strip(" -\n"), old)
    if say.startswith("「number」写了两次"):
        at = f"{PATHS[file]}:6: "
    assert at + say in found


def test_every_fault_is_told_at_once(tmp_path):
    found = problems_of(
        tmp_path, service=("many: {max: 3}", "many: {max: 0}"), route=("name: 两级审核", "nam: 两级审核")
    )
    assert len(found) >= 3
    assert {line.split(":")[0] for line in found} == {PATHS["service"], PATHS["route"]}


MEANING = [
    ("service", "type: phone", "type: telex", "没有字段类型「telex」，可用的是 "),
    ("service", "table: sex", "table: sxe", "没有代码表「sxe」"),
    ("service", "max: 5, show", "max: 5, past: true, show", "类型 text 用不上 past"),
    ("service", 'show: sex == "女性"', 'show: sxe == "女性"', "条件里的「sxe」不存在"),
    ("service", 'show: sex == "女性"', 'show: sex == "女人"', "「性别」的代码表里没有「女人」"),
    ("service", 'show: sex == "女性"', "show: sex ===", "条件写得不完整或有多余的符号"),
    ("service", 'show: sex == "女性"', "show: unit.colour == null", "没有「unit.colour」这项事实，unit 可用的是 "),
    ("service", 'show: sex == "女性"', 'show: sex.upper() == "X"', "没有「sex.upper」这个函数，可用的是 "),
    ("service", "fixed: person.name", "fixed: person.nick", "没有「person.nick」这项事实"),
    (
        "service",
        "privacy: sensitive, purpose",
        "privacy: personal, purpose",
        "「电话」属于敏感个人信息",
    ),
    ("service", "最多20个字符", "最多30个字符", "提示说最多30个字符，max 却是 20"),
    ("service", "at: end}\n  - section: papers", "at: ende}\n  - section: papers", "没有字段「ende」"),
    ("service", 'caption: "{employer}"', 'caption: "{boss}"', "没有字段「boss」"),
    ("service", "for: work", "for: wrok", "没有栏目「wrok」"),
    ("service", "{start:compact}, 证明", "{start:short}, 证明", "大括号里只能是字段代码，或 字段代码:compact"),
    ("service", "instead: explanation", "instead: nothing", "instead 只能是 explanation（以说明代替）"),
    ("service", "    kind: evidence", "    fields: []", "栏目没有任何字段"),
    ("service", "  - basic.sex", "  - basic.phone", "敏感信息「电话」不能出现在列表和统计中"),
    ("service", "take: latest, by: start", "take: latest, by: begin", "要用 by 写明按哪个字段比较"),
    (
        "service",
        "column: work.employer, take: latest, by: start",
        "column: work.employer",
        "多条栏目要写 take",
    ),
    ("service", "at: completed}", "at: finished}", "流程里没有环节「finished」"),
    ("service", "at: [unit, city, region]", "at: [unit, region]", "进度条应包含「city」一次，现在是0次"),
    ("service", "after: submitted", "after: lunch", "流程里没有「lunch」"),
    ("service", "after: submitted", "after: returned", "流程里没有「returned」"),
    ("service", "after: submitted}", "after: submitted, cover: [basic.nobody]}", "封面要写单条栏目里的字段"),
    ("service", "after: submitted}", "after: submitted, cover: [work.start]}", "封面要写单条栏目里的字段"),
    ("service", "after: submitted}", "after: submitted, photo: basic}", "栏目「basic」没有附件，取不到照片"),
    (
        "service",
        "after: submitted}",
        "after: submitted}\n  - {print: sheet, name: 另一份, after: submitted}",
        "打印模板「sheet」用了两次",
    ),
    ("service", "print: sheet", "print: shet", "没有打印模板 here/print/shet.typ"),
    ("record", "key: [start]", "key: [begin]", "没有栏目「begin」，不能用来识别同一条记录"),
    ("record", ", purpose: 核对}", "}", ""),
]


@pytest.mark.parametrize(("file", "old", "new", "say"), MEANING, ids=[f"{case[2][:20]}" for case in MEANING])
def test_meaning(tmp_path, file, old, new, say):
    found = problems_of(tmp_path, **{file: (old, new)})
    if not say:  # a warning would stand on the section, which does not use this field
        assert found == []
        return
    assert any(problem.startswith(f"{PATHS[file]}:") and say in problem for problem in found), found


def test_place_of_a_faulty_condition_is_its_own_line(tmp_path):
    found = problems_of(tmp_path, service=('show: sex == "女性"', 'show: sxe == "女性"'))
    assert found == [place("service", 'show: sxe == "女性"', 'show: sex == "女性"') + "条件里的「sxe」不存在"]


def test_a_record_kinds_fault_is_told_once_where_it_stands(tmp_path):
    found = problems_of(tmp_path, record=("name: 工作单位, type: text", "name: 工作单位, type: txt"))
    assert next(line for line in found if "没有字段类型「txt」" in line).startswith("records/work.yaml:7: ")


def test_names_handed_in_are_checked(tmp_path):
    known = Known(effects=frozenset({"people.other"}), roles=frozenset({"reviewer"}))
    found = [str(each) for each in catalogue.problems(write(tmp_path), known)]
    assert any("没有办结动作「people.verify_archive」" in each for each in found)
    assert any("没有角色「collection-administrator」" in each for each in found)


THREE = "verdicts: [approve, send_back, terminate]"
TWO = "verdicts: [approve, send_back]\n"
SKIP = 'skip_when: unit.region_level == "province"'
SEAT = "    seat: {kind: authority, level: province}\n"
NOBODY = [
    (THREE, "verdicts: [send_back, terminate]", "没有 approve，申报到这里就走不下去"),
    (THREE, "verdicts: [approve]", "没有 send_back，有误时无法退回"),
    (
        TWO,
        TWO + "    overdue: approve\n",
        "超时只能 remind（提醒）、escalate（上报）或 hand_over（移交），不能视为通过",
    ),
    (SEAT, SEAT + "    " + SKIP + "\n", "时没有任何审核环节，申报会无人审核就通过"),
    (SKIP, "skip_when: unit.region_level == unit.region_level", "在任何情况下都会跳过"),
    ("seat: {kind: authority, level: city}", "seat: authority", "席位 authority 要写明 level"),
    ("role: reviewer", "send_back_to: [region]\n    role: reviewer", "只能退回申报人或前面的环节，「region」不是"),
    ("step: region", "step: city", "环节代码「city」用了两次"),
    (SKIP, "skip_when: nowhere.sex == null", "条件里的「nowhere.sex」不存在"),
]


WAITING = [
    ("route", TWO, TWO + "    overdue: escalate\n", "本版本还不能办理超时 escalate"),
    ("route", TWO, TWO + "    dispatch: {requires: [推荐表, 推荐表]}\n", "送审附件写了两次"),
    ("route", TWO, TWO + f"    dispatch: {{requires: [{'表' * 61}]}}\n", "送审附件名称最多60个字"),
    ("route", "kind: confirmation", "kind: publicity", "本版本还不能办理环节类型 publicity"),
    (
        "route",
        "seat: {kind: authority, level: city}",
        "seat: {kind: committee, committee: a}",
        "还不能办理席位 committee",
    ),
    ("service", "subject: person", "limits: {open_per_subject: 2}\nsubject: person", "open_per_subject 只能是 1"),
    ("service", "subject: person", "window: {per_unit: 5}\nsubject: person", "每单位限额按申报时间计，要写明 from"),
    ("service", "subject: person", "window: {from: 2026-01-01}\nsubject: person", "要同时写明 from 和 to"),
    ("service", "subject: person", "window: {to: 2026-01-01}\nsubject: person", "要同时写明 from 和 to"),
    ("service", "subject: person", "window: {from: 03-01, to: 2026-04-30}\nsubject: person", "都写成月和日"),
    ("service", "subject: person", "window: {from: 05-01, to: 04-30}\nsubject: person", "不能早于开始日期"),
]


@pytest.mark.parametrize(("file", "old", "new", "say"), WAITING, ids=[case[2][-20:] for case in WAITING])
def test_what_nothing_carries_out_yet_is_refused(tmp_path, file, old, new, say):
    assert any(say in problem for problem in problems_of(tmp_path, **{file: (old, new)}))


@pytest.mark.parametrize(("old", "new", "say"), NOBODY, ids=[case[2][:16] for case in NOBODY])
def test_routes_that_could_pass_by_themselves_are_refused(tmp_path, old, new, say):
    assert any(say in problem for problem in problems_of(tmp_path, route=(old, new)))


def test_a_route_may_ask_for_answers_that_each_of_its_services_has(tmp_path):
    assert problems_of(tmp_path, route=(SKIP, 'skip_when: basic.sex == "女性"')) == []
    found = problems_of(tmp_path, route=(SKIP, 'skip_when: basic.sex == "女人"'))
    assert found == [place("route", 'skip_when: basic.sex == "女人"', SKIP) + "「性别」的代码表里没有「女人」"]


def test_a_route_of_confirmations_only_is_refused(tmp_path):
    short = FILES[PATHS["route"]].split("  - step: city")[0]
    found = problems_of(tmp_path, route=(FILES[PATHS["route"]], short))
    assert any("申报会无人审核就通过" in problem for problem in found)


def test_a_unit_does_not_review_its_own_request(tmp_path):
    directory = write(
        tmp_path, route=("kind: confirmation", "kind: review"), service=("subject: person", "subject: unit")
    )
    found = [str(each) for each in catalogue.problems(directory, Known())]
    assert any("本单位的申报不能由本单位审核" in problem for problem in found)


def test_loading_refuses_with_everything_and_warnings_do_not_stop(tmp_path):
    with pytest.raises(DefinitionInvalid) as refusal:
        small(tmp_path / "a", service=("table: sex", "table: sxe"))
    assert [str(each) for each in refusal.value.problems] == [
        place("service", "table: sxe", "table: sex") + "没有代码表「sxe」"
    ]
    directory = write(tmp_path / "b", service=(", purpose: 联系}", "}"))
    assert [each.warning for each in queries.check_catalogue(directory, Known())] == [True]
    assert ("here", "small") in catalogue.load(directory).services


def test_scalars_stay_as_written(tmp_path):
    service = small(tmp_path, service=('version: "1.0"', "version: 2018.10"))
    assert service.version == "2018.10"
    assert service.on.completed == ("people.verify_archive",)
