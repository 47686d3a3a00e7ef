"""The figures of the dashboard that only the domain's rules can derive, as lines to be counted.

Each derivation uses the read models' own functions, so that the board or the worklist that
shows the same agrees. Each function says what it costs.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from domain.kernel.policy import Policy
from projections import checkins, councils, lacking_councils, tasks, worklist
from projections.engine.view import View

LINES_MAX = 1_000_000


class Asked(NamedTuple):
    """The request for figures: day, policy and place.

    `jurisdiction` is the city (for everything), a district or park, or a subdistrict or town.
    """

    policy: Policy
    effective: date
    jurisdiction: str | None = None
    community: str | None = None


class Line(NamedTuple):
    """One line that a figure counts; the columns of each section of `figures.sql`."""

    figure: str
    ordered: str
    id: str
    subject: str
    part: str | None
    title: str | None
    community: str | None
    jurisdiction: str | None
    value: str | None
    day: date | None
    position: int | None


Derivation = Callable[[View, Asked], list[Line]]


def assessed(view: View, asked: Asked) -> list[Line]:
    """Classified urban communities that the assessment suggests another type for.

    Reads the register and all surveys, one line per community, and assesses each.
    """
    found = worklist.waiting(view, asked.policy, effective=asked.effective)
    urban = (each for each in found if each.urban and each.type)
    differing = {each.community: each for each in urban if each.differs}
    return [
        Line(
            figure="assessed-otherwise",
            ordered=each.code or "",
            id=id,
            subject=f"community:{id}",
            part=None,
            title=each.community_name,
            community=id,
            jurisdiction=None,
            value=each.suggested,
            day=each.surveyed_on,
            position=None,
        )
        for id, each in differing.items()
    ]


def lit(view: View, asked: Asked) -> list[Line]:
    """Tasks by their lights, and those that were closed out after a deadline had passed.

    Reads open tasks, and closed ones only if they lapsed, in pages of `tasks.CHUNK`.
    """
    community = asked.community
    to_do = tasks.Filter(status="to-do", community=community)
    closed = tasks.Filter(status="closed", community=community, lapsed=True)
    found = []
    for where in (to_do, closed):
        for each in tasks.tasks(
            view, asked.policy, effective=asked.effective, where=where, limit=LINES_MAX
        ):
            colour = each.light.colour
            if not (colour or (where is closed and each.light.was_overdue)):
                continue
            found.append(
                Line(
                    figure=f"tasks-{colour}" if colour else "tasks-closed-late",
                    ordered=each.due_on.isoformat(),
                    id=each.task,
                    subject=f"task:{each.task}",
                    part=None,
                    title=each.title,
                    community=each.community,
                    jurisdiction=each.jurisdiction,
                    value=None,
                    day=each.due_on,
                    position=each.position,
                )
            )
    return found


def met(view: View, asked: Asked) -> list[Line]:
    """Calendar periods in which councils did not meet as often as required, one line for each.

    Reads all existing councils, each with the days of its sessions.
    """
    where = councils.Filter(community=asked.community)
    return [
        Line(
            figure="sessions-missed",
            ordered=period.period_from.isoformat(),
            id=council["council"],
            subject=f"council:{council['council']}",
            part=None,
            title=council["title"],
            community=council["community"],
            jurisdiction=None,
            value=str(period.period_from.year),
            day=period.period_from,
            position=None,
        )
        for council, period in councils.missed(view, effective=asked.effective, where=where)
    ]


def lacking(view: View, asked: Asked) -> list[Line]:
    """Councils that the policy requires for a community's type and that it lacks.

    One statement over the register.
    """
    return [
        Line(
            figure="councils-lacking",
            ordered=each.council_kind,
            id=each.community,
            subject=f"community:{each.community}",
            part=None,
            title=each.community_name,
            community=each.community,
            jurisdiction=None,
            value=each.council_kind,
            day=None,
            position=None,
        )
        for each in lacking_councils.lacking(view, asked.policy, effective=asked.effective)
    ]


def heard(view: View, asked: Asked) -> list[Line]:
    """Calendar periods with feedback due, and past periods without feedback.

    Reads all check-ins, each with the periods of its feedback, and counts every period.
    """
    found = checkins.feedback(
        view,
        asked.policy.checkins.feedback_per,
        effective=asked.effective,
        sent=False,
        where=checkins.Filter(community=asked.community),
    )
    return [
        Line(
            figure=f"feedback-{each.status}",
            ordered=each.period_from.isoformat(),
            id=each.checkin,
            subject=f"checkin:{each.checkin}",
            part=None,
            title=each.unit_name,
            community=each.community,
            jurisdiction=None,
            value=None,
            day=each.due_on,
            position=None,
        )
        for each in found
    ]
