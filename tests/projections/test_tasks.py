"""The task board and what it shows of any day."""

from typing import Any

from domain.task.assignment import CancelTask, ExtendTaskDeadline, ReassignTask
from domain.task.completion import (
    AcceptTask,
    AnnulTaskStep,
    CloseOutTask,
    RecordTaskProgress,
    ReportTask,
    ReturnTask,
)
from projections import tasks
from tests.city import CITY, DISTRICT, SUBDISTRICT
from tests.projections.work import POLICY, WHY, Do, assign, day


def test_a_task_is_shown_as_it_stood_on_a_day_with_its_light(do: Do, show: Any) -> None:
    assign(do)
    do("task:t1", AcceptTask(accepted_on=day("2024-03-04")), person="zhao")
    progress = RecordTaskProgress(progressed_on=day("2024-03-20"), percent=80, note="收尾")
    do("task:t1", progress, person="zhao")
    do("task:t1", ReportTask(reported_on=day("2024-04-08"), evidence="照片"), person="zhao")
    do("task:t1", CloseOutTask(closed_on=day("2024-04-09")))

    def on(text: str) -> tuple[Any, ...] | None:
        found = show(tasks.task, POLICY, "t1", effective=day(text))
        return found and (found.status, found.percent, found.light.colour, found.light.was_overdue)

    assert on("2024-02-29") is None
    assert on("2024-03-01") == ("assigned", 0, None, False)
    assert on("2024-03-19") == ("accepted", 0, "behind", False)
    assert on("2024-03-27") == ("accepted", 80, "near", False)
    assert on("2024-04-02") == ("accepted", 80, "overdue", True)
    assert on("2024-04-08") == ("reported", 100, None, True)
    assert on("2024-04-09") == ("closed", 100, None, True)


def test_an_annulled_step_was_believed_and_holds_no_more(do: Do, show: Any) -> None:
    assign(do)
    do("task:t1", AcceptTask(accepted_on=day("2024-03-04")), person="zhao")
    believed = do("task:t1", CancelTask(cancelled_on=day("2024-03-06"), reason=WHY))
    do("task:t1", AnnulTaskStep(annuls=3, reason=WHY))
    do("task:t1", ReportTask(reported_on=day("2024-03-08"), evidence="照片"), person="zhao")

    def status(text: str, known: int | None = None) -> str:
        asked = {"effective": day(text), "known": known}
        return str(show(tasks.task, POLICY, "t1", **asked).status)

    assert [status(text) for text in ("2024-03-05", "2024-03-07", "2024-03-08")] == [
        "accepted",
        "accepted",
        "reported",
    ]
    assert status("2024-03-07", believed) == "cancelled"
    course = show(tasks.steps, "t1", effective=day("2099-12-31"))
    assert [(step.version, step.annulled_by_version) for step in course] == [
        (1, None),
        (2, None),
        (3, 4),
        (5, None),
    ]


def test_a_task_whose_assignment_was_annulled_is_on_no_list(do: Do, show: Any) -> None:
    believed = assign(do)
    do("task:t1", AnnulTaskStep(annuls=1, reason=WHY))
    effective = day("2024-03-05")

    assert show(tasks.task, POLICY, "t1", effective=effective) is None
    assert show(tasks.task, POLICY, "t1", effective=effective, known=believed) is not None
    assert show(tasks.tasks, POLICY, effective=effective) == []


