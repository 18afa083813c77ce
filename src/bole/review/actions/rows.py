"""Many cases at once, each in its own transaction: what cannot be done is told in its row and stops no other."""

import logging
from collections.abc import Callable, Sequence

from bole.audit import actions as audit
from bole.cases.models import Case
from bole.kernel.actors import Actor
from bole.kernel.contention import giving_way
from bole.kernel.errors import Absent, BoleError, Invalid, Refused
from bole.review import queries
from bole.review.terms import MOST_AT_ONCE, AuditWord, RowResult

Chosen = str | tuple[str, int]  # a number, with the revision seen where the page knows it
_log = logging.getLogger("bole.review")


def demand_chosen(chosen: Sequence[Chosen], verb: str) -> None:
    """Raises Invalid at "cases" for none, or more than 200."""
    if not chosen:
        raise Invalid.at("cases", f"请先勾选要{verb}的申报。")
    if len(chosen) > MOST_AT_ONCE:
        raise Invalid.at("cases", f"一次最多{verb}{MOST_AT_ONCE}件，现在勾选了{len(chosen)}件。请分几次办理。")


def each_row(
    chosen: Sequence[Chosen], act: Callable[[Case, int], str], *, word: AuditWord, verb: str, by: Actor
) -> tuple[RowResult, ...]:
    """`act` on each case once, in a transaction of its own; it says what came of it. The cases are asked for once.

    Raises Invalid as `demand_chosen` does.
    """
    demand_chosen(chosen, verb)
    pairs = [(each, None) if isinstance(each, str) else each for each in chosen]
    known = queries.cases_by_number([number for number, _ in pairs], by)
    done: dict[str, RowResult] = {}
    rows = []
    for number, seen in pairs:
        if number in done:
            rows.append(RowResult(number, False, f"这一件勾选了两次，只{verb}一次，结果见另一行。"))
            continue
        done[number] = _one(number, known.get(number), seen, act, word, verb, by)
        rows.append(done[number])
    return tuple(rows)


def _one(
    number: str,
    case: Case | None,
    seen: int | None,
    act: Callable[[Case, int], str],
    word: AuditWord,
    verb: str,
    by: Actor,
) -> RowResult:
    name = ""
    try:
        if case is None:
            raise Absent
        name = case.person.name if case.person is not None else case.unit.name
        with giving_way():
            say = act(case, case.revision if seen is None else seen)
        return RowResult(number, True, say, name)
    except BoleError as error:
        if isinstance(error, Refused):
            audit.record_refusal(word, by=by, kind="case", id=number[:40])
        return RowResult(number, False, error.sentence, name)
    except Exception:
        _log.exception("%s of %s failed", word.value, number)
        return RowResult(number, False, f"系统出了问题，这一件没有{verb}。请单独打开再办理一次。", name)
