"""What surveys found out about a community: indicators of the policy, with date and source.

It never says what type follows from them; see domain/assessment.py.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import Field, StrictBool, StrictInt

from domain.command import Command
from domain.event import Event, On
from domain.ids import Names, Reason, Slug, Title, Version
from domain.occasion import Occasion
from domain.policy import IndicatorValue
from domain.refusals import Refused
from domain.words import Words

if TYPE_CHECKING:
    from domain.community.state import Community

# Strict, so that a text is never read as yes or no, nor yes as 1.
Found = StrictBool | StrictInt | Annotated[Decimal, Field(max_digits=20, decimal_places=6)]
Indicators = Annotated[
    dict[Annotated[Slug, Names("indicator")], Found],
    Field(max_length=200, examples=[{"dwellings": 2400, "commercial-dwellings": "62.5"}]),
]

SURVEY = Words(zh="调查结果", en="survey")


class ProfileSurveyed(Event):
    """A survey found these values on this day. What it does not mention stays as known before."""

    sentence = Words(
        zh="{surveyed_on}调查（来源：{source}）：{indicators}。",
        en="Surveyed on {surveyed_on} (source: {source}): {indicators}.",
    )

    surveyed_on: date
    indicators: Indicators
    source: Title


class ProfileCorrected(Event):
    """The survey that the entry named states was mistaken: this is what it found, and when."""

    sentence = Words(
        zh="更正{corrects}：{surveyed_on}调查（来源：{source}）结果为{indicators}（理由：{reason}）。",
        en=(
            "Entry {corrects} corrected: surveyed on {surveyed_on} (source: {source}): "
            "{indicators} (reason: {reason})."
        ),
    )

    corrects: Version
    surveyed_on: date
    indicators: Indicators
    source: Title
    reason: Reason


ProfileEvent = ProfileSurveyed | ProfileCorrected


class Survey(NamedTuple):
    """What a survey found, and where that is from."""

    indicators: Mapping[str, IndicatorValue]
    source: str


class SurveyProfile(Command["Community"]):
    """Record what a survey found out about a community, by the policy's indicators."""

    surveyed_on: date
    indicators: Indicators
    source: Title

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Surveyed."""
        state.require_standing_on(self.surveyed_on)
        checked = found(self, occasion)
        for change in state.surveys.stated():
            if change.value and (change.effective_from, change.value.indicators) == (
                self.surveyed_on,
                checked,
            ):
                raise Refused(
                    f"Entry {change.version} of {state.title} records this survey already; "
                    "there is nothing to record.",
                    f"{state.title} 的第 {change.version} 条已记录此次调查，无需重复记录。",
                )
        return [
            ProfileSurveyed(surveyed_on=self.surveyed_on, indicators=checked, source=self.source)
        ]


class CorrectProfile(Command["Community"]):
    """Correct what an entry states of a survey: all of it, as it should have been."""

    corrects: Version
    surveyed_on: date
    indicators: Indicators
    source: Title
    reason: Reason

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Corrected."""
        was = state.correctable(state.surveys, self.corrects, SURVEY)
        indicators = found(self, occasion)
        survey = Survey(indicators, self.source)
        state.require_correction(was, self.surveyed_on, survey, SURVEY)
        return [ProfileCorrected(**{**vars(self), "indicators": indicators})]


def found(
    survey: SurveyProfile | CorrectProfile, occasion: Occasion
) -> dict[str, bool | int | Decimal]:
    """The indicators of a survey, checked by the policy and in its order."""
    if survey.surveyed_on > occasion.today:
        raise Refused(
            f"A survey on {survey.surveyed_on} lies ahead; record it once it was made.",
            f"{survey.surveyed_on} 的调查尚未进行；请在调查之后记录。",
        )
    if not survey.indicators:
        raise Refused(
            "The survey states no indicator; state at least one.",
            "调查未填写任何指标；请至少填写一项。",
        )
    return occasion.policy.checked(survey.indicators)
