"""A whole policy file: reading, consistency checks, and look-up of entries by code.

Which policy is in force is on record, not in a file.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from domain.kernel.ids import Slug
from domain.kernel.policy import grading
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
from domain.kernel.text import Bilingual

T = TypeVar("T", bound=Titled)

FILE_CHARACTERS_MAX = 1_000_000

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

    @classmethod
    def read(cls, text: str) -> "Policy":
        """Parse the text of a policy file; raises ValueError with a sentence on what is wrong."""
        if len(text) > FILE_CHARACTERS_MAX:
            raise ValueError(
                f"The policy file is longer than {FILE_CHARACTERS_MAX} characters; shorten it."
            )
        try:
            raw = tomllib.loads(text, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            raise ValueError(
                f"The policy file is not valid TOML: {error}; correct it and read it again."
            ) from error
        unfolded = _with_codes(raw)
        try:
            return cls.model_validate(unfolded)
        except ValidationError as error:
            raise ValueError(_sentence(error, unfolded)) from error

    @model_validator(mode="after")
    def _is_consistent(self) -> "Policy":
        for contradiction in _contradictions(self):
            raise ValueError(contradiction)
        return self

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

    def terms(self, what: str) -> Sequence[Titled]:
        """All terms of one kind in the policy; empty for an unknown kind."""
        kinds: Mapping[str, Sequence[Titled]] = {
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


class Edition(NamedTuple):
    """A policy read from a file, with the digest that identifies the file on record."""

    policy: Policy
    digest: str


def policy_digest(text: str) -> str:
    """SHA-256 of the file's bytes (UTF-8), in hexadecimal."""
    return sha256(text.encode()).hexdigest()


@cache
def built_in() -> Mapping[str, Edition]:
    """The policies that come with the product, by version."""
    editions: dict[str, Edition] = {}
    for file in sorted(files("domain").joinpath("policies").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            # As bytes: the digest must not depend on a platform's line endings.
            text = file.read_bytes().decode()
            policy = Policy.read(text)
            assert policy.version not in editions, f"two built-in policies are {policy.version}"
            editions[policy.version] = Edition(policy, policy_digest(text))
    return MappingProxyType(editions)


def _with_codes(raw: dict[str, Any]) -> dict[str, Any]:
    """The file's `[types.<code>]` tables as a list in the order of their numbers."""
    tables = raw.get("types")
    if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
        return raw
    for code, table in tables.items():
        if "code" in table:
            raise ValueError(
                f"The policy file is wrong at types.{code}.code: a type takes its code from the"
                " name of its table; correct it and read it again."
            )
    types = [{**table, "code": code} for code, table in tables.items()]
    if all(isinstance(each.get("number"), int) for each in types):
        types.sort(key=lambda each: each["number"])
    return {**raw, "types": types}


def _sentence(error: ValidationError, raw: dict[str, Any]) -> str:
    first = error.errors(include_url=False)[0]
    what = str(first["ctx"]["error"]) if first["type"] == "value_error" else first["msg"]
    more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
    where = ".".join(_path(first["loc"], raw))
    at = f" at {where}" if where else ""
    return f"The policy file is wrong{at}: {what}{more}; correct it and read it again."


def _path(location: Iterable[int | str], raw: Any) -> Iterator[str]:
    """The path to an entry as a reader would write it: by code, else by number from 1."""
    for step in location:
        try:
            raw = raw[step]
        except (IndexError, KeyError, TypeError):
            raw = None
        if isinstance(step, int):
            yield str(raw["code"]) if isinstance(raw, dict) and "code" in raw else str(step + 1)
        else:
            yield step


def _contradictions(policy: Policy) -> Iterator[str]:
    yield from _codes_given_twice(policy)
    if [each.number for each in policy.types] != list(range(1, len(policy.types) + 1)):
        yield "the types must be numbered 1, 2, 3 and so on without gaps"
    grades = {grade.code for grade in policy.grades}
    for support in policy.supports:
        if support.by_grade is not None and support.by_grade not in grades:
            yield f"the support {support.code} names the unknown grade {support.by_grade}"
    yield from grading.contradictions(
        policy.rounds,
        policy.stages,
        [each.code for each in policy.types],
        [each.code for each in policy.grades],
    )
    types = {each.code for each in policy.types}
    for council in policy.councils:
        for code in council.types:
            if code not in types:
                yield f"the council {council.code} names the unknown type {code}"
    indicators = {indicator.code: indicator for indicator in policy.indicators}
    for each in policy.types:
        seen = set()
        for rule in each.rules:
            named = f"a rule of {each.code} on {rule.indicator}"
            if (indicator := indicators.get(rule.indicator)) is None:
                yield f"{named}: the policy has no such indicator"
            elif misfit := rule.misfit(indicator):
                yield f"{named}: {misfit}"
            elif (condition := (rule.indicator, rule.operator, rule.threshold)) in seen:
                yield f"{named}: the same condition is counted twice"
            else:
                seen.add(condition)


def _codes_given_twice(policy: Policy) -> Iterator[str]:
    lists: list[tuple[str, Iterable[Titled]]] = [
        ("types", policy.types),
        ("features", policy.features),
        ("measures", (m for each in policy.types for m in each.measures)),
        ("actions", policy.actions),
        ("indicators", policy.indicators),
        ("stages", policy.stages),
        ("grades", policy.grades),
        ("supports", policy.supports),
        ("focuses", policy.programme.focuses),
        ("assemblies", policy.rounds.assemblies),
        ("ballots", policy.rounds.ballots),
        ("caps", policy.rounds.caps),
        ("vetoes", policy.rounds.vetoes),
        *((f"items of {each.stage}", each.items) for each in policy.rounds.rubrics),
        ("councils", policy.councils),
        ("kinds of units", policy.units.kinds),
        ("ratings", policy.partnerships.ratings),
        ("facilities", policy.partnerships.facilities),
        ("opinions", policy.checkins.opinions),
        ("criteria", policy.exemplars.criteria),
        ("titles", policy.honours.titles),
        ("boards", policy.honours.boards),
        ("milestones", policy.milestones),
        *((f"subtypes of {each.code}", each.subtypes) for each in policy.types),
    ]
    for name, entries in lists:
        codes = [entry.code for entry in entries]
        for code in codes:
            if codes.count(code) > 1:
                yield f"the code {code} is given twice among the {name}"
