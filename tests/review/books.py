"""Plain book-keeping of one case: who holds it, who has passed it, what is open. It knows neither moves nor the engine,
so that what the engine says of a case can be compared with it. Each act gives the next book, or None for refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from bole.cases.terms import Status
from bole.definitions.terms import APPLICANT, Route, Verdict
from bole.review.terms import END, Decision, Faulty

HANDS = (Status.DRAFT, Status.RETURNED)


@dataclass(frozen=True)
class Book:
    """`holder` is the applicant, a step, or END. `passed` are the steps whose approval still stands: it falls when
    the case goes back to that step or before it. `undo` is the book before what the desk may still take back."""

    holder: str = APPLICANT
    status: Status = Status.DRAFT
    cleared: bool = False
    places: tuple[str, ...] | None = None
    round: int = 0
    acts: int = 0
    resume: str = ""
    passed: frozenset[str] = frozenset()
    fresh: bool = False  # just handed in: the applicant may take it back
    undo: "Book | None" = field(default=None, repr=False)

    def _next(self, **changes: object) -> Self:
        """The book after an act that nobody takes back."""
        return replace(self, **{"acts": self.acts + 1, "undo": None, "fresh": False, **changes})  # type: ignore[arg-type]  # the fields of the dataclass

    def submit(self, route: Route, ahead: Sequence[str]) -> Self | None:
        """Handed in: to the step that asked for it, unless a step before it has no standing approval."""
        if self.status not in HANDS or not ahead:
            return None
        to = ahead[0]
        if self.resume in ahead:
            to = next(step for step in ahead if step == self.resume or step not in self.passed)
        codes = [step.step for step in route.steps]
        kept = self.passed & set(codes[: codes.index(to)])
        return self._next(
            holder=to, status=Status.IN_REVIEW, round=self.round + 1, passed=kept, fresh=True, cleared=False
        )

    def decide(self, decision: Decision, route: Route, ahead: Sequence[str]) -> Self | None:
        """What a seat at a step decided."""
        if self.holder != decision.step or self.status is not Status.IN_REVIEW:
            return None
        step = route.step(decision.step)
        if step.option(decision.verdict) is None:
            return None
        match decision.verdict:
            case Verdict.APPROVE if decision.faulty or self.cleared:
                return None
            case Verdict.APPROVE if step.dispatch is not None:
                return self._next(cleared=True, places=None, resume="", undo=self)
            case Verdict.APPROVE:
                return self._on(ahead, route)
            case Verdict.TERMINATE:
                return self._next(holder=END, status=Status.TERMINATED, cleared=False)
        return self._back(decision, route, ahead)

    def _on(self, ahead: Sequence[str], route: Route) -> Self:
        codes = [step.step for step in route.steps]
        later = [code for code in codes[codes.index(self.holder) + 1 :] if code in ahead]
        to = later[0] if later else END
        status = Status.COMPLETED if to == END else Status.IN_REVIEW
        passed = self.passed | {self.holder}
        return self._next(holder=to, status=status, passed=passed, cleared=False, places=None, resume="", undo=self)

    def _back(self, decision: Decision, route: Route, ahead: Sequence[str]) -> Self | None:
        target = decision.target
        codes = [step.step for step in route.steps]
        if target not in route.step(self.holder).send_back_to:
            return None
        if target == APPLICANT:
            if not decision.faulty:
                return None
            places = tuple(dict.fromkeys(fault.place for fault in decision.faulty))
            resume = self.holder if decision.resume else ""
            return self._next(holder=APPLICANT, status=Status.RETURNED, places=places, resume=resume, cleared=False)
        if target not in ahead or codes.index(target) >= codes.index(self.holder):
            return None
        return self._next(holder=target, passed=self.passed & set(codes[: codes.index(target)]), cleared=False)

    def dispatch(self, step: str, route: Route, ahead: Sequence[str]) -> Self | None:
        """送审 by the step that passed it."""
        return self._on(ahead, route) if self.cleared and self.holder == step else None

    def recall(self, *, held: bool) -> Self | None:
        """The desk takes back what it did last, while nobody has seen it."""
        if self.status is not Status.IN_REVIEW or self.undo is None or not (self.cleared or held):
            return None
        return replace(self.undo, acts=self.acts + 1)  # type: ignore[return-value]  # a book is undone once only

    def withdraw(self, *, begun: bool) -> Self | None:
        """The applicant takes it back before anybody began."""
        if self.status is not Status.IN_REVIEW or not self.fresh or begun:
            return None
        status = Status.RETURNED if self.places is not None else Status.DRAFT
        return self._next(holder=APPLICANT, status=status)

    def cancel(self) -> Self | None:
        """The applicant ends it."""
        return self._next(holder=END, status=Status.CANCELLED) if self.status in HANDS else None

    def open_up(self, sections: Sequence[str]) -> Self | None:
        """More is opened to the applicant."""
        if self.status is not Status.RETURNED:
            return None
        places = (*(self.places or ()), *(Faulty(section).place for section in sections))
        return self._next(places=tuple(dict.fromkeys(places)))

    def reroute(self) -> Self | None:
        """Other desks of the same steps; in the applicant's hands all of them are new."""
        if self.holder == END:
            return None
        resume = "" if self.status in HANDS else self.resume
        return replace(self, acts=self.acts + 1, resume=resume)

    def sound(self, ahead: Sequence[str]) -> bool:
        """Exactly one holder; nothing ended well that a seat did not pass."""
        if self.status is Status.COMPLETED:
            return self.holder == END and self.passed >= set(ahead)
        return (self.holder == END) == (self.status in (Status.TERMINATED, Status.CANCELLED))