def test_a_list_of_tasks_is_narrowed_and_paged(do: Do, show: Any) -> None:
    assign(do, "t1")
    assign(do, "t2", due_on=day("2024-03-15"), person="qian")
    assign(do, "t3", community=None, jurisdiction=DISTRICT, unit="water")
    assign(do, "t4", due_on=day("2024-03-15"))
    do("task:t4", CancelTask(cancelled_on=day("2024-03-02"), reason=WHY))

    def listed(text: str = "2024-03-05", **asked: Any) -> list[str]:
        page = {k: asked.pop(k) for k in ("after", "limit") if k in asked}
        where = tasks.Filter(**asked)
        return [
            each.task
            for each in show(tasks.tasks, POLICY, effective=day(text), where=where, **page)
        ]

    assert listed() == ["t2", "t1", "t3"]
    assert listed(status=None) == ["t2", "t4", "t1", "t3"]
    assert listed(status="cancelled") == ["t4"]
    assert listed("2024-03-01") == ["t2", "t4", "t1", "t3"]
    assert listed(unit="water") == ["t3"]
    assert listed(person="qian") == ["t2"]
    assert listed(community="a") == ["t2", "t1"]
    assert listed(district=DISTRICT) == ["t2", "t1", "t3"]
    assert listed(district="elsewhere") == []
    assert listed("2024-03-16") == ["t2", "t1", "t3"]
    assert listed("2024-03-18", light="overdue") == ["t2"]
    assert listed("2024-03-18", light="behind") == ["t1", "t3"]
    assert listed("2024-03-04", light="near") == []
    assert listed(after=(day("2024-03-15"), "t2"), limit=1) == ["t1"]


def test_a_subdistrict_s_own_task_lies_in_its_district_and_the_city_s_in_none(
    do: Do, show: Any
) -> None:
    for id, place in {"s": SUBDISTRICT, "d": DISTRICT, "c": CITY}.items():
        assign(do, id, community=None, jurisdiction=place, role="arbiter")
    where = tasks.Filter(district=DISTRICT)

    def each(**asked: Any) -> dict[str, str | None]:
        found = show(tasks.tasks, POLICY, effective=day("2024-03-05"), **asked)
        return {task.task: task.district for task in found}

    assert each() == {"s": DISTRICT, "d": DISTRICT, "c": None}
    assert each(where=where) == {"s": DISTRICT, "d": DISTRICT}
    (tally,) = show(tasks.by_unit, POLICY, effective=day("2024-03-05"), where=where)
    assert tally.open == 2
    assert show(tasks.task, POLICY, "s", effective=day("2024-03-05")).district == DISTRICT


def test_tasks_are_counted_by_unit_as_the_lists_show_them(do: Do, show: Any) -> None:
    assign(do, "t1")
    assign(do, "t2", due_on=day("2024-03-15"))
    do("task:t1", AcceptTask(accepted_on=day("2024-03-04")), person="zhao")
    do("task:t1", ReportTask(reported_on=day("2024-03-05"), evidence="照片"), person="zhao")

    (tally,) = show(tasks.by_unit, POLICY, effective=day("2024-03-18"))

    assert tally == tasks.TallyView(
        unit="power", unit_name="power", open=2, near=0, behind=0, overdue=1, reported=1
    )


def test_a_task_returned_reassigned_and_extended_keeps_its_course(do: Do, show: Any) -> None:
    assign(do)
    do("task:t1", AcceptTask(accepted_on=day("2024-03-04")), person="zhao")
    do("task:t1", ReportTask(reported_on=day("2024-03-05"), evidence="照片"), person="zhao")
    returned = ReturnTask(returned_on=day("2024-03-06"), due_on=day("2024-04-05"), reason=WHY)
    do("task:t1", returned)
    extended = ExtendTaskDeadline(
        extended_on=day("2024-04-10"), due_on=day("2024-05-01"), reason=WHY
    )
    do("task:t1", extended)
    reassigned = ReassignTask(
        reassigned_on=day("2024-04-11"), unit="water", person="sun", reason=WHY
    )
    do("task:t1", reassigned)

    found = show(tasks.task, POLICY, "t1", effective=day("2024-04-11"))

    assert (found.status, found.unit, found.due_on) == ("assigned", "water", day("2024-05-01"))
    assert found.light.was_overdue
    assert [step.status for step in show(tasks.steps, "t1", effective=day("2099-12-31"))] == [
        "assigned",
        "accepted",
        "reported",
        "returned",
        "returned",
        "assigned",
    ]
