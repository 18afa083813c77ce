"""Log-in sessions: what they hold, when they end, and the actor they stand for.

A session says who came in and in which capacity, never what that person may do. It ends with the password that
opened it, when its owner ends it from another device, after half an hour without use (a quarter for staff), and after
twelve hours in any case. Until a capacity is chosen, and proved by a second factor where that is asked, the visitor is
nobody in particular (`is_undecided`): no page but the choice is open. 「两周内免登录」
(persons only) opens another one by the cookie of the device; that one is not assured until the password is given again.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token

from bole.accounts import actions
from bole.accounts import queries as accounts
from bole.accounts.models import Account
from bole.accounts.terms import SESSION_IDLE, SESSION_LONGEST
from bole.kernel.actors import STAFF, Actor, Way
from bole.kernel.clock import now
from bole.kernel.errors import Absent
from bole.kernel.ids import digest
from bole.people import queries as people

# AC-12; typing saves, and so is use.
IDLE = {Way.PERSON: SESSION_IDLE, **dict.fromkeys(STAFF, timedelta(minutes=15))}
LONGEST = SESSION_LONGEST
FRESH = timedelta(minutes=10)  # so long a proof of who one is counts for grave acts
_TOUCH = timedelta(minutes=1)
_DEVICE_KEPT = timedelta(days=180)
_NAMES = (
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("MicroMessenger", "微信"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is behind a request; `account` is None for everybody who is not logged in."""

    actor: Actor
    account: Account | None


