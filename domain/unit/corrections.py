"""Corrections and annulments of entries about a unit.

Each names the entry and gives a reason. Nothing is overwritten. An end that was wrong is annulled
and recorded again.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.jurisdiction.state import Jurisdiction
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.credit_code import CreditCode, require_sound
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import JurisdictionId, Reason, Title, UnitId, Version
from domain.kernel.permission import Permission
from domain.kernel.reservation import ReservingCommand, reserved
from domain.unit.events import (
    UnitCodeCorrected,
    UnitEntryAnnulled,
    UnitKindCorrected,
    UnitKindSlug,
    UnitNameCorrected,
    UnitPlaceCorrected,
    UnitRegistrationCorrected,
)
from domain.unit.placing import (
    CODE,
    KIND,
    NAME,
    PLACE,
    RECORD,
    Place,
    PlacingCommand,
    require_no_circle,
)
from domain.unit.state import Unit


class CorrectUnitName(ReservingCommand, Command[Unit]):
    """Correct the name or the day that an entry states."""

    permission: ClassVar[Permission] = RECORD

    corrects: Version
    name: Title
    effective_from: date
    reason: Reason

    def consults(self, state: Unit) -> Iterable[str]:
        """The reservations of the right name."""
        return state.reservations(name=self.name)

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        was = state.correctable(state.names, self.corrects, NAME)
        state.require_correction(was, self.effective_from, self.name, NAME)
        corrected = UnitNameCorrected(**vars(self))
        return [corrected, *reserved(state.fold((corrected,)), context)]


class CorrectUnitCode(ReservingCommand, Command[Unit]):
    """Correct the unified social credit code or the day that an entry states."""

    permission: ClassVar[Permission] = RECORD

    corrects: Version
    credit_code: CreditCode | None
    effective_from: date
    reason: Reason

    def consults(self, state: Unit) -> Iterable[str]:
        """The reservations of the right code."""
        return state.reservations(code=self.credit_code)

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        was = state.correctable(state.codes, self.corrects, CODE)
        require_sound(self.credit_code)
        state.require_correction(was, self.effective_from, self.credit_code, CODE)
        corrected = UnitCodeCorrected(**vars(self))
        return [corrected, *reserved(state.fold((corrected,)), context)]


class CorrectUnitKind(Command[Unit]):
    """Correct the kind or the day that an entry states."""

    permission: ClassVar[Permission] = RECORD

    corrects: Version
    unit_kind: UnitKindSlug
    effective_from: date
    reason: Reason

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        was = state.correctable(state.kinds, self.corrects, KIND)
        context.policy.unit_kind(self.unit_kind)
        state.require_correction(was, self.effective_from, self.unit_kind, KIND)
        return [UnitKindCorrected(**vars(self))]


class CorrectUnitPlace(PlacingCommand, Command[Unit]):
    """Correct the jurisdiction or superior unit, or the day, that an entry states."""

    permission: ClassVar[Permission] = RECORD

    corrects: Version
    jurisdiction: JurisdictionId | None = None
    superior: UnitId | None = None
    effective_from: date
    reason: Reason

    def consults(self, state: Unit) -> Iterable[str]:
        """The right place, and the reservations of the name there."""
        place = Place.of(self)
        yield from place.streams()
        yield from state.reservations(place=place.stream)

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        was = state.correctable(state.places, self.corrects, PLACE)
        place = Place.of(self)
        place.require_existing_on(self.effective_from, context)
        state.require_correction(was, self.effective_from, place.stream, PLACE)
        corrected = UnitPlaceCorrected(**vars(self))
        after = state.fold((corrected,))
        require_no_circle(after, context)
        return [corrected, *reserved(after, context)]


class CorrectUnitRegistration(ReservingCommand, Command[Unit]):
    """Correct the day from which a unit exists."""

    permission: ClassVar[Permission] = RECORD

    corrects: Version
    effective_from: date
    reason: Reason

    def consults(self, state: Unit) -> Iterable[str]:
        """What it may belong to on that day, and its reservations."""
        yield from {each.value: None for each in state.places.changes if each.value}
        yield from state.reservations()

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_beginning_on(self.corrects, self.effective_from)
        corrected = UnitRegistrationCorrected(**vars(self))
        after = state.fold((corrected,))
        if place := after.places.on(self.effective_from):
            above = context.consulted[place]
            assert isinstance(above, Jurisdiction | Unit)
            above.require_existing_on(self.effective_from)
        return [corrected, *reserved(after, context)]


class AnnulUnitEntry(PlacingCommand, Command[Unit]):
    """Annul an entry of a unit: it is void from the start.

    Annul the registration of a unit that was registered by mistake.
    """

    permission: ClassVar[Permission] = RECORD

    annuls: Version
    reason: Reason

    def consults(self, state: Unit) -> Iterable[str]:
        """Its reservations."""
        return state.reservations()

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_annullable(self.annuls, state.timelines())
        annulled = UnitEntryAnnulled(**vars(self))
        after = state.fold((annulled,))
        after.require_sound_lifetime()
        require_no_circle(after, context)
        return [annulled, *reserved(after, context)]
