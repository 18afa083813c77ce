"""Regions: counts of the ministry, corrections, history, places without counties."""

from collections import Counter
from datetime import date

import pytest

from bole.standards.queries import region, regions_under, table
from bole.standards.terms import Region

DAY = date(2026, 11, 21)


def test_counts_of_today_equal_the_ministrys() -> None:
    entries = table("region").entries_on(DAY)
    assert Counter(entry.attrs["level"] for entry in entries) == {"province": 34, "city": 333, "county": 2845}
    names = [entry.name for entry in entries if entry.attrs["level"] == "county"]
    kinds = ("自治县", "自治旗", "县", "旗", "市", "区")
    assert Counter(next(kind for kind in kinds if name.endswith(kind)) for name in names) == {
        "县": 1301, "区": 978, "市": 397, "自治县": 117, "旗": 49, "自治旗": 3,
    }  # fmt: skip


def test_counties_that_hang_on_their_province() -> None:
    entries = table("region").entries_on(DAY)
    direct = Counter(e.parent for e in entries if e.attrs["level"] == "county" and e.parent and e.parent[2:] == "0000")
    assert direct == {
        "110000": 16, "120000": 16, "310000": 16, "500000": 37, "460000": 15, "650000": 12, "420000": 4, "410000": 1,
    }  # fmt: skip


def test_a_region_knows_its_whole_name() -> None:
    assert region("640104") == Region("640104", "兴庆区", "宁夏回族自治区银川市兴庆区", "county", "640100")
    assert region("520000") == Region("520000", "贵州省", "贵州省", "province", None)
    assert region("110105").full_name == "北京市朝阳区"
    assert region("419001").full_name == "河南省济源市"


def test_an_ended_region_still_shows_with_its_last_day() -> None:
    assert region("640102") == Region(
        "640102", "城区", "宁夏回族自治区银川市城区", "county", "640100", date(2002, 12, 31)
    )


def test_a_renamed_region_shows_the_name_of_the_day() -> None:
    assert region("130502").name == "襄都区"
    assert region("130502", date(1990, 5, 1)).name == "桥东区"
    assert region("130502", date(1970, 5, 1)).name == "桥东区"


def test_an_unknown_region_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="649999"):
        region("649999")


@pytest.mark.parametrize(
    ("code", "name", "in_force"),
    [
        ("330113", "临平区", True), ("330114", "钱塘区", True), ("330103", "下城区", False), ("410307", "偃师区", True),
        ("653228", "和康县", True), ("653229", "和安县", True), ("540481", "米林市", True),
        ("500157", "两江新区", True), ("500105", "江北区", False), ("659012", "白杨市", True),
        ("429021", "神农架林区", True),
    ],
)  # fmt: skip
def test_changes_of_recent_years(code: str, name: str, in_force: bool) -> None:
    entry = table("region").entry(code)
    assert (entry.name, entry.valid_on(DAY)) == (name, in_force)


@pytest.mark.parametrize("code", ["419000", "429000", "422921", "429001", "232761", "110100", "640101"])
def test_rows_that_are_no_places_are_left_out(code: str) -> None:
    assert code not in table("region")


def test_what_lies_under() -> None:
    assert [each.name for each in regions_under("640000", DAY)] == ["银川市", "石嘴山市", "吴忠市", "固原市", "中卫市"]
    assert [each.code for each in regions_under("640100", DAY)] == [
        "640104", "640105", "640106", "640121", "640122", "640181",
    ]  # fmt: skip
    assert len(regions_under(None, DAY)) == 34
    assert len(regions_under("110000", DAY)) == 16
    assert regions_under("640104", DAY) == ()


@pytest.mark.parametrize("code", ["441900", "442000", "460400", "620200", "710000", "810000"])
def test_places_without_counties(code: str) -> None:
    assert regions_under(code, DAY) == ()


def test_what_lay_under_once() -> None:
    assert "城区" in [each.name for each in regions_under("640100", date(1995, 1, 1))]


def test_simplified_names_of_hong_kong_and_macao() -> None:
    assert [region(code).name for code in ("710000", "810000", "820000")] == [
        "台湾省", "香港特别行政区", "澳门特别行政区",
    ]  # fmt: skip


def test_every_current_place_has_a_current_parent() -> None:
    entries = table("region").entries_on(DAY)
    codes = {entry.code for entry in entries}
    assert [entry.code for entry in entries if entry.parent and entry.parent not in codes] == []
