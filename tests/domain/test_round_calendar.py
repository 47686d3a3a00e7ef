"""A year has one round, a community is in one at a time, and a round fixes its type till closed."""

from datetime import timedelta
from typing import Any

import pytest

from domain.classification.classification import (
    AnnulClassification,
    ClassifyCommunity,
    CorrectClassification,
    RepealClassification,
)
from domain.classification.reclassification import (
    ApproveReclassification,
    EndorseReclassification,
    ProposeReclassification,
)
from domain.community.events import ClassificationCorrected
from domain.grading.annulment import AnnulRound
from domain.grading.entering import AdmitCommunities, OpenRound
from domain.kernel.command import Command
from domain.kernel.event import StreamEvent
from domain.review.corrections import ImposeVeto
from domain.review.events import ReviewOpened
from domain.review.opening import WithdrawReview
from domain.round.events import (
    CommunitiesEntered,
    CommunitiesReentered,
    RoundConcluded,
    RoundScheduled,
    RoundUnscheduled,
)
from tests.domain.given import Given, Outcome, day
from tests.domain.rounds import (
    BEGIN,
    CLOSE,
    OTHER_TYPE,
    PLAN,
    ROUND,
    TYPE,
    VETO,
    act,
    asked,
    assessed,
    community,
    opened,
    planned,
    published,
    refused,
    review,
    scored,
    votes,
)

CUTOFF = PLAN.cutoff_on
BEHIND = day("2023-05-01")
NEXT = "round:n"
PLAN_NEXT = PLAN.model_copy(
    update={
        "title": "第三轮",
        "begins_on": day("2025-05-01"),
        "windows": tuple(
            each.model_copy(
                update={
                    "planned_from": each.planned_from.replace(year=2025),
                    "planned_until": each.planned_until.replace(year=2025),
                }
            )
            for each in PLAN.windows
        ),
    }
)
OPEN = OpenRound(communities=("a",), opened_on=BEGIN)
ANNUL = AnnulRound(annulled_on=day("2023-06-01"), reason="程序违规")
WITHDRAW = WithdrawReview(withdrawn_on=day("2023-08-20"), reason="截止日类型有误")
ADMIT = AdmitCommunities(communities=("a",), admitted_on=day("2023-08-22"))
OPEN_NEXT = OPEN.model_copy(update={"opened_on": day("2025-05-01")})
LATER = day("2025-06-30")
A = "community:a"


def of_type(stands: Given, command: Command[Any]) -> Outcome:
    """What comes of a command about the type of `a`."""
    return asked(stands, A, command, by="decider", person="zhao")


def test_a_round_takes_its_year_in_the_calendar_and_keeps_it_when_it_is_closed() -> None:
    *_, scheduled = asked(planned(), NEXT, PLAN_NEXT).events
    assert scheduled == StreamEvent(
        "calendar",
        RoundScheduled(round="n", title="第三轮", begins_on=PLAN_NEXT.begins_on, cutoff_on=CUTOFF),
    )
    asked(planned(), NEXT, PLAN).refused("round.year-taken")
    outcome = asked(published(a=90), ROUND, CLOSE)
    assert outcome.events[-1] == StreamEvent(
        "calendar", RoundConcluded(round="r", concluded_on=CLOSE.closed_on)
    )
    closed = act(published(a=90), ROUND, CLOSE)
    asked(closed, NEXT, PLAN).refused("round.year-taken")


def test_an_annulled_round_gives_its_year_up() -> None:
    outcome = asked(planned(), ROUND, ANNUL)
    gone = RoundUnscheduled(round="r", unscheduled_on=ANNUL.annulled_on)
    assert outcome.events[-1] == StreamEvent("calendar", gone)

    assert asked(act(planned(), ROUND, ANNUL), NEXT, PLAN).refusal is None


