"""A community that lags behind is supported in the policy's ways, one support at a time."""

from datetime import date
from typing import Any

from domain.community.lineage import AbolishCommunity
from domain.grading.annulment import AnnulRound
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.review.grading import CorrectGrade
from domain.review.opening import WithdrawReview
from domain.support.assignment import AssignSupporter, BeginSupport, EndAssignment
from domain.support.events import AssignmentEnded, SupportBegun, SupporterAssigned
from domain.support.outcome import EndSupport
from domain.support.progress import AnnulSupportEntry, ReachMilestone, ReportSupport
from tests.domain.given import day
from tests.domain.rounds import (
    GRADE,
    MIDDLE,
    PUBLISH,
    ROUND,
    WORST,
    act,
    asked,
    graded,
    opened,
    review,
    scored,
)
from tests.domain.supports import (
    BEGIN,
    BY_PERSON,
    CONCLUDE,
    KEYS,
    MENTOR,
    PERSON,
    PLANNED,
    SECRETARY,
    TODAY,
    UNIT,
    S,
    begun,
    next_round,
    results,
)


def test_support_begins_for_a_published_grade_that_the_policy_has_supported() -> None:
    asked(results(), S, BEGIN).then(
        SupportBegun(**KEYS, effective_from=day("2023-10-20"), grade=WORST)
    )
    asked(results(), "support:r.a", BEGIN).refused("support.grade-not-supported")
    asked(graded(b=30), S, BEGIN).refused("round.not-in-phase")
    asked(results(), S, BeginSupport(effective_from=day("2023-10-07"))).refused(
        "support.before-results"
    )
    asked(results(), S, BEGIN, by="reviewer").refused("role.lacking", NotAuthorised)
    asked(results(), "support:r.zz", BEGIN).refused("support.no-review", NotOnRecord)
    asked(begun(), S, BEGIN).refused("support.begun-already")


def test_nobody_is_supported_by_an_annulled_round_or_a_grade_that_was_corrected() -> None:
    annulled = act(results(), ROUND, AnnulRound(annulled_on=day("2023-10-19"), reason="程序违规"))
    asked(annulled, S, BEGIN).refused("round.not-in-phase")
    corrected = act(
        begun(),
        review("b"),
        CorrectGrade(corrects=6, grade=MIDDLE, corrected_on=day("2023-10-21"), reason="复核"),
    )
    asked(corrected, S, BY_PERSON).refused("support.grade-not-supported")


def test_a_community_that_left_the_round_is_not_supported() -> None:
    left = WithdrawReview(withdrawn_on=day("2023-07-01"), reason="街道意见")
    stands = act(opened("a", "b", "e"), review("b"), left)
    for community in ("a", "e"):
        stands = scored(stands, community)
    for command in (GRADE, PUBLISH):
        stands = act(stands, ROUND, command)

    asked(stands, S, BEGIN).refused("support.not-graded")


def test_each_kind_is_given_by_whom_the_policy_says() -> None:
    asked(begun(), S, BY_PERSON).then(
        SupporterAssigned(
            **KEYS,
            assignment="x1",
            kind=PERSON,
            effective_from=day("2023-10-20"),
            person="wang",
        )
    )
    on: dict[str, Any] = {"effective_from": day("2023-10-20")}
    asked(begun(), S, AssignSupporter(kind=PERSON, unit="u9", **on)).refused(
        "support.giver-does-not-fit"
    )
    both = AssignSupporter(kind=UNIT, unit="u9", person="wang", **on)
    asked(begun(), S, both).refused("support.giver-does-not-fit")
    asked(begun(), S, AssignSupporter(kind=SECRETARY, **on)).refused("support.giver-does-not-fit")
    asked(begun(), S, AssignSupporter(kind="x", unit="u9", **on)).refused(
        "policy.unknown-code", code="x"
    )


def test_a_mentor_has_the_grade_that_the_policy_asks_for_in_the_same_round() -> None:
    mentored = AssignSupporter(kind=MENTOR, mentor="a", effective_from=day("2023-10-20"))
    lower = act(
        begun(),
        review("a"),
        CorrectGrade(corrects=6, grade=MIDDLE, corrected_on=day("2023-10-21"), reason="复核"),
    )
    asked(lower, S, mentored).refused("support.mentor-not-of-grade")
    (event,) = asked(begun(), S, mentored).events
    assert isinstance(event, SupporterAssigned)
    assert (event.kind, event.mentor) == (MENTOR, "a")


