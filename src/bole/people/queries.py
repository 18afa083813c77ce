"""Questions to the people room."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from bole.audit import queries as ledger
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent
from bole.kernel.privacy import mask_number
from bole.kernel.sealing import blind_index
from bole.organizations import queries as organizations
from bole.organizations.models import END, Unit
from bole.people.models import ArchiveRecord, Invitation, Person, Tie
from bole.people.rules import (
    collects_for_unit,
    may_correct,
    may_end_tie,
    may_import_persons,
    may_invite,
    may_open_for,
    may_see_person,
    may_tie,
    persons_visible_to,
    tie_guidance,
)
from bole.people.terms import Entry, Look, PersonState, TiedPerson, WaitingInvitation
from bole.standards import queries as standards
from bole.standards.terms import search_key

__all__ = [  # the permission answers are part of the room's face: pages ask them before they show a button
    "archive",
    "archive_counts",
    "archive_kinds",
    "belongs_to",
    "collects_for_unit",
    "counts_below",
    "current_tie",
    "current_unit",
    "history",
    "identity_index",
    "invitation_index",
    "invitations_for",
    "invitations_of",
    "looks",
    "masked_number",
    "may_correct",
    "may_end_tie",
    "may_import_persons",
    "may_invite",
    "may_open_for",
    "may_see_person",
    "may_tie",
    "moves",
    "people_of",
    "person",
    "person_by_identity",
    "person_of",
    "person_visible_to",
    "persons_below",
    "persons_visible_to",
    "tie_guidance",
    "tied_persons",
]

_LOOK_WORDS = {
    "viewed": "查看",
    "unmasked": "查看完整信息",
    "downloaded": "下载",
    "printed": "打印",
    "exported": "导出",
}


_NUMBER = Person._meta.get_field("identity_number")


def masked_number(person: UUID, sealed: Any) -> str:
    """The masked identity number out of what `values_list` gave of it: for workbooks, whose rows become no objects."""
    return mask_number(_NUMBER.opened_of(person, sealed))


def identity_index(number: str) -> str:
    """The look-up key of a normalised identity number."""
    return blind_index(number, "identity")


def person(id: UUID) -> Person:
    """A person by key. Raises Absent."""
    try:
        return Person.objects.get(pk=id)
    except Person.DoesNotExist:
        raise Absent from None


def person_of(account: UUID) -> Person | None:
    """The person behind an account; None for accounts that are nobody's own."""
    return Person.objects.filter(account_id=account).first()


def person_by_identity(kind: str, number: str) -> Person | None:
    """The person with this document, however the number was typed. Raises Invalid for an impossible number."""
    found = standards.identity(kind, number)
    return Person.objects.filter(identity_kind=found.kind.value, identity_index=identity_index(found.number)).first()


def person_visible_to(actor: Actor, id: UUID) -> Person:
    """The person, if the actor may see them; Absent alike for foreign and unknown ones."""
    found = persons_visible_to(actor).filter(pk=id).first()
    if found is None:
        raise Absent
    return found


def current_tie(person: UUID) -> Tie | None:
    """The person's open tie with its unit."""
    return Tie.objects.select_related("unit").filter(person_id=person, until_on=None).first()


def belongs_to(person: UUID, unit: UUID) -> bool:
    """Whether the person is tied to the unit now; what lets the unit act for them ends with it (AC-29)."""
    return Tie.objects.filter(person_id=person, unit_id=unit, until_on=None).exists()


def current_unit(person: UUID) -> Unit | None:
    """The unit that the person belongs to now."""
    tie = current_tie(person)
    return tie.unit if tie else None


def people_of(unit: UUID, *, text: str = "", number: str = "") -> QuerySet[Tie]:
    """The ties of a unit's people with their persons: by name, pinyin or initials, and by a whole identity number.

    The caller sorts and pages; the index `people_tie_present` serves the last to come first. Whether the asker may
    see them is asked by the caller (`may_invite`).
    """
    rows = Tie.objects.select_related("person", "department").filter(unit_id=unit, until_on=None)
    if number.strip():
        rows = rows.filter(person__identity_index=identity_index("".join(number.split()).upper()))
    word = search_key(text)
    if not word:
        return rows
    match = Q(person__name__contains=text.strip())
    if word.isascii():
        match |= Q(person__pinyin__contains=word) | Q(person__initials__contains=word)
    return rows.filter(match)


def tied_persons(unit: UUID, *, text: str = "", limit: int = 50) -> tuple[TiedPerson, ...]:
    """The persons of a unit, found by name, pinyin or initials; numbers masked."""
    rows = people_of(unit, text=text).order_by("person__pinyin", "person__name", "person_id")
    return tuple(
        TiedPerson(row.person_id, row.person.name, mask_number(row.person.identity_number), row.since_on)
        for row in rows[:limit]
    )


def invitations_of(unit: UUID) -> QuerySet[Invitation]:
    """The invitations of a unit that wait for the person, the expired among them."""
    return Invitation.objects.open().select_related("department").filter(unit_id=unit)


