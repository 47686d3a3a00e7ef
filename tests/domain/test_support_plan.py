"""A support has a plan with milestones, which are reached through tasks, and is reported on."""

from domain.kernel.event import StreamEvent
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.support.assignment import EndAssignment
from domain.support.events import (
    MilestoneReached,
    SupportEntryAnnulled,
    SupportReported,
    SupportTasked,
)
from domain.support.progress import AnnulSupportEntry, MilestoneTask, ReachMilestone, ReportSupport
from domain.support.tasks import AssignSupportTasks
from domain.task.events import Assignment, TaskAssigned
from tests.domain.given import day
from tests.domain.rounds import act, asked
from tests.domain.supports import (
    BY_PERSON,
    FIRST,
    KEYS,
    MILESTONES,
    PLAN_STATED,
    PLANNED,
    SECOND,
    STATED,
    WITH_TASKS,
    S,
    begun,
    done,
    tasked,
)

MORE = AssignSupportTasks(
    milestone="m1",
    assigned_on=day("2023-11-10"),
    tasks=(Assignment(title="议定规则", **STATED),),
)
REACH = ReachMilestone(milestone="m1", reached_on=day("2024-01-20"))


def test_a_plan_has_milestones_that_are_reached_once() -> None:
    asked(begun(), S, PLANNED).then(PLAN_STATED)
    twice = PLANNED.model_copy(update={"milestones": (MILESTONES[0], MILESTONES[0])})
    asked(begun(), S, twice).refused("support.milestone-twice")
    late = PLANNED.model_copy(update={"planned_on": day("2024-02-01")})
    asked(begun(), S, late).refused("support.milestone-due-before-plan")

    stands = act(begun(), S, PLANNED)
    reach = ReachMilestone(milestone="m1", reached_on=day("2024-01-20"))
    asked(stands, S, reach, by="reviewer").then(
        MilestoneReached(
            **KEYS, milestone="m1", reached_on=day("2024-01-20"), title="健全居民议事会"
        )
    )
    asked(stands, S, reach, by="auditor").refused("role.lacking", NotAuthorised)
    other = reach.model_copy(update={"milestone": "m9"})
    asked(stands, S, other, by="reviewer").refused("support.no-milestone", NotOnRecord)
    stands = act(stands, S, reach, by="reviewer")
    asked(stands, S, reach, by="reviewer").refused("support.milestone-reached-already")
    fewer = PLANNED.model_copy(update={"milestones": MILESTONES[1:]})
    asked(stands, S, fewer).refused("support.reached-milestone-left-out")
    # What was reached keeps its day; only what is still ahead needs a day to come.
    kept = PLANNED.model_copy(update={"planned_on": day("2024-02-01")})
    asked(stands, S, kept).then(PLAN_STATED.model_copy(update={"planned_on": day("2024-02-01")}))


def test_progress_is_reported_when_it_has_come() -> None:
    report = ReportSupport(reported_on=day("2024-02-01"), progress="议事会已开两次")
    asked(begun(), S, report, by="recorder").then(SupportReported(**KEYS, **vars(report)))
    asked(begun(), S, report, by="recorder", today=day("2024-01-31")).refused("day.not-come")


def test_what_was_recorded_wrongly_is_annulled_once() -> None:
    stands = act(act(begun(), S, PLANNED), S, BY_PERSON)
    end = EndAssignment(assignment="x1", effective_until=day("2024-03-01"), reason="轮换")
    stands = act(stands, S, end)
    annul = AnnulSupportEntry(annuls=4, reason="误录")

    outcome = asked(stands, S, annul)

    outcome.then(SupportEntryAnnulled(**KEYS, annuls=4, reason="误录"))
    assert outcome.state().assignments["x1"].effective_until is None
    asked(act(stands, S, annul), S, annul).refused("support.entry-annulled")
    asked(stands, S, AnnulSupportEntry(annuls=1, reason="误录")).refused(
        "support.entry-not-annullable"
    )
    asked(stands, S, AnnulSupportEntry(annuls=9, reason="误录")).refused(
        "support.no-entry", NotOnRecord
    )
    both = act(act(stands, S, annul), S, AnnulSupportEntry(annuls=3, reason="误录"))
    asked(both, S, end).refused("support.no-assignment", NotOnRecord)


