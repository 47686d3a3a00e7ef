"""The check-ins of one organisation, or one member, to one community: one at a time."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from domain.checkin.events import CheckInReserved
from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key
from domain.kernel.text import comparable
from domain.kernel.timeline import DateSpan


@dataclass(frozen=True)
class Participation(Key):
    """A participant in a community: a member by their id, an organisation by its unit."""

    community: str
    participant: Any
    unit_name: str
    unit_code: str | None
    person: str | None

    @classmethod
    def of(cls, stated: Any) -> Self:
        """The participant that a check-in, or the command for it, names."""
        return cls(
            stated.community,
            stated.participant,
            str(stated.unit_name),
            stated.unit_code,
            stated.person,
        )

    def streams(self) -> Iterator[str]:
        """The streams of the member; or of the unit's name and code."""
        if self.person:
            yield self._stream("person", self.person)
            return
        yield self._stream("name", comparable(self.unit_name))
        if self.unit_code:
            yield self._stream("code", self.unit_code)

    def same(self, other: Self) -> bool:
        """Whether it is the same member; or the same unit, by its code or else by its name."""
        if (self.community, self.person) != (other.community, other.person):
            return False
        if self.person:
            return True
        if self.unit_code and other.unit_code:
            return self.unit_code == other.unit_code
        return comparable(self.unit_name) == comparable(other.unit_name)

    def reserved(self, id: str) -> Event:
        """The reservation of the check-in for this participant."""
        return CheckInReserved(checkin=id, **asdict(self))

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal: this participant is already checked in."""
        return Refused(
            "check-in.already-present",
            participant=self.person or self.unit_name,
            community=self.community,
            checkin=id_of(stream),
            held=held,
        )

    def _stream(self, known_by: str, value: str) -> str:
        return f"reservation:{derive_id('checkin', self.community, known_by, value)}"
