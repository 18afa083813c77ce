"""Cases at random through the real actions against the database: people of four desks and their applicants do what
they may and what they may not, and after every act the tables say one and the same thing."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import time_machine
from django.db.models import Count

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.cases.terms import CLOSED, Status
from bole.definitions.terms import APPLICANT, Service, Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import BoleError
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.people.models import Person
from bole.review import actions as review
from bole.review import engine, queries
from bole.review.models import DeskTally, Movement, OpeningRequest, Task
from bole.review.terms import Faulty, MoveKind
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS, as_unit, give_role, make_account
from tests.factories.people import World, as_self, register
from tests.review.lives import living

ACTS = 300
SECTIONS = ("asking", "more", "works")
VERDICTS = {Verdict.APPROVE: "passed", Verdict.SEND_BACK: "sent_back", Verdict.TERMINATE: "terminated"}


class Town:
    """The people, and one act after another. `told` keeps what was done and what was refused."""

    def __init__(self, world: World, service: Service, chance: Random) -> None:
        self.service, self.chance, self.told = service, chance, Counter[str]()
        ground, cast = world.ground, world.cast
        both = make_account("郑审核", SPARE_NUMBERS[0])
        jinfeng = make_account("金凤审核", SPARE_NUMBERS[1])
        give_role(ground.xingqing, Role.REVIEWER, both)
        give_role(ground.province, Role.REVIEWER, both)
        give_role(ground.jinfeng, Role.REVIEWER, jinfeng)
        self.school, self.clerk = ground.school, as_unit(cast.zhou, ground.school)
        self.county = [as_unit(cast.chen, ground.xingqing), as_unit(both, ground.xingqing)]
        self.desks = [
            self.clerk, as_unit(cast.sun, ground.hospital), *self.county, as_unit(jinfeng, ground.jinfeng),
            as_unit(cast.wu, ground.province), as_unit(both, ground.province),
        ]  # fmt: skip
        told = (
            ("申请甲", "0013", ground.school),
            ("申请乙", "0021", ground.school),
            ("申请丙", "003X", ground.hospital),
        )
        more = [register(name, f"64010419800101{tail}", unit=unit) for name, tail, unit in told]
        self.applicants: list[Person] = [world.lin, *more]

    def act(self) -> None:
        """Somebody does something to somebody's case; a refusal changes nothing."""
        person = self.chance.choice(self.applicants)
        case = Case.objects.filter(person=person, status__in=("draft", "in_review", "returned")).first()
        if case is None:
            self._open(person)
            return
        case = made.fresh(case)
        name = self._choose(case)
        before = case.revision
        refused = self._refused(name, case, as_self(person))
        self.told[f"refused {name}" if refused else name] += 1
        if refused:
            case.refresh_from_db(fields=["revision"])
            assert case.revision == before, f"{name} was refused and done: {refused}"
        self.check_case(case)

    def _refused(self, name: str, case: Case, me: Actor) -> str:
        """Do it; why it was refused, or nothing."""
        try:
            getattr(self, f"_{name}")(case, me)
        except BoleError as error:
            return error.sentence
        return ""

    def _choose(self, case: Case) -> str:
        """Mostly something that makes sense where the case lies."""
        asked = OpeningRequest.objects.filter(case=case, answered_at=None).exists()
        likely = {
            Status.DRAFT: ["submit"] * 5 + ["answer", "cancel"],
            Status.RETURNED: ["submit"] * 3 + ["answer"] + (["grant"] * 4 if asked else ["ask"] * 2),
            Status.IN_REVIEW: ["decide"] * 10 + ["batch"] * 4 + ["begin", "claim", "hand_over", "withdraw", "reroute"],
        }[Status(case.status)]
        task = Task.objects.filter(case=case, closed_at=None).first()
        if task is not None and task.cleared_at is not None:
            likely = ["dispatch", "sends", "sends"] if task.papers.exists() else ["paper"]
            likely = [*likely * 3, "dispatch", "recall", "decide"]
        elif task is not None and task.held_until is not None and task.held_until > clock.now():
            likely = ["recall", "recalls", "recalls", "reroute", "decide", "batch"]
        strange = ["submit", "withdraw", "cancel", "decide", "recall", "dispatch", "ask", "grant", "reroute", "begin"]
        return self.chance.choice(strange if self.chance.random() < 0.12 else likely)

    def _seat(self, case: Case) -> Actor:
        """Whoever sits where the case lies, or anybody."""
        here = [desk for desk in self.desks if desk.unit == case.seat_unit_id]
        return self.chance.choice(here if here and self.chance.random() < 0.9 else self.desks)

    def _former(self, case: Case) -> Actor:
        row = Movement.objects.filter(case=case, kind__in=engine.FORWARD).order_by("-revision").first()
        here = [desk for desk in self.desks if row is not None and desk.unit == row.unit_id]
        return self.chance.choice(here or self.desks)

    def _open(self, person: Person) -> None:
        case = made.open_case(person, as_self(person), self.service)
        self._answer(case, as_self(person))
        self.told["open"] += 1

    def _answer(self, case: Case, me: Actor) -> None:
        version = case.answers.filter(section="asking").values_list("version", flat=True).first() or 0
        typed = {"short": self.chance.choice(("0", "0", "1")), "note": f"第{self.chance.randint(1, 99)}稿"}
        cases.save_section(case=case, section="asking", typed=typed, seen=version, by=me)

    def _submit(self, case: Case, me: Actor) -> None:
        review.submit_case(case=case, seen=case.revision, by=me)

    def _withdraw(self, case: Case, me: Actor) -> None:
        review.withdraw_case(case=case, seen=case.revision, by=me)

    def _cancel(self, case: Case, me: Actor) -> None:
        if self.chance.random() < 0.4:
            review.cancel_case(case=case, seen=case.revision, by=me)

    def _begin(self, case: Case, me: Actor) -> None:
        review.begin(case=case, by=self._seat(case))

    def _claim(self, case: Case, me: Actor) -> None:
        review.claim(case=case, take=self.chance.random() < 0.5, by=self._seat(case))

    def _hand_over(self, case: Case, me: Actor) -> None:
        to = self.chance.choice(self.desks)
        review.hand_over(case=case, to=to.who, by=self._seat(case))

    def _decide(self, case: Case, me: Actor) -> None:
        chance = self.chance
        verdict = chance.choices(list(VERDICTS), (12, 9, 1.2))[0]
        marks = tuple(Faulty(section, "请改") for section in chance.sample(SECTIONS, chance.randint(1, 2)))
        review.decide(
            case=case, step=case.step or "county", seen=case.revision - (chance.random() < 0.05), verdict=verdict,
            opinion="请看标记", faulty=marks if verdict is Verdict.SEND_BACK else (),
            target=chance.choice((APPLICANT, APPLICANT, "unit", "county")), resume=chance.random() < 0.5,
            late_reason="前次没有看到" if chance.random() < 0.8 else "", by=self._seat(case),
        )  # fmt: skip

    def _alike(self, case: Case) -> list[tuple[str, int]]:
        rows = (
            Case.objects.filter(status=Status.IN_REVIEW, seat_unit=case.seat_unit_id)
            .exclude(pk=case.pk)
            .order_by("number")
        )
        return [(case.number, case.revision), *rows.values_list("number", "revision")[:2]]

    def _batch(self, case: Case, me: Actor) -> None:
        verdict = self.chance.choice((Verdict.APPROVE, Verdict.APPROVE, Verdict.SEND_BACK))
        review.decide_many(cases=self._alike(case), verdict=verdict, opinion="同批办理", by=self._seat(case))

    def _recall(self, case: Case, me: Actor) -> None:
        review.recall(case=case, seen=case.revision, by=self._former(case))

    def _recalls(self, case: Case, me: Actor) -> None:
        review.recall_many(cases=self._alike(case), by=self._former(case))

    def _paper(self, case: Case, me: Actor) -> None:
        review.add_paper(
            cases=self._alike(case), name="推荐报告", data=made.picture(), file_name="报告.jpg", by=self._seat(case)
        )

    def _dispatch(self, case: Case, me: Actor) -> None:
        review.dispatch(case=case, seen=case.revision, by=self._seat(case))

    def _sends(self, case: Case, me: Actor) -> None:
        review.dispatch_many(cases=self._alike(case), by=self._seat(case))

    def _ask(self, case: Case, me: Actor) -> None:
        review.ask_opening(case=case, sections=[self.chance.choice(SECTIONS)], reason="还有一处要改", by=me)

    def _grant(self, case: Case, me: Actor) -> None:
        row = OpeningRequest.objects.filter(case=case, answered_at=None).first()
        by = next((desk for desk in self.desks if row is not None and desk.unit == row.unit_id), self._seat(case))
        review.answer_opening(case=case, granted=self.chance.random() < 0.7, say="可以", by=by)

    def _reroute(self, case: Case, me: Actor) -> None:
        place = self.chance.choice(("640104", "640106"))
        Unit.objects.filter(pk=self.school.pk).update(region=place)
        review.reroute(case=case, seen=case.revision, by=self.clerk)

    def check_case(self, case: Case) -> None:
        """The moves told again give what stands on the case, and it lies in one pair of hands."""
        case = made.fresh(case)
        now, told = queries.replay(case), f"{case.number} after {dict(self.told)}"
        assert (now.status, now.step, now.round, now.revision) == (
            case.status, case.step, case.round, case.revision
        ), told  # fmt: skip
        tasks = list(Task.objects.filter(case=case, closed_at=None))
        assert [(task.step, task.unit_id) for task in tasks] == (
            [(case.step, case.seat_unit_id)] if case.status == Status.IN_REVIEW else []
        ), told
        assert [task.cleared_at is not None for task in tasks] == [now.cleared] * len(tasks), told
        moves = list(Movement.objects.filter(case=case).order_by("revision"))
        assert [move.revision for move in moves] == list(range(1, case.revision + 1)), told
        if case.status == Status.COMPLETED:
            self._check_passed(case, moves)

    def _check_passed(self, case: Case, moves: list[Movement]) -> None:
        """Every desk asked passed it, by eyes of its own that sit there, none of them the applicant's."""
        people: dict[str, set[object]] = {}
        for row in moves:
            if row.kind in engine.FORWARD:
                people.setdefault(row.step, set()).add(row.account)
                assert any(by.account == row.account and by.unit == row.unit_id for by in self.desks)
        short = case_queries.answer_at(case, "asking.short") == "1"
        assert set(people) >= ({"unit", "region"} if short else {"unit", "county", "region"})
        last = {row.step: row.account for row in moves if row.kind in engine.FORWARD}
        assert len(set(last.values())) == len(last), f"{case.number}: the same eyes in two seats"
        assert case.person is not None
        assert case.person.account_id not in last.values()

    def check_desks(self) -> None:
        """Counters, matrix and lists tell the same number; the tally is the closed tasks; no case in two seats."""
        today, seats = clock.today(), Counter[object]()
        for desk in {by.unit: by for by in self.desks}.values():
            lists = {
                "waiting": list(queries.inbox(desk)), "cleared": list(queries.cleared_tasks(desk)),
                "returned": list(queries.returned_tasks(desk)), "done": list(queries.done_tasks(desk)),
            }  # fmt: skip
            sizes = {name: len(rows) for name, rows in lists.items()}
            sizes["today"] = sum(clock.china(task.closed_at).date() == today for task in lists["done"])
            assert queries.inbox_counts(desk, today, counters=tuple(sizes)) == sizes
            total = queries.matrix(desk, None, 0, today).total
            assert {name: getattr(total, name) for name in sizes} == sizes
            seats.update(task.case_id for name in ("waiting", "cleared") for task in lists[name])
            assert all(task.case.status == Status.RETURNED for task in lists["returned"])
        held = Task.objects.filter(closed_at=None, held_until__gt=clock.now()).values_list("case_id", flat=True)
        seats.update(held)
        in_review = set(Case.objects.filter(status=Status.IN_REVIEW).values_list("pk", flat=True))
        assert seats == dict.fromkeys(in_review, 1)
        returned = Case.objects.filter(status=Status.RETURNED).values_list("pk", flat=True)
        assert sorted(returned) == sorted(Task.objects.filter(returned=True).values_list("case_id", flat=True))
        self._check_tally()

    def _check_tally(self) -> None:
        counted: Counter[tuple[object, ...]] = Counter()
        for task in Task.objects.exclude(closed_at=None).exclude(verdict=""):
            assert task.closed_at is not None
            day = clock.china(task.closed_at).date()
            counted[task.decided_unit_id, task.role, task.year, day, VERDICTS[Verdict(task.verdict)]] += 1
        kept = {
            (row.unit_id, row.role, row.year, row.day, name): getattr(row, name)
            for row in DeskTally.objects.all()
            for name in VERDICTS.values()
            if getattr(row, name)
        }
        assert kept == counted


@pytest.fixture
def town(world: World, tmp_path: Path) -> Iterator[Town]:
    with living(tmp_path / "catalogue") as service:
        yield Town(world, service, Random(20261122))


def test_whatever_people_do_tables_and_lists_agree(town: Town):
    with time_machine.travel(clock.now(), tick=False) as watch:
        for place in range(ACTS):
            town.act()
            watch.shift(timedelta(minutes=town.chance.choice((0, 1, 2, 5, 12))))
            if place % 24 == 0:
                town.check_desks()
        town.check_desks()

    moved = dict(Movement.objects.values_list("kind").annotate(many=Count("id")))
    assert set(moved) == {kind.value for kind in MoveKind}, town.told
    assert Case.objects.filter(status__in=CLOSED).count() >= 5
