"""Titles of households: star household, civilised family (星级文明户、文明家庭, 三(六)1)."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.honour.events import (
    Door,
    HonourEntryAnnulled,
    HonourEntryCorrected,
    HonourTitleSlug,
    HonourWithdrawn,
    HouseholdHonoured,
    Stars,
)
from domain.honour.state import AWARDED, Honour
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.corrections import annulling, correcting
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import CommunityId, Reason, Version
from domain.kernel.permission import Permission
from domain.kernel.reservation import ReservingCommand, reserved, streams_of
from domain.kernel.step import Changes
from domain.kernel.text import Bilingual

KEEP = Permission(
    "honours.may_award",
    "honours.boards[].may_post",
    doing=Bilingual(zh="更正或撤销该记录", en="correct or annul this entry"),
)
AWARD = Permission("honours.may_award", doing=Bilingual(zh="评选称号", en="award titles"))


class HonourHousehold(ReservingCommand, Command[Honour]):
    """Award a title of the policy to a household, identified by its door and by nobody's name.

    A household holds a title once at a time: correct or withdraw the earlier award first.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = AWARD

    community: CommunityId
    household: Door
    honour: HonourTitleSlug
    stars: Stars | None = None
    awarded_on: date
    held_until: date | None = None

    def consults(self, state: Honour) -> Iterable[str]:
        """The community, and the reservations of the title for the household."""
        yield f"community:{self.community}"
        yield from streams_of(state.key_of(self))

    def decide(self, state: Honour, context: DecisionContext) -> list[Event | StreamEvent]:
        honoured = state.stating(HouseholdHonoured(**vars(self)), context)
        return [*honoured, *reserved(state.fold(honoured), context)]


class WithdrawHonour(Command[Honour]):
    """Withdraw a title from a household before it ends."""

    permission: ClassVar[Permission] = AWARD

    withdrawn_on: date
    reason: Reason

    def decide(self, state: Honour, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(AWARDED, "", "awarded")
        return [*state.stating(HonourWithdrawn(community=state.community, **vars(self)), context)]


class CorrectHonourEntry(ReservingCommand, Command[Honour]):
    """Correct what an entry states: the fields that were wrong, as they should have been."""

    permission: ClassVar[Permission] = KEEP

    corrects: Version
    changes: Changes
    reason: Reason

    def consults(self, state: Honour) -> Iterable[str]:
        """What the entry rests on, and the reservations before and after the correction."""
        yield from state.grounds_at(self.corrects, self.changes)
        yield from state.reservations(self.corrects, self.changes)

    def roles(self, state: Honour, context: DecisionContext) -> Iterable[str]:
        """Those who may award titles, or post on its board."""
        return state.keepers(context)

    def decide(self, state: Honour, context: DecisionContext) -> list[Event | StreamEvent]:
        event = HonourEntryCorrected(community=state.community, **vars(self))
        corrected = correcting(state, event, context)
        return [*corrected, *reserved(state.fold(corrected), context)]


class AnnulHonourEntry(ReservingCommand, Command[Honour]):
    """Annul an entry: it is void from the start. What rests on it is annulled first."""

    permission: ClassVar[Permission] = KEEP

    annuls: Version
    reason: Reason

    def consults(self, state: Honour) -> Iterable[str]:
        """The reservations of the title for the household."""
        return state.reservations()

    def roles(self, state: Honour, context: DecisionContext) -> Iterable[str]:
        """Those who may award titles, or post on its board."""
        return state.keepers(context)

    def decide(self, state: Honour, context: DecisionContext) -> list[Event | StreamEvent]:
        event = HonourEntryAnnulled(community=state.community, **vars(self))
        annulled = annulling(state, event)
        return [*annulled, *reserved(state.fold(annulled), context)]
