"""The grade of a community in a round: given with the whole city's, corrected or annulled alone.

A round's grading is one command on the round (domain/round/grading.py).
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.command import Command
from domain.event import Event, On
from domain.ids import (
    CommunityId,
    GradeSlug,
    Id,
    JurisdictionId,
    Reason,
    RoundId,
    TypeSlug,
    Version,
)
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.words import Words

if TYPE_CHECKING:
    from domain.review.state import Review

CORRECT = Words(zh="更正或撤销等次", en="correct or annul a grade")


class CommunityGraded(Event):
    """The city graded the community: its grade, and its rank inside its type and the round."""

    sentence = Words(
        zh="{round}市级评定：{grade}（{type}第 {rank} 名，共 {of} 个，{total} 分）。",
        en="Graded {grade} in {round}: rank {rank} of {of} of its type ({type}), {total} points.",
    )

    round: RoundId
    community: CommunityId
    graded_on: date
    type: TypeSlug
    unit: JurisdictionId
    grade: GradeSlug
    rank: int
    of: int
    total: Decimal


class CommunityRegraded(Event):
    """The city ranked anew after a correction, and the entry named no longer holds: this does."""

    sentence = Words(
        zh="{round}重新排名，更正{corrects}：{grade}（第 {rank} 名，共 {of} 个，{total} 分）。"
        "理由：{reason}",
        en="Ranked anew in {round}, entry {corrects} corrected: {grade}, rank {rank} of {of}, "
        "{total} points. Reason: {reason}",
    )

    round: RoundId
    community: CommunityId
    corrects: Version
    graded_on: date
    grade: GradeSlug
    rank: int
    of: int
    total: Decimal
    reason: Reason


class GradeCorrected(Event):
    """The grade was decided otherwise than the ranking gives it, and stays so when it moves."""

    sentence = Words(
        zh="{round}更正{corrects}：等次为{grade}。理由：{reason}",
        en="Entry {corrects} corrected: the grade in {round} is {grade}. Reason: {reason}",
    )

    round: RoundId
    community: CommunityId
    corrects: Version
    corrected_on: date
    grade: GradeSlug
    reason: Reason
    corrected_by: Id | None = None


class GradeAnnulled(Event):
    """The grade is void from the start; the community has none in this round until graded anew."""

    sentence = Words(
        zh="撤销{annuls}：{round}的等次自始无效。理由：{reason}",
        en="Entry {annuls} annulled: the grade in {round} is void from the start. Reason: {reason}",
    )

    round: RoundId
    community: CommunityId
    annuls: Version
    annulled_on: date
    reason: Reason
    annulled_by: Id | None = None


ReviewGradingEvent = CommunityGraded | CommunityRegraded | GradeCorrected | GradeAnnulled


class CorrectGrade(Command["Review"]):
    """Decide another grade for a community than the one it was given, with a reason."""

    corrects: Version
    grade: GradeSlug
    corrected_on: date
    reason: Reason

    def consults(self, state: "Review") -> Iterable[str]:
        """Its round."""
        return (state.round_stream,)

    def decide(self, state: "Review", occasion: Occasion) -> list[Event | On]:
        """Corrected."""
        occasion.require_role(occasion.policy.rounds.roles.may_correct, CORRECT)
        its_round = state.round_of(occasion)
        its_round.require_phase("graded", "published", "closed")
        its_round.require_come(self.corrected_on, occasion, since=its_round.graded_on)
        state.require_not_own(occasion)
        its_round.plan.grade_place(self.grade)
        given = state.require_grade(self.corrects)
        its_round.require_come(self.corrected_on, occasion, since=state.days[given.version])
        if given.grade == self.grade:
            raise Refused(
                f"Entry {self.corrects} says so already; nothing to correct.",
                f"第 {self.corrects} 条本就如此记载，无需更正。",
            )
        return [GradeCorrected(**state.keys, **vars(self), corrected_by=occasion.by.actor.person)]


class AnnulGrade(Command["Review"]):
    """Annul a community's grade, void from the start; the city then grades it anew."""

    annuls: Version
    annulled_on: date
    reason: Reason

    def consults(self, state: "Review") -> Iterable[str]:
        """Its round."""
        return (state.round_stream,)

    def decide(self, state: "Review", occasion: Occasion) -> list[Event | On]:
        """Annulled."""
        occasion.require_role(occasion.policy.rounds.roles.may_correct, CORRECT)
        its_round = state.round_of(occasion)
        its_round.require_phase("graded", "published", "closed")
        its_round.require_come(self.annulled_on, occasion, since=its_round.graded_on)
        state.require_not_own(occasion)
        given = state.require_grade(self.annuls)
        its_round.require_come(self.annulled_on, occasion, since=state.days[given.version])
        return [GradeAnnulled(**state.keys, **vars(self), annulled_by=occasion.by.actor.person)]
