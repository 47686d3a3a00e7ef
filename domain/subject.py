"""What every subject's state has in common: an id, a version, and a fold."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The state of one stream, folded from its events; version 0 is not on record yet.

    Inside `evolve`, `version` is already the version of the event that is being folded.
    """

    kind: ClassVar[str]

    id: str
    version: int = 0

    @property
    def stream(self) -> str:
        """The stream that this state was folded from."""
        return self.kind if self.id == self.kind else f"{self.kind}:{self.id}"

    def evolve(self, event: Any) -> Self:
        """The state after one more event of this subject."""
        raise NotImplementedError

    def fold(self, events: Iterable[Event]) -> Self:
        """The state after these further events, in order."""
        state = self
        for event in events:
            state = replace(state, version=state.version + 1).evolve(event)
        return state
