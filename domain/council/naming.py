"""The names of a community's councils: one council of a kind has a name at a time.

A community may have several of a kind under different names, such as one for each compound.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from domain.council.events import CouncilReserved
from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key
from domain.kernel.text import comparable
from domain.kernel.timeline import DateSpan


@dataclass(frozen=True)
class Naming(Key):
    """The community, the kind and the name of a council."""

    community: str
    council_kind: str
    title: str

    def streams(self) -> Iterator[str]:
        """The stream of these three; spaces in the name do not matter."""
        key = (self.community, self.council_kind, comparable(self.title))
        yield f"reservation:{derive_id('council', *key)}"

    def reserved(self, id: str) -> Event:
        """The reservation of the name for this council."""
        return CouncilReserved(council=id, **asdict(self))

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal: another council has the name."""
        return Refused(
            "council.name-taken",
            community=self.community,
            title=self.title,
            council=id_of(stream),
            held=held,
        )
