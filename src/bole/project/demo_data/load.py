"""Loads the demonstration: the stage, then every case's words in the order of time, as if the weeks had passed.

All in one transaction: an interrupted load leaves the database as it was. What is announced is delivered after each
word, under that word's clock, so that messages carry the day of what they tell. Nothing goes out by mail or SMS: these
messages belong to a past that never was.
"""

from bisect import bisect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.db import connection, transaction

from bole.accounts.models import Account
from bole.definitions import queries as definitions
from bole.documents import actions as documents
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Refused
from bole.notices import actions as notices
from bole.project.demo_data import declaring, portals, sites, stage
from bole.project.demo_data.acting import Player
from bole.project.demo_data.cast import cast
from bole.project.demo_data.chance import chance
from bole.project.demo_data.papers import Papers
from bole.project.demo_data.plots import Course, courses
from bole.project.demo_data.stage import Stage
from bole.project.demo_data.timeline import instants
from bole.project.demo_data.units import SITE

_SERVICE = "talent-collection"
_BETWEEN = timedelta(hours=30)  # from the end of one case of a person to the beginning of the next, at least
_SETTING_UP = timedelta(days=5)
_PORTAL = timedelta(days=62)  # the oldest announcement
_READ_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True, order=True)
class _Beat:
    """One word of one case at its instant; `number` is the case, `place` the word in its script."""

    at: datetime
    number: int
    place: int


@transaction.atomic
def load() -> int:
    """Make everything; returns how many things were made. Raises Refused where there are accounts already."""
    if Account.objects.exists():
        raise Refused("演示数据只能装入空数据库。这个数据库中已有账户，请换一个空数据库。")
    now = clock.now()
    scripts, beats = _plan(now)
    ready = stage.new_stage()
    with _nothing_goes_out(), documents.unhurried():
        with clock.travel(min(beats[0].at, now - _PORTAL) - _SETTING_UP):
            made = stage.put_up_units(ready) + stage.enter_persons(ready, cast())
            made += stage.appoint(ready, cast()) + stage.describe(ready)
            _deliver()
        made += portals.load(ready, now) + sites.load(ready, now)
        papers, service = Papers(), definitions.service(SITE, _SERVICE)
        made += _declare(ready, papers, now)
        players = [Player(ready, service, papers, script, number) for number, script in enumerate(scripts)]
        news = bisect(beats, now - _READ_AFTER, key=lambda beat: beat.at)
        _play(players, beats[:news])
        _read_messages(ready, now - _READ_AFTER)
        _play(players, beats[news:])
    return made + len(players)


def _play(players: list[Player], beats: list[_Beat]) -> None:
    for beat in beats:
        player = players[beat.number]
        with clock.travel(beat.at):
            player.act(player.course.words[beat.place])
            _deliver()


def _declare(ready: Stage, papers: Papers, now: datetime) -> int:
    """What is declared on the other sites, word by word in the order of time."""
    players = declaring.declarers(ready, papers)
    beats = [
        _Beat(at, number, place)
        for number, player in enumerate(players)
        for place, at in enumerate(declaring.times(player, now))
    ]
    for beat in sorted(beats):
        player = players[beat.number]
        with clock.travel(beat.at):
            player.act(player.words[beat.place])
            _deliver()
    return len(players)


def _plan(now: datetime) -> tuple[list[Course], list[_Beat]]:
    """Every case, and every word of them in the order of time; the last case of a person ends before now."""
    scripts: list[Course] = []
    beats: list[_Beat] = []
    for person, row in courses().items():
        draw, before = chance(f"time/{person.number}"), now
        for course in reversed(row):
            times = instants(course.words, before, draw)
            beats += [_Beat(at, len(scripts), place) for place, at in enumerate(times)]
            scripts.append(course)
            before = times[0] - _BETWEEN
    return scripts, sorted(beats)


@contextmanager
def _nothing_goes_out() -> Iterator[None]:
    """Messages reach inboxes only, until the connectors are taken from the settings again."""
    notices.configure({})
    try:
        yield
    finally:
        apps.get_app_config("notices").ready()


def _deliver() -> None:
    """Call what waits for the commit, now: a listener writes rows, which stand or fall with this transaction."""
    while connection.run_on_commit:
        connection.run_on_commit.pop(0)[1]()


def _read_messages(ready: Stage, at: datetime) -> None:
    """Everybody has read what came until then."""
    with clock.travel(at):
        for person in ready.persons.values():
            notices.mark_all_read(by=Actor(way=Way.PERSON, account=person.account_id, name=person.name, site=SITE))
