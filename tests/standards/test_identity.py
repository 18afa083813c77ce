"""Identity numbers: the vectors of the standard and what every number must obey."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from bole.kernel.errors import Invalid
from bole.standards.queries import identity
from bole.standards.queries.identity import check_character
from bole.standards.terms import IdentityKind

TAILS = ["0050", "0181", "0042", "0093", "0034", "0085", "0026", "0077", "0018", "0069", "019X"]


@pytest.fixture(autouse=True)
def _on_a_day() -> Iterator[None]:
    with time_machine.travel("2026-11-21T04:00:00Z", tick=False):
        yield


def refusal(kind: str, number: str) -> str:
    with pytest.raises(Invalid) as caught:
        identity(kind, number)
    assert [fault.at for fault in caught.value.faults] == ["number"]
    return caught.value.sentence


def test_the_standards_own_example() -> None:
    found = identity("resident", "11010519491231002X")
    assert (found.kind, found.number, found.birth_on, found.sex, found.sex_code, found.region, found.warnings) == (
        IdentityKind.RESIDENT, "11010519491231002X", date(1949, 12, 31), "女", "2", "110105", (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("440524188001010014", date(1880, 1, 1), "男"),
        ("34052419800101001X", date(1980, 1, 1), "男"),
        ("11010219840406970X", date(1984, 4, 6), "女"),
        *((f"64010419900101{tail}", date(1990, 1, 1), "男" if int(tail[2]) % 2 else "女") for tail in TAILS),
    ],
)
def test_valid_numbers(number: str, born: date, sex: str) -> None:
    found = identity("resident", number)
    assert (found.number, found.birth_on, found.sex) == (number, born, sex)


def test_the_synthetic_numbers_reach_every_check_character() -> None:
    assert {tail[-1] for tail in TAILS} == set("0123456789X")


@pytest.mark.parametrize("typed", [" 11010519491231002x ", "110105 19491231 002X", "11010519491231002Ｘ\u200b"])
def test_numbers_are_normalised(typed: str) -> None:
    assert identity("resident", typed).number == "11010519491231002X"


def test_fifteen_digits_become_eighteen_and_say_so() -> None:
    found = identity("resident", "610104620927690")
    assert found.number == "610104196209276908"
    assert found.birth_on == date(1962, 9, 27)
    assert found.warnings == ("已将15位号码补全为18位：610104196209276908，请核对",)


@pytest.mark.parametrize("sequence", ["996", "997", "998", "999"])
def test_fifteen_digits_of_centenarians_cannot_be_completed(sequence: str) -> None:
    assert (
        refusal("resident", f"610104120927{sequence}") == "该15位身份证号码的出生年份无法推定，请填写18位公民身份号码"
    )


@pytest.mark.parametrize(
    ("number", "say"),
    [
        ("110105194912310021", "身份证号码校验位不正确，请对照证件核对"),
        ("11010519490231002X", "身份证号码中的出生日期不存在，请对照证件核对"),
        ("110105179912310026", "身份证号码中的出生日期不存在，请对照证件核对"),
        ("110105202612310025", "身份证号码中的出生日期晚于今天，请对照证件核对"),
        ("16010519491231002X", "身份证号码前两位16不是省级行政区划代码，请对照证件核对"),
        ("1101051949123100", "身份证号码应为18位，前17位是数字，最后一位是数字或X"),
        ("1101051949123100XX", "身份证号码应为18位，前17位是数字，最后一位是数字或X"),
        ("  ", "请填写证件号码"),
    ],
)
def test_invalid_numbers(number: str, say: str) -> None:
    assert refusal("resident", number) == say


def test_an_abolished_district_is_no_fault_and_an_unknown_one_only_a_warning() -> None:
    abolished = "64010219200101001"  # 城区 of 银川 until 2002
    unknown = "64019919200101001"
    assert identity("resident", abolished + check_character(abolished)).warnings == ()
    found = identity("resident", unknown + check_character(unknown))
    assert found.warnings == ("身份证号码前六位640199不在历年行政区划代码中，请对照证件核对",)


def test_a_birth_before_the_districts_code_is_no_fault() -> None:
    body = "64010419200101001"  # 兴庆区 has had its code since 2002
    assert identity("resident", body + check_character(body)).region == "640104"


@pytest.mark.parametrize("number", ["810000199408230021", "830000199201300022"])
def test_residence_permits_of_compatriots(number: str) -> None:
    found = identity("hmt-residence", number)
    assert (found.kind, found.region, found.warnings) == (IdentityKind.HMT_RESIDENCE, number[:6], ())
    mistaken = identity("resident", number)
    assert mistaken.kind == IdentityKind.HMT_RESIDENCE
    assert mistaken.warnings == ("该号码是港澳台居民居住证号码，已按该证件类型识别，请核对",)


def test_residence_permit_with_a_mainland_number() -> None:
    assert refusal("hmt-residence", "11010519491231002X") == (
        "港澳台居民居住证号码应以810000、820000或830000开头，请对照证件核对"
    )


def test_permanent_residence_of_foreigners_new_and_old() -> None:
    found = identity("foreign-permanent", "932682198501010017")
    assert (found.birth_on, found.sex, found.region) == (date(1985, 1, 1), "男", None)
    assert identity("resident", "932682198501010017").kind == IdentityKind.FOREIGN_PERMANENT
    old = identity("foreign-permanent", "usa110000010101")
    assert (old.number, old.birth_on) == ("USA110000010101", None)
    assert refusal("foreign-permanent", "932682198501010018") == "外国人永久居留身份证号码校验位不正确，请对照证件核对"
    assert refusal("foreign-permanent", "11010519491231002X") == (
        "外国人永久居留身份证号码应为9开头的18位号码，旧证为3个字母加12位数字"
    )


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("hkmo-permit", ["H12345678", "m1234567890"], ["H1234567", "H123456789", "A12345678"]),
        ("taiwan-permit", ["12345678", "1234567890"], ["123456789", "H2345678"]),
        ("passport", ["E12345678", "123456789"], ["E123", "护照12345678"]),
        ("officer", ["军字第1234567号", "南字第01234567号"], ["军1", "军字第1234567号（补发）"]),
    ],
)
def test_other_documents(kind: str, good: list[str], bad: list[str]) -> None:
    assert [identity(kind, number).number for number in good] == [number.upper() for number in good]
    assert all(identity(kind, number).birth_on is None for number in good)
    for number in bad:
        assert "应为" in refusal(kind, number)


def test_an_unknown_kind_is_refused_at_the_kind() -> None:
    with pytest.raises(Invalid) as caught:
        identity("library-card", "1")
    assert [fault.at for fault in caught.value.faults] == ["kind"]


bodies = st.builds(
    lambda place, born, sequence: f"{place}{born:%Y%m%d}{sequence:03d}",
    st.sampled_from(["110105", "640104", "522301", "440305"]),
    st.dates(date(1900, 1, 1), date(1929, 12, 31)),
    st.integers(0, 999),
)


@given(bodies)
def test_every_completed_number_is_taken(body: str) -> None:
    found = identity("resident", body + check_character(body))
    assert f"{found.birth_on:%Y%m%d}" == body[6:14]
    assert found.sex == ("男" if int(body[16]) % 2 else "女")


@given(bodies, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_refused(body: str, place: int, step: int) -> None:
    number = body + check_character(body)
    value = 10 if number[place] == "X" else int(number[place])
    wrong = number[:place] + str((value + step) % 10) + number[place + 1 :]
    with pytest.raises(Invalid):
        identity("resident", wrong)


@given(bodies, st.integers(0, 15))
def test_two_exchanged_neighbours_are_always_refused(body: str, place: int) -> None:
    number = body + check_character(body)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(Invalid):
            identity("resident", swapped)
