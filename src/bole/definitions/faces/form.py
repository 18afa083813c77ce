"""The web form: a compiled skeleton for each section of each version of a definition."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bole.definitions.conditions import compiled
from bole.definitions.faces.controls import control, has_counter, icon, is_group, nothing_boxes
from bole.definitions.faces.sheets import sheet_of
from bole.definitions.faces.skeleton import Part, Skeleton, Text, When, fused, literal, render
from bole.definitions.fields import type_of
from bole.definitions.terms import Context, Field, Origin, Section, Service, Shape, Width
from bole.kernel.errors import Fault
from bole.kernel.privacy import Privacy

_KEPT = 512
_WIDE_PART = 6

_skeletons: dict[tuple[str, str, date, bool, frozenset[str]], Skeleton] = {}


def fields_html(
    service: Service,
    code: str,
    typed: Any,
    *,
    faults: Iterable[Fault] = (),
    context: Context,
    locked: bool = False,
    reveal: bool = False,
    closed: frozenset[str] = frozenset(),
    origins: Mapping[str, Origin] | None = None,
) -> str:
    """The controls of a section (of one record, where it holds many) as safe HTML, without the form around them.

    `faults` are at "field"; `locked` shows texts instead of controls, `closed` does so for these fields; `origins` says
    by the name of a part where its answers are known from. Controls are named by field key, with ids f-<field>. Raises
    KeyError for a strange section.
    """
    sheet = sheet_of(service, code, typed, faults=faults, context=context, reveal=reveal)
    sheet = replace(sheet, origins=origins) if origins else sheet
    return render(skeleton(service, code, context.today, locked=locked, closed=closed), sheet)


def skeleton(
    service: Service, code: str, day: date, *, locked: bool = False, closed: frozenset[str] = frozenset()
) -> Skeleton:
    """The compiled section; choices are those of the day."""
    key = (service.hash, code, day, locked, closed)
    found = _skeletons.get(key)
    if found is None:
        if len(_skeletons) >= _KEPT:
            _skeletons.clear()
        found = _skeletons[key] = fused(_section(service.section(code), day, locked, closed))
    return found


def _section(section: Section, day: date, locked: bool, closed: frozenset[str]) -> Iterator[Part]:
    if not section.parts:
        yield '<div class="formgrid">'
        for field in section.fields:
            yield from _field(section, field, day, locked, closed)
        yield "</div>"
        return
    for place, part in enumerate(section.parts, 1):
        wide = " formgrid--3" if len(part.fields) >= _WIDE_PART else ""
        yield f'<section class="card pad fgroup" aria-labelledby="g-{place}">'
        yield f'<h2 class="fgroup__t" id="g-{place}">{literal(part.name)}</h2>'
        if part.drawn is not None:
            yield from _origin(part.name)
        yield f'<div class="formgrid{wide}">'
        for code in part.fields:
            yield from _field(section, section.by_code[code], day, locked, closed)
        yield "</div></section>"


def _origin(name: str) -> Iterator[Part]:
    """Where the answers of a drawn part are known from, while nobody has changed them."""
    proved = (f'<p class="verified">{icon("shield")}已核验　', Text(lambda s: s.origins[name].told), "</p>")
    stated = (f'<p class="unverified">{icon("clock")}来自我的档案　', Text(lambda s: s.origins[name].told), "</p>")
    yield When(lambda s: name in s.origins and s.origins[name].verified, proved)
    yield When(lambda s: name in s.origins and not s.origins[name].verified, stated)


def _field(section: Section, field: Field, day: date, locked: bool, closed: frozenset[str]) -> Iterator[Part]:
    if field.fixed or locked or field.field in closed:
        yield from _locked(field)
        return
    code, group = field.field, is_group(field, day)
    tag = "fieldset" if group else "div"
    wide = " span-all" if _is_wide(field) else ""
    yield f'<{tag} class="field{wide}'
    yield When(lambda sheet: code in sheet.faults, (" is-error",))
    yield f'" data-field="{code}"'
    if field.show is not None:
        condition = compiled(field.show)
        asked = {name.partition(".")[0] for name in condition.names - {"today"}}
        if asked <= section.by_code.keys() - closed:  # what cannot be changed here does not change what is shown here
            tree = json.dumps(condition.tree, ensure_ascii=False, separators=(",", ":"))
            yield f' data-show="{literal(tree)}"'
        yield When(lambda sheet: code not in sheet.shown, (" hidden",))
    yield ">"
    yield from _label(field, "legend" if group else "label")
    yield When(
        lambda sheet: code in sheet.faults,
        (f'<span class="err" id="f-{code}-e">{icon("alert", small=False)}', Text(lambda s: s.faults[code]), "</span>"),
    )
    yield from control(field, day)
    yield from _hint(field)
    yield from nothing_boxes(field)
    yield f"</{tag}>"


def _locked(field: Field) -> Iterator[Part]:
    code = field.field
    yield f'<div class="field" data-field="{code}"'
    if field.show is not None:
        yield When(lambda sheet: code not in sheet.shown, (" hidden",))
    yield f'><span class="label" id="f-{code}-l">{literal(field.name)}</span>'
    yield f'<span class="locked" id="f-{code}" tabindex="-1" role="group" aria-labelledby="f-{code}-l">'
    yield '<span class="num">'
    yield Text(lambda sheet: sheet.locked(field))
    yield f'</span>{icon("lock")}<span class="vh">，不可修改</span></span>'
    yield When(
        lambda sheet: code in sheet.faults,
        (f'<span class="err" id="f-{code}-e">{icon("alert", small=False)}', Text(lambda s: s.faults[code]), "</span>"),
    )
    yield "</div>"


def _is_wide(field: Field) -> bool:
    if field.width is not None:
        return field.width is Width.FULL
    return type_of(field).shape in (Shape.LONG_TEXT, Shape.CHOICES)


def _label(field: Field, tag: str) -> Iterator[Part]:
    star = '<span class="req" aria-hidden="true">*</span>'
    optional = '<span class="opt">选填</span>'
    code = field.field
    yield f'<{tag} for="f-{code}">' if tag == "label" else f"<{tag}>"
    if field.required is True:
        yield star
    elif field.required:
        yield When(lambda sheet: code in sheet.required, (star,))
    yield literal(field.name)
    if type_of(field).shape is Shape.CHOICES:
        yield '<span class="opt">可多选</span>'
    elif field.required is False:
        yield optional
    yield f"</{tag}>"


def _hint(field: Field) -> Iterator[Part]:
    """The manual's words, a word of explanation, why a personal thing is asked, and the remaining length."""
    words = (field.help, field.hint, type_of(field).example)
    told = literal("　".join(word for word in words if word))
    code = field.field
    if has_counter(field):
        yield f'<span class="hint hint--row"><span id="f-{code}-h">{told}</span>'
        yield f'<span class="count" id="f-{code}-c" aria-live="polite"></span></span>'
    elif told:
        yield f'<span class="hint" id="f-{code}-h">{told}</span>'
    if field.was:
        yield f'<span class="hint" id="f-{code}-w">原值：'
        yield Text(lambda sheet: sheet.former(field))
        yield "</span>"
    if field.purpose and field.privacy is Privacy.SENSITIVE:
        yield f'<span class="vh" id="f-{code}-p">用途：{literal(field.purpose)}</span>'
