"""The parts of a policy file, each a closed record of what the file says."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.kernel.ids import Slug
from domain.kernel.text import Bilingual
from domain.policy.indicator import AssessmentRule
from domain.policy.term import Sourced, Term

# The names of roles are checked where authority is: a policy only says who may act.
Roles = Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]
CalendarSpan = Literal["month", "quarter", "half-year", "year"]
# What shows that a milestone is reached: all communities classified; a round opened; the results of
# rounds published; measures taken up for each type in use; city programmes closed.
Evidence = Literal["classified", "rounds", "results", "measures", "programmes"]


class Measure(Term):
    """One 重点方向 of a type with its concrete actions (section three)."""

    actions: tuple[Bilingual, ...] = Field(min_length=1, max_length=50)


class CommunityType(Term):
    """A type of community: what it is, what its governance aims at, and how (sections two, three).

    `outcome` is what the main line is to lead to; `rules` are this type's part of the assessment.
    """

    number: int = Field(ge=1)
    defined_in: str | None = Field(default=None, min_length=1, max_length=40)
    definition: Bilingual
    goal: Bilingual
    main_line: Bilingual
    outcome: Bilingual
    subtypes: tuple[Term, ...] = Field(default=(), max_length=50)
    measures: tuple[Measure, ...] = Field(min_length=1, max_length=50)
    rules: tuple[AssessmentRule, ...] = Field(default=(), max_length=100)


class ClassificationRoles(Sourced):
    """Which roles may classify a community, and propose, endorse and decide another type for it."""

    may_classify: Roles
    may_propose: Roles
    may_endorse: Roles
    may_decide: Roles


class Assessment(Sourced):
    """How much it takes until the rules suggest a type."""

    points_min: int = Field(ge=1)


class Grade(Term):
    """What a community may be graded; the file's order is best first."""

    supported: bool = False


class SupportKind(Term):
    """A kind of support for communities of a supported grade, and who gives it."""

    given_by: Literal["person", "unit", "community"]
    by_grade: Slug | None = None

    @model_validator(mode="after")
    def _only_communities_have_grades(self) -> "SupportKind":
        if self.by_grade is not None and self.given_by != "community":
            raise ValueError("only support given by a community can ask for its grade (by_grade)")
        return self


class Programme(Sourced):
    """How many items a city takes on a year, and for how long (section four, item two).

    `city_consults` says that the city asks widely for opinions before it takes them on.
    """

    items_min: int = Field(ge=1)
    items_max: int = Field(ge=1, le=1000)
    districts_may_add: bool
    city_consults: bool
    years_min: int = Field(ge=1)
    years_max: int = Field(ge=1, le=100)
    lead: Bilingual
    focuses: tuple[Term, ...] = Field(default=(), max_length=50)

    @model_validator(mode="after")
    def _bounds_are_in_order(self) -> "Programme":
        if self.items_min > self.items_max:
            raise ValueError("items_min is greater than items_max")
        if self.years_min > self.years_max:
            raise ValueError("years_min is greater than years_max")
        return self


class Cadence(Sourced):
    """How many sessions are due in each calendar period."""

    sessions_min: int = Field(ge=1, le=100)
    per: CalendarSpan


class CouncilKind(Term):
    """A kind of joint meeting (联席会议), whom it joins, how often it meets, and which types of
    community are to have one."""

    types: tuple[Slug, ...] = Field(default=(), max_length=50)
    members: Bilingual
    cadence: Cadence


class Milestone(Term):
    """A day by which the policy wants something to be reached, again every so many years.

    `shown_by` is what on record shows it: all of it, where it names several.
    """

    due_on: date
    every_years: int | None = Field(default=None, ge=1, le=20)
    shown_by: tuple[Evidence, ...] = Field(min_length=1, max_length=10)