def test_a_community_takes_part_in_one_round_at_a_time() -> None:
    stands = act(opened("a", "b"), NEXT, PLAN_NEXT)

    refused(
        asked(stands, NEXT, OPEN_NEXT, today=LATER),
        "round.cannot-take-part",
        reasons=["round.takes-part-already"],
    )
    elsewhere = OPEN_NEXT.model_copy(update={"communities": ("e",)})
    assert asked(stands, NEXT, elsewhere, today=LATER).refusal is None
    more = act(stands, NEXT, elsewhere, today=LATER)
    admit = ADMIT.model_copy(update={"admitted_on": day("2025-05-03")})
    refused(
        asked(more, NEXT, admit, today=LATER),
        "round.cannot-take-part",
        reasons=["round.takes-part-already"],
    )


@pytest.mark.parametrize("leaves", ["withdrawn", "closed", "annulled"])
def test_who_left_a_round_or_whose_round_is_over_may_take_part_in_the_next(leaves: str) -> None:
    stands = {
        "withdrawn": lambda: act(opened("a", "b"), review("a"), WITHDRAW),
        "closed": lambda: act(published(a=90), ROUND, CLOSE),
        "annulled": lambda: act(opened("a", "b"), ROUND, ANNUL),
    }[leaves]()

    assert asked(act(stands, NEXT, PLAN_NEXT), NEXT, OPEN_NEXT, today=LATER).refusal is None


PROPOSAL = ProposeReclassification(
    proposal="p", type=OTHER_TYPE, effective_from=CUTOFF, reason="改造", origin="community"
)


def endorsed(stands: Given) -> Given:
    stands = act(stands, A, PROPOSAL, by="recorder", person="rec")
    return act(stands, A, EndorseReclassification(proposal="p"), by="reviewer", person="rev")


def changes(on: Any) -> dict[str, Command[Any]]:
    """A change of the type of `a`, which entry 2 states from 2021-03-31, by each command."""
    return {
        "reclassified": ApproveReclassification(proposal="p", effective_from=on),
        "repealed": RepealClassification(repeals=2, effective_until=on, reason="类型已不适用"),
        "corrected": CorrectClassification(
            corrects=2, type=OTHER_TYPE, effective_from=on, reason="划分有误"
        ),
        "annulled": AnnulClassification(annuls=2, reason="划分有误"),
    }


@pytest.mark.parametrize("how", changes(CUTOFF))
def test_a_round_fixes_the_type_of_the_cut_off_day_until_it_is_closed(how: str) -> None:
    command = changes(CUTOFF)[how]

    for stands in (opened("a"), published(a=90)):
        of_type(endorsed(stands), command).refused("round.type-fixed")
    assert of_type(endorsed(opened("b")), command).refusal is None
    assert of_type(endorsed(planned()), command).refusal is None
    assert of_type(endorsed(act(published(a=90), ROUND, CLOSE)), command).refusal is None


@pytest.mark.parametrize("how", ["reclassified", "repealed"])
def test_a_type_changes_behind_the_cut_off_day_while_a_round_runs(how: str) -> None:
    assert of_type(endorsed(opened("a")), changes(BEHIND)[how]).refusal is None


def test_a_correction_that_moves_a_type_behind_the_cut_off_day_changes_what_was_fixed() -> None:
    refused(
        of_type(opened("a"), changes(BEHIND)["corrected"]),
        "round.type-fixed",
        day=day("2021-03-31"),
    )


def test_a_type_before_the_cut_off_is_not_stated_late_while_a_round_runs() -> None:
    command = ClassifyCommunity(type=OTHER_TYPE, effective_from=day("2020-01-01"))
    of_type(opened("a"), command).refused(
        "classification.later-present", title="甲社区", effective_from=day("2021-03-31"), entry=2
    )
    untyped = opened("b").with_("community:f", *community("己社区", type=None))
    assert asked(untyped, "community:f", command, by="decider").refusal is None


