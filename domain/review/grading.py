"""Corrections and annulments of a community's grade in a round.

The grading itself is one command on the round (domain/grading/grading.py).
"""

from datetime import date
from typing import ClassVar

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import GradeSlug, Reason, Version
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual
from domain.review.command import ReviewCommand
from domain.review.events import GradeAnnulled, GradeCorrected
from domain.review.state import Review

CORRECT = Permission(
    "rounds.roles.may_correct", doing=Bilingual(zh="更正或撤销等次", en="correct or annul a grade")
)


class CorrectGrade(ReviewCommand, Command[Review]):
    """Decide another grade for a community than the ranking gave it, with a reason."""

    permission: ClassVar[Permission] = CORRECT

    corrects: Version
    grade: GradeSlug
    corrected_on: date
    reason: Reason

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        its_round = state.round_of(context)
        its_round.require_phase("graded", "published", "closed")
        its_round.require_come(self.corrected_on, context, since=its_round.graded_on)
        state.require_not_own(context)
        its_round.plan.grade_place(self.grade)
        given = state.require_grade(self.corrects)
        its_round.require_come(self.corrected_on, context, since=state.days[given.version])
        if given.grade == self.grade:
            raise Refused("review.correction-changes-nothing", entry=self.corrects)
        return [GradeCorrected(**state.keys, **vars(self), corrected_by=context.by.actor.person)]


class AnnulGrade(ReviewCommand, Command[Review]):
    """Annul a community's grade, void from the start. The city then grades it again."""

    permission: ClassVar[Permission] = CORRECT

    annuls: Version
    annulled_on: date
    reason: Reason

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        its_round = state.round_of(context)
        its_round.require_phase("graded", "published", "closed")
        its_round.require_come(self.annulled_on, context, since=its_round.graded_on)
        state.require_not_own(context)
        given = state.require_grade(self.annuls)
        its_round.require_come(self.annulled_on, context, since=state.days[given.version])
        return [GradeAnnulled(**state.keys, **vars(self), annulled_by=context.by.actor.person)]
