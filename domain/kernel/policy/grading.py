"""The rules of a round of grading in a policy file: stages, rubrics, quotas, caps, days.

Each class is a closed record of what the file says. A round keeps the rules of its planning.
"""

from datetime import date
from decimal import Decimal
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
