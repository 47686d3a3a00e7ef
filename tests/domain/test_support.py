"""A community that lags behind is supported in the policy's ways, until a later round."""

from datetime import date
from typing import Any

import pytest

from domain.event import On
from domain.policy import called
from domain.refusals import NotAuthorised, NotOnRecord
from domain.review.grading import CorrectGrade
from domain.round.annulment import AnnulRound
from domain.round.entering import OpenRound
from domain.round.grading import GradeCity
from domain.round.planning import OpenStage
from domain.round.publication import CloseRound, PublishResults
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
    MilestoneTask,
    PlanSupport,
    ReachMilestone,
    ReportSupport,
    SupportEntryAnnulled,
    SupportMilestone,
    SupportPlanned,
    SupportReported,
)
from domain.support.tasks import AssignSupportTasks, SupportTasked
from domain.task.assignment import Assignment, TaskAssigned, TaskCancelled, task_id
from domain.task.completion import (
    AcceptTask,
    AnnulTaskStep,
    CloseOutTask,
    ReportTask,
    TaskStepAnnulled,
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
PLAN_STATED = SupportPlanned(
    **KEYS, planned_on=day("2023-11-01"), aim="两年内晋位", milestones=MILESTONES
)


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
        f"a is graded {called('grade', MIDDLE).en} in 第二轮; support is for"
    )
    asked(graded(b=30), S, BEGIN).refused("is graded and not published yet")
    asked(results(), S, BeginSupport(effective_from=day("2023-10-07"))).refused("is too early")
    asked(results(), S, BEGIN, by="reviewer").refused("cannot begin, assign", NotAuthorised)
    asked(results(), "support:r.zz", BEGIN).refused("no review r.zz", NotOnRecord)
    asked(begun(), S, BEGIN).refused(
        "The support of community:b after the round r was begun on 2023-10-20 already; assign"
    )


def test_nobody_is_supported_by_an_annulled_round_or_a_grade_that_was_corrected() -> None:
    annulled = act(results(), ROUND, AnnulRound(annulled_on=day("2023-10-19"), reason="程序违规"))
    asked(annulled, S, BEGIN).refused("is annulled")
    corrected = act(
        begun(),
        review("b"),
        CorrectGrade(corrects=6, grade=MIDDLE, corrected_on=day("2023-10-21"), reason="复核"),
    )
    asked(corrected, S, BY_PERSON).refused(f"b is graded {called('grade', MIDDLE).en}")


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
    asked(begun(), S, mentored).refused(f"a is not graded {called('grade', BEST).en}")
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
    asked(begun(), S, PLANNED).then(PLAN_STATED)
    twice = PLANNED.model_copy(update={"milestones": (MILESTONES[0], MILESTONES[0])})
    asked(begun(), S, twice).refused("m1 is named twice")
    late = PLANNED.model_copy(update={"planned_on": day("2024-02-01")})
    asked(begun(), S, late).refused("健全居民议事会 is due on 2024-01-31, before the plan")

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
    # What was reached keeps its day; only what is still ahead needs a day to come.
    kept = PLANNED.model_copy(update={"planned_on": day("2024-02-01")})
    asked(stands, S, kept).then(PLAN_STATED.model_copy(update={"planned_on": day("2024-02-01")}))


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


def test_a_community_has_one_support_at_a_time() -> None:
    stands, again = next_round(20), BeginSupport(effective_from=CONCLUDE.concluded_on)
    later, why = "support:q.b", "b is supported by support:r.b already, from 2023-10-20 "
    asked(stands, later, again, today=TODAY).refused(why + "on; conclude that one")
    what_follows = CONCLUDE.model_copy(update={"consequence": "转为重点帮扶"})
    concluded = act(stands, S, what_follows, today=TODAY)
    both = act(concluded, later, again, today=TODAY)
    early = again.model_copy(update={"effective_from": day("2025-10-08")})
    asked(concluded, later, early, today=TODAY).refused(why + "until 2025-10-09")
    undo = AnnulSupportEntry(annuls=2, reason="误录")
    asked(both, S, undo, today=TODAY).refused("is supported by support:q.b already")
    assert asked(concluded, S, undo, today=TODAY).refusal is None


