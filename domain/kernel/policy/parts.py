"""The parts of a policy file. Each is a closed record of what the file says."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.kernel.ids import Slug
from domain.kernel.policy.indicator import AssessmentRule
from domain.kernel.policy.term import Sourced, Term, Titled
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

# Names of roles are checked where authority is checked: a policy only says who may act.
Roles = Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]
CalendarSpan = Literal["month", "quarter", "half-year", "year"]
# Evidence that a milestone is reached: all communities classified; a round opened; the results of
# rounds published; measures adopted for each type in use; city programmes closed.
Evidence = Literal["classified", "rounds", "results", "measures", "programmes"]


class Action(Titled):
    """An action of a measure: a short title by which tasks name it, and the document's wording."""

    zh: str = Field(min_length=1, max_length=1000)
    en: str = Field(min_length=1, max_length=1000)


class CommonAction(Term, Action):
    """What the document asks of communities of every type (the end of section three)."""


class Measure(Term):
    """A measure (重点方向) of a type, with its actions (section three)."""

    actions: tuple[Action, ...] = Field(min_length=1, max_length=50)

    def action(self, code: str) -> Action:
        """The action of this code; Refused if the measure has none."""
        for each in self.actions:
            if each.code == code:
                return each
        raise Refused(
            "measure.no-such-action",
            measure=self.title,
            action=code,
            known=[each.titled for each in self.actions],
        )


class CommunityType(Term):
    """A type of community: its definition, aims and measures (sections two, three).

    `outcome` is the intended result of the main line; `rules` are the type's assessment rules.
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


class PolicyRoles(Sourced):
    """The roles that adopt and repeal policies, besides the city's arbiter, who always may: no
    policy can bar its own replacement; and those that check, compare and try drafts."""

    may_adopt: Roles
    may_draft: Roles


class RegisterRoles(Sourced):
    """The roles that keep the registers of communities and jurisdictions, record profiles, import
    sheets, and record facts that break a procedure."""

    may_keep_communities: Roles
    may_keep_jurisdictions: Roles
    may_survey: Roles
    may_import: Roles
    may_record_irregular: Roles = ()


class ClassificationRoles(Sourced):
    """The roles that classify communities, and propose, endorse and decide reclassifications."""

    may_classify: Roles
    may_propose: Roles
    may_endorse: Roles
    may_decide: Roles


class Assessment(Sourced):
    """How many points the rules need to suggest a type."""

    points_min: int = Field(ge=1)


class Grade(Term):
    """A grade that a community can get. The file lists the best first."""

    supported: bool = False


class SupportKind(Term):
    """A kind of support for communities with a supported grade, and who gives it."""

    given_by: Literal["person", "unit", "community"]
    by_grade: Slug | None = None

    @model_validator(mode="after")
    def _only_communities_have_grades(self) -> "SupportKind":
        if self.by_grade is not None and self.given_by != "community":
            raise PydanticCustomError("policy-file.grade-of-no-community", "by_grade")
        return self


class Programme(Sourced):
    """How many items a city takes on in a year, and for how long (section four, item two).

    `city_consults`: the city consults the public before it adopts its programme.
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
        for least, most in (("items_min", "items_max"), ("years_min", "years_max")):
            if getattr(self, least) > getattr(self, most):
                bounds = {"least": least, "most": most}
                raise PydanticCustomError("policy-file.bounds-reversed", "bounds", bounds)
        return self


class Cadence(Sourced):
    """How many sessions are due in each calendar period."""

    sessions_min: int = Field(ge=1, le=100)
    per: CalendarSpan


class CouncilKind(Term):
    """A kind of council (联席会议): its usual members, its cadence, and which types of
    community should have one."""

    types: tuple[Slug, ...] = Field(default=(), max_length=50)
    members: Bilingual
    cadence: Cadence


class Milestone(Term):
    """A day by which the policy requires something, perhaps recurring every few years.

    `shown_by` is the evidence; if it lists several, all of them are needed.
    """

    due_on: date
    every_years: int | None = Field(default=None, ge=1, le=20)
    shown_by: tuple[Evidence, ...] = Field(min_length=1, max_length=10)
