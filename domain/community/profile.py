"""What surveys found out about a community: indicators of the policy, with date and source.

It never says what type follows from them; see domain/assessment.py.
"""

from datetime import date
from decimal import Decimal

from domain.community.events import Indicators, ProfileCorrected, ProfileSurveyed
from domain.community.parts import Survey
from domain.community.state import Community
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason, Title, Version
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

SURVEY = Bilingual(zh="调查结果", en="survey")


class SurveyProfile(Command[Community]):
    """Record what a survey found out about a community, by the policy's indicators."""

    surveyed_on: date
    indicators: Indicators
    source: Title

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """Surveyed."""
        state.require_standing_on(self.surveyed_on)
        checked = found(self, context)
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


class CorrectProfile(Command[Community]):
    """Correct what an entry states of a survey: all of it, as it should have been."""

    corrects: Version
    surveyed_on: date
    indicators: Indicators
    source: Title
    reason: Reason

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """Corrected."""
        was = state.correctable(state.surveys, self.corrects, SURVEY)
        indicators = found(self, context)
        survey = Survey(indicators, self.source)
        state.require_correction(was, self.surveyed_on, survey, SURVEY)
        return [ProfileCorrected(**{**vars(self), "indicators": indicators})]


def found(
    survey: SurveyProfile | CorrectProfile, context: DecisionContext
) -> dict[str, bool | int | Decimal]:
    """The indicators of a survey, checked by the policy and in its order."""
    if survey.surveyed_on > context.today:
        raise Refused(
            f"A survey on {survey.surveyed_on} lies ahead; record it once it was made.",
            f"{survey.surveyed_on} 的调查尚未进行；请在调查之后记录。",
        )
    if not survey.indicators:
        raise Refused(
            "The survey states no indicator; state at least one.",
            "调查未填写任何指标；请至少填写一项。",
        )
    return context.policy.checked(survey.indicators)
