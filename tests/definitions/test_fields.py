"""Every type: takes its good samples, refuses its bad ones with a sentence, never raises anything else."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.definitions.fields import TYPES, Around, Wrong, tidy
from bole.definitions.terms import Field
from tests.definitions.ground import SETTINGS, TODAY

AROUND = Around(TODAY)
JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)


def field(code: str, **more: object) -> Field:
    return Field.model_validate({"field": "it", "name": "内容", "type": code, **SETTINGS.get(code, {}), **more})


@pytest.mark.parametrize("code", TYPES)
def test_good_sample_is_taken_and_read_again(code):
    kind, it = TYPES[code], field(code)
    value = kind.clean(kind.sample(it), it, AROUND)
    assert kind.clean(value, it, AROUND) == value
    assert kind.text(value, it)
    assert isinstance(kind.compact(value, it), str)
    assert kind.compare(value, it) is not None


@pytest.mark.parametrize(
    ("code", "bad"), [(code, bad) for code in TYPES for bad in TYPES[code].bad_samples(field(code))]
)
def test_bad_sample_is_refused_with_a_chinese_sentence(code, bad):
    with pytest.raises(Wrong) as refusal:
        TYPES[code].clean(bad, field(code), AROUND)
    assert any("\u4e00" <= char <= "\u9fff" for char in str(refusal.value))


@pytest.mark.parametrize("code", TYPES)
@given(typed=JUNK)
def test_any_entry_is_taken_or_refused(code, typed):
    with contextlib.suppress(Wrong):
        assert TYPES[code].clean(typed, field(code), AROUND) is not None


@pytest.mark.parametrize(
    ("code", "more", "typed", "say"),
    [
        ("text", {"max": 20}, "安" * 26, "内容最多20个字符，现在是26个"),
        ("text", {"min": 2}, "安", "内容至少2个字符，现在是1个"),
        ("month", {}, "2018-13", "内容有误，2018-13 不是正确的年月"),
        ("month", {"past": True}, "2027-01", "内容晚于今天，请核对"),
        ("month", {}, "前年", "内容应写成年月，例如 2018-09，现在是「前年」"),
        ("date", {}, "2018-02-30", "内容有误，2018-02-30 不是正确的日期"),
        ("date", {"past": True}, "2026-11-22", "内容晚于今天，请核对"),
        ("year", {}, "1066", "内容的年份应在1900年至2086年之间，请核对"),
        ("number", {}, "120", "内容不能大于99"),
        ("number", {}, "1.55", "内容最多1位小数，现在是「1.55」"),
        ("phone", {}, "138001380", "内容应为 11 位手机号码"),
        ("code", {}, "第三", "内容里没有「第三」，请从列表中选择内容"),
        ("codes", {}, ["01", "02", "03", "04"], "内容最多选择3项，现在是4项"),
        ("period", {}, {"from": "2018-09", "to": "2018-08"}, "内容的结束年月不能早于起始年月"),
        ("region", {}, "乌托邦", "没有「乌托邦」这个地区，请从列表中选择内容"),
    ],
)
def test_sentences(code, more, typed, say):
    with pytest.raises(Wrong) as refusal:
        TYPES[code].clean(typed, field(code, **more), AROUND)
    assert str(refusal.value) == say


@pytest.mark.parametrize(
    ("code", "typed", "value"),
    [
        ("month", "2018年9月", "2018-09"),
        ("month", "201809", "2018-09"),
        ("month", "２０１８．０９", "2018-09"),
        ("date", "2018年9月1日", "2018-09-01"),
        ("date", "20180901", "2018-09-01"),
        ("year", "2018年度", "2018"),
        ("number", "１0.50", "10.5"),
        ("phone", "+86 138-0000-0000", "13800000000"),
        ("email", "Lin@Example.ORG", "Lin@example.org"),
        ("identity", "11010519491231002x", "11010519491231002X"),
        ("code", "男", "1"),
        ("yes-no", "是", "1"),
        ("codes", ["19", "农业", "19", ""], ["01", "19"]),
        ("region", "宁夏回族自治区银川市兴庆区", "640104"),
    ],
)
def test_customary_ways_of_writing_are_understood(code, typed, value):
    assert TYPES[code].clean(typed, field(code), AROUND) == value


@pytest.mark.parametrize("name", ["𠮷田", "阿卜杜拉·买买提", "㐱", "龦", "\U0002ebf0"])
def test_rare_han_and_the_middle_dot_stay(name):
    assert TYPES["text"].clean(name, field("text"), AROUND) == name


def test_rare_han_counts_as_one_character():
    assert len(TYPES["text"].clean("𠮷" * 20, field("text", max=20), AROUND)) == 20


def test_control_and_format_characters_go():
    assert tidy(" 安\u0000澜\u202e市\u200b\r\n一\ud800院\x7f ") == "安澜市 一院"
    assert tidy("一\r\n二\t三", lines=True) == "一\n二 三"
    assert tidy("\u0065\u0301") == "\u00e9"
    assert tidy("ＡＢ①") == "ＡＢ①"


def test_cascade_demands_its_parent_and_stays_below_it():
    level = field("code", table="title", parent="series")
    with pytest.raises(Wrong, match="请先选择专技系列，再选择内容"):
        TYPES["code"].clean("副高级", level, Around(TODAY, None, "专技系列"))
    assert TYPES["code"].clean("副高级", level, Around(TODAY, "03", "专技系列")) == "03-2"
    with pytest.raises(Wrong, match="「自然科学研究人员」下没有「副高级」"):
        TYPES["code"].clean("04-2", level, Around(TODAY, "03", "专技系列"))


def test_masks():
    assert TYPES["identity"].mask("11010519491231002X") == "1101**********002X"
    assert TYPES["phone"].mask("13800000000") == "138****0000"
    assert TYPES["email"].mask("linzhiyuan@example.org") == "li****@example.org"
