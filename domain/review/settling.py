"""The end of an objection: settled once it was upheld, or withdrawn by the person who filed it.
Also the annulment of its steps. What settles an objection is stated, never
guessed."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.kernel.apart import Apart
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id, Reason, Version
from domain.kernel.permission import Permission
from domain.kernel.refusal import NotAuthorised, Refused
from domain.kernel.text import Bilingual
from domain.review.command import ReviewCommand
from domain.review.events import (
    CorrectingEntry,
    ObjectionSettled,
    ObjectionStepAnnulled,
    ObjectionWithdrawn,
)
from domain.review.objections import DECIDE, OBJECT, TOOK_PART, took_part
from domain.review.standing import BECAME, Objection
from domain.review.state import Review
from domain.round.state import Round

SETTLE = Permission(
    "rounds.roles.may_decide",
    "rounds.roles.may_correct",
    doing=Bilingual(zh="办结异议", en="settle an objection"),
)

FILED = Apart(
    "objection.settled-by-its-filer",
    Bilingual(zh="提出了该异议", en="filed it"),
    lambda command, state, _context: (
        each.filed_by for each in state.objections.values() if each.id == command.objection
    ),
)
TOOK_PART_BEFORE_STEP = Apart(
    TOOK_PART.code,
    TOOK_PART.did,
    lambda command, state, context: took_part(
        state.objection_of_step(command.annuls), state, context
    ),
)

Corrections = Annotated[
    tuple[CorrectingEntry, ...],
    Field(max_length=50, description="Empty: nothing has to be corrected."),
]


class SettleObjection(ReviewCommand, Command[Review]):
    """Settle an upheld objection by naming the corrections that answer it.

    If none of them was made since it was filed, nothing more is to be corrected; somebody who did
    not grade has to say so, with the reason. Whoever filed it does not settle it.
    """

    permission: ClassVar[Permission] = SETTLE
    apart_from: ClassVar[tuple[Apart, ...]] = (FILED,)

    objection: Id
    corrections: Corrections
    settled_on: date
    reason: Reason

    def consults(self, state: Review) -> Iterable[str]:
        """Its round, and the reviews that were corrected."""
        own = (f"review:{state.round}.{each.community}" for each in self.corrections)
        return (state.round_stream, *(stream for stream in own if stream != state.stream))

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        its_round = state.round_of(context)
        its_round.require_phase("published")
        objection = state.objection(self.objection)
        if objection.became != "upheld":
            raise Refused("objection.nothing-to-settle", **objection.keys)
        its_round.require_come(self.settled_on, context, since=objection.last_on)
        corrected_on = [
            self._require_correction(each, state, its_round, context) for each in self.corrections
        ]
        named = zip(self.corrections, corrected_on, strict=True)
        if any(_follows(each, day, objection, state) for each, day in named):
            state.require_not_own(context)
        else:  # nothing followed from it, which nobody who graded may state
            TOOK_PART.require(self, state, context, self.permission)
            state.require_not_own(context)
        by = context.by.actor.person
        return [ObjectionSettled(**state.keys, **vars(self), settled_by=by)]

    def _require_correction(
        self, named: CorrectingEntry, state: Review, its_round: Round, context: DecisionContext
    ) -> date:
        """The day of a correction; Refused unless it is in force, made since the city graded, and
        named once."""
        if self.corrections.count(named) > 1:
            raise Refused(
                "objection.correction-named-twice",
                entry=named.version,
                community=named.community,
            )
        corrected = state
        if named.community != state.community:
            corrected = context.state(type(state), f"{state.round}.{named.community}")
        day = corrected.require_correction(named.version)
        if not its_round.graded_on <= day <= self.settled_on:
            raise Refused(
                "objection.correction-outside-days",
                entry=named.version,
                community=named.community,
                day=day,
                graded_on=its_round.graded_on,
                settled_on=self.settled_on,
            )
        return day


def _follows(
    named: CorrectingEntry, corrected_on: date, objection: Objection, state: Review
) -> bool:
    """Whether the correction was made after the objection was filed.

    Within one review the order of entries decides; for another review only a later day counts.
    """
    if named.community == state.community:
        return named.version > objection.version and corrected_on >= objection.filed_on
    return corrected_on > objection.filed_on


class WithdrawObjection(ReviewCommand, Command[Review]):
    """Withdraw an objection that is not decided yet. Only the person who filed it may."""

    permission: ClassVar[Permission] = OBJECT

    objection: Id
    withdrawn_on: date
    reason: Reason

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        its_round = state.round_of(context)
        its_round.require_phase("published")
        objection = state.objection(self.objection)
        objection.require_undecided()
        its_round.require_come(self.withdrawn_on, context, since=objection.last_on)
        person = context.by.actor.person
        if person != objection.filed_by:
            raise NotAuthorised(
                "objection.filed-by-another", **objection.keys, filed_by=objection.filed_by
            )
        return [ObjectionWithdrawn(**state.keys, **vars(self), withdrawn_by=person)]


class AnnulObjectionStep(ReviewCommand, Command[Review]):
    """Annul the newest step of an objection, recorded by mistake: its decision, settlement or
    withdrawal. Those who may decide it may do so; the objection is then as before."""

    permission: ClassVar[Permission] = DECIDE
    apart_from: ClassVar[tuple[Apart, ...]] = (TOOK_PART_BEFORE_STEP,)

    annuls: Version
    annulled_on: date
    reason: Reason

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        its_round = state.round_of(context)
        its_round.require_phase("published")
        objection, step = state.require_objection_step(self.annuls)
        if objection.steps[-1] != step:
            last = objection.steps[-1]
            raise Refused(
                "objection.newer-step",
                **objection.keys,
                entry=step.version,
                newer=last.version,
                became=BECAME[last.became],
            )
        its_round.require_come(self.annulled_on, context, since=objection.last_on)
        state.require_not_own(context)
        return [
            ObjectionStepAnnulled(
                **state.keys,
                **vars(self),
                objection=objection.id,
                became=step.became,
                annulled_by=context.by.actor.person,
            )
        ]
