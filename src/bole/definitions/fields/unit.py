"""A unit, picked by a search that is bound at start-up."""

from typing import Any
from uuid import UUID

from bole.definitions import lookups
from bole.definitions.fields.base import Around, FieldType, Wrong, excerpt, single
from bole.definitions.terms import Context, Field, Lookup, Pick, Shape

OFFERED_MOST = 10


class Unit(FieldType):
    """The key of a unit. Words that fit only one unit, or are exactly its name, are taken for it, so that pages without
    script work."""

    code = "unit"
    shape = Shape.LOOKUP
    settings = frozenset({"lookup"})
    needs = frozenset({"lookup"})
    pick = Pick.SEARCH

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        text = single(typed, field)
        kept = around.context.memo
        key = ("unit", field.lookup, text)
        if key not in kept:
            kept[key] = self._found(text, field, around.context)
        value, say = kept[key]
        if say:
            raise Wrong(say)
        return str(value)

    def _found(self, text: str, field: Field, context: Context) -> tuple[str, str]:
        """The value, or the sentence of what is wrong."""
        search = _bound(field)
        value = _key(text)
        if not value:
            offers = search.search(text, context.site, OFFERED_MOST)
            named = list(offers)
            if len(named) > 1:
                named = [each for each in offers if text in (each[1], search.name(each[0]))] or named
            if len(named) > 1:
                return "", f"有{len(named)}个单位符合「{excerpt(text)}」，请从列表中选择{field.name}"
            if not named:
                return "", f"没有找到「{excerpt(text)}」，请换一个名称或统一社会信用代码再查找{field.name}"
            value = named[0][0]
        return value, search.fault(value, context)

    def text(self, value: Any, field: Field) -> str:
        return _bound(field).name(str(value))

    def raw(self, typed: Any, field: Field) -> str:
        key = _key(typed) if isinstance(typed, str) else ""
        return _bound(field).name(key) if key else super().raw(typed, field)

    def sample(self, field: Field) -> str:
        return "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e4f"

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return ("没有这个单位", "<script>alert(1)</script>", 7, ["6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e4f"])


def offers(field: Field, typed: Any, context: Context) -> tuple[tuple[str, str], ...]:
    """What the words that were typed may mean, as (value, label): what a page without script offers to choose from."""
    text = typed.strip() if isinstance(typed, str) else ""
    return _bound(field).search(text, context.site, OFFERED_MOST) if text and not _key(text) else ()


def _bound(field: Field) -> Lookup:
    return lookups.bound(field.lookup or "")


def _key(text: str) -> str:
    """The text as a key, or nothing when it is words."""
    try:
        return str(UUID(text)) if len(text) == 36 else ""
    except ValueError:
        return ""
