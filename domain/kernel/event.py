"""The shape of everything that can be recorded. A recorded class is for ever: see ADR-0002."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict

from domain.kernel.text import Bilingual

T = TypeVar("T")


class Event(BaseModel):
    """Something that happened, in the past tense.

    `sentence` tells it to a person: a format string over the event's fields, in both languages.
    `proposes` says that its days are only proposed, and do not hold by it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sentence: ClassVar[Bilingual]
    proposes: ClassVar[bool] = False

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        assert cls.__doc__, f"{cls.__name__} needs a docstring: it documents the record."


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """An event that a command records on another stream than its own."""

    stream: str
    event: Event


def chunks(values: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    """The values in order, as many at a time as fit into one entry."""
    return (tuple(values[begin : begin + size]) for begin in range(0, len(values), size))
