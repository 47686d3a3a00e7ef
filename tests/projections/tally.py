"""Two read models for the tests of the engine: one sound, one that some names make fail."""

from collections import Counter
from typing import NamedTuple, cast

from domain.community.events import CommunityRegistered, CommunityRenamed
from domain.kernel.event import Event
from projections.engine.projection import Page, Projection
from record.store.entry import AnyEntry


class TallyLine(NamedTuple):
    """How often a community was named."""

    community: str
    name: str | None
    namings: int


class Tally(Projection):
    """Counts namings, and what it was shown."""

    name = "tally"
    kinds = (TallyLine,)
    events = cast(tuple[type[Event], ...], (CommunityRegistered, CommunityRenamed))
    module_file = __file__

    def __init__(self) -> None:
        self.folded: Counter[int] = Counter()

    def evolve(self, key: str, page: Page, entry: AnyEntry) -> Page:
        self.folded[entry.position] += 1
        lines = page.of(TallyLine)
        namings = lines[0].namings + 1 if lines else 1
        return page.having(TallyLine, [TallyLine(key, _name_in(entry), namings)])


class TouchyLine(NamedTuple):
    """What a community was called last."""

    community: str
    name: str | None


class Touchy(Projection):
    """Fails on the names `keys`, `evolve` and `write`, in that method or when rows are written."""

    name = "touchy"
    kinds = (TouchyLine,)
    events = Tally.events
    module_file = __file__.replace("tally", "touchy")

    def keys(self, entry: AnyEntry) -> tuple[str, ...]:
        if _name_in(entry) == "keys":
            raise LookupError("no key can be had")
        return tuple(super().keys(entry))

    def evolve(self, key: str, page: Page, entry: AnyEntry) -> Page:
        name = _name_in(entry)
        if name == "evolve":
            raise ValueError("that cannot be folded")
        return page.having(TouchyLine, [TouchyLine(key, None if name == "write" else name)])


def _name_in(entry: AnyEntry) -> str:
    assert isinstance(entry.event, CommunityRegistered | CommunityRenamed)
    return entry.event.name