def address_of(request: HttpRequest) -> str:
    """The network address of the visitor; behind our own proxy the one that it saw."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BOLE_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def stranger(request: HttpRequest, site: str = "") -> Visit:
    """Somebody who is not logged in; reads no session."""
    return Visit(Actor(way=Way.PERSON, site=site, address=address_of(request), assured=False), None)


def open_session(
    request: HttpRequest, account: Account, *, way: Way, person: UUID | None, unit: UUID | None, assured: bool = True
) -> None:
    """Begin a session under a new key, after the password was found right or a remembered device was resumed.

    A way of staff without a unit is undecided: the capacity is chosen next.
    """
    _close_record(request)
    request.session.flush()
    rotate_token(request)
    record = actions.open_visit(account=account, name=device_name(request), address=address_of(request))
    request.session.update(
        {
            "account": str(account.pk),
            "stamp": account.get_session_auth_hash(),
            "record": str(record),
            "way": way.value,
            "person": str(person) if person else "",
            "unit": str(unit) if unit else "",
            "assured": assured,
            "proved_at": _moment() if assured else 0,
            "factor": False,
            "opened_at": _moment(),
            "touched_at": _moment(),
        }
    )
    request.session.set_expiry(int(LONGEST.total_seconds()))


def renew(request: HttpRequest, account: Account) -> None:
    """Go on in the same capacity after the password changed, which ended every log-in; under a new key."""
    record = actions.open_visit(account=account, name=device_name(request), address=address_of(request))
    request.session["record"] = str(record)
    request.session["stamp"] = account.get_session_auth_hash()
    request.session["proved_at"] = _moment()
    request.session.cycle_key()
    rotate_token(request)


def is_undecided(actor: Actor) -> bool:
    """Whether somebody has logged in and not yet entered in any capacity."""
    return actor.account is not None and actor.way in STAFF and actor.unit is None


def enter(request: HttpRequest, *, way: Way, person: UUID | None = None, unit: UUID | None = None) -> None:
    """Act in this capacity from now on, under a new key; the right to do so is asked by the caller and again at each
    request. A form that was opened in another capacity is refused from now on (AC-12)."""
    request.session.update({"way": way.value, "person": str(person or ""), "unit": str(unit or "")})
    request.session.pop("wanted", None)
    request.session.cycle_key()
    rotate_token(request)


def mark(request: HttpRequest) -> str:
    """In which capacity the visitor acts, as every form carries it; blank for strangers."""
    session = request.session
    if not session.get("account"):
        return ""
    return digest(["acting", *(session.get(key, "") for key in ("account", "way", "unit"))])[:16]


def device_cookie() -> str:
    """The name of the cookie that makes a device known."""
    return "__Host-device" if settings.BOLE_HTTPS else "device"


def know_device(request: HttpRequest, response: HttpResponse, account: Account, *, stay: bool) -> None:
    """Make the browser a known device after a log-in; `stay` is 「两周内免登录」. A device known to it stays so."""
    by = Actor(way=Way.PERSON, account=account.pk, name=account.name, address=address_of(request))
    known = actions.known_device(request.COOKIES.get(device_cookie()), account)
    if known is None or stay:
        if known is not None:
            actions.forget_device(device=known.pk, by=by)
        token = actions.remember_device(name=device_name(request), stay=stay, by=by)
        known = actions.known_device(token, account)
        put_device(response, token)
    if known is not None:
        actions.place_visit(visit=UUID(request.session["record"]), device=known.pk)


def put_device(response: HttpResponse, token: str) -> None:
    """Give the browser the cookie by which its device is known."""
    response.set_cookie(
        device_cookie(),
        token,
        max_age=_DEVICE_KEPT,
        secure=settings.BOLE_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def device_name(request: HttpRequest) -> str:
    """What the owner sees a device called."""
    agent = request.headers.get("User-Agent", "")
    return next((name for sign, name in _NAMES if sign in agent), "其他浏览器")


def close_session(request: HttpRequest) -> None:
    """End the session and forget everything in it."""
    request.session.flush()


def log_out(request: HttpRequest, response: HttpResponse, by: Actor) -> None:
    """End the session in every capacity, and with it what this browser, and no other, was remembered for."""
    actions.forget_browser(token=request.COOKIES.get(device_cookie(), ""), by=by)
    response.delete_cookie(device_cookie(), samesite="Lax")
    if by.account is not None:
        with suppress(Absent):  # ended from another device at this very moment
            actions.end_visit(visit=UUID(request.session["record"]), by=by)
    close_session(request)


def assure(request: HttpRequest, *, factor: bool = False) -> None:
    """The password, or the second factor, was given again: the session is assured, and fresh for some minutes."""
    request.session["assured"] = True
    request.session["proved_at"] = _moment()
    if factor:
        request.session["factor"] = True
    request.session.cycle_key()


def resume(request: HttpRequest, site: str = "") -> Visit:
    """The visit that a request belongs to: by its session, else by a remembered device, else a stranger's."""
    session = request.session
    id, moment = session.get("account"), _moment()
    record = UUID(session["record"]) if session.get("record") else None
    account = accounts.session_account(UUID(id), session.get("stamp", ""), record) if id and record else None
    if id and (account is None or _is_over(session, moment)):
        _close_record(request)
        close_session(request)
        account = None
    if account is None:
        account = _resumed(request)
    if account is None:
        return stranger(request, site)
    if moment - int(session["touched_at"]) > _TOUCH.total_seconds():
        session["touched_at"] = moment
        actions.touch_visit(visit=UUID(session["record"]))
    way, unit = Way(session["way"]), UUID(session["unit"]) if session["unit"] else None
    assured = bool(session["assured"]) and (unit is not None or way not in STAFF)
    actor = Actor(
        way=way,
        account=account.pk,
        name=account.name,
        person=UUID(session["person"]) if session["person"] else None,
        unit=unit,
        site=site,
        address=address_of(request),
        assured=assured,
        fresh=assured and moment - int(session["proved_at"]) <= FRESH.total_seconds(),
    )
    return Visit(actor, account)


def _resumed(request: HttpRequest) -> Account | None:
    """「两周内免登录」: a session by the cookie of a remembered device, in the personal way and not assured."""
    token = request.COOKIES.get(device_cookie())
    account = actions.resume(token=token, address=address_of(request)) if token else None
    person = people.person_of(account.pk) if account else None
    if account is None or person is None:
        return None
    open_session(request, account, way=Way.PERSON, person=person.pk, unit=None, assured=False)
    known = actions.known_device(token, account)
    if known is not None:
        actions.place_visit(visit=UUID(request.session["record"]), device=known.pk)
    return account


def _close_record(request: HttpRequest) -> None:
    """Take the log-in that this browser had off its owner's list."""
    if request.session.get("record"):
        actions.close_visit(visit=UUID(request.session["record"]))


def _is_over(session: SessionBase, moment: int) -> bool:
    """Whether it was left unused for too long, or has lasted long enough."""
    idle = IDLE[Way(session["way"])].total_seconds()
    longest = LONGEST.total_seconds()
    return moment - int(session["touched_at"]) > idle or moment - int(session.get("opened_at", 0)) > longest


def _moment() -> int:
    return int(now().timestamp())


def account_mark(account: UUID | None) -> str:
    """A name for the account on the visitor's own device: says nothing, tells two accounts apart."""
    return digest(["drafts", str(account)])[:16] if account else ""
