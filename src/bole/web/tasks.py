"""Work of the background worker: writing the lists and papers that pages were asked for, a slice at a time."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from bole.documents import actions as documents
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import BoleError, Refused
from bole.organizations import queries as organizations
from bole.organizations.terms import Capacity
from bole.review import actions as review
from bole.review.models import Export
from bole.web.pages.account_review.area import ACCOUNTS
from bole.web.pages.exports import Table
from bole.web.pages.work import printing, results, search
from bole.web.pages.work.desks import BUSINESS, WorkArea, table_again
from bole.web.pages.work.printing import Papers

Open = Callable[[Actor, Capacity, Mapping[str, Any]], Table | Papers]
SLICE = 500  # rows at most between two looks at the clock
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


class Writing:
    """An export on its way, in the memory of the process that writes it; if that ends, another begins anew."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.by = Actor(
            way=Way(export.way), account=export.account, unit=export.unit_id, site=export.site,
            name=str(export.asked.get("who", "")),
        )  # fmt: skip
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


_at_work: list[Writing] = []  # of this process: one at a time


def write_exports() -> None:
    """Write on at the export at hand, or take the next: about a second's work. Two workers never write the same."""
    export = _at_work[0].export if _at_work else review.take_export()
    if export is None:
        return
    try:
        if not _at_work:
            _at_work.append(Writing(export))
        if not _at_work[0].go_on(time.monotonic() + WHILE):
            _put_down()
    except BoleError as error:
        _put_down()
        review.fail_export(export=export, say=error.sentence)
    except Exception:
        _put_down()
        review.fail_export(export=export, say="系统出了问题，导出没有完成。请稍后再导出一次。")
        raise


def _put_down() -> None:
    """Done with what was at hand; what was written and not kept is thrown away."""
    while _at_work:
        _at_work.pop().made.abandon()