def test_a_correction_behind_the_cut_off_is_annulled_only_with_what_it_restores_unfixed() -> None:
    corrected = ClassificationCorrected(
        corrects=2, type=OTHER_TYPE, effective_from=day("2022-01-01"), reason="划分有误"
    )
    stands = planned().with_(A, corrected)
    annul = AnnulClassification(annuls=3, reason="更正有误")
    refused(of_type(act(stands, ROUND, OPEN), annul), "round.type-fixed", day=day("2021-03-31"))
    assert of_type(stands, annul).refusal is None


def test_a_mistaken_type_is_mended_by_leaving_the_round_and_entering_it_anew() -> None:
    stands = scored(opened("a", "b"), "a")
    veto = ImposeVeto(veto=VETO, imposed_on=day("2023-07-20"), reason="虚报数据")
    early = WITHDRAW.model_copy(update={"withdrawn_on": day("2023-08-01")})
    refused(asked(stands, review("a"), early), "round.day-too-early", since=day("2023-08-10"))
    stands = act(act(stands, review("a"), veto), review("a"), WITHDRAW)
    correct = changes(day("2021-03-31"))["corrected"]
    assert of_type(stands, correct).refusal is None
    stands = act(stands, A, correct, by="decider", person="zhao")

    outcome = asked(stands, ROUND, ADMIT)

    told, entered = outcome.events  # it is on the round's list already
    assert told == CommunitiesReentered(
        round="r", entered_on=ADMIT.admitted_on, count=1, communities=("a",)
    )
    assert isinstance(entered, StreamEvent)
    assert isinstance(entered.event, ReviewOpened)
    state = outcome.state(review("a"))
    assert (state.type, state.withdrawn, state.scores) == (OTHER_TYPE, False, {})
    assert set(state.vetoes) == {VETO}
    assert state.struck == {2: 8, 3: 8, 4: 8, 5: 8}
    again = act(stands, ROUND, ADMIT)
    refused(
        asked(again, ROUND, ADMIT), "round.cannot-take-part", reasons=["round.takes-part-already"]
    )
    repeal = RepealClassification(repeals=3, effective_until=CUTOFF, reason="类型已不适用")
    of_type(again, repeal).refused("round.type-fixed")


def test_a_community_enters_anew_behind_its_leaving_and_acts_behind_its_entering() -> None:
    stands = act(opened("a", "b"), review("a"), WITHDRAW)
    early = ADMIT.model_copy(update={"admitted_on": WITHDRAW.withdrawn_on - timedelta(days=1)})
    refused(asked(stands, ROUND, early), "round.cannot-take-part", reasons=["round.left-later"])
    stands = act(stands, ROUND, ADMIT)
    before = ADMIT.admitted_on - timedelta(days=1)

    left = WITHDRAW.model_copy(update={"withdrawn_on": before})
    refused(asked(stands, review("a"), left), "round.day-too-early", since=ADMIT.admitted_on)
    stands = act(stands, review("a"), votes())  # its assemblies are counted anew, not held anew
    own = assessed().model_copy(update={"scored_on": before})
    refused(asked(stands, review("a"), own), "round.day-too-early", since=ADMIT.admitted_on)
    on_the_day = assessed().model_copy(update={"scored_on": ADMIT.admitted_on})
    assert asked(stands, review("a"), on_the_day).refusal is None


def test_who_enters_anew_and_who_enters_late_come_in_with_one_command() -> None:
    stands = act(opened("a", "b"), review("a"), WITHDRAW)

    outcome = asked(stands, ROUND, ADMIT.model_copy(update={"communities": ("e", "a")}))

    first, again, *reviews = outcome.events
    assert first == CommunitiesEntered(
        round="r", entered_on=ADMIT.admitted_on, count=1, communities=("e",)
    )
    assert isinstance(again, CommunitiesReentered)
    assert [each.stream for each in reviews if isinstance(each, StreamEvent)] == [
        review("e"),
        review("a"),
    ]
    assert outcome.state(review("a")).type == TYPE
