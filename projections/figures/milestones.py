"""The policy's milestones compared with the read models as of a day: four statements over views
that they publish, and the domain's rule. It has no table."""

from datetime import date

from domain.policy import Policy
from domain.policy.milestones import CourseStep, Reached, Recorded, milestones
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


def standing(view: View, policy: Policy, *, effective: date) -> list[Reached]:
    """The status of each milestone on a day, ordered by due day."""
    rounds, types = (view.rows(SQL[name], effective=effective) for name in ("rounds", "types"))
    closed = view.rows(SQL["programmes"], effective=effective)
    course = view.rows(SQL["course"], effective=effective)
    recorded = Recorded(
        classified=tuple(CourseStep(**row) for row in course),
        rounds=tuple(row["opened_on"] for row in rounds),
        results=tuple(row["published_on"] for row in rounds if row["published_on"]),
        measures={row["type"]: row["begun_on"] for row in types if row["begun_on"]},
        programmes=tuple(row["closed_on"] for row in closed),
        types=frozenset(row["type"] for row in types),
    )
    return milestones(policy, recorded, today=effective)
