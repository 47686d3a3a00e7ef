"""Whether the record was founded, and for which city."""

from dataclasses import dataclass
from typing import ClassVar, Self, assert_never

from domain.founding.events import FoundingEvent, RecordFounded
from domain.kernel.subject import Subject, changed
from domain.kernel.text import Bilingual


@dataclass(frozen=True, kw_only=True)
class Founded(Subject):
    """The founding of the record."""

    kind: ClassVar[str] = "record"
    single: ClassVar[bool] = True
    what: ClassVar[Bilingual] = Bilingual(zh="本市的编年", en="record of this city")

    city: str = ""
    city_name: str = ""
    origin: str = ""
    simulation: bool = False

    def evolve(self, event: FoundingEvent) -> Self:
        """The state after the founding."""
        match event:
            case RecordFounded():
                return changed(
                    self,
                    city=event.city,
                    city_name=event.city_name,
                    origin=event.origin,
                    simulation=event.simulation,
                )
            case _:
                assert_never(event)
