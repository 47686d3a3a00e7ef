"""What a draft policy would change: the last round ranked again, every community assessed again,
beside what is on record. Nothing is recorded."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from pydantic import Field

from domain.kernel.ids import CommunityId
from domain.kernel.policy import Policy
from domain.kernel.refusal import Refused
from domain.round.ranking import Candidate
from domain.round.trial import Trial, plan_of, ranked_again
from projections import ranking, register, reviews, rounds, worklist
from projections.engine.shape import Shape
from projections.engine.view import View
from projections.ranking import Ranked
from projections.rounds import RoundView


class RankTrialView(Shape):
    """A community whose place, total or grade in the round would be another."""

    community: CommunityId
    community_name: str | None
    type: str
    was_rank: int
    was_total: Decimal
    was_grade: str = Field(description="By the scores and the round's own rules.")
    recorded_grade: str | None
    rank: int
    total: Decimal
    grade: str = Field(description="Under the draft.")


class AssessmentTrialView(Shape):
    """A community for which another type would be suggested."""

    community: CommunityId
    community_name: str | None
    code: str | None
    type: str | None = Field(description="The type on record.")
    was_suggested: str | None
    suggested: str | None = Field(description="Under the draft.")


class RankTrial(NamedTuple):
    """A round ranked again: how many were ranked, and what would change; or why it cannot be."""

    its_round: RoundView
    ranked: int
    changes: list[RankTrialView]
    refusal: Refused | None


def last_round(view: View, round: str | None = None) -> RoundView | None:
    """The named round, or else the last in which communities are ranked; None without one."""
    if round is not None:
        return rounds.one(view, round)
    found = (each for each in reversed(rounds.rounds(view)) if ranking.ranked(view, each.round))
    return next(found, None)


def rank_again(view: View, its_round: RoundView, draft: Policy) -> RankTrial:
    """The round under the rules of a draft, by its recorded scores."""
    now = {each.placing.community: each for each in ranking.ranked(view, its_round.round)}
    plan, _ = rounds.plan(view, its_round.round)
    try:
        again = ranked_again(plan_of(draft, plan), draft, _trials(view, its_round.round, now))
    except Refused as refusal:
        return RankTrial(its_round, len(now), [], refusal)
    names = register.names(view, [(each, its_round.cutoff_on) for each in sorted(now)])
    changes = []
    for placing in again:
        line, was = now[placing.community].line, now[placing.community].placing
        if (was.rank, was.total, was.grade) != (placing.rank, placing.total, placing.grade):
            change = RankTrialView(
                community=placing.community,
                community_name=names.get((placing.community, its_round.cutoff_on)),
                type=placing.type,
                was_rank=was.rank,
                was_total=was.total,
                was_grade=was.grade,
                recorded_grade=line.grade,
                rank=placing.rank,
                total=placing.total,
                grade=placing.grade,
            )
            changes.append(change)
    return RankTrial(its_round, len(now), changes, None)


def assess_again(
    view: View, in_force: Policy, draft: Policy, *, effective: date
) -> tuple[int, list[AssessmentTrialView]]:
    """How many communities there are, and those for which the draft suggests another type."""
    found = worklist.suggestions(view, (in_force, draft), effective=effective)
    changes = [
        AssessmentTrialView(
            community=each.community,
            community_name=each.community_name,
            code=each.code,
            type=each.type,
            was_suggested=each.suggested[0],
            suggested=each.suggested[1],
        )
        for each in found
        if each.suggested[0] != each.suggested[1]
    ]
    return len(found), changes


def _trials(view: View, round: str, now: dict[str, Ranked]) -> Sequence[Trial]:
    plan, _ = rounds.plan(view, round)
    of_review = {each.line.review: community for community, each in now.items()}
    marks: dict[str, dict[str, Any]] = defaultdict(dict)
    votes: dict[str, dict[str, Any]] = defaultdict(dict)
    vetoes: dict[str, list[str]] = defaultdict(list)
    for score in reviews.scores(view, round):
        if community := of_review.get(score.review):
            marks[community][score.stage] = ranking.mark_of(plan, now[community].line.type, score)
            if plan.stage(score.stage).acts == "appraise":
                detail = json.loads(score.detail)
                votes[community][score.stage] = {e["assembly"]: e["votes"] for e in detail}
    for veto in reviews.vetoes(view, round):
        if community := of_review.get(veto.review):
            vetoes[community].append(veto.veto)
    return [
        Trial(
            Candidate(id, each.line.type, each.line.unit, marks[id], tuple(vetoes[id])), votes[id]
        )
        for id, each in now.items()
    ]
