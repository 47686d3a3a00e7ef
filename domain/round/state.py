"""The state of a round: its rules, communities, stages and phase.

It decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Literal, NamedTuple, Self, assert_never

from domain.kernel.context import DecisionContext
from domain.kernel.policy import called
from domain.kernel.refusal import Refused
from domain.kernel.subject import Subject, changed
from domain.kernel.text import Bilingual
from domain.round.events import (
    AnnulmentEvent,
    CityGraded,
    CityRegraded,
    CommunitiesEntered,
    CommunitiesReentered,
    EnteringEvent,
    GradingEvent,
    PlanningEvent,
    PublicationEvent,
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
from domain.round.plan import Plan, RubricRule, Rules

Phase = Literal["planned", "open", "graded", "published", "closed", "annulled"]

PHASES: Mapping[Phase, Bilingual] = MappingProxyType(
    {
        "planned": Bilingual(zh="已安排、未启动", en="planned and not opened yet"),
        "open": Bilingual(zh="正在评定", en="open"),
        "graded": Bilingual(zh="已评定、未公布", en="graded and not published yet"),
        "published": Bilingual(zh="正在公示", en="published"),
        "closed": Bilingual(zh="已结束", en="closed"),
        "annulled": Bilingual(zh="已撤销", en="annulled"),
    }
)
NO_RULES = Rules(
    stages=(),
    assemblies=(),
    ballots=(),
    grades=(),
    quotas=(),
    caps=(),
    vetoes=(),
    ties=(),
    score_places=0,
    publicity_days=0,
    objection_days=0,
)


class Opened(NamedTuple):
    """A stage that was opened: the days of its last and first opening, and of its closing."""

    on: date
    first_on: date
    closed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Round(Subject):
    """One round. `entrants` has every community that entered, with the day of its last entering;
    `windows` every stage that was opened.

    `graders` are the people who graded the city; `ranked_on` is the day of the newest ranking.
    """

    kind: ClassVar[str] = "round"
    what: ClassVar[Bilingual] = Bilingual(zh="评定轮次", en="round")

    title: str = ""
    phase: Phase = "planned"
    begins_on: date = date.min
    cutoff_on: date = date.min
    opened_on: date = date.min
    graded_on: date = date.min
    ranked_on: date = date.min
    published_on: date = date.min
    closed_on: date = date.min
    publicity_until: date = date.min
    objections_until: date = date.min
    plan: Plan = field(default_factory=lambda: Plan(NO_RULES))
    entrants: Mapping[str, date] = field(default_factory=dict)
    windows: Mapping[str, Opened] = field(default_factory=dict)
    graders: frozenset[str] = frozenset()

    def review_streams(self) -> Iterator[str]:
        """The streams of the reviews of all communities that entered."""
        return (f"review:{self.id}.{community}" for community in self.entrants)

    @property
    def reached_on(self) -> date:
        """The day on which it was last opened, ranked, published or closed."""
        return max(self.opened_on, self.ranked_on, self.published_on, self.closed_on)

    @property
    def is_published(self) -> bool:
        """Whether its results were published and the round was not annulled."""
        return self.phase in ("published", "closed")

    def is_stage_open(self, stage: str) -> bool:
        """Whether a stage accepts acts."""
        return stage in self.windows and self.windows[stage].closed_on is None

    def require_phase(self, *phases: Phase) -> None:
        """Refused unless the round is in one of these phases."""
        if self.phase not in phases:
            raise Refused(
                "round.not-in-phase",
                title=self.title,
                phase=PHASES[self.phase],
                phases=[PHASES[each] for each in phases],
            )

    def require_stage_open(self, stage: str) -> date:
        """The day on which the stage was opened; Refused unless it is open."""
        if not self.is_stage_open(stage):
            raise Refused(
                "round.stage-not-open", title=self.title, stage=called("round-stage", stage)
            )
        return self.windows[stage].on

    def require_in_stage(self, stage: str, context: DecisionContext) -> date:
        """The day on which the stage was opened; Refused unless it was, a breach if closed."""
        if (opened := self.windows.get(stage)) is None:
            return self.require_stage_open(stage)
        if opened.closed_on:
            context.breaks(
                "round.stage-closed",
                title=self.title,
                stage=called("round-stage", stage),
                closed_on=opened.closed_on,
            )
        return opened.on

    def require_come(self, day: date, context: DecisionContext, *, since: date = date.min) -> None:
        """Refused for a day in the future or before `since`."""
        context.require_past(day)
        if day < since:
            raise Refused("round.day-too-early", day=day, since=since)

    def evolve(self, event: RoundEvent) -> Self:
        """The state after one more event of this round."""
        if isinstance(event, PlanningEvent | EnteringEvent):
            return self._with_planning(event)
        return self._with_results(event)

    def _with_planning(self, event: PlanningEvent | EnteringEvent) -> Self:
        match event:
            case RoundPlanned():
                return changed(
                    self,
                    title=event.title,
                    begins_on=event.begins_on,
                    cutoff_on=event.cutoff_on,
                    plan=Plan(event.rules),
                )
            case RubricSet():
                rubric = RubricRule(
                    stage=event.stage, types=event.types, weight=event.weight, items=event.items
                )
                return changed(self, plan=Plan(self.plan.rules, (*self.plan.rubrics, rubric)))
            case RoundOpened():
                return changed(self, phase="open", opened_on=event.opened_on)
            case CommunitiesEntered() | CommunitiesReentered():
                entered = dict.fromkeys(event.communities, event.entered_on)
                return changed(self, entrants={**self.entrants, **entered})
            case StageOpened():
                was = self.windows.get(event.stage)
                first_on = was.first_on if was else event.opened_on
                return self._with_window(event.stage, Opened(event.opened_on, first_on))
            case StageClosed():
                closed = self.windows[event.stage]._replace(closed_on=event.closed_on)
                return self._with_window(event.stage, closed)
            case _:
                assert_never(event)

    def _with_window(self, stage: str, window: Opened) -> Self:
        return changed(self, windows={**self.windows, stage: window})

    def _with_results(self, event: GradingEvent | PublicationEvent | AnnulmentEvent) -> Self:
        match event:
            case CityGraded() | CityRegraded():
                graders, day = self.graders | {event.graded_by}, event.graded_on
                ranked = changed(self, graders=graders, ranked_on=day)
                if isinstance(event, CityRegraded):
                    return ranked
                return changed(ranked, phase="graded", graded_on=day)
            case ResultsPublished():
                return changed(
                    self,
                    phase="published",
                    published_on=event.published_on,
                    publicity_until=event.publicity_until,
                    objections_until=event.objections_until,
                )
            case RoundClosed():
                return changed(self, phase="closed", closed_on=event.closed_on)
            case RoundAnnulled():
                return changed(self, phase="annulled")
            case ResultsListed() | ResultsAnnulled():
                return self
            case _:
                assert_never(event)
