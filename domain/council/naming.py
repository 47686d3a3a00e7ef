"""Which councils of a community bear one name: of a kind, one of that name stands at a time.

A community may have several of a kind, such as one for each of its compounds; their names differ.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from domain.council.events import CouncilReserved
from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key, plain
from domain.kernel.text import Bilingual


@dataclass(frozen=True)
class Naming(Key):
    """Which council, by its community, its kind and its name."""

    community: str
    council_kind: str
    title: str

    def streams(self) -> Iterator[str]:
        """The stream of the three, however the name is spaced."""
        key = (self.community, self.council_kind, plain(self.title))
        yield f"reservation:{derive_id('council', *key)}"

    def reserved(self, id: str) -> Event:
        """That the council bears the name."""
        return CouncilReserved(council=id, **asdict(self))

    def taken(self, stream: str, held: Bilingual) -> Refused:
        """That there is such a council already."""
        return Refused(
            f"community:{self.community} has {self.title} already, {stream}, {held.en}; go on with "
            "that one, dissolve it first, or choose another title.",
            f"community:{self.community} 已有“{self.title}”（编号 {id_of(stream)}），{held.zh}；"
            "请沿用该联席会议，或先予撤销设置，或另定名称。",
        )
