"""Register a unit; change its name, code, kind and place; merge or dissolve it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import ClassVar

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.credit_code import CreditCode, require_sound
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import JurisdictionId, Reason, Title, UnitId
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.reservation import ReservingCommand, reserved
from domain.unit.events import (
    UnitDissolved,
    UnitKindChanged,
    UnitKindSlug,
    UnitMerged,
    UnitPlaced,
    UnitRecoded,
    UnitRegistered,
    UnitRenamed,
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


class RegisterUnit(PlacingCommand, Command[Unit]):
    """Put an office or organisation on record, in a jurisdiction or under a superior unit.

    Two units in one place have different names; a unified social credit code belongs to one unit.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = RECORD

    name: Title
    unit_kind: UnitKindSlug
    jurisdiction: JurisdictionId | None = None
    superior: UnitId | None = None
    credit_code: CreditCode | None = None
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Unit) -> Iterable[str]:
        """The place, and the reservations of the code and of the name there."""
        place = Place.of(self)
        yield from place.streams()
        yield from state.reservations(code=self.credit_code, place=place.stream, name=self.name)

    def places(self, state: Unit) -> Iterable[str]:
        """Where it belongs."""
        return (f"unit:{self.superior}" if self.superior else f"jurisdiction:{self.jurisdiction}",)

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        context.policy.unit_kind(self.unit_kind)
        require_sound(self.credit_code)
        Place.of(self).require_existing_on(self.effective_from, context)
        registered = UnitRegistered(**vars(self))
        return [registered, *reserved(state.fold((registered,)), context)]


class RenameUnit(ReservingCommand, Command[Unit]):
    """Record that a unit has another name from a day on."""

    permission: ClassVar[Permission] = RECORD

    name: Title
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Unit) -> Iterable[str]:
        """The reservations of the new name."""
        return state.reservations(name=self.name)

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        state.require_news(state.names, self.name, self.effective_from, NAME)
        renamed = UnitRenamed(**vars(self))
        return [renamed, *reserved(state.fold((renamed,)), context)]


class RecodeUnit(ReservingCommand, Command[Unit]):
    """Record that a unit has another unified social credit code, or none, from a day on."""

    permission: ClassVar[Permission] = RECORD

    credit_code: CreditCode | None
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Unit) -> Iterable[str]:
        """The reservations of the new code."""
        return state.reservations(code=self.credit_code)

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        require_sound(self.credit_code)
        state.require_news(state.codes, self.credit_code, self.effective_from, CODE)
        recoded = UnitRecoded(**vars(self))
        return [recoded, *reserved(state.fold((recoded,)), context)]


class ChangeUnitKind(Command[Unit]):
    """Record that a unit is of another kind from a day on, as when an institution becomes a
    company."""

    permission: ClassVar[Permission] = RECORD

    unit_kind: UnitKindSlug
    effective_from: date
    reason: Reason | None = None

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        context.policy.unit_kind(self.unit_kind)
        state.require_news(state.kinds, self.unit_kind, self.effective_from, KIND)
        return [UnitKindChanged(**vars(self))]


class PlaceUnit(PlacingCommand, Command[Unit]):
    """Record that a unit belongs to another jurisdiction or superior unit from a day on."""

    permission: ClassVar[Permission] = RECORD

    jurisdiction: JurisdictionId | None = None
    superior: UnitId | None = None
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Unit) -> Iterable[str]:
        """The new place, and the reservations of the name there."""
        place = Place.of(self)
        yield from place.streams()
        yield from state.reservations(place=place.stream)

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        place = Place.of(self)
        place.require_existing_on(self.effective_from, context)
        state.require_news(state.places, place.stream, self.effective_from, PLACE)
        placed = UnitPlaced(**vars(self))
        after = state.fold((placed,))
        require_no_circle(after, context)
        return [placed, *reserved(after, context)]


class MergeUnit(Command[Unit]):
    """Record that a unit was merged into another one and no longer exists from a day on."""

    permission: ClassVar[Permission] = RECORD

    successor: UnitId
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Unit) -> Iterable[str]:
        """The successor."""
        return _successor(self.successor)

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        _require_end(state, self.successor, self.effective_from, context)
        merged = UnitMerged(**vars(self))
        state.fold((merged,)).require_sound_lifetime()
        return [merged]


class DissolveUnit(Command[Unit]):
    """Record that a unit no longer exists from a day on, with the one that takes over its work."""

    permission: ClassVar[Permission] = RECORD

    effective_from: date
    successor: UnitId | None = None
    reason: Reason | None = None

    def consults(self, state: Unit) -> Iterable[str]:
        """The successor, if any."""
        return _successor(self.successor)

    def decide(self, state: Unit, context: DecisionContext) -> list[Event | StreamEvent]:
        _require_end(state, self.successor, self.effective_from, context)
        dissolved = UnitDissolved(**vars(self))
        state.fold((dissolved,)).require_sound_lifetime()
        return [dissolved]


def _successor(id: str | None) -> Iterator[str]:
    if id:
        yield f"unit:{id}"


def _require_end(state: Unit, successor: str | None, day: date, context: DecisionContext) -> None:
    """Refused unless the unit exists on the day and may be succeeded by that one."""
    state.require_existing_on(day)
    if successor == state.id:
        raise Refused("unit.own-successor", title=state.title)
    if successor:
        context.state(Unit, successor).require_existing_on(day)
