"""The rules of a round of grading in a policy file: stages, rubrics, quotas, caps, days.

Each class is a closed record of what the file says. A round keeps the rules of its planning.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from domain.kernel.ids import Slug
from domain.kernel.policy.parts import Roles
from domain.kernel.policy.term import Sourced, Term

Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)]
# What is done in a stage, and by which kind of unit above the community.
StageAct = Literal["appraise", "self-assess", "score", "grade"]
StageUnit = Literal["community", "subdistrict", "district", "city"]
Bound = Literal["none", "floor", "ceiling"]
Per = Literal["type", "unit"]


class Stage(Term):
    """A stage of a round, and the roles that act in it. Stages follow the file's order.

    `unit` is the kind of unit that acts. A town counts as a subdistrict, a park as a district.
    """

    acts: StageAct
    unit: StageUnit
    may_act: Roles


class RoundDays(Sourced):
    """For how many days results are public, and for how many objections are accepted."""

    publicity_days: int = Field(ge=1, le=365)
    objection_days: int = Field(ge=1, le=365)


class RoundRoles(Sourced):
    """The roles that lead rounds, impose vetoes, object, decide objections, and correct."""

    may_lead: Roles
    may_veto: Roles
    may_object: Roles
    may_decide: Roles
    may_correct: Roles


class Assembly(Term):
    """An assembly that appraises a community, and the share of members that must attend."""

    attendance_min_percent: Percent


class Ballot(Term):
    """A choice in an appraisal's vote and its worth: 100 is full satisfaction."""

    worth_percent: Percent


class RubricItem(Term):
    """One item of a rubric: its maximum points and its weight in the stage."""

    points_max: int = Field(ge=1, le=1000)
    weight: int = Field(default=1, ge=1, le=100)


class Rubric(Sourced):
    """The weight of a stage and the items that it scores; without types, for all other types."""

    stage: Slug
    types: tuple[Slug, ...] = Field(default=(), max_length=50)
    weight: int = Field(ge=0, le=100)
    items: tuple[RubricItem, ...] = Field(default=(), max_length=50)


class Ties(Sourced):
    """The stages that decide between equal totals, in order. What is still equal shares a rank.

    Totals and stages are compared as shown, rounded to this many decimal places.
    """

    stages: tuple[Slug, ...] = Field(default=(), max_length=20)
    score_places: int = Field(ge=0, le=4)


class Threshold(Sourced):
    """The minimum total for a grade; the worst grade has none."""

    grade: Slug
    score_min: Percent


class Quota(Sourced):
    """At least, or at most, this share of a type's or a unit's communities gets a grade.

    The number of communities is rounded down.
    """

    grade: Slug
    bound: Bound
    per: Per
    percent: Percent


class Cap(Term):
    """A score below a limit, in a stage or one of its items, allows no better grade than this."""

    stage: Slug
    item: Slug | None = None
    below_percent: Percent
    grade: Slug


class Veto(Term):
    """An incident that allows no better grade than this, whatever the scores."""

    grade: Slug


class Rounds(Sourced):
    """When rounds of grading begin (section four, item one), and their rules."""

    first_from: date
    every_years: int = Field(ge=1, le=20)
    days: RoundDays
    roles: RoundRoles
    assemblies: tuple[Assembly, ...] = Field(min_length=1, max_length=10)
    ballots: tuple[Ballot, ...] = Field(min_length=1, max_length=10)
    rubrics: tuple[Rubric, ...] = Field(min_length=1, max_length=200)
    ties: Ties
    thresholds: tuple[Threshold, ...] = Field(max_length=20)
    quotas: tuple[Quota, ...] = Field(default=(), max_length=2)
    caps: tuple[Cap, ...] = Field(default=(), max_length=50)
    vetoes: tuple[Veto, ...] = Field(default=(), max_length=50)


class Supporting(Sourced):
    """The roles that begin and end the support of communities, and those that report on it."""

    may_support: Roles
    may_report: Roles


def contradictions(
    rounds: Rounds, stages: Sequence[Stage], types: Sequence[str], grades: Sequence[str]
) -> Iterator[str]:
    """What is inconsistent in the rules of grading, given the codes of the policy's types and its
    grades, best first."""
    yield from _of_stages(rounds, stages)
    yield from _of_rubrics(rounds, stages, types)
    yield from _of_grades(rounds, grades)


