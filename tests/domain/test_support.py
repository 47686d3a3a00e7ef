"""A community that lags behind is supported in the policy's ways, until a later round."""

from datetime import date
from typing import Any

import pytest

from domain.refusals import NotAuthorised, NotOnRecord
from domain.review.grading import CorrectGrade
from domain.round.grading import AnnulRound, CloseRound, GradeCity, PublishResults
from domain.round.planning import OpenRound, OpenStage
from domain.support.assignment import (
    AssignmentEnded,
    AssignSupporter,
    BeginSupport,
    EndAssignment,
    SupportBegun,
    SupporterAssigned,
)
from domain.support.outcome import (
    CommunityNotUpgraded,
    CommunityUpgraded,
    ConcludeSupport,
    EndSupport,
    SupportEnded,
)
from domain.support.progress import (
    AnnulSupportEntry,
    MilestoneReached,
    PlanSupport,
    ReachMilestone,
    ReportSupport,
    SupportEntryAnnulled,
    SupportMilestone,
    SupportPlanned,
    SupportReported,
)
from tests.domain.given import POLICY, Given, day
from tests.domain.rounds import (
    BEST,
    MIDDLE,
    PLAN,
    ROUND,
    STAGES,
    WINDOWS,
    WORST,
    act,
    asked,
    assessed,
    first,
    graded,
    published,
    review,
    second,
    votes,
)

S = "support:r.b"
KEYS: dict[str, Any] = {"community": "b", "round": "r"}
PERSON, UNIT, MENTOR, SECRETARY = (kind.code for kind in POLICY.supports)
BEGIN = BeginSupport(effective_from=day("2023-10-20"))
BY_PERSON = AssignSupporter(
    assignment="x1", kind=PERSON, effective_from=day("2023-10-20"), person="wang"
)
MILESTONES = (
    SupportMilestone(milestone="m1", title="健全居民议事会", due_on=day("2024-01-31")),
    SupportMilestone(milestone="m2", title="补建活动室", due_on=day("2024-05-31")),
)
PLANNED = PlanSupport(planned_on=day("2023-11-01"), aim="两年内晋位", milestones=MILESTONES)


def results() -> Given:
    """`b` lags behind in the published round, `a` and `e` do not."""
    return published(a=90, b=30, e=70)


def begun() -> Given:
    return act(results(), S, BEGIN)


def test_support_begins_for_a_published_grade_that_the_policy_has_supported() -> None:
    asked(results(), S, BEGIN).then(
        SupportBegun(**KEYS, effective_from=day("2023-10-20"), grade=WORST)
    )
    asked(results(), "support:r.a", BEGIN).refused(
        f"a is graded {MIDDLE} in 第二轮; support is for"
    )
    asked(graded(b=30), S, BEGIN).refused("is graded and not published yet")
    asked(results(), S, BeginSupport(effective_from=day("2023-10-07"))).refused("is too early")
    asked(results(), S, BEGIN, by="reviewer").refused("cannot begin, assign", NotAuthorised)
    asked(results(), "support:r.zz", BEGIN).refused("no review r.zz", NotOnRecord)
    asked(begun(), S, BEGIN).refused("is on record already")


def test_nobody_is_supported_by_an_annulled_round_or_a_grade_that_was_corrected() -> None:
    annulled = act(results(), ROUND, AnnulRound(annulled_on=day("2023-10-19"), reason="程序违规"))
    asked(annulled, S, BEGIN).refused("is annulled")
    corrected = act(
        begun(),
        review("b"),
        CorrectGrade(corrects=6, grade=MIDDLE, corrected_on=day("2023-10-21"), reason="复核"),
    )
    asked(corrected, S, BY_PERSON).refused(f"b is graded {MIDDLE}")


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
    asked(begun(), S, AssignSupporter(kind=PERSON, unit="u9", **on)).refused("given by one person")
    both = AssignSupporter(kind=UNIT, unit="u9", person="wang", **on)
    asked(begun(), S, both).refused("is given by one unit; fill in unit, and no other")
    asked(begun(), S, AssignSupporter(kind=SECRETARY, **on)).refused("given by one person")
    asked(begun(), S, AssignSupporter(kind="x", unit="u9", **on)).refused("no kind of support x")