def test_a_support_ends_early_with_a_reason_and_takes_nothing_more() -> None:
    end = EndSupport(ended_on=day("2024-02-01"), reason="社区已撤并")
    asked(begun(), S, end).then(SupportEnded(**KEYS, **vars(end)))
    early = end.model_copy(update={"ended_on": day("2023-10-01")})
    asked(begun(), S, early).refused("lies before 2023-10-20")
    stands = act(begun(), S, end)
    for command in (BY_PERSON, PLANNED, end, AnnulSupportEntry(annuls=1, reason="误录")):
        asked(stands, S, command).refused("ended on 2024-02-01; begin another one")


def test_a_support_does_not_end_before_what_was_done_in_it() -> None:
    stands = act(begun(), S, PLANNED)
    reach = ReachMilestone(milestone="m1", reached_on=day("2024-03-10"))
    report = ReportSupport(reported_on=day("2024-04-01"), progress="议事会已开两次")
    stands = act(act(stands, S, reach, by="reviewer"), S, report, by="reviewer")
    end = EndSupport(ended_on=day("2024-02-10"), reason="社区已撤并")
    asked(begun(), S, end.model_copy(update={"ended_on": day("2023-10-20")})).state()

    asked(stands, S, end).refused("Entry 4 of the support is of 2024-04-01, after 2024-02-10")
    asked(stands, S, end.model_copy(update={"ended_on": day("2024-04-01")})).state()
    annul = AnnulRound(annulled_on=end.ended_on, reason="程序违规")
    asked(stands, ROUND, annul).refused("Entry 4 of the support is of 2024-04-01")
    late = ReportSupport(reported_on=day("2025-10-20"), progress="议事会照常召开")
    known = next_round(70).after(S, late, by="reviewer", jurisdiction="c", today=TODAY)
    asked(known, S, CONCLUDE, today=TODAY).refused("Entry 2 of the support is of 2025-10-20")
    # What was recorded wrongly does not count.
    for version in (4, 3):
        stands = act(stands, S, AnnulSupportEntry(annuls=version, reason="误录"))
    asked(stands, S, end).state()


STATED: dict[str, Any] = {"unit": "street", "person": "wang", "due_on": day("2024-01-15")}
WITH_TASKS = PLANNED.model_copy(
    update={
        "tasks": (
            MilestoneTask(milestone="m1", title="推选成员", **STATED),
            MilestoneTask(milestone="m2", title="选址", **STATED),
        )
    }
)
MORE = AssignSupportTasks(
    milestone="m1",
    assigned_on=day("2023-11-10"),
    tasks=(Assignment(title="议定规则", **STATED),),
)
REACH = ReachMilestone(milestone="m1", reached_on=day("2024-01-20"))
FIRST, SECOND = (task_id("command-1", S, 1, number) for number in range(2))


def tasked() -> Given:
    return act(begun(), S, WITH_TASKS)


def done(stands: Given, task: str) -> Given:
    """The same with the task reported by whoever has it and closed out by somebody else."""
    stream = f"task:{task}"
    by: dict[str, Any] = {"by": "recorder", "person": "wang"}
    stands = act(stands, stream, AcceptTask(accepted_on=day("2023-11-02")), **by)
    report = ReportTask(reported_on=day("2024-01-10"), evidence="名单已公示")
    stands = act(stands, stream, report, **by)
    verdict = CloseOutTask(closed_on=day("2024-01-12"), finding="属实")
    return act(stands, stream, verdict, by="decider", person="zhao")


def test_a_plans_milestones_become_tasks_in_the_same_moment() -> None:
    def task(title: str, part: str) -> TaskAssigned:
        return TaskAssigned(
            title=title,
            source="support-plan",
            source_stream=S,
            source_part=part,
            community="b",
            assigned_on=day("2023-11-01"),
            assigned_by="arb",
            **STATED,
        )

    def stated(milestone: str, title: str, id: str) -> SupportTasked:
        on = day("2023-11-01")
        return SupportTasked(**KEYS, milestone=milestone, assigned_on=on, title=title, tasks=(id,))

    asked(begun(), S, WITH_TASKS).then(
        PLAN_STATED,
        stated("m1", "健全居民议事会", FIRST),
        On(f"task:{FIRST}", task("推选成员", "m1")),
        stated("m2", "补建活动室", SECOND),
        On(f"task:{SECOND}", task("选址", "m2")),
    )
    other = MilestoneTask(milestone="m9", title="选址", **STATED)
    lost = PLANNED.model_copy(update={"tasks": (other,)})
    asked(begun(), S, lost).refused("m9, which is not in the plan")
    asked(begun(), S, WITH_TASKS, by="reviewer").refused("cannot begin", NotAuthorised)


