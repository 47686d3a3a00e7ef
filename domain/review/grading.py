"""The grade of a community in a round: given with the whole city's, corrected or annulled alone.

A round's grading is one command on the round (domain/round/grading.py).
"""

from collections.abc import Iterable
from datetime import date

from domain.kernel.command import Command
from domain.kernel.context import Occasion
from domain.kernel.event import Event, On
from domain.kernel.ids import GradeSlug, Reason, Version
from domain.kernel.refusal import Refused
from domain.kernel.text import Words
from domain.review.events import GradeAnnulled, GradeCorrected
from domain.review.state import Review

CORRECT = Words(zh="更正或撤销等次", en="correct or annul a grade")


class CorrectGrade(Command[Review]):
    """Decide another grade for a community than the one it was given, with a reason."""

    corrects: Version
    grade: GradeSlug
    corrected_on: date
    reason: Reason

    def consults(self, state: Review) -> Iterable[str]:
        """Its round."""
        return (state.round_stream,)

    def decide(self, state: Review, occasion: Occasion) -> list[Event | On]:
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


class AnnulGrade(Command[Review]):
    """Annul a community's grade, void from the start; the city then grades it anew."""

    annuls: Version
    annulled_on: date
    reason: Reason

    def consults(self, state: Review) -> Iterable[str]:
        """Its round."""
        return (state.round_stream,)

    def decide(self, state: Review, occasion: Occasion) -> list[Event | On]:
        """Annulled."""
        occasion.require_role(occasion.policy.rounds.roles.may_correct, CORRECT)
        its_round = state.round_of(occasion)
        its_round.require_phase("graded", "published", "closed")
        its_round.require_come(self.annulled_on, occasion, since=its_round.graded_on)
        state.require_not_own(occasion)
        given = state.require_grade(self.annuls)
        its_round.require_come(self.annulled_on, occasion, since=state.days[given.version])
        return [GradeAnnulled(**state.keys, **vars(self), annulled_by=occasion.by.actor.person)]
