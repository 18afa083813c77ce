"""AC-14: an operator who is transferred amid whatever they may do: 10,000 sequences of five, the third the transfer.

All of them take a minute: a run walks one in five, after each beginning other ones, and BOLE_SEQUENCES=all walks all.
Each beginning is walked once and taken back. What only follows a commit is left out: truth must not depend on it.
"""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction

from bole.cases.models import Case
from bole.definitions.terms import Verdict
from bole.kernel.errors import BoleError
from bole.organizations import queries as organizations
from bole.organizations.terms import Capacity, Role
from bole.people import actions as people
from bole.people.actions import admitting
from bole.review import actions as review
from bole.review import queries, rules
from bole.review.models import Export, Task
from bole.review.terms import ExportState
from bole.web import tasks
from bole.web.pages.work.desks import BUSINESS
from tests.attacks.conftest import Stage
from tests.factories import cases as made
from tests.factories.organizations import SETUP, SPARE_NUMBERS, as_unit, give_role
from tests.factories.people import register

LEAVE, RETURN = "leave", "return"
WORK = ("claim", "decide", "batch", "hand_over", "draft", "look", "write_export", "fetch_export")
ANY = (LEAVE, RETURN, *WORK)
SEQUENCES = (ANY, ANY, (LEAVE,), ANY, ANY)
EVERY = 1 if os.environ.get("BOLE_SEQUENCES") == "all" else 5  # of the acts before the last one in so many, in turn


class Denied(Exception):
    """The act was not done, though no sentence says so."""


class Mover:
    """A reviewer of the county with a case before them, one export that is ready and one that waits to be written."""

    def __init__(self, stage: Stage) -> None:
        ground = stage.world.ground
        self.county, self.elsewhere = ground.xingqing, ground.jinfeng
        self.case = made.approve(made.submitted_case(stage.world.lin, stage.lin), stage.clerk).pk
        self.person = register("郑调动", number=SPARE_NUMBERS[3], unit=self.county)
        assert self.person.account is not None
        self.account = self.person.account
        give_role(self.county, Role.REVIEWER, self.account)
        self.by, self.colleague = as_unit(self.account, self.county), stage.county
        self.ready = self._asked().pk
        self._write_export()
        self.waiting = self._asked().pk
        self.told, self.sequences, self.turn = Counter[str](), 0, 0

    def walk(self, steps: tuple[tuple[str, ...], ...], home: bool = True) -> None:
        """Every act of the first step, and after it every sequence of the rest."""
        before_last = len(steps) == 2
        self.turn += before_last
        for place, act in enumerate(steps[0]):
            if before_last and (place + self.turn) % min(EVERY, len(steps[0])):
                continue
            with transaction.atomic():
                then_home = self.act(act, home)
                if len(steps) > 1:
                    self.walk(steps[1:], then_home)
                else:
                    self.sequences += 1
                transaction.set_rollback(True)

    def act(self, act: str, home: bool) -> bool:
        """Do it; where they are then. Work is never done while away."""
        try:
            getattr(self, f"_{act}")()
        except (BoleError, Denied):
            self.told[f"{act} refused {'at home' if home else 'away'}"] += 1
            return home
        self.told[act] += 1
        assert home or act in (LEAVE, RETURN), f"{act} was done after the transfer"
        if act == LEAVE:
            claimed = Task.objects.filter(claimed_by=self.account.pk, closed_at=None)
            assert not any(rules.claim_stands(task) for task in claimed)
        return act == RETURN if act in (LEAVE, RETURN) else home

    def _leave(self) -> None:
        people.transfer(person=self.person.pk, to=self.elsewhere.pk, by=SETUP)

    def _return(self) -> None:
        people.transfer(person=self.person.pk, to=self.county.pk, by=SETUP)
        if not rules.sits(self.by, self.by.unit, Role.REVIEWER):
            give_role(self.county, Role.REVIEWER, self.account)

    def _fresh(self) -> Case:
        return made.fresh(Case(pk=self.case))

    def _claim(self) -> None:
        review.claim(case=self._fresh(), take=True, by=self.by)

    def _decide(self) -> None:
        made.approve(self._fresh(), self.by)

    def _batch(self) -> None:
        case = self._fresh()
        chosen = [(case.number, case.revision)]
        [row] = review.decide_many(cases=chosen, verdict=Verdict.APPROVE, opinion="同意", by=self.by)
        if not row.ok:
            raise Denied

    def _hand_over(self) -> None:
        review.hand_over(case=self._fresh(), to=self.colleague.who, by=self.by)

    def _draft(self) -> None:
        case = self._fresh()
        review.keep_draft(case=case, step=case.step, seen=case.revision, typed={"opinion": "拟同意"}, by=self.by)

    def _look(self) -> None:
        if not queries.visible_cases(self.by).filter(pk=self.case).exists():
            raise Denied

    def _held(self) -> Capacity | None:
        """As the pages ask it at every request."""
        known = organizations.capacities(self.account.pk)
        return next((each for each in known if each.unit == self.by.unit and each.way is self.by.way), None)

    def _asked(self) -> Export:
        return review.ask_export(list=BUSINESS.ledger, name="清单", asked={"tab": "waiting"}, total=1, by=self.by)

    def _write_export(self) -> None:
        before = Export.objects.filter(state=ExportState.READY.value).count()
        try:
            tasks.write_exports()
        finally:
            tasks.put_all_down()
        if Export.objects.filter(state=ExportState.READY.value).count() == before:
            raise Denied

    def _fetch_export(self) -> None:
        row = queries.export_of(self.ready, self.by)
        tasks.LISTS[row.list](self.by, self._held(), row.asked)
        review.fetch_export(export=self.ready, by=self.by)


@pytest.fixture
def mover(stage: Stage) -> Iterator[Mover]:
    """At home, before anything happens."""
    yield Mover(stage)
    tasks.put_all_down()


def test_nothing_is_done_after_a_transfer_in_whatever_order(mover: Mover):
    mover.walk(SEQUENCES)
    assert mover.sequences == 10_000 // EVERY
    for act in WORK:
        assert mover.told[act], f"{act} was never done at home"
        assert mover.told[f"{act} refused away"], f"{act} was never tried while away"


@pytest.mark.parametrize("act", WORK)
def test_were_the_roles_left_the_walk_would_see_it(mover: Mover, act: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(admitting.organizing, "end_all", lambda **_: 0)
    with pytest.raises(AssertionError):
        mover.walk(((LEAVE,), (act,)))
