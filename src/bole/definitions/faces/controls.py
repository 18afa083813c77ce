"""Form controls by shape, in the classes of the design. Each yields the parts of a skeleton."""

import json
from collections.abc import Callable, Iterator, Set
from datetime import date
from typing import Any, NamedTuple, assert_never

from bole.definitions.answers.posted import NOTHING, REASON, UNTIL
from bole.definitions.faces.sheets import Sheet
from bole.definitions.faces.skeleton import Each, Part, Text, When, literal
from bole.definitions.fields import type_of
from bole.definitions.fields.text import USUAL_MAX
from bole.definitions.terms import Choice, Field, Nothing, Pick, Shape
from bole.standards import queries as standards
from bole.standards.terms import CodeEntry

RADIO_MOST = 6
SEGMENT_MOST = 3
SELECT_MOST = 30
LISTED_MOST = 400


class Offer(NamedTuple):
    """One option of a list that depends on the answers."""

    code: str
    name: str
    chosen: bool


def icon(name: str, small: bool = True) -> str:
    """A sign from the page's set of signs."""
    size = " ico--sm" if small else ""
    return f'<svg class="ico{size}" viewBox="0 0 20 20" aria-hidden="true"><use href="#i-{name}"/></svg>'


def pick_of(field: Field, day: date) -> Pick:
    """How a choice is offered: as said, else by the number of entries; what may stay blank is no radio."""
    if field.pick is not None:
        return field.pick
    usual = type_of(field).pick
    if usual is not None:
        return usual
    if field.parent is not None or field.roots:
        return Pick.SELECT
    size = len(type_of(field).offered(field, day))
    if size <= RADIO_MOST and field.required is True:
        return Pick.RADIO
    return Pick.SELECT if size <= SELECT_MOST else Pick.SEARCH


def is_group(field: Field, day: date) -> bool:
    """Whether the control is several inputs under a legend."""
    shape = type_of(field).shape
    return shape is Shape.CHOICES or (shape is Shape.CHOICE and pick_of(field, day) is Pick.RADIO)


def control(field: Field, day: date) -> Iterator[Part]:
    """The control of a field."""
    shape = type_of(field).shape
    match shape:
        case Shape.TEXT | Shape.DATE | Shape.NUMBER:
            yield from _line(field, shape)
        case Shape.LONG_TEXT:
            yield from _area(field)
        case Shape.PERIOD:
            yield from _period(field)
        case Shape.CHOICE:
            yield from _choice(field, day)
        case Shape.CHOICES:
            yield from _boxes(field, day)
        case Shape.LOOKUP:
            yield from _line_of_catalogue(field) if pick_of(field, day) is Pick.SELECT else _unit(field)
        case Shape.FILE:
            yield from _file(field)
        case Shape.TABLE:
            raise TypeError("a section of many records is no control")
        case _:
            assert_never(shape)


def _value(field: Field) -> Text:
    code = field.field
    return Text(lambda sheet: sheet.raw(code))


def _common(field: Field, *, described: bool = True) -> Iterator[Part]:
    """Attributes that every control has: name, required, description, invalid."""
    code = field.field
    yield f' name="{code}"'
    if field.required is True:
        yield " required"
    elif field.required:
        yield When(lambda sheet: code in sheet.required, (" required",))
    if described:
        hint = f"f-{code}-h" if field.help or field.hint or type_of(field).example else ""
        hint = f"{hint} f-{code}-w".strip() if field.was else hint
        plain = f' aria-describedby="{hint}"' if hint else ""
        wrong = f' aria-describedby="{f"f-{code}-e {hint}".strip()}" aria-invalid="true"'
        yield When(lambda sheet: code in sheet.faults, (wrong,), (plain,) if plain else ())


def _counted(field: Field) -> str:
    """No maxlength: browsers count UTF-16 units, in which a rare Han is two, and cut pasted text without a word."""
    return f' data-max="{field.max or USUAL_MAX}" data-count="f-{field.field}-c"' if has_counter(field) else ""


def has_counter(field: Field) -> bool:
    """Whether the remaining length is shown."""
    return type_of(field).shape in (Shape.TEXT, Shape.LONG_TEXT) and field.max is not None


def _line(field: Field, shape: Shape) -> Iterator[Part]:
    keyboard = type_of(field).keyboard
    kind = keyboard if keyboard in ("tel", "email") else "text"
    yield f'<input class="input" id="f-{field.field}" type="{kind}"'
    yield from _common(field)
    if shape is not Shape.TEXT:
        yield f' inputmode="{keyboard}"'
    if field.autocomplete:
        yield f' autocomplete="{literal(field.autocomplete)}"'
    yield _counted(field)
    yield ' value="'
    yield _value(field)
    yield '">'


