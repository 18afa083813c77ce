"""Codes of units: GB 32100-2015 unified social credit code, GB 11714-1997 organisation code; GB/T 36904 licences."""

import re

from bole.kernel.errors import Invalid
from bole.standards.queries.identity import normalized
from bole.standards.terms import CreditCode

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_BODIES = {
    "1": "机构编制", "2": "外交", "3": "司法行政", "4": "文化", "5": "民政", "6": "旅游", "7": "宗教", "8": "工会",
    "9": "市场监管", "A": "中央军委改革和编制办公室", "N": "农业农村", "Y": "其他",
}  # fmt: skip
_CATEGORIES = {
    "11": "机关", "12": "事业单位", "13": "中央编办直接管理机构编制的群众团体", "19": "其他",
    "21": "外国常驻新闻机构", "29": "其他",
    "31": "律师执业机构", "32": "公证处", "33": "基层法律服务所", "34": "司法鉴定机构", "35": "仲裁委员会",
    "39": "其他",
    "41": "外国在华文化中心", "49": "其他",
    "51": "社会团体", "52": "民办非企业单位", "53": "基金会", "54": "村民委员会", "55": "居民委员会", "59": "其他",
    "61": "外国旅游部门常驻代表机构", "62": "港澳台地区旅游部门常驻内地（大陆）代表机构", "69": "其他",
    "71": "宗教活动场所", "72": "宗教院校", "79": "其他",
    "81": "基层工会", "89": "其他",
    "91": "企业", "92": "个体工商户", "93": "农民专业合作社",
    "A1": "军队事业单位", "A9": "其他",
    "N1": "组级集体经济组织", "N2": "村级集体经济组织", "N3": "乡镇级集体经济组织", "N9": "其他",
    "Y1": "其他",
}  # fmt: skip


def credit_code(text: str, *, temporary: bool = False) -> CreditCode:
    """What a unified social credit code says. Raises Invalid at "credit_code".

    With `temporary`, 20 characters are taken too: a superior's code and the two-digit serial of a unit without one.
    The inner organisation code and unknown categories are only warnings, since real codes break both.
    """
    code = normalized(text).replace("-", "")
    serial = ""
    if temporary and re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", code):
        code, serial = code[:18], code[18:]
    _refuse_wrong_form(code)
    if code[17] != credit_check_character(code[:17]):
        raise Invalid.at("credit_code", "统一社会信用代码校验位不正确，请对照登记证书核对")
    category, inner = code[:2], code[8:17]
    notes = []
    if category not in _CATEGORIES:
        notes.append(f"统一社会信用代码前两位{category}不是已知的机构类别，请对照登记证书核对")
    if inner[8] != _inner_check(inner[:8]):
        notes.append(f"统一社会信用代码中的组织机构代码{inner}校验位不正确，请对照登记证书核对")
    return CreditCode(
        code=code + serial,
        category=category,
        region=code[2:8],
        organization_code=inner,
        warnings=tuple(notes),
        category_name=_CATEGORIES.get(category, ""),
        registered_with=_BODIES.get(code[0], ""),
        temporary=bool(serial),
    )


def credit_check_character(first17: str) -> str:
    """The eighteenth character: weights 3^(i-1), modulo 31."""
    total = sum(_LETTERS.index(char) * weight for char, weight in zip(first17, _WEIGHTS, strict=True))
    return _LETTERS[-total % 31]


def organization_code(text: str) -> str:
    """An organisation code without its hyphen. Raises Invalid at "organization_code"."""
    code = normalized(text).replace("-", "")
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        raise Invalid.at("organization_code", "组织机构代码应为9位：前8位是数字或大写字母，最后一位是数字或X")
    if code[8] != _inner_check(code[:8]):
        raise Invalid.at("organization_code", "组织机构代码校验位不正确，请对照证书核对")
    return code


def licence_check_character(payload: str) -> str:
    """The check character of an electronic licence's identifier: ISO 7064 MOD 37,36 over digits and capital letters."""
    value = 36
    for char in payload:
        value = (value + int(char, 36)) % 36 or 36
        value = value * 2 % 37
    return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(1 - value) % 36]


def _refuse_wrong_form(code: str) -> None:
    if not code:
        raise Invalid.at("credit_code", "请填写统一社会信用代码")
    if len(code) != 18:
        raise Invalid.at("credit_code", f"统一社会信用代码应为18位，现在是{len(code)}位")
    if re.search("[IOSVZ]", code):
        raise Invalid.at("credit_code", "统一社会信用代码不使用字母I、O、S、V、Z，请核对是否应为数字1、0、5、2")
    if not re.fullmatch(r"[1-9ANY][1-59][0-9]{6}[0-9A-Z]{10}", code):
        raise Invalid.at("credit_code", "统一社会信用代码格式不正确：第3至8位应为数字，请对照登记证书核对")


def _inner_check(first8: str) -> str:
    """GB 11714's own check, in which letters count from A=10 to Z=35 without gaps."""
    total = sum(int(char, 36) * weight for char, weight in zip(first8, _INNER_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]
