"""The person's own pages: declarations, services, archive, who looked, messages."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import OPEN
from bole.definitions import queries as definitions
from bole.definitions.answers import shown_text
from bole.definitions.terms import RecordKind
from bole.kernel.errors import Absent
from bole.notices import actions as notices
from bole.notices import queries as inbox
from bole.people import queries as people
from bole.people.terms import Entry
from bole.review import queries as review
from bole.web.doors import for_persons
from bole.web.pages.cases import state_of
from bole.web.requests import PageRequest


@dataclass(frozen=True)
class Declaration:
    """One declaration as the person's lists show it."""

    case: Case
    service: str
    state: str
    where: str
    why: str


def declarations(request: PageRequest) -> tuple[list[Declaration], list[Declaration]]:
    """「申报中的信息」 and 「已申报的信息」, newest change first."""
    rows = list(cases.cases_of(request.actor).select_related("seat_unit").filter(site=request.here.code)[:200])
    shown = [_declaration(case) for case in rows]
    return (
        [item for item in shown if item.case.status in OPEN],
        [item for item in shown if item.case.status not in OPEN],
    )


def _declaration(case: Case) -> Declaration:
    why = ""
    if case.status in ("returned", "terminated"):
        last = review.last_return(case)
        why = last.opinion if last is not None else ""
    where = case.seat_unit.name if case.seat_unit is not None else "本人填写" if case.status in OPEN else ""
    if case.opener == "unit" and case.status in ("draft", "returned"):
        where = f"{case.unit.name}代为填报"
    return Declaration(case, cases.service_of(case).name, state_of(case), where, why)


@require_GET
@for_persons
def my_cases(request: PageRequest) -> HttpResponse:
    """Everything the person has declared."""
    running, done = declarations(request)
    return render(request, "web/personal/cases.html", {"running": running, "done": done})


@require_GET
@for_persons
def my_services(request: PageRequest) -> HttpResponse:
    """What the site offers to persons."""
    services = [service for service in definitions.services_of(request.here.code) if "subject" in service.opened_by]
    return render(request, "web/personal/services.html", {"services": services})


@dataclass(frozen=True)
class ArchiveGroup:
    """One kind of record in the archive, ready to be read."""

    name: str
    heads: tuple[str, ...]
    rows: list[tuple[Entry, list[str]]]


@require_GET
@for_persons
def my_archive(request: PageRequest) -> HttpResponse:
    """The archive by kind of record, each with its source and whether it was verified (ALL-01)."""
    assert request.actor.person is not None  # noqa: S101  # the door lets persons in only
    groups = [
        _group(definitions.record_kind(kind), entries)
        for kind, entries in people.archive_kinds(request.actor.person).items()
    ]
    return render(
        request,
        "web/personal/archive.html",
        {
            "groups": groups,
            "unit": people.current_unit(request.actor.person),
            "person": people.person(request.actor.person),
        },
    )


def _group(kind: RecordKind, entries: tuple[Entry, ...]) -> ArchiveGroup:
    fields = [field for field in kind.fields if any(field.field in entry.data for entry in entries)]
    rows = [(entry, [_text(kind, field.field, entry) for field in fields]) for entry in entries]
    return ArchiveGroup(kind.name, tuple(field.name for field in fields), rows)


def _text(kind: RecordKind, code: str, entry: Entry) -> str:
    field = next(field for field in kind.fields if field.field == code)
    return shown_text(field, entry.data.get(code)) if code in entry.data else ""


@require_GET
@for_persons
def my_looks(request: PageRequest) -> HttpResponse:
    """「谁看过我的档案」 (ALL-09)."""
    assert request.actor.person is not None  # noqa: S101  # the door lets persons in only
    return render(request, "web/personal/looks.html", {"looks": people.looks(request.actor.person)})


@require_GET
def messages(request: PageRequest) -> HttpResponse:
    """The messages of the account, newest first."""
    return render(request, "web/personal/messages.html", {"messages": inbox.inbox(request.actor.who)[:100]})


@require_POST
def read_message(request: PageRequest, message: UUID) -> HttpResponse:
    """Mark a message read and go where it leads."""
    found = next((row for row in inbox.inbox(request.actor.who) if row.pk == message), None)
    if found is None:
        raise Absent
    notices.mark_read(message=message, by=request.actor)
    own = f"/{request.here.code}/"
    return redirect(found.link if found.link.startswith(own) else reverse("messages", args=[request.here.code]))
