"""What the pages of account management have in common: forms from lists of fields, questions before grave acts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Generic, TypeVar, cast

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from bole.definitions import queries as definitions
from bole.kernel.contention import giving_way
from bole.kernel.errors import Busy, Fault, Invalid, Moved, Refused, TooMany
from bole.web.answers import status_of
from bole.web.doors import View, to_assure
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

Done = TypeVar("Done")
Crumbs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Field:
    """A control of a form; `kind` is a type of input, "area" or "select"."""

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    hint: str = ""
    max: int | None = None
    num: bool = False
    optional: bool = False
    wide: bool = False
    choices: Sequence[tuple[str, str]] = ()
    empty: str = ""


@dataclass(frozen=True)
class Sheet:
    """A page with one form."""

    title: str
    button: str
    back: str
    crumbs: Crumbs
    fields: Sequence[Field] = ()
    lead: str = ""
    heading: str = ""


@dataclass(frozen=True)
class Question:
    """A page that asks before something is done: what it does and whether it comes back."""

    name: str
    title: str
    sentences: Sequence[str]
    button: str
    back: str
    crumbs: Crumbs
    fields: Sequence[Field] = ()
    danger: bool = True
    services: Sequence["Choice"] = ()


@dataclass(frozen=True)
class Slice(Generic[Done]):
    """A page of a short list, by number: what {% pager %} draws."""

    rows: Sequence[Done]
    number: int
    total: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; one when there is nothing."""
        return max(1, -(-self.total // self.size))


def sliced(rows: Sequence[Done], number: int, size: int = 50) -> Slice[Done]:
    """The page of this number; past the end it is the last one."""
    last = max(1, -(-len(rows) // size))
    number = min(number, last)
    return Slice(rows[(number - 1) * size : number * size], number, len(rows), size)


@dataclass(frozen=True)
class Choice:
    """A box to tick."""

    value: str
    name: str
    note: str = ""
    checked: bool = False


@dataclass(frozen=True)
class Outcome(Generic[Done]):
    """What came of trying: the result, or the form with its faults, or a refusal, and the status to answer with."""

    typed: Typed
    result: Done | None = None
    refusal: str = ""
    status: int = 200

    @property
    def done(self) -> bool:
        """Whether it was done."""
        return self.status == 200


def attempt(request: PageRequest, typed: Typed, act: Callable[[], Done]) -> Outcome[Done]:
    """Try it; whatever is refused, or gives way to others, what was typed stays on the page."""
    try:
        with giving_way():
            return Outcome(typed, act())
    except Invalid as wrong:
        return Outcome(typed.with_faults(wrong), status=422)
    except (Refused, TooMany, Moved) as refused:
        note_refusal(request, refused)
        return Outcome(typed, refusal=refused.sentence, status=status_of(refused))
    except Busy as contended:
        return Outcome(typed, refusal=contended.sentence, status=status_of(contended))


def proved(view: View) -> View:
    """Asks for the proof of who one is before a grave form is shown, so that nothing typed is lost to the question.

    A form that was sent too late is refused by the action and stays on the page.
    """

    @wraps(view)
    def guarded(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stale = request.method in ("GET", "HEAD") and not is_proved(request)
        return to_assure(request) if stale else view(request, *args, **kwargs)

    return cast(View, guarded)


def is_proved(request: PageRequest) -> bool:
    """Whether the person proved who they are just now."""
    return request.actor.assured and request.actor.fresh


def proof_address(request: PageRequest) -> str:
    """Where the proof is given, and from there back to this page."""
    return at(request, "assure", next=request.path)


def ask(request: PageRequest, question: Question, here: str, outcome: Outcome[Done] | None = None) -> HttpResponse:
    """The question as a page of its own, which needs no script."""
    seen = outcome or Outcome[Done](Typed())
    context = {"here": here, "question": question, "typed": seen.typed, "refusal": seen.refusal}
    return render(request, "web/staff/ask.html", context, status=seen.status)


def to(request: PageRequest, name: str, *args: object) -> HttpResponseRedirect:
    """Off to an address of this site."""
    return HttpResponseRedirect(reverse(name, args=[request.here.code, *args]))


def at(request: PageRequest, name: str, *args: object, **terms: str) -> str:
    """An address of this site, with its query."""
    kept = {key: text for key, text in terms.items() if text}
    return reverse(name, args=[request.here.code, *args]) + (f"?{urlencode(kept)}" if kept else "")


def read_day(typed: Typed, name: str, label: str, faults: list[Fault]) -> date | None:
    """A day of a form; blank is none. What is no day becomes a fault."""
    text = typed[name].strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(Fault(name, f"{label}应写成 2026-04-18 的样子"))
        return None


def service_choices(site: str, chosen: Iterable[str] = ()) -> list[Choice]:
    """The services of the site as a range of business."""
    ticked = set(chosen)
    return [Choice(each.service, each.name, "", each.service in ticked) for each in definitions.catalogue_of(site)]


def service_names(site: str, codes: Iterable[str]) -> list[str]:
    """Services by their names; one that is no longer offered keeps its code."""
    known = {each.service: each.name for each in definitions.catalogue_of(site)}
    return [known.get(code, code) for code in codes]


def person_fields(*, required: bool = True) -> tuple[Field, ...]:
    """Whom an invitation is for."""
    return (
        Field("name", "姓名", required=required, max=100, hint="与证件完全一致；不一致的，对方看不到邀请"),
        Field("number", "身份证号", required=required, max=30, num=True),
    )
