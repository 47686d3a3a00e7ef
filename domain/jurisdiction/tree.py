"""Establish, change, dissolve and restore jurisdictions.

Parents make up the organisation tree; codes are only labels.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.jurisdiction.administrative_unit import claims
from domain.jurisdiction.events import (
    JurisdictionDissolved,
    JurisdictionEstablished,
    JurisdictionMoved,
    JurisdictionRecoded,
    JurisdictionReconstituted,
    JurisdictionRenamed,
    JurisdictionRestored,
    SeatTownDesignated,
)
from domain.jurisdiction.levels import LEVELS, Level, UnitLevel, require_code, require_parent, tier
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import JurisdictionCode, JurisdictionId, Reason, Title
from domain.kernel.permission import KEEP_JURISDICTIONS, Permission
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual


class EstablishJurisdiction(Command[Jurisdiction]):
    """Put a district, county, park, subdistrict or town on record.

    The city is already on record since the founding.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    level: UnitLevel
    name: Title
    code: JurisdictionCode | None = None
    parent: JurisdictionId
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """The parent, and the code."""
        return (f"jurisdiction:{self.parent}", *state.code_streams(self.code))

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        require_code(self.level, self.code)
        require_under(state, self.level, self.parent, self.effective_from, context)
        established = JurisdictionEstablished(**vars(self))
        return [established, *claims(context, (state, state.fold([established])))]


class RenameJurisdiction(Command[Jurisdiction]):
    """Record that a jurisdiction has another name from a day on."""

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    name: Title
    effective_from: date
    reason: Reason | None = None

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        state.require_news(state.names, self.name, self.effective_from, NAME)
        return [JurisdictionRenamed(**vars(self))]


class RecodeJurisdiction(Command[Jurisdiction]):
    """Record that a jurisdiction has another statistical code, or none, from a day on."""

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    code: JurisdictionCode | None
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """All its codes, and the new one."""
        return state.code_streams(self.code)

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        require_code(state.level_on(self.effective_from), self.code)
        state.require_news(state.codes, self.code, self.effective_from, CODE)
        recoded = JurisdictionRecoded(**vars(self))
        return [recoded, *claims(context, (state, state.fold([recoded])))]


class MoveJurisdiction(Command[Jurisdiction]):
    """Record that a jurisdiction lies under another one from a day on."""

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    parent: JurisdictionId
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """The new parent."""
        return (f"jurisdiction:{self.parent}",)

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        level = state.level_on(self.effective_from)
        require_under(state, level, self.parent, self.effective_from, context)
        state.require_news(state.parents, self.parent, self.effective_from, PLACE)
        return [JurisdictionMoved(**vars(self))]


class ReconstituteJurisdiction(Command[Jurisdiction]):
    """Record that a unit changes its level within its tier: a county becomes a district, a town a
    subdistrict. Its communities stay where they are; name and code have their own commands."""

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    level: UnitLevel
    effective_from: date
    reason: Reason | None = None

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        if tier(self.level) != state.tier:
            raise Refused(
                "jurisdiction.other-tier",
                level=LEVELS[state.level_on(self.effective_from)],
                wanted=LEVELS[self.level],
            )
        state.require_news(state.levels, self.level, self.effective_from, LEVEL)
        return [JurisdictionReconstituted(**vars(self))]


class DissolveJurisdiction(Command[Jurisdiction]):
    """Record that a jurisdiction no longer exists from a day on."""

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    effective_from: date
    successor: JurisdictionId | None = None
    reason: Reason | None = None

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """All its codes, and the successor."""
        successor = (f"jurisdiction:{self.successor}",) if self.successor else ()
        return (*state.code_streams(), *successor)

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        if state.tier == 0:
            raise Refused("jurisdiction.city-dissolved")
        if self.successor == state.id:
            raise Refused("jurisdiction.own-successor", title=state.title)
        if self.successor:
            successor = state.other(context, self.successor)
            successor.require_existing_on(self.effective_from)
        dissolved = JurisdictionDissolved(**vars(self))
        after = state.fold([dissolved])
        after.require_sound_lifetime()
        return [dissolved, *claims(context, (state, after))]


class RestoreJurisdiction(Command[Jurisdiction]):
    """Record that a dissolved jurisdiction exists again from a day on.

    `code` is its code from then on, or null.
    """

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    effective_from: date
    code: JurisdictionCode | None
    reason: Reason | None = None

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """All its codes, and the new one."""
        return state.code_streams(self.code)

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_ended_on(self.effective_from)
        require_code(state.level_on(self.effective_from), self.code)
        events: list[Event] = [
            JurisdictionRestored(effective_from=self.effective_from, reason=self.reason)
        ]
        if state.codes.on(self.effective_from) != self.code:
            recoded = JurisdictionRecoded(code=self.code, effective_from=self.effective_from)
            events.append(recoded)
        after = state.fold(events)
        after.require_sound_lifetime()
        return [*events, *claims(context, (state, after))]


class DesignateSeatTown(Command[Jurisdiction]):
    """Record which town is the county government's seat (一, opening paragraph).

    Its communities are urban communities in the document's sense.
    """

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    town: JurisdictionId
    effective_from: date

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """The town."""
        return (f"jurisdiction:{self.town}",)

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        day = self.effective_from
        state.require_existing_on(day)
        if state.level_on(day) not in ("county", "county-city"):
            raise Refused(
                "jurisdiction.without-seat-town",
                title=state.title,
                level=LEVELS[state.level_on(day)],
            )
        town = state.other(context, self.town)
        town.require_existing_on(day)
        if town.level_on(day) != "town" or town.parents.on(day) != state.id:
            raise Refused("jurisdiction.not-its-town", town=town.title, county=state.title, day=day)
        state.require_news(state.seat_towns, self.town, day, SEAT)
        return [SeatTownDesignated(**vars(self))]


NAME = Bilingual(zh="名称", en="name")
CODE = Bilingual(zh="代码", en="code")
PLACE = Bilingual(zh="隶属关系", en="place in the tree")
LEVEL = Bilingual(zh="层级", en="level")
SEAT = Bilingual(zh="政府驻地镇", en="seat town")


def require_under(
    state: Jurisdiction, level: Level, parent: str, day: date, context: DecisionContext
) -> None:
    """Refused unless a unit of this level may lie under that parent on that day."""
    if level == "city":
        raise Refused("jurisdiction.city-under-another")
    above = state.other(context, parent)
    above.require_existing_on(day)
    require_parent(level, above.level_on(day))
