"""The state of an office or organisation on any day. It decides nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Self, assert_never

from domain.kernel.ids import kind_of
from domain.kernel.lifetime import Lifetime, SubjectWithLifetime
from domain.kernel.reservation import Held, Key
from domain.kernel.subject import changed
from domain.kernel.text import Bilingual
from domain.kernel.timeline import EMPTY, Timeline, spans_by_value
from domain.unit.events import (
    UnitCodeCorrected,
    UnitDissolved,
    UnitEntryAnnulled,
    UnitEvent,
    UnitKindChanged,
    UnitKindCorrected,
    UnitMerged,
    UnitNameCorrected,
    UnitPlaceCorrected,
    UnitPlaced,
    UnitRecoded,
    UnitRegistered,
    UnitRegistrationCorrected,
    UnitRenamed,
)
from domain.unit.keys import UnitCode, UnitName

ENDS: Mapping[Lifetime, Bilingual] = MappingProxyType(
    {
        "merged": Bilingual(zh="并入其他单位", en="merged into another"),
        "dissolved": Bilingual(zh="撤销设置", en="dissolved"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Unit(SubjectWithLifetime):
    """One office or organisation, with everything that was stated about it.

    `places` holds the streams of what it belongs to: `jurisdiction:<id>` or `unit:<id>`.
    """

    kind: ClassVar[str] = "unit"
    what: ClassVar[Bilingual] = Bilingual(zh="单位", en="unit")
    DATED: ClassVar = ("standing", "names", "kinds", "places", "codes", "successors")
    ENDS: ClassVar = ENDS

    kinds: Timeline[str] = EMPTY
    places: Timeline[str] = EMPTY
    codes: Timeline[str] = EMPTY
    successors: Timeline[str] = EMPTY

    def lies_in(self, day: date) -> tuple[str, ...]:
        """Its jurisdiction or superior unit."""
        place = self.places.on_or_first(day)
        return (place,) if place else ()

    def superior_on(self, day: date) -> str | None:
        """The stream of its superior unit on a day, if it has one."""
        place = self.places.on(day)
        return place if place and kind_of(place) == "unit" else None

    def superiors(self) -> Iterator[str]:
        """The streams of all superior units that it ever had."""
        places = dict.fromkeys(each.value for each in self.places.changes if each.value)
        return (place for place in places if kind_of(place) == "unit")

    def held(self) -> Iterable[Held]:
        """Its code, and its name in its place, with the days on which it exists and has them."""
        lives = self.standing.spans("active")
        for code, spans in spans_by_value(self.codes, lives).items():
            yield Held(UnitCode(code), spans)
        for place, days in spans_by_value(self.places, lives).items():
            for name, spans in spans_by_value(self.names, days).items():
                yield Held(UnitName(place, name), spans)

    def reservations(
        self, *, code: str | None = None, place: str | None = None, name: str | None = None
    ) -> Iterator[str]:
        """The streams of all keys that it ever had, and of those with these further values."""
        keys: list[Key] = [UnitCode(each) for each in _ever(self.codes, code)]
        names = _ever(self.names, name)
        keys += [UnitName(each, name) for each in _ever(self.places, place) for name in names]
        return (stream for key in keys for stream in key.streams())

    def evolve(self, event: UnitEvent) -> Self:
        """The state after one more event of this unit."""
        at = self.version
        match event:
            case UnitRegistered(effective_from=day):
                return changed(
                    self,
                    standing=self.standing.change(day, "active", version=at),
                    names=self.names.change(day, event.name, version=at),
                    kinds=self.kinds.change(day, event.unit_kind, version=at),
                    places=self.places.change(day, place_of(event), version=at),
                    codes=self.codes.change(day, event.credit_code, version=at),
                )
            case UnitRenamed(effective_from=day):
                return changed(self, names=self.names.change(day, event.name, version=at))
            case UnitRecoded(effective_from=day):
                return changed(self, codes=self.codes.change(day, event.credit_code, version=at))
            case UnitKindChanged(effective_from=day):
                return changed(self, kinds=self.kinds.change(day, event.unit_kind, version=at))
            case UnitPlaced(effective_from=day):
                return changed(self, places=self.places.change(day, place_of(event), version=at))
            case UnitMerged(effective_from=day):
                return self._ended(day, "merged", event.successor)
            case UnitDissolved(effective_from=day):
                return self._ended(day, "dissolved", event.successor)
            case UnitNameCorrected(corrects=was, effective_from=day):
                return changed(self, names=self.names.correct(was, day, event.name, by=at))
            case UnitCodeCorrected(corrects=was, effective_from=day):
                return changed(self, codes=self.codes.correct(was, day, event.credit_code, by=at))
            case UnitKindCorrected(corrects=was, effective_from=day):
                return changed(self, kinds=self.kinds.correct(was, day, event.unit_kind, by=at))
            case UnitPlaceCorrected(corrects=was, effective_from=day):
                return changed(self, places=self.places.correct(was, day, place_of(event), by=at))
            case UnitRegistrationCorrected(effective_from=day):
                return changed(self, **self.begun_from(day))
            case UnitEntryAnnulled(annuls=was):
                return changed(self, **self.without(was))
            case _:
                assert_never(event)

    def _ended(self, day: date, how: Lifetime, successor: str | None) -> Self:
        return changed(
            self,
            standing=self.standing.change(day, how, version=self.version),
            successors=self.successors.change(day, successor, version=self.version),
        )


def place_of(stated: UnitRegistered | UnitPlaced | UnitPlaceCorrected) -> str | None:
    """The stream of what an event says the unit belongs to."""
    if stated.superior:
        return f"unit:{stated.superior}"
    return f"jurisdiction:{stated.jurisdiction}" if stated.jurisdiction else None


def _ever(timeline: Timeline[str], more: str | None) -> list[str]:
    """All values that a timeline ever had, and one more."""
    return [each for each in dict.fromkeys([*(c.value for c in timeline.changes), more]) if each]
