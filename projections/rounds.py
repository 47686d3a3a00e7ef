"""The rounds of grading: status, rules and open stages."""

import json
from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import NamedTuple, cast, get_args

from pydantic import Field

from domain.kernel.ids import RoundId
from domain.round.events import (
    CityRegraded,
    CommunitiesReentered,
    ResultsAnnulled,
    ResultsListed,
    RoundEvent,
)
from domain.round.plan import ItemRule, Plan, RubricRule, Rules
from domain.round.state import Opened, Phase, Round
from projections.engine.days import recorded_on
from projections.engine.page import Page
from projections.engine.row import row
from projections.engine.scope import public
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.subjects import Subjects, begun, differing, shown
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(key=("round",), scope=public("round"))
class RoundLine(NamedTuple):
    """A round and the days on which it came further. `planned_on` is the day on which its planning
    was recorded, but no later than its cut-off day: one recorded years later was planned by then.
    """

    round: str
    title: str
    planned_on: date
    begins_on: date
    cutoff_on: date
    opened_on: date | None
    graded_on: date | None
    published_on: date | None
    publicity_until: date | None
    objections_until: date | None
    closed_on: date | None
    annulled_on: date | None


@row(key=("round", "phase"), scope=public("round"))
class RoundStep(NamedTuple):
    """A phase that a round reached, and the position of the entry that brought it there."""

    round: str
    phase: str
    position: int


@row(key=("round",), scope=public("round"))
class RoundRules(NamedTuple):
    """The rules of a round as JSON, and the policy they were taken from."""

    round: str
    policy: str | None
    rules: str


@row(key=("round", "ordinal"), scope=public("round"))
class RoundRubric(NamedTuple):
    """One rubric of a round as JSON, in the order of the plan."""

    round: str
    ordinal: int
    rubric: str


@row(key=("round", "stage", "opened_on"), scope=public("round"))
class RoundWindow(NamedTuple):
    """An opening of a stage; `closed_on` is null while its acts are taken."""

    round: str
    stage: str
    opened_on: date
    closed_on: date | None
    opened_position: int
    closed_position: int | None


# They stand on the page of each community's grades, or of its review.
PASSED_OVER = (CommunitiesReentered, CityRegraded, ResultsListed, ResultsAnnulled)


class Rounds(Subjects):
    """Rounds, each on a page of its own."""

    name = "rounds"
    subject = Round
    kinds = (RoundLine, RoundStep, RoundRules, RoundRubric, RoundWindow)
    events = tuple(event for event in get_args(RoundEvent) if event not in PASSED_OVER)
    module_file = __file__

    def state(self, id: str, page: Page) -> Round:
        """The round as far as its rows show it: its communities are only counted."""
        phase = max(page.of(RoundStep), key=attrgetter("position")).phase
        windows = {
            row.stage: Opened(on=row.opened_on, first_on=row.opened_on, closed_on=row.closed_on)
            for row in sorted(page.of(RoundWindow), key=attrgetter("opened_on"))
        }
        return Round(id=id, phase=cast(Phase, phase), windows=windows)

    def show(self, page: Page, before: Round, after: Round, entry: Seen) -> None:
        """The round where it came further, its rules and rubrics, and the windows of its stages."""
        of, at = after.id, entry.position
        line = page.row(RoundLine, of)
        if line is None:
            planned = min(recorded_on(entry), after.begins_on, after.cutoff_on)
            page.put(begun(RoundLine, (of,), entry, planned_on=planned))
            page.put(RoundStep(of, after.phase, at))
            page.put(RoundRules(of, entry.policy, after.plan.rules.model_dump_json()))
        elif after.phase != before.phase:
            page.put(shown(line, entry.event), RoundStep(of, after.phase, at))
        if len(after.plan.rubrics) > len(before.plan.rubrics):
            rubric = entry.event.model_dump_json(exclude={"round"})
            page.put(RoundRubric(of, len(page.of(RoundRubric)), rubric))
        for stage in differing(before.windows, after.windows):
            window = after.windows[stage]
            row = RoundWindow(of, stage, window.on, None, at, None)
            if window.closed_on and (opened := page.row(RoundWindow, of, stage, window.on)):
                row = opened._replace(closed_on=window.closed_on, closed_position=at)
            page.put(row)


class RoundView(Shape):
    """A round and its status on the asked day."""

    round: RoundId
    title: str
    status: Phase
    begins_on: date
    cutoff_on: date
    communities: int = Field(description="Those that take part, without withdrawn ones.")
    opened_on: date | None
    graded_on: date | None
    published_on: date | None
    publicity_until: date | None = Field(description="The first day after the publicity.")
    objections_until: date | None = Field(description="The first day too late for objections.")
    closed_on: date | None
    annulled_on: date | None
    position: int = Field(description="The position of the entry that brought it there.")


class WindowView(Shape):
    """A stage that was opened; `closed_on` is null while its acts are taken."""

    stage: str
    opened_on: date
    closed_on: date | None
    position: int


class RoundInFull(Shape):
    """A round with its rules and its stages' windows."""

    round: RoundView
    policy: str | None = Field(description="The policy that the rules were taken from.")
    rules: Rules
    rubrics: list[RubricRule]
    windows: list[WindowView]
    effective: date
    position: int


def rounds(
    view: View,
    *,
    effective: date = date.max,
    status: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[RoundView]:
    """Rounds on a day in the order of (beginning, id), behind `after` for the next page."""
    rows = view.rows(
        SQL["list"],
        effective=effective,
        status=status,
        round=None,
        after_day=after and after[0],
        after_round=after and after[1],
        limit=limit,
    )
    return [RoundView.of(row) for row in rows]


def one(view: View, id: str, *, effective: date = date.max) -> RoundView | None:
    """One round on a day; None if it is not on record."""
    asked = {"effective": effective, "round": id, "limit": 1}
    row = view.row(SQL["list"], **asked, status=None, after_day=None, after_round=None)
    return RoundView.of(row) if row else None


def in_full(view: View, its_round: RoundView, *, effective: date) -> RoundInFull:
    """A round with its rules, rubrics and windows."""
    its_plan, policy = plan(view, its_round.round)
    return RoundInFull(
        round=its_round,
        policy=policy,
        rules=its_plan.rules,
        rubrics=list(its_plan.rubrics),
        windows=windows(view, its_round.round, effective=effective),
        effective=effective,
        position=view.stands_at,
    )


def windows(view: View, id: str, *, effective: date = date.max) -> list[WindowView]:
    """The stages of a round that were opened by a day, each as it was opened last."""
    rows = view.rows(SQL["windows"], round=id, effective=effective)
    return [WindowView.of(row) for row in rows]


def plan(view: View, id: str) -> tuple[Plan, str | None]:
    """The rules of a round that is on record, and the policy they were taken from."""
    row = view.row(SQL["rules"], round=id)
    assert row is not None, "a round has rules from its planning on"
    rubrics = (json.loads(each["rubric"]) for each in view.rows(SQL["rubrics"], round=id))
    read = tuple(
        RubricRule(
            stage=each["stage"],
            types=tuple(each["types"]),
            weight=each["weight"],
            items=tuple(ItemRule(**item) for item in each["items"]),
        )
        for each in rubrics
    )
    return Plan(Rules.model_validate_json(row["rules"]), read), row["policy"]


def names(view: View, ids: Iterable[str]) -> dict[str, str]:
    """What rounds are called; unknown ones are left out."""
    asked = list(dict.fromkeys(ids))
    if not asked:
        return {}
    return {row["round"]: row["title"] for row in view.rows(SQL["names"], ids=asked)}