def test_a_mentor_has_the_grade_that_the_policy_asks_for_in_the_same_round() -> None:
    mentored = AssignSupporter(kind=MENTOR, mentor="a", effective_from=day("2023-10-20"))
    asked(begun(), S, mentored).refused(f"a is not graded {BEST}")
    best = act(
        begun(),
        review("a"),
        CorrectGrade(corrects=6, grade=BEST, corrected_on=day("2023-10-21"), reason="复核"),
    )
    (event,) = asked(best, S, mentored).events
    assert isinstance(event, SupporterAssigned)
    assert (event.kind, event.mentor) == (MENTOR, "a")


def test_an_assignment_lies_within_the_support_and_ends_once() -> None:
    early = BY_PERSON.model_copy(update={"effective_from": day("2023-10-19")})
    asked(begun(), S, early).refused("lies before 2023-10-20")
    short = BY_PERSON.model_copy(update={"effective_until": day("2023-10-20")})
    asked(begun(), S, short).refused("not after it begins")
    stands = act(begun(), S, BY_PERSON)
    asked(stands, S, BY_PERSON).refused("is on record already")
    end = EndAssignment(assignment="x1", effective_until=day("2024-03-01"), reason="轮换")
    asked(stands, S, end).then(AssignmentEnded(**KEYS, kind=PERSON, **vars(end)))
    asked(stands, S, end.model_copy(update={"assignment": "x2"})).refused(
        "no assignment x2", NotOnRecord
    )
    before = end.model_copy(update={"effective_until": day("2023-10-19")})
    asked(stands, S, before).refused("cannot end on 2023-10-19")
    asked(act(stands, S, end), S, end).refused("ended on 2024-03-01 already")


def test_a_plan_has_milestones_that_are_reached_once() -> None:
    asked(begun(), S, PLANNED).then(SupportPlanned(**KEYS, **vars(PLANNED)))
    twice = PLANNED.model_copy(update={"milestones": (MILESTONES[0], MILESTONES[0])})
    asked(begun(), S, twice).refused("m1 is named twice")
    late = PLANNED.model_copy(update={"planned_on": day("2024-02-01")})
    asked(begun(), S, late).refused("m1 is due on 2024-01-31, before the plan")

    stands = act(begun(), S, PLANNED)
    reach = ReachMilestone(milestone="m1", reached_on=day("2024-01-20"))
    asked(stands, S, reach, by="reviewer").then(
        MilestoneReached(
            **KEYS, milestone="m1", reached_on=day("2024-01-20"), title="健全居民议事会"
        )
    )
    asked(stands, S, reach, by="auditor").refused("cannot report on support", NotAuthorised)
    other = reach.model_copy(update={"milestone": "m9"})
    asked(stands, S, other, by="reviewer").refused("no milestone m9", NotOnRecord)
    stands = act(stands, S, reach, by="reviewer")
    asked(stands, S, reach, by="reviewer").refused("was reached already (entry 3)")
    fewer = PLANNED.model_copy(update={"milestones": MILESTONES[1:]})
    asked(stands, S, fewer).refused("m1 was reached already; keep it")


def test_progress_is_reported_when_it_has_come() -> None:
    report = ReportSupport(reported_on=day("2024-02-01"), progress="议事会已开两次")
    asked(begun(), S, report, by="recorder").then(SupportReported(**KEYS, **vars(report)))
    asked(begun(), S, report, by="recorder", today=day("2024-01-31")).refused("has not come yet")


def test_what_was_recorded_wrongly_is_annulled_once() -> None:
    stands = act(act(begun(), S, PLANNED), S, BY_PERSON)
    end = EndAssignment(assignment="x1", effective_until=day("2024-03-01"), reason="轮换")
    stands = act(stands, S, end)
    annul = AnnulSupportEntry(annuls=4, reason="误录")

    outcome = asked(stands, S, annul)

    outcome.then(SupportEntryAnnulled(**KEYS, annuls=4, reason="误录"))
    assert outcome.state().assignments["x1"].effective_until is None
    asked(act(stands, S, annul), S, annul).refused("was annulled already")
    asked(stands, S, AnnulSupportEntry(annuls=1, reason="误录")).refused("states nothing that can")
    asked(stands, S, AnnulSupportEntry(annuls=9, reason="误录")).refused("no entry 9", NotOnRecord)
    both = act(act(stands, S, annul), S, AnnulSupportEntry(annuls=3, reason="误录"))
    asked(both, S, end).refused("no assignment x1", NotOnRecord)


