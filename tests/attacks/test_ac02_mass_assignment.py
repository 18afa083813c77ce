"""AC-02: what the form does not offer cannot be posted into it; closed sections stay closed by every way in."""

import pytest
from django.urls import reverse

from bole.cases import actions
from bole.cases import queries as cases
from bole.cases.models import Case, SectionAnswer
from bole.definitions.terms import SectionKind
from bole.review import actions as review
from bole.review.models import Movement
from tests.attacks.conftest import Stage
from tests.attacks.test_ac13_requests import changed, everything
from tests.factories import cases as made
from tests.factories.browsers import text_of
from tests.factories.organizations import SITE
from tests.factories.people import as_self

FORGED = {
    "identity_number": "110105194912310021", "identity_kind": "passport", "name": "假名", "sex": "2",
    "birth_on": "2001-01-01", "employer": "外单位", "ethnic_group": "02", "unit": "外单位", "id": "forged",
    "nothing": "none", "round": "9", "status": "completed", "step": "", "revision": "9", "opener": "unit",
    "open_sections": "[]", "verified": "1", "changed_by": "x", "typed": "{}", "__class__": "x", "$where": "1",
}  # fmt: skip


def url(name: str, case: Case, *more: object) -> str:
    return reverse(name, args=[SITE, case.number, *more])


def stored(case: Case, section: str) -> object:
    return SectionAnswer.objects.get(case=case, section=section).typed


def test_fixed_and_unknown_fields_are_not_taken(stage: Stage):
    case = made.open_case(stage.world.lin, stage.lin)
    browser = stage.browser("lin")
    service = cases.service_of(case)
    own = {field.field for field in service.by_code["basic"].fields if field.fixed is None}
    fixed = {field.field for field in service.by_code["basic"].fields if field.fixed is not None}
    before = everything()["Person"]

    browser.post(url("section-autosave", case, "basic"), {**FORGED, "phone": "13800000077", "seen": "0"})
    browser.post(url("section", case, "basic"), {**FORGED, "phone": "13800000078", "seen": "1"})

    typed = stored(case, "basic")
    assert isinstance(typed, dict)
    assert {"identity_number", "name", "employer"} <= fixed
    assert set(typed) <= own
    assert typed["phone"] == "13800000078"
    assert cases.form_of(made.fresh(case)).values["basic"]["identity_number"] == stage.world.lin.identity_number
    assert everything()["Person"] == before
    assert (made.fresh(case).status, made.fresh(case).round) == ("draft", 0)


def test_a_record_keeps_its_own_key_and_its_own_fields(stage: Stage):
    case = made.open_case(stage.world.lin, stage.lin)
    made.fill(case, stage.lin, only=("work",))
    browser = stage.browser("lin")
    section = cases.service_of(case).by_code["work"]
    good = {**made.sample_record(section), "seen": "1"}
    key = stored(case, "work")[0]["id"]

    browser.post(url("record", case, "work", key), {**FORGED, **good, "duty": "主任"})
    browser.post(url("record-new", case, "work"), {**FORGED, **good, "duty": "副主任", "seen": "2"})

    rows = stored(case, "work")
    assert [row["duty"] for row in rows] == ["主任", "副主任"]
    assert rows[0]["id"] == key
    assert rows[1]["id"] not in ("forged", "new", key)
    assert all(set(row) <= {*section.by_code, "id"} for row in rows)


def test_a_section_of_records_is_not_overwritten_as_a_whole(stage: Stage):
    """Neither by the addresses of a single section, nor by a declared nothing while it holds records."""
    case = made.open_case(stage.world.lin, stage.lin)
    made.fill(case, stage.lin, only=("work",))
    browser, before = stage.browser("lin"), stored(case, "work")
    for name in ("section", "section-autosave", "conflict", "section-none"):
        answer = browser.post(
            url(name, case, "work"), {"nothing": "none", "none": "1", "start": "2000-01", "seen": "1"}
        )
        assert answer.status_code in (302, 404, 422), name
    assert stored(case, "work") == before


@pytest.mark.parametrize("code", ["attachments", "no-such", "basic__typed", "__all__"])
def test_forged_section_names_are_absent(stage: Stage, code: str):
    case = made.open_case(stage.world.lin, stage.lin)
    browser, before = stage.browser("lin"), everything()
    for name in ("section-autosave", "section", "conflict", "section-none", "record-new"):
        assert browser.post(url(name, case, code), {"a": "b"}).status_code == 404, name
    for record in ("-", "none", "../x"):
        for name in ("attach", "explain", "gap"):
            answer = browser.post(f"/{SITE}/cases/{case.number}/evidence/{code}/{record}/{name}/", {"reason": "x"})
            assert answer.status_code in (404, 422), (name, record)
    assert changed(before) == []