def _area(field: Field) -> Iterator[Part]:
    rows = 10 if (field.max or 0) > 500 else 4
    yield f'<textarea class="textarea" id="f-{field.field}" rows="{rows}"'
    yield from _common(field)
    yield _counted(field)
    yield ">\n"  # a browser drops the first line break, so that one of the answer's own stays
    yield _value(field)
    yield "</textarea>"


def _period(field: Field) -> Iterator[Part]:
    code, name = field.field, literal(field.name)
    yield f'<span class="row row--2"><input class="input" id="f-{code}" type="text" inputmode="numeric"'
    yield from _common(field)
    yield ' value="'
    yield _value(field)
    yield f'"><span>至</span><input class="input" name="{code}{UNTIL}" type="text" inputmode="numeric"'
    yield f' aria-label="{name}结束年月，至今可不填" value="'
    yield Text(lambda sheet: sheet.until(code))
    yield '"></span>'


def _file(field: Field) -> Iterator[Part]:
    yield f'<input class="input" id="f-{field.field}" type="file" accept=".jpg,.jpeg,.png,.heic"'
    yield from _common(field)
    yield ">"


def _choice(field: Field, day: date) -> Iterator[Part]:
    match pick_of(field, day):
        case Pick.RADIO:
            yield from _radios(field, day)
        case Pick.SELECT:
            yield from _select(field, day)
        case Pick.SEARCH:
            yield from _search(field, day)


def _holds(code: str, value: str) -> Callable[[Sheet], bool]:
    return lambda sheet: value in sheet.chosen(code)


def _declares(code: str, kind: str) -> Callable[[Sheet], bool]:
    return lambda sheet: sheet.nothing(code) == kind


def _radios(field: Field, day: date) -> Iterator[Part]:
    entries = type_of(field).offered(field, day)
    segments = len(entries) <= SEGMENT_MOST
    yield '<div class="seg">' if segments else '<div class="checks">'
    for place, entry in enumerate(entries):
        mark = f' id="f-{field.field}"' if place == 0 else ""
        yield "<label>" if segments else '<label class="check">'
        yield f'<input type="radio"{mark} value="{literal(entry.code)}"'
        yield from _common(field, described=place == 0)
        yield When(_holds(field.field, entry.code), (" checked",))
        yield f"><span>{literal(entry.name)}</span></label>"
    yield "</div>"


def _boxes(field: Field, day: date) -> Iterator[Part]:
    yield '<div class="checks">'
    for place, entry in enumerate(type_of(field).offered(field, day)):
        mark = f' id="f-{field.field}"' if place == 0 else ""
        yield f'<label class="check"><input type="checkbox"{mark} data-many name="{field.field}"'
        yield f' value="{literal(entry.code)}"'
        yield When(_holds(field.field, entry.code), (" checked",))
        yield f">{literal(entry.name)}</label>"
    yield "</div>"


def _select(field: Field, day: date) -> Iterator[Part]:
    code = field.field
    yield f'<select class="select" id="f-{code}" data-table="{literal(type_of(field).table(field))}"'
    if field.parent:
        yield f' data-parent="{field.parent}"'
    yield from _common(field)
    yield '><option value="">请选择</option>'
    if field.parent:
        yield Each(lambda sheet: offers(field, sheet), _OPTION)
    else:
        offered = type_of(field).offered(field, day)
        yield from _options(field, offered)
        known = frozenset(entry.code for entry in offered)
        yield Each(lambda sheet: stale(field, sheet, known), _OPTION)
    yield "</select>"


_OPTION: tuple[Part, ...] = (
    '<option value="',
    Text(lambda offer: offer.code),
    '"',
    When(lambda offer: offer.chosen, (" selected",)),
    ">",
    Text(lambda offer: offer.name),
    "</option>",
)


def _options(field: Field, offered: tuple[CodeEntry, ...]) -> Iterator[Part]:
    """The options, under the names of their group rows where the table groups them."""
    table, group = standards.table(type_of(field).table(field)), None
    for entry in offered:
        above = entry.parent if entry.parent and not table.entry(entry.parent).selectable else None
        if above != group:
            yield "</optgroup>" if group else ""
            yield f'<optgroup label="{literal(table.entry(above).name)}">' if above else ""
            group = above
        yield f'<option value="{literal(entry.code)}"'
        yield When(_holds(field.field, entry.code), (" selected",))
        yield f">{literal(entry.name)}</option>"
    yield "</optgroup>" if group else ""


def stale(field: Field, sheet: Sheet, known: Set[str]) -> list[Offer]:
    """What the field holds and the list does not offer: shown, so that it is not lost unseen."""
    held = sheet.chosen(field.field)
    return [Offer(each, sheet.stale_name(field, each), True) for each in held if each not in known]


def offers(field: Field, sheet: Sheet) -> list[Offer]:
    """The options of a child in a cascade, and whatever it holds that is none of them."""
    held = sheet.chosen(field.field)
    entries = type_of(field).offered(field, sheet.today, sheet.parent_code(field))
    known = [Offer(entry.code, entry.name, entry.code in held) for entry in entries]
    return known + stale(field, sheet, {offer.code for offer in known})


