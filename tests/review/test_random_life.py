"""Lives of cases at random: thousands of acts, wise and foolish, on the pure engine and through the real actions.

What must hold after each (ALL-12): nothing is passed without a decision by a seat, the moves told again give the same
standing, and a case that is not closed lies in exactly one pair of hands.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from bole.cases.terms import Status
from bole.definitions.terms import APPLICANT, Route, Step, Verdict
from bole.kernel.errors import Refused
from bole.review import engine
from bole.review.terms import END, Decision, Faulty, Move, MoveKind
from tests.review.books import Book

SEEDS = range(450)
LIFE = 80  # acts tried in one life
PLACES = (Faulty("work"), Faulty("work", record="r1"), Faulty("basic", field="name"), Faulty("papers"))


def _step(code: str, *targets: str, verdicts: str = "approve send_back terminate", sends: bool = False) -> Step:
    said: dict[str, Any] = {
        "step": code, "name": code, "seat": {"kind": "authority", "level": "county"}, "role": "reviewer",
        "verdicts": verdicts.split(), "send_back_to": [APPLICANT, *targets],
    }  # fmt: skip
    return Step.model_validate(said | ({"dispatch": {"requires": ["推荐报告"]}} if sends else {}))


def _route(sending: str) -> Route:
    steps = [
        _step("unit", verdicts="approve send_back", sends="u" in sending),
        _step("county", "unit", sends="c" in sending),
        _step("city", "unit", "county", sends="t" in sending),
    ]
    return Route.model_validate({"route": "three", "name": "三级", "steps": steps})


ROUTES = tuple(_route(sending) for sending in ("", "c", "t", "ct", "uct"))


def _tried(wish: Callable[[], Move]) -> tuple[Move | None, str]:
    """The move that came of a wish, or why none did."""
    try:
        return wish(), ""
    except Refused as refusal:
        return None, refusal.sentence


@dataclass
class Life:
    """One case: its moves by the engine, its book beside them, and which steps its answers leave out."""

    chance: Random
    route: Route
    moves: tuple[Move, ...] = ()
    book: Book = field(default_factory=Book)
    left_out: frozenset[str] = frozenset()
    done: list[str] = field(default_factory=list)

    def skips(self, step: Step) -> bool:
        return step.step in self.left_out

    @property
    def ahead(self) -> list[str]:
        return [step.step for step in self.route.steps if step.step not in self.left_out]

    def live(self, acts: int) -> None:
        """Try so many acts; after each, engine and book must agree on whether it was taken and on what came of it."""
        for _ in range(acts):
            name, wish, expected = self._wish()
            move, why = _tried(wish)
            told = f"{name} {why} after {self.done}"
            assert (move is None) == (expected is None), told
            if move is None or expected is None:
                assert why, told
                continue
            self.done.append(name)
            self.moves, self.book = (*self.moves, move), expected
            self._compare()

    def _wish(self) -> tuple[str, Callable[[], Move], Book | None]:
        """Something that somebody tries, with what the book says to it; usually who holds the case tries."""
        chance, moves, route, book = self.chance, self.moves, self.route, self.book
        codes = [step.step for step in route.steps]
        step = book.holder if book.holder in codes and chance.random() < 0.9 else chance.choice(codes)
        maybe = chance.random() < 0.5
        sections = chance.sample(["work", "basic", "papers"], chance.randint(1, 2))
        in_hand = book.status in (Status.DRAFT, Status.RETURNED)
        if in_hand and chance.random() < 0.3:  # the answers change, and with them the desks that are asked
            self.left_out = frozenset(chance.sample(codes, chance.choice((0, 0, 0, 1, 1, 2))))
        wishes: dict[str, tuple[Callable[[], Move], Book | None]] = {
            "submit": (lambda: engine.submit(route, moves, self.skips), book.submit(route, self.ahead)),
            "dispatch": (
                lambda: engine.dispatch(route, moves, step, self.skips),
                book.dispatch(step, route, self.ahead),
            ),
            "recall": (lambda: engine.recall(moves, held=maybe), book.recall(held=maybe)),
            "withdraw": (lambda: engine.withdraw(moves, begun=maybe), book.withdraw(begun=maybe)),
            "open": (lambda: engine.open_up(moves, sections), book.open_up(sections)),
            "reroute": (lambda: engine.reroute(moves), book.reroute()),
            "cancel": (lambda: engine.cancel(moves), book.cancel()),
        }
        kinds = [*wishes, *["submit"] * (9 if in_hand else 0), *["dispatch"] * (6 if book.cleared else 0)]
        kinds = [kind for kind in kinds if kind != "cancel" or chance.random() < 0.1]
        kind = chance.choice([*kinds, *["decide"] * (1 if in_hand else 14)])
        if kind != "decide":
            return (f"{kind} {step} {maybe}", *wishes[kind])
        decision = self._decision(step)
        return (
            str(decision),
            lambda: engine.advance(route, moves, decision, self.skips),
            book.decide(decision, route, self.ahead),
        )

    def _decision(self, step: str) -> Decision:
        chance = self.chance
        verdict = chance.choices((Verdict.APPROVE, Verdict.SEND_BACK, Verdict.TERMINATE), (9, 8, 0.3))[0]
        faulty = tuple(chance.sample(PLACES, chance.randint(0, 2))) if verdict is not Verdict.APPROVE else ()
        if chance.random() < 0.05:
            faulty = PLACES[:1]
        target = chance.choice((APPLICANT, APPLICANT, "unit", "county", "city"))
        return Decision(step, verdict, faulty, target, resume=chance.random() < 0.5)

    def _compare(self) -> None:
        now, book, told = engine.standing(self.moves), self.book, f"after {self.done}"
        holder = now.step if now.status is Status.IN_REVIEW else ""
        assert holder == (book.holder if book.status is Status.IN_REVIEW else ""), told
        assert (now.status, now.cleared, now.round, now.revision) == (
            book.status, book.cleared, book.round, book.acts
        ), told  # fmt: skip
        assert now.open_sections == book.places, told
        if now.status is Status.RETURNED:
            assert now.resume == book.resume, told
        assert (now.status is Status.IN_REVIEW) == bool(now.step), told
        assert book.sound(self.ahead), told
        passes = [move for move in self.moves if move.kind in (MoveKind.PASSED, MoveKind.CLEARED)]
        assert len(passes) == sum("APPROVE" in act for act in self.done), told


def live(seeds: range) -> list[Life]:
    """A life for each seed, whole or ended before its time."""
    lives = [Life(Random(seed), ROUTES[seed % len(ROUTES)]) for seed in seeds]
    for life in lives:
        life.live(LIFE)
    return lives


def test_thousands_of_acts_lose_no_case_and_pass_none_by_nobody():
    lives = live(SEEDS)

    taken = [move for life in lives for move in life.moves]
    assert len(taken) >= 5_000
    assert {move.kind for move in taken} == set(MoveKind)
    ended = [life.book.status for life in lives]
    assert min(ended.count(Status.COMPLETED), ended.count(Status.TERMINATED), ended.count(Status.CANCELLED)) >= 5


def _over_a_desk(route: Route, code: str, skips: engine.Skips) -> tuple[str, tuple[str, ...]]:
    """Each desk hands on to the one after the next."""
    codes = [step.step for step in route.steps[engine._index(route, code) + 2 :] if not skips(step)]
    return (codes or [END])[0], ()


def _straight_back(route: Route, moves: Sequence[Move], resume: str, skips: engine.Skips) -> Step | None:
    """What was mended goes to the desk that asked for it, whoever has passed it."""
    return engine.step_of(route, resume) if resume else None


def _kept(moves: Iterable[Move]) -> tuple[Move, ...]:
    """What was taken back stays in force."""
    return tuple(move for move in moves if move.kind is not MoveKind.RECALLED)


def _sent_back_is_passed(route: Route, step: Step, decision: Decision, skips: engine.Skips) -> Move:
    return Move(MoveKind.PASSED, step.step, engine.next_step(route, step.step, skips)[0])


def _sent_on_at_any_time(route: Route, moves: Sequence[Move], code: str, skips: engine.Skips) -> Move:
    return Move(MoveKind.DISPATCHED, code, engine.next_step(route, code, skips)[0])


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("next_step", _over_a_desk),
        ("_resumed", _straight_back),
        ("in_force", _kept),
        ("_sent_back", _sent_back_is_passed),
        ("dispatch", _sent_on_at_any_time),
    ],
)
def test_lives_of_a_broken_engine_are_caught(name: str, broken: object, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine, name, broken)

    with pytest.raises(AssertionError, match="after"):
        live(SEEDS)
