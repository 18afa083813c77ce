"""When cases of a service can be handed in (申报时间)."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic import Field as Key

from bole.definitions.terms.words import Frozen

_ANNUAL = re.compile(r"(\d\d)-(\d\d)")


def _day(value: Any) -> Any:
    """A day of every year, written 03-01, is the day of the year 1; other texts are left for the date to refuse."""
    found = _ANNUAL.fullmatch(value) if isinstance(value, str) else None
    return f"0001-{found[1]}-{found[2]}" if found else value


class Window(Frozen):
    """The declaration window, and how many cases one unit may hand in within it (ALL-05).

    Both days belong to it; a service with neither takes declarations all year. Written as month and day (03-01) the
    window comes every year, and `per_unit` counts within the year's. Outside it drafts go on being filled and nothing
    is handed in, except, with `again`, what a desk returned.
    """

    opens: Annotated[date | None, BeforeValidator(_day)] = Key(default=None, alias="from")
    closes: Annotated[date | None, BeforeValidator(_day)] = Key(default=None, alias="to")
    per_unit: Annotated[int, Key(ge=1)] | None = None
    again: bool = True

    @property
    def annual(self) -> bool:
        """Whether it comes every year."""
        return any(each is not None and each.year == 1 for each in (self.opens, self.closes))

    def span(self, day: date) -> tuple[date | None, date | None]:
        """First and last day of the window that counts on a day: the year's, where it comes every year."""
        if not self.annual or self.opens is None or self.closes is None:
            return self.opens, self.closes
        return self.opens.replace(year=day.year), self.closes.replace(year=day.year)

    def open_on(self, day: date) -> bool:
        """Whether the day lies within."""
        opens, closes = self.span(day)
        return (opens is None or day >= opens) and (closes is None or day <= closes)

    def reopens(self, day: date) -> date | None:
        """The first day on which it is open after a day on which it is not; None where it is over for good."""
        opens, _ = self.span(day)
        if opens is None or day < opens:
            return opens
        return opens.replace(year=day.year + 1) if self.annual else None

    def against(self, day: date) -> str:
        """Why nothing is taken on this day, with the dates; empty while it is open."""
        if self.open_on(day):
            return ""
        opens, closes = self.span(day)
        dates = "至".join(_told(each) for each in (opens, closes) if each is not None)
        return f"申报时间是{dates}，{'还没有开始' if opens is not None and day < opens else '已经截止'}"


def _told(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
