"""Publish a round's results for objections, and close it once they are settled."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import ClassVar

from domain.grading.grading import require_existing, require_ranked
from domain.grading.reviewed import all_reviews, community_streams, ends_on, last_on, reviews
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent, chunks
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual
from domain.round.calendar import CALENDAR
from domain.round.events import ResultsListed, ResultsPublished, RoundClosed, RoundConcluded
from domain.round.state import Round

ENTRY_RESULTS_MAX = 150  # results have three ids and two slugs of 64 characters, an entry 64 KiB


LEAD = Permission(
    "rounds.roles.may_lead", doing=Bilingual(zh="公布或结束一轮评定", en="publish or close a round")
)


class PublishResults(Command[Round]):
    """Publish the results of a graded round. Objections are accepted for the days of its rules."""

    permission: ClassVar[Permission] = LEAD

    published_on: date

    def consults(self, state: Round) -> Iterable[str]:
        """Every review of the round."""
        return state.review_streams()

    def consults_further(self, state: Round, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """Every community that takes part."""
        return community_streams(state, consulted)

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_phase("graded")
        state.require_come(self.published_on, context, since=last_on(state, context))
        require_existing(state, state.graded_on, context)
        require_ranked(state, context)
        rules = state.plan.rules
        results = sorted(
            (each.result for each in reviews(state, context)), key=lambda r: (r.type, r.rank)
        )
        published = ResultsPublished(
            round=state.id,
            published_on=self.published_on,
            publicity_until=self.published_on + timedelta(days=rules.publicity_days),
            objections_until=self.published_on + timedelta(days=rules.objection_days),
            communities=len(results),
        )
        listed = [
            ResultsListed(
                round=state.id, published_on=self.published_on, count=len(chunk), results=chunk
            )
            for chunk in chunks(results, ENTRY_RESULTS_MAX)
        ]
        return [published, *listed]


class CloseRound(Command[Round]):
    """Close a published round once the publicity is over and every objection is settled."""

    permission: ClassVar[Permission] = LEAD

    closed_on: date

    def consults(self, state: Round) -> Iterable[str]:
        """Every review of the round, and the calendar of rounds."""
        return (*state.review_streams(), CALENDAR)

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_phase("published")
        until = max(state.publicity_until, state.objections_until)
        if self.closed_on < until:
            context.breaks("round.publicity-running", title=state.title, until=until)
        state.require_come(self.closed_on, context, since=ends_on(state, context))
        taking_part = reviews(state, context)
        if waiting := [why for each in taking_part for why in each.waiting_objections()]:
            raise Refused("round.objections-wait", reasons=waiting)
        _require_settlements_holding(state, context)
        require_ranked(state, context)
        concluded = RoundConcluded(round=state.id, concluded_on=self.closed_on)
        return [
            RoundClosed(round=state.id, closed_on=self.closed_on),
            StreamEvent(CALENDAR, concluded),
        ]


def _require_settlements_holding(state: Round, context: DecisionContext) -> None:
    """Refused if an objection was settled by a correction that is no longer in force."""
    by_community = {each.community: each for each in all_reviews(state, context)}
    void = [
        Refused(
            "objection.settled-by-void-correction",
            community=review.community,
            **objection.keys,
            entry=version,
            corrected=corrected,
        )
        for review in reviews(state, context)
        for objection in review.objections.values()
        for step in objection.steps[-1:]
        for corrected, version in step.rests_on
        if not by_community[corrected].holds(version)
    ]
    if void:
        raise Refused("round.settlements-void", reasons=void)
