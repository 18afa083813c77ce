"""Code tables: every file loads, counts are pinned, searching and cascades work, faulty files are refused."""

from datetime import date
from pathlib import Path

import pytest

from bole.standards import queries
from bole.standards.queries import sources, table, table_codes
from bole.standards.terms import IdentityKind

DAY = date(2026, 11, 21)
CONTRACT = [
    "sex", "ethnic-group", "political-status", "marital-status", "education", "degree", "degree-rank",
    "education-mode", "identity-kind", "family-relation", "country", "nationality", "region", "discipline",
    "industry", "unit-type", "affiliation", "economic-type", "talent-category", "talent-type", "specialty-field",
    "staffing", "professional-post-grade", "management-post-grade", "talent-project", "technology-field",
    "project-level", "title", "skill-grade", "project-kind", "participation-role", "yes-no", "study-place",
    "study-kind", "achievement-level", "achievement-grade", "patent-kind", "award-level", "award-grade",
    "client-relation",
]  # fmt: skip


def names(found) -> list[str]:
    return [entry.name for entry in found]


@pytest.mark.parametrize("code", table_codes())
def test_every_table_loads_with_name_and_source(code: str) -> None:
    found = table(code)
    assert found.code == code
    assert found.name
    assert found.source
    assert all(entry.name == entry.name.strip() and entry.name for entry in found.entries)
    assert all(entry.pinyin and entry.initials for entry in found.entries)


def test_the_tables_promised_to_other_rooms_exist() -> None:
    assert [code for code in CONTRACT if code not in table_codes()] == []


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("sex", 4), ("marital-status", 8), ("ethnic-group", 58), ("political-status", 13), ("education", 40),
        ("affiliation", 12), ("economic-type", 34), ("industry", 20 + 97), ("discipline", 5 + 62),
        ("occupation", 8 + 79), ("country", 249), ("nationality", 246), ("professional-post-grade", 13),
        ("management-post-grade", 10), ("identity-kind-hrss", 19), ("unit-type", 18), ("personal-status", 13),
    ],
)  # fmt: skip
def test_counts(code: str, rows: int) -> None:
    assert len(table(code)) == rows


def test_counts_without_what_is_local() -> None:
    assert len([e for e in table("ethnic-group").entries if "letters" in e.attrs]) == 56
    assert len([e for e in table("degree").entries if "L" not in e.code and e.code not in {"998", "999"}]) == 56
    relations = [e.code for e in table("family-relation").entries if not e.code.startswith("L")]
    assert len(relations) == 84
    assert {"98", "03", "00"} & set(relations) == set()


def test_an_unknown_table_is_a_key_error() -> None:
    for code in ("nothing", "../codes/sex", ".hidden"):
        with pytest.raises(KeyError):
            table(code)


def test_a_table_is_read_once() -> None:
    assert table("sex") is table("sex")


def test_codes_stay_text_and_no_word_becomes_a_truth_value() -> None:
    assert table("ethnic-group").entry("01").name == "汉族"
    assert names(table("yes-no").entries) == ["是", "否"]


def test_identity_kinds_are_those_of_the_enum() -> None:
    assert [entry.code for entry in table("identity-kind").entries] == [kind.value for kind in IdentityKind]
    assert table("identity-kind").entry("resident").name == "居民身份证(户口簿)"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("sex", "男性"), ("political-status", "中共党员"), ("education", "大学本科"), ("education-mode", "全日制教育"),
        ("degree", "工学学士学位"), ("talent-category", "专业技术人才"), ("technology-field", "生态环境保护"),
        ("project-level", "省部级"), ("talent-project", "青年拔尖人才-自治区级学术技术带头人后备人选"),
        ("title", "副研究员"), ("skill-grade", "技师(二级)"), ("project-kind", "宁夏哲学社会科学规划项目"),
        ("participation-role", "主持人"), ("achievement-level", "自治区"), ("achievement-grade", "一等"),
        ("patent-kind", "发明专利"), ("award-level", "市级"), ("award-grade", "一等奖"), ("marital-status", "已婚"),
        ("nationality", "中国"), ("ethnic-group", "汉族"),
    ],
)  # fmt: skip
def test_what_the_manual_prints_can_be_chosen(code: str, name: str) -> None:
    assert set(names(table(code).named(name))) == {name}


@pytest.mark.parametrize("code", ["talent-project", "technology-field", "project-kind", "specialty-field"])
def test_lists_with_a_note_field_offer_the_rest(code: str) -> None:
    assert table(code).entry("99").name == "其他"


def test_country_names_fit_a_government_form() -> None:
    country = table("country")
    assert [country.entry(code).name for code in ("TWN", "HKG", "MAC", "PSE", "ARE", "FLK")] == [
        "中国台湾", "中国香港", "中国澳门", "巴勒斯坦", "阿联酋", "福克兰群岛（马尔维纳斯）",
    ]  # fmt: skip
    assert names(country.entries)[:2] == ["中国", "阿尔巴尼亚"]
    assert "XKX" not in country
    assert {"台湾", "香港", "澳门", "科索沃"} & set(names(country.entries)) == set()


def test_nationality_does_not_offer_parts_of_china() -> None:
    nationality = table("nationality")
    assert [code for code in ("TWN", "HKG", "MAC") if code in nationality] == []
    assert names(nationality.search("zhongguo")) == ["中国"]


