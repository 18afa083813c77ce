"""The pure engine: every exit of a route, every refusal, and what must hold for any sequence of acts."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.cases.terms import CLOSED, EDITABLE, Status
from bole.definitions.terms import Route, Step, Verdict
from bole.kernel.errors import Refused
from bole.review import engine
from bole.review.terms import APPLICANT, END, Decision, Faulty, Move, MoveKind, Standing

BAD_WORK = (Faulty("work", "起止年月与证明不一致"),)


def step(code: str, *targets: str, terminate: bool = True) -> Step:
    verdicts = ["approve", "send_back", *(["terminate"] if terminate else [])]
    return Step.model_validate(
        {
            "step": code,
            "name": f"{code}审核",
            "seat": {"kind": "authority", "level": "county"},
            "role": "reviewer",
            "verdicts": verdicts,
            "send_back_to": [APPLICANT, *targets],
        }
    )


ROUTE = Route.model_validate(
    {
        "route": "three-level",
        "name": "三级",
        "steps": [step("unit", terminate=False), step("county", "unit"), step("city", "unit", "county")],
    }
)


def none(_: Step) -> bool:
    return False


def without(*codes: str) -> Callable[[Step], bool]:
    return lambda one: one.step in codes


def moved(*moves: Move) -> Standing:
    return engine.standing(moves)


def walk(*decisions: Decision, skips: Callable[[Step], bool] = none) -> tuple[Move, ...]:
    moves: tuple[Move, ...] = (engine.submit(ROUTE, (), skips),)
    for decision in decisions:
        moves = (*moves, engine.advance(ROUTE, moves, decision, skips))
    return moves


def approve(code: str) -> Decision:
    return Decision(code, Verdict.APPROVE)


def test_case_without_moves_is_a_draft():
    assert moved() == Standing(Status.DRAFT, "", None, (), 0, 0)


def test_approval_at_every_step_completes():
    moves = walk(approve("unit"), approve("county"), approve("city"))

    assert [move.to for move in moves] == ["unit", "county", "city", END]
    assert moved(*moves) == Standing(Status.COMPLETED, "", None, (), 1, 4)


def test_steps_left_out_are_named_on_the_move():
    moves = walk(approve("unit"), skips=without("county"))

    assert (moves[-1].to, moves[-1].skipped) == ("city", ("county",))


def test_last_steps_left_out_complete_the_case():
    moves = walk(approve("unit"), skips=without("county", "city"))

    assert moved(*moves).status is Status.COMPLETED


def test_route_with_every_step_left_out_is_refused_at_submission():
    with pytest.raises(Refused, match="没有适用于您单位的审核环节"):
        engine.submit(ROUTE, (), without("unit", "county", "city"))


def test_return_opens_only_the_marked_sections():
    moves = walk(approve("unit"), Decision("county", Verdict.SEND_BACK, BAD_WORK))

    assert moved(*moves) == Standing(Status.RETURNED, "", ("work",), BAD_WORK, 1, 3)


def test_return_to_an_earlier_desk_keeps_the_case_in_review():
    moves = walk(approve("unit"), approve("county"), Decision("city", Verdict.SEND_BACK, BAD_WORK, "county"))

    assert (moved(*moves).status, moved(*moves).step) == (Status.IN_REVIEW, "county")


def test_resubmission_after_return_starts_a_new_round():
    moves = walk(approve("unit"), Decision("county", Verdict.SEND_BACK, BAD_WORK))
    moves = (*moves, engine.submit(ROUTE, moves, none))

    assert (moved(*moves).status, moved(*moves).step, moved(*moves).round) == (Status.IN_REVIEW, "unit", 2)


def test_withdrawal_after_a_return_leaves_the_same_sections_open():
    moves = walk(Decision("unit", Verdict.SEND_BACK, BAD_WORK))
    moves = (*moves, engine.submit(ROUTE, moves, none))
    moves = (*moves, engine.withdraw(ROUTE, moves, begun=False, skips=none))

    assert (moved(*moves).status, moved(*moves).open_sections) == (Status.RETURNED, ("work",))


def test_withdrawal_of_a_first_submission_gives_a_draft():
    moves = walk()
    moves = (*moves, engine.withdraw(ROUTE, moves, begun=False, skips=none))

    assert moved(*moves).status is Status.DRAFT


def test_termination_ends_the_case():
    moves = walk(approve("unit"), Decision("county", Verdict.TERMINATE))

    assert moved(*moves).status is Status.TERMINATED


def test_cancelling_ends_a_draft_and_refuses_a_case_in_review():
    assert moved(engine.cancel(())).status is Status.CANCELLED
    with pytest.raises(Refused, match="请先撤回"):
        engine.cancel(walk())


@pytest.mark.parametrize(
    ("moves", "decision", "reason"),
    [
        ((), approve("unit"), "现在不在审核环节"),
        (walk(), approve("county"), "已经不在这个环节"),
        (walk(), Decision("unit", Verdict.TERMINATE), "不能作出「资格不符，终止审核」的决定"),
        (walk(), Decision("unit", Verdict.APPROVE, BAD_WORK), "已标出有误的模块，不能审核通过"),
        (walk(), Decision("unit", Verdict.SEND_BACK), "至少勾选一个有问题的模块"),
        (walk(), Decision("unit", Verdict.SEND_BACK, BAD_WORK, "city"), "不能退回到这里"),
        (walk(approve("unit"), approve("county"), approve("city")), approve("city"), "现在不在审核环节"),
    ],
)
def test_refused_decisions_say_why(moves: tuple[Move, ...], decision: Decision, reason: str):
    with pytest.raises(Refused, match=reason):
        engine.advance(ROUTE, moves, decision, none)


@pytest.mark.parametrize(
    ("moves", "begun", "reason"),
    [
        ((), False, "还没有上报"),
        (walk(), True, "单位已开始审核，不能撤回"),
        (walk(approve("unit")), False, "单位已经审核，不能撤回"),
        (walk(approve("unit"), approve("county"), approve("city")), False, "已经办结，不能撤回"),
    ],
)
def test_refused_withdrawals_say_why(moves: tuple[Move, ...], begun: bool, reason: str):
    with pytest.raises(Refused, match=reason):
        engine.withdraw(ROUTE, moves, begun=begun, skips=none)


@pytest.mark.parametrize("moves", [walk(), walk(approve("unit"), approve("county"), approve("city"))])
def test_submission_is_refused_while_in_review_or_closed(moves: tuple[Move, ...]):
    with pytest.raises(Refused):
        engine.submit(ROUTE, moves, none)


ACTS = st.lists(
    st.one_of(
        st.just("submit"),
        st.just("cancel"),
        st.sampled_from(["withdraw", "withdraw begun"]),
        st.builds(
            Decision,
            st.sampled_from(["unit", "county", "city", "forged"]),
            st.sampled_from(list(Verdict)),
            st.sampled_from([(), BAD_WORK]),
            st.sampled_from([APPLICANT, "unit", "county", "city"]),
        ),
    ),
    max_size=40,
)


@given(acts=ACTS, left_out=st.frozensets(st.sampled_from(["unit", "county", "city"]), max_size=2))
def test_no_sequence_of_acts_loses_a_case_or_approves_it_by_nobody(acts: list[object], left_out: frozenset[str]):
    skips = without(*left_out)
    moves: tuple[Move, ...] = ()
    reasons: list[str] = []
    for act in acts:
        before = engine.standing(moves)
        try:
            match act:
                case "submit":
                    move = engine.submit(ROUTE, moves, skips)
                case "cancel":
                    move = engine.cancel(moves)
                case "withdraw" | "withdraw begun":
                    move = engine.withdraw(ROUTE, moves, begun=act == "withdraw begun", skips=skips)
                case _:
                    assert isinstance(act, Decision)
                    move = engine.advance(ROUTE, moves, act, skips)
        except Refused as refusal:
            reasons.append(refusal.sentence)
            continue
        moves = (*moves, move)
        after = engine.standing(moves)
        assert after.revision == before.revision + 1 == len(moves)
        assert before.status not in CLOSED
        assert (after.status is Status.IN_REVIEW) == bool(after.step)
        assert after.step not in left_out
        assert (after.open_sections is not None) >= (after.status is Status.RETURNED)
    final = engine.standing(moves)
    assert all(reasons)
    assert final.status in (*EDITABLE, Status.IN_REVIEW, *CLOSED)
    if final.status is Status.COMPLETED:
        last_submission = max(i for i, move in enumerate(moves) if move.kind is MoveKind.SUBMITTED)
        passed = {move.step for move in moves[last_submission:] if move.kind is MoveKind.PASSED}
        assert passed >= {one.step for one in ROUTE.steps if not skips(one)}
