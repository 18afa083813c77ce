"""Parts that stand in a page by the hundred: drawn by their template once for each look, their words put in as text."""

from collections.abc import Hashable, Sequence
from html import escape

from django.template.loader import render_to_string

_Look = tuple[tuple[tuple[str, Hashable], ...], tuple[bool, ...]]


class Stencil:
    """A template that is filled without being drawn anew. `words` are the variables that differ from one part to the
    next; of them the template may ask no more than whether they are blank. Whatever else it is given is its look.
    With `under` all of them are attributes of that one variable.

    At most so many looks are kept (`most`), the oldest goes first.
    """

    def __init__(self, template: str, words: Sequence[str], *, under: str = "", most: int = 64) -> None:
        self._template, self._words, self._under, self._most = template, tuple(words), under, most
        self._drawn: dict[_Look, str] = {}

    def __call__(self, *words: object, **look: Hashable) -> str:
        """As the template would draw it, safe to stand in a page; the words in their order, each escaped."""
        texts = [escape(str(word)) for word in words]
        key = (tuple(look.items()), tuple(map(bool, texts)))
        drawn = self._drawn.get(key)
        if drawn is None:
            for oldest in list(self._drawn)[: len(self._drawn) - self._most + 1]:
                self._drawn.pop(oldest, None)  # another thread may have done it
            drawn = self._drawn[key] = self._draw(look, key[1])
        return drawn.format(*texts)

    def _draw(self, look: dict[str, Hashable], filled: tuple[bool, ...]) -> str:
        # Where the words stand: characters that no name and no address has.
        signs = {word: f"\ue000{word}\ue001" for word in self._words}
        words = {word: sign if full else "" for (word, sign), full in zip(signs.items(), filled, strict=True)}
        given = {**look, **words}
        drawn: str = render_to_string(self._template, {self._under: given} if self._under else given)
        drawn = drawn.replace("{", "{{").replace("}", "}}")
        for place, sign in enumerate(signs.values()):
            drawn = drawn.replace(sign, f"{{{place}}}")
        return drawn
