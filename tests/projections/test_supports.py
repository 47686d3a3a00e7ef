"""Supports: who gives them, what is reached or late, on each day."""

from datetime import date
from typing import Any

from domain.grading.annulment import AnnulRound
from domain.support.assignment import AssignSupporter, BeginSupport, EndAssignment
from domain.support.events import SupportMilestone
from domain.support.outcome import EndSupport
from domain.support.progress import (
    AnnulSupportEntry,
    MilestoneTask,
    PlanSupport,
    ReachMilestone,
    ReportSupport,
)
from domain.task.completion import AcceptTask, RecordTaskProgress
from projections import supports
from projections import tasks as task_board
from projections.figures import figures
from projections.figures.derived import Asked
from projections.figures.titles import FIGURES
from tests.domain.given import POLICY, day
from tests.domain.supports import CONCLUDE, held_again
from tests.projections.round_year import Ask, published


def test_a_support_shows_who_gives_it_and_what_is_reached_or_late(ask: Ask, view: Any) -> None:
    published(ask, a=90, b=30)
    s = "support:r.b"
    by_person, by_unit = (kind.code for kind in POLICY.supports[:2])
    goals = tuple(
        SupportMilestone(milestone=f"m{n}", title=f"目标{n}", due_on=date(2024, n, 1))
        for n in (1, 2, 3)
    )
    begun = day("2023-10-20")
    ask(s, BeginSupport(effective_from=begun))
    ask(s, PlanSupport(planned_on=begun, aim="晋位", milestones=goals))
    for id, kind, giver in (("x1", by_person, "person"), ("x2", by_unit, "unit")):
        given: dict[str, Any] = {giver: "wang"}
        ask(s, AssignSupporter(assignment=id, kind=kind, effective_from=begun, **given))
    ask(s, EndAssignment(assignment="x1", effective_until=day("2024-01-15"), reason="轮换"))
    reached = ReachMilestone(milestone="m1", reached_on=day("2023-12-30"))
    ask(s, reached, role="reviewer")
    report = ReportSupport(reported_on=day("2024-01-10"), progress="进展良好")
    at = ask(s, report, role="reviewer", person="rev")
    for annuls in (5, 6, 7):
        ask(s, AnnulSupportEntry(annuls=annuls, reason="误录"))
    ask(s, EndSupport(ended_on=day("2024-02-20"), reason="社区撤并"))

    def on(text: str, known: int | None = None) -> tuple[Any, ...]:
        with view(known) as seen:
            (each,) = supports.supports(seen, effective=day(text))
            assert supports.one(seen, "r.b", effective=day(text)) == each
        return set(each.kinds), each.milestones, each.reached, each.overdue, each.outcome

    assert on("2024-01-14", at) == ({by_person, by_unit}, 3, 1, 0, None)
    assert on("2024-02-02", at) == ({by_unit}, 3, 1, 1, None)
    assert on("2024-02-02") == ({by_person, by_unit}, 3, 0, 2, None)
    assert on("2024-02-20") == (set(), 3, 0, 0, "ended")
    late = day("2024-02-20")
    with view(at) as seen:
        assert supports.goals(seen, "r.b", effective=late)[0].reached_on == day("2023-12-30")
        given_by = supports.assignments(seen, "r.b", effective=late)
        until = [each.effective_until for each in given_by]
        assert until == [day("2024-01-15"), None]
        assert [each.by_person for each in supports.reports(seen, "r.b", effective=late)] == ["rev"]
        assert supports.supports(seen, effective=late, where=supports.Filter(open=False)) == []
    with view() as seen:
        assert supports.reports(seen, "r.b", effective=late) == []
        goals_now = supports.goals(seen, "r.b", effective=late)
        assert [each.reached_on for each in goals_now] == [None] * 3


def test_a_support_shows_only_what_had_happened_by_the_day(ask: Ask, view: Any) -> None:
    published(ask, a=90, b=30)
    s, kind = "support:r.b", POLICY.supports[0].code
    goals = (SupportMilestone(milestone="m1", title="补建活动室", due_on=date(2024, 5, 1)),)
    more = SupportMilestone(milestone="m2", title="健全议事会", due_on=date(2024, 6, 1))
    ask(s, BeginSupport(effective_from=day("2023-10-20")))
    ask(s, PlanSupport(planned_on=day("2023-11-01"), aim="晋位", milestones=goals))
    assigned: dict[str, Any] = {"kind": kind, "effective_from": day("2023-11-10")}
    year = AssignSupporter(
        assignment="x1", person="wang", effective_until=day("2024-11-10"), **assigned
    )
    ask(s, year)
    reported = ReportSupport(reported_on=day("2024-01-10"), progress="进展良好")
    ask(s, reported, role="reviewer")
    anew = PlanSupport(planned_on=day("2024-02-01"), aim="尽快晋位", milestones=(*goals, more))
    ask(s, anew)
    reached = ReachMilestone(milestone="m1", reached_on=day("2024-03-01"))
    ask(s, reached, role="reviewer")
    ask(s, EndSupport(ended_on=day("2024-04-01"), reason="评定等次已更正"))

    def on(text: str) -> Any:
        then = day(text)
        with view() as seen:
            counted = figures.lines(seen, FIGURES["supports"], Asked(POLICY, then))
            open_ = supports.Filter(open=True)
            listed = supports.supports(seen, effective=then, where=open_)
            assert [each.support for each in listed] == [each.id for each in counted], text
            if (each := supports.one(seen, "r.b", effective=then)) is None:
                return None
            given = supports.assignments(seen, "r.b", effective=then)
            plan = supports.goals(seen, "r.b", effective=then)
            reports = len(supports.reports(seen, "r.b", effective=then))
        until = [str(each.effective_until) for each in given]
        aimed = (each.aim, [goal.reached_on is not None for goal in plan])
        return str(each.ended_on), each.outcome, *aimed, until, reports

    assert on("2023-10-19") is None
    assert on("2023-10-20") == ("None", None, None, [], [], 0)
    assert on("2023-11-09") == ("None", None, "晋位", [False], [], 0)
    assert on("2024-01-10") == ("None", None, "晋位", [False], ["2024-11-10"], 1)
    assert on("2024-02-29") == ("None", None, "尽快晋位", [False, False], ["2024-11-10"], 1)
    assert on("2024-03-31") == ("None", None, "尽快晋位", [True, False], ["2024-11-10"], 1)
    ended = ("2024-04-01", "ended", "尽快晋位", [True, False], ["2024-04-01"], 1)
    assert on("2024-04-01") == ended
    assert on("2024-12-01") == ended


