"""Entering a whole tree at once into a catalogue that has nothing yet."""

from collections.abc import Iterable

from django.db import transaction

from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused
from bole.standards import queries as standards
from bole.titles.actions.holding import held, new_edition
from bole.titles.models import TitleEntry
from bole.titles.terms import AuditWord, Kind, Line


@transaction.atomic
def enter_lines(*, site: str, lines: Iterable[Line], by: Actor) -> int:
    """Enter the lines of a tree, parents before children; returns how many. One line of the ledger for all of them.

    Raises Refused where the site's catalogue has lines already.
    """
    catalogue = held(site, by)
    if TitleEntry.objects.filter(site=site).exists():
        raise Refused("资格目录已有内容，不能再整体装入，请用导入补充。")
    made: dict[tuple[str, ...], TitleEntry] = {}
    at = clock.now()
    for line in lines:
        pinyin, initials = standards.pinyin(line.name, surname=False)
        made[line.path] = TitleEntry(
            site=site, kind=line.kind.value, parent=made[line.path[:-1]] if line.path[:-1] else None,
            code=line.path[-1], name=line.name, level=line.level, since=line.span.since, until=line.span.until,
            pinyin=pinyin, initials=initials, changed_at=at, changed_name=by.name,
        )  # fmt: skip
    for kind in Kind:  # parents first: they are what the rows below refer to
        TitleEntry.objects.bulk_create([row for row in made.values() if row.kind == kind.value])
    new_edition(catalogue)
    audit.record(AuditWord.IMPORTED, by=by, kind="title-catalogue", id=site, detail={"entered": len(made)})
    return len(made)
