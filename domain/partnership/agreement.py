"""The agreement of a partnership (共建协议, 三(五)1): signed, renewed, ended, with corrections."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.corrections import annulling, correcting
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import CommunityId, JurisdictionId, Reason, Title, UnitId, Version
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.reservation import ReservingCommand, reserved
from domain.kernel.step import Changes
from domain.kernel.text import Bilingual
from domain.partnership.events import (
    AgreementEnded,
    AgreementRenewed,
    AgreementSigned,
    PartnershipEntryAnnulled,
    PartnershipEntryCorrected,
)
from domain.partnership.pairing import Partners
from domain.partnership.state import Partnership

RECORD = Permission(
    "partnerships.may_record", doing=Bilingual(zh="记录共建事项", en="keep records of partnerships")
)


class SignAgreement(ReservingCommand, Command[Partnership]):
    """Record an agreement of a community or a subdistrict with a resident unit.

    There is one at a time with a unit: renew or end an agreement that is still in force.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = RECORD

    community: CommunityId | None = None
    subdistrict: JurisdictionId | None = None
    unit: UnitId
    title: Title
    aims: Reason | None = None
    signed_on: date
    effective_from: date
    effective_until: date | None = None

    def consults(self, state: Partnership) -> Iterable[str]:
        """The two partners, and their reservations."""
        yield from Partners.of(self).streams()
        if self.community:
            yield f"community:{self.community}"
        if self.subdistrict:
            yield f"jurisdiction:{self.subdistrict}"
        yield f"unit:{self.unit}"

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        if bool(self.community) == bool(self.subdistrict):
            raise Refused("agreement.not-of-one-place")
        signed = state.stating(AgreementSigned(**vars(self)), context)
        return [*signed, *reserved(state.fold(signed), context)]


class RenewAgreement(ReservingCommand, Command[Partnership]):
    """Renew the agreement, from its end or later."""

    permission: ClassVar[Permission] = RECORD

    signed_on: date
    effective_from: date
    effective_until: date | None = None

    def consults(self, state: Partnership) -> Iterable[str]:
        """Its partners, and their reservations."""
        yield from state.first_grounds()
        yield from state.reservations()

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        renewed = AgreementRenewed(community=state.community, **vars(self))
        stated = state.stating(renewed, context)
        return [*stated, *reserved(state.fold(stated), context)]


class EndAgreement(Command[Partnership]):
    """End the agreement early, from a day on."""

    permission: ClassVar[Permission] = RECORD

    effective_until: date
    reason: Reason

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        ended = AgreementEnded(community=state.community, **vars(self))
        return [*state.stating(ended, context)]


class CorrectPartnershipEntry(ReservingCommand, Command[Partnership]):
    """Correct what an entry states: the fields that were wrong, as they should have been."""

    permission: ClassVar[Permission] = RECORD

    corrects: Version
    changes: Changes
    reason: Reason

    def consults(self, state: Partnership) -> Iterable[str]:
        """Its partners, and their reservations, before and after the correction."""
        yield from state.grounds_at(self.corrects, self.changes)
        yield from state.reservations(self.corrects, self.changes)

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        event = PartnershipEntryCorrected(community=state.community, **vars(self))
        corrected = correcting(state, event, context)
        return [*corrected, *reserved(state.fold(corrected), context)]


class AnnulPartnershipEntry(ReservingCommand, Command[Partnership]):
    """Annul an entry: it is void from the start. What rests on it is annulled first."""

    permission: ClassVar[Permission] = RECORD

    annuls: Version
    reason: Reason

    def consults(self, state: Partnership) -> Iterable[str]:
        """The reservations of the partners."""
        return state.reservations()

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        event = PartnershipEntryAnnulled(community=state.community, **vars(self))
        annulled = annulling(state, event)
        return [*annulled, *reserved(state.fold(annulled), context)]
