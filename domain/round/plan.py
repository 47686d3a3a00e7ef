"""The rules of one round as they were planned: stages, rubrics, thresholds, quotas, caps, days.

They are taken from the policy in force at the planning and recorded: later policies change nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.ids import Slug
from domain.kernel.policy import Policy, StageAct, StageUnit, offered
from domain.kernel.policy.grading import Bound, Per
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.text import Bilingual

Percentage = Annotated[Decimal, Field(ge=0, le=100)]
Points = Annotated[Decimal, Field(ge=0, le=1000, max_digits=6, decimal_places=2)]

STAGE_UNITS: Mapping[StageUnit, Bilingual] = MappingProxyType(
    {
        "community": Bilingual(zh="社区", en="the community"),
        "subdistrict": Bilingual(zh="所属街道（镇）", en="its subdistrict or town"),
        "district": Bilingual(zh="所属区（市、县）、园区", en="its district, county or park"),
        "city": Bilingual(zh="市", en="the city"),
    }
)


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StageRule(_Rule):
    """A stage of the round, with the days for which it is planned."""

    stage: Slug
    acts: StageAct
    unit: StageUnit
    may_act: tuple[Slug, ...]
    planned_from: date
    planned_until: date


class AssemblyRule(_Rule):
    """An assembly that appraises, and the share of its members that must attend."""

    assembly: Slug
    attendance_min_percent: Percentage


class BallotRule(_Rule):
    """A choice in the vote and its worth."""

    ballot: Slug
    worth_percent: Percentage


class ItemRule(_Rule):
    """An item of a rubric: its maximum points and its weight within the stage."""

    item: Slug
    title: Bilingual
    points_max: int
    weight: int

    @property
    def called(self) -> Bilingual:
        """Its name in a refusal: title and code."""
        return Bilingual(zh=f"{self.title.zh}（{self.item}）", en=f"{self.item} ({self.title.en})")


class GradeRule(_Rule):
    """A grade (best first): its minimum total, and whether its communities are supported."""

    grade: Slug
    score_min: Percentage | None = None
    supported: bool = False


class QuotaRule(_Rule):
    """At least or at most this percentage, rounded down, of a type or a unit gets the grade."""

    grade: Slug
    bound: Bound
    per: Per
    percent: Percentage


class CapRule(_Rule):
    """A score below the limit allows no better grade than this."""

    cap: Slug
    title: Bilingual
    stage: Slug
    item: Slug | None = None
    below_percent: Percentage
    grade: Slug


class VetoRule(_Rule):
    """An incident that allows no better grade than this."""

    veto: Slug
    title: Bilingual
    grade: Slug


class RubricRule(_Rule):
    """The weight of a stage in the total, and its items; without types, for all other types."""

    stage: Slug
    types: tuple[Slug, ...] = ()
    weight: int
    items: tuple[ItemRule, ...] = ()


class Rules(_Rule):
    """The rules of a round except its rubrics."""

    stages: tuple[StageRule, ...]
    assemblies: tuple[AssemblyRule, ...]
    ballots: tuple[BallotRule, ...]
    grades: tuple[GradeRule, ...]
    quotas: tuple[QuotaRule, ...]
    caps: tuple[CapRule, ...]
    vetoes: tuple[VetoRule, ...]
    ties: tuple[Slug, ...]
    score_places: int
    publicity_days: int
    objection_days: int


class Window(_Rule):
    """The days for which a stage is planned; `planned_until` is the first day after it."""

    stage: Slug
    planned_from: date
    planned_until: date


@dataclass(frozen=True)
class Mark:
    """The mark of a stage: per cent of the maximum, in total and for each item by code."""

    percent: Fraction
    items: Mapping[str, Fraction]


@dataclass(frozen=True)
class Plan:
    """The rules of one round with its rubrics."""

    rules: Rules
    rubrics: tuple[RubricRule, ...] = ()

    @property
    def scored(self) -> tuple[StageRule, ...]:
        """The stages with a score, in order: all except the last."""
        return self.rules.stages[:-1]

    @property
    def grading(self) -> StageRule:
        """The last stage, in which the city grades."""
        return self.rules.stages[-1]

    def stage(self, code: str) -> StageRule:
        """A stage of the round; NotOnRecord if it has none of this code."""
        for stage in self.rules.stages:
            if stage.stage == code:
                return stage
        choice = offered("round-stage", [each.stage for each in self.rules.stages])
        raise NotOnRecord("round.no-such-stage", stage=code, choice=choice)

    def rubric(self, stage: str, type: str) -> RubricRule:
        """The rubric of a stage for communities of a type."""
        of_stage = [rubric for rubric in self.rubrics if rubric.stage == stage]
        own = [rubric for rubric in of_stage if type in rubric.types]
        return (own or [rubric for rubric in of_stage if not rubric.types])[0]

    def grade_place(self, grade: str) -> int:
        """The index of a grade, 0 for the best; Refused if the round has none of this code."""
        for place, each in enumerate(self.rules.grades):
            if each.grade == grade:
                return place
        choice = offered("grade", [each.grade for each in self.rules.grades])
        raise Refused("round.no-such-grade", grade=grade, choice=choice)

    def mark_of_points(self, stage: str, type: str, points: Mapping[str, Decimal]) -> Mark:
        """The mark for points in all items of the rubric."""
        items = self.rubric(stage, type).items
        won = sum((Fraction(points[i.item]) * i.weight for i in items), Fraction())
        full = sum(i.points_max * i.weight for i in items)
        shares = {i.item: 100 * Fraction(points[i.item]) / i.points_max for i in items}
        return Mark(100 * won / full, MappingProxyType(shares))

    def mark_of_votes(self, votes: Mapping[str, Mapping[str, int]]) -> Mark:
        """The mark for the votes of the assemblies: the mean of the assemblies' results."""
        worth = {ballot.ballot: Fraction(ballot.worth_percent) for ballot in self.rules.ballots}
        shares = {
            assembly: sum((worth[b] * n for b, n in cast.items()), Fraction()) / sum(cast.values())
            for assembly, cast in votes.items()
        }
        return Mark(sum(shares.values(), Fraction()) / len(shares), MappingProxyType(shares))


