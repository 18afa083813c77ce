"""Years, months and days, kept as ISO text: 2018, 2018-09, 2018-09-01."""

import re
from datetime import date
from typing import Any, ClassVar

from bole.definitions.fields.base import Around, FieldType, Wrong, excerpt, halfwidth, single
from bole.definitions.terms import Field, Shape

EARLIEST = 1900
_LATEST_AFTER = 60
_SIGNS = re.compile(r"[年月./\-－—–]")


class _Moment(FieldType):
    """What year, month and day share."""

    shape = Shape.DATE
    settings = frozenset({"past"})
    word: ClassVar[str]
    keyboard = "numeric"
    length: ClassVar[int]
    pattern: ClassVar[re.Pattern[str]]

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        text = halfwidth(single(typed, field))
        found = self.pattern.fullmatch(_SIGNS.sub("-", text.rstrip("日")).strip("-"))
        if found is None:
            raise Wrong(f"{field.name}应写成{self.word}，例如 {self.sample(field)}，现在是「{excerpt(text)}」")
        year, month, day = (int(part) if part else 1 for part in (*found.groups(), None, None)[:3])
        try:
            first = date(year, month, day)
        except ValueError:
            raise Wrong(f"{field.name}有误，{excerpt(text)} 不是正确的{self.word}") from None
        if not EARLIEST <= year <= around.today.year + _LATEST_AFTER:
            raise Wrong(f"{field.name}的年份应在{EARLIEST}年至{around.today.year + _LATEST_AFTER}年之间，请核对")
        if field.past and first > around.today:
            raise Wrong(f"{field.name}晚于今天，请核对")
        return first.isoformat()[: self.length]

    def compact(self, value: Any, field: Field) -> str:
        return str(value).replace("-", "")


class Month(_Moment):
    """A year and month (年月)."""

    code = "month"
    word = "年月"
    example = "年-月，例如 2010-07"
    length = 7
    pattern = re.compile(r"([0-9]{4})-?([0-9]{2})", re.ASCII)

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        text = single(typed, field)
        loose = re.fullmatch(r"\D*([0-9]{4})\D+([0-9])\D*", halfwidth(text), re.ASCII)
        return super().clean(f"{loose[1]}-0{loose[2]}" if loose else text, field, around)

    def sample(self, field: Field) -> str:
        return "2018-09"

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return (
            "2018-13",
            "2018-00",
            "18-09",
            "去年",
            "2018",
            "0001-01",
            "99999-01",
            201809,
            ["2018-09"],
            "2018-09-01x",
        )


class Day(_Moment):
    """A date (年月日)."""

    code = "date"
    word = "日期"
    example = "年-月-日，例如 2010-07-01"
    length = 10
    pattern = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})", re.ASCII)

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        text = single(typed, field)
        loose = re.fullmatch(r"([0-9]{4})\D+([0-9]{1,2})\D+([0-9]{1,2})日?", halfwidth(text), re.ASCII)
        return super().clean(
            "-".join((loose[1], loose[2].zfill(2), loose[3].zfill(2))) if loose else text, field, around
        )

    def sample(self, field: Field) -> str:
        return "2018-09-01"

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return ("2018-02-29", "2018-09-31", "2018-13-01", "2018-09", "昨天", "1018-09-01", 20180901, {"y": 2018})


class Year(_Moment):
    """A year (年度)."""

    code = "year"
    word = "年份"
    example = "四位年份，例如 2010"
    length = 4
    pattern = re.compile(r"([0-9]{4})", re.ASCII)

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        return super().clean(single(typed, field).removesuffix("度"), field, around)

    def sample(self, field: Field) -> str:
        return "2018"

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return ("18", "20180", "一八", "1066", "9999", 2018)


class Period(FieldType):
    """From one month to another, or open at the end. The value is {"from": …, "to": … or null}."""

    code = "period"
    shape = Shape.PERIOD
    keyboard = "numeric"
    example = "年-月，例如 2010-07"
    settings = frozenset({"past"})

    def clean(self, typed: Any, field: Field, around: Around) -> dict[str, str | None]:
        if not isinstance(typed, dict) or not set(typed) <= {"from", "to"}:
            raise Wrong(f"{field.name}应有起始年月，请重新填写")
        month = Month()
        ends = {key: typed.get(key) for key in ("from", "to")}
        if not ends["from"]:
            raise Wrong(f"请填写{field.name}的起始年月")
        start = month.clean(ends["from"], field, around)
        end = month.clean(ends["to"], field.model_copy(update={"past": False}), around) if ends["to"] else None
        if end is not None and end < start:
            raise Wrong(f"{field.name}的结束年月不能早于起始年月")
        return {"from": start, "to": end}

    def text(self, value: Any, field: Field) -> str:
        return f"{value['from']} 至 {value['to'] or '今'}"

    def compact(self, value: Any, field: Field) -> str:
        return "-".join((part or "至今").replace("-", "") for part in (value["from"], value["to"]))

    def compare(self, value: Any, field: Field) -> Any:
        return value["from"]

    def raw(self, typed: Any, field: Field) -> str:
        return str(typed.get("from") or "") if isinstance(typed, dict) else ""

    def sample(self, field: Field) -> dict[str, str | None]:
        return {"from": "2018-09", "to": None}

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return (
            {"from": "2018-13", "to": None}, {"from": "2018-09", "to": "2018-08"}, {"to": "2018-09"}, "2018-09",
            {"from": ["2018-09"]}, {"from": "2018-09", "until": "2019-01"},
        )  # fmt: skip
