"""Final papers: when the watermark goes, one code for what stands, and what the public check says afterwards."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.models import QuerySet

from bole.audit import queries as ledger
from bole.cases import queries as cases
from bole.cases.models import Attachment, Case, IssuedPaper, SubmittedAnswer
from bole.definitions.terms import Verdict
from bole.documents import actions as documents
from bole.kernel import ids
from bole.people.models import Person
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Movement
from bole.review.terms import PaperState
from tests.factories import cases as made
from tests.factories.people import World, as_self
from tests.review.steps import Play, make_play, recommending

OUTPUT = "outputs:\n  - {print: sheet, name: 推荐表, after: county, cover: [basic.title]}\nevidence:\n"
BASE = "https://rc.example.cn"


@pytest.fixture
def play(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """A paper that is final once the county has passed the case on; in place of a PDF, what it is made of."""
    monkeypatch.setattr(documents, "render_pdf", _told)
    monkeypatch.setattr(documents, "qr_svg", lambda text: text)
    folder = tmp_path / "catalogue"
    (folder / "shared/print").mkdir(parents=True)
    (folder / "shared/print/sheet.typ").write_text("", encoding="utf-8")
    with recommending(folder, "evidence:\n", OUTPUT) as service:
        yield make_play(world, service)


def _told(template: Path, data: dict[str, Any], *, files: dict[str, bytes], **more: Any) -> bytes:
    return json.dumps({**data, "qr": files["qr"].decode()}, ensure_ascii=False).encode()


def printed(play: Play, case: Case) -> dict[str, Any]:
    """What stands on the paper of the case, printed by its person."""
    case = made.fresh(case)
    form = cases.form_of(case, play.service)
    [output] = play.service.outputs
    paper = review.print_paper(
        case=case, service=play.service, form=form, output=output, base=BASE, by=as_self(case.person)
    )
    return dict(json.loads(paper))


def passed_on(play: Play) -> Case:
    """A case at the region's desk, passed on by the county with an opinion."""
    case = made.approve(play.at_county(), play.county, "材料齐全")
    play.add_paper(case)
    case = made.fresh(case)
    review.dispatch(case=case, seen=case.revision, by=play.county)
    return made.fresh(case)


def state(code: str) -> PaperState | None:
    found = queries.paper_check("ningxia", code)
    return None if found is None else found.state


def boxes(shown: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(box["step"], box["verdict"], box["opinion"]) for box in shown["opinions"]]


def test_the_watermark_goes_with_the_step_that_the_service_names(play: Play):
    case = play.filled()
    shown = printed(play, case)
    assert (shown["watermark"], shown["approved_on"], "code" in shown) == ("草稿", "", False)
    assert shown["qr"] == f"{BASE}/ningxia/cases/{case.number}/"
    assert shown["cover"] == [{"label": "职称", "text": "高级教师", "shape": "text"}]
    assert boxes(shown) == [("unit", "", ""), ("county", "", ""), ("region", "", "")]

    case = made.approve(play.hand_in(case), play.unit, "同意")
    shown = printed(play, case)
    assert (shown["watermark"], "code" in shown) == ("未审核", False)
    assert boxes(shown)[0] == ("unit", "审核通过", "同意")
    assert shown["opinions"][0]["unit"] == play.world.ground.school.name

    case = made.approve(case, play.county)
    assert printed(play, case)["watermark"] == "未审核"  # passed, not sent on yet: the county may still take it back
    play.add_paper(case)
    case = made.fresh(case)
    review.dispatch(case=case, seen=case.revision, by=play.county)
    shown = printed(play, case)
    assert (shown["watermark"], boxes(shown)[1]) == ("", ("county", "审核通过", ""))
    assert len(shown["code"].replace("-", "")) == 12
    assert shown["qr"] == f"{BASE}/ningxia/verify/{shown['code'].replace('-', '')}/"

    ended = made.terminate(case, play.region, "名额已满")
    shown = printed(play, ended)
    assert (shown["watermark"], "code" in shown) == ("未通过", False)
    assert boxes(shown)[2] == ("region", "资格不符，终止审核", "名额已满")


def test_what_was_given_out_is_printed_the_same_for_ever(play: Play):
    case = passed_on(play)
    first = printed(play, case)
    Person.objects.filter(pk=case.person_id).update(name="改了名")
    assert printed(play, case) == first
    paper = IssuedPaper.objects.get()
    assert (paper.code, paper.revision, paper.round) == (first["code"].replace("-", ""), case.revision, 1)
    assert paper.digest == ids.digest(paper.shown)
    assert first["digest"].replace("-", "") == paper.digest[:16].upper()
    issued = ledger.about("case", case.number).filter(action="cases.paper.issued")
    assert [row.detail["paper"] for row in issued] == ["sheet"]


def test_the_check_shows_a_masked_name_and_nothing_else_of_the_person(play: Play):
    case = passed_on(play)
    code = printed(play, case)["code"]
    found = queries.paper_check("ningxia", f" {code.lower().replace('-', ' ')} ")
    assert found is not None
    assert (found.state, found.title, found.name) == (PaperState.GENUINE, "推荐表", "林*远")
    assert (found.number, found.unit, found.newer_at) == (case.number, play.world.ground.school.name, None)
    assert found.approved_on == printed(play, case)["approved_on"] != ""
    for wrong in ("", "7K2M", "7K2M-9QHX-4B8T", code[:-1] + "A", "%" * 300):
        assert queries.paper_check("ningxia", wrong) is None
    assert queries.paper_check("jilin", code) is None


def test_a_case_that_went_on_has_a_newer_paper(play: Play):
    case = passed_on(play)
    old = printed(play, case)["code"]
    case = made.approve(case, play.region, "同意")
    assert state(old) is PaperState.OUTDATED
    new = printed(play, case)["code"]
    assert (state(old), state(new)) == (PaperState.OUTDATED, PaperState.GENUINE)
    found = queries.paper_check("ningxia", old)
    assert found is not None
    assert found.newer_at == IssuedPaper.objects.latest("revision").issued_at


def test_a_case_that_was_returned_has_no_valid_paper(play: Play):
    case = passed_on(play)
    old = printed(play, case)["code"]
    review.decide(
        case=case,
        step="region",
        seen=case.revision,
        verdict=Verdict.SEND_BACK,
        opinion="请核",
        target="county",
        by=play.region,
    )
    assert state(old) is PaperState.VOID
    shown = printed(play, case)
    assert (shown["watermark"], boxes(shown)) == (
        "未审核",
        [("unit", "审核通过", ""), ("county", "", ""), ("region", "", "")],
    )


@pytest.mark.parametrize("what", ["answer", "file", "movement", "paper"])
def test_what_was_changed_behind_the_back_is_told(play: Play, what: str):
    case = passed_on(play)
    code = printed(play, case)["code"]
    assert state(code) is PaperState.GENUINE
    match what:
        case "answer":
            row = SubmittedAnswer.objects.get(case=case, section="basic")
            row.typed = {**row.typed, "title": "正高级教师"}
            row.save()
        case "file":
            Attachment.objects.filter(case=case).first().delete()
        case "movement":
            QuerySet(Movement).filter(case=case, step="county").update(account_name="另一人")  # past its own query set
        case _:
            row = IssuedPaper.objects.get()
            row.shown = {**row.shown, "title": "任命书"}
            row.save()
    assert state(code) is PaperState.ALTERED