def rules_of(policy: Policy, windows: Mapping[str, Window]) -> Rules:
    """The rules of a round planned under a policy, with the days of its stages."""
    rounds = policy.rounds
    least = {each.grade: each.score_min for each in rounds.thresholds}
    return Rules(
        stages=tuple(
            StageRule(acts=s.acts, unit=s.unit, may_act=s.may_act, **windows[s.code].model_dump())
            for s in policy.stages
        ),
        assemblies=tuple(
            AssemblyRule(assembly=a.code, attendance_min_percent=a.attendance_min_percent)
            for a in rounds.assemblies
        ),
        ballots=tuple(
            BallotRule(ballot=b.code, worth_percent=b.worth_percent) for b in rounds.ballots
        ),
        grades=tuple(
            GradeRule(grade=g.code, score_min=least.get(g.code), supported=g.supported)
            for g in policy.grades
        ),
        quotas=tuple(
            QuotaRule(grade=q.grade, bound=q.bound, per=q.per, percent=q.percent)
            for q in rounds.quotas
            if q.bound != "none"
        ),
        caps=tuple(
            CapRule(
                cap=c.code,
                title=c.title,
                stage=c.stage,
                item=c.item,
                below_percent=c.below_percent,
                grade=c.grade,
            )
            for c in rounds.caps
        ),
        vetoes=tuple(VetoRule(veto=v.code, title=v.title, grade=v.grade) for v in rounds.vetoes),
        ties=rounds.ties.stages,
        score_places=rounds.ties.score_places,
        publicity_days=rounds.days.publicity_days,
        objection_days=rounds.days.objection_days,
    )


def rubrics_of(policy: Policy) -> tuple[RubricRule, ...]:
    """The rubrics of a round planned under a policy."""
    return tuple(
        RubricRule(
            stage=rubric.stage,
            types=rubric.types,
            weight=rubric.weight,
            items=tuple(
                ItemRule(item=i.code, title=i.title, points_max=i.points_max, weight=i.weight)
                for i in rubric.items
            ),
        )
        for rubric in policy.rounds.rubrics
    )