def _of_stages(rounds: Rounds, stages: Sequence[Stage]) -> Iterator[str]:
    acts = [stage.acts for stage in stages]
    if acts[-1] != "grade" or acts.count("grade") > 1:
        yield "only the last stage must act by grade"
    for act in ("appraise", "self-assess"):
        if acts.count(act) > 1:
            yield f"two stages act by {act}"
    scoring = [stage.unit for stage in stages if stage.acts == "score"]
    if len(set(scoring)) < len(scoring):
        yield "two stages of one unit act by score"
    codes = {stage.code for stage in stages}
    for code in rounds.ties.stages:
        if code not in codes:
            yield f"the ties name the unknown stage {code}"


def _of_rubrics(rounds: Rounds, stages: Sequence[Stage], types: Sequence[str]) -> Iterator[str]:
    scored = {stage.code: stage.acts for stage in stages if stage.acts != "grade"}
    found: Counter[tuple[str, str | None]] = Counter()
    for rubric in rounds.rubrics:
        if rubric.stage not in scored:
            yield f"a rubric names {rubric.stage}, which is not a scored stage"
        elif (scored[rubric.stage] == "appraise") == bool(rubric.items):
            yield f"the rubric of {rubric.stage}: votes have no items, and points have some"
        if unknown := sorted(set(rubric.types).difference(types)):
            yield f"the rubric of {rubric.stage} names the unknown type {unknown[0]}"
        found.update((rubric.stage, each) for each in rubric.types or (None,))
    for (stage, each), times in found.items():
        if times > 1:
            yield f"{stage} has {times} rubrics for {each or 'all types'}"
    for each in sorted(types):
        if lacking := [s for s in scored if (s, each) not in found and (s, None) not in found]:
            yield f"{lacking[0]} has no rubric for {each}"
        elif not any(_weight(rounds, stage, each) for stage in scored):
            yield f"the rubrics of {each} weigh nothing together"


def _weight(rounds: Rounds, stage: str, type: str) -> int:
    of_stage = [rubric for rubric in rounds.rubrics if rubric.stage == stage]
    own = [rubric.weight for rubric in of_stage if type in rubric.types]
    return (own or [rubric.weight for rubric in of_stage if not rubric.types])[0]


def _of_grades(rounds: Rounds, grades: Sequence[str]) -> Iterator[str]:
    if [each.grade for each in rounds.thresholds] != list(grades[:-1]):
        yield "thresholds must be given for all grades except the worst, best first"
    least = [each.score_min for each in rounds.thresholds]
    if any(worse >= better for better, worse in pairwise(least)):
        yield "thresholds must decrease from grade to grade"
    named = [(f"the cap {cap.code}", cap.grade) for cap in rounds.caps]
    for what, code in [*named, *((f"the veto {veto.code}", veto.grade) for veto in rounds.vetoes)]:
        if code not in grades:
            yield f"{what} names the unknown grade {code}"
    for cap in rounds.caps:
        items = [r.items for r in rounds.rubrics if r.stage == cap.stage]
        if not items or (
            cap.item is not None and any(cap.item not in {i.code for i in of} for of in items)
        ):
            yield f"the cap {cap.code} names a stage or an item that some rubric lacks"
    yield from _of_quotas(rounds.quotas, grades)


def _of_quotas(quotas: tuple[Quota, ...], grades: Sequence[str]) -> Iterator[str]:
    bound = [quota for quota in quotas if quota.bound != "none"]
    if any(quota.grade not in (grades[0], grades[-1]) for quota in quotas):
        yield "quotas are only for the best and the worst grade"
    if len({quota.grade for quota in quotas}) < len(quotas):
        yield "a grade has two quotas"
    if bound and len(grades) < 3:
        yield "quotas need a grade between the best and the worst"
    if len({quota.per for quota in bound}) > 1:
        yield "quotas must be either all per type or all per unit"
    if [quota.bound for quota in bound].count("floor") > 1:
        yield "both the best and the worst grade have a floor"
