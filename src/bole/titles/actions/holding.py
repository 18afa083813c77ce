"""Holding a site's catalogue while it is changed: one editor at a time, and nobody writes over what he has not seen."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bole.audit import actions as audit
from bole.kernel import clock, ids
from bole.kernel.actors import Actor
from bole.kernel.errors import Fault, Moved
from bole.standards import queries as standards
from bole.titles import rules
from bole.titles.models import Catalogue, Governed
from bole.titles.terms import AuditWord, Span


def held(site: str, by: Actor) -> Catalogue:
    """The site's catalogue, locked until the transaction ends. Raises Refused for others than its keepers."""
    rules.may_keep(by, site).demand()
    Catalogue.objects.get_or_create(site=site)
    return Catalogue.objects.select_for_update().get(site=site)


def new_edition(catalogue: Catalogue) -> None:
    """Say that readers must read again."""
    catalogue.edition = ids.new_id()
    catalogue.save(update_fields=["edition"])


def demand_seen(row: Governed, seen: int) -> None:
    """Raise Moved when somebody changed the line since it was looked at."""
    if row.revision != seen:
        at = clock.china(row.changed_at)
        raise Moved(
            f"「{row.name}」刚由{row.changed_name or '系统'}在{at.month}月{at.day}日 {at:%H:%M} 改过。"
            "您填写的内容还在页面上，请核对最新内容后再保存。"
        )


def stamp(row: Governed, by: Actor) -> None:
    """The marks of a change: revision, when and by whom, and the spelling that searches look through."""
    row.pinyin, row.initials = standards.pinyin(row.name, surname=False)
    row.changed_at, row.changed_name = clock.now(), by.name


def note(word: AuditWord, row: Governed, by: Actor, detail: Mapping[str, Any]) -> None:
    """One line of the ledger for one line of the catalogue."""
    told = {"site": row.site, "code": row.code, **detail}
    audit.record(word, by=by, kind="title-catalogue", id=str(row.pk), unit=by.unit, detail=told)


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    """What changed, as {name: [old, new]}."""
    return {name: [before.get(name, ""), after[name]] for name in after if before.get(name, "") != after[name]}


def day(value: date | None) -> str:
    """A day as the ledger keeps it."""
    return value.isoformat() if value else ""


def span_faults(span: Span) -> list[Fault]:
    """What is wrong with the days of a line."""
    if span.since is not None and span.until is not None and span.until < span.since:
        return [Fault("until", "停用日期不能早于启用日期")]
    return []
