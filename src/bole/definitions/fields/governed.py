"""A line of a catalogue that an authority keeps, bound at start-up; usually a rung of a cascade."""

from datetime import date
from typing import Any
from uuid import UUID

from bole.definitions import lookups
from bole.definitions.conditions import Coded, Described
from bole.definitions.fields.base import Around, FieldType, Wrong, excerpt, single
from bole.definitions.terms import Choice, Context, Field, Governed, Pick, Shape

MOST_LISTED = 300  # names; a longer list is nothing to choose from


class GovernedChoice(FieldType):
    """The key of a line. A name that only one offered line has is taken for it, so that sheets and interfaces work.

    What was handed in once stays right when its line ends later; choosing it anew is refused with the day.
    """

    code = "governed"
    shape = Shape.LOOKUP
    settings = frozenset({"lookup", "parent"})
    needs = frozenset({"lookup"})
    pick = Pick.SELECT
    settles = True

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        text = single(typed, field)
        if field.parent is not None and around.parent is None:
            if around.parent_wrong and bound(field).known(_key(text)):
                return _key(text)  # what is wrong is told once, at the rung where it is
            raise Wrong(f"请先选择{around.parent_name}，再选择{field.name}")
        memo = around.context.memo
        asked = ("governed", field.lookup, text, around.parent, field.fixed is not None)
        if asked not in memo:
            memo[asked] = self._found(text, field, around)
        value, say = memo[asked]
        if say:
            raise Wrong(say)
        return str(value)

    def _found(self, text: str, field: Field, around: Around) -> tuple[str, str]:
        """The value, or the sentence of what is wrong."""
        catalogue = bound(field)
        value = _key(text) or self._named(text, field, around)
        line = catalogue.known(value) if value else None
        if line is None:
            return "", f"没有找到「{excerpt(text)}」，请从列表中选择{field.name}"
        if field.fixed is not None:  # the answer of another place, which asks for more than this one knows
            return value, ""
        if not catalogue.below(value, around.parent):
            return "", f"「{line.name}」不在所选的{around.parent_name}之内，请重新选择{field.name}"
        if value in around.context.chosen:
            return value, ""
        return value, catalogue.fault(value, around.parent, around.context)

    def _named(self, text: str, field: Field, around: Around) -> str:
        found = [each for each in bound(field).offered(around.parent, around.context) if text in (each.name, each.code)]
        return found[0].value if len(found) == 1 else ""

    def settle(self, typed: Any, field: Field, around: Around) -> Any:
        """What no longer hangs under the parent is dropped; the only line on offer is filled in where one is needed."""
        key = _key(typed) if isinstance(typed, str) else ""
        if key and not bound(field).below(key, around.parent):
            typed = ""
        if typed in (None, "") and field.required is True and field.parent is not None:
            offered = bound(field).offered(around.parent, around.context)
            return offered[0].value if len(offered) == 1 else ""
        return typed

    def text(self, value: Any, field: Field) -> str:
        line = bound(field).known(str(value))
        return line.name if line is not None else str(value)

    def compare(self, value: Any, field: Field) -> Coded:
        line = bound(field).known(str(value))
        if line is None:
            return Coded(str(value), str(value))
        told = {name: Coded(*each) for name, each in line.attributes.items()}
        return Described(line.code or line.value, line.name, told)

    def raw(self, typed: Any, field: Field) -> str:
        key = _key(typed) if isinstance(typed, str) else ""
        return self.text(key, field) if key else super().raw(typed, field)

    def listing(self, field: Field, site: str, on: date) -> tuple[tuple[str, str], ...]:
        """By name: a list shows a case under the name that its line had; lines of one name (中级) stand together."""
        names = dict.fromkeys(line.name for line in bound(field).listed(site))
        return tuple((name, name) for name in names) if len(names) <= MOST_LISTED else ()

    def sample(self, field: Field) -> str:
        return "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e4f"

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return ("没有这一项", "<script>alert(1)</script>", 7, ["6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e4f"])


def bound(field: Field) -> Governed:
    """The catalogue of a field. Raises KeyError, which a checked definition cannot cause."""
    return lookups.governed(field.lookup or "")


def governed_offers(field: Field, parent: str | None, context: Context) -> tuple[Choice, ...]:
    """What can be chosen now; nothing before the parent is."""
    if field.parent is not None and parent is None:
        return ()
    return bound(field).offered(parent, context)


def vacancy(field: Field, parent: str | None, context: Context) -> str:
    """Why nothing can be chosen below a parent; empty where something can, or the parent is not chosen."""
    if (field.parent is not None and parent is None) or bound(field).offered(parent, context):
        return ""
    return bound(field).vacant(parent, context)


def attributes_of(field: Field) -> frozenset[str] | None:
    """What conditions may ask of the field's lines; None while nobody has bound the catalogue."""
    name = field.lookup or ""
    return lookups.governed(name).attributes if name in lookups.governed_names() else None


def _key(text: str) -> str:
    """The text as a key, or nothing when it is words."""
    try:
        return str(UUID(text.strip())) if len(text.strip()) == 36 else ""
    except ValueError:
        return ""
