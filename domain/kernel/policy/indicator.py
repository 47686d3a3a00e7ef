"""Indicators that a survey may measure, and assessment rules that use them."""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from domain.kernel.ids import Slug
from domain.kernel.policy.term import Sourced, Term
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

Unit = Literal["count", "percent", "yes-no"]
Operator = Literal[">=", "<=", ">", "<", "=="]
IndicatorValue = bool | int | Decimal

COUNT_MAX = 100_000_000
PERCENT_PLACES_MAX = 4

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        ">=": operator.ge,
        "<=": operator.le,
        ">": operator.gt,
        "<": operator.lt,
        "==": operator.eq,
    }
)


class Indicator(Term):
    """One indicator of a community's profile."""

    unit: Unit
    description: Bilingual | None = None

    def checked(self, value: IndicatorValue) -> IndicatorValue:
        """The value; Refused, saying what is expected, if the indicator cannot have it."""
        if not _fits(self.unit, value):
            raise Refused(
                "profile.value-unfit",
                indicator=self.title,
                code=self.code,
                value=value,
                expected=_EXPECTED[self.unit],
            )
        return value


class AssessmentRule(Sourced):
    """A rule that gives a type points, with a reason, if the indicator meets a threshold."""

    indicator: Slug
    operator: Operator
    threshold: IndicatorValue
    points: int = Field(ge=-1000, le=1000)
    reason: Bilingual

    @field_validator("points")
    @classmethod
    def _counts_for_something(cls, points: int) -> int:
        if points == 0:
            raise PydanticCustomError("policy-file.no-points", "no points")
        return points

    def met(self, value: IndicatorValue) -> bool:
        """Whether a surveyed value meets the rule."""
        return _COMPARISONS[self.operator](value, self.threshold)

    def misfit(self, indicator: Indicator) -> Refused | None:
        """Why the rule does not fit this indicator, or None."""
        if indicator.unit == "yes-no" and self.operator != "==":
            return Refused("policy-file.yes-no-compared", operator=self.operator)
        if not _fits(indicator.unit, self.threshold):
            return Refused(
                "policy-file.threshold-unfit",
                threshold=str(self.threshold),
                expected=_EXPECTED[indicator.unit],
            )
        return None


_EXPECTED: Mapping[Unit, Bilingual] = MappingProxyType(
    {
        "yes-no": Bilingual(zh="“是”或“否”", en="yes or no (true or false)"),
        "count": Bilingual(
            zh=f"0 至 {COUNT_MAX} 的整数", en=f"a whole number from 0 to {COUNT_MAX}"
        ),
        "percent": Bilingual(
            zh=f"0 至 100 的数，小数不超过 {PERCENT_PLACES_MAX} 位",
            en=f"a number from 0 to 100 with at most {PERCENT_PLACES_MAX} decimal places",
        ),
    }
)


def _fits(unit: Unit, value: IndicatorValue) -> bool:
    # A bool is an int in Python, but "yes" is neither a count nor a percentage.
    match unit:
        case "yes-no":
            return isinstance(value, bool)
        case "count":
            return type(value) is int and 0 <= value <= COUNT_MAX
        case "percent":
            return _is_percent(value)


def _is_percent(value: IndicatorValue) -> bool:
    if type(value) is int:
        return 0 <= value <= 100
    if not isinstance(value, Decimal) or not value.is_finite():
        return False
    places = value.as_tuple().exponent
    return 0 <= value <= 100 and isinstance(places, int) and places >= -PERCENT_PLACES_MAX