def next_round(percent: int) -> Given:
    """The support of `b`, and the round of 2025 in which it was given so many per cent."""
    stream = "round:q"
    later = {name: day(text) for name, text in DAYS.items()}
    windows = tuple(
        w.model_copy(
            update={
                "planned_from": w.planned_from.replace(year=2025),
                "planned_until": w.planned_until.replace(year=2025),
            }
        )
        for w in WINDOWS
    )
    plan = PLAN.model_copy(
        update={"begins_on": later["begin"], "cutoff_on": later["cutoff"], "windows": windows}
    )
    stands = act(begun(), ROUND, CloseRound(closed_on=day("2023-10-20")))
    commands: list[Any] = [
        plan,
        OpenRound(communities=("b",), opened_on=later["begin"]),
        *(OpenStage(stage=stage, opened_on=later["begin"]) for stage in STAGES),
    ]
    for command in commands:
        stands = act(stands, stream, command, today=TODAY)
    held = tuple(each.model_copy(update={"held_on": later["act"]}) for each in votes().assemblies)
    steps: list[Any] = [
        votes().model_copy(update={"assemblies": held}),
        *(
            each.model_copy(update={"scored_on": later["act"]})
            for each in (assessed(percent), first(percent), second(percent))
        ),
    ]
    for step in steps:
        stands = act(stands, "review:q.b", step, today=TODAY)
    stands = act(stands, stream, GradeCity(graded_on=later["act"]), today=TODAY)
    return act(stands, stream, PublishResults(published_on=later["published"]), today=TODAY)


TODAY = date(2026, 1, 1)
DAYS = {
    "begin": "2025-05-01",
    "cutoff": "2025-04-30",
    "act": "2025-06-01",
    "published": "2025-10-01",
}
CONCLUDE = ConcludeSupport(next_round="q", concluded_on=day("2025-10-09"))


def test_a_better_grade_in_the_next_round_ends_the_support_as_an_upgrade() -> None:
    asked(next_round(70), S, CONCLUDE, today=TODAY).then(
        CommunityUpgraded(
            **KEYS,
            concluded_on=day("2025-10-09"),
            next_round="q",
            grade_before=WORST,
            grade=MIDDLE,
        )
    )


def test_without_an_upgrade_it_must_be_said_what_follows() -> None:
    stands = next_round(20)
    asked(stands, S, CONCLUDE, today=TODAY).refused("it must be said what follows")
    said = CONCLUDE.model_copy(update={"consequence": "约谈并继续帮扶"})
    asked(stands, S, said, today=TODAY).then(
        CommunityNotUpgraded(
            **KEYS,
            concluded_on=day("2025-10-09"),
            next_round="q",
            grade_before=WORST,
            grade=WORST,
            consequence="约谈并继续帮扶",
        )
    )
    again = act(stands, S, said, today=TODAY)
    begin = BeginSupport(effective_from=day("2025-10-10"))
    assert asked(again, "support:q.b", begin, today=TODAY).refusal is None


@pytest.mark.parametrize(
    ("command", "part"),
    [
        (CONCLUDE.model_copy(update={"next_round": "r"}), "no published results that are later"),
        (CONCLUDE.model_copy(update={"next_round": "zz"}), "no published results that are later"),
        (CONCLUDE.model_copy(update={"concluded_on": day("2025-09-30")}), "is too early"),
    ],
)
def test_a_support_is_concluded_by_a_later_published_round(
    command: ConcludeSupport, part: str
) -> None:
    asked(next_round(70), S, command, today=TODAY).refused(part)


def test_a_support_ends_early_with_a_reason_and_takes_nothing_more() -> None:
    end = EndSupport(ended_on=day("2024-02-01"), reason="社区已撤并")
    asked(begun(), S, end).then(SupportEnded(**KEYS, **vars(end)))
    early = end.model_copy(update={"ended_on": day("2023-10-01")})
    asked(begun(), S, early).refused("lies before 2023-10-20")
    stands = act(begun(), S, end)
    for command in (BY_PERSON, PLANNED, end, AnnulSupportEntry(annuls=1, reason="误录")):
        asked(stands, S, command).refused("ended on 2024-02-01; begin another one")
