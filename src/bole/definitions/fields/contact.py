"""Mobile numbers and e-mail addresses."""

import re
from typing import Any

from bole.definitions.fields.base import Around, FieldType, Wrong, excerpt, halfwidth, single
from bole.definitions.terms import Field, Shape
from bole.kernel import privacy


class Phone(FieldType):
    """A mobile number of mainland China."""

    code = "phone"
    shape = Shape.TEXT
    keyboard = "tel"

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        digits = re.sub(r"[\s\-()]", "", halfwidth(single(typed, field)))
        digits = re.sub(r"^(\+|00)86", "", digits)
        if not re.fullmatch(r"1[3-9][0-9]{9}", digits, re.ASCII):
            raise Wrong(f"{field.name}应为 11 位手机号码")
        return digits

    def mask(self, shown: str) -> str:
        return privacy.mask_phone(shown)

    def sample(self, field: Field) -> str:
        return "13800000000"

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return ("138001380", "23800000000", "12800000000", "138000000000", "一三八", "+1 3800000000", 13800000000)


class Email(FieldType):
    """An e-mail address."""

    code = "email"
    shape = Shape.TEXT
    settings = frozenset({"max"})
    keyboard = "email"

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        text = halfwidth(single(typed, field))
        most = field.max or 100
        if len(text) > most:
            raise Wrong(f"{field.name}最多{most}个字符，现在是{len(text)}个")
        name, _, host = text.rpartition("@")
        labels = host.split(".")
        plain = re.fullmatch(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", name)
        if not plain or len(labels) < 2 or not all(re.fullmatch(r"(?!-)[\w-]{1,63}(?<!-)", label) for label in labels):
            raise Wrong(f"{field.name}应写成 name@example.cn 的样子，现在是「{excerpt(text)}」")
        return f"{name}@{host.lower()}"

    def mask(self, shown: str) -> str:
        name, _, host = shown.rpartition("@")
        return f"{name[:2]}****@{host}"

    def sample(self, field: Field) -> str:
        return "linzhiyuan@example.org"

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return (
            "linzhiyuan",
            "a@b",
            "@example.org",
            "a b@example.org",
            "a..b@example.org",
            "a@-x.org",
            "a@" + "x" * 99,
            5,
        )