def test_a_plans_milestones_become_tasks_in_the_same_moment() -> None:
    def task(title: str, part: str) -> TaskAssigned:
        return TaskAssigned(
            title=title,
            source="support-plan",
            source_stream=S,
            source_part=part,
            community="b",
            assigned_on=day("2023-11-01"),
            **STATED,
        )

    def stated(milestone: str, title: str, id: str) -> SupportTasked:
        on = day("2023-11-01")
        return SupportTasked(**KEYS, milestone=milestone, assigned_on=on, title=title, tasks=(id,))

    asked(begun(), S, WITH_TASKS).then(
        PLAN_STATED,
        stated("m1", "健全居民议事会", FIRST),
        StreamEvent(f"task:{FIRST}", task("推选成员", "m1")),
        stated("m2", "补建活动室", SECOND),
        StreamEvent(f"task:{SECOND}", task("选址", "m2")),
    )
    other = MilestoneTask(milestone="m9", title="选址", **STATED)
    lost = PLANNED.model_copy(update={"tasks": (other,)})
    asked(begun(), S, lost).refused("support.task-without-milestone")
    asked(begun(), S, WITH_TASKS, by="reviewer").refused("role.lacking", NotAuthorised)


def test_a_milestone_takes_more_tasks_until_it_is_reached() -> None:
    outcome = asked(tasked(), S, MORE)
    assert len(outcome.state().tasks["m1"]) == 2
    other = MORE.model_copy(update={"milestone": "m9"})
    asked(tasked(), S, other).refused("support.no-milestone", NotOnRecord)
    early = MORE.model_copy(update={"assigned_on": day("2023-10-19")})
    asked(tasked(), S, early).refused("support.before-beginning")
    reached = act(done(tasked(), FIRST), S, REACH, by="reviewer")
    asked(reached, S, MORE).refused("support.milestone-takes-no-tasks")


def test_a_milestone_is_reached_when_its_tasks_are_closed_out() -> None:
    asked(tasked(), S, REACH, by="reviewer").refused("support.milestone-tasks-open")
    assert asked(done(tasked(), FIRST), S, REACH, by="reviewer").refusal is None


def test_a_new_plan_keeps_each_milestone_of_which_a_task_is_open() -> None:
    fewer = PLANNED.model_copy(update={"milestones": MILESTONES[1:]})
    asked(tasked(), S, fewer).refused("support.busy-milestone-left-out")
    assert asked(done(tasked(), FIRST), S, fewer).refusal is None


def test_the_same_plan_or_report_is_not_recorded_twice() -> None:
    report = ReportSupport(reported_on=day("2024-02-01"), progress="议事会已开两次")
    stands = act(act(begun(), S, PLANNED), S, report, by="recorder")

    asked(stands, S, PLANNED).refused("statement.repeated", entry=2)
    asked(stands, S, report, by="recorder").refused("statement.repeated", entry=3)
    other = PLANNED.model_copy(update={"aim": "一年内晋位"})
    assert asked(stands, S, other).refusal is None
    assert asked(act(stands, S, other), S, PLANNED).refusal is None
    void = act(stands, S, AnnulSupportEntry(annuls=3, reason="误录"))
    assert asked(void, S, report, by="recorder").refusal is None


def test_a_milestone_has_the_same_task_once_while_it_is_open() -> None:
    asked(tasked(), S, WITH_TASKS).refused("task.assigned-already")
    again = MORE.model_copy(update={"tasks": (Assignment(title="推选成员", **STATED),)})
    asked(tasked(), S, again).refused("task.assigned-already")
    assert asked(done(tasked(), FIRST), S, again).refusal is None
    elsewhere = again.model_copy(update={"milestone": "m2"})
    assert asked(tasked(), S, elsewhere).refusal is None