def test_a_milestone_takes_more_tasks_until_it_is_reached() -> None:
    outcome = asked(tasked(), S, MORE)
    assert len(outcome.state().tasks["m1"]) == 2
    other = MORE.model_copy(update={"milestone": "m9"})
    asked(tasked(), S, other).refused("no milestone m9", NotOnRecord)
    early = MORE.model_copy(update={"assigned_on": day("2023-10-19")})
    asked(tasked(), S, early).refused("lies before 2023-10-20")
    reached = act(done(tasked(), FIRST), S, REACH, by="reviewer")
    asked(reached, S, MORE).refused("was reached already (entry 5), and takes no more tasks")


def test_a_milestone_is_reached_when_its_tasks_are_closed_out() -> None:
    asked(tasked(), S, REACH, by="reviewer").refused("has open tasks: 推选成员")
    assert asked(done(tasked(), FIRST), S, REACH, by="reviewer").refusal is None


def test_a_new_plan_keeps_each_milestone_of_which_a_task_is_open() -> None:
    fewer = PLANNED.model_copy(update={"milestones": MILESTONES[1:]})
    asked(tasked(), S, fewer).refused("The milestone m1 has open tasks: 推选成员")
    assert asked(done(tasked(), FIRST), S, fewer).refusal is None


def test_the_end_of_a_support_cancels_its_open_tasks_for_the_same_reason() -> None:
    end = EndSupport(ended_on=day("2024-02-01"), reason="社区已撤并")
    asked(done(tasked(), FIRST), S, end).then(
        SupportEnded(**KEYS, **vars(end), cancelled=(SECOND,)),
        On(
            f"task:{SECOND}",
            TaskCancelled(
                title="选址", community="b", cancelled_on=end.ended_on, reason=end.reason
            ),
        ),
    )


def test_a_task_on_which_a_milestone_or_the_end_rests_is_not_opened_again() -> None:
    stands = done(tasked(), FIRST)
    undo = AnnulTaskStep(annuls=4, reason="误录")
    assert asked(stands, f"task:{FIRST}", undo).refusal is None
    reached = act(stands, S, REACH, by="reviewer")
    asked(reached, f"task:{FIRST}", undo).refused("健全居民议事会, which was reached (entry 5)")

    ended = act(tasked(), S, EndSupport(ended_on=day("2024-02-01"), reason="社区已撤并"))
    back = AnnulTaskStep(annuls=2, reason="误录")
    asked(ended, f"task:{FIRST}", back).refused("a support that is over (entry 5)")


def test_the_tasks_that_ended_with_a_support_go_on_with_it() -> None:
    stands = done(tasked(), FIRST)
    ended = act(stands, S, EndSupport(ended_on=day("2024-02-01"), reason="社区已撤并"))
    annul = AnnulSupportEntry(annuls=5, reason="社区并未撤并")

    outcome = asked(ended, S, annul)

    back = TaskStepAnnulled(title="选址", community="b", annuls=2, reason=annul.reason)
    outcome.then(SupportEntryAnnulled(**KEYS, **vars(annul)), On(f"task:{SECOND}", back))
    again = act(ended, S, annul)
    accept = AcceptTask(accepted_on=day("2024-03-01"))
    assert asked(again, f"task:{SECOND}", accept, by="recorder", person="wang").refusal is None
    asked(again, f"task:{FIRST}", accept, by="recorder", person="wang").refused("closed out")
    # Whatever ends it next takes them along anew, and gives back only those.
    twice = act(again, S, EndSupport(ended_on=day("2024-04-01"), reason="社区已撤并"))
    assert asked(twice, S, AnnulSupportEntry(annuls=7, reason="误录")).events[1:] == (
        On(f"task:{SECOND}", back.model_copy(update={"annuls": 4, "reason": "误录"})),
    )


