"""Codes of units: vectors of GB 32100, GB 11714 and the licence identifier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.kernel.errors import Invalid
from bole.standards.queries import credit_code, licence_check_character, organization_code
from bole.standards.queries.credit import credit_check_character

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def refusal(code: str) -> str:
    with pytest.raises(Invalid) as caught:
        credit_code(code)
    assert [fault.at for fault in caught.value.faults] == ["credit_code"]
    return caught.value.sentence


def test_the_standards_own_example() -> None:
    found = credit_code("91350100M000100Y43")
    assert (found.category, found.category_name, found.registered_with) == ("91", "企业", "市场监管")
    assert (found.region, found.organization_code, found.warnings) == ("350100", "M000100Y4", ())
    assert found.temporary is False


@pytest.mark.parametrize(
    "code",
    [
        "91110000101623741K", "911101066976941872", "11320482014138860P", "11100000000013338W",
        "126401004000004210", "12640100400000376Y", "1264010040000000XX",
    ],
)  # fmt: skip
def test_valid_codes_with_a_valid_inner_code(code: str) -> None:
    found = credit_code(code)
    assert (found.code, found.warnings) == (code, ())


def test_a_code_is_normalised() -> None:
    assert credit_code(" 91350100m000100y４3 ").code == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("code", "say"),
    [
        ("91310115MA1H8R7C6D", "统一社会信用代码校验位不正确，请对照登记证书核对"),
        ("91350211M0000XUF46", "统一社会信用代码校验位不正确，请对照登记证书核对"),
        ("91350100M000100Y4", "统一社会信用代码应为18位，现在是17位"),
        ("9135O100M000100Y43", "统一社会信用代码不使用字母I、O、S、V、Z，请核对是否应为数字1、0、5、2"),
        ("91350A00M000100Y43", "统一社会信用代码格式不正确：第3至8位应为数字，请对照登记证书核对"),
        ("", "请填写统一社会信用代码"),
    ],
)
def test_invalid_codes(code: str, say: str) -> None:
    assert refusal(code) == say


def test_a_reported_code_passes_once_its_last_character_is_right_although_letters_differ_inside() -> None:
    found = credit_code("91350211M0000XUF4R")
    assert (found.organization_code, found.warnings) == ("M0000XUF4", ())


def test_a_wrong_inner_code_is_only_a_warning() -> None:
    body = "12640100400000422"
    found = credit_code(body + credit_check_character(body))
    assert found.warnings == ("统一社会信用代码中的组织机构代码400000422校验位不正确，请对照登记证书核对",)


def test_an_unknown_category_is_only_a_warning() -> None:
    body = "94640100400000421"
    found = credit_code(body + credit_check_character(body))
    assert found.category_name == ""
    assert found.warnings == ("统一社会信用代码前两位94不是已知的机构类别，请对照登记证书核对",)


@pytest.mark.parametrize(("category", "name"), [("A1", "军队事业单位"), ("N2", "村级集体经济组织"), ("Y1", "其他")])
def test_codes_that_begin_with_a_letter(category: str, name: str) -> None:
    body = category + "640100400000421"
    assert credit_code(body + credit_check_character(body)).category_name == name


def test_temporary_codes_are_taken_only_where_asked_for() -> None:
    found = credit_code("11320482014138860P07", temporary=True)
    assert (found.code, found.temporary, found.region) == ("11320482014138860P07", True, "320482")
    assert credit_code("11320482014138860P", temporary=True).temporary is False
    assert refusal("11320482014138860P07") == "统一社会信用代码应为18位，现在是20位"


bodies = st.builds(
    lambda start, region, subject: f"{start}{region:06d}{subject}",
    st.sampled_from(["11", "12", "51", "91", "N2"]),
    st.integers(110000, 659999),
    st.text(LETTERS, min_size=9, max_size=9),
)


@given(bodies, st.integers(8, 17), st.integers(1, 30))
def test_one_wrong_character_is_always_refused(body: str, place: int, step: int) -> None:
    code = body + credit_check_character(body)
    assert credit_code(code).code == code
    other = LETTERS[(LETTERS.index(code[place]) + step) % 31]
    assert refusal(code[:place] + other + code[place + 1 :]) == "统一社会信用代码校验位不正确，请对照登记证书核对"


@pytest.mark.parametrize(
    "code",
    [
        "D2143569-X", "66195133-X", "74371976-1", "69245419-2", "L6005760-X", "78305975-3", "79013765-X",
        "40000005-0", "40000018-1", "40000000-X",
    ],
)  # fmt: skip
def test_valid_organisation_codes_lose_their_hyphen(code: str) -> None:
    assert organization_code(code.lower()) == code.replace("-", "")


@pytest.mark.parametrize(
    ("code", "say"),
    [
        ("18726455-6", "组织机构代码校验位不正确，请对照证书核对"),
        ("1872645-6", "组织机构代码应为9位：前8位是数字或大写字母，最后一位是数字或X"),
    ],
)
def test_invalid_organisation_codes(code: str, say: str) -> None:
    with pytest.raises(Invalid) as caught:
        organization_code(code)
    assert [(fault.at, fault.say) for fault in caught.value.faults] == [("organization_code", say)]


def test_the_legacy_code_needs_an_eight() -> None:
    assert organization_code("18726455-8") == "187264558"


@pytest.mark.parametrize(
    ("payload", "check"),
    [
        ("A12425GABC1234002", "M"),
        ("11100000000013338W00211320482014138860P201807250201001", "M"),
        ("11100000000013338W00211320482014138860P201807250201002", "K"),
    ],
)
def test_licence_identifiers(payload: str, check: str) -> None:
    assert licence_check_character(payload) == check
