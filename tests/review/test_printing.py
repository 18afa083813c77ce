"""Final papers: when the watermark goes, one code for what stands, and what the public check says afterwards."""

import hashlib
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
from bole.review.terms import FileCheck, FileMatch, PaperState
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


def paper_bytes(play: Play, case: Case) -> bytes:
    """The paper of the case as it stands, as its person gets it."""
    case = made.fresh(case)
    form = cases.form_of(case, play.service)
    [output] = play.service.outputs
    return review.print_paper(
        case=case, service=play.service, form=form, output=output, base=BASE, by=as_self(case.person)
    )


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def held(code: str, content: bytes, site: str = "ningxia") -> FileCheck | None:
    return queries.file_check(site, code, sha(content))


def test_the_file_is_made_once_and_given_out_again_byte_by_byte(play: Play, monkeypatch: pytest.MonkeyPatch):
    case = passed_on(play)
    first = paper_bytes(play, case)
    paper = IssuedPaper.objects.select_related("file").get()
    assert paper.file is not None
    assert (paper.sha256, paper.file.stored_sha256, paper.file.media_type) == (
        sha(first),
        sha(first),
        "application/pdf",
    )
    issued = ledger.about("case", case.number).get(action="cases.paper.issued")
    assert issued.detail["sha256"] == paper.sha256

    def torn(*given: Any, **more: Any) -> bytes:
        raise AssertionError("made a second time")

    monkeypatch.setattr(documents, "render_pdf", torn)  # another template, other fonts, another engine
    assert paper_bytes(play, case) == first
    assert IssuedPaper.objects.count() == 1


def test_who_prints_at_the_same_moment_gets_the_same_file(play: Play, monkeypatch: pytest.MonkeyPatch):
    case = passed_on(play)
    others: list[bytes] = []

    def slow(*given: Any, **more: Any) -> bytes:
        monkeypatch.setattr(documents, "render_pdf", _told)
        others.append(paper_bytes(play, case))  # somebody else is faster
        return _told(*given, **more)

    monkeypatch.setattr(documents, "render_pdf", slow)
    assert paper_bytes(play, case) == others[0]
    assert IssuedPaper.objects.count() == 1


def test_a_held_file_is_the_very_one_or_not(play: Play):
    case = passed_on(play)
    old = paper_bytes(play, case)
    code = IssuedPaper.objects.get().code
    assert held(code, old) == held("", old)
    found = held(code, old)
    assert found is not None
    assert found.paper is not None
    assert (found.match, found.paper.state) == (FileMatch.SAME, PaperState.GENUINE)
    changed = held(code, old + b"\n")
    assert changed is not None
    assert (changed.match, changed.issued_at) == (FileMatch.UNLIKE, None)
    assert held("", old + b"\n") == FileCheck(FileMatch.UNLIKE)

    case = made.approve(case, play.region, "同意")
    new = paper_bytes(play, case)
    newer = IssuedPaper.objects.latest("revision").code
    told = {(which, name): held(which, content) for which in (code, newer) for name, content in
            {"old": old, "new": new}.items()}  # fmt: skip
    assert {key: each.match for key, each in told.items() if each} == {
        (code, "old"): FileMatch.SAME, (code, "new"): FileMatch.LATER,
        (newer, "old"): FileMatch.EARLIER, (newer, "new"): FileMatch.SAME,
    }  # fmt: skip
    alone = held("", old)
    assert alone is not None
    assert alone.paper is not None
    assert (alone.paper.code, alone.paper.state) == (code, PaperState.OUTDATED)


def test_nothing_is_told_of_files_of_others_and_of_other_sites(play: Play):
    case = passed_on(play)
    mine = paper_bytes(play, case)
    code = IssuedPaper.objects.get().code
    assert held("7K2M-9QHX-4B8T", mine) is None
    assert held(code, mine, "jilin") is None
    assert held("", mine, "jilin") == FileCheck(FileMatch.UNLIKE)


def test_a_paper_of_before_gets_its_file_when_it_is_printed_again(play: Play):
    case = passed_on(play)
    first = paper_bytes(play, case)
    IssuedPaper.objects.update(file=None, sha256="")
    code = IssuedPaper.objects.get().code
    found = held(code, first)
    assert found is not None
    assert found.match is FileMatch.UNKEPT
    assert held("", b"") == FileCheck(FileMatch.UNLIKE)
    again = paper_bytes(play, case)
    assert json.loads(again) == json.loads(first)
    assert IssuedPaper.objects.get().sha256 == sha(again)


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
