"""The state of a jurisdiction: level, name, code and parent on any day. Decides nothing."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self, assert_never

from domain.jurisdiction.administrative_unit import AdministrativeUnit
from domain.jurisdiction.events import (
    JurisdictionCodeCorrected,
    JurisdictionDissolved,
    JurisdictionEntryAnnulled,
    JurisdictionEstablished,
    JurisdictionEstablishmentCorrected,
    JurisdictionEvent,
    JurisdictionMoved,
    JurisdictionNameCorrected,
    JurisdictionParentCorrected,
    JurisdictionRecoded,
    JurisdictionReconstituted,
    JurisdictionRenamed,
    JurisdictionRestored,
    SeatTownDesignated,
)
from domain.jurisdiction.levels import LEVELS, Level, tier
from domain.kernel.context import DecisionContext
from domain.kernel.refusal import Refused
from domain.kernel.subject import changed
from domain.kernel.text import Bilingual
from domain.kernel.timeline import EMPTY, Timeline


@dataclass(frozen=True, kw_only=True)
class Jurisdiction(AdministrativeUnit):
    """A unit of the organisation tree, with everything that was stated about it."""

    kind: ClassVar[str] = "jurisdiction"
    what: ClassVar[Bilingual] = Bilingual(zh="辖区", en="jurisdiction")
    DATED: ClassVar = ("levels", "names", "codes", "parents", "standing", "seat_towns")

    levels: Timeline[Level] = EMPTY
    parents: Timeline[str] = EMPTY
    seat_towns: Timeline[str] = EMPTY

    @property
    def tier(self) -> int:
        """Its distance from the city. It never changes."""
        return tier(self.level_on(date.max))

    def level_on(self, day: date) -> Level:
        """Its level on a day; before its first day, its first level."""
        level = self.levels.on_or_first(day)
        assert level is not None, "an establishment states a level"
        return level

    def has_urban_communities_on(self, day: date, above: "Jurisdiction") -> bool:
        """Whether its communities are urban ones in the document's sense (opening paragraph).

        Those of a subdistrict are, and those of a town that is the seat of the county `above` it.
        """
        level = self.level_on(day)
        return level == "subdistrict" or (level == "town" and above.seat_towns.on(day) == self.id)

    def other(self, context: DecisionContext, id: str) -> "Jurisdiction":
        """Another jurisdiction that the command has consulted; NotOnRecord if it does not exist."""
        other = context.state(Jurisdiction, id)
        other.require_on_record()
        return other

    def require_place_for_communities(self, day: date) -> None:
        """Refused unless communities may lie under it on that day."""
        self.require_existing_on(day)
        if self.tier != 2:
            raise Refused(
                "jurisdiction.not-for-communities",
                title=self.title,
                level=LEVELS[self.level_on(day)],
            )

    def lies_in(self, day: date) -> tuple[str, ...]:
        """The jurisdiction above it; empty for the city."""
        above = self.parents.on_or_first(day)
        return (f"jurisdiction:{above}",) if above else ()

    def evolve(self, event: JurisdictionEvent) -> Self:
        """The state after one more event of this jurisdiction."""
        at = self.version
        match event:
            case JurisdictionEstablished(effective_from=day):
                return changed(
                    self,
                    levels=self.levels.change(day, event.level, version=at),
                    names=self.names.change(day, event.name, version=at),
                    codes=self.codes.change(day, event.code, version=at),
                    parents=self.parents.change(day, event.parent, version=at),
                    standing=self.standing.change(day, "active", version=at),
                )
            case JurisdictionRenamed(effective_from=day):
                return changed(self, names=self.names.change(day, event.name, version=at))
            case JurisdictionRecoded(effective_from=day):
                return changed(self, codes=self.codes.change(day, event.code, version=at))
            case JurisdictionMoved(effective_from=day):
                return changed(self, parents=self.parents.change(day, event.parent, version=at))
            case JurisdictionReconstituted(effective_from=day):
                return changed(self, levels=self.levels.change(day, event.level, version=at))
            case JurisdictionDissolved(effective_from=day):
                return changed(self, standing=self.standing.change(day, "dissolved", version=at))
            case JurisdictionRestored(effective_from=day):
                return changed(self, standing=self.standing.change(day, "active", version=at))
            case SeatTownDesignated(effective_from=day):
                return changed(self, seat_towns=self.seat_towns.change(day, event.town, version=at))
            case JurisdictionNameCorrected(corrects=was, effective_from=day):
                return changed(self, names=self.names.correct(was, day, event.name, by=at))
            case JurisdictionCodeCorrected(corrects=was, effective_from=day):
                return changed(self, codes=self.codes.correct(was, day, event.code, by=at))
            case JurisdictionParentCorrected(corrects=was, effective_from=day):
                return changed(self, parents=self.parents.correct(was, day, event.parent, by=at))
            case JurisdictionEstablishmentCorrected(effective_from=day):
                return changed(self, **self.begun_from(day))
            case JurisdictionEntryAnnulled(annuls=was):
                return changed(self, **self.without(was))
            case _:
                assert_never(event)
