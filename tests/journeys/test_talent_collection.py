"""Every service of business, walked to each end of its route through the real actions; of accounts: test_affairs.py.

The steps, targets and verdicts are read from the catalogue, so that a service that is added is walked as well.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import TestCase

from bole.audit import queries as ledger
from bole.cases import actions as filling
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import Confirmation, Status
from bole.definitions import actions as publishing
from bole.definitions import queries as definitions
from bole.definitions.terms import APPLICANT, SectionKind, Service, Step, Verdict
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused
from bole.notices.models import Message
from bole.people import queries as people
from bole.review import actions as review
from bole.review import queries
from bole.review.models import EffectRun, Movement
from bole.review.terms import Faulty, MoveKind
from tests.factories import cases as made
from tests.factories.organizations import SETUP
from tests.journeys.ground import LEVELS, Ground, make_ground

pytestmark = pytest.mark.both_databases

BUSINESS = "业务申报"
SERVICES = sorted(key for key, service in definitions.catalogue().services.items() if service.category == BUSINESS)


def _business() -> list[tuple[tuple[str, str], Service]]:
    return [(key, definitions.catalogue().services[key]) for key in SERVICES]


def steps_with(verdict: Verdict) -> list[tuple[str, str, str]]:
    """Every step of every service that offers the verdict."""
    return [
        (site, code, step.step)
        for (site, code), service in _business()
        for step in service.route.steps
        if step.option(verdict) is not None
    ]


def returns() -> list[tuple[str, str, str, str]]:
    """Every step of every service with every desk or person it may send a case back to."""
    return [
        (site, code, step.step, target)
        for (site, code), service in _business()
        for step in service.route.steps
        for target in (step.send_back_to if step.option(Verdict.SEND_BACK) is not None else ())
    ]


@pytest.fixture
def stand(db: None) -> Callable[[str, str], Ground]:
    """Makes the ground for a service."""
    publishing.publish_catalogue(by=SETUP)
    return make_ground


@pytest.fixture(autouse=True)
def outbox() -> Iterator[Path]:
    """The file that outgoing messages are appended to, empty at first."""
    path = Path(settings.BOLE_OUTBOX)
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def sent(ground: Ground, level: str = "county") -> Case:
    """A case of the level's person, filled with samples and handed in."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return made.submitted_case(ground.persons[level], ground.me(level), ground.service)


def desk(ground: Ground, case: Case) -> Actor:
    """Somebody who keeps the desk where the case lies."""
    step = next(step for step in ground.service.route.steps if step.step == case.step)
    return ground.holders[case.seat_unit_id, step.role][0]


