"""Workbooks taken over row by row; what a row means is the business of the room that asks."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import IntegrityError, transaction

from bole.documents import sheets
from bole.documents.terms import Column, ImportReport, RowsTaken, Sheet, SheetRow, Taken
from bole.kernel.errors import BoleError, Fault, Invalid

REASON = "未导入原因"
_BUSY = "这一行刚刚由其他人登记，请重新导入"


def take_some(
    rows: Iterable[SheetRow], columns: Sequence[Column], take_one: Callable[[Mapping[str, str]], Taken]
) -> RowsTaken:
    """Each row in a savepoint of its own: one that cannot be taken leaves the others as they are."""
    done = dict.fromkeys(Taken, 0)
    failures: list[tuple[str, ...]] = []
    for row in rows:
        values = {column.name: row.values.get(column.name, "").strip() for column in columns}
        try:
            if row.problems:
                raise Invalid(*(Fault("row", problem) for problem in row.problems))
            with transaction.atomic():
                done[take_one(values)] += 1
        except BoleError as wrong:
            failures.append((*values.values(), wrong.sentence))
        except IntegrityError:
            failures.append((*values.values(), _BUSY))
    return RowsTaken(done[Taken.CREATED], done[Taken.UPDATED], done[Taken.UNCHANGED], tuple(failures))


def report(taken: RowsTaken, columns: Sequence[Column]) -> ImportReport:
    """The figures, with the rows not taken as a workbook that can be mended and imported again."""
    heads = [*columns, Column(REASON, 40)]
    told = sheets.write((Sheet("未导入", heads, taken.failures),)) if taken.failures else None
    return ImportReport(taken.created, taken.updated, taken.unchanged, len(taken.failures), told)
