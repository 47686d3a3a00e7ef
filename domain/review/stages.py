"""The stages of a review: votes of the assemblies, self-assessment, scores, returns.

Stages follow the round's order and none is skipped. The round's plan says who acts in each.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import Field

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason
from domain.kernel.permission import Permission
from domain.kernel.policy import StageAct, StageUnit, called, offered
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual
from domain.review.command import ReviewCommand
from domain.review.events import (
    AppraisalRecorded,
    AssemblyHeld,
    CommunityScored,
    CommunitySelfAssessed,
    ItemPoints,
    ReviewReturned,
    ScoredItem,
)
from domain.review.state import Review
from domain.round.plan import Plan, StageRule
from domain.round.state import Round

STAGE = Bilingual(zh="办理该评定环节", en="act in this stage of a round")
APPRAISE = Permission("stages[acts=appraise].may_act", doing=STAGE)
SELF_ASSESS = Permission("stages[acts=self-assess].may_act", doing=STAGE)
SCORE_BY_SUBDISTRICT = Permission("stages[acts=score,unit=subdistrict].may_act", doing=STAGE)
SCORE_BY_DISTRICT = Permission("stages[acts=score,unit=district].may_act", doing=STAGE)
RETURN = Permission("stages[].may_act", doing=STAGE)


Assemblies = Annotated[tuple[AssemblyHeld, ...], Field(min_length=1, max_length=10)]
Items = Annotated[tuple[ItemPoints, ...], Field(min_length=1, max_length=50)]


class RecordAppraisal(ReviewCommand, Command[Review]):
    """Record how the assemblies appraised the community: attendance and votes.

    The first stage of a round (section four, item one), before the self-assessment.
    """

    permission: ClassVar[Permission] = APPRAISE

    assemblies: Assemblies

    def roles(self, state: Review, context: DecisionContext) -> Iterable[str]:
        """Those who act in this stage by the round's plan."""
        return acting("appraise", "community", state, context)

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        plan, rule = require_stage(state, "appraise", "community", self.held_on, context)
        require_assemblies(plan, self.assemblies, context)
        require_held_since(self.assemblies, state, rule, context)
        return [
            AppraisalRecorded(
                **state.keys,
                stage=rule.stage,
                held_on=self.held_on,
                assemblies=self.assemblies,
                recorded_by=context.by.actor.person,
            )
        ]

    @property
    def held_on(self) -> date:
        """The day on which the last of the assemblies was held."""
        return max(each.held_on for each in self.assemblies)


class SelfAssess(ReviewCommand, Command[Review]):
    """Record the community's own score, item by item."""

    permission: ClassVar[Permission] = SELF_ASSESS

    scored_on: date
    items: Items

    def roles(self, state: Review, context: DecisionContext) -> Iterable[str]:
        """Those who act in this stage by the round's plan."""
        return acting("self-assess", "community", state, context)

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        plan, rule = require_stage(state, "self-assess", "community", self.scored_on, context)
        items = scored(plan, state, rule.stage, self.items)
        return [
            CommunitySelfAssessed(
                **state.keys,
                stage=rule.stage,
                scored_on=self.scored_on,
                **summed(items),
                assessed_by=context.by.actor.person,
            )
        ]


class ScoreBySubdistrict(ReviewCommand, Command[Review]):
    """Record the score given by the community's subdistrict or town."""

    permission: ClassVar[Permission] = SCORE_BY_SUBDISTRICT

    scored_on: date
    items: Items

    def roles(self, state: Review, context: DecisionContext) -> Iterable[str]:
        """Those who act in this stage by the round's plan."""
        return acting("score", "subdistrict", state, context)

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        return _scored_by("subdistrict", self.scored_on, self.items, state, context)


class ScoreByDistrict(ReviewCommand, Command[Review]):
    """Record the score given by the community's district, county or park."""

    permission: ClassVar[Permission] = SCORE_BY_DISTRICT

    scored_on: date
    items: Items

    def roles(self, state: Review, context: DecisionContext) -> Iterable[str]:
        """Those who act in this stage by the round's plan."""
        return acting("score", "district", state, context)

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        return _scored_by("district", self.scored_on, self.items, state, context)


class ReturnReview(ReviewCommand, Command[Review]):
    """Return a review to the previous stage, to be done again. Those who act next may do so."""

    permission: ClassVar[Permission] = RETURN

    returned_on: date
    reason: Reason

    def roles(self, state: Review, context: DecisionContext) -> Iterable[str]:
        """Those who act in the next stage by the round's plan."""
        return state.next_stage(state.round_of(context).plan).may_act

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        its_round = state.round_of(context)
        plan = its_round.plan
        upcoming = state.next_stage(plan)
        state.require_unit(upcoming, context)
        state.require_under_way(context, self.returned_on)
        place = plan.rules.stages.index(upcoming)
        if not place:
            first = called("round-stage", upcoming.stage)
            raise Refused("review.nothing-to-return", stage=first)
        before = plan.rules.stages[place - 1].stage
        its_round.require_come(self.returned_on, context, since=state.scores[before].on)
        by = context.by.actor.person
        return [ReviewReturned(**state.keys, stage=before, **vars(self), returned_by=by)]


