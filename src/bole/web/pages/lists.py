"""Lists of the staff pages: what was asked for, sorting, pages by key.

Names and identity numbers are searched by POST and travel in the address only sealed and bound to the account, so
that neither logs nor browser histories can be read for them (AC-27). A sealed word that does not open is no filter.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.http import urlencode

from bole.kernel import sealing
from bole.kernel.actors import Actor
from bole.review.terms import MOST_COUNTED

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 50
COUNTED = MOST_COUNTED
EXPORT_MOST = 5000
LONGEST_FILTER = 120  # signs; a committee's name is that long
PLAIN = ("service", "year")  # filters that say nothing of anybody: they stand readable in the address


class _Exact(DjangoJSONEncoder):
    """Instants to the microsecond: a place is compared with rows, and a rounded one would show its row again."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def close(value: Any, by: Actor, purpose: str) -> str:
    """A JSON value as a word for the address that only this account's session can open again."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), cls=_Exact).encode()
    return base64.urlsafe_b64encode(sealing.seal(body, f"list/{purpose}/{by.account}")).decode().rstrip("=")


def disclose(word: str, by: Actor, purpose: str) -> Any:
    """What `close` put into the word; None when it was changed, cut, or made for somebody else."""
    try:
        sealed = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        return json.loads(sealing.unseal(sealed, f"list/{purpose}/{by.account}"))
    except (sealing.Unsealable, binascii.Error, ValueError):
        return None


@dataclass(frozen=True)
class Sort:
    """One order of a list. `keys` are annotations or fields, "-" before those that fall; the row key closes them."""

    code: str
    name: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What a request asks of a list: tab, filters, order, place."""

    tab: str
    sort: str
    filters: Mapping[str, str] = field(default_factory=dict)
    cursor: Mapping[str, Any] | None = None

    def address(self, by: Actor, *, without: str = "", **changes: str) -> str:
        """The query string of the same list with something changed; never keeps the place."""
        kept = {name: text for name, text in self.filters.items() if name != without}
        plain = {name: kept.pop(name) for name in PLAIN if name in kept}
        terms = {"tab": self.tab, "sort": self.sort, **plain, **changes}
        if kept:
            terms["f"] = close(kept, by, "filter")
        return "?" + urlencode({name: text for name, text in terms.items() if text})


def read_asked(
    request: HttpRequest, by: Actor, *, tabs: Sequence[str], sorts: Sequence[Sort], names: Sequence[str]
) -> Asked:
    """What the address asks; anything unknown is as if it were not there."""
    tab, sort = request.GET.get("tab", ""), request.GET.get("sort", "")
    known = disclose(request.GET.get("f", ""), by, "filter")
    filters = (
        {name: known[name] for name in names if isinstance(known.get(name), str)} if isinstance(known, dict) else {}
    )
    filters |= {name: request.GET[name][:LONGEST_FILTER] for name in PLAIN if name in names and request.GET.get(name)}
    cursor = disclose(request.GET.get("at", ""), by, "place")
    return Asked(
        tab=tab if tab in tabs else tabs[0],
        sort=sort if any(sort == one.code for one in sorts) else sorts[0].code,
        filters=filters,
        cursor=cursor if isinstance(cursor, dict) else None,
    )


def posted_filters(request: HttpRequest, names: Sequence[str]) -> dict[str, str]:
    """The filters of a posted form; blank ones are none."""
    typed = {name: request.POST.get(name, "").strip()[:LONGEST_FILTER] for name in names}
    return {name: text for name, text in typed.items() if text}


@dataclass(frozen=True)
class KeyPage(Generic[Row]):
    """One page of a list with the addresses before and after it; `total` goes no further than one past COUNTED."""

    rows: list[Row]
    total: int
    before: str
    after: str
    size: int = PAGE_SIZE

    @property
    def told(self) -> str:
        """The total in words: 3, 1,234, 5,000+."""
        return told(self.total, grouped=True)


def told(count: int, *, grouped: bool = False) -> str:
    """A counter as pages say it."""
    most = min(count, COUNTED)
    return (f"{most:,}" if grouped else str(most)) + ("+" if count > COUNTED else "")


def key_page(
    rows: QuerySet[Row], asked: Asked, sort: Sort, by: Actor, *, size: int = PAGE_SIZE, total: int | None = None
) -> KeyPage[Row]:
    """A page by key: two queries whatever the length and the depth, and no row twice while others come and go.

    With a `total` that the caller has counted already it is one.
    """
    if total is None:
        total = rows.order_by()[: COUNTED + 1].count()
    keyed = rows.annotate(**{f"key{place}": F(key.lstrip("-")) for place, key in enumerate(sort.keys)})
    falls = [key.startswith("-") for key in sort.keys]
    back, values = _place(asked, len(falls))
    if values is not None:
        keyed = keyed.filter(_beyond(falls, values, back))
    found = list(keyed.order_by(*_order(falls, back))[: size + 1])
    more = len(found) > size
    found = found[:size]
    if back:
        found.reverse()
    earlier = more if back else values is not None
    later = True if back else more

    def place(row: Row, *, backwards: bool) -> str:
        at = {"sort": sort.code, "back": backwards, "keys": [getattr(row, f"key{n}") for n in range(len(falls))]}
        return f"{asked.address(by)}&{urlencode({'at': close(at, by, 'place')})}"

    return KeyPage(
        rows=found,
        total=total,
        before=place(found[0], backwards=True) if found and earlier else "",
        after=place(found[-1], backwards=False) if found and later else "",
        size=size,
    )


def _place(asked: Asked, keys: int) -> tuple[bool, list[Any] | None]:
    """Direction and key values of the place asked for; a place in another order is none."""
    cursor = asked.cursor
    values = cursor.get("keys") if cursor else None
    if cursor is None or cursor.get("sort") != asked.sort or not isinstance(values, list) or len(values) != keys:
        return False, None
    return bool(cursor.get("back")), values


def _order(falls: Sequence[bool], back: bool) -> list[str]:
    return [f"{'-' if fall != back else ''}key{place}" for place, fall in enumerate(falls)]


def _beyond(falls: Sequence[bool], values: Sequence[Any], back: bool) -> Q:
    """Rows after (or before) the key values: (a, b, c) compared as a whole, each key in its own direction.

    The first key is compared once more by itself: that is where an index is entered.
    """
    beyond, equal = Q(), Q()
    for place, (fall, value) in enumerate(zip(falls, values, strict=True)):
        way = "lt" if fall != back else "gt"
        beyond |= equal & Q(**{f"key{place}__{way}": value})
        equal &= Q(**{f"key{place}": value})
    return Q(**{f"key0__{'lte' if falls[0] != back else 'gte'}": values[0]}) & beyond
