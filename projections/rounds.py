"""The rounds of grading: status, rules and open stages."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, assert_never, cast, get_args

from pydantic import Field

from domain.kernel.event import Event
from domain.kernel.ids import RoundId
from domain.round.events import (
    CityGraded,
    CityRegraded,
    CommunitiesEntered,
    CommunitiesReentered,
    ResultsAnnulled,
    ResultsListed,
    ResultsPublished,
    RoundAnnulled,
    RoundClosed,
    RoundEvent,
    RoundOpened,
    RoundPlanned,
    RubricSet,
    StageClosed,
    StageOpened,
)
from domain.round.plan import ItemRule, Plan, RubricRule, Rules
from domain.round.state import Phase
from projections.engine.page import Page
from projections.engine.projection import Projection
from projections.engine.row import row
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)
# By which a round comes further.
PhaseEvent = (
    RoundOpened | CommunitiesEntered | CityGraded | ResultsPublished | RoundClosed | RoundAnnulled
)


@row(key=("round",))
class RoundLine(NamedTuple):
    """A round and how far it has come; `position` is that of the entry behind its phase."""

    round: str
    title: str
    phase: str
    begins_on: date
    cutoff_on: date
    communities: int
    opened_on: date | None
    graded_on: date | None
    published_on: date | None
    publicity_until: date | None
    objections_until: date | None
    closed_on: date | None
    annulled_on: date | None
    position: int


@row(key=("round",))
class RoundRules(NamedTuple):
    """The rules of a round as JSON, and the policy they were taken from."""

    round: str
    policy: str | None
    rules: str


@row(key=("round", "ordinal"))
class RoundRubric(NamedTuple):
    """One rubric of a round as JSON, in the order of the plan."""

    round: str
    ordinal: int
    rubric: str


@row(key=("round", "stage"))
class RoundWindow(NamedTuple):
    """A stage that was opened; `closed_on` is null while its acts are taken."""

    round: str
    stage: str
    opened_on: date
    closed_on: date | None
    position: int


class Rounds(Projection):
    """Rounds, each on a page of its own."""

    name = "rounds"
    kinds = (RoundLine, RoundRules, RoundRubric, RoundWindow)
    events = cast(tuple[type[Event], ...], get_args(RoundEvent))
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the round as it is after this entry."""
        event, at = cast(RoundEvent, entry.event), entry.position
        match event:
            case RoundPlanned():
                page.put(_planned(key, event, at))
                page.put(RoundRules(key, entry.policy, event.rules.model_dump_json()))
            case RubricSet():
                body = event.model_dump_json(exclude={"round"})
                page.put(RoundRubric(key, len(page.of(RoundRubric)), body))
            case StageOpened():
                page.put(RoundWindow(key, event.stage, event.opened_on, None, at))
            case StageClosed():
                was = page.row(RoundWindow, key, event.stage)
                assert was is not None, "what closes was opened"
                page.put(was._replace(closed_on=event.closed_on, position=at))
            case (
                RoundOpened()
                | CommunitiesEntered()
                | CityGraded()
                | ResultsPublished()
                | RoundClosed()
                | RoundAnnulled()
            ):
                line = page.row(RoundLine, key)
                assert line is not None, "a round was planned"
                page.put(line._replace(**_changes(line, event, at)))
            case ResultsListed() | ResultsAnnulled() | CityRegraded() | CommunitiesReentered():
                pass  # it stands on the page of each community's grades, or of its review
            case _:
                assert_never(event)


def _planned(key: str, event: RoundPlanned, at: int) -> RoundLine:
    return RoundLine(
        round=key,
        title=event.title,
        phase="planned",
        begins_on=event.begins_on,
        cutoff_on=event.cutoff_on,
        communities=0,
        opened_on=None,
        graded_on=None,
        published_on=None,
        publicity_until=None,
        objections_until=None,
        closed_on=None,
        annulled_on=None,
        position=at,
    )


def _changes(line: RoundLine, event: PhaseEvent, at: int) -> Mapping[str, Any]:
    match event:
        case RoundOpened():
            return {"phase": "open", "opened_on": event.opened_on, "position": at}
        case CommunitiesEntered():
            return {"communities": line.communities + event.count}
        case CityGraded():
            return {"phase": "graded", "graded_on": event.graded_on, "position": at}
        case ResultsPublished():
            return {
                "phase": "published",
                "published_on": event.published_on,
                "publicity_until": event.publicity_until,
                "objections_until": event.objections_until,
                "position": at,
            }
        case RoundClosed():
            return {"phase": "closed", "closed_on": event.closed_on, "position": at}
        case RoundAnnulled():
            return {"phase": "annulled", "annulled_on": event.annulled_on, "position": at}
        case _:
            assert_never(event)


class RoundView(Shape):
    """A round and its status."""

    round: RoundId
    title: str
    status: Phase
    begins_on: date
    cutoff_on: date
    communities: int
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
    position: int


def rounds(
    view: View,
    *,
    status: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[RoundView]:
    """Rounds in the order of (beginning, id), behind `after` for the next page."""
    rows = view.rows(
        SQL["list"],
        status=status,
        after_day=after and after[0],
        after_round=after and after[1],
        limit=limit,
    )
    return [RoundView.of(row) for row in rows]


def one(view: View, id: str) -> RoundView | None:
    """One round; None if it is not on record."""
    row = view.row(SQL["one"], round=id)
    return RoundView.of(row) if row else None


def in_full(view: View, its_round: RoundView) -> RoundInFull:
    """A round with its rules, rubrics and windows."""
    its_plan, policy = plan(view, its_round.round)
    return RoundInFull(
        round=its_round,
        policy=policy,
        rules=its_plan.rules,
        rubrics=list(its_plan.rubrics),
        windows=windows(view, its_round.round),
        position=view.stands_at,
    )


def windows(view: View, id: str) -> list[WindowView]:
    """The stages of a round that were opened."""
    return [WindowView.of(row) for row in view.rows(SQL["windows"], round=id)]


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
