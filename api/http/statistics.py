"""Counts of communities over HTTP, on any day, as known at any moment. Reads only."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from api.http.kernel.problem_kinds import problems
from api.http.kernel.reading import TheReading
from api.http.kernel.routing import SubjectRouter
from projections.figures import statistics
from projections.figures.statistics import CountView

router = SubjectRouter("/api/v1/statistics", "统计 Statistics")


class Counts(BaseModel):
    """Counts by district and type on a day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[CountView]
    communities: int
    effective: date
    position: int


@router.get(
    "/communities",
    operation_id="statistics.communities",
    summary="按类型与区县统计社区 · Communities by type and district",
    responses=problems("invalid-request", "not-yet-shown", "database-away"),
)
def count_communities(reading: TheReading) -> Counts:
    """How many communities of each type each district has on a day."""
    with reading.view() as view:
        found = statistics.counts(view, effective=reading.effective)
        return Counts(
            items=found,
            communities=sum(each.communities for each in found),
            effective=reading.effective,
            position=view.stands_at,
        )
