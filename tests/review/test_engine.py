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


def step(code: str, *targets: str, terminate: bool = True, dispatch: bool = False) -> Step:
    verdicts = ["approve", "send_back", *(["terminate"] if terminate else [])]
    return Step.model_validate(
        {
            "step": code,
            "name": f"{code}审核",
            "seat": {"kind": "authority", "level": "county"},
            "role": "reviewer",
            "verdicts": verdicts,
            "send_back_to": [APPLICANT, *targets],
            "dispatch": {"requires": ["推荐报告"]} if dispatch else None,
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
    moves = (*moves, engine.withdraw(moves, begun=False))

    assert (moved(*moves).status, moved(*moves).open_sections) == (Status.RETURNED, ("work",))


def test_withdrawal_of_a_first_submission_gives_a_draft():
    moves = walk()
    moves = (*moves, engine.withdraw(moves, begun=False))

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
        engine.withdraw(moves, begun=begun)


@pytest.mark.parametrize("moves", [walk(), walk(approve("unit"), approve("county"), approve("city"))])
def test_submission_is_refused_while_in_review_or_closed(moves: tuple[Move, ...]):
    with pytest.raises(Refused):
        engine.submit(ROUTE, moves, none)


SENDING = Route.model_validate(
    {
        "route": "sending",
        "name": "送审",
        "steps": [step("unit", terminate=False), step("county", "unit", dispatch=True), step("city", "county")],
    }
)


def play(*acts: Decision | str, skips: Callable[[Step], bool] = none, held: bool = True) -> tuple[Move, ...]:
    """Decisions, and "submit", "dispatch", "recall", "reroute", in order, from the first hand-in on."""
    moves: tuple[Move, ...] = ()
    for act in ("submit", *acts):
        match act:
            case "submit":
                move = engine.submit(SENDING, moves, skips)
            case "dispatch":
                move = engine.dispatch(SENDING, moves, engine.standing(moves).step, skips)
            case "recall":
                move = engine.recall(moves, held=held)
            case "reroute":
                move = engine.reroute(moves)
            case _:
                assert isinstance(act, Decision)
                move = engine.advance(SENDING, moves, act, skips)
        moves = (*moves, move)
    return moves


def back(code: str, *, resume: bool = False, target: str = APPLICANT) -> Decision:
    return Decision(code, Verdict.SEND_BACK, BAD_WORK, target, resume)


def test_approval_where_sending_on_is_an_act_of_its_own_only_clears():
    cleared = play(approve("unit"), approve("county"))
    sent = play(approve("unit"), approve("county"), "dispatch")

    assert moved(*cleared) == Standing(Status.IN_REVIEW, "county", None, (), 1, 3, cleared=True)
    assert moved(*sent) == Standing(Status.IN_REVIEW, "city", None, (), 1, 4)


@pytest.mark.parametrize(
    ("acts", "then", "reason"),
    [
        ((approve("unit"),), "dispatch", "还没有审核通过，不能送审"),
        ((approve("unit"), approve("county")), approve("county"), "已经审核通过，不需要再次审核"),
        ((approve("unit"), approve("county"), "dispatch", approve("city")), "dispatch", "现在不在审核环节"),
        ((), "recall", "没有可以收回的"),
        ((approve("unit"), back("county")), "recall", "已经在申报人手中"),
        ((approve("unit"), approve("county"), "dispatch", approve("city")), "recall", "已经办结，不能收回"),
        ((approve("unit"), back("county", target="unit")), "recall", "没有可以收回的"),
    ],
)
def test_refused_sending_and_taking_back_says_why(acts: tuple[Decision | str, ...], then: Decision | str, reason: str):
    with pytest.raises(Refused, match=reason):
        play(*acts, then)


@pytest.mark.parametrize("recalls", [1, 2, 3])
def test_taking_back_undoes_one_act_after_the_other(recalls: int):
    acts = (approve("unit"), approve("county"), "dispatch")

    undone = moved(*play(*acts, *["recall"] * recalls))

    before = moved(*play(*acts[: len(acts) - recalls]))
    assert (undone.step, undone.cleared, undone.round) == (before.step, before.cleared, before.round)
    assert undone.revision == 4 + recalls


def test_taking_back_needs_the_next_desk_not_to_have_seen_it():
    with pytest.raises(Refused, match="下一个环节已经收到"):
        play(approve("unit"), "recall", held=False)
    assert not moved(*play(approve("unit"), approve("county"), "recall", held=False)).cleared


def test_rerouted_it_stays_cleared():
    assert moved(*play(approve("unit"), approve("county"), "reroute")).cleared


def test_mended_it_goes_where_the_reviewer_said():
    moves = play(approve("unit"), back("county", resume=True), "submit")

    assert (moves[-1].to, moved(*moves).round) == ("county", 2)
    assert play(approve("unit"), back("county"), "submit")[-1].to == "unit"
    assert play(approve("unit"), back("county", resume=True), "reroute", "submit")[-1].to == "unit"


def test_nobodys_approval_is_gone_round_on_the_way_back():
    """The county was left out when the city returned it; the answers have changed since."""
    left_out, moves = without("county"), play(approve("unit"), skips=without("county"))
    moves = (*moves, engine.advance(SENDING, moves, back("city", resume=True), left_out))

    assert engine.submit(SENDING, moves, left_out).to == "city"
    assert engine.submit(SENDING, moves, none).to == "county"
    assert engine.submit(SENDING, moves, without("county", "city")).to == "unit"


def test_opening_adds_to_what_is_open():
    moves = play(back("unit"))
    moves = (*moves, engine.open_up(moves, ["honors", "work"]))

    assert (moved(*moves).status, moved(*moves).open_sections) == (Status.RETURNED, ("work", "honors"))
    with pytest.raises(Refused, match="不需要再开放"):
        engine.open_up(play(), ["honors"])


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
                    move = engine.withdraw(moves, begun=act == "withdraw begun")
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
