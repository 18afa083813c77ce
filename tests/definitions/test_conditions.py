"""The expression language: what it says, what it refuses, and that nothing makes it raise."""

import contextlib
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.definitions.conditions import DEEPEST, LONGEST, Coded, ConditionInvalid, compiled

SCOPE = {
    "start": "2018-09",
    "end": None,
    "kind": Coded("99", "其他"),
    "fields": (Coded("01", "农业"), Coded("19", "医疗卫生")),
    "hours": Decimal("7.5"),
    "papers": ("a", "b", "c"),
    "today": "2026-11-21",
    "person.birth_on": "1984-02-29",
    "basic.flag": True,
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("end == null or end >= start", True),
        ("end >= start", False),
        ("end < start", False),
        ("not end", True),
        ('kind == "其他"', True),
        ('kind == "99"', True),
        ('kind != "98"', True),
        ('kind in ["其他", "别的"]', True),
        ('"医疗卫生" in fields', True),
        ('"20" in fields', False),
        ('"19" not in fields', False),
        ("hours >= 7", True),
        ("hours > 7.5", False),
        ("hours == 7.5", True),
        ("hours < -1", False),
        ("count(papers) == 3 and count(end) == 0", True),
        ("len(start) == 7", True),
        ("age(person.birth_on) == 42", True),
        ("age(end) == null", True),
        ('retirement(person.birth_on, 60) == "2047-02-28"', True),
        ('retirement("1973-05", 55) == "2029-04-01"', True),
        ("today < retirement(person.birth_on, 50)", True),
        ("retirement(end, 60) == null", True),
        ("months_between(start, today) == 98", True),
        ('"2018-01" <= start <= today', True),
        ("start >= person.birth_on", True),
        ('start <= "2018-09-15" and start >= "2018-09-15"', True),
        ("basic.flag == true", True),
        ("unknown.name == null", True),
        ('start < 5 or hours < "7"', False),
        ("true and not false", True),
    ],
)
def test_says(source, expected):
    assert compiled(source).holds(SCOPE) is expected


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os').system('id')",
        "start.__class__.__mro__",
        "a.b.c.d",
        "_hidden == 1",
        "start.__len__ == 1",
        "[x for x in papers]",
        "lambda: 1",
        "hours + 1 > 2",
        "papers[0] == 1",
        "f'{start}' == start",
        "open('/etc/passwd')",
        "count(papers, start)",
        "count(*papers)",
        "count(x=papers)",
        "age(start, today, end)",
        "retirement(start)",
        "retirement(start, 57)",
        "retirement(start, kind)",
        "retirement(start, 60, 55)",
        "start is null",
        "x := 1",
        "b'1' == start",
        "1j == start",
        "... == start",
        "{1: 2} == start",
        "start if end else kind",
        "",
        "start ==",
        "start == 1; end",
        "start\n== end",
        "start == '\u202e'",
        "not " * (DEEPEST + 1) + "start",
        "-" * 400 + "1 == hours",
        "(" * 300 + "start" + ")" * 300,
        "start == '" + "x" * LONGEST + "'",
    ],
)
def test_refuses_everything_else(source):
    with pytest.raises(ConditionInvalid) as refusal:
        compiled(source)
    assert any("\u4e00" <= char <= "\u9fff" for char in str(refusal.value))


def test_never_reads_an_attribute():
    class Trap(dict[str, object]):
        def __getattribute__(self, name: str) -> object:
            if name not in {"get", "__class__"}:
                raise AssertionError(name)
            return super().__getattribute__(name)

    assert compiled('unit.region_level == "city"').holds(Trap({"unit.region_level": "city"}))


def test_tree_is_json_and_lists_names():
    condition = compiled('end == null or basic.kind in ["其他"] and hours > 0.1')
    assert json.loads(json.dumps(condition.tree)) == [
        "or",
        ["==", ["name", "end"], ["value", None]],
        [
            "and",
            ["in", ["name", "basic.kind"], ["list", ["value", "其他"]]],
            [">", ["name", "hours"], ["value", {"decimal": "0.1"}]],
        ],
    ]
    assert condition.names == {"end", "basic.kind", "hours"}


CODED = st.builds(Coded, st.text(max_size=4), st.text(max_size=4))
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=12),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.builds(Coded, st.text(max_size=4), st.text(max_size=4)),
    st.lists(st.one_of(st.none(), st.text(max_size=4), st.builds(Coded, st.text(max_size=4), st.text(max_size=4)))).map(
        tuple
    ),
)
OPERANDS = st.sampled_from(
    [
        "a",
        "b",
        "s.c",
        "today",
        "null",
        "true",
        "1",
        "2.5",
        '"2018-09"',
        '["x", 1]',
        "count(a)",
        "age(b)",
        "retirement(a, 60)",
    ]
)
COMPARISONS = st.builds(
    "{} {} {}".format, OPERANDS, st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "not in"]), OPERANDS
)
SOURCES = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(st.builds("({} and {})".format, inner, inner), st.builds("not ({})".format, inner)),
    max_leaves=6,
)


@given(source=SOURCES, scope=st.fixed_dictionaries({"a": VALUES, "b": VALUES, "s.c": VALUES, "today": VALUES}))
def test_never_raises_on_any_value(source, scope):
    assert compiled(source).holds(scope) in (True, False)


@given(st.text(max_size=60))
def test_any_text_compiles_or_is_refused(source):
    with contextlib.suppress(ConditionInvalid):
        compiled(source)
