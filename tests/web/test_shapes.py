"""Tags and filters of the templates."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory

from bole.kernel.errors import Fault
from bole.portal.terms import Page
from bole.web.shapes import Typed, stages
from bole.web.states import KINDS
from bole.web.templatetags import bole


def drawn(source: str, **values: object) -> str:
    return Template("{% load bole forms %}" + source).render(
        Context({"request": RequestFactory().get("/?q=a&page=2")} | values)
    )


@pytest.mark.parametrize(
    ("word", "kind", "icon"),
    [
        ("未上报", "idle", "i-idle"),
        ("待审核", "wait", "i-wait"),
        ("退回修改", "back", "i-back"),
        ("审核通过", "pass", "i-check"),
    ],
)
def test_a_state_has_colour_and_glyph(word: str, kind: str, icon: str):
    shown = drawn("{% chip word %}", word=word)
    assert f'<span class="chip chip--{kind}">' in shown
    assert f"bole/icons.svg#{icon}" in shown
    assert word in shown


def test_a_finished_state_is_quiet():
    assert drawn("{% chip '已填报' %}") == '<span class="chip chip--plain">已填报</span>'


def test_an_invented_state_is_refused():
    with pytest.raises(KeyError):
        drawn("{% chip '处理中' %}")


def test_no_word_has_two_kinds():
    words = [word for group in KINDS.values() for word in group]
    assert len(words) == len(set(words))


@time_machine.travel(datetime(2026, 4, 18, 4, 0, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 4, 18, 3, 5, tzinfo=UTC), "今天 11:05"),
        (datetime(2026, 4, 17, 12, 14, tzinfo=UTC), "昨天 20:14"),
        (datetime(2026, 4, 17, 16, 30, tzinfo=UTC), "今天 00:30"),
        (datetime(2026, 4, 16, 1, 31, tzinfo=UTC), "4月16日 09:31"),
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025年12月31日 23:59"),
        (None, ""),
    ],
)
def test_instants_are_said_in_chinese_time(instant: datetime | None, words: str):
    assert bole.moment(instant) == words


def test_days_and_sizes():
    assert bole.day(datetime(2026, 4, 17, 16, 30, tzinfo=UTC)) == "2026-04-18"
    assert bole.day(date(2026, 4, 18)) == "2026-04-18"
    assert [bole.file_size(size) for size in (537, 395_264, 4_404_019)] == ["537 B", "386 KB", "4.2 MB"]


def test_a_bar_says_where_things_stand():
    shown = drawn("{% stepper bar %}", bar=stages(("未上报", "待单位确认", "待审核", "审核通过"), 1, returned=True))
    assert shown.count("<li") == 4
    assert 'class="stepper__i is-done"' in shown
    assert 'class="stepper__i is-back" aria-current="step"' in shown
    assert '<span class="vh">已完成：</span>未上报' in shown


@pytest.mark.parametrize(
    ("at", "last", "numbers"),
    [(1, 1, [1]), (1, 6, [1, 2, 3, 0, 6]), (10, 21, [1, 0, 8, 9, 10, 11, 12, 0, 21]), (4, 6, [1, 2, 3, 4, 5, 6])],
)
def test_the_pager_leaves_gaps_of_two_and_more(at: int, last: int, numbers: list[int]):
    assert list(bole._numbers(at, last)) == numbers


def test_the_pager_keeps_the_other_terms():
    shown = drawn("{% pager page %}", page=Page((), 2, 45, 20))
    assert 'href="?q=a&amp;page=3"' in shown
    assert 'aria-current="page"><span class="vh">第</span>2' in shown


def test_a_field_ties_label_fault_hint_and_control_together():
    form = Typed({"phone": '1"2'}, (Fault("phone", "应为 11 位"),))
    shown = drawn('{% input form "phone" "手机号码" required=True hint="本人使用" %}', form=form)
    assert '<label for="f-phone">' in shown
    assert 'aria-describedby="f-phone-e f-phone-h"' in shown
    assert 'value="1&quot;2"' in shown
    assert 'id="f-phone-e"' in shown


def test_paragraphs_never_let_markup_through():
    hostile = '<img src=x onerror=alert(1)>\n\nhttps://a.example/"onmouseover="alert(1)\nhttps://b.example/x\'y'
    shown = bole.paragraphs(hostile)
    assert "<img" not in shown
    assert shown.count("<p>") == 3
    assert shown.count("<a href=") == 2
    assert '"onmouseover' not in shown.replace("&quot;", "")
