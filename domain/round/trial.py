"""A round ranked again under the rules of a draft policy, by the scores on record.

It decides and records nothing. What was scored counts by its share of the maximum of its time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from domain.kernel.policy import Policy, called
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual
from domain.round.plan import Mark, Plan, Window, rubrics_of, rules_of
from domain.round.ranking import Candidate, Placing, rank

_SCORE = Bilingual(zh="评分", en="score")


@dataclass(frozen=True)
class Trial:
    """A community of the round: its marks by stage as the round's own rules have them, and for
    votes also what was cast, by assembly and ballot."""

    candidate: Candidate
    votes: Mapping[str, Mapping[str, Mapping[str, int]]]


def plan_of(policy: Policy, its_round: Plan) -> Plan:
    """The rules that a round would have under a policy; its days play no part."""
    first = its_round.rules.stages[0]
    windows = {
        stage.code: Window(
            stage=stage.code, planned_from=first.planned_from, planned_until=first.planned_until
        )
        for stage in policy.stages
    }
    return Plan(rules_of(policy, windows), rubrics_of(policy))


def ranked_again(plan: Plan, policy: Policy, trials: Iterable[Trial]) -> tuple[Placing, ...]:
    """The places under a policy; Refused if it asks for what the round did not score."""
    types = {each.code for each in policy.types}
    candidates = []
    for each in trials:
        own = each.candidate
        if own.type not in types:
            raise Refused("policy.trial-without-type", type=called("type", own.type))
        marks = {s.stage: _mark(plan, s.stage, each) for s in plan.scored}
        candidates.append(Candidate(own.community, own.type, own.unit, marks, own.vetoes))
    return rank(plan, candidates)


def _mark(plan: Plan, stage: str, trial: Trial) -> Mark:
    if plan.stage(stage).acts == "appraise":
        return plan.mark_of_votes(_votes(plan, stage, trial))
    mark = trial.candidate.marks.get(stage)
    if mark is None:
        raise _lacking(stage, _SCORE)
    won, full, shares = Fraction(), 0, {}
    for item in plan.rubric(stage, trial.candidate.type).items:
        if (share := mark.items.get(item.item)) is None:
            raise _lacking(stage, item.called)
        shares[item.item] = share
        won += share * item.points_max * item.weight
        full += item.points_max * item.weight
    return Mark(won / full, MappingProxyType(shares))


def _votes(plan: Plan, stage: str, trial: Trial) -> Mapping[str, Mapping[str, int]]:
    cast = trial.votes.get(stage, {})
    ballots = {each.ballot for each in plan.rules.ballots}
    for each in plan.rules.assemblies:
        if each.assembly not in cast:
            raise _lacking(stage, called("assembly", each.assembly))
        for ballot in cast[each.assembly].keys() - ballots:
            raise Refused("policy.trial-without-ballot", ballot=called("ballot", ballot))
    return {each.assembly: cast[each.assembly] for each in plan.rules.assemblies}


def _lacking(stage: str, what: Bilingual) -> Refused:
    return Refused("policy.trial-lacks", stage=called("round-stage", stage), what=what)
