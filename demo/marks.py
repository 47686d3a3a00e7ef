"""Votes and points of the demo's communities in a round, stage by stage.

The good ones tend to stay good, most that are supported rise, and no two offices are equally
strict. Works for any policy's stages, ballots and rubrics.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import NamedTuple

from demo.chance import chance
from domain.kernel.policy import StageUnit
from domain.round.plan import Mark, Plan
from domain.round.ranking import Candidate

MERIT, SPREAD, YEARLY_SPREAD = 0.782, 0.08, 0.026
# Some were left behind, and some have a bad year: a quarrel, a vacancy, a building site.
LEFT_BEHIND, LEFT_BEHIND_SHARE = 0.55, 0.09
BAD_YEAR, BAD_YEAR_SHARE = -0.16, 0.045
RISE_A_YEAR = 0.008  # the whole city gets better
LEAST, MOST = 0.42, 0.97
# How much better communities think of themselves, and how much stricter it gets higher up.
LENIENCE: Mapping[StageUnit, float] = {
    "community": 0.055,
    "subdistrict": 0.012,
    "district": -0.012,
    "city": 0.0,
}
# How many belong to the assemblies, one after another.
ASSEMBLIES = ((42, 86), (48, 190))

Points = dict[str, Decimal]


class Turnout(NamedTuple):
    """An assembly's vote, whenever it is held."""

    assembly: str
    members: int
    present: int
    votes: Mapping[str, int]


@dataclass
class Sheet:
    """All results of a community in one round."""

    community: str
    type: str
    unit: str
    turnouts: tuple[Turnout, ...] = ()
    points: dict[str, Points] = field(default_factory=dict)
    vetoes: tuple[str, ...] = ()

    def candidate(self, plan: Plan) -> Candidate:
        """The input to the ranking."""
        votes = {each.assembly: each.votes for each in self.turnouts}
        marks: dict[str, Mark] = {}
        for stage in plan.scored:
            marks[stage.stage] = (
                plan.mark_of_votes(votes)
                if stage.acts == "appraise"
                else plan.mark_of_points(stage.stage, self.type, self.points[stage.stage])
            )
        return Candidate(self.community, self.type, self.unit, marks, self.vetoes)


def merit(community: str, year: int, lift: float) -> float:
    """How good a community is in a year, as a share of full marks; `lift` is what support gave."""
    of_it, of_the_year = chance("merit", community), chance("merit", community, year)
    lags = of_it.random() < LEFT_BEHIND_SHARE
    own = of_it.gauss(LEFT_BEHIND if lags else MERIT, SPREAD / 2 if lags else SPREAD)
    this_year = of_the_year.gauss(0, YEARLY_SPREAD)
    this_year += BAD_YEAR if of_the_year.random() < BAD_YEAR_SHARE else 0
    risen = (year - 2021) * RISE_A_YEAR
    return min(max(own + this_year + risen + lift, LEAST), MOST)


def sheet(plan: Plan, community: str, type: str, unit: str, year: int, share: float) -> Sheet:
    """All that a community of such merit gets in a round."""
    made = Sheet(community, type, unit)
    for stage in plan.scored:
        if stage.acts == "appraise":
            liked = share + chance("liked", community, year).gauss(0.055, 0.035)
            made.turnouts = turnouts(plan, community, year, min(max(liked, 0.35), 0.99))
        else:
            strict = chance("strict", unit, stage.stage).uniform(-0.012, 0.012)
            given = share + LENIENCE[stage.unit] + strict
            made.points[stage.stage] = _points(plan, stage.stage, made, year, given)
    return made


def below(turnout: Turnout, percent: int) -> Turnout:
    """The same assembly with one person fewer than this quorum, and as content."""
    present = -(-turnout.members * percent // 100) - 1
    votes = {ballot: count * present // turnout.present for ballot, count in turnout.votes.items()}
    return turnout._replace(present=present, votes=votes)


def turnouts(plan: Plan, community: str, year: int, liked: float) -> tuple[Turnout, ...]:
    """Votes of all assemblies that come to such a share of full satisfaction."""
    found = []
    for number, rule in enumerate(plan.rules.assemblies):
        random = chance("assembly", community, rule.assembly, year)
        least, most = ASSEMBLIES[number % len(ASSEMBLIES)]
        members = chance("assembly", community, rule.assembly).randint(least, most)
        share = max(random.uniform(0.58, 0.93), float(rule.attendance_min_percent) / 100)
        present = min(-(-members * share // 1), members)
        voters = int(present) - random.randrange(3)
        felt = min(max(random.gauss(liked, 0.015), 0.3), 0.995)
        votes = _votes(plan, voters, felt)
        found.append(Turnout(rule.assembly, members, int(present), votes))
    return tuple(found)


def _votes(plan: Plan, voters: int, liked: float) -> dict[str, int]:
    """So many votes, worth together such a share: most of the best and few of the worst."""
    best, *between, worst = sorted(plan.rules.ballots, key=lambda b: -b.worth_percent)
    middle = min(0.5, 1.25 * (1 - liked)) if between else 0.0
    votes = {each.ballot: round(voters * middle / len(between)) for each in between}
    worth = sum(float(each.worth_percent) / 100 * votes[each.ballot] for each in between)
    left = voters - sum(votes.values())
    most = min(max(round(voters * liked - worth), 0), left)
    return {best.ballot: most, **votes, worst.ballot: left - most}


def _points(plan: Plan, stage: str, of: Sheet, year: int, share: float) -> Points:
    """Points for each item, in halves: every community has its strong and its weak sides."""
    return {
        item.item: _halves(
            item.points_max,
            share
            + chance("strength", of.community, item.item).gauss(0, 0.045)
            + chance("points", of.community, year, stage, item.item).gauss(0, 0.018),
        )
        for item in plan.rubric(stage, of.type).items
    }


def _halves(points_max: int, share: float) -> Decimal:
    return Decimal(round(min(max(share, 0.3), 1.0) * points_max * 2)) / 2


def weakest(plan: Plan, stage: str, of: Sheet) -> list[str]:
    """The items of a stage, those first in which least of the points was got."""
    items = plan.rubric(stage, of.type).items
    return [
        each.item for each in sorted(items, key=lambda i: of.points[stage][i.item] / i.points_max)
    ]


def miscounted(points: Points, plan: Plan, stage: str, type: str, random: Random) -> Points:
    """The points with a slip in the heaviest item: ten too few."""
    heaviest = max(plan.rubric(stage, type).items, key=lambda i: (i.points_max, random.random()))
    return {**points, heaviest.item: max(points[heaviest.item] - 10, Decimal(0))}
