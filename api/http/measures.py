"""Measures over HTTP: taken up, planned, carried out, carried over, closed.

What is read of them is in api/http/measures_matrix.py.
"""

from api.http.kernel.command_routes import CommandRoute, command_router
from domain.measure.adoption import (
    AdoptMeasure,
    AnnulMeasureEntry,
    CarryMeasureOver,
    CloseMeasure,
    PlanMeasure,
    ReadoptMeasure,
)
from domain.measure.tasks import AssignMeasureTasks

COMMANDS = (
    CommandRoute("", "measures.adopt", AdoptMeasure, "采用重点方向 · Take up a measure"),
    CommandRoute(
        "/{measure}/readoptions",
        "measures.readopt",
        ReadoptMeasure,
        "重新采用 · Take up a measure again",
    ),
    CommandRoute("/{measure}/plans", "measures.plan", PlanMeasure, "制定计划 · Plan a measure"),
    CommandRoute(
        "/{measure}/tasks",
        "measures.assign-tasks",
        AssignMeasureTasks,
        "就重点方向交办任务 · Assign tasks for a measure",
    ),
    CommandRoute(
        "/{measure}/carryings-over",
        "measures.carry-over",
        CarryMeasureOver,
        "改划后转续 · Carry a measure over after a reclassification",
    ),
    CommandRoute("/{measure}/closures", "measures.close", CloseMeasure, "终结 · Close a measure"),
    CommandRoute(
        "/{measure}/annulments",
        "measures.annul",
        AnnulMeasureEntry,
        "撤销条目 · Annul an entry of a measure",
    ),
)
router = command_router("/api/v1/measures", "重点方向 Measures", COMMANDS)
