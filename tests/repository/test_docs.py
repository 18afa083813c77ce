"""Documents exist, name what there is, and decisions are numbered without gaps."""

import re

import pytest
from tools import glossary
from tools.files import ROOT

from bole.project.command import COMMANDS

DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "adr").glob("*.md"))
PROMISED = [
    "architecture.md", "glossary.md", "how-to/add-a-service.md",
    "how-to/add-a-field-type.md",
    "how-to/add-a-step-kind.md",
    "how-to/end-a-result.md",
    "how-to/write-eligibility.md",
    "operations/install.md", "operations/backup.md", "operations/security.md",
]  # fmt: skip


@pytest.mark.parametrize("name", PROMISED)
def test_promised_documents_exist(name):
    assert (DOCS / name).read_text(encoding="utf-8").startswith("# ")


def test_decisions_are_numbered_without_gaps():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_number_and_parts_and_fits_a_page(path):
    text = path.read_text(encoding="utf-8")
    number, heading = re.match(r"# (\d+)\. (.+)", text).groups()
    slug = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")

    assert path.name == f"{int(number):04d}-{slug}.md"
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert text.count("\n") <= 60


def test_every_word_of_code_and_catalogue_is_in_the_glossary():
    assert glossary.faults() == []


def test_glossary_check_finds_members_names_and_keys():
    source = 'class StepKind(StrEnum):\n    SEND_BACK = "send_back"\n\nclass Rank(IntEnum):\n    FIRST = 1\n'

    assert glossary.enum_words(source) == {"step kind", "send back", "rank", "first"}
    parsed = "class Service(Frozen):\n    opened_by: list[str]\n\nclass Context:\n    day: str\n"
    assert glossary.catalogue_keys(parsed) == {"opened by"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_described(name):
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(DOCS.rglob("*.md")))

    assert f"bole {name}" in text


def test_links_between_documents_lead_somewhere():
    broken = []
    for path in sorted(DOCS.rglob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)} -> {target}")

    assert broken == []
