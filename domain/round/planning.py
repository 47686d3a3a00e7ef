"""Plan a round; open and close its stages."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import StageSlug, Title
from domain.kernel.permission import Permission
from domain.kernel.policy import called, offered
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual
from domain.round.calendar import CALENDAR, Calendar
from domain.round.events import RoundPlanned, RoundScheduled, RubricSet, StageClosed, StageOpened
from domain.round.plan import Window, rubrics_of, rules_of
from domain.round.state import Round

PLAN = Permission("rounds.roles.may_lead", doing=Bilingual(zh="安排一轮评定", en="plan a round"))


WINDOWS = Permission(
    "rounds.roles.may_lead", doing=Bilingual(zh="启动或结束评定环节", en="open or close a stage")
)


class PlanRound(Command[Round]):
    """Plan a round of grading: its days, and its rules from the policy in force.

    Rounds begin every second year (section four, item one). `windows` are the planned days of each
    of the policy's stages, in order.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = PLAN

    title: Title
    begins_on: date
    cutoff_on: date
    windows: Annotated[tuple[Window, ...], Field(min_length=1, max_length=20)]

    def consults(self, state: Round) -> Iterable[str]:
        """The calendar of rounds."""
        return (CALENDAR,)

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        rounds = context.policy.rounds
        if "." in state.id or len(state.id) > 31:
            raise Refused("round.id-unfit", round=state.id)
        years, first = rounds.every_years, rounds.first_from
        if self.begins_on < first or (self.begins_on.year - first.year) % years:
            context.breaks("round.off-year", years=years, first=first, begins_on=self.begins_on)
        if self.cutoff_on > self.begins_on:
            raise Refused(
                "round.cutoff-after-beginning", cutoff_on=self.cutoff_on, begins_on=self.begins_on
            )
        context.state(Calendar, CALENDAR).require_free_year(self.begins_on.year)
        windows = self._windows(context)
        planned = RoundPlanned(
            round=state.id,
            title=self.title,
            begins_on=self.begins_on,
            cutoff_on=self.cutoff_on,
            rules=rules_of(context.policy, windows),
        )
        rubrics = [
            RubricSet(round=state.id, **dict(rubric)) for rubric in rubrics_of(context.policy)
        ]
        scheduled = RoundScheduled(
            round=state.id, title=self.title, begins_on=self.begins_on, cutoff_on=self.cutoff_on
        )
        return [planned, *rubrics, StreamEvent(CALENDAR, scheduled)]

    def _windows(self, context: DecisionContext) -> Mapping[str, Window]:
        stages = [stage.code for stage in context.policy.stages]
        if [window.stage for window in self.windows] != stages:
            raise Refused("round.windows-not-stages", stages=offered("round-stage", stages))
        begin = self.begins_on
        for window in self.windows:
            if window.planned_from < begin or window.planned_until <= window.planned_from:
                raise Refused(
                    "round.windows-out-of-order",
                    stage=called("round-stage", window.stage),
                    planned_from=window.planned_from,
                    planned_until=window.planned_until,
                )
            begin = window.planned_from
        return {window.stage: window for window in self.windows}


class OpenStage(Command[Round]):
    """Open a stage, in the order of stages. A closed stage can be opened again."""

    permission: ClassVar[Permission] = WINDOWS

    stage: StageSlug
    opened_on: date

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_phase("open")
        state.plan.stage(self.stage)
        its = called("round-stage", self.stage)
        if state.is_stage_open(self.stage):
            raise Refused("round.stage-open-already", stage=its)
        stages = [each.stage for each in state.plan.rules.stages]
        before = stages[: stages.index(self.stage)]
        if before and before[-1] not in state.windows:
            first = called("round-stage", before[-1])
            raise Refused("round.earlier-stage-not-opened", stage=its, first=first)
        since = [state.opened_on, *(state.windows[each].first_on for each in before[-1:])]
        if own := state.windows.get(self.stage):
            since.append(own.closed_on or own.on)
        state.require_come(self.opened_on, context, since=max(since))
        return [StageOpened(round=state.id, **vars(self))]


class CloseStage(Command[Round]):
    """Close an open stage."""

    permission: ClassVar[Permission] = WINDOWS

    stage: StageSlug
    closed_on: date

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_phase("open")
        opened_on = state.require_stage_open(self.stage)
        state.require_come(self.closed_on, context, since=opened_on)
        return [StageClosed(round=state.id, **vars(self))]
