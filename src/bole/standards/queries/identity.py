"""Numbers of identity documents. GB 11643-1999 for the 18 characters; other documents by their known forms."""

import re
import unicodedata
from dataclasses import replace
from datetime import date

from bole.kernel import clock
from bole.kernel.errors import Invalid
from bole.standards.queries import regions
from bole.standards.terms import Identity, IdentityKind

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]")
_HMT = {"810000", "820000", "830000"}
_OLDEST_YEAR = 1800  # the standard's own example was born in 1880
_FORMS = {
    IdentityKind.HKMO_PERMIT: (
        r"[HM]([0-9]{8}|[0-9]{10})",
        "港澳居民来往内地通行证号码应为字母H或M加8位数字（旧证为10位数字）",
    ),
    IdentityKind.TAIWAN_PERMIT: (r"[0-9]{8}([0-9]{2})?", "台湾居民来往大陆通行证号码应为8位数字（旧证为10位数字）"),
    IdentityKind.PASSPORT: (r"[A-Z0-9]{5,17}", "护照号码应为5至17位字母和数字，请按护照资料页填写"),
    IdentityKind.OFFICER: (
        r"[0-9A-Z\u3400-\u9fff-]{4,20}",
        "军官证号码应为4至20个字，请按证件填写，如“军字第1234567号”",
    ),
}


def identity(kind: str, number: str) -> Identity:
    """What a document's number says, normalised (full-width forms, spaces, lower case, 15 digits to 18).

    Raises Invalid at "number" when the number cannot belong to such a document. The region is never a reason to
    refuse: districts are abolished, so an unknown one is only a warning.
    """
    try:
        wanted = IdentityKind(kind)
    except ValueError:
        raise Invalid.at("kind", "请选择证件类型") from None
    text = normalized(number)
    if not text:
        raise Invalid.at("number", "请填写证件号码")
    if wanted is IdentityKind.RESIDENT:
        return _resident(text)
    if wanted is IdentityKind.HMT_RESIDENCE:
        return _hmt_residence(text)
    if wanted is IdentityKind.FOREIGN_PERMANENT:
        return _foreign_permanent(text)
    form, say = _FORMS[wanted]
    if not re.fullmatch(form, text):
        raise Invalid.at("number", say)
    return Identity(wanted, text)


def normalized(number: str) -> str:
    """A number as it is stored: half-width, upper case, without spaces and invisible characters."""
    folded = unicodedata.normalize("NFKC", number).upper()
    return "".join(char for char in folded if not char.isspace() and unicodedata.category(char) not in {"Cf", "Cc"})


def check_character(first17: str) -> str:
    """The eighteenth character by ISO 7064 MOD 11-2."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def _resident(text: str) -> Identity:
    if re.fullmatch(r"[0-9]{15}", text):
        return _from_fifteen(text)
    if re.fullmatch(r"9[0-9]{16}[0-9X]", text):
        note = "该号码是外国人永久居留身份证号码，已按该证件类型识别，请核对"
        return replace(_eighteen(IdentityKind.FOREIGN_PERMANENT, text), region=None, warnings=(note,))
    if text[:6] in _HMT and len(text) == 18:
        note = "该号码是港澳台居民居住证号码，已按该证件类型识别，请核对"
        return replace(_eighteen(IdentityKind.HMT_RESIDENCE, text), warnings=(note,))
    found = _eighteen(IdentityKind.RESIDENT, text)
    notes = []
    if not regions.known(text[:6]):
        notes.append(f"身份证号码前六位{text[:6]}不在历年行政区划代码中，请对照证件核对")
    if found.birth_on and found.birth_on.year < 1900:
        notes.append(f"出生日期为{found.birth_on.year}年，请对照证件核对")
    return replace(found, warnings=tuple(notes))


def _from_fifteen(text: str) -> Identity:
    """The old 15 digits, completed to 18. Sequence numbers 996 to 999 marked people born before 1900."""
    if text[12:] in {"996", "997", "998", "999"}:
        raise Invalid.at("number", "该15位身份证号码的出生年份无法推定，请填写18位公民身份号码")
    body = text[:6] + "19" + text[6:]
    found = _resident(body + check_character(body))
    return replace(found, warnings=(*found.warnings, f"已将15位号码补全为18位：{found.number}，请核对"))


def _hmt_residence(text: str) -> Identity:
    if len(text) == 18 and text[:6] not in _HMT:
        raise Invalid.at("number", "港澳台居民居住证号码应以810000、820000或830000开头，请对照证件核对")
    return _eighteen(IdentityKind.HMT_RESIDENCE, text)


def _foreign_permanent(text: str) -> Identity:
    if re.fullmatch(r"[A-Z]{3}[0-9]{12}", text):
        return Identity(IdentityKind.FOREIGN_PERMANENT, text)
    if not text.startswith("9"):
        raise Invalid.at("number", "外国人永久居留身份证号码应为9开头的18位号码，旧证为3个字母加12位数字")
    return replace(_eighteen(IdentityKind.FOREIGN_PERMANENT, text), region=None)


def _eighteen(kind: IdentityKind, text: str) -> Identity:
    """Reads 18 characters: form, province, birth date, check character, in the order that helps most."""
    label = "身份证号码" if kind is IdentityKind.RESIDENT else f"{kind.label}号码"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        raise Invalid.at("number", f"{label}应为18位，前17位是数字，最后一位是数字或X")
    if text[0] != "9" and not _PROVINCES.fullmatch(text[:2]):
        raise Invalid.at("number", f"{label}前两位{text[:2]}不是省级行政区划代码，请对照证件核对")
    born = _birth(text[6:14], label)
    if check_character(text[:17]) != text[17]:
        raise Invalid.at("number", f"{label}校验位不正确，请对照证件核对")
    return Identity(kind, text, born, "男" if int(text[16]) % 2 else "女", text[:6])


def _birth(digits: str, label: str) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        born = date.min
    if born.year < _OLDEST_YEAR:
        raise Invalid.at("number", f"{label}中的出生日期不存在，请对照证件核对")
    if born > clock.today():
        raise Invalid.at("number", f"{label}中的出生日期晚于今天，请对照证件核对")
    return born
