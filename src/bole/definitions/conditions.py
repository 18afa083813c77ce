"""The closed expression language of the catalogue: parsed by Python's own parser, compiled to closures.

Allowed are names (`end`, `basic.talent_category`, `unit.region_level`, `today`), text, numbers, true, false, null,
lists of constants, comparisons, `in`, `not in`, `and`, `or`, `not` and the functions below. There are no loops, no
arithmetic and no attributes: a dotted name, also `plan.committee.review`, is one key of the scope. An order comparison
with something missing is false, never an error. A coded value equals its code and its name. `retirement(born, 60)` is
the day on which the statutory retirement age is reached, by the original age in years that sex and post decide.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from bole.standards import queries as standards

LONGEST = 500
DEEPEST = 20

Scope = Mapping[str, Any]
Compiled = Callable[[Scope], Any]


# What is not known, in a scope that `Condition.knows` is asked with: neither true nor false nor null.
UNKNOWN = object()


class ConditionInvalid(ValueError):  # named for what it says, like the kernel's errors
    """An expression outside the language; the message says in Chinese what and where."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A chosen code with its name, so that a condition may use either."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Described(Coded):
    """A chosen line of a catalogue that says more of itself: `committee.review` is its attribute `review`."""

    attributes: Mapping[str, Coded] = field(default_factory=dict, compare=False, hash=False)


@dataclass(frozen=True, eq=False)
class Condition:
    """A compiled condition. `names` are the scope keys it reads, `tree` its JSON form for the page's script."""

    source: str
    names: frozenset[str]
    tree: Any
    run: Compiled

    def holds(self, scope: Scope) -> bool:
        """Whether it is true of the scope; names that the scope lacks are null."""
        return _truth(self.run(scope))

    def knows(self, scope: Scope) -> bool | None:
        """Whether it is true as far as the scope knows; None where that hangs on something UNKNOWN or missing.

        Known either way, it stays so whatever the unknown turns out to be. Null is known to be nothing.
        """
        found = _known(self.tree, scope)
        return None if found is UNKNOWN else _truth(found)


@lru_cache(maxsize=4096)
def compiled(source: str) -> Condition:
    """The condition as a function. Raises ConditionInvalid."""
    if len(source) > LONGEST:
        raise ConditionInvalid(f"条件最多{LONGEST}个字符，现在是{len(source)}个")
    if not source.isprintable():
        raise ConditionInvalid("条件里有看不见的字符，请写成一行")
    try:
        parsed = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        place = f"第{error.offset}个字符附近" if isinstance(error, SyntaxError) and error.offset else ""
        raise ConditionInvalid(f"条件写得不完整或有多余的符号{place}：{source}") from None
    builder = _Builder(source.strip())
    tree = builder.build(parsed.body, 0)
    return Condition(source, frozenset(builder.names), tree, _closure(tree))


