"""Programmes and their items, as of any day."""

from datetime import date
from typing import Any

from domain.programme.drafting import AnnulProgrammeEntry, CloseProgramme
from domain.programme.items import AssignItemTasks, DropProgrammeItem, ReviseProgrammeItem
from domain.task.completion import AcceptTask, CloseOutTask, ReportTask
from domain.task.events import Assignment
from projections import programmes, tasks
from tests.projections.work import POLICY, WHY, Do, day, programme


def deal_with(do: Do, show: Any, stream: str, item: str) -> None:
    """Two tasks of an item, closed out in December."""
    work = Assignment(title="划线", unit="city", person="zhao", due_on=day("2023-09-30"))
    more = work.model_copy(update={"title": "立牌"})
    assign = AssignItemTasks(
        item=item, assigned_on=day("2023-03-05"), community="a", tasks=(work, more)
    )
    do(stream, assign, "arbiter")
    where = tasks.Filter(source_stream=stream, source_part=item)
    found = show(tasks.tasks, POLICY, effective=day("2023-03-05"), where=where)
    for task in [each.task for each in found]:
        do(f"task:{task}", AcceptTask(accepted_on=day("2023-03-06")), person="zhao")
        report = ReportTask(reported_on=day("2023-12-05"), evidence="照片")
        do(f"task:{task}", report, person="zhao")
        do(f"task:{task}", CloseOutTask(closed_on=day("2023-12-06")))


def test_a_programme_is_shown_with_its_items_tasks_and_lights(do: Do, show: Any) -> None:
    stream = programme(do)
    id = stream.partition(":")[2]
    deal_with(do, show, stream, "i1")

    def item(text: str) -> tuple[Any, ...]:
        first = show(programmes.items, POLICY, id, effective=day(text))[0]
        return (first.tasks, first.tasks_open, first.done, first.light.colour)

    assert item("2023-03-04") == (0, 0, False, None)
    assert item("2023-11-30") == (2, 2, False, "behind")
    assert item("2023-12-01") == (2, 2, False, "overdue")
    assert item("2023-12-06") == (2, 0, True, None)
    late = show(programmes.items, POLICY, id, effective=day("2024-01-01"))[0]
    assert late.light.was_overdue
    (found,) = show(programmes.programmes, effective=day("2023-12-06"))
    assert (found.status, found.items, found.done) == ("adopted", 3, 1)
    (draft,) = show(programmes.programmes, effective=day("2023-02-28"), year=2023)
    assert (draft.status, draft.items) == ("draft", 3)
    assert len(show(programmes.consultations, id, effective=day("2023-02-15"))) == 1


def test_items_are_shown_as_they_were_stated_on_a_day(do: Do, show: Any) -> None:
    stream = programme(do, 4)
    id = stream.partition(":")[2]
    revise = ReviseProgrammeItem(
        item="i1",
        revised_on=day("2023-05-01"),
        title="事项一",
        unit="police",
        person="qian",
        due_on=day("2023-12-15"),
        reason="扩大范围",
    )
    do(stream, revise, "arbiter")
    drop = DropProgrammeItem(item="i1", dropped_on=day("2023-06-01"), reason="已统一部署")
    do(stream, drop, "arbiter")

    def first(text: str, known: int | None = None) -> tuple[str, str, date | None]:
        found = show(programmes.items, POLICY, id, effective=day(text), known=known)[0]
        return found.title, found.unit, found.dropped_on

    assert first("2023-04-30") == ("事项1", "city", None)
    assert first("2023-05-01") == ("事项一", "police", None)
    assert first("2023-06-01") == ("事项一", "police", day("2023-06-01"))
    assert show(programmes.programmes, effective=day("2023-06-01"))[0].items == 3


def test_a_closed_programme_and_what_was_annulled(do: Do, show: Any) -> None:
    stream = programme(do, 4)
    for number in (1, 2, 3):
        deal_with(do, show, stream, f"i{number}")
    drop = DropProgrammeItem(item="i4", dropped_on=day("2023-06-01"), reason=WHY)
    do(stream, drop, "arbiter")
    believed = do(stream, CloseProgramme(closed_on=day("2023-12-20"), summary="完"), "arbiter")

    def status(known: int | None = None) -> tuple[str, int]:
        (found,) = show(programmes.programmes, effective=day("2023-12-31"), known=known)
        return found.status, found.items

    assert status() == ("closed", 3)
    do(stream, AnnulProgrammeEntry(annuls=12, reason=WHY), "arbiter")
    assert status() == ("adopted", 3)
    do(stream, AnnulProgrammeEntry(annuls=11, reason=WHY), "arbiter")
    assert status() == ("adopted", 4)
    assert status(believed) == ("closed", 3)


def test_an_adoption_that_was_annulled_is_a_draft_again(do: Do, show: Any) -> None:
    stream = programme(do)
    believed = do(stream, AnnulProgrammeEntry(annuls=6, reason=WHY), "arbiter") - 1
    do(stream, AnnulProgrammeEntry(annuls=2, reason=WHY), "arbiter")

    def status(known: int | None = None) -> str:
        (found,) = show(programmes.programmes, effective=day("2023-12-31"), known=known)
        return str(found.status)

    assert status() == "draft"
    assert status(believed) == "adopted"


def test_an_item_was_overdue_for_ever_whatever_deadline_it_gets_and_if_it_is_dropped(
    do: Do, show: Any
) -> None:
    stream = programme(do, 6)
    id = stream.partition(":")[2]

    def revise(item: str, on: str, due: str) -> None:
        stated: dict[str, Any] = {"title": f"{item}新", "unit": "city", "person": "zhao"}
        dates: dict[str, Any] = {"revised_on": day(on), "due_on": day(due)}
        do(stream, ReviseProgrammeItem(item=item, **stated, **dates, reason=WHY), "arbiter")

    revise("i1", "2024-01-10", "2024-06-30")
    revise("i2", "2023-11-30", "2024-06-30")
    do(stream, DropProgrammeItem(item="i3", dropped_on=day("2024-01-10"), reason=WHY), "arbiter")
    do(stream, DropProgrammeItem(item="i4", dropped_on=day("2023-11-30"), reason=WHY), "arbiter")

    def overdue(text: str) -> list[bool]:
        found = show(programmes.items, POLICY, id, effective=day(text))
        return [each.light.was_overdue for each in found]

    assert overdue("2023-11-30") == [False] * 6
    for text in ("2024-01-09", "2024-01-10", "2024-06-30"):
        assert overdue(text) == [True, False, True, False, True, True]
    revise("i1", "2024-02-01", "2024-12-31")
    do(stream, DropProgrammeItem(item="i1", dropped_on=day("2024-03-01"), reason=WHY), "arbiter")
    assert overdue("2024-02-01")[0]
    assert overdue("2024-03-01")[0]
