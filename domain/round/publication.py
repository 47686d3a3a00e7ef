"""A round's results are made public and open to objections; settled, the round is closed."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.event import Event, On, chunks
from domain.ids import CommunityId, GradeSlug, JurisdictionId, RoundId, TypeSlug
from domain.occasion import Occasion
from domain.refusals import Refused, refused_for
from domain.round.calendar import CALENDAR, RoundConcluded
from domain.round.grading import require_ranked, require_standing
from domain.subject import Subject
from domain.words import Words

if TYPE_CHECKING:
    from domain.round.state import Round

ENTRY_RESULTS_MAX = 150  # three ids and two slugs of 64 characters, an entry of 64 KiB

LEAD = Words(zh="公布或结束一轮评定", en="publish or close a round")


class Result(BaseModel):
    """What was published of one community."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: CommunityId
    type: TypeSlug
    unit: JurisdictionId
    grade: GradeSlug
    rank: int
    of: int
    total: Decimal
    decided: Annotated[bool, Field(description="Decided by itself, before the publication.")] = (
        False
    )


class ResultsPublished(Event):
    """The results are public from this day on, until the day named; objections are taken."""

    sentence = Words(
        zh="{published_on}起公示{communities}个社区的评定结果，至{publicity_until}（不含）；"
        "{objections_until}前受理异议。",
        en="Results of {communities:community|communities} public from {published_on} until "
        "{publicity_until}; objections are taken until {objections_until}.",
    )

    round: RoundId
    published_on: date
    publicity_until: date
    objections_until: date
    communities: int


class ResultsListed(Event):
    """The published results of these communities. As many entries as it takes."""

    sentence = Words(
        zh="{published_on}公布{count}个社区的结果。",
        en="Results of {count:community|communities} published on {published_on}.",
    )

    round: RoundId
    published_on: date
    count: int
    results: tuple[Result, ...]


class RoundClosed(Event):
    """The publicity is over, and every objection is decided and settled."""

    sentence = Words(zh="{closed_on}本轮评定结束。", en="Closed on {closed_on}.")

    round: RoundId
    closed_on: date


PublicationEvent = ResultsPublished | ResultsListed | RoundClosed


class PublishResults(Command["Round"]):
    """Publish the results of a graded round: objections are taken for the round's days."""

    published_on: date

    def consults(self, state: "Round") -> Iterable[str]:
        """Every review of the round."""
        return state.review_streams()

    def consults_further(self, state: "Round", consulted: Mapping[str, Subject]) -> Iterable[str]:
        """Every community that takes part."""
        return state.community_streams(consulted)

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Published."""
        occasion.require_role(occasion.policy.rounds.roles.may_lead, LEAD)
        state.require_phase("graded")
        state.require_come(self.published_on, occasion, since=state.last_on(occasion))
        require_standing(state, state.graded_on, occasion)
        require_ranked(state, occasion)
        rules = state.plan.rules
        results = sorted(
            (each.result for each in state.reviews(occasion)), key=lambda r: (r.type, r.rank)
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


class CloseRound(Command["Round"]):
    """Close a published round once the publicity is over and every objection is settled."""

    closed_on: date

    def consults(self, state: "Round") -> Iterable[str]:
        """Every review of the round, and the calendar of rounds."""
        return (*state.review_streams(), CALENDAR)

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Closed."""
        occasion.require_role(occasion.policy.rounds.roles.may_lead, LEAD)
        state.require_phase("published")
        if self.closed_on < max(state.publicity_until, state.objections_until):
            until = max(state.publicity_until, state.objections_until)
            raise Refused(
                f"The results of {state.title} are public and open to objections until {until}; "
                "close the round on that day or later.",
                f"{state.title}的结果公示及异议受理至 {until}；请于当日或此后结束本轮。",
            )
        state.require_come(self.closed_on, occasion, since=state.ends_on(occasion))
        open_ = [
            Words(
                en=f"community:{review.community} (objection {objection.id}: "
                f"{objection.waits_for.en})",
                zh=f"community:{review.community}（{objection.called.zh}{objection.waits_for.zh}）",
            )
            for review in state.reviews(occasion)
            for objection in review.objections.values()
            if not objection.settled
        ]
        if open_:
            raise refused_for(
                "The round has objections that are not settled:", "本轮尚有未办结的异议：", open_
            )
        _require_settlements_standing(state, occasion)
        require_ranked(state, occasion)
        concluded = RoundConcluded(round=state.id, concluded_on=self.closed_on)
        return [RoundClosed(round=state.id, closed_on=self.closed_on), On(CALENDAR, concluded)]


def _require_settlements_standing(state: "Round", occasion: Occasion) -> None:
    """Refused while an objection counts as settled by a correction that holds no longer."""
    reviews = {review.community: review for review in state.all_reviews(occasion)}
    gone = [
        Words(
            en=f"community:{review.community} (objection {objection.id}, entry {version} of "
            f"community:{corrected})",
            zh=f"community:{review.community}（{objection.called.zh}，community:{corrected} 第 "
            f"{version} 条）",
        )
        for review in state.reviews(occasion)
        for objection in review.objections.values()
        for step in objection.steps[-1:]
        for corrected, version in step.rests_on
        if not reviews[corrected].holds(version)
    ]
    if gone:
        raise refused_for(
            "Objections are settled by corrections that hold no longer; annul the settlement and "
            "name what holds:",
            "以下异议据以办结的更正已不再有效；请撤销其办结，重新指明有效的更正：",
            gone,
        )
