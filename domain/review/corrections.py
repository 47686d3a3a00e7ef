"""Corrections of scores and votes, and vetoes. A correction names the entry that it corrects."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason, Version
from domain.kernel.permission import Permission
from domain.kernel.policy import called, offered
from domain.kernel.refusal import NotAuthorised, Refused
from domain.kernel.text import Bilingual
from domain.review.command import ReviewCommand
from domain.review.events import (
    AppraisalCorrected,
    ScoreCorrected,
    VetoImposed,
    VetoLifted,
    VetoSlug,
)
from domain.review.stages import (
    Assemblies,
    Items,
    require_assemblies,
    require_held_since,
    scored,
    summed,
)
from domain.review.state import Review
from domain.round.plan import StageRule
from domain.round.state import Round

CORRECT = Permission(
    "stages[].may_act",
    "rounds.roles.may_correct",
    doing=Bilingual(zh="更正得分", en="correct a score"),
)
VETO = Permission(
    "rounds.roles.may_veto",
    doing=Bilingual(zh="适用或解除一票否决", en="impose or lift a veto"),
)
LIFT = Permission(
    "rounds.roles.may_veto",
    "rounds.roles.may_correct",
    doing=Bilingual(zh="解除一票否决", en="lift a veto"),
)


class CorrectScore(ReviewCommand, Command[Review]):
    """Correct the points of a stage. Before the grading those who act in the stage do so; after it
    the roles that the policy names, and the city then ranks again."""

    permission: ClassVar[Permission] = CORRECT

    corrects: Version
    items: Items
    corrected_on: date
    reason: Reason

    def roles(self, state: Review, context: DecisionContext) -> Iterable[str]:
        """Until the grading those who act in the stage, then those who correct."""
        return _correctors(state, self.corrects, context)

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        its_round = _correctable_round(state, self.corrected_on, context)
        stage, score = state.require_score(self.corrects)
        _require_corrector(state, its_round, its_round.plan.stage(stage), context)
        _require_since(self.corrects, self.corrected_on, state, its_round, context)
        if not score.items:
            raise Refused("review.entry-states-votes", entry=self.corrects)
        items = scored(its_round.plan, state, stage, self.items)
        if items == score.items:
            raise Refused("review.correction-changes-nothing", entry=self.corrects)
        event = ScoreCorrected.model_validate(
            {
                **state.keys,
                **vars(self),
                "stage": stage,
                **summed(items),
                "corrected_by": context.by.actor.person,
            }
        )
        return [event]


class CorrectAppraisal(ReviewCommand, Command[Review]):
    """Correct the attendance and votes of the assemblies."""

    permission: ClassVar[Permission] = CORRECT

    corrects: Version
    assemblies: Assemblies
    corrected_on: date
    reason: Reason

    def roles(self, state: Review, context: DecisionContext) -> Iterable[str]:
        """Until the grading those who act in the stage, then those who correct."""
        return _correctors(state, self.corrects, context)

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        its_round = _correctable_round(state, self.corrected_on, context)
        stage, score = state.require_score(self.corrects)
        rule = its_round.plan.stage(stage)
        _require_corrector(state, its_round, rule, context)
        _require_since(self.corrects, self.corrected_on, state, its_round, context)
        if not score.assemblies:
            raise Refused("review.entry-states-points", entry=self.corrects)
        require_assemblies(its_round.plan, self.assemblies, context)
        require_held_since(self.assemblies, state, rule, context)
        self._require_held_until(state, its_round)
        if self.assemblies == score.assemblies:
            raise Refused("review.correction-changes-nothing", entry=self.corrects)
        by = context.by.actor.person
        return [AppraisalCorrected(**state.keys, stage=stage, **vars(self), corrected_by=by)]

    def _require_held_until(self, state: Review, its_round: Round) -> None:
        """Refused for an assembly held after this correction or after the next stage."""
        stages = [each.stage for each in its_round.plan.scored]
        followed = [state.scores[each].on for each in stages[1:] if each in state.scores]
        until = min([self.corrected_on, *followed])
        for each in self.assemblies:
            if each.held_on > until:
                raise Refused(
                    "review.assembly-too-late",
                    assembly=called("assembly", each.assembly),
                    held_on=each.held_on,
                    until=until,
                )


class ImposeVeto(ReviewCommand, Command[Review]):
    """Impose a veto of the round on the community, with the reason."""

    permission: ClassVar[Permission] = VETO

    veto: VetoSlug
    imposed_on: date
    reason: Reason

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        _require_vetoer(state, context)
        its_round = _correctable_round(state, self.imposed_on, context)
        state.require_not_own(context)
        vetoes = {each.veto: each.title for each in its_round.plan.rules.vetoes}
        if self.veto not in vetoes:
            choice = offered("veto", [*vetoes]) if vetoes else None
            raise Refused("review.no-such-veto", veto=self.veto, choice=choice)
        if self.veto in state.vetoes:
            raise Refused(
                "review.veto-imposed-already",
                veto=vetoes[self.veto],
                entry=state.vetoes[self.veto],
            )
        return [VetoImposed(**state.keys, **vars(self), imposed_by=context.by.actor.person)]


class LiftVeto(ReviewCommand, Command[Review]):
    """Annul a veto that was imposed by mistake. Before the grading, those who may impose it do so;
    after it, the roles that the policy names, and the city then ranks again."""

    permission: ClassVar[Permission] = LIFT

    annuls: Version
    lifted_on: date
    reason: Reason

    def roles(self, state: Review, context: DecisionContext) -> Iterable[str]:
        """Until the grading those who impose vetoes, then those who correct."""
        roles = context.policy.rounds.roles
        open = state.round_of(context).phase == "open"
        return roles.may_veto if open else roles.may_correct

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        if state.round_of(context).phase == "open":
            _require_vetoer(state, context)
        its_round = _correctable_round(state, self.lifted_on, context)
        state.require_not_own(context)
        state.require_veto(self.annuls)
        _require_since(self.annuls, self.lifted_on, state, its_round, context)
        return [VetoLifted(**state.keys, **vars(self), lifted_by=context.by.actor.person)]


def _correctors(state: Review, entry: int, context: DecisionContext) -> Iterable[str]:
    its_round = state.round_of(context)
    if its_round.phase != "open":
        return context.policy.rounds.roles.may_correct
    stated = [name for name, score in state.scores.items() if score.version == entry]
    stages = [each for each in its_round.plan.scored if not stated or each.stage in stated]
    return [role for each in stages for role in each.may_act]


def _correctable_round(state: Review, day: date, context: DecisionContext) -> Round:
    its_round = state.round_of(context)
    its_round.require_phase("open", "graded", "published")
    state.require_taking_part()
    its_round.require_come(day, context, since=its_round.opened_on)
    return its_round


def _require_vetoer(state: Review, context: DecisionContext) -> None:
    """NotAuthorised unless the actor may impose vetoes, for a unit that scores the community or in
    a role that grades the city."""
    plan, by = state.round_of(context).plan, context.by.authority
    if by.role in plan.grading.may_act:
        return
    units = [unit for stage in plan.scored if (unit := state.reviewing_unit(stage))]
    if by.jurisdiction not in units:
        raise NotAuthorised(
            "review.veto-of-another-unit",
            community=state.community,
            units=[f"unit:{unit}" for unit in units],
            acting=by.jurisdiction,
        )


def _require_corrector(
    state: Review, its_round: Round, rule: StageRule, context: DecisionContext
) -> None:
    if its_round.phase == "open":
        state.require_unit(rule, context)
    if rule.unit != "community" or its_round.phase != "open":
        state.require_not_own(context)


def _require_since(
    version: int, day: date, state: Review, its_round: Round, context: DecisionContext
) -> None:
    """Refused for a day before that of the corrected or annulled entry."""
    its_round.require_come(day, context, since=state.days[version])