def test_a_support_is_over_only_while_another_one_stood_between(ask: Ask, view: Any) -> None:
    published(ask, a=90, b=30)
    ask("support:r.b", BeginSupport(effective_from=day("2023-10-20")))
    for stream, command in held_again(20):
        ask(stream, command)
    ask("support:r.b", CONCLUDE.model_copy(update={"consequence": "转为重点帮扶"}))
    ask("support:q.b", BeginSupport(effective_from=day("2025-10-10")))
    at = ask(
        "support:q.b", ReportSupport(reported_on=day("2025-10-12"), progress="x"), role="decider"
    )
    ask("round:q", AnnulRound(annulled_on=day("2025-11-20"), reason="程序违规"))

    def on(text: str, known: int | None = None) -> list[tuple[str, str | None, str | None]]:
        with view(known) as seen:
            listed = supports.supports(seen, effective=day(text))
        return [(each.support, each.outcome, each.next_round) for each in listed]

    concluded = ("r.b", "not-upgraded", "q")
    assert on("2025-10-08") == [("r.b", None, None)]
    assert on("2025-10-09") == [concluded]
    assert on("2025-11-19") == [concluded, ("q.b", None, None)]
    assert on("2025-11-20") == [("r.b", None, None), ("q.b", "ended", None)]
    assert on("2025-11-20", at) == [concluded, ("q.b", None, None)]


def test_a_supports_progress_counts_its_tasks_and_its_end_can_be_annulled(
    ask: Ask, view: Any
) -> None:
    published(ask, a=90, b=30)
    s, begun = "support:r.b", day("2023-10-20")
    goals = tuple(
        SupportMilestone(milestone=f"m{n}", title=f"目标{n}", due_on=date(2024, n, 1))
        for n in (1, 2)
    )
    stated: dict[str, Any] = {"unit": "street", "person": "wang", "due_on": date(2024, 1, 1)}
    tasks = tuple(
        MilestoneTask(milestone=m, title=f"任务{n}", **stated)
        for n, m in enumerate(("m1", "m1", "m2"))
    )
    ask(s, BeginSupport(effective_from=begun))
    ask(s, PlanSupport(planned_on=begun, aim="晋位", milestones=goals, tasks=tasks))
    with view() as seen:
        ours = task_board.Filter(source="support-plan", source_part="m1")
        listed = task_board.tasks(seen, POLICY, effective=begun, where=ours)
    first = f"task:{listed[0].task}"
    ask(first, AcceptTask(accepted_on=begun), person="wang")
    half = RecordTaskProgress(progressed_on=day("2023-11-01"), percent=50, note="过半")
    at = ask(first, half, person="wang")
    ask(s, EndSupport(ended_on=day("2024-02-20"), reason="社区撤并"))

    def on(text: str, known: int | None = None) -> tuple[Any, ...]:
        with view(known) as seen:
            each = supports.one(seen, "r.b", effective=day(text))
            of_goals = supports.goals(seen, "r.b", effective=day(text))
        assert each
        figures = (each.tasks, each.tasks_open, each.tasks_closed, each.percent)
        return *figures, [(goal.tasks, goal.percent) for goal in of_goals]

    assert on("2023-10-20") == (3, 3, 0, 0, [(2, 0), (1, 0)])
    assert on("2023-11-01") == (3, 3, 0, 17, [(2, 25), (1, 0)])
    assert on("2024-02-20") == (3, 0, 0, None, [(2, None), (1, None)])
    assert on("2024-02-20", at)[1] == 3
    ask(s, AnnulSupportEntry(annuls=5, reason="误录"))
    with view() as seen:
        again = supports.one(seen, "r.b", effective=day("2024-02-20"))
    assert again
    assert (again.outcome, again.ended_on, again.tasks_open) == (None, None, 3)
