"""Filters that somebody keeps for a list, each under a name."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid
from bole.review.models import SavedFilter
from bole.review.terms import AuditWord

MOST_FILTERS = 20  # of one account for one list
LONGEST_NAME = 20


@transaction.atomic
def keep_filter(*, list: str, name: str, asked: Mapping[str, str], by: Actor) -> SavedFilter:
    """Keep what a list was asked under a name; the same name again replaces it. Raises Invalid at "name"."""
    name = name.strip()
    if not name:
        raise Invalid.at("name", "请给这个筛选起一个名称。")
    if len(name) > LONGEST_NAME:
        raise Invalid.at("name", f"筛选名称最多{LONGEST_NAME}个字，现在是{len(name)}个。")
    mine = SavedFilter.objects.filter(account=by.who, list=list)
    if mine.exclude(name=name).count() >= MOST_FILTERS:
        raise Invalid.at("name", f"一个清单最多保存{MOST_FILTERS}个筛选，请先删除不用的。")
    row: SavedFilter
    row, _ = SavedFilter.objects.update_or_create(
        account=by.who, list=list, name=name, defaults={"asked": dict(asked)}, create_defaults={
            "asked": dict(asked), "position": mine.count()},
    )  # fmt: skip
    audit.record(AuditWord.FILTER_KEPT, by=by, kind="filter", id=str(row.pk))
    return row


@transaction.atomic
def remove_filter(*, filter: UUID, by: Actor) -> None:
    """Remove one of the actor's own; nobody else's. Twice is once."""
    if SavedFilter.objects.filter(pk=filter, account=by.who).delete()[0]:
        audit.record(AuditWord.FILTER_REMOVED, by=by, kind="filter", id=str(filter))