def _search(field: Field, day: date) -> Iterator[Part]:
    """A text box for a name or code, with a list where it is not too long; the page's script makes it a search."""
    code = field.field
    table = type_of(field).table(field)
    names = [entry.name for entry in type_of(field).offered(field, day)]
    listed = 0 < len(names) <= LISTED_MOST
    yield f'<div class="combo"><span class="search">{icon("search", small=False)}'
    yield f'<input class="input" id="f-{code}" type="text" autocomplete="off" data-search="{literal(table)}"'
    yield f' list="f-{code}-l"' if listed else ""
    yield from _common(field)
    yield ' value="'
    yield Text(lambda sheet: sheet.name_or_raw(field))
    yield '"></span>'
    if listed:
        yield f'<datalist id="f-{code}-l">'
        yield "".join(f'<option value="{literal(name)}"></option>' for name in names)
        yield "</datalist>"
    yield "</div>"


def _unit(field: Field) -> Iterator[Part]:
    """A text box for words; the page's script makes it a search. What words may mean is offered below, to choose from.

    The page puts the address in place of "lookup:". The box carries the key beside the name, for the script.
    """
    code = field.field
    yield f'<div class="combo"><span class="search">{icon("search", small=False)}'
    yield f'<input class="input" id="f-{code}" type="text" autocomplete="off" data-search="units"'
    yield f' data-source="lookup:{literal(field.lookup or "")}/" data-code="'
    yield Text(lambda sheet: sheet.key_or_raw(field))
    yield '"'
    yield from _common(field)
    yield ' value="'
    yield Text(lambda sheet: sheet.name_or_raw(field))
    yield '"></span>'
    yield When(lambda sheet: bool(sheet.meant(field)), tuple(_meant(field)))
    yield "</div>"


def _line_of_catalogue(field: Field) -> Iterator[Part]:
    """A select of a catalogue that changes while cases run: its options are never part of the compiled page.

    The page puts the address in place of "choices:". `data-is` is what conditions on the page see of a line. What one
    should know of the chosen line stands below, or why nothing is offered.
    """
    code = field.field
    yield f'<select class="select" id="f-{code}" data-source="choices:{code}/"'
    if field.parent:
        yield f' data-parent="{field.parent}"'
    yield from _common(field)
    yield '><option value="">请选择</option>'
    line: tuple[Part, ...] = (
        '<option value="',
        Text(lambda each: each[0].value),
        '" data-is="',
        Text(lambda each: json.dumps(line_facts(each[0]), ensure_ascii=False, separators=(",", ":"))),
        '"',
        When(lambda each: each[1], (" selected",)),
        ">",
        Text(lambda each: line_label(each[0])),
        "</option>",
    )
    yield Each(lambda sheet: sheet.lines(field), line)
    yield f'</select><span class="hint" data-beside="{code}" aria-live="polite">'
    yield Text(lambda sheet: sheet.beside(field))
    yield "</span>"


def line_label(choice: Choice) -> str:
    """A line as one chooses it: its name, and what helps to choose."""
    return f"{choice.name}（{choice.note}）" if choice.note else choice.name


def line_facts(choice: Choice) -> dict[str, Any]:
    """What the page's script sees of a line: code and name, attributes as [code, name], and the note beside it."""
    told = {name: list(each) for name, each in choice.attributes.items()}
    facts = {"attributes": told, "note": choice.note}
    return {
        "code": choice.code or choice.value,
        "name": choice.name,
        **{key: each for key, each in facts.items() if each},
    }


def _meant(field: Field) -> Iterator[Part]:
    yield f'<fieldset class="mt-2 stack stack--2"><legend class="sm ink2">符合的{literal(field.name)}</legend>'
    option: tuple[Part, ...] = (
        f'<label class="check"><input type="radio" name="{field.field}" value="',
        Text(lambda offer: offer[0]),
        '"><span>',
        Text(lambda offer: offer[1]),
        "</span></label>",
    )
    yield Each(lambda sheet: sheet.meant(field), option)
    yield "</fieldset>"


def nothing_boxes(field: Field) -> Iterator[Part]:
    """Small boxes to declare that there is nothing to enter (ALL-14)."""
    code, name = field.field, literal(field.name)
    if field.nothing:
        yield '<span class="checks">'
    for kind in field.nothing:
        yield f'<label class="check"><input type="checkbox" name="{code}{NOTHING}" value="{kind.value}"'
        yield When(_declares(code, kind.value), (" checked",))
        yield f'><span>{kind.word}<span class="vh">：{name}</span></span></label>'
    if Nothing.INAPPLICABLE in field.nothing:
        yield f'<input class="input" type="text" name="{code}{REASON}" aria-label="{name}不适用的原因" value="'
        yield Text(lambda sheet: sheet.reason(code))
        yield '">'
    if field.nothing:
        yield "</span>"