def test_an_end_that_was_recorded_wrongly_is_annulled_and_the_support_goes_on() -> None:
    ended = act(begun(), S, EndSupport(ended_on=day("2024-02-01"), reason="社区已撤并"))
    annul = AnnulSupportEntry(annuls=2, reason="社区并未撤并")
    asked(ended, S, annul).then(SupportEntryAnnulled(**KEYS, **vars(annul)))
    again = act(ended, S, annul)
    assert asked(again, S, BY_PERSON).refusal is None
    asked(again, S, annul).refused("was annulled already")
    command = AnnulRound(annulled_on=day("2024-02-01"), reason="程序违规")
    asked(act(begun(), ROUND, command), S, annul).refused("annulled")


def test_open_tasks_are_cancelled_with_a_conclusion_only_if_it_says_why() -> None:
    stands = next_round(70)
    stands = stands.after(S, WITH_TASKS, by="arbiter", person="arb", jurisdiction="c")
    asked(stands, S, CONCLUDE, today=TODAY).refused("has open tasks: 推选成员; 选址")
    said = CONCLUDE.model_copy(update={"consequence": "已晋升，余下任务转为日常工作"})
    events = asked(stands, S, said, today=TODAY).events
    cancelled = [e.event for e in events if isinstance(e, On)]
    assert [type(e) for e in cancelled] == [TaskCancelled, TaskCancelled]
    assert isinstance(events[0], CommunityUpgraded)
    assert events[0].cancelled == (FIRST, SECOND)

    over = act(stands, S, said, today=TODAY)
    annul = AnnulRound(annulled_on=day("2025-11-01"), reason="程序违规")
    back = asked(over, "round:q", annul, today=TODAY).events
    tasks = [e.event for e in back if isinstance(e, On) and e.stream[:4] == "task"]
    assert [type(e) for e in tasks] == [TaskStepAnnulled, TaskStepAnnulled]


def test_a_support_under_an_annulled_round_ends_with_its_open_tasks() -> None:
    command = AnnulRound(annulled_on=day("2024-02-01"), reason="程序违规")

    events = asked(done(tasked(), FIRST), ROUND, command).events

    stated = {"reason": "程序违规"}
    on_supports = [e for e in events if isinstance(e, On) and e.stream[:4] in ("supp", "task")]
    assert on_supports == [
        On(S, SupportEnded(**KEYS, ended_on=day("2024-02-01"), cancelled=(SECOND,), **stated)),
        On(
            f"task:{SECOND}",
            TaskCancelled(title="选址", community="b", cancelled_on=day("2024-02-01"), **stated),
        ),
    ]
    early = command.model_copy(update={"annulled_on": day("2023-10-19")})
    asked(tasked(), ROUND, early).refused("lies before 2023-10-20, when the support began")
    over = act(begun(), S, EndSupport(ended_on=day("2023-12-01"), reason="社区已撤并"))
    assert S not in [e.stream for e in asked(over, ROUND, command).events if isinstance(e, On)]


def test_a_support_that_an_annulled_round_concluded_goes_on() -> None:
    stands = act(next_round(70), S, CONCLUDE, today=TODAY)
    command = AnnulRound(annulled_on=day("2025-11-01"), reason="程序违规")

    outcome = asked(stands, "round:q", command, today=TODAY)

    concluded = outcome.state(S)
    assert On(S, SupportEntryAnnulled(**KEYS, annuls=2, reason="程序违规")) in outcome.events
    assert (concluded.ended_on, concluded.concluded_by) == (None, None)
    void = AnnulRound(annulled_on=day("2025-10-20"), reason="程序违规")
    alone = asked(act(stands, ROUND, void, today=TODAY), "round:q", command, today=TODAY)
    # The round that it rests on is void, too.
    assert S not in [e.stream for e in alone.events if isinstance(e, On)]
    untouched = asked(next_round(70), "round:q", command, today=TODAY)
    assert S not in [e.stream for e in untouched.events if isinstance(e, On)]
