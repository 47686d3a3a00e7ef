"""The policy's milestones compared with the read models as of a day: four statements over views
that they publish, and the domain's rule. It has no table."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from domain.kernel.policy import Policy
from domain.kernel.policy.milestones import CourseStep, Reached, Recorded, milestones
from projections.engine.view import View
from record.sql import statements
from record.store.record import CHINA

SQL = statements(__file__)


def standing(view: View, policy: Policy, *, effective: date) -> list[Reached]:
    """The status of each milestone on a day, ordered by due day.

    Four statements, and four more for each due day on which something was reached in time, in a
    district or as a whole: they ask what the record showed when that day ended.
    """
    found = milestones(policy, _recorded(view, effective), today=effective)
    due = {each.due_on for each in found if each.in_time}
    shown = {on: _reached_by(view, policy, on) for on in due}
    return [
        each.recorded(shown[each.due_on].get(each.milestone.code, ())) if each.in_time else each
        for each in found
    ]


def _reached_by(view: View, policy: Policy, due_on: date) -> Mapping[str, Sequence[str | None]]:
    """Where the milestones due on a day were reached by what the record showed when it ended."""
    ended = datetime.combine(due_on + timedelta(days=1), time(), CHINA) - timedelta.resolution
    row = view.row(SQL["known_at"], instant=ended)
    assert row is not None
    then = view._replace(known=min(row["position"], view.stands_at))
    shown = milestones(policy, _recorded(then, due_on), today=due_on)
    return {each.milestone.code: each.in_time for each in shown if each.due_on == due_on}


def _recorded(view: View, effective: date) -> Recorded:
    course, rounds, types, closed = (
        view.rows(SQL[name], effective=effective)
        for name in ("classified", "rounds", "types", "programmes")
    )
    return Recorded(
        classified=tuple(CourseStep(**row) for row in course),
        rounds=tuple(row["opened_on"] for row in rounds),
        results=tuple(row["published_on"] for row in rounds if row["published_on"]),
        measures={row["type"]: row["begun_on"] for row in types if row["begun_on"]},
        programmes=tuple(row["closed_on"] for row in closed),
        types=frozenset(row["type"] for row in types),
    )
