"""A round's results are made public and open to objections; settled, the round is closed."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent, chunks
from domain.kernel.refusal import Refused, refused_for
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual
from domain.round.calendar import CALENDAR
from domain.round.events import ResultsListed, ResultsPublished, RoundClosed, RoundConcluded
from domain.round.grading import require_ranked, require_standing
from domain.round.reviewed import all_reviews, community_streams, ends_on, last_on, reviews
from domain.round.state import Round

ENTRY_RESULTS_MAX = 150  # three ids and two slugs of 64 characters, an entry of 64 KiB

LEAD = Bilingual(zh="公布或结束一轮评定", en="publish or close a round")


class PublishResults(Command[Round]):
    """Publish the results of a graded round: objections are taken for the round's days."""

    published_on: date

    def consults(self, state: Round) -> Iterable[str]:
        """Every review of the round."""
        return state.review_streams()

    def consults_further(self, state: Round, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """Every community that takes part."""
        return community_streams(state, consulted)

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        """Published."""
        context.require_role(context.policy.rounds.roles.may_lead, LEAD)
        state.require_phase("graded")
        state.require_come(self.published_on, context, since=last_on(state, context))
        require_standing(state, state.graded_on, context)
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

    closed_on: date

    def consults(self, state: Round) -> Iterable[str]:
        """Every review of the round, and the calendar of rounds."""
        return (*state.review_streams(), CALENDAR)

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        """Closed."""
        context.require_role(context.policy.rounds.roles.may_lead, LEAD)
        state.require_phase("published")
        if self.closed_on < max(state.publicity_until, state.objections_until):
            until = max(state.publicity_until, state.objections_until)
            raise Refused(
                f"The results of {state.title} are public and open to objections until {until}; "
                "close the round on that day or later.",
                f"{state.title}的结果公示及异议受理至 {until}；请于当日或此后结束本轮。",
            )
        state.require_come(self.closed_on, context, since=ends_on(state, context))
        open_ = [
            Bilingual(
                en=f"community:{review.community} (objection {objection.id}: "
                f"{objection.waits_for.en})",
                zh=f"community:{review.community}（{objection.called.zh}{objection.waits_for.zh}）",
            )
            for review in reviews(state, context)
            for objection in review.objections.values()
            if not objection.settled
        ]
        if open_:
            raise refused_for(
                "The round has objections that are not settled:", "本轮尚有未办结的异议：", open_
            )
        _require_settlements_standing(state, context)
        require_ranked(state, context)
        concluded = RoundConcluded(round=state.id, concluded_on=self.closed_on)
        return [
            RoundClosed(round=state.id, closed_on=self.closed_on),
            StreamEvent(CALENDAR, concluded),
        ]


def _require_settlements_standing(state: Round, context: DecisionContext) -> None:
    """Refused while an objection counts as settled by a correction that holds no longer."""
    by_community = {each.community: each for each in all_reviews(state, context)}
    gone = [
        Bilingual(
            en=f"community:{review.community} (objection {objection.id}, entry {version} of "
            f"community:{corrected})",
            zh=f"community:{review.community}（{objection.called.zh}，community:{corrected} 第 "
            f"{version} 条）",
        )
        for review in reviews(state, context)
        for objection in review.objections.values()
        for step in objection.steps[-1:]
        for corrected, version in step.rests_on
        if not by_community[corrected].holds(version)
    ]
    if gone:
        raise refused_for(
            "Objections are settled by corrections that hold no longer; annul the settlement and "
            "name what holds:",
            "以下异议据以办结的更正已不再有效；请撤销其办结，重新指明有效的更正：",
            gone,
        )
