"""The matrix of measures, as of any day."""

from typing import Any

from domain.measure.adoption import (
    AdoptMeasure,
    AnnulMeasureEntry,
    CarryMeasureOver,
    CloseMeasure,
    PlanMeasure,
    ReadoptMeasure,
)
from domain.measure.tasks import AssignMeasureTasks
from domain.task.events import Assignment
from projections import measures
from tests.projections.work import (
    CODE,
    NEW,
    OLD,
    POLICY,
    WHY,
    Do,
    classified,
    day,
    measure,
    reclassify,
)


def test_the_matrix_shows_how_far_each_measure_of_the_type_is(do: Do, show: Any) -> None:
    classified(do)
    stream = f"measure:a.{CODE}"
    adopt = AdoptMeasure(community="a", measure=CODE, adopted_on=day("2022-01-10"))
    do(stream, adopt)
    plan = PlanMeasure(
        planned_on=day("2022-02-01"),
        plan="加装电梯",
        unit="street",
        person="zhao",
        due_on=day("2023-12-31"),
    )
    do(stream, plan)
    work = Assignment(title="电梯", unit="street", person="zhao", due_on=day("2022-12-31"))
    do(stream, AssignMeasureTasks(assigned_on=day("2022-02-10"), tasks=(work,)))

    (row,) = show(measures.matrix, POLICY, effective=day("2022-01-01"))
    assert row.catalogue == [each.code for each in OLD.measures]
    assert row.measures == []
    statuses = [measure(show, text).status for text in ("2022-01-10", "2022-02-01", "2022-02-10")]
    assert statuses == ["adopted", "planned", "under-way"]
    assert measure(show, "2022-02-10").tasks_open == 1


def test_a_reclassification_leaves_open_measures_to_be_settled(do: Do, show: Any) -> None:
    classified(do)
    stream = f"measure:a.{CODE}"
    do(stream, AdoptMeasure(community="a", measure=CODE, adopted_on=day("2022-01-10")))
    reclassify(do, "2023-07-01")

    assert not measure(show, "2023-06-30").unsettled
    assert measure(show, "2023-07-01").unsettled
    assert len(show(measures.matrix, POLICY, effective=day("2023-07-01"), unsettled=True)) == 1
    assert show(measures.matrix, POLICY, effective=day("2023-06-30"), unsettled=True) == []

    believed = do(stream, CarryMeasureOver(carried_on=day("2023-07-10"), reason="未完工"))
    carried = measure(show, "2023-07-10")
    assert (carried.unsettled, carried.type, carried.carried_for) == (False, NEW.code, "未完工")
    assert measure(show, "2023-07-09").unsettled
    do(stream, AnnulMeasureEntry(annuls=2, reason=WHY))
    assert measure(show, "2023-07-10").unsettled
    assert not measure(show, "2023-07-10", believed).unsettled


def test_a_measure_is_closed_and_taken_up_again(do: Do, show: Any) -> None:
    classified(do)
    stream = f"measure:a.{CODE}"
    do(stream, AdoptMeasure(community="a", measure=CODE, adopted_on=day("2022-01-10")))
    close = CloseMeasure(closed_on=day("2022-06-01"), ending="given-up", reason="资金不足")
    do(stream, close)
    do(stream, ReadoptMeasure(adopted_on=day("2022-09-01")))

    assert measure(show, "2022-05-31").status == "adopted"
    assert measure(show, "2022-06-01").closed_for == "资金不足"
    assert measure(show, "2022-09-01").closed_on is None
    spells = show(measures.spells, f"a.{CODE}", effective=day("2022-12-31"))
    assert [spell.ending for spell in spells] == ["given-up", None]
    do(stream, AnnulMeasureEntry(annuls=3, reason=WHY))
    assert measure(show, "2022-09-01").closed_for == "资金不足"
