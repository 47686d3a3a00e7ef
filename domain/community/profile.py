"""Surveys of a community: indicators of the policy, with date and source.

Which type they suggest is said in assessment.py.
"""

from bisect import bisect_left, bisect_right
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import ClassVar

from domain.community.events import Indicators, ProfileCorrected, ProfileSurveyed
from domain.community.parts import Survey
from domain.community.state import Community
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason, Title, Version
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

SURVEY = Bilingual(zh="调查结果", en="survey")
_day = attrgetter("effective_from")


RECORD_PROFILE = Permission(
    "registers.may_survey",
    doing=Bilingual(zh="记录社区概况或边界", en="record a community's profile or boundary"),
)


class SurveyProfile(Command[Community]):
    """Record what a survey found in a community, by the policy's indicators."""

    permission: ClassVar[Permission] = RECORD_PROFILE

    surveyed_on: date
    indicators: Indicators
    source: Title

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.surveyed_on)
        checked = found(self, context)
        surveys = state.surveys.changes
        first = bisect_left(surveys, self.surveyed_on, key=_day)
        for change in surveys[first : bisect_right(surveys, self.surveyed_on, key=_day)]:
            if change.struck_by is None and change.value and change.value.indicators == checked:
                raise Refused("statement.repeated", subject=state.called, entry=change.version)
        return [
            ProfileSurveyed(surveyed_on=self.surveyed_on, indicators=checked, source=self.source)
        ]


class CorrectProfile(Command[Community]):
    """Correct an entry about a survey: give all of it, as it should have been."""

    permission: ClassVar[Permission] = RECORD_PROFILE

    corrects: Version
    surveyed_on: date
    indicators: Indicators
    source: Title
    reason: Reason

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        was = state.correctable(state.surveys, self.corrects, SURVEY)
        indicators = found(self, context)
        survey = Survey(indicators, self.source)
        state.require_correction(was, self.surveyed_on, survey, SURVEY)
        return [ProfileCorrected(**{**vars(self), "indicators": indicators})]


def found(
    survey: SurveyProfile | CorrectProfile, context: DecisionContext
) -> dict[str, bool | int | Decimal]:
    """The indicators of a survey, checked against the policy and in its order."""
    context.require_past(survey.surveyed_on)
    if not survey.indicators:
        raise Refused("profile.no-indicator")
    return context.policy.checked(survey.indicators)
