"""Pinyin for searching: surnames, ü, several readings, letters, rare characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.standards.queries import pinyin
from bole.standards.queries.pinyin import MOST_LETTERS, MOST_READINGS, SURNAMES


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("重庆", "chongqing", "cq"),
        ("银川市", "yinchuanshi", "ycs"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("A股", "agu", "ag"),
        ("ＡＢＣ１", "abc1", "abc1"),
        ("买买提·玉素甫", "maimaitiyusufu", "mmtysf"),
    ],
)
def test_first_reading(name: str, full: str, initials: str) -> None:
    found = pinyin(name)
    assert (found[0].split()[0], found[1].split()[0]) == (full, initials)


@pytest.mark.parametrize(("char", "reading"), SURNAMES.items())
def test_surnames_come_first_and_other_readings_are_kept(char: str, reading: str) -> None:
    readings = pinyin(char + "文")[0].split()
    assert readings[0].startswith(reading)
    assert all(each in readings for each in pinyin(char + "文", surname=False)[0].split())


def test_other_names_do_not_begin_with_a_surname() -> None:
    assert pinyin("种子站")[0].split()[0] == "chongzizhan"
    assert pinyin("种子站", surname=False)[0].split()[0] == "zhongzizhan"


def test_u_umlaut_is_found_in_each_spelling() -> None:
    assert pinyin("吕布")[0].split() == ["lvbu", "lubu", "lyubu"]


@pytest.mark.parametrize("name", ["", "   ", "·", "\U0003134f", "？！"])
def test_nothing_to_read_gives_nothing(name: str) -> None:
    assert pinyin(name) == ("", "")


def test_a_character_without_reading_is_left_out() -> None:
    assert pinyin("张\U0003134f")[0].split()[0] == "zhang"


@given(st.text(max_size=60))
def test_any_text_fits_a_column(text: str) -> None:
    for found in pinyin(text):
        assert len(found) <= MOST_LETTERS
        assert len(found.split()) <= MOST_READINGS
        assert found == found.strip()
