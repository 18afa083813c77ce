"""Who may apply: the language, its cross-checks, and findings in three values."""

from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.definitions import catalogue, queries
from bole.definitions.answers import assess, clean_all
from bole.definitions.conditions import UNKNOWN, Coded, compiled
from bole.definitions.terms import Assessed, Finding, Held, Known, Service
from tests.definitions.ground import PERSON, SERVICE, TODAY, UNIT, context, write

EDUCATION = """\
record: education
name: 学习经历
key: [school]
caption: "{school}"
fields:
  - {field: school, name: 毕业院校, type: text, max: 60}
  - {field: end, name: 结束年月, type: month}
  - {field: degree, name: 学位, type: code, table: degree}
  - {field: phone, name: 电话, type: phone, privacy: sensitive, purpose: 联系}
"""
ELIGIBILITY = """\
eligibility:
  - condition: age
    name: 年龄
    clause: 某办法第三条
    facts: [person.birth_on]
    that: age(person.birth_on) < 60
    remedy: 满60周岁的不再受理
    stops: true
  - condition: degree
    name: 学位
    clause: 某办法第四条
    facts:
      - {fact: archive.education.degree, as: degrees, take: any, top: true}
    that: '"硕士" in degrees or "博士" in degrees'
    remedy: 取得硕士以上学位后再申报
    stops: true
  - condition: years
    name: 工作年限
    clause: 某办法第五条
    facts:
      - {fact: archive.work.start, as: since, take: lowest, name: 参加工作时间}
      - {fact: basic.sex, as: sex}
    that: months_between(since, today) >= 12 and sex == "女性"
    remedy: 工作满一年后再申报
"""
DEGREES = [{"school": "甲", "degree": "401"}, {"school": "乙", "degree": "304"}, {"school": "丙"}]


def written(directory: Path, eligibility: str = ELIGIBILITY, more: str = "") -> Path:
    write(directory)
    (directory / "records/education.yaml").write_text(EDUCATION, encoding="utf-8")
    text = SERVICE.replace("sections:\n", f"{more}{eligibility}sections:\n", 1)
    (directory / "here/services/small.yaml").write_text(text, encoding="utf-8")
    return directory


def service_of(directory: Path, eligibility: str = ELIGIBILITY, more: str = "") -> Service:
    return catalogue.load(written(directory, eligibility, more)).services["here", "small"]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return service_of(tmp_path_factory.mktemp("eligible"))


def held(*records: dict[str, Any], verified: str = "某厅") -> list[Held]:
    return [Held(data, "某事项", verified) for data in records]


def found(service: Service, archive: Any = None, **facts: Any) -> dict[str, Assessed]:
    told = assess(service, context(**facts), archive=archive or {})
    return {each.requirement.condition: each for each in told}


def test_it_is_published_with_the_record_kinds_it_reads(service: Service, tmp_path: Path):
    assert [kind.record for kind in service.archive] == ["education", "work"]
    assert Service.model_validate(service.body()) == service
    assert Service.model_validate(service.body()).hash == service.hash == service_of(tmp_path / "again").hash
    other = service_of(tmp_path / "other", ELIGIBILITY.replace("< 60", "< 61"))
    assert other.hash != service.hash
    assert queries.compare(service, other) == [
        "申报条件「年龄」的判断由「age(person.birth_on) < 60」改为「age(person.birth_on) < 61」"
    ]


def test_services_without_conditions_keep_their_hash(tmp_path: Path):
    body = service_of(tmp_path, "").body()
    assert {"eligibility", "archive", "counted_to"} & set(body) == set()


def test_it_is_shown_as_json(service: Service):
    told = queries.as_json(service)["eligibility"]
    assert [each["condition"] for each in told] == ["age", "degree", "years"]
    assert told[1]["facts"] == [{"as": "degrees", "fact": "archive.education.degree", "take": "any", "top": True}]
    assert (told[0]["clause"], told[0]["stops"], told[0]["facts"][0]["as"]) == ("某办法第三条", True, "person.birth_on")