def acting(
    acts: StageAct, unit: StageUnit, state: Review, context: DecisionContext
) -> Iterable[str]:
    """The roles that act in this stage by the round's plan; without such a stage, in any."""
    stages = state.round_of(context).plan.rules.stages
    own = [each for each in stages if (each.acts, each.unit) == (acts, unit)]
    return [role for each in own or stages for role in each.may_act]


def require_stage(
    state: Review, acts: StageAct, unit: StageUnit, day: date, context: DecisionContext
) -> tuple[Plan, StageRule]:
    """The round's plan and the stage of this act; Refused unless it is the next, and open."""
    its_round = state.round_of(context)
    plan = its_round.plan
    rule = next((s for s in plan.rules.stages if (s.acts, s.unit) == (acts, unit)), None)
    if rule is None:
        stages = offered("round-stage", [each.stage for each in plan.rules.stages])
        raise Refused("review.act-not-in-round", stages=stages)
    state.require_unit(rule, context)
    if unit != "community":
        state.require_not_own(context)
    state.require_under_way(context, day)
    upcoming = state.next_stage(plan)
    if upcoming != rule:
        this, first = (called("round-stage", each.stage) for each in (rule, upcoming))
        if rule.stage in state.scores:
            raise Refused("review.stage-done", community=state.community, stage=this)
        raise Refused("review.stage-skipped", community=state.community, stage=this, first=first)
    since = [its_round.require_in_stage(rule.stage, context), *_days_before(state, its_round, rule)]
    its_round.require_come(day, context, since=max(since))
    return plan, rule


def _days_before(state: Review, its_round: Round, rule: StageRule) -> Iterable[date]:
    """The days that an act of the stage may not precede: the previous stage, a return, and the
    day on which the community entered."""
    stages = its_round.plan.scored
    yield from (state.scores[each.stage].on for each in stages[: stages.index(rule)])
    if rule.acts != "appraise":  # assemblies may be counted again without being held again
        yield state.returned_on
        yield its_round.entrants[state.community]


def require_held_since(
    held: Sequence[AssemblyHeld], state: Review, rule: StageRule, context: DecisionContext
) -> None:
    """Refused for an assembly before the stage was first opened, or in the future."""
    its_round = state.round_of(context)
    for each in held:
        first_on = its_round.windows[rule.stage].first_on
        its_round.require_come(each.held_on, context, since=first_on)


def require_assemblies(plan: Plan, held: Sequence[AssemblyHeld], context: DecisionContext) -> None:
    """Refused unless each of the plan's assemblies voted once; a breach without its quorum."""
    due = [each.assembly for each in plan.rules.assemblies]
    if sorted(each.assembly for each in held) != sorted(due):
        raise Refused("review.assemblies-incomplete", assemblies=offered("assembly", due))
    quorums = {each.assembly: each.attendance_min_percent for each in plan.rules.assemblies}
    ballots = [each.ballot for each in plan.rules.ballots]
    for each in held:
        assembly, votes = called("assembly", each.assembly), sum(each.votes.values())
        present, members, percent = each.present, each.members, quorums[each.assembly]
        if present > members or votes > present:
            raise Refused(
                "review.figures-do-not-fit",
                assembly=assembly,
                members=members,
                present=present,
                votes=votes,
            )
        if 100 * present < members * percent:
            context.breaks(
                "review.below-quorum",
                assembly=assembly,
                members=members,
                present=present,
                percent=percent,
            )
        if not votes:
            raise Refused(
                "review.nobody-voted", assembly=assembly, members=members, present=present
            )
        if unknown := sorted(set(each.votes) - set(ballots)):
            choice = offered("ballot", ballots)
            raise Refused(
                "review.no-such-ballot", assembly=assembly, ballot=unknown[0], choice=choice
            )


def scored(
    plan: Plan, state: Review, stage: str, items: Sequence[ItemPoints]
) -> tuple[ScoredItem, ...]:
    """The points in the rubric's order; Refused unless each item has points within its maximum."""
    rubric = plan.rubric(stage, state.type)
    due = [each.item for each in rubric.items]
    if sorted(each.item for each in items) != sorted(due):
        raise Refused(
            "review.items-incomplete",
            stage=called("round-stage", stage),
            items=[each.called for each in rubric.items],
        )
    given = {each.item: each for each in items}
    for each in rubric.items:
        points = given[each.item].points
        if points > each.points_max:
            raise Refused(
                "review.too-many-points",
                item=each.called,
                points=points,
                points_max=each.points_max,
            )
    return tuple(
        ScoredItem(**dict(given[each.item]), points_max=each.points_max) for each in rubric.items
    )


def summed(items: tuple[ScoredItem, ...]) -> dict[str, Any]:
    """The fields of an event about scored items: total, maximum, and each item."""
    return {
        "points": sum((each.points for each in items), Decimal()),
        "points_max": sum(each.points_max for each in items),
        "items": items,
    }


def _scored_by(
    unit: StageUnit,
    day: date,
    points: Sequence[ItemPoints],
    state: Review,
    context: DecisionContext,
) -> list[Event | StreamEvent]:
    plan, rule = require_stage(state, "score", unit, day, context)
    items = scored(plan, state, rule.stage, points)
    reviewing = state.reviewing_unit(rule)
    assert reviewing is not None, "a stage that scores is a unit's act"
    event = CommunityScored.model_validate(
        {
            **state.keys,
            "stage": rule.stage,
            "unit": reviewing,
            "scored_on": day,
            **summed(items),
            "scored_by": context.by.actor.person,
        }
    )
    return [event]
