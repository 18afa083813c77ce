"""The web form: markup, state of controls, and that nothing typed becomes markup."""

from collections import Counter
from html.parser import HTMLParser

import pytest

from bole.definitions import queries
from bole.definitions.faces.skeleton import Each, Text, When, fused, render
from bole.definitions.fields import TYPES
from bole.definitions.terms import Field, Section, SectionKind
from bole.kernel.errors import Fault
from tests.definitions.ground import PERSON, context, every_type, ningxia, with_section

PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;</textarea></option>"
ALLOWED = {
    "div", "section", "h2", "fieldset", "legend", "label", "span", "svg", "use", "input", "textarea", "select",
    "option", "optgroup", "datalist",
}  # fmt: skip


class Reader(HTMLParser):
    """Tags with their attributes, and texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        self.tags.append((tag, dict(attrs)))
        if tag != "input":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def named(self, name):
        return [(tag, attrs) for tag, attrs in self.tags if attrs.get("name") == name]


def form(section, typed, faults=(), service=None, **more):
    return Reader(queries.form_html(service or ningxia(), section, typed, context=context(**more), faults=faults))


@pytest.mark.parametrize("section", [each.section for each in ningxia().sections if each.kind is SectionKind.FIELDS])
def test_every_field_has_a_labelled_control_or_is_locked(section):
    found = form(section, {})
    ids = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    for field in ningxia().section(section).fields:
        assert field.name in "".join(found.texts)
        assert f"f-{field.field}" in ids
        assert bool(found.named(field.field)) is (field.fixed is None)
    fors = {attrs["for"] for tag, attrs in found.tags if tag == "label" and "for" in attrs}
    described = {part for _, attrs in found.tags for part in (attrs.get("aria-describedby") or "").split()}
    assert fors | described <= set(ids)
    assert found.open == []


@pytest.mark.parametrize("code", TYPES)
def test_every_type_has_a_control_that_shows_its_entry(code):
    section = every_type()
    field = next(each for each in section.fields if each.type == code)
    sample = TYPES[code].sample(field)
    found = form("all", {field.field: sample}, service=with_section(section))
    controls = found.named(field.field)
    assert controls
    texts = [
        attrs.get("value")
        for tag, attrs in controls
        if tag == "input" and attrs.get("type") not in ("radio", "checkbox")
    ]
    chosen = [attrs.get("value") for _, attrs in found.tags if "checked" in attrs or "selected" in attrs]
    shown = [*texts, *chosen, *(text.removeprefix("\n") for text in found.texts)]
    if TYPES[code].shape.value != "file":
        wanted = (
            sample["from"]
            if isinstance(sample, dict)
            else TYPES[code].text(sample, field)
            if code in ("region", "unit")
            else sample
        )
        assert all(each in shown for each in (wanted if isinstance(wanted, list) else [wanted]))


def test_nothing_typed_becomes_markup():
    hostile = dict.fromkeys(("text", "long_text", "number", "month", "date", "year", "code", "phone", "email"), PAYLOAD)
    hostile |= {"identity": PAYLOAD, "region": PAYLOAD, "photo": PAYLOAD, "yes_no": PAYLOAD, PAYLOAD: PAYLOAD}
    hostile |= {"codes": [PAYLOAD], "period": {"from": PAYLOAD, "to": PAYLOAD}}
    section = every_type()
    faults = [Fault(field.field, PAYLOAD) for field in section.fields]
    found = form("all", hostile, faults, with_section(section), person={**PERSON, "name": PAYLOAD})
    check_harmless(found)
    assert found.texts.count(PAYLOAD) >= len(section.fields)


@pytest.mark.parametrize("section", ["basic", "titles", "family", "talent_projects"])
def test_nothing_typed_in_the_shipped_forms_becomes_markup(section):
    fields = ningxia().section(section).fields
    typed = {field.field: [PAYLOAD] if field.type == "codes" else PAYLOAD for field in fields}
    for entry in (typed, {field.field: {"nothing": PAYLOAD, "reason": PAYLOAD} for field in fields}):
        facts = dict.fromkeys(PERSON, PAYLOAD)
        check_harmless(
            form(section, entry, [Fault(each.field, PAYLOAD) for each in fields], person=facts, unit={"name": PAYLOAD})
        )


def test_words_of_a_definition_are_escaped_too():
    words = dict.fromkeys(("name", "help", "hint", "purpose", "autocomplete"), PAYLOAD)
    field = {"field": "it", "type": "text", "max": 9, "privacy": "sensitive", "nothing": ["none"], **words}
    field["show"] = 'it == "\\"><script>"'
    part = {"name": PAYLOAD, "fields": ["it"]}
    section = Section.model_validate({"section": "all", "name": PAYLOAD, "fields": [field], "parts": [part]})
    check_harmless(form("all", {}, service=with_section(section)))


def check_harmless(found):
    assert {tag for tag, _ in found.tags} <= ALLOWED
    assert not [name for _, attrs in found.tags for name in attrs if name.startswith("on") or name in ("src", "style")]


def test_fault_is_tied_to_its_control():
    found = form("work", {"start": "2018-13"}, [Fault("k1.start", "起始年月有误")])
    ((_, attrs),) = found.named("start")
    assert (attrs["aria-invalid"], attrs["value"]) == ("true", "2018-13")
    assert attrs["aria-describedby"].split()[0] == "f-start-e"
    assert "起始年月有误" in found.texts
    assert "aria-invalid" not in found.named("employer")[0][1]


def test_counters_limits_and_the_manuals_words():
    found = form("work", {"employer": "安"})
    ((_, attrs),) = found.named("employer")
    assert (attrs["data-max"], attrs["data-count"], "required" in attrs) == ("20", "f-employer-c", True)
    assert "必填,最多20个字符!" in found.texts


def test_locked_facts_are_masked_and_cannot_be_posted():
    found = form("basic", {})
    assert "1101**********002X" in found.texts
    assert "11010519491231002X" not in "".join(found.texts)
    assert found.named("identity_number") == []
    whole = queries.form_html(ningxia(), "basic", {}, context=context(), reveal=True)
    assert "11010519491231002X" in whole


def test_conditions_decide_what_is_hidden_and_go_along_for_the_page():
    hidden = {
        attrs["data-field"]: "hidden" in attrs
        for _, attrs in form("projects", {"kind": "22"}).tags
        if "data-show" in attrs
    }
    shown = [attrs for _, attrs in form("projects", {"kind": "其他"}).tags if "data-show" in attrs]
    assert hidden == {"kind_note": True}
    assert "hidden" not in shown[0]
    assert shown[0]["data-show"] == '["==",["name","kind"],["value","其他"]]'


def test_cascade_offers_what_lies_below_its_parent():
    found = form("titles", {"series": "03", "level": "03-2"})
    offered = [attrs["value"] for tag, attrs in found.tags if tag == "option"]
    assert {"01", "27", "03-1", "03-2", "0302"} <= set(offered)
    assert "0102" not in offered
    selected = [attrs["value"] for tag, attrs in found.tags if tag == "option" and "selected" in attrs]
    assert selected == ["03", "03-2"]
    assert found.named("level")[0][1]["data-parent"] == "series"


def test_a_choice_that_is_no_longer_offered_is_shown_and_not_lost():
    found = form("education", {"education": "abolished"})
    assert [attrs["value"] for _, attrs in found.tags if "selected" in attrs] == ["abolished"]


def test_defaults_stand_in_a_blank_form_only():
    assert form("basic", {}).named("nationality")[0][1]["value"] == "中国"
    assert form("basic", {"nationality": ""}).named("nationality")[0][1]["value"] == ""


def test_locked_form_has_no_controls():
    found = Reader(queries.form_html(ningxia(), "work", {"employer": "甲"}, context=context(), locked=True))
    assert not [tag for tag, _ in found.tags if tag in ("input", "select", "textarea")]
    assert "甲" in found.texts


def test_skeleton_joins_literals_and_escapes_values():
    parts = fused(["<p>", "a", "", Text(str), When(bool, ("!",)), Each(lambda _: ["<", "&"], (Text(str), ";")), "</p>"])
    assert parts[0] == "<p>a"
    assert render(parts, '"<x>"') == "<p>a&quot;&lt;x&gt;&quot;!&lt;;&amp;;</p>"


def test_a_field_of_unknown_type_cannot_be_compiled():
    field = Field.model_validate({"field": "it", "name": "它", "type": "no-such"})
    section = Section(section="all", name="全部", fields=(field,))
    with pytest.raises(KeyError):
        form("all", {}, service=with_section(section))