def test_a_return_opens_the_marked_sections_and_nothing_else(stage: Stage):
    case = made.submitted_case(stage.world.lin, stage.lin)
    case = made.send_back(case, stage.clerk, "supplement")
    browser, service = stage.browser("lin"), cases.service_of(case)
    files = {(row.section, row.record): row.pk for row in cases.attachments_of(case)}
    before = everything()
    tried = 0
    for section in service.sections:
        if section.kind is not SectionKind.FIELDS or section.section == "supplement":
            continue
        code, many = section.section, section.many is not None
        rows = stored(case, code)
        posts = {"section-none": {"none": "1"}, "section-autosave": {}, "section": {}}
        if many:
            posts |= {"record-new": made.sample_record(section)}
        for name, typed in posts.items():
            answer = browser.post(url(name, case, code), {**typed, "phone": "13900000000", "seen": "1"})
            assert answer.status_code in (403, 404), (name, code)
            tried += 1
        for row in rows if many else ():
            for name in ("record", "record-remove", "record-autosave"):
                answer = browser.post(url(name, case, code, row["id"]), {"duty": "新职务", "seen": "1"})
                assert answer.status_code == 403, (name, code)
    for (code, record), key in files.items():
        for act in ("forward", "back", "delete"):
            assert browser.post(url("attachment-act", case, key), {"act": act}).status_code == 403, code
        place = url("gap", case, code, record or "-")
        assert browser.post(place, {"reason": "没有"}).status_code == 403
        assert browser.post(url("attachment-order", case), {"order": [str(key)]}).status_code == 403
    assert tried > 30
    assert changed(before) == []


def test_a_forged_revision_hands_nothing_in(stage: Stage):
    case = made.complete_case(stage.world.lin, stage.lin)
    review.submit_case(case=case, seen=0, by=stage.lin)
    case = made.send_back(case, stage.clerk, "supplement")
    browser = stage.browser("lin")
    found = {
        seen: browser.post(url("submit", case), {"seen": seen}).status_code
        for seen in ("0", "1", "3", "999999999", "-1", "2 OR 1=1", "２", "", "2")
    }
    assert found.pop("2") == 302
    assert set(found.values()) == {409}
    assert made.fresh(case).revision == 3


FORGED_DECISIONS = (
    {"step": "county"},
    {"step": "completed"},
    {"verdict": "completed"},
    {"verdict": "terminate"},
    {"verdict": "send_back", "target": "region", "faulty": "basic", "opinion": "x"},
    {"verdict": "send_back", "target": "applicant", "faulty": "no-such", "opinion": "x"},
    {"verdict": "send_back", "target": "end", "faulty": "basic", "opinion": "x"},
    {"seen": "0"},
    {"seen": "7"},
)


def test_a_forged_decision_moves_nothing(stage: Stage):
    case = made.submitted_case(stage.world.lin, stage.lin)
    clerk, usual = stage.browser("clerk"), {"step": "unit", "verdict": "approve", "seen": "1", "target": "applicant"}
    statuses = {
        clerk.post(f"/{SITE}/work/{case.number}/", {**usual, **forged}).status_code for forged in FORGED_DECISIONS
    }
    assert statuses == {403, 409, 422}
    assert Movement.objects.filter(case=case).count() == 1


def test_pressed_twice_is_done_once_and_going_back_finds_it_done(stage: Stage):
    case = made.complete_case(stage.world.lin, stage.lin)
    browser = stage.browser("lin")
    first = browser.post(url("submit", case), {"seen": "0"})
    second = browser.post(url("submit", case), {"seen": "0"})
    typed = browser.post(url("section-autosave", case, "supplement"), {"text": "改", "seen": "1"})
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert typed.status_code == 403
    assert Movement.objects.filter(case=case).count() == 1
    decide = {"step": "unit", "verdict": "approve", "seen": "1"}
    clerk = stage.browser("clerk")
    assert [clerk.post(f"/{SITE}/work/{case.number}/", decide).status_code for _ in range(2)] == [302, 302]
    assert Movement.objects.filter(case=case).count() == 2


def test_nobody_types_into_another_persons_case(stage: Stage):
    case = made.complete_case(stage.world.lin, stage.lin)
    stranger = as_self(stage.world.sun)
    before = everything()
    for by in (stranger, stage.clerk, stage.foreign_clerk, stage.county):
        for act in (
            lambda by=by: actions.save_section(case=case, section="supplement", typed={"text": "x"}, seen=1, by=by),
            lambda by=by: actions.keep_draft(case=case, section="work", record="", typed={"duty": "x"}, by=by),
            lambda by=by: review.submit_case(case=case, seen=0, by=by),
            lambda by=by: review.cancel_case(case=case, seen=0, by=by),
        ):
            with pytest.raises(Exception, match=r"只有|不属于"):
                act()
    assert changed(before) == []


def test_an_eleventh_paper_is_refused_at_its_place(stage: Stage):
    case = made.open_case(stage.world.lin, stage.lin)
    section = cases.service_of(case).by_code["papers"]
    assert section.many is not None
    most = section.many.max
    for place in range(most):
        typed = {
            **made.sample_record(section),
            section.fields[0].field: made.sample_record(section)[section.fields[0].field],
        }
        text = next(field.field for field in section.fields if field.type == "text")
        actions.save_record(
            case=case, section="papers", record="", typed={**typed, text: f"第{place}篇"}, seen=place, by=stage.lin
        )
    answer = stage.browser("lin").post(
        url("record-new", case, "papers"), {**made.sample_record(section), "seen": str(most)}
    )
    assert answer.status_code == 422
    assert f"最多填报{most}条" in text_of(answer)
    assert len(stored(case, "papers")) == most