def test_each_finding_tells_its_facts_and_where_they_are_from(service: Service):
    told = found(service, {"education": held(*DEGREES[:2]), "work": held({"start": "2018-09"}, verified="")})
    assert {code: each.finding for code, each in told.items()} == {
        "age": Finding.UNMET, "degree": Finding.MET, "years": Finding.UNKNOWN,
    }  # fmt: skip
    (born,) = told["age"].used
    assert (born.name, born.text, born.source, born.firm) == ("出生日期", "1949-12-31", "本人登记的基本资料", True)
    (degrees,) = told["degree"].used
    assert (degrees.text, degrees.verified) == ("学士、硕士", "某厅")
    assert degrees.source == "一人一档「学习经历」　甲、乙　来源：某事项"
    since, sex = told["years"].used
    assert (since.name, since.text, since.verified, since.firm) == ("参加工作时间", "2018-09", "", False)
    assert (sex.text, sex.source, sex.known) == ("", "本次填报「基本信息」", False)
    assert told["age"].stops
    assert not told["degree"].stops


def test_nothing_is_known_of_an_empty_archive(service: Service):
    told = found(service, person={"name": "林知远"})
    assert {each.finding for each in told.values()} == {Finding.UNKNOWN}
    assert not any(each.stops for each in told.values())


def test_what_nobody_verified_stops_nobody(service: Service):
    record = {"school": "甲", "degree": "401"}
    assert found(service, {"education": held(record)})["degree"].stops
    loose = found(service, {"education": held(record, verified="")})["degree"]
    assert (loose.finding, loose.stops) == (Finding.UNMET, False)


def test_a_blank_or_unreadable_degree_could_be_the_one_that_is_asked_for(service: Service):
    for doubtful in ({"school": "丙"}, {"school": "丙", "degree": "没有的"}, {"school": "丙", "degree": ["304"]}):
        told = found(service, {"education": held({"school": "甲", "degree": "401"}, doubtful)})["degree"]
        assert told.finding is Finding.UNKNOWN
        assert found(service, {"education": held(DEGREES[1], doubtful)})["degree"].finding is Finding.MET


def test_answers_replace_the_archive_where_the_form_asks_for_them(service: Service):
    def told(answers: dict[str, Any], marks: Any = None) -> Assessed:
        around = context(answers)
        form = clean_all(service, answers, around)
        return assess(service, around, archive={"work": held({"start": "2018-09"})}, form=form, marks=marks)[2]

    work = [{"id": "a", "start": "2026-03", "employer": "某校"}]
    assert told({"work": work, "basic": {"sex": "2"}}).finding is Finding.UNMET
    assert told({"basic": {"sex": "2"}}).finding is Finding.UNKNOWN
    assert told({"work": {"nothing": "none"}, "basic": {"sex": "2"}}).finding is Finding.UNMET
    assert told({"work": work, "basic": {"sex": "1"}}).finding is Finding.UNMET
    work[0]["start"] = "2018-09"
    since, sex = told({"work": work, "basic": {"sex": "女性"}}, {("work", "a"): "某厅"}).used
    assert (since.source, since.verified, sex.text) == ("本次填报「工作经历」　某校", "某厅", "女性")


def test_years_are_counted_to_the_day_that_the_service_names(tmp_path: Path):
    facts = {"person": {**PERSON, "birth_on": TODAY.replace(year=1966, month=12)}}
    assert found(service_of(tmp_path / "now"), **facts)["age"].finding is Finding.MET
    later = service_of(tmp_path / "later", more="counted_to: 2026-12-31\n")
    assert found(later, **facts)["age"].finding is Finding.UNMET


TAKES = [
    ("{fact: archive.education.degree, as: x, take: highest}", 'x == "304"', Finding.MET),
    ("{fact: archive.education.degree, as: x, take: lowest, top: true}", 'x == "学士"', Finding.MET),
    ("{fact: archive.education.degree, as: x, take: latest, by: end}", 'x == "401"', Finding.MET),
    ("{fact: archive.education.school, as: x, take: count}", "x >= 2", Finding.MET),
    ('{fact: archive.education.school, as: x, take: count, when: end > "2020-01"}', "x == 1", Finding.MET),
    ("{fact: archive.education.degree, as: x, take: highest, when: end == null}", "x != null", Finding.UNMET),
    ("{fact: archive.education.degree, as: x}", 'x == "304"', Finding.UNKNOWN),
]


