"""Two read models for the tests of the engine: one sound, one that some names make fail."""

from collections import Counter
from typing import Any, NamedTuple, cast

from domain.community.events import CommunityRegistered, CommunityRenamed
from domain.kernel.event import Event
from projections.engine.page import Page
from projections.engine.projection import Projection
from projections.engine.row import row
from projections.engine.scope import Everyones
from projections.engine.seen import Seen


@row(key=("community",), scope=Everyones("a test"))
class TallyLine(NamedTuple):
    """How often a community was named."""

    community: str
    name: str
    namings: int


class Tally(Projection):
    """Counts namings, and what it was shown."""

    name = "tally"
    kinds = (TallyLine,)
    events = cast(tuple[type[Event], ...], (CommunityRegistered, CommunityRenamed))
    module_file = __file__

    def __init__(self) -> None:
        self.folded: Counter[int] = Counter()

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        self.folded[entry.position] += 1
        line = page.row(TallyLine, key)
        namings = line.namings + 1 if line else 1
        page.put(TallyLine(key, _name_in(entry), namings))


@row(key=("community",), scope=Everyones("a test"))
class TouchyLine(NamedTuple):
    """What a community was called last."""

    community: str
    name: str


class Touchy(Projection):
    """Fails on the names `keys`, `evolve` and `write`, in that method or when rows are written."""

    name = "touchy"
    kinds = (TouchyLine,)
    events = Tally.events
    module_file = __file__

    def keys(self, entry: Seen) -> tuple[str, ...]:
        if _name_in(entry) == "keys":
            raise LookupError("no key can be had")
        return tuple(super().keys(entry))

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        name = _name_in(entry)
        if name == "evolve":
            raise ValueError("that cannot be folded")
        broken: Any = None  # which the table does not take
        page.put(TouchyLine(key, broken if name == "write" else name))


def _name_in(entry: Seen) -> str:
    assert isinstance(entry.event, CommunityRegistered | CommunityRenamed)
    return entry.event.name
