"""The check-ins of one organisation, or one member, to one community: one at a time."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from domain.checkin.events import CheckInReserved
from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key
from domain.kernel.timeline import DateSpan


@dataclass(frozen=True)
class Participation(Key):
    """A participant in a community: a member, or an organisation by its unit."""

    community: str
    participant: Any
    unit: str
    person: str | None

    @classmethod
    def of(cls, stated: Any) -> Self:
        """The participant that a check-in, or the command for it, names."""
        return cls(
            stated.community,
            stated.participant,
            str(stated.unit),
            stated.person,
        )

    def streams(self) -> Iterator[str]:
        """The stream of the member, or of the unit."""
        yield f"reservation:{derive_id('checkin', self.community, self._who)}"

    def reserved(self, id: str) -> Event:
        """The reservation of the check-in for this participant."""
        return CheckInReserved(checkin=id, **asdict(self))

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal: this participant is already checked in."""
        return Refused(
            "check-in.already-present",
            participant=self._who,
            community=self.community,
            checkin=id_of(stream),
            held=held,
        )

    @property
    def _who(self) -> str:
        return f"person:{self.person}" if self.person else f"unit:{self.unit}"
