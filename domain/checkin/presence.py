"""Checking in to a community and out of it (报到, 三(五)3); and corrections."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from domain.command import Command
from domain.credit_code import CreditCode
from domain.dossier import ANNULLED, CORRECTED, Annulment, Changes, Correction
from domain.event import Event, On
from domain.ids import CommunityId, Id, Names, Reason, Title, Version
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.reservation import KeepsOne, reserved, streams_of
from domain.words import Words

if TYPE_CHECKING:
    from domain.checkin.state import CheckIn

ParticipantKind = Annotated[Literal["organisation", "member"], Names("participant")]

PARTICIPANTS: Mapping[str, Words] = MappingProxyType(
    {
        "organisation": Words(zh="单位党组织", en="Party organisation"),
        "member": Words(zh="在职党员", en="Party member in office"),
    }
)
RECORD = Words(zh="记录报到事项", en="record what those who checked in do")


class ParticipantCheckedIn(Event):
    """A unit's Party organisation, or one member by their id as an official, checked in."""

    sentence = Words(
        zh="{checked_in_on}{unit_name}{participant}报到（党员：{person}）",
        en="{participant} of {unit_name} checked in on {checked_in_on} (member: {person})",
    )

    community: CommunityId
    participant: ParticipantKind
    unit_name: Title
    unit_code: CreditCode | None = None
    person: Id | None = None
    checked_in_on: date


class ParticipantCheckedOut(Event):
    """Whoever checked in takes part in the community no longer."""

    sentence = Words(
        zh="{checked_out_on}结束报到：{reason}", en="Checked out on {checked_out_on}: {reason}"
    )

    community: CommunityId
    checked_out_on: date
    reason: Reason


class CheckInEntryCorrected(Correction, Event):
    """An entry of this check-in stated something wrongly."""

    sentence = CORRECTED


class CheckInEntryAnnulled(Annulment, Event):
    """An entry of this check-in is void from the start."""

    sentence = ANNULLED


PresenceEvent = (
    ParticipantCheckedIn | ParticipantCheckedOut | CheckInEntryCorrected | CheckInEntryAnnulled
)


class RecordCheckIn(KeepsOne, Command["CheckIn"]):
    """Record that a unit's Party organisation, or a member by their id, checked in.

    To one community each is checked in once at a time: whoever is goes on, or checks out first.
    """

    begins: ClassVar[bool] = True

    community: CommunityId
    participant: ParticipantKind
    unit_name: Title
    unit_code: CreditCode | None = None
    person: Id | None = None
    checked_in_on: date

    def consults(self, state: "CheckIn") -> Iterable[str]:
        """The community, and the other check-ins of the participant to it."""
        yield f"community:{self.community}"
        yield from streams_of(state.key_of(self))

    def decide(self, state: "CheckIn", occasion: Occasion) -> list[Event | On]:
        """Checked in."""
        occasion.require_role(occasion.policy.checkins.may_record, RECORD)
        checked_in = state.stating(ParticipantCheckedIn(**vars(self)), occasion)
        return [*checked_in, *reserved(state.fold(checked_in), occasion)]


class RecordCheckOut(Command["CheckIn"]):
    """Record that whoever checked in takes part no longer."""

    checked_out_on: date
    reason: Reason

    def decide(self, state: "CheckIn", occasion: Occasion) -> list[Event | On]:
        """Checked out."""
        occasion.require_role(occasion.policy.checkins.may_record, RECORD)
        state.require_present()
        event = ParticipantCheckedOut(community=state.community, **vars(self))
        return [*state.stating(event, occasion)]


class CorrectCheckInEntry(KeepsOne, Command["CheckIn"]):
    """Correct what an entry states: the fields that were wrong, as they should have been."""

    corrects: Version
    changes: Changes
    reason: Reason

    def consults(self, state: "CheckIn") -> Iterable[str]:
        """What the entry rests on, and the check-ins of whom it names, named, or is to name."""
        yield from state.grounds_at(self.corrects)
        yield from state.reservations(self.corrects, self.changes)

    def decide(self, state: "CheckIn", occasion: Occasion) -> list[Event | On]:
        """Corrected."""
        occasion.require_role(occasion.policy.checkins.may_record, RECORD)
        event = CheckInEntryCorrected(community=state.community, **vars(self))
        corrected = state.correcting(event, occasion)
        return [*corrected, *reserved(state.fold(corrected), occasion)]


class AnnulCheckInEntry(KeepsOne, Command["CheckIn"]):
    """Annul an entry: it is void from the start. What rests on it is annulled first."""

    annuls: Version
    reason: Reason

    def consults(self, state: "CheckIn") -> Iterable[str]:
        """The other check-ins of the participant."""
        return state.reservations()

    def decide(self, state: "CheckIn", occasion: Occasion) -> list[Event | On]:
        """Annulled."""
        occasion.require_role(occasion.policy.checkins.may_record, RECORD)
        event = CheckInEntryAnnulled(community=state.community, **vars(self))
        annulled = state.annulling(event)
        return [*annulled, *reserved(state.fold(annulled), occasion)]


def require_member_named(event: ParticipantCheckedIn) -> None:
    """Refused unless a member, and only a member, is named by an id."""
    if (event.participant == "member") != (event.person is not None):
        raise Refused(
            "A member checks in under their id as an official, an organisation without one; "
            "give person for a member only.",
            "在职党员报到须填写其人员编号，单位党组织报到不填；请核对 person。",
        )
