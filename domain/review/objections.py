"""Objections to published results: filed in time, and not decided by anybody who graded.

Settlement and withdrawal are in domain/review/settling.py.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from domain.kernel.apart import Apart
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id, Reason, derive_id
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.subject import require_not_repeated
from domain.kernel.text import Bilingual
from domain.review.command import ReviewCommand
from domain.review.events import ObjectionDecided, ObjectionFiled, Outcome
from domain.review.standing import Objection
from domain.review.state import Review

OUTCOMES: Mapping[Outcome, Bilingual] = MappingProxyType(
    {
        "upheld": Bilingual(zh="成立", en="upheld"),
        "dismissed": Bilingual(zh="不成立", en="dismissed"),
    }
)


OBJECT = Permission(
    "rounds.roles.may_object", doing=Bilingual(zh="对评定结果提出异议", en="object to a result")
)
DECIDE = Permission(
    "rounds.roles.may_decide", doing=Bilingual(zh="裁定异议", en="decide an objection")
)


def took_part(objection: Objection | None, state: Review, context: DecisionContext) -> set[str]:
    """All who took part in a review or filed the objection. Steps that were later returned,
    corrected or annulled count, too."""
    filed_by = {objection.filed_by} if objection else set()
    return {*state.participants, *state.round_of(context).graders, *filed_by}


TOOK_PART = Apart(
    "objection.person-took-part",
    Bilingual(
        zh="参与过该社区的打分、评定、更正或提出异议",
        en="scored, graded or corrected in the review, or objected",
    ),
    lambda command, state, context: took_part(
        state.objections.get(command.objection), state, context
    ),
)


class FileObjection(ReviewCommand, Command[Review]):
    """Object to a community's published result, within the round's days."""

    permission: ClassVar[Permission] = OBJECT

    objection: Id | None = None
    filed_on: date
    grounds: Reason

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        its_round = state.round_of(context)
        its_round.require_phase("published")
        state.require_taking_part()
        its_round.require_come(self.filed_on, context, since=its_round.published_on)
        if self.filed_on >= its_round.objections_until:
            context.breaks(
                "objection.too-late",
                title=its_round.title,
                until=its_round.objections_until,
                filed_on=self.filed_on,
            )
        objection = self.objection or derive_id(context.command_id, state.id, state.version)
        if objection in state.objections:
            raise Refused("objection.on-record-already", objection=objection)
        pending = (each for each in state.objections.values() if not each.settled)
        said = ((each.version, (each.filed_by, each.grounds)) for each in pending)
        require_not_repeated(state, said, (context.by.actor.person, self.grounds))
        return [
            ObjectionFiled(
                **state.keys,
                objection=objection,
                filed_on=self.filed_on,
                grounds=self.grounds,
                filed_by=context.by.actor.person,
            )
        ]


class DecideObjection(ReviewCommand, Command[Review]):
    """Uphold or dismiss an objection. Nobody who scored, graded, corrected or objected may."""

    permission: ClassVar[Permission] = DECIDE
    apart_from: ClassVar[tuple[Apart, ...]] = (TOOK_PART,)

    objection: Id
    outcome: Outcome
    decided_on: date
    reason: Reason

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        its_round = state.round_of(context)
        its_round.require_phase("published")
        objection = state.objection(self.objection)
        objection.require_undecided()
        its_round.require_come(self.decided_on, context, since=objection.last_on)
        state.require_not_own(context)
        return [ObjectionDecided(**state.keys, **vars(self), decided_by=context.by.actor.person)]