def test_an_assignment_lies_within_the_support_and_ends_once() -> None:
    early = BY_PERSON.model_copy(update={"effective_from": day("2023-10-19")})
    asked(begun(), S, early).refused("support.before-beginning")
    short = BY_PERSON.model_copy(update={"effective_until": day("2023-10-20")})
    asked(begun(), S, short).refused("support.assignment-without-days")
    stands = act(begun(), S, BY_PERSON)
    asked(stands, S, BY_PERSON).refused("support.assignment-on-record")
    end = EndAssignment(assignment="x1", effective_until=day("2024-03-01"), reason="轮换")
    asked(stands, S, end).then(AssignmentEnded(**KEYS, kind=PERSON, **vars(end)))
    asked(stands, S, end.model_copy(update={"assignment": "x2"})).refused(
        "support.no-assignment", NotOnRecord
    )
    before = end.model_copy(update={"effective_until": day("2023-10-19")})
    asked(stands, S, before).refused("support.assignment-not-begun")
    asked(act(stands, S, end), S, end).refused("support.assignment-ended")
    brief = BY_PERSON.model_copy(update={"effective_until": day("2024-02-01")})
    asked(act(begun(), S, brief), S, end).refused("support.assignment-ends-earlier")


def test_a_community_has_one_support_at_a_time() -> None:
    stands, again = next_round(20), BeginSupport(effective_from=CONCLUDE.concluded_on)
    later = "support:q.b"
    asked(stands, later, again, today=TODAY).refused("support.one-at-a-time")
    what_follows = CONCLUDE.model_copy(update={"consequence": "转为重点帮扶"})
    concluded = act(stands, S, what_follows, today=TODAY)
    both = act(concluded, later, again, today=TODAY)
    early = again.model_copy(update={"effective_from": day("2025-10-08")})
    asked(concluded, later, early, today=TODAY).refused("support.one-at-a-time")
    undo = AnnulSupportEntry(annuls=2, reason="误录")
    asked(both, S, undo, today=TODAY).refused("support.one-at-a-time")
    assert asked(concluded, S, undo, today=TODAY).refusal is None


def test_a_community_that_stands_no_longer_is_not_supported() -> None:
    gone = AbolishCommunity(effective_from=day("2023-10-25"))
    late = BeginSupport(effective_from=day("2023-11-01"))
    abolished = act(results(), "community:b", gone)
    asked(abolished, S, late).refused("lifetime.ended", title="乙社区", day=day("2023-11-01"))
    assert asked(abolished, S, BEGIN).refusal is None

    stands = act(act(begun(), S, PLANNED), "community:b", gone)
    after: list[Any] = [
        BY_PERSON.model_copy(update={"effective_from": day("2023-11-02")}),
        PLANNED.model_copy(update={"planned_on": day("2023-11-02")}),
    ]
    told: list[Any] = [
        ReachMilestone(milestone="m1", reached_on=day("2023-11-02")),
        ReportSupport(reported_on=day("2023-11-02"), progress="议事会已开两次"),
    ]
    for command in after:
        asked(stands, S, command).refused("lifetime.ended", title="乙社区", day=day("2023-11-02"))
    for command in told:
        asked(stands, S, command, by="reviewer").refused(
            "lifetime.ended", title="乙社区", day=day("2023-11-02")
        )
    assert asked(stands, S, BY_PERSON).refusal is None
    end = EndSupport(ended_on=day("2023-11-02"), reason="社区已撤并")
    assert asked(stands, S, end).refusal is None


def test_no_assignment_lies_outside_its_support() -> None:
    summer = BY_PERSON.model_copy(update={"effective_from": day("2024-06-01")})
    end = EndSupport(ended_on=day("2024-02-01"), reason="评定等次已更正")
    stands = act(begun(), S, summer)
    asked(stands, S, end, today=date(2024, 7, 1)).refused("support.ends-before-entry")
    # What was still to come on the day of recording falls away with the support.
    assert asked(stands, S, end, today=date(2024, 2, 1)).refusal is None
    handed_over = EndAssignment(assignment="x1", effective_until=day("2024-03-01"), reason="轮换")
    over = act(act(begun(), S, BY_PERSON), S, handed_over)
    asked(over, S, end, today=date(2024, 7, 1)).refused("support.ends-before-entry")
    for version in (3, 2):
        over = act(over, S, AnnulSupportEntry(annuls=version, reason="误录"))
    assert asked(over, S, end, today=date(2024, 7, 1)).refusal is None


def test_nobody_gives_the_same_kind_of_support_twice_on_one_day() -> None:
    stands = act(begun(), S, BY_PERSON)
    again = BY_PERSON.model_copy(update={"assignment": None})
    later = again.model_copy(update={"effective_from": day("2024-03-01")})

    asked(stands, S, again).refused("statement.repeated", entry=2)
    asked(stands, S, later).refused("statement.repeated", entry=2)
    assert asked(stands, S, again.model_copy(update={"person": "qian"})).refusal is None
    end = EndAssignment(assignment="x1", effective_until=day("2024-03-01"), reason="轮换")
    assert asked(act(stands, S, end), S, later).refusal is None
    void = act(stands, S, AnnulSupportEntry(annuls=2, reason="误录"))
    assert asked(void, S, again).refusal is None
