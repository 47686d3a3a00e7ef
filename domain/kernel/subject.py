"""The base of every subject's state: an id, a version and a fold."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from domain.kernel.event import Event
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

__all__ = ["Subject", "changed"]

if TYPE_CHECKING:
    # For the type checker this is `dataclasses.replace`, so that it knows the fields.
    from dataclasses import replace as changed
else:

    def changed(state, /, **fields):
        """A copy of a frozen state with these fields changed; seven times as fast as `replace`."""
        copy = object.__new__(type(state))
        object.__setattr__(copy, "__dict__", state.__dict__ | fields)
        return copy


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The state of one stream, folded from its events. Version 0 is not on record.

    Inside `evolve`, `version` is already the version of the event that is being folded. No slots
    here or in a subclass: `changed` copies the instance's dictionary.
    """

    kind: ClassVar[str]
    # Whether there is only one, whose stream is named by its kind alone.
    single: ClassVar[bool] = False
    # What such a subject is called.
    what: ClassVar[Bilingual]

    id: str
    version: int = 0

    @property
    def stream(self) -> str:
        """The stream that this state was folded from."""
        return self.kind if self.single else f"{self.kind}:{self.id}"

    @property
    def called(self) -> Bilingual:
        """Its name in a refusal: what it is, with its title if it has one, else with its id."""
        if self.id == self.kind:
            return Bilingual(zh=self.what.zh, en=f"the {self.what.en}")
        if title := getattr(self, "title", ""):
            return Bilingual(zh=f"{self.what.zh}“{title}”", en=f"the {self.what.en} “{title}”")
        return Bilingual(zh=f"{self.what.zh}（编号 {self.id}）", en=f"the {self.what.en} {self.id}")

    def evolve(self, event: Any) -> Self:
        """The state after one more event of this subject."""
        raise NotImplementedError

    def fold(self, events: Iterable[Event]) -> Self:
        """The state after these further events, in order."""
        state = self
        for event in events:
            state = changed(state, version=state.version + 1).evolve(event)
        return state


def require_not_repeated(state: Subject, stated: Iterable[tuple[int, Any]], statement: Any) -> None:
    """Refused when the statement equals one in force; `stated` has those, each with its entry."""
    at = next((version for version, each in stated if each == statement), None)
    if at is not None:
        raise Refused("statement.repeated", subject=state.called, entry=at)
