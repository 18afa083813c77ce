"""YAML read with the line of every key, so that each message can say where.

Scalars stay as written: 2018.10 is no number, 2018-09-01 no date, 否 and `on` no truth value. Only true, false, null
and whole numbers are read as what they are.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from bole.definitions.terms import Problem

Place = tuple[str, int]
_DEEPEST = 30


class Table(dict[str, Any]):
    """A mapping that knows the place of itself and of each key."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.at: dict[str, Place] = {}

    def put(self, key: str, value: Any, place: Place) -> None:
        """Set a key and where it stands."""
        self[key] = value
        self.at[key] = place


class Rows(list[Any]):
    """A list that knows the place of itself and of each item."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.at: list[Place] = []

    def put(self, value: Any, place: Place) -> None:
        """Append an item and where it stands."""
        self.append(value)
        self.at.append(place)


def read(path: Path, shown: str) -> tuple[Any, list[Problem]]:
    """The content of a file under the name shown in messages, and what is wrong with its form."""
    problems: list[Problem] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None, [Problem(shown, 1, "文件打不开，或不是 UTF-8 编码")]
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return None, [Problem(shown, mark.line + 1 if mark else 1, "YAML 格式有误，请检查缩进、冒号和引号")]
    if node is None:
        return None, [Problem(shown, 1, "文件是空的")]
    return _value(node, shown, problems, 0), problems


def _value(node: yaml.Node, file: str, problems: list[Problem], depth: int) -> Any:
    place = (file, node.start_mark.line + 1)
    if depth > _DEEPEST:
        problems.append(Problem(*place, f"嵌套超过{_DEEPEST}层"))
        return None
    if isinstance(node, yaml.MappingNode):
        return _table(node, file, problems, depth)
    if isinstance(node, yaml.SequenceNode):
        rows = Rows(place)
        for child in node.value:
            rows.put(_value(child, file, problems, depth + 1), (file, child.start_mark.line + 1))
        return rows
    if not isinstance(node, yaml.ScalarNode):
        raise TypeError(node)
    return _scalar(node)


def _table(node: yaml.MappingNode, file: str, problems: list[Problem], depth: int) -> Table:
    table = Table((file, node.start_mark.line + 1))
    for key, child in node.value:
        place = (file, key.start_mark.line + 1)
        if not isinstance(key, yaml.ScalarNode):
            problems.append(Problem(*place, "键必须是一个词"))
        elif key.value in table:
            problems.append(Problem(*place, f"「{key.value}」写了两次，上一次在第{table.at[key.value][1]}行"))
        else:
            table.put(key.value, _value(child, file, problems, depth + 1), place)
    return table


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in ("true", "false"):
        return text == "true"
    if node.tag == "tag:yaml.org,2002:null":
        return None
    return int(text) if re.fullmatch(r"-?(0|[1-9][0-9]{0,8})", text, re.ASCII) else text


def place_of(data: Any, path: Iterable[Any]) -> Place:
    """Where the value at a path stands; of the nearest thing above it when it is not there."""
    place: Place = data.place if isinstance(data, Table | Rows) else ("", 1)
    for part in path:
        if (isinstance(data, Table) and part in data) or (
            isinstance(data, Rows) and isinstance(part, int) and 0 <= part < len(data)
        ):
            place, data = data.at[part], data[part]
    return place