def invitation_index(number: str) -> str:
    """The look-up key under which an invitation waits for the holder of an identity number."""
    return blind_index(number, "people.invitation")


def invitations_for(*, number: str, name: str) -> tuple[WaitingInvitation, ...]:
    """The units that invite the holder of this number, under this very name; neither expired ones nor closed units."""
    waiting = Invitation.objects.open().select_related("unit").order_by("invited_at")
    live = waiting.filter(expires_at__gt=clock.now(), unit__closed_on=None)
    return tuple(
        WaitingInvitation(each.pk, each.unit_id, each.unit.name, each.invited_at, clock.china(each.expires_at).date())
        for each in live.filter(number_index=invitation_index(number))
        if each.name == name
    )


def persons_below(unit: Unit, state: PersonState | None = None) -> QuerySet[Person]:
    """The persons of the unit and of everything below it, by state: one join along the path's index range.

    None stands for all who belong there now; who waits for admission does not belong yet.
    """
    if state is PersonState.WAITING:
        return Person.objects.filter(
            admissions__answered_at=None, **{f"admissions__unit__{key}": value for key, value in _below(unit).items()}
        )
    rows = Person.objects.filter(
        ties__until_on=None, **{f"ties__unit__{key}": value for key, value in _below(unit).items()}
    )
    if state is PersonState.ROSTER:
        return rows.filter(account=None)
    return rows.filter(account__is_active=True) if state is PersonState.ACTIVE else rows


def counts_below(unit: Unit) -> dict[PersonState, int]:
    """How many persons of each state the unit and everything below it have; two queries whatever their number."""
    ties = Tie.objects.filter(until_on=None, **{f"unit__{key}": value for key, value in _below(unit).items()})
    counted = ties.aggregate(
        active=Count("id", filter=Q(person__account__is_active=True)),
        roster=Count("id", filter=Q(person__account=None)),
    )
    waiting = persons_below(unit, PersonState.WAITING).count()
    return {
        PersonState.ACTIVE: counted["active"],
        PersonState.ROSTER: counted["roster"],
        PersonState.WAITING: waiting,
    }


def _below(unit: Unit) -> dict[str, str]:
    return {"path__gte": unit.path, "path__lt": unit.path + END}


def moves(unit: UUID) -> QuerySet[Tie]:
    """「调转记录」: who came to the unit from another one by a transfer, and who left it so, with both units."""
    rows = Tie.objects.select_related("person", "unit", "came_from").exclude(came_from=None)
    return rows.filter(Q(unit_id=unit) | Q(came_from_id=unit))


def archive(person: UUID, kind: str) -> tuple[Entry, ...]:
    """The records of one kind that stand now, the oldest first, with source and verification (ALL-01)."""
    rows = ArchiveRecord.objects.current().filter(person_id=person, kind=kind)
    return tuple(_entry(row) for row in rows.order_by("entered_at", "id"))


def archive_kinds(person: UUID, kinds: Collection[str] | None = None) -> dict[str, tuple[Entry, ...]]:
    """The archive by kind, in one query: all of it, or these kinds of records."""
    found: dict[str, tuple[Entry, ...]] = {}
    rows = ArchiveRecord.objects.current().filter(person_id=person)
    if kinds is not None:
        rows = rows.filter(kind__in=set(kinds))
    for row in rows.order_by("kind", "entered_at", "id"):
        found[row.kind] = (*found.get(row.kind, ()), _entry(row))
    return found


def archive_counts(person: UUID) -> dict[str, tuple[int, int]]:
    """How many records of each kind stand now, and how many of them are verified; one query, nothing unsealed."""
    rows = ArchiveRecord.objects.current().filter(person_id=person).order_by().values_list("kind")
    counted = rows.annotate(stands=Count("id"), verified=Count("id", filter=Q(verified_at__isnull=False)))
    return {kind: (stands, verified) for kind, stands, verified in counted}


def history(person: UUID, kind: str, key: str) -> tuple[Entry, ...]:
    """Every state that one record ever had, the newest first."""
    rows = ArchiveRecord.objects.filter(person_id=person, kind=kind, key=key)
    return tuple(_entry(row) for row in rows.order_by("-entered_at", "-ended_at"))


def looks(person: UUID) -> tuple[Look, ...]:
    """Who saw this person's record in full, the newest first, without the person's own look-ups (ALL-09)."""
    own = Person.objects.filter(pk=person).values_list("account_id", flat=True).first()
    rows = list(ledger.looks_at(person, besides=own)[:200])
    names = organizations.unit_names(row.unit for row in rows if row.unit)
    return tuple(
        Look(row.at, row.name, names.get(row.unit, "") if row.unit else "", _look_words(row.action)) for row in rows
    )


def _look_words(action: str) -> str:
    return _LOOK_WORDS.get(action.rpartition(".")[2], "查看")


def _entry(row: ArchiveRecord) -> Entry:
    return Entry(
        row.pk,
        row.kind,
        row.key,
        row.data,
        row.source,
        row.source_case,
        row.entered_at,
        row.verified_at,
        row.verified_by_name,
        row.ended_at,
    )
