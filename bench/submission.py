"""「确认无误上报」 of a complete case by its applicant, and the unit's confirmation that follows."""

from collections.abc import Callable

from tests.factories import cases
from tests.factories.organizations import as_unit

from bench import clones, ground
from bench.basic_page import complete_case
from bench.measure import Result, race
from bench.replay import Written, moved_to, send, written_by
from bole.cases.models import Case
from bole.definitions.terms import Verdict
from bole.kernel.actors import Actor
from bole.review import actions as review

AIM = 5.0
ROUNDS, WARM = 21, 4
Act = Callable[[Case, Actor], object]


def run() -> list[Result]:
    """Each act against the rows it writes; every round takes two fresh cases, one for each contestant."""
    world = ground.world()
    pairs = clones.complete_cases(complete_case(), 2 * (ROUNDS + WARM) + 3)
    clerk = as_unit(world.cast.zhou, world.ground.school)

    def submit(case: Case, by: Actor) -> object:
        return review.submit_case(case=case, seen=case.revision, by=by)

    def confirm(case: Case, _: Actor) -> object:
        return review.decide(
            case=case, step=case.step, seen=case.revision, verdict=Verdict.APPROVE, opinion="同意上报", by=clerk
        )

    submission = _race("submission", submit, pairs)
    return [submission, _race("decision", confirm, [(cases.fresh(case), by) for case, by in pairs])]


def _race(name: str, act: Act, pairs: list[tuple[Case, Actor]]) -> Result:
    (model, its_by), rest = pairs[0], pairs[1:]
    written = written_by(lambda: act(model, its_by))
    replays = [_replay(written, model, case) for case, _ in rest[1::2]]
    note = f"{len(written)} writes of {ground.queries(lambda: act(*rest[-2]))} statements"
    return race(
        name,
        lambda place: act(*rest[2 * place]),
        lambda place: send(replays[place]),
        aim=AIM,
        rounds=ROUNDS,
        warm=WARM,
        note=note,
    )


def _replay(written: list[Written], model: Case, case: Case) -> list[Written]:
    keys = {model.pk: case.pk}
    if model.person and case.person:
        keys |= {model.person.pk: case.person.pk}
        if model.person.account_id and case.person.account_id:
            keys |= {model.person.account_id: case.person.account_id}
    return moved_to(written, keys)
