"""Which councils of a community have one name: of a kind, only one of that name exists at a time.

A community may have several of a kind, such as one for each of its compounds; their names differ.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from domain.council.events import CouncilReserved
from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key, normalized
from domain.kernel.timeline import DateSpan


@dataclass(frozen=True)
class Naming(Key):
    """Which council, by its community, its kind and its name."""

    community: str
    council_kind: str
    title: str

    def streams(self) -> Iterator[str]:
        """The stream of the three, however the name is spaced."""
        key = (self.community, self.council_kind, normalized(self.title))
        yield f"reservation:{derive_id('council', *key)}"

    def reserved(self, id: str) -> Event:
        """That the council has the name."""
        return CouncilReserved(council=id, **asdict(self))

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """That there is such a council already."""
        return Refused(
            "council.name-taken",
            community=self.community,
            title=self.title,
            council=id_of(stream),
            held=held,
        )