@pytest.mark.parametrize(("fact", "that", "finding"), TAKES)
def test_one_record_stands_for_many(tmp_path: Path, fact: str, that: str, finding: Finding):
    block = f"eligibility:\n  - condition: one\n    name: 一\n    clause: 二\n    facts: [{fact}]\n"
    service = service_of(tmp_path, f"{block}    that: '{that}'\n    remedy: 三\n")
    records = [{"school": "甲", "end": "2022-07", "degree": "401"}, {"school": "乙", "end": "2019-07", "degree": "304"}]
    # The order of records does not matter.
    for order in permutations(records):
        assert found(service, {"education": held(*order)})["one"].finding is finding


FAULTS = [
    ("person.birth_on]", "person.identity_number]", "「person.identity_number」涉及隐私或不适合作为申报条件的依据"),
    ("person.birth_on]", "person.shoe]", "没有「person.shoe」这项事实"),
    ("[person.birth_on]", "[]", "要用 facts 写明条件依据哪些事实"),
    ("age(person.birth_on) < 60", "sex == null", "条件里的「sex」没有写进 facts，现有：person.birth_on"),
    ("[person.birth_on]", "[person.birth_on, unit.kind]", "事实「unit.kind」没有用在条件里"),
    ("age(person.birth_on) < 60", "age(person.birth_on", "条件写得不完整或有多余的符号"),
    ("archive.education.degree", "archive.school.degree", "没有档案记录种类「school」，应在 records/ 中声明"),
    ("archive.education.degree", "archive.education.rank", "「学习经历」里没有栏目「rank」"),
    ("education.degree, as: degrees", "education.phone, as: degrees", "敏感信息「电话」不能作为申报条件的依据"),
    ('"硕士" in', '"砖士" in', "「学位」的代码表里没有「砖士」"),
    ("take: lowest, ", "", "「工作经历」可以有多条，要写 take" ),
    ("take: lowest, name", "take: any, by: start, name", "by 只与 highest、lowest、latest 一起用"),
    ("work.start, as: since, take: lowest", "work.employer, as: since, take: lowest", "「工作单位」分不出高低先后"),
    ("take: lowest, name", "take: lowest, when: basic.sex == null, name", "when 里只能用「工作经历」自己的栏目"),
    ("basic.sex, as: sex", "basic.sex, as: since", "事实的名称「since」已用过，请用 as 另起一个"),
    ("basic.sex, as: sex", "nowhere.sex, as: sex", "「nowhere.sex」不是已知的事实"),
    ("condition: degree", "condition: age", "条件代码「age」用了两次"),
    ("remedy: 工作满一年后再申报", "remedy: ''", "「remedy」不能为空"),
    ("remedy: 工作满一年后再申报", "remedi: 好", "不认识的键「remedi」，是不是「remedy」？"),
    ("remedy: 工作满一年后再申报", "remedy: 好\narchive: []", "不认识的键「archive」"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "say"), FAULTS)
def test_faults_are_told_with_file_and_line(tmp_path: Path, old: str, new: str, say: str):
    assert old in ELIGIBILITY
    written(tmp_path, ELIGIBILITY.replace(old, new, 1))
    problems = catalogue.problems(tmp_path, Known(templates=frozenset({"here/sheet"})))
    told = next((each for each in problems if say in each.say), None)
    assert told is not None, [str(each) for each in problems]
    line = (tmp_path / told.file).read_text(encoding="utf-8").splitlines()[told.line - 1]
    assert told.file == "here/services/small.yaml"
    assert not told.warning
    assert told.line > 9, line


def test_a_condition_on_answers_alone_cannot_stop(tmp_path: Path):
    block = ELIGIBILITY.replace("    facts: [person.birth_on]\n    that: age(person.birth_on) < 60",
                                "    facts: [{fact: basic.sex, as: sex}]\n    that: sex == \"2\"")  # fmt: skip
    written(tmp_path, block)
    problems = catalogue.problems(tmp_path, Known(templates=frozenset({"here/sheet"})))
    assert [each.say for each in problems] == ["条件只看填报内容，填报前无从得知，不能写 stops"]


# --- unknown facts never yield met or a stop ---

NAMES = ["a", "b", "c"]
VALUES: list[Any] = [
    None,
    0,
    1,
    5,
    "",
    "x",
    "2018-09",
    "2026-11-21",
    True,
    Coded("1", "x"),
    (),
    (Coded("1", "x"), None),
]
_leaves = st.sampled_from([*NAMES, "0", "1", '"x"', '"2018-09"', "null", "today", '[1, "x"]'])
_terms = _leaves | st.sampled_from([f"count({name})" for name in NAMES] + [f"age({name})" for name in NAMES])
_atoms = st.builds("{0} {1} {2}".format, _terms, st.sampled_from(["==", "!=", "<", ">=", "in", "not in"]), _terms)
_conditions = st.recursive(
    _atoms | st.sampled_from(NAMES),
    lambda inner: (
        st.builds("({0} and {1})".format, inner, inner)
        | st.builds("({0} or {1})".format, inner, inner)
        | st.builds("(not {0})".format, inner)
    ),
    max_leaves=5,
)


