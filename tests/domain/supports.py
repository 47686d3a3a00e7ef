"""The support of `b`, which lags behind in the round `r`, on record for the tests of supports."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from domain.grading.entering import OpenRound
from domain.grading.grading import GradeCity
from domain.grading.publication import CloseRound, PublishResults
from domain.round.planning import OpenStage
from domain.support.assignment import AssignSupporter, BeginSupport
from domain.support.events import SupportMilestone, SupportPlanned
from domain.support.outcome import ConcludeSupport
from domain.support.progress import MilestoneTask, PlanSupport
from domain.task.assignment import task_id
from domain.task.completion import AcceptTask, CloseOutTask, ReportTask
from tests.domain.given import POLICY, Given, day
from tests.domain.rounds import (
    PLAN,
    ROUND,
    STAGES,
    WINDOWS,
    act,
    assessed,
    first,
    published,
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
TODAY = date(2026, 1, 1)
DAYS = {
    "begin": "2025-05-01",
    "cutoff": "2025-04-30",
    "act": "2025-06-01",
    "published": "2025-10-01",
}
CONCLUDE = ConcludeSupport(next_round="q", concluded_on=day("2025-10-09"))
STATED: dict[str, Any] = {"unit": "street-office", "person": "wang", "due_on": day("2024-01-15")}
WITH_TASKS = PLANNED.model_copy(
    update={
        "tasks": (
            MilestoneTask(milestone="m1", title="推选成员", **STATED),
            MilestoneTask(milestone="m2", title="选址", **STATED),
        )
    }
)
FIRST, SECOND = (task_id("command-1", S, 1, number) for number in range(2))


def results() -> Given:
    """`b` lags behind in the published round, `a` and `e` do not."""
    return published(a=90, b=30, e=70)


def begun() -> Given:
    return act(results(), S, BEGIN)


def next_round(percent: int) -> Given:
    """The support of `b`, and the round of 2025 in which it was given so many per cent."""
    stands = begun()
    for stream, command in held_again(percent):
        stands = act(stands, stream, command, today=TODAY)
    return stands


def held_again(percent: int) -> Iterator[tuple[str, Any]]:
    """How the first round is closed and that of 2025 is held and published."""
    stream, later = "round:q", {name: day(text) for name, text in DAYS.items()}
    windows = tuple(
        w.model_copy(
            update={
                "planned_from": w.planned_from.replace(year=2025),
                "planned_until": w.planned_until.replace(year=2025),
            }
        )
        for w in WINDOWS
    )
    plan = {"begins_on": later["begin"], "cutoff_on": later["cutoff"], "windows": windows}
    yield ROUND, CloseRound(closed_on=day("2023-10-20"))
    yield stream, PLAN.model_copy(update=plan)
    yield stream, OpenRound(communities=("b",), opened_on=later["begin"])
    for stage in STAGES:
        yield stream, OpenStage(stage=stage, opened_on=later["begin"])
    held = tuple(each.model_copy(update={"held_on": later["act"]}) for each in votes().assemblies)
    yield "review:q.b", votes().model_copy(update={"assemblies": held})
    for scored in (assessed(percent), first(percent), second(percent)):
        yield "review:q.b", scored.model_copy(update={"scored_on": later["act"]})
    yield stream, GradeCity(graded_on=later["act"])
    yield stream, PublishResults(published_on=later["published"])


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
