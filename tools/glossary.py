"""Checks docs/glossary.md: one English word for each Chinese term, and a line for each word of code and catalogue."""

import ast
import re
import sys
from collections import Counter
from pathlib import Path

from tools.files import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"


def words(name: str) -> str:
    """`SentBack`, `sent_back` and `SENT-BACK` are the same words: sent back."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return re.sub(r"[\s_-]+", " ", spaced).strip().lower()


def rows() -> list[tuple[str, str, str]]:
    """The lines of the glossary's tables: Chinese, English, meaning."""
    found = []
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and not set(cells[0]) <= set("-: ") and cells[1] != "English":
            found.append((cells[0], cells[1], cells[2]))
    return found


def _is_enum(node: ast.ClassDef) -> bool:
    bases = {ast.unparse(base).rsplit(".", 1)[-1] for base in node.bases}
    return bool(bases & {"Enum", "StrEnum", "IntEnum", "TextChoices", "IntegerChoices"})


def _value(value: ast.expr) -> str | None:
    first = value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def enum_words(source: str) -> set[str]:
    """The names of enums in a terms file and the values of their members (names, where values are numbers)."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.ClassDef) and _is_enum(node)):
            continue
        found.add(words(node.name))
        for line in node.body:
            if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                value = _value(line.value)
                if value and set("./") & set(value):  # names of audit actions and media types are no words
                    continue
                found.add(words(value if value and value.isascii() else line.targets[0].id))
    return found


def catalogue_keys(source: str) -> set[str]:
    """The keys that definition files may use: the attributes of the types parsed from them, all heirs of Frozen."""
    classes = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Frozen" for base in node.bases)
    ]
    return {
        words(line.target.id)
        for node in classes
        for line in node.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.target.id.isascii()
    }


def _terms(room: Path) -> list[Path]:
    return [*room.glob("terms.py"), *room.glob("terms/*.py")]


def wanted() -> dict[str, str]:
    """Word → the file that uses it."""
    found: dict[str, str] = {}
    for room in sorted((ROOT / "src" / "bole").iterdir()):
        for path in _terms(room):
            source = path.read_text(encoding="utf-8")
            names = enum_words(source) | (catalogue_keys(source) if room.name == "definitions" else set())
            found.update(dict.fromkeys(names, path.relative_to(ROOT).as_posix()))
    return found


def faults() -> list[str]:
    """Missing words, and Chinese terms given two English words."""
    lines = rows()
    known = {words(part) for _, english, _ in lines for part in english.replace("`", "").split("/")}
    found = [
        f"docs/glossary.md: no line for “{word}” ({path})"
        for word, path in sorted(wanted().items())
        if word not in known
    ]
    twice = [term for term, count in Counter(chinese for chinese, _, _ in lines).items() if count > 1]
    found += [f"docs/glossary.md: {term} stands twice" for term in twice]
    return found + [f"docs/glossary.md: {chinese} has no meaning" for chinese, _, meaning in lines if not meaning]


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or None)
