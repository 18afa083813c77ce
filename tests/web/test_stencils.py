"""A stencil gives what its template gives, for every word and look."""

import pytest
from django.template.loader import render_to_string

from bole.web.stencils import Stencil

WORDS = ("place", "name", "of", "say", "file", "page", "box")
AWKWARD = ("plain", "<script>\"'&", "{0}", "{{ on }}", "{% if %}", "\\", "𠮷", "")


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("word", AWKWARD)
def test_it_draws_what_the_template_draws(word: str, on: bool):
    stencil = Stencil("web/work/mark_line.html", WORDS)
    for say in ("要改", word, ""):
        words = dict(zip(WORDS, ("plan[1]", word, word, say, word, "3", ""), strict=True))
        assert stencil(*words.values(), on=on) == render_to_string("web/work/mark_line.html", {**words, "on": on})


def test_words_can_be_attributes_of_one_variable():
    words = {"id": "7", "name": "<处>", "address": "/a/", "children_address": "/b/", "note": "", "count": "3"}
    stencil = Stencil("web/staff/tree_closed.html", tuple(words), under="node")
    for parent in (True, False, True):
        look = {"icon": "tree", "parent": parent}
        expected = render_to_string("web/staff/tree_closed.html", {"node": {**words, **look}})
        assert stencil(*words.values(), **look) == expected


def test_the_oldest_look_goes_when_there_are_too_many():
    stencil = Stencil("web/work/flag.html", ("place", "of"), most=1)
    for on in (True, False, True):
        assert f'aria-pressed="{str(on).lower()}"' in stencil("plan", "级别", on=on)
    assert len(stencil._drawn) == 1
