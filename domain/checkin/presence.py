"""Checking in to a community and out of it (报到, 三(五)3), with corrections."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from domain.checkin.events import (
    CheckInEntryAnnulled,
    CheckInEntryCorrected,
    ParticipantCheckedIn,
    ParticipantCheckedOut,
    ParticipantKind,
)
from domain.checkin.state import CheckIn
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.corrections import annulling, correcting
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import CommunityId, PersonId, Reason, UnitId, Version
from domain.kernel.permission import Permission
from domain.kernel.reservation import ReservingCommand, reserved, streams_of
from domain.kernel.step import Changes
from domain.kernel.text import Bilingual
from domain.person.offices import offices_named

PARTICIPANTS: Mapping[str, Bilingual] = MappingProxyType(
    {
        "organisation": Bilingual(zh="单位党组织", en="Party organisation"),
        "member": Bilingual(zh="在职党员", en="Party member in office"),
    }
)


RECORD = Permission(
    "checkins.may_record", doing=Bilingual(zh="记录报到事项", en="keep records of check-ins")
)


class RecordCheckIn(ReservingCommand, Command[CheckIn]):
    """Record that a unit's Party organisation, or one of its members, checked in.

    A participant is checked in to a community once at a time, and checks out before the next time.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = RECORD

    community: CommunityId
    participant: ParticipantKind
    unit: UnitId
    person: PersonId | None = None
    checked_in_on: date

    def consults(self, state: CheckIn) -> Iterable[str]:
        """The community and the participant, and the reservations of their check-ins to it."""
        yield f"community:{self.community}"
        yield from offices_named(self)
        yield from streams_of(state.key_of(self))

    def decide(self, state: CheckIn, context: DecisionContext) -> list[Event | StreamEvent]:
        checked_in = state.stating(ParticipantCheckedIn(**vars(self)), context)
        return [*checked_in, *reserved(state.fold(checked_in), context)]


class RecordCheckOut(Command[CheckIn]):
    """Record that the participant no longer takes part."""

    permission: ClassVar[Permission] = RECORD

    checked_out_on: date
    reason: Reason

    def decide(self, state: CheckIn, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_present()
        event = ParticipantCheckedOut(community=state.community, **vars(self))
        return [*state.stating(event, context)]


class CorrectCheckInEntry(ReservingCommand, Command[CheckIn]):
    """Correct what an entry states: the fields that were wrong, as they should have been."""

    permission: ClassVar[Permission] = RECORD

    corrects: Version
    changes: Changes
    reason: Reason

    def consults(self, state: CheckIn) -> Iterable[str]:
        """What the entry rests on, and the reservations before and after the correction."""
        yield from state.grounds_at(self.corrects, self.changes)
        yield from state.reservations(self.corrects, self.changes)

    def decide(self, state: CheckIn, context: DecisionContext) -> list[Event | StreamEvent]:
        event = CheckInEntryCorrected(community=state.community, **vars(self))
        corrected = correcting(state, event, context)
        return [*corrected, *reserved(state.fold(corrected), context)]


class AnnulCheckInEntry(ReservingCommand, Command[CheckIn]):
    """Annul an entry: it is void from the start. What rests on it is annulled first."""

    permission: ClassVar[Permission] = RECORD

    annuls: Version
    reason: Reason

    def consults(self, state: CheckIn) -> Iterable[str]:
        """The reservations of the participant's check-ins."""
        return state.reservations()

    def decide(self, state: CheckIn, context: DecisionContext) -> list[Event | StreamEvent]:
        event = CheckInEntryAnnulled(community=state.community, **vars(self))
        annulled = annulling(state, event)
        return [*annulled, *reserved(state.fold(annulled), context)]
