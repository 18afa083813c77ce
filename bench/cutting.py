"""Makes a bare page's template out of a page that Bole served: the same bytes, as Django templates would make them.

The shell becomes text of the template. Each field of the form goes round a loop, its choices round an inner one, and
every typed value is a variable that Django escapes: what a template written for this page would do.
"""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_FIELD = re.compile(r'(?=<(?:div|fieldset) class="field[^"]*" data-field=")')
_CODE = re.compile(r'data-field="([^"]+)"')
_OPTIONS = re.compile(r'(?:<option value="[^"]*"(?: selected)?>[^<]*</option>)+')
_OPTION = re.compile(r'<option value="([^"]*)"(?: selected)?>([^<]*)</option>')
_ROWS = re.compile(r"\s*<tr data-row>.*</tr>", re.DOTALL)
_CHIP = re.compile(r'<span class="chip.*?</svg>[^<]*</span>|<span class="chip[^>]*>[^<]*</span>')
_SEALED = re.compile(r"([?&;](?:f|at)=)[A-Za-z0-9_%-]+")
_CSRF = re.compile(r"\b[A-Za-z0-9]{64}\b")

_FIELDS = (
    "{% for field in fields %}{{ field.before }}{{ field.value }}{{ field.between }}"
    '{% for code, word in field.options %}<option value="{{ code }}"{% if code == field.chosen %} selected{% endif %}>'
    "{{ word }}</option>{% endfor %}{{ field.after }}{% endfor %}"
)


def without_token(page: str) -> str:
    """The page with its one-time tokens made equal."""
    return _CSRF.sub("0" * 64, page)


def without_seals(page: str) -> str:
    """The same for lists, whose addresses are sealed anew for every page."""
    return _SEALED.sub(r"\1", without_token(page))


def demand_same(page: str, plain: str) -> None:
    """Raises RuntimeError with the first difference: contestants that answer differently are not compared."""
    if page == plain:
        return
    at = next((n for n, (one, other) in enumerate(zip(page, plain, strict=False)) if one != other), len(plain))
    raise RuntimeError(f"the bare view differs at {at}: {page[at - 60 : at + 60]!r} / {plain[at - 60 : at + 60]!r}")


def literal(text: str) -> str:
    """Text of a template that stands for itself, but for the one-time token."""
    if "{%" in text or "{{" in text or "{#" in text:
        raise ValueError("the page holds what a template would read as its own")
    return _CSRF.sub("{{ csrf_token }}", text)


def form_template(page: str, typed: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The template of a page with a form of fields, and what is the same of each field at every request."""
    start = page.index('data-field="')
    start = max(page.rfind("<div", 0, start), page.rfind("<fieldset", 0, start))
    end = page.index("</form>", start)
    pieces = [piece for piece in _FIELD.split(page[start:end]) if piece]
    return literal(page[:start]) + _FIELDS + literal(page[end:]), [_field(piece, typed) for piece in pieces]


def _field(piece: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """A field cut at its typed value and at its choices; both are put in again at each request."""
    code = _CODE.search(piece)
    value = typed.get(code[1], "") if code else ""
    run = _OPTIONS.search(piece)
    head, tail = (piece[: run.start()], piece[run.end() :]) if run else (piece, "")
    options = [(unescape(key), unescape(word)) for key, word in _OPTION.findall(run[0])] if run else []
    slot = f'value="{escape(value)}"' if isinstance(value, str) and value else ""
    before, found, between = head.partition(slot) if slot else (head, "", "")
    if found:
        before, between = f'{before}value="', f'"{between}'
    return {
        "code": code[1] if code else "",
        "before": mark_safe(before),
        "typed": bool(found),
        "between": mark_safe(between),
        "options": options,
        "after": mark_safe(tail),
    }


def filled(fields: list[dict[str, Any]], typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields with what was typed into them, for one request."""
    return [
        {**field, "value": typed.get(field["code"], "") if field["typed"] else "", "chosen": typed.get(field["code"])}
        for field in fields
    ]


def list_template(page: str, rows: str) -> str:
    """The template of a page with a table: everything around its rows as text, the rows as the template given."""
    found = _ROWS.search(page)
    if found is None:
        raise ValueError("the page has no rows")
    return literal(page[: found.start()]) + rows.rstrip("\n") + literal(page[found.end() :])


def chip(page: str) -> SafeString:
    """The mark of a state, as the first row shows it."""
    found = _CHIP.search(page, page.index("<tr data-row>"))
    return mark_safe(found[0] if found else "")