@given(source=_conditions, known=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES)))
def test_what_is_known_stays_so_whatever_the_unknown_turns_out_to_be(source: str, known: dict[str, Any]):
    condition = compiled(source)
    scope = {"today": TODAY.isoformat(), **known}
    told = condition.knows(scope)
    open_names = [name for name in NAMES if name not in known]
    for values in product(VALUES[::3] if len(open_names) > 1 else VALUES, repeat=len(open_names)):
        world = {**scope, **dict(zip(open_names, values, strict=True))}
        if told is not None:
            assert condition.holds(world) is told, (source, world)


@given(
    source=_atoms.filter(lambda text: any(name in compiled(text).names for name in NAMES)),
    marked=st.booleans(),
)
def test_a_comparison_of_something_unknown_is_unknown(source: str, marked: bool):
    # Whether the name is missing from the scope or marked as unknown makes no difference.
    scope: dict[str, Any] = {"today": TODAY.isoformat()} | (dict.fromkeys(NAMES, UNKNOWN) if marked else {})
    assert compiled(source).knows(scope) is None


PARTLY = [
    ('"x" in a', ("x", UNKNOWN), True),
    ('"y" in a', ("x", UNKNOWN), None),
    ('"x" not in a', ("x", UNKNOWN), False),
    ('"y" not in a', ("x", UNKNOWN), None),
    ('"y" in a', ("x",), False),
    ("count(a) >= 1", ("x", UNKNOWN), None),
    ("count(a) >= 1", ("x",), True),
    ("a == 3", "3", False),
    ("a >= 3", "3", None),  # a number against a text cannot be compared
    ("a >= 3", None, False),  # known to be nothing
    ("age(a) >= 3", None, False),
    ("age(a) >= 3", "昨天", None),
]


@pytest.mark.parametrize(("source", "value", "finding"), PARTLY)
def test_what_is_partly_known_is_used_as_far_as_it_goes(source: str, value: Any, finding: bool | None):
    assert compiled(source).knows({"today": TODAY.isoformat(), "a": value}) is finding


@given(
    kept=st.sets(st.sampled_from(["birth_on", "archive", "unit"])),
    degrees=st.lists(st.sampled_from(["401", "304", "没有的", ""]), max_size=3),
    verified=st.sampled_from(["某厅", ""]),
)
def test_missing_facts_never_yield_met_or_a_stop(service: Service, kept: set[str], degrees: list[str], verified: str):
    person = {key: value for key, value in PERSON.items() if key != "birth_on" or "birth_on" in kept}
    archive = (
        {"education": held(*({"degree": each} for each in degrees), verified=verified)} if "archive" in kept else {}
    )
    around = context(person=person, unit=UNIT if "unit" in kept else {})
    for each in assess(service, around, archive=archive):
        if not any(used.known for used in each.used):
            assert each.finding is Finding.UNKNOWN
            assert not each.stops
        if each.finding is Finding.UNKNOWN:
            assert not each.stops
    known = {each.requirement.condition: each for each in assess(service, around, archive=archive)}
    readable = [each for each in degrees if each in ("401", "304")] if "archive" in kept else []
    if "304" in readable:
        assert known["degree"].finding is Finding.MET
    elif not readable or len(readable) < len(degrees):
        assert known["degree"].finding is Finding.UNKNOWN
    else:
        assert known["degree"].finding is Finding.UNMET
        assert known["degree"].stops is bool(verified)


def test_an_unmet_condition_flips_with_the_fact_that_it_names(service: Service):
    archive = {"education": held({"school": "甲", "degree": "401"})}
    assert found(service, archive)["degree"].finding is Finding.UNMET
    archive["education"] += held(DEGREES[1])
    assert found(service, archive)["degree"].finding is Finding.MET
    assert (
        found(service, archive, person={**PERSON, "birth_on": TODAY.replace(year=1990)})["age"].finding is Finding.MET
    )
