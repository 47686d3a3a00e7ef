"""The content of a policy file, and look-up of its entries by code.

Which policy is in force is on record, not in a file.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.ids import Slug
from domain.kernel.policy.grading import Rounds, Stage, Supporting
from domain.kernel.policy.indicator import Indicator, IndicatorValue
from domain.kernel.policy.parts import (
    Action,
    Assessment,
    ClassificationRoles,
    CommonAction,
    CommunityType,
    CouncilKind,
    Grade,
    Measure,
    Milestone,
    PolicyRoles,
    Programme,
    RegisterRoles,
    SupportKind,
)
from domain.kernel.policy.society import (
    AuthorityRoles,
    Board,
    CheckIns,
    Exemplars,
    Honours,
    HonourTitle,
    Partnerships,
    People,
    Units,
)
from domain.kernel.policy.term import Term, Titled
from domain.kernel.policy.work import Calendar, Work
from domain.kernel.refusal import Refused
from domain.kernel.roles import ROLES, Role
from domain.kernel.text import Bilingual

T = TypeVar("T", bound=Titled)

_TYPE = Bilingual(zh="社区类型", en="community type")
_SUBTYPE = Bilingual(zh="该类型的子类型", en="subtype of that type")
_FEATURE = Bilingual(zh="次要特征", en="secondary feature")
_MEASURE = Bilingual(zh="重点方向", en="measure")
_ACTION = Bilingual(zh="举措", en="action")
_INDICATOR = Bilingual(zh="指标", en="indicator")
_FOCUS = Bilingual(zh="攻坚重点", en="focus of the programme")
_RATING = Bilingual(zh="评价等级", en="rating of partners")
_FACILITY = Bilingual(zh="设施类别", en="kind of facility")
_OPINION = Bilingual(zh="征求意见事项", en="matter of opinion")
_TITLE = Bilingual(zh="荣誉称号", en="title of households")
_BOARD = Bilingual(zh="榜单", en="board")
_GRADE = Bilingual(zh="等次", en="grade")
_SUPPORT = Bilingual(zh="帮扶方式", en="kind of support")
_UNIT_KIND = Bilingual(zh="单位类别", en="kind of unit")
_COUNCIL = Bilingual(zh="联席会议类别", en="kind of council")


class Policy(BaseModel):
    """The content of a policy file. Entries keep the file's order; types are ordered by number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Slug
    title: Bilingual
    effective_from: date
    effective_from_source: str | None = Field(default=None, min_length=1, max_length=200)
    roles: tuple[Term, ...] = Field(default=(), max_length=20)
    policies: PolicyRoles
    registers: RegisterRoles
    authorities: AuthorityRoles
    classification: ClassificationRoles
    types: tuple[CommunityType, ...] = Field(min_length=1, max_length=50)
    features: tuple[Term, ...] = Field(default=(), max_length=100)
    common: tuple[CommonAction, ...] = Field(default=(), max_length=50)
    indicators: tuple[Indicator, ...] = Field(min_length=1, max_length=200)
    assessment: Assessment
    rounds: Rounds
    stages: tuple[Stage, ...] = Field(min_length=1, max_length=20)
    grades: tuple[Grade, ...] = Field(min_length=1, max_length=20)
    supports: tuple[SupportKind, ...] = Field(max_length=50)
    supporting: Supporting
    programme: Programme
    councils: tuple[CouncilKind, ...] = Field(max_length=50)
    work: Work
    calendar: Calendar
    units: Units
    people: People
    partnerships: Partnerships
    checkins: CheckIns
    exemplars: Exemplars
    honours: Honours
    milestones: tuple[Milestone, ...] = Field(max_length=100)

    def __hash__(self) -> int:
        """By its version: to hash all that a policy says takes longer than most reads."""
        return hash(self.version)

    def community_type(self, code: str) -> CommunityType:
        """The type with this code; Refused, listing the known codes, if there is none."""
        return self._entry(self.types, code, _TYPE)

    def subtype(self, type_code: str, code: str) -> Term:
        """The subtype of a type; Refused if there is none."""
        return self._entry(self.community_type(type_code).subtypes, code, _SUBTYPE)

    def feature(self, code: str) -> Term:
        """The secondary feature of this code; Refused if there is none."""
        return self._entry(self.secondary, code, _FEATURE)

    @property
    def secondary(self) -> Sequence[Term]:
        """The secondary features; without a list of them, the types, by which a community of one
        may also have features of another."""
        return self.features or self.types

    def measure(self, code: str) -> Measure:
        """The measure of this code, of whichever type; Refused if there is none."""
        return self._entry([m for each in self.types for m in each.measures], code, _MEASURE)

    @property
    def actions(self) -> Sequence[Action]:
        """The actions of all measures, and those that are common to all types."""
        measures = (measure for each in self.types for measure in each.measures)
        return (*(action for each in measures for action in each.actions), *self.common)

    def action(self, code: str) -> Action:
        """The action of this code, of whichever measure or of all types; Refused if there is
        none."""
        return self._entry(self.actions, code, _ACTION)

    def indicator(self, code: str) -> Indicator:
        """The indicator of this code; Refused if there is none."""
        return self._entry(self.indicators, code, _INDICATOR)

    def grade(self, code: str) -> Grade:
        """The grade of this code; Refused if there is none."""
        return self._entry(self.grades, code, _GRADE)

    def support(self, code: str) -> SupportKind:
        """The kind of support of this code; Refused if there is none."""
        return self._entry(self.supports, code, _SUPPORT)

    def focus(self, code: str) -> Term:
        """The focus of the programme of this code; Refused if there is none."""
        return self._entry(self.programme.focuses, code, _FOCUS)

    def council(self, code: str) -> CouncilKind:
        """The kind of council of this code; Refused if there is none."""
        return self._entry(self.councils, code, _COUNCIL)

    def unit_kind(self, code: str) -> Term:
        """The kind of offices and organisations of this code; Refused if there is none."""
        return self._entry(self.units.kinds, code, _UNIT_KIND)

    def rating(self, code: str) -> Term:
        """The rating of partners of this code; Refused if there is none."""
        return self._entry(self.partnerships.ratings, code, _RATING)

    def facility(self, code: str) -> Term:
        """The kind of facility of this code; Refused if there is none."""
        return self._entry(self.partnerships.facilities, code, _FACILITY)

    def opinion(self, code: str) -> Term:
        """The matter of opinion of this code; Refused if there is none."""
        return self._entry(self.checkins.opinions, code, _OPINION)

    def household_title(self, code: str) -> HonourTitle:
        """The title of households of this code; Refused if there is none."""
        return self._entry(self.honours.titles, code, _TITLE)

    def board(self, code: str) -> Board:
        """The public board of this code; Refused if there is none."""
        return self._entry(self.honours.boards, code, _BOARD)

    def role_title(self, code: str) -> Bilingual:
        """What the policy calls a role; it has a name of its own if the policy gives none."""
        titles = (role.title for role in self.roles if role.code == code)
        return next(titles, None) or ROLES.get(cast(Role, code)) or Bilingual(zh=code, en=code)

    def terms(self, what: str) -> Sequence[Titled]:
        """All terms of one kind in the policy; empty for an unknown kind."""
        kinds: Mapping[str, Sequence[Titled]] = {
            "role": self.roles,
            "type": self.types,
            "subtype": tuple(sub for each in self.types for sub in each.subtypes),
            "feature": self.secondary,
            "indicator": self.indicators,
            "measure": tuple(measure for each in self.types for measure in each.measures),
            "action": self.actions,
            "focus": self.programme.focuses,
            "council": self.councils,
            "unit-kind": self.units.kinds,
            "round-stage": self.stages,
            "grade": self.grades,
            "assembly": self.rounds.assemblies,
            "ballot": self.rounds.ballots,
            "veto": self.rounds.vetoes,
            "support": self.supports,
            "rating": self.partnerships.ratings,
            "facility": self.partnerships.facilities,
            "opinion": self.checkins.opinions,
            "criterion": self.exemplars.criteria,
            "honour": self.honours.titles,
            "board": self.honours.boards,
        }
        return kinds.get(what, ())

    def checked(self, indicators: Mapping[str, IndicatorValue]) -> dict[str, IndicatorValue]:
        """The values of a survey, in the policy's order.

        Refused for an unknown indicator or a value that it cannot have.
        """
        known = self._indicators_by_code
        for code, value in indicators.items():
            if (indicator := known.get(code)) is None:
                indicator = self.indicator(code)
            indicator.checked(value)
        return {code: indicators[code] for code in known if code in indicators}

    @cached_property
    def _indicators_by_code(self) -> Mapping[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    def _entry(self, entries: Sequence[T], code: str, what: Bilingual) -> T:
        for entry in entries:
            if entry.code == code:
                return entry
        if not entries:
            raise Refused("policy.no-such-list", policy=self.version, what=what, code=code)
        raise Refused(
            "policy.unknown-code",
            policy=self.version,
            what=what,
            code=code,
            known=[entry.titled for entry in entries],
        )