class _Builder:
    """Turns the syntax tree into the JSON tree, refusing everything that is not listed."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.names: set[str] = set()

    def excerpt(self, node: ast.expr) -> str:
        return (ast.get_source_segment(self.source, node) or "")[:40]

    def build(self, node: ast.expr, depth: int) -> Any:
        if depth > DEEPEST:
            raise ConditionInvalid(f"条件嵌套不能超过{DEEPEST}层")
        match node:
            case ast.BoolOp():
                word = "and" if isinstance(node.op, ast.And) else "or"
                return [word, *(self.build(each, depth + 1) for each in node.values)]
            case ast.UnaryOp(op=ast.Not()):
                return ["not", self.build(node.operand, depth + 1)]
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if not isinstance(
                number, bool
            ):
                return ["value", _plain(-number)]
            case ast.Compare():
                return self._comparison(node, depth)
            case ast.Call():
                return self._call(node, depth)
            case ast.List() | ast.Tuple():
                return ["list", *(self.build(each, depth + 1) for each in node.elts)]
            case ast.Constant(value=None | bool() | int() | float() | str() as value):
                return ["value", _plain(value)]
            case ast.Name() | ast.Attribute():
                return self._name(node)
        raise ConditionInvalid(f"条件里不能使用「{self.excerpt(node)}」，只能用比较、in、and、or、not 和规定的函数")

    def _name(self, node: ast.Name | ast.Attribute) -> Any:
        if isinstance(node, ast.Name):
            if node.id in _WORDS:
                return ["value", _WORDS[node.id]]
            name = node.id
        elif isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
        elif isinstance(node.value, ast.Attribute) and isinstance(node.value.value, ast.Name):
            name = f"{node.value.value.id}.{node.value.attr}.{node.attr}"
        else:
            raise ConditionInvalid(f"名称最多三段，例如 plan.committee.review；现在是「{self.excerpt(node)}」")
        if any(part.startswith("_") for part in name.split(".")):
            raise ConditionInvalid(f"名称不能以下划线开头：{name}")
        self.names.add(name)
        return ["name", name]

    def _comparison(self, node: ast.Compare, depth: int) -> Any:
        pairs = []
        left = node.left
        for sign, right in zip(node.ops, node.comparators, strict=True):
            word = _SIGNS.get(type(sign))
            if word is None:
                raise ConditionInvalid("空值请写成 x == null 或 x != null，不要用 is")
            pairs.append([word, self.build(left, depth + 1), self.build(right, depth + 1)])
            left = right
        return pairs[0] if len(pairs) == 1 else ["and", *pairs]

    def _call(self, node: ast.Call, depth: int) -> Any:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in _FUNCTIONS:
            raise ConditionInvalid(
                f"没有「{self.excerpt(node.func)}」这个函数，可用的是 {'、'.join(sorted(_FUNCTIONS))}"
            )
        if name == "age" and len(node.args) == 1:
            node = ast.Call(node.func, [*node.args, ast.Name("today")], node.keywords)
        if name == "retirement" and not _original_age(node.args[1:]):
            ages = "、".join(map(str, standards.RETIREMENT_AGES))
            raise ConditionInvalid(f"retirement 的第二个参数是原法定退休年龄，只能写 {ages}")
        count = _FUNCTIONS[name][0]
        if node.keywords or len(node.args) != count or any(isinstance(each, ast.Starred) for each in node.args):
            raise ConditionInvalid(f"函数 {name} 要有{count}个参数")
        return ["call", name, *(self.build(each, depth + 1) for each in node.args)]


def _original_age(arguments: list[ast.expr]) -> bool:
    """Whether nothing but an original retirement age, written as a number, follows the day of birth."""
    match arguments:
        case [ast.Constant(value=int() as age)]:
            return age in standards.RETIREMENT_AGES
    return False


_WORDS = {"null": None, "true": True, "false": False}
_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in",
    ast.NotIn: "not in",
}  # fmt: skip


def _plain(value: Any) -> Any:
    """Constants as JSON; a fraction as text of its digits, so that 0.1 stays 0.1."""
    return {"decimal": repr(value)} if isinstance(value, float) else value


def _closure(tree: Any) -> Compiled:
    word, *rest = tree
    if word == "value":
        value = Decimal(rest[0]["decimal"]) if isinstance(rest[0], dict) else rest[0]
        return lambda scope: value
    if word == "name":
        name = rest[0]
        return lambda scope: scope.get(name)
    if word == "call":
        function, parts = _FUNCTIONS[rest[0]][1], [_closure(each) for each in rest[1:]]
        return lambda scope: function(*(part(scope) for part in parts))
    parts = [_closure(each) for each in rest]
    if word == "and":
        return lambda scope: all(_truth(part(scope)) for part in parts)
    if word == "or":
        return lambda scope: any(_truth(part(scope)) for part in parts)
    if word == "not":
        return lambda scope: not _truth(parts[0](scope))
    if word == "list":
        return lambda scope: tuple(part(scope) for part in parts)
    left, right = parts
    compare = _COMPARISONS[word]
    return lambda scope: compare(left(scope), right(scope))


def _known(tree: Any, scope: Scope) -> Any:
    """The value of a tree in Kleene's logic: UNKNOWN wherever an unknown part could make a difference."""
    word, *rest = tree
    if word == "value":
        return Decimal(rest[0]["decimal"]) if isinstance(rest[0], dict) else rest[0]
    if word == "name":
        return scope.get(rest[0], UNKNOWN)
    parts = [_known(each, scope) for each in (rest[1:] if word == "call" else rest)]
    if word == "list":
        return tuple(parts)
    if word in ("and", "or", "not"):
        told = [part if part is UNKNOWN else _truth(part) for part in parts]
        if word == "not":
            return UNKNOWN if told[0] is UNKNOWN else not told[0]
        decisive = word == "or"
        return decisive if decisive in told else UNKNOWN if UNKNOWN in told else not decisive
    if word == "call":
        if any(_unclear(part) for part in parts):
            return UNKNOWN
        found = _FUNCTIONS[rest[0]][1](*parts)
        return UNKNOWN if found is None and None not in parts else found
    return _compared(word, *parts)


