"""Work of the background worker: writing the lists and papers that pages were asked for, taking the workbooks that they
were given, a slice at a time."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from bole.documents import actions as documents
from bole.documents import queries as reading
from bole.documents.terms import RowImport
from bole.kernel.actors import Actor, Way
from bole.kernel.contention import giving_way
from bole.kernel.errors import BoleError, Busy, Refused
from bole.organizations import queries as organizations
from bole.organizations.terms import Capacity
from bole.review import actions as review
from bole.review.models import Export
from bole.web.pages.account_review.area import ACCOUNTS
from bole.web.pages.exports import Table
from bole.web.pages.staff import importing
from bole.web.pages.work import printing, results, search
from bole.web.pages.work.desks import BUSINESS, WorkArea, table_again
from bole.web.pages.work.printing import Papers

Open = Callable[[Actor, Capacity, Mapping[str, Any]], Table | Papers]
SLICE = 500  # rows at most between two looks at the clock
ROWS = 20  # of an import in one transaction, which others wait for
WHILE = 1.0  # seconds of writing before the worker's other jobs have their turn


def _work(area: WorkArea) -> Open:
    return lambda by, held, asked: table_again(area, by, held, asked)


# Everything that is written in the background, by the name that it is asked for under.
LISTS: dict[str, Open] = {
    BUSINESS.ledger: _work(BUSINESS),
    ACCOUNTS.ledger: _work(ACCOUNTS),
    search.LIST: search.table_again,
    results.KEY: results.table_again,
    printing.LIST: printing.papers_again,
}
# Everything that is taken in the background.
IMPORTS: dict[str, Callable[[Actor], RowImport]] = {
    kind.list: kind.open for kind in (importing.UNITS, importing.OPERATORS)
}


def actor_of(export: Export) -> Actor:
    """Who asked, as the worker acts for them: what they may is asked anew at each slice."""
    return Actor(
        way=Way(export.way), account=export.account, unit=export.unit_id, site=export.site,
        name=str(export.asked.get("who", "")),
    )  # fmt: skip


class Writing:
    """An export on its way, in the memory of the process that writes it; if that ends, another begins anew."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.by = actor_of(export)
        self.table = LISTS[export.list](self.by, self.held(), export.asked)
        self.keys = self.table.keys()
        self.done = 0
        self.made = documents.Making()
        self.stream: Any = self.table.stream(export.name, self.made)

    def held(self) -> Capacity:
        """What the account still holds. Raises Refused for who lost it: nothing further is written."""
        known = organizations.capacities(self.export.account)
        held = next((each for each in known if each.unit == self.export.unit_id and each.way == self.export.way), None)
        if held is None:
            raise Refused("您在这个单位已没有权限，导出没有完成。")
        return held

    def go_on(self, until: float) -> bool:
        """Write until the clock says so; whether there is more to do."""
        LISTS[self.export.list](self.by, self.held(), self.export.asked)  # still allowed to
        while self.done < len(self.keys):
            some: list[UUID] = self.keys[self.done : self.done + min(SLICE, self.table.slice)]
            self.stream.add(self.table.read(some))
            self.done += len(some)
            if time.monotonic() >= until:
                break
        if self.done < len(self.keys):
            return review.note_progress(export=self.export, done=self.done)
        self.stream.add(self.table.closing())
        self.stream.finish()
        review.finish_export(
            export=self.export, made=self.made, done=self.done, by=self.by, media_type=self.stream.media_type
        )
        return False

    def put_down(self) -> None:
        """Done with it; what was written and not kept is thrown away."""
        self.made.abandon()


class Taking:
    """An import on its way, in the memory of the process that takes it; if that ends, another goes on after the rows
    that are done."""

    def __init__(self, export: Export) -> None:
        self.export, self.by = export, actor_of(export)
        self.work = IMPORTS[export.list](self.by)
        if export.source is None:
            raise Refused("上传的表格已经不在，请重新导入。")
        self.rows = reading.rows_for(self.work, reading.content(export.source))
        self.done = export.done

    def go_on(self, until: float) -> bool:
        """Take rows until the clock says so; whether there is more to do. Raises Refused for who may not any more."""
        while self.done < len(self.rows):
            some = self.rows[self.done : self.done + ROWS]
            try:
                with giving_way():
                    taken = review.take_slice(
                        export=self.export, start=self.done, rows=len(some), take=partial(self.work.take, some)
                    )
            except Busy:
                return True  # the slice is undone whole: the next turn takes it again
            if not taken:
                return False
            self.done += len(some)
            if time.monotonic() >= until:
                break
        if self.done < len(self.rows):
            return True
        review.finish_import(export=self.export, report=partial(documents.report_taken, self.work), by=self.by)
        return False

    def put_down(self) -> None:
        """Nothing is left behind: each slice is whole."""


_writing: list[Writing | Taking] = []  # of this process: one at a time
_taking: list[Writing | Taking] = []  # beside it, so that a long import lets nobody's export wait


def write_exports() -> None:
    """Write on at the export at hand, or take the next: about a second's work. Two workers never write the same."""
    _go_on(_writing, Writing, "系统出了问题，导出没有完成。请稍后再导出一次。")


def take_imports() -> None:
    """The same for imports: no row is taken twice, whoever takes it."""
    _go_on(_taking, Taking, "系统出了问题，导入没有完成。")


def _go_on(at_work: list[Writing | Taking], begin: type[Writing] | type[Taking], trouble: str) -> None:
    export = at_work[0].export if at_work else review.take_export(imports=begin is Taking)
    if export is None:
        return
    try:
        if not at_work:
            at_work.append(begin(export))
        if not at_work[0].go_on(time.monotonic() + WHILE):
            _put_down(at_work)
    except BoleError as error:
        _put_down(at_work)
        review.fail_export(export=export, say=error.sentence, barred=isinstance(error, Refused))
    except Exception:
        _put_down(at_work)
        review.fail_export(export=export, say=trouble)
        raise


def _put_down(at_work: list[Writing | Taking]) -> None:
    while at_work:
        at_work.pop().put_down()


def put_all_down() -> None:
    """What this process has at hand is left to others, as if it had ended."""
    _put_down(_writing)
    _put_down(_taking)
