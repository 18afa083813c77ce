"""Services of one family: what one takes from another, records told apart by `only`, papers wanted of each record."""

from datetime import UTC, datetime

import pytest

from bole.bindings.records import held_by, offered_records, record_key
from bole.definitions import answers, catalogue
from bole.definitions import queries as definitions
from bole.definitions.terms import Known
from bole.kernel.ids import new_id
from bole.people.terms import Entry
from tests.definitions.ground import context, write

PLAIN = definitions.catalogue().services["shenzhen", "title-ordinary"]


def problems(tmp_path, text):
    directory = write(tmp_path)
    (directory / "here/services/kin.yaml").write_text(text, encoding="utf-8")
    return [str(each) for each in catalogue.problems(directory, Known())]


@pytest.mark.parametrize(
    ("line", "say"),
    [
        ("like: nobody", "同一站点没有可以参照的事项「nobody」"),
        ("like: kin", "同一站点没有可以参照的事项「kin」"),
        ("like: small\nsections: [strange]", "参照的事项里没有「strange」"),
    ],
)
def test_a_wrong_likeness_is_told_with_its_line(tmp_path, line, say):
    found = problems(tmp_path, f"service: kin\nsite: here\nnumber: XT\n{line}\n")
    assert [each for each in found if say in each and each.startswith("here/services/kin.yaml:")]


def test_what_is_not_said_is_taken_from_the_other_service(tmp_path):
    assert problems(tmp_path, "service: kin\nsite: here\nnumber: XT\nname: 亲\nlike: small\n") == []


def test_records_of_one_kind_go_to_the_section_that_they_are_of():
    alone, together = PLAIN.section("alone"), PLAIN.section("together")
    data = {"start": "2020-01", "title": "平台", "duty": "总体", "result": "量产"}
    typed = {"alone": [{"id": "a", **data}]}
    (offered,) = offered_records(PLAIN, typed, typed, {})["achievement"]
    assert offered.data == {**data, "kind": "2"}
    assert offered.key == record_key(alone, {**data, "kind": "2"}) != record_key(together, {**data, "kind": "3"})
    assert held_by(alone, offered.data)
    assert not held_by(together, offered.data)


def test_papers_are_wanted_of_the_records_that_each_names():
    papers = [
        {"id": "a", "kind": "1", "title": "文", "publisher": "刊", "published": "2021-03-15", "rank": "一作"},
        {"id": "b", "kind": "2", "title": "书", "publisher": "社", "published": "2021-03-15", "rank": "1"},
        {"id": "c", "kind": "1", "title": "引", "publisher": "刊", "published": "2021-03-15", "indexed": "EI"},
    ]
    around = context({"papers": papers})
    cleaned = answers.clean_all(PLAIN, {"papers": papers}, around)
    lines = answers.captions(PLAIN, cleaned, around)
    found = {(line.category, line.record) for line in lines if line.section == "papers"}
    assert found == {("article", "a"), ("article", "c"), ("book", "b"), ("indexed", "c")}


@pytest.mark.parametrize("typed", ["999999999", "000000", "/", "——", "N/A"])
def test_no_stand_in_where_a_kind_of_nothing_is_offered(typed):
    cleaned = answers.clean_section(PLAIN, "basic", {"insurance_card": typed}, context=context())
    (say,) = [fault.say for fault in cleaned.faults if fault.at == "insurance_card"]
    assert f"不要用「{typed}」代替，没有可填的请选择「无」、「不详」、「不适用」" in say


def test_nothing_typed_as_a_word_is_the_kind_of_nothing():
    cleaned = answers.clean_section(PLAIN, "basic", {"insurance_card": "无", "phone": "无"}, context=context())
    assert cleaned.values["insurance_card"] == {"nothing": "none"}
    assert "phone" not in cleaned.values  # where no kind is offered, a word is a word


def test_what_the_archive_says_already_is_that_very_record_and_nothing_is_verified_unseen():
    section = PLAIN.section("honors")
    own = {"title": "奖", "issuer": "市", "level": "1", "awarded": "2020-01", "grade": "1", "rank": "1"}
    typed = {"honors": [{"id": "a", **own}]}

    def entry(verified):
        now = datetime(2026, 3, 1, tzinfo=UTC)
        at = now if verified else None
        return Entry(new_id(), "honor", "case/1", {**own, "remark": "另记"}, "", "", now, at, "市", None)

    for verified, verifying, kept in (
        (True, True, True),
        (True, False, True),
        (False, False, True),
        (False, True, False),
    ):
        (offered,) = offered_records(PLAIN, typed, typed, {"honor": (entry(verified),)}, verifying=verifying)["honor"]
        assert (offered.key == "case/1", "remark" in offered.data) == (kept, kept)
        assert kept or offered.key == record_key(section, own)