def _compared(sign: str, left: Any, right: Any) -> Any:
    compare = _COMPARISONS[sign]
    if sign in ("in", "not in") and isinstance(right, tuple) and not _unclear(left):
        # Found among what is known, it is found; not found, it may be among the rest.
        if not _unclear(right) or any(_same(left, each) for each in right if each is not UNKNOWN):
            return compare(left, right)
        return UNKNOWN
    if _unclear(left) or _unclear(right):
        return UNKNOWN
    if sign in ("==", "!=", "in", "not in") or left is None or right is None:
        return compare(left, right)
    plain = [each.code if isinstance(each, Coded) else each for each in (left, right)]
    alike = all(map(_number, plain)) or all(isinstance(each, str) for each in plain)
    return compare(left, right) if alike else UNKNOWN


def _unclear(value: Any) -> bool:
    """Whether it is unknown, or holds something that is."""
    return value is UNKNOWN or (isinstance(value, tuple) and any(_unclear(each) for each in value))


def _truth(value: Any) -> bool:
    return bool(value)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, Coded):
        return (
            left.code == right.code
            if isinstance(right, Coded)
            else right is not None and right in (left.code, left.name)
        )
    if isinstance(right, Coded):
        return _same(right, left)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(_same(*pair) for pair in zip(left, right, strict=True))
    return (type(left) is type(right) and bool(left == right)) or (
        _number(left) and _number(right) and bool(left == right)
    )


def _number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """An order comparison: of two numbers, or of two texts (days and months are ISO text); otherwise false."""

    def compare(left: Any, right: Any) -> bool:
        left, right = (each.code if isinstance(each, Coded) else each for each in (left, right))
        if (_number(left) and _number(right)) or (isinstance(left, str) and isinstance(right, str)):
            # A month against a day: only what both say is compared.
            if isinstance(left, str) and _iso(left) and _iso(right):
                length = min(len(left), len(right))
                left, right = left[:length], right[:length]
            return test(left, right)
        return False

    return compare


def _iso(text: str) -> bool:
    return len(text) in (4, 7, 10) and text[:4].isdigit() and text[4:5] in ("", "-")


def _within(left: Any, right: Any) -> bool:
    if isinstance(right, tuple):
        return any(_same(left, each) for each in right)
    return isinstance(left, str) and isinstance(right, str) and left in right


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": _same,
    "!=": lambda left, right: not _same(left, right),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "in": _within,
    "not in": lambda left, right: not _within(left, right),
}


def _count(value: Any) -> int:
    """How many records or choices; nothing counts as none, a single value as one."""
    if value is None:
        return 0
    return sum(each is not None for each in value) if isinstance(value, tuple) else 1


def _length(value: Any) -> int:
    text = value.name if isinstance(value, Coded) else value
    return len(text) if isinstance(text, str | tuple) else 0


def _day(value: Any) -> date | None:
    text = value if isinstance(value, str) else ""
    try:
        return date.fromisoformat(
            text + "-01-01"[: 10 - len(text)] if len(text) == 4 else text + "-01"[: 10 - len(text)]
        )
    except ValueError:
        return None


def _months_between(start: Any, end: Any) -> int | None:
    """Full months from one day (or month) to another; None when either is missing."""
    first, last = _day(start), _day(end)
    if first is None or last is None:
        return None
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def _age(born: Any, on: Any) -> int | None:
    """Full years from a day of birth to a day; 29 February has its anniversary on 1 March."""
    months = _months_between(born, on)
    return None if months is None else months // 12


def _retirement(born: Any, original: Any) -> str | None:
    """The day of the statutory retirement age as ISO text; None for who has no day of birth."""
    day = _day(born)
    if day is None or day.year > _LAST_BORN:
        return None
    return standards.retirement_on(day, original).isoformat()


_LAST_BORN = 9900  # the calendar ends with 9999
_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "count": (1, _count),
    "len": (1, _length),
    "age": (2, _age),
    "months_between": (2, _months_between),
    "retirement": (2, _retirement),
}
