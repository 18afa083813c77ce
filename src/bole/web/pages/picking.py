"""Units picked by words: the text that finds them, what was found to choose from, and which one is meant.

With script the text is a combobox that sends the key of what was chosen; without it 「查找」 shows what was found, each
with a button to choose it. `web/parts/unit_picker.html` draws both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from bole.organizations import queries as organizations
from bole.organizations.terms import UnitChoice
from bole.web.requests import PageRequest

Search = Callable[[str], tuple[UnitChoice, ...]]


@dataclass(frozen=True)
class UnitPick:
    """A control: what stands in it, what the search found, what is wrong. `code` is the key that the words stand for,
    `source` the address that a script asks while somebody types."""

    name: str
    label: str
    text: str
    source: str
    hint: str = ""
    code: str = ""
    found: tuple[UnitChoice, ...] = ()
    chosen: str = ""
    fault: str = ""
    looked: bool = False
    required: bool = True


def resolve(request: PageRequest, name: str, text: str, search: Search) -> tuple[str, tuple[UnitChoice, ...]]:
    """The unit meant by what was posted, as a key; empty with what the search found where that is not clear."""
    text = request.POST.get(f"{name}_pick", "") or text.strip()
    try:
        return str(UUID(text)), ()
    except ValueError:
        pass
    found = search(text) if text else ()
    exact = [choice for choice in found if choice.name == text]
    return (str(exact[0].id), ()) if len(exact) == 1 else ("", found)


def told(text: str) -> str:
    """A unit chosen by script comes back as its key; people read its name."""
    try:
        return organizations.unit_names([UUID(text)]).get(UUID(text), "")
    except ValueError:
        return text