def test_titles_cascade_from_series_to_level_to_title() -> None:
    titles = table("title")
    assert len(titles.children(None)) == 28
    assert names(titles.children("03")) == ["正高级", "副高级", "中级", "助理级"]
    assert names(titles.children("03-2")) == ["副研究员"]
    assert names(titles.line("0302")) == ["自然科学研究人员", "副高级", "副研究员"]
    assert names(titles.children("04-2")) == ["副主任医师", "副主任药师", "副主任护师", "副主任技师"]
    assert [e.code for e in titles.named("研究员")] == ["0201", "0301"]
    assert [e.code for e in titles.named("副高级", under="05")] == ["05-2"]
    assert [e.code for e in titles.named("工程技术人员", under="")] == ["05"]


def test_each_series_has_levels_and_each_level_titles() -> None:
    titles = table("title")
    for series in titles.children(None):
        assert titles.children(series.code)
        for level in titles.children(series.code):
            below = names(titles.children(level.code))
            assert below
            assert len(below) == len(set(below))


def test_no_longer_awarded_titles_can_still_be_chosen() -> None:
    (held,) = table("title").named("教授级高级工程师")
    assert (held.parent, held.attrs["historical"]) == ("05-1", "yes")


@pytest.mark.parametrize(
    ("code", "text", "first"),
    [
        ("ethnic-group", "weiwuer", "维吾尔族"), ("ethnic-group", "wwez", "维吾尔族"),
        ("ethnic-group", "05", "维吾尔族"), ("ethnic-group", "回", "回族"), ("region", "yinchuan", "银川市"),
        ("region", "640104", "兴庆区"),
        ("region", "重庆", "重庆市"), ("region", "chongqing", "重庆市"),
        ("political-status", "中国共产党党员", "中共党员"),
        ("title", "gjgcs", "高级工程师"), ("discipline", "lcyx", "临床医学"), ("nationality", "EL S", "俄罗斯"),
    ],
)  # fmt: skip
def test_search_puts_the_best_first(code: str, text: str, first: str) -> None:
    assert table(code).search(text)[0].name == first


def test_search_keeps_to_the_day_the_limit_and_what_may_be_chosen() -> None:
    regions = table("region")
    assert names(regions.search("640102", on=DAY)) == []
    assert names(regions.search("640102", on=date(1990, 1, 1))) == ["城区"]
    assert len(regions.search("区", on=DAY, limit=7)) == 7
    assert names(table("education").search("本科教育")) == []
    assert names(table("discipline").search("", limit=2)) == ["数学", "信息科学与系统科学"]
    assert names(regions.search("xixia", on=DAY, under="640100")) == ["西夏区"]
    assert table("sex").search("没有这个") == ()


def test_only_graduation_satisfies_a_condition_on_education() -> None:
    graduated = [entry.code for entry in table("education").entries if entry.attrs.get("graduated")]
    assert graduated == ["11", "14", "17", "21", "28", "31", "41", "44", "47", "61", "71", "81"]


@pytest.mark.parametrize(
    ("code", "kinship"),
    [("12", "spouse"), ("51", "direct"), ("71", "collateral"), ("55", "in-law"), ("57", "adoptive"), ("65", None)],
)
def test_kinship_for_recusal(code: str, kinship: str | None) -> None:
    assert table("family-relation").entry(code).attrs.get("kinship") == kinship


@pytest.fixture
def codes(tmp_path: Path):
    before = sources.catalogue()
    (tmp_path / "codes").mkdir()
    queries.configure(tmp_path)
    yield tmp_path / "codes"
    queries.configure(before)


HEAD = "table: t\nname: 表\nkind: local\nsource: local\n"


@pytest.mark.parametrize(
    ("text", "say"),
    [
        (HEAD + "columns: [code, name, parent]\nentries: [[1, 一, 9]]", "上级不存在 .*9"),
        (HEAD + "entries: [[1, 一], [1, 二]]", "代码重复"),
        (HEAD + "entries: []", "空表"),
        (HEAD + "entries: [[1]]", "行不正确"),
        (HEAD + "entries: [[1, 一, 二]]", "列数"),
        (HEAD + "entries: [[1, 一, {from: soon}]]", "行不正确"),
        (HEAD + "entires: [[1, 一]]", "entires"),
        (HEAD.replace("table: t", "table: s") + "entries: [[1, 一]]", "表头"),
        (HEAD + "filled_by: magic", "magic"),
        ("entries: [", "t.yaml"),
    ],
)
def test_faulty_files_are_refused(codes: Path, text: str, say: str) -> None:
    (codes / "t.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=say):
        table("t")


def test_a_row_may_be_valid_for_some_days_and_return_with_another_name(codes: Path) -> None:
    rows = "[[1, 旧, {to: 2019-12-31}], [1, 新, {from: 2020-01-01}], [2, 止, {to: 2019-12-31}]]"
    (codes / "t.yaml").write_text(HEAD + f"entries: {rows}", encoding="utf-8")
    found = table("t")
    assert names(found.entries_on(date(2019, 12, 31))) == ["旧", "止"]
    assert names(found.entries_on(date(2020, 1, 1))) == ["新"]
    assert (found.entry("1").name, found.entry("1", date(2000, 1, 1)).name, found.entry("2").name) == ("新", "旧", "止")


def test_an_authority_adds_rows_by_a_sheet_beside_the_table(codes: Path) -> None:
    (codes / "t.yaml").write_text(HEAD + "entries: [[110, 数学]]", encoding="utf-8")
    (codes / "t.csv").write_text("\ufeffcode,name,parent\n11011,数学史,110\n", encoding="utf-8")
    assert names(table("t").children("110")) == ["数学史"]
