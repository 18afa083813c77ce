"""Fields of hand-written forms: {% input form "phone" "手机号码" required=True %}.

One tag draws label, fault, control and hint.
`form` is a web.shapes.Typed. Forms of services are drawn by definitions.faces; these tags serve everything else.
"""

from collections.abc import Sequence
from typing import Any

from django import template

from bole.web.shapes import Typed

register = template.Library()


def _field(form: Typed, name: str, label: str, options: dict[str, Any]) -> dict[str, Any]:
    fault, id = form.fault_of(name), form.id_of(name)
    hint = options.get("hint", "")
    counted = options.get("max") if options.get("counter") else None
    described = [f"{id}-e"] * bool(fault) + [f"{id}-h"] * bool(hint) + [f"{id}-c"] * bool(counted)
    return {
        **options,
        "name": name,
        "label": label,
        "id": id,
        "value": form[name],
        "fault": fault,
        "hint": hint,
        "described": " ".join(described),
        "counted": counted,
    }


@register.inclusion_tag("web/parts/input.html")
def input(form: Typed, name: str, label: str, **options: Any) -> dict[str, Any]:
    """One line. Options: type, required, hint, max, autocomplete, inputmode, placeholder, optional (says 选填),
    wide (both columns), counter, num, value."""
    return {"type": "text", **_field(form, name, label, options)} | (
        {"value": options["value"]} if "value" in options else {}
    )


@register.inclusion_tag("web/parts/textarea.html")
def textarea(form: Typed, name: str, label: str, **options: Any) -> dict[str, Any]:
    """Several lines. Options: rows, required, hint, max, counter, optional."""
    return {"rows": 4, **_field(form, name, label, options)}


@register.inclusion_tag("web/parts/select.html")
def select(form: Typed, name: str, label: str, choices: Sequence[tuple[str, str]], **options: Any) -> dict[str, Any]:
    """One of a list of (value, words). Options: required, hint, optional, empty (words of the empty choice)."""
    return {"choices": choices, **_field(form, name, label, options)}


@register.inclusion_tag("web/parts/errsum.html")
def errsum(form: Typed) -> dict[str, Any]:
    """{% errsum form %}: what is wrong, on top, with links to the places; nothing when nothing is."""
    return {"faults": [(f"#{form.id_of(fault.at)}" if fault.at else "", fault.say) for fault in form.faults]}
