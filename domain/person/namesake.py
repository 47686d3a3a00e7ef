"""What distinguishes officials: a name in a unit, with a distinction if two have the same."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from domain.kernel.event import Event
from domain.kernel.ids import derive_id
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key
from domain.kernel.text import comparable
from domain.kernel.timeline import DateSpan
from domain.person.events import PersonNameReserved


@dataclass(frozen=True)
class NameInUnit(Key):
    """A name in a unit, while its bearer has a post there."""

    unit: str
    name: str
    distinction: str | None

    def streams(self) -> Iterator[str]:
        """The stream of these three; spaces do not matter."""
        key = (self.unit, comparable(self.name), comparable(self.distinction or ""))
        yield f"reservation:{derive_id('name-in-unit', *key)}"

    def reserved(self, id: str) -> Event:
        """The reservation of the name for this person."""
        return PersonNameReserved(person=id, **asdict(self))

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal: another person has the name."""
        return Refused(
            "person.namesake",
            name=self.name,
            distinction=self.distinction,
            unit=f"unit:{self.unit}",
            person=stream,
            held=held,
        )
