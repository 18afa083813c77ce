"""Desks of their real size: the matrix, a list, decisions one by one and in batches, an export; each against SQL."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import ZipFile

from bench import by_hand, desks, ground
from bench.measure import Result, race
from bole.accounts.models import Account
from bole.definitions.terms import Verdict
from bole.documents import queries as documents
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.organizations import queries as organizations
from bole.organizations.terms import Capacity
from bole.review import actions, queries
from bole.review.terms import MOST_AT_ONCE, RowResult
from bole.standards import queries as standards
from bole.web.pages import cases as caselist
from bole.web.pages import lists
from bole.web.pages.lists import Asked
from bole.web.pages.work.desks import BUSINESS, Place, _placed, rows_of, table_of
from bole.web.tasks import Writing

AIM = 2.0
MEDIAN = 50.0  # milliseconds that the matrix may take
ROUNDS, WARM = 21, 3
BATCH, BATCH_ROUNDS = min(1_000, desks.CASES // 1_000), 1
EXPORTED = 100_000
COUNTERS = ("waiting", "pressing", "returned", "today", "done")


def run() -> Iterator[Result]:
    """Every answer is compared with that of the SQL before the race."""
    desk = desks.fill()
    today = clock.today()
    yield from _matrix(desk.region, today)
    chosen = desks.at_county(desk.model, 2 * (ROUNDS + WARM) + 2 * BATCH * BATCH_ROUNDS)
    yield from _decisions(desk, chosen)
    yield from _list(desk.region, today)
    yield _export(desk.region)


def held(by: Actor) -> Capacity:
    """What the actor holds, as a page has it at hand."""
    if by.account is None:
        raise RuntimeError("nobody")
    return next(each for each in organizations.capacities(by.account) if each.unit == by.unit)


def _demand_same(name: str, ours: object, floor: object) -> None:
    if ours != floor:
        raise RuntimeError(f"{name}: the contestants answer differently: {ours!r} / {floor!r}"[:4000])


def _matrix(by: Actor, today: date) -> Iterator[Result]:
    """The numbers of this year; then the page with them, which has a limit of its own."""
    holding = held(by)

    def ours() -> Any:
        return queries.matrix(by, holding, today.year, today)

    def floor() -> Any:
        return by_hand.matrix(by.place, today.year, today)

    told = [
        (row.service, row.counts.waiting, row.counts.cleared, row.counts.returned, row.counts.today, row.counts.done)
        for row in ours().rows
        if row.counts.every or row.counts.returned
    ]
    _demand_same("matrix", sorted(told), sorted(floor()))
    total = ours().total
    note = (
        f"{total.waiting:,} wait, {total.done:,} done this year; "
        f"{ground.queries(ours)} queries against {ground.queries(floor)}"
    )
    yield race("matrix", lambda _: ours(), lambda _: floor(), aim=AIM, rounds=ROUNDS, note=note)
    yield _within("matrix_page", _page(by, "work/matrix/"))


def _page(by: Actor, path: str) -> Callable[[], bytes]:
    account = Account.objects.get(pk=by.who)
    return ground.getter(ground.whole(), f"/{by.site}/{path}", ground.session_of(account, Way.UNIT, unit=by.unit))


def _within(name: str, page: Callable[[], bytes]) -> Result:
    """A page against a limit in milliseconds, session and middleware included."""
    note = f"{len(page()) / 1024:.0f} KB, {ground.queries(page)} queries; the limit stands in the place of the floor"
    took = race(name, lambda _: page(), lambda _: None, aim=1, rounds=ROUNDS)
    return Result(name, took.ours, MEDIAN, 1, note)


def _decisions(desk: desks.Desks, chosen: Iterator[tuple[str, int]]) -> Iterator[Result]:
    by, after = desk.county, desk.region.place
    due = standards.working_days_after(clock.today(), 10)
    pairs = list(islice(chosen, 2 * (ROUNDS + WARM)))

    def ours(rows: list[tuple[str, int]]) -> tuple[RowResult, ...]:
        done = actions.decide_many(cases=rows, verdict=Verdict.APPROVE, opinion="", by=by)
        if not all(row.ok for row in done):
            raise RuntimeError(next(row.say for row in done if not row.ok))
        return done

    def one(place: int) -> None:
        number, seen = pairs[2 * place]
        case = queries.case_visible(number, by)
        actions.decide(case=case, step=case.step, seen=seen, verdict=Verdict.APPROVE, opinion="", by=by)

    def one_by_hand(place: int) -> None:
        by_hand.approve(*pairs[2 * place + 1], after, due, by)

    last = ROUNDS + WARM - 1
    note = f"{ground.queries(lambda: one(last))} statements against {ground.queries(lambda: one_by_hand(last))}"
    yield race("one_decision", one, one_by_hand, aim=AIM, rounds=ROUNDS - 1, warm=WARM, note=note)

    batches = [list(islice(chosen, BATCH)) for _ in range(2 * BATCH_ROUNDS)]

    def many(place: int) -> None:
        rows = batches[2 * place]
        for start in range(0, len(rows), MOST_AT_ONCE):
            ours(rows[start : start + MOST_AT_ONCE])

    def many_by_hand(place: int) -> None:
        for _ in by_hand.approve_many(batches[2 * place + 1], after, due, by):
            pass

    note = f"{BATCH:,} decisions, each in its own transaction"
    yield race("batch", many, many_by_hand, aim=AIM, rounds=BATCH_ROUNDS, warm=0, note=note)


def _place(by: Actor, tab: str) -> Place:
    """A work list as its page asks for it."""
    return _placed(BUSINESS, by, held(by), Asked(tab, "", {}))


def _list(by: Actor, today: date) -> Iterator[Result]:
    """Counters and the first 50 rows of what waits; then the page."""
    place = _place(by, "waiting")

    def ours() -> Any:
        counts = queries.inbox_counts(by, today, place.held, BUSINESS.roles, counters=COUNTERS)
        page = lists.key_page(rows_of(place), place.asked, place.sort, by, total=counts["waiting"])
        rows = [caselist.case_row(task.case) for task in page.rows]
        return tuple(counts[name] for name in COUNTERS), [(row.number, row.name, row.masked) for row in rows]

    def floor() -> Any:
        return by_hand.waiting(by.place, today)

    _demand_same("list", ours(), floor())
    note = f"50 rows and counters; {ground.queries(ours)} queries against {ground.queries(floor)}"
    yield race("list", lambda _: ours(), lambda _: floor(), aim=AIM, rounds=ROUNDS, note=note)
    yield _within("list_page", _page(by, "work/"))


def _export(by: Actor) -> Result:
    """A long list as the worker writes it, without its pauses."""
    place = _place(by, "done")
    table = table_of(place)
    columns = list(caselist.columns_of(place.shown))
    names = {each.service: each.name for each in place.services}
    many = min(EXPORTED, table.rows.count())

    def ours(_: int) -> bytes:
        row = actions.ask_export(list="work", name="总办结", asked={"tab": "done"}, total=many, by=by)
        writing = Writing(actions.take_export() or row)
        writing.go_on(float("inf"))
        row.refresh_from_db()
        if row.file is None or row.done != many:
            raise RuntimeError(f"the export stopped at {row.done}")
        return documents.content(row.file)

    def floor(_: int) -> bytes:
        return by_hand.export(by.place, many, columns, names, table.header)

    _demand_same("export", *(_sheet(each) for each in (ours(0), floor(0))))
    return race("export", ours, floor, aim=AIM, rounds=1, warm=0, note=f"{many:,} rows")


def _sheet(book: bytes) -> str:
    """The one sheet of a workbook as it is written."""
    return ZipFile(BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