def pass_to(ground: Ground, case: Case, until: str = "") -> Case:
    """Each desk passes the case, up to the named one or to the end."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        while case.status == Status.IN_REVIEW and case.step != until:
            case = made.approve(case, desk(ground, case), "同意")
    return case


def first_many(service: Service) -> str:
    """A section of records: one that can be marked and mended."""
    return next(one.section for one in service.sections if one.kind is SectionKind.FIELDS and one.many is not None)


def mend_and_send(ground: Ground, case: Case, by: Actor) -> Case:
    """Add a record to what was marked and hand the case in again."""
    made.fill(case, by, only=tuple(case.open_sections or ()))
    made.prove(case, by)
    case = made.fresh(case)
    with TestCase.captureOnCommitCallbacks(execute=True):
        review.submit_case(case=case, seen=case.revision, by=by)
    return made.fresh(case)


def steps_of(ground: Ground, case: Case) -> list[Step]:
    """The desks of this case, without those left out for its unit."""
    left_out = {one.step for one in queries.route_preview(case, ground.service) if one.skipped}
    return [step for step in ground.service.route.steps if step.step not in left_out]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("site", "code"), SERVICES)
def test_every_desk_passes_a_case(stand, site, code, level):
    ground = stand(site, code)
    case = sent(ground, level)
    due = [step.step for step in steps_of(ground, case)]

    walked = []
    while case.status == Status.IN_REVIEW:
        walked.append(case.step)
        case = pass_to(ground, case, until="" if case.step == due[-1] else due[due.index(case.step) + 1])

    assert walked == due
    assert (case.status, case.step, case.seat_unit_id) == (Status.COMPLETED, "", None)
    assert queries.replay(case).status is Status.COMPLETED


@pytest.mark.parametrize(("site", "code"), SERVICES)
def test_levels_without_their_own_desk_leave_it_out(stand, site, code):
    ground = stand(site, code)
    firsts = {}
    for level in LEVELS:
        case = sent(ground, level)
        firsts[level] = [step.seat.level for step in steps_of(ground, case) if step.seat.level is not None]

    for level, levels in firsts.items():
        above = LEVELS[LEVELS.index(level) :]
        assert [one for one in levels if one not in above] == []


@pytest.mark.parametrize(("site", "code"), SERVICES)
def test_effects_run_once_and_what_was_approved_is_verified(stand, site, code):
    ground = stand(site, code)
    person = ground.persons["county"]
    case = sent(ground)
    kinds = {one.record for one in ground.service.sections if one.record and one.section in cases.typed_answers(case)}
    assert {entry.verified for kind in kinds for entry in people.archive(person.pk, kind)} == {False}

    case = pass_to(ground, case)

    ran = sorted(EffectRun.objects.filter(case=case).values_list("effect", flat=True))
    assert ran == sorted((*ground.service.on.submitted, *ground.service.on.completed))
    entries = [entry for kind in kinds for entry in people.archive(person.pk, kind)]
    last = ground.authorities["province"].name
    assert {(entry.verified, entry.verified_by, entry.source_case) for entry in entries} == {(True, last, case.number)}
    assert {kind for kind in kinds if not people.archive(person.pk, kind)} == set()


@pytest.mark.parametrize(("site", "code"), SERVICES)
def test_lists_show_the_facts_of_what_was_handed_in(stand, site, code):
    ground = stand(site, code)
    case = sent(ground)

    columns = {column for column, _ in definitions.column_heads(ground.service)}
    assert case.facts == definitions.facts_of(ground.service, cases.form_of(case, ground.service).values)
    assert set(case.facts) <= columns
    assert any(case.facts.values())


@pytest.mark.parametrize(("site", "code"), SERVICES)
def test_history_tells_each_step_with_who_and_for_whom(stand, site, code):
    ground = stand(site, code)
    case = pass_to(ground, sent(ground))

    lines = list(reversed(queries.history(case)))
    due = steps_of(ground, case)
    assert [line.kind for line in lines] == [MoveKind.SUBMITTED, *[MoveKind.PASSED] * len(due)]
    assert [line.step for line in lines[1:]] == [step.name for step in due]
    assert [line.opinion for line in lines[1:]] == ["同意"] * len(due)
    assert lines[0].who == case.person.name
    assert all(line.unit for line in lines[1:])
    assert "办结" in lines[-1].what
    written = list(ledger.about("case", case.number).values_list("action", flat=True))
    assert written.count("review.case.decided") == len(due)


@pytest.mark.parametrize(("site", "code"), SERVICES)
def test_messages_reach_inbox_and_outbox(stand, outbox, site, code):
    ground = stand(site, code)
    case = pass_to(ground, sent(ground))

    person = ground.persons["county"]
    titles = list(
        Message.objects.filter(account=person.account_id, title__contains=ground.service.name).values_list(
            "title", flat=True
        )
    )
    assert len(titles) == 1 + len(steps_of(ground, case))
    assert f"「{ground.service.name}」审核通过" in titles
    waiting = Message.objects.filter(account=ground.clerk().account, title__contains="等待办理")
    assert waiting.count() == 1
    lines = [json.loads(line) for line in outbox.read_text(encoding="utf-8").splitlines()]
    mine = [line for line in lines if person.phone in json.dumps(line)]
    assert len(mine) >= len(titles)
    assert not any(person.identity_number in json.dumps(line, ensure_ascii=False) for line in lines)


@pytest.mark.parametrize(("site", "code", "step", "target"), returns())
def test_every_return_can_be_mended_to_the_end(stand, site, code, step, target):
    ground = stand(site, code)
    case = pass_to(ground, sent(ground), until=step)
    marked = first_many(ground.service)

    faulty = (Faulty(marked, "请补充"),) if target == APPLICANT else ()
    with TestCase.captureOnCommitCallbacks(execute=True):
        review.decide(
            case=case, step=step, seen=case.revision, verdict=Verdict.SEND_BACK, opinion="请核实", faulty=faulty,
            target=target, by=desk(ground, case),
        )  # fmt: skip
    case = made.fresh(case)

    if target == APPLICANT:
        assert (case.status, case.open_sections, case.step) == (Status.RETURNED, [marked], "")
        told = Message.objects.filter(account=ground.persons["county"].account_id, title__contains="退回修改")
        assert told.count() == 1
        case = mend_and_send(ground, case, ground.me())
        assert (case.step, case.round) == (ground.service.route.steps[0].step, 2)
        assert cases.sections_changed_since(case, 1) == {marked}
    else:
        assert (case.status, case.step) == (Status.IN_REVIEW, target)
        told = Message.objects.filter(account=desk(ground, case).account, title__contains="退回，等待办理")
        assert [message.body.endswith("退回意见请打开查看。") for message in told] == [True]
    assert pass_to(ground, case).status == Status.COMPLETED
    assert Movement.objects.filter(case=case, kind=MoveKind.SENT_BACK).count() == 1


@pytest.mark.parametrize(("site", "code", "step"), steps_with(Verdict.TERMINATE))
def test_every_termination_ends_the_case(stand, site, code, step):
    ground = stand(site, code)
    case = pass_to(ground, sent(ground), until=step)

    with TestCase.captureOnCommitCallbacks(execute=True):
        case = made.terminate(case, desk(ground, case), "不在采集范围")

    assert (case.status, case.step, case.open_key) == (Status.TERMINATED, "", None)
    assert queries.history(case)[0].opinion == "不在采集范围"
    told = Message.objects.filter(account=ground.persons["county"].account_id, title__contains="审核终止")
    assert told.count() == 1
    entries = [
        entry
        for each in ground.service.sections
        if each.record
        for entry in people.archive(case.person_id, each.record)
    ]
    assert not any(entry.verified for entry in entries)
    assert made.open_case(ground.persons["county"], ground.me(), ground.service).status == Status.DRAFT


@pytest.mark.parametrize(("site", "code"), SERVICES)
def test_withdrawn_case_can_be_handed_in_again(stand, site, code):
    ground = stand(site, code)
    case = sent(ground)

    review.withdraw_case(case=case, seen=case.revision, by=ground.me())
    case = made.fresh(case)
    assert (case.status, case.open_sections) == (Status.DRAFT, None)

    review.submit_case(case=case, seen=case.revision, by=ground.me())
    assert pass_to(ground, made.fresh(case)).status == Status.COMPLETED


@pytest.mark.parametrize(("site", "code"), SERVICES)
def test_nothing_is_withdrawn_once_a_desk_has_begun_or_passed_it(stand, site, code):
    ground = stand(site, code)
    case = sent(ground)
    review.begin(case=case, by=desk(ground, case))

    with pytest.raises(Refused, match="单位已开始审核，不能撤回"):
        review.withdraw_case(case=case, seen=case.revision, by=ground.me())
    case = made.approve(case, desk(ground, case))
    with pytest.raises(Refused, match="不能撤回"):
        review.withdraw_case(case=case, seen=case.revision, by=ground.me())


@pytest.mark.parametrize("returned", [False, True])
@pytest.mark.parametrize(("site", "code"), SERVICES)
def test_cancelled_case_is_over_and_frees_the_person(stand, site, code, returned):
    ground = stand(site, code)
    if returned:
        case = made.send_back(sent(ground), ground.clerk(), first_many(ground.service))
    else:
        case = made.open_case(ground.persons["county"], ground.me(), ground.service)

    review.cancel_case(case=case, seen=case.revision, by=ground.me())

    case = made.fresh(case)
    assert (case.status, case.open_key, queries.latest(case).kind) == (Status.CANCELLED, None, MoveKind.CANCELLED)
    assert made.open_case(ground.persons["county"], ground.me(), ground.service).pk != case.pk


@pytest.mark.parametrize("way", [Confirmation.LOG_IN, Confirmation.CODE])
@pytest.mark.parametrize(("site", "code"), SERVICES)
def test_unit_fills_in_and_the_person_confirms(stand, site, code, way):
    ground = stand(site, code)
    case = made.complete_case(ground.persons["county"], ground.clerk(), ground.service)
    with pytest.raises(Refused, match="还没有本人确认"):
        review.submit_case(case=case, seen=case.revision, by=ground.clerk())

    filling.attest(case=case, way=way, by=ground.me() if way is Confirmation.LOG_IN else ground.clerk())
    review.submit_case(case=case, seen=case.revision, by=ground.clerk())

    case = made.fresh(case)
    first, second = steps_of(ground, case)[:2]
    assert case.step == second.step  # the person was the second pair of eyes at the unit's own desk
    kinds = list(Movement.objects.filter(case=case).order_by("revision").values_list("kind", "step"))
    assert kinds == [(MoveKind.SUBMITTED, ""), (MoveKind.PASSED, first.step)]
    assert pass_to(ground, case).status == Status.COMPLETED


@pytest.mark.parametrize(("site", "code"), SERVICES)
def test_unit_fills_in_with_paper_and_its_second_clerk_passes_it(stand, site, code):
    ground = stand(site, code)
    first, second = ground.clerk(place=0), ground.clerk(place=1)
    case = made.complete_case(ground.persons["county"], first, ground.service)
    filling.attest(case=case, way=Confirmation.PAPER, by=first, data=made.picture(), name="签字.jpg")

    review.submit_case(case=case, seen=case.revision, by=first)

    case = made.fresh(case)
    assert case.step == ground.service.route.steps[0].step
    with pytest.raises(Refused, match="由您填写，不能由您审核"):
        made.approve(case, first)
    case = made.approve(case, second)
    assert pass_to(ground, case).status == Status.COMPLETED


@pytest.mark.parametrize(("site", "code"), SERVICES)
def test_confirmation_ends_with_the_next_change(stand, site, code):
    ground = stand(site, code)
    case = made.complete_case(ground.persons["county"], ground.clerk(), ground.service)
    filling.attest(case=case, way=Confirmation.LOG_IN, by=ground.me())

    made.fill(case, ground.clerk(), only=(first_many(ground.service),))

    with pytest.raises(Refused, match="还没有本人确认"):
        review.submit_case(case=case, seen=case.revision, by=ground.clerk())
